//! Fingerprints of test sets: only ever added to.

use std::collections::BTreeSet;

use domain::measurements::fingerprints::{KnownTest, RowFingerprints};

use super::row::row;
use super::{Result, Store, from_json, new_id, now_ms, to_json};

row! {
    /// Everything but the hashes, which are the bulk of it.
    struct Row {
        id: String,
        investigation: String,
        title: String,
        model: String,
        file: String,
        sha256: String,
        columns: String,
        row_count: i64,
        created_at_ms: i64,
    }
}

impl Store {
    /// Remembers a test set of an investigation; the one that is there already keeps its date.
    pub async fn insert_test_fingerprints(
        &self,
        investigation: &str,
        file: &str,
        sha256: &str,
        rows: &RowFingerprints,
    ) -> Result<()> {
        sqlx::query(
            "insert into test_fingerprints (id, investigation, file, sha256, columns, row_hashes, row_count, created_at_ms)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict (investigation, sha256, columns) do nothing",
        )
        .bind(new_id())
        .bind(investigation)
        .bind(file)
        .bind(sha256)
        .bind(to_json("list of columns", &rows.columns)?)
        .bind(to_json("list of row hashes", &rows.hashes)?)
        .bind(rows.rows as i64)
        .bind(now_ms())
        .execute(&self.writers)
        .await?;
        Ok(())
    }

    /// The test sets whose columns are all among these, the oldest first: those of a model, and those of models that everybody sees.
    /// What is found is named with its investigation and its file, so nothing of another model that is for its members only.
    pub async fn test_fingerprints(&self, model: &str, columns: &BTreeSet<String>) -> Result<Vec<KnownTest>> {
        let rows = sqlx::query_as::<_, Row>(
            "select f.id, f.investigation, i.title, i.model, f.file, f.sha256, f.columns, f.row_count, f.created_at_ms
             from test_fingerprints f join investigations i on i.id = f.investigation
             where i.model = $1 or not exists (select 1 from closed_models where closed_models.model = i.model)
             order by f.id",
        )
        .bind(model)
        .fetch_all(&self.pool)
        .await?;
        let mut known = Vec::new();
        for row in rows {
            let hashed: Vec<String> = from_json("list of columns", &row.columns)?;
            if !hashed.iter().all(|column| columns.contains(column)) {
                continue;
            }
            let hashes: String = sqlx::query_scalar("select row_hashes from test_fingerprints where id = $1")
                .bind(&row.id)
                .fetch_one(&self.pool)
                .await?;
            known.push(KnownTest {
                investigation: row.investigation,
                title: row.title,
                model: row.model,
                file: row.file,
                sha256: row.sha256,
                at_ms: row.created_at_ms,
                rows: RowFingerprints {
                    columns: hashed,
                    hashes: from_json("list of row hashes", &hashes)?,
                    rows: row.row_count as u64,
                },
            });
        }
        Ok(known)
    }
}
