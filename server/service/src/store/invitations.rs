//! Invitations: found by the hash of their secret, which itself is never stored.

use domain::Actor;
use domain::account::Invitation;

use super::accounts::role_of;
use super::along::write_along;
use super::row::row;
use super::{Along, Result, Store, now_ms, to_word};

row! {
    struct InvitationRow {
        id: String,
        role: String,
        author: String,
        created_at_ms: i64,
        expires_at_ms: i64,
        used_at_ms: Option<i64>,
        revoked_at_ms: Option<i64>,
    }
}

impl InvitationRow {
    fn into_invitation(self) -> Result<Invitation> {
        Ok(Invitation {
            id: self.id,
            role: role_of(&self.role)?,
            author: Actor::try_from(self.author)?,
            created_at_ms: self.created_at_ms,
            expires_at_ms: self.expires_at_ms,
            used_at_ms: self.used_at_ms,
            revoked_at_ms: self.revoked_at_ms,
        })
    }
}

impl Store {
    pub async fn insert_invitation(
        &self,
        invitation: &Invitation,
        secret_sha256: &str,
        along: &[Along<'_>],
    ) -> Result<()> {
        let mut transaction = self.writers.begin().await?;
        sqlx::query(
            "insert into invitations (id, secret_sha256, role, author, created_at_ms, expires_at_ms)
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&invitation.id)
        .bind(secret_sha256)
        .bind(to_word("role", &invitation.role)?)
        .bind(invitation.author.as_str())
        .bind(invitation.created_at_ms)
        .bind(invitation.expires_at_ms)
        .execute(&mut *transaction)
        .await?;
        write_along(&mut transaction, along).await?;
        Ok(transaction.commit().await?)
    }

    pub async fn invitation_by_hash(&self, secret_sha256: &str) -> Result<Option<Invitation>> {
        let row = sqlx::query_as::<_, InvitationRow>("select * from invitations where secret_sha256 = $1")
            .bind(secret_sha256)
            .fetch_optional(&self.pool)
            .await?;
        row.map(InvitationRow::into_invitation).transpose()
    }

    /// Those that still work, newest first.
    pub async fn open_invitations(&self) -> Result<Vec<Invitation>> {
        let rows = sqlx::query_as::<_, InvitationRow>(
            "select * from invitations where used_at_ms is null and revoked_at_ms is null and expires_at_ms > $1
             order by id desc limit 200",
        )
        .bind(now_ms())
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(InvitationRow::into_invitation).collect()
    }

    pub async fn revoke_invitation(&self, id: &str, along: &[Along<'_>]) -> Result<bool> {
        self.end_once("update invitations set revoked_at_ms = $2 where id = $1 and revoked_at_ms is null", id, along)
            .await
    }
}
