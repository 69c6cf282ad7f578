//! Share links: found by the hash of their secret, which itself is never stored.

use domain::investigation::{Investigation, ShareLink};
use identity::PasswordHash;

use super::along::write_along;
use super::row::row;
use super::{Along, Result, Store, from_json, from_word, now_ms, to_json, to_word};

/// A link beside what it shows.
#[derive(Debug, Clone)]
pub struct StoredShareLink {
    pub link: ShareLink,
    pub diagnosis: String,
    pub frozen: Investigation,
    /// Of its password, where it has one.
    pub password: Option<PasswordHash>,
}

row! {
    struct Row {
        id: String,
        investigation: String,
        diagnosis: String,
        frozen: String,
        created_at_ms: i64,
        expires_at_ms: Option<i64>,
        revoked_at_ms: Option<i64>,
        shows: String,
        password: Option<String>,
        opened: i64,
        opened_at_ms: Option<i64>,
        preview: String,
    }
}

impl Row {
    fn into_link(self) -> Result<ShareLink> {
        Ok(ShareLink {
            id: self.id,
            investigation: self.investigation,
            created_at_ms: self.created_at_ms,
            expires_at_ms: self.expires_at_ms,
            revoked_at_ms: self.revoked_at_ms,
            shows: from_word("what a link shows", &self.shows)?,
            preview: from_word("what a chat shows of a link", &self.preview)?,
            has_password: self.password.is_some(),
            opened: self.opened,
            opened_at_ms: self.opened_at_ms,
        })
    }
}

impl Store {
    pub async fn insert_share_link(
        &self,
        stored: &StoredShareLink,
        secret_sha256: &str,
        along: &[Along<'_>],
    ) -> Result<()> {
        let mut transaction = self.writers.begin().await?;
        sqlx::query(
            "insert into share_links (id, investigation, secret_sha256, diagnosis, frozen, created_at_ms, expires_at_ms,
                                      shows, password, preview)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(&stored.link.id)
        .bind(&stored.link.investigation)
        .bind(secret_sha256)
        .bind(&stored.diagnosis)
        .bind(to_json("frozen investigation", &stored.frozen)?)
        .bind(stored.link.created_at_ms)
        .bind(stored.link.expires_at_ms)
        .bind(to_word("what a link shows", &stored.link.shows)?)
        .bind(stored.password.as_ref().map(|hash| hash.0.clone()))
        .bind(to_word("what a chat shows of a link", &stored.link.preview)?)
        .execute(&mut *transaction)
        .await?;
        write_along(&mut transaction, along).await?;
        Ok(transaction.commit().await?)
    }

    /// The link whose secret has this hash. How long the look-up takes tells only about the hash, from which the
    /// secret can't be worked out.
    pub async fn share_link_by_hash(&self, secret_sha256: &str) -> Result<Option<StoredShareLink>> {
        let row = sqlx::query_as::<_, Row>("select * from share_links where secret_sha256 = $1")
            .bind(secret_sha256)
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let frozen = from_json("frozen investigation", &row.frozen)?;
        let password = row.password.clone().map(PasswordHash);
        Ok(Some(StoredShareLink { diagnosis: row.diagnosis.clone(), frozen, password, link: row.into_link()? }))
    }

    /// Counts that it was opened.
    pub async fn count_opening(&self, id: &str) {
        self.note_use("update share_links set opened = opened + 1, opened_at_ms = $2 where id = $1", id).await;
    }

    pub async fn share_link(&self, id: &str) -> Result<Option<ShareLink>> {
        let row = sqlx::query_as::<_, Row>("select * from share_links where id = $1")
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        row.map(Row::into_link).transpose()
    }

    /// Newest first, the revoked and expired ones among them.
    pub async fn share_links(&self, investigation: &str) -> Result<Vec<ShareLink>> {
        let rows = sqlx::query_as::<_, Row>("select * from share_links where investigation = $1 order by id desc")
            .bind(investigation)
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter().map(Row::into_link).collect()
    }

    /// Ends a link; the first time counts.
    pub async fn revoke_share_link(&self, id: &str, along: &[Along<'_>]) -> Result<()> {
        let mut transaction = self.writers.begin().await?;
        sqlx::query("update share_links set revoked_at_ms = $2 where id = $1 and revoked_at_ms is null")
            .bind(id)
            .bind(now_ms())
            .execute(&mut *transaction)
            .await?;
        write_along(&mut transaction, along).await?;
        Ok(transaction.commit().await?)
    }
}
