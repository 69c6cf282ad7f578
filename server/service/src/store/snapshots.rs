//! Snapshots: never changed once inserted.

use domain::snapshot::Snapshot;
use domain::visitor::Sight;

use super::along::write_along;
use super::model_access::{model_seen_by, seeing, seen_by, snapshot_seen_by};
use super::row::row;
use super::{Along, Result, Store, from_json, from_word, to_json, to_word};
use measure::ingest::ReadOptions;

/// A snapshot beside what is needed to read its bytes again.
#[derive(Debug, Clone)]
pub struct StoredSnapshot {
    pub snapshot: Snapshot,
    pub options: ReadOptions,
}

row! {
    struct Row {
        id: String,
        name: String,
        sha256: String,
        size_bytes: i64,
        row_count: i64,
        columns: String,
        origin: String,
        format: String,
        notes: String,
        guessed_role: String,
        read_options: String,
        created_at_ms: i64,
    }
}

impl Row {
    fn into_stored(self) -> Result<StoredSnapshot> {
        let snapshot = Snapshot {
            id: self.id,
            name: self.name,
            sha256: self.sha256,
            size_bytes: self.size_bytes as u64,
            rows: self.row_count as u64,
            columns: from_json("list of columns", &self.columns)?,
            origin: self.origin,
            format: self.format,
            notes: from_json("list of read notes", &self.notes)?,
            guessed_role: from_word("snapshot role", &self.guessed_role)?,
            created_at_ms: self.created_at_ms,
        };
        Ok(StoredSnapshot { snapshot, options: from_json("read options", &self.read_options)? })
    }
}

impl Store {
    /// Inserts a snapshot, or gives back the one that is already there: same bytes, name, origin and way of reading.
    /// What is given along is written only with a new one.
    pub async fn insert_snapshot(&self, stored: &StoredSnapshot, along: &[Along<'_>]) -> Result<StoredSnapshot> {
        let snapshot = &stored.snapshot;
        let options = to_json("read options", &stored.options)?;
        let mut transaction = self.writers.begin().await?;
        let inserted = sqlx::query(
            "insert into snapshots (id, name, sha256, size_bytes, row_count, columns, origin, format, notes,
                                    guessed_role, read_options, created_at_ms)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
             on conflict (sha256, name, origin, read_options) do nothing",
        )
        .bind(&snapshot.id)
        .bind(&snapshot.name)
        .bind(&snapshot.sha256)
        .bind(snapshot.size_bytes as i64)
        .bind(snapshot.rows as i64)
        .bind(to_json("list of columns", &snapshot.columns)?)
        .bind(&snapshot.origin)
        .bind(&snapshot.format)
        .bind(to_json("list of read notes", &snapshot.notes)?)
        .bind(to_word("snapshot role", &snapshot.guessed_role)?)
        .bind(&options)
        .bind(snapshot.created_at_ms)
        .execute(&mut *transaction)
        .await?;
        if inserted.rows_affected() == 1 {
            write_along(&mut transaction, along).await?;
        }
        transaction.commit().await?;
        sqlx::query_as::<_, Row>(
            "select * from snapshots where sha256 = $1 and name = $2 and origin = $3 and read_options = $4",
        )
        .bind(&snapshot.sha256)
        .bind(&snapshot.name)
        .bind(&snapshot.origin)
        .bind(&options)
        .fetch_one(&self.pool)
        .await?
        .into_stored()
    }

    pub async fn snapshot(&self, id: &str) -> Result<Option<StoredSnapshot>> {
        sqlx::query_as::<_, Row>("select * from snapshots where id = $1")
            .bind(id)
            .fetch_optional(&self.pool)
            .await?
            .map(Row::into_stored)
            .transpose()
    }

    /// The newest snapshots that somebody sees, newest first.
    pub async fn snapshots(&self, limit: i64, sight: &Sight) -> Result<Vec<StoredSnapshot>> {
        let select = concat!("select * from snapshots where ", snapshot_seen_by!("$1"), "order by id desc limit $2");
        let rows = sqlx::query_as::<_, Row>(select).bind(seeing(sight)).bind(limit).fetch_all(&self.pool).await?;
        rows.into_iter().map(Row::into_stored).collect()
    }

    /// The hashes of all blobs that a snapshot names.
    pub async fn named_blobs(&self) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar("select distinct sha256 from snapshots").fetch_all(&self.pool).await?)
    }

    pub async fn is_blob_named(&self, sha256: &str) -> Result<bool> {
        let found: Option<String> = sqlx::query_scalar("select id from snapshots where sha256 = $1 limit 1")
            .bind(sha256)
            .fetch_optional(&self.pool)
            .await?;
        Ok(found.is_some())
    }
}
