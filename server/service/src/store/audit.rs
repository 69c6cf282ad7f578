//! The audit log: lines are appended, each with the hash of itself and of the one before it. Nothing changes or removes one.

use domain::Actor;
use domain::audit::{AuditKind, AuditLine};
use sha2::{Digest, Sha256};
use sqlx::AnyConnection;

use super::row::row;
use super::{Result, Store, from_json, now_ms, to_json};
use crate::blobs::hex;

row! {
    struct Row {
        seq: i64,
        at_ms: i64,
        actor: String,
        source: String,
        what: String,
        chain_sha256: String,
    }
}

row! {
    struct Seq {
        seq: i64,
    }
}

row! {
    struct Chain {
        chain_sha256: String,
    }
}

/// Before the first line.
const NOTHING: &str = "";

impl Row {
    /// The hash of this line after that of the one before.
    fn chained(&self, before: &str) -> String {
        let Row { seq, at_ms, actor, source, what, .. } = self;
        // The fields are JSON, so that no two lines have the same text.
        let text = serde_json::json!([before, seq, at_ms, actor, source, what]).to_string();
        hex(&Sha256::digest(text.as_bytes()))
    }

    fn into_line(self) -> Result<AuditLine> {
        Ok(AuditLine {
            seq: self.seq,
            at_ms: self.at_ms,
            actor: Actor::try_from(self.actor)?,
            from: self.source,
            what: from_json("line of the audit log", &self.what)?,
        })
    }
}

/// Appends a line, within the transaction of what it is about.
pub(super) async fn append(connection: &mut AnyConnection, actor: &Actor, from: &str, what: &AuditKind) -> Result<()> {
    one_at_a_time(connection).await?;
    let (at_ms, text) = (now_ms(), to_json("line of the audit log", what)?);
    // The place is taken first: a transaction begins with a write.
    let Seq { seq } = sqlx::query_as::<_, Seq>(
        "insert into audit (seq, at_ms, actor, source, what, chain_sha256)
         values ((select coalesce(max(seq), 0) + 1 from audit), $1, $2, $3, $4, '') returning seq",
    )
    .bind(at_ms)
    .bind(actor.as_str())
    .bind(from)
    .bind(&text)
    .fetch_one(&mut *connection)
    .await?;
    let before = sqlx::query_as::<_, Chain>("select chain_sha256 from audit where seq = $1")
        .bind(seq - 1)
        .fetch_optional(&mut *connection)
        .await?;
    let row = Row {
        seq,
        at_ms,
        actor: actor.as_str().to_owned(),
        source: from.to_owned(),
        what: text,
        chain_sha256: String::new(),
    };
    sqlx::query("update audit set chain_sha256 = $2 where seq = $1")
        .bind(seq)
        .bind(row.chained(before.as_ref().map_or(NOTHING, |before| &before.chain_sha256)))
        .execute(connection)
        .await?;
    Ok(())
}

/// Holds others who write about people up until the transaction ends. SQLite has one writer in any case; PostgreSQL would let
/// two of them see the same last line, or the same other admin.
pub(super) async fn one_at_a_time(connection: &mut AnyConnection) -> Result<()> {
    /// Any number, the same for all.
    const PEOPLE: i64 = 7_240_511;
    if connection.backend_name() == "PostgreSQL" {
        sqlx::query("select pg_advisory_xact_lock($1)").bind(PEOPLE).execute(connection).await?;
    }
    Ok(())
}

impl Store {
    /// The lines before `before` (all for `None`), the newest first.
    pub async fn audit_lines(&self, before: Option<i64>, most: i64) -> Result<Vec<AuditLine>> {
        let rows = sqlx::query_as::<_, Row>("select * from audit where seq < $1 order by seq desc limit $2")
            .bind(before.unwrap_or(i64::MAX))
            .bind(most)
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter().map(Row::into_line).collect()
    }

    /// The first line that does not fit those before it: it was changed, or one before it taken out.
    pub async fn first_broken_audit_line(&self) -> Result<Option<i64>> {
        const AT_ONCE: i64 = 1_000;
        let (mut before, mut expected) = (NOTHING.to_owned(), 1);
        loop {
            let rows = sqlx::query_as::<_, Row>("select * from audit where seq >= $1 order by seq limit $2")
                .bind(expected)
                .bind(AT_ONCE)
                .fetch_all(&self.pool)
                .await?;
            if rows.is_empty() {
                return Ok(None);
            }
            for row in rows {
                if row.seq != expected || row.chained(&before) != row.chain_sha256 {
                    return Ok(Some(expected));
                }
                (before, expected) = (row.chain_sha256, expected + 1);
            }
        }
    }
}
