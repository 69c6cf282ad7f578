//! Sessions and tokens: found by the hash of their secret, which itself is never stored.

use domain::account::{Account, Session, Token};

use super::along::write_along;
use super::row::row;
use super::{Along, Result, Store, from_word, now_ms, to_word};

/// How far apart two uses are written down: a page asks for many things at once.
const USE_STEP_MS: i64 = 60_000;

row! {
    struct SessionRow {
        id: String,
        account: String,
        agent: String,
        created_at_ms: i64,
        used_at_ms: i64,
    }
}

row! {
    struct TokenRow {
        id: String,
        account: String,
        name: String,
        scope: String,
        created_at_ms: i64,
        expires_at_ms: i64,
        used_at_ms: Option<i64>,
        revoked_at_ms: Option<i64>,
    }
}

impl SessionRow {
    fn into_session(self) -> Session {
        Session { id: self.id, agent: self.agent, created_at_ms: self.created_at_ms, used_at_ms: self.used_at_ms }
    }
}

impl TokenRow {
    fn into_token(self) -> Result<Token> {
        Ok(Token {
            id: self.id,
            name: self.name,
            scope: from_word("scope", &self.scope)?,
            created_at_ms: self.created_at_ms,
            expires_at_ms: self.expires_at_ms,
            used_at_ms: self.used_at_ms,
            revoked_at_ms: self.revoked_at_ms,
        })
    }
}

impl Store {
    pub async fn insert_session(
        &self,
        account: &Account,
        session: &Session,
        secret_sha256: &str,
        along: &[Along<'_>],
    ) -> Result<()> {
        let mut transaction = self.writers.begin().await?;
        sqlx::query(
            "insert into sessions (id, account, secret_sha256, agent, created_at_ms, used_at_ms)
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&session.id)
        .bind(&account.id)
        .bind(secret_sha256)
        .bind(&session.agent)
        .bind(session.created_at_ms)
        .bind(session.used_at_ms)
        .execute(&mut *transaction)
        .await?;
        write_along(&mut transaction, along).await?;
        Ok(transaction.commit().await?)
    }

    /// The session that has not ended, with its account, which may be disabled.
    pub async fn session_by_hash(&self, secret_sha256: &str) -> Result<Option<(Session, Account)>> {
        let row = sqlx::query_as::<_, SessionRow>(
            "select id, account, agent, created_at_ms, used_at_ms from sessions
             where secret_sha256 = $1 and ended_at_ms is null",
        )
        .bind(secret_sha256)
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let account = self.account(&row.account).await?;
        Ok(account.map(|account| (row.into_session(), account)))
    }

    /// Writes down that a session is in use, where the last time was a while ago.
    pub async fn use_session(&self, session: &Session) {
        if now_ms().saturating_sub(session.used_at_ms) >= USE_STEP_MS {
            self.note_use("update sessions set used_at_ms = $2 where id = $1", &session.id).await;
        }
    }

    /// Runs an `update` that notes the use of what has an id ($1) now ($2). Nobody's reading waits or fails for it: while the
    /// disk is full or the database is locked, it is left out.
    pub(super) async fn note_use(&self, update: &'static str, id: &str) {
        if let Err(error) = sqlx::query(update).bind(id).bind(now_ms()).execute(&self.side).await {
            tracing::info!(%error, "the use of a session, token or link was not noted");
        }
    }

    /// Those of an account that have not ended and were used since `since_ms`, the last used first.
    pub async fn sessions(&self, account: &str, since_ms: i64) -> Result<Vec<Session>> {
        let rows = sqlx::query_as::<_, SessionRow>(
            "select id, account, agent, created_at_ms, used_at_ms from sessions
             where account = $1 and ended_at_ms is null and used_at_ms > $2 order by used_at_ms desc limit 200",
        )
        .bind(account)
        .bind(since_ms)
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(SessionRow::into_session).collect())
    }

    /// Ends a session of this account. Whether there was one.
    pub async fn end_session(&self, account: &str, id: &str, along: &[Along<'_>]) -> Result<bool> {
        let update = "update sessions set ended_at_ms = $2 where id = $1 and ended_at_ms is null and account = $3";
        self.end_own(update, id, account, along).await
    }

    /// Whether it was made: not where the account has that many already.
    pub async fn insert_token(
        &self,
        account: &Account,
        token: &Token,
        secret_sha256: &str,
        most: i64,
        along: &[Along<'_>],
    ) -> Result<bool> {
        let mut transaction = self.writers.begin().await?;
        // Holds the account's row, so that its tokens are made one after the other: else each would count without the others.
        sqlx::query("update accounts set login = login where id = $1")
            .bind(&account.id)
            .execute(&mut *transaction)
            .await?;
        let made = sqlx::query(
            "insert into tokens (id, account, secret_sha256, name, scope, created_at_ms, expires_at_ms)
             select $1, $2, $3, $4, $5, $6, $7
             where (select count(*) from tokens where account = $2 and revoked_at_ms is null) < $8",
        )
        .bind(&token.id)
        .bind(&account.id)
        .bind(secret_sha256)
        .bind(&token.name)
        .bind(to_word("scope", &token.scope)?)
        .bind(token.created_at_ms)
        .bind(token.expires_at_ms)
        .bind(most)
        .execute(&mut *transaction)
        .await?;
        if made.rows_affected() == 0 {
            return Ok(false);
        }
        write_along(&mut transaction, along).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// The token that was not revoked, with its account, which may be disabled.
    pub async fn token_by_hash(&self, secret_sha256: &str) -> Result<Option<(Token, Account)>> {
        let token = self.token_at_any_time(secret_sha256).await?;
        Ok(token.filter(|(token, _)| token.revoked_at_ms.is_none()))
    }

    /// The same, also where it was revoked.
    pub async fn token_at_any_time(&self, secret_sha256: &str) -> Result<Option<(Token, Account)>> {
        let row = sqlx::query_as::<_, TokenRow>("select * from tokens where secret_sha256 = $1")
            .bind(secret_sha256)
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let Some(account) = self.account(&row.account).await? else { return Ok(None) };
        Ok(Some((row.into_token()?, account)))
    }

    /// Writes down that a token is in use, where the last time was a while ago.
    pub async fn use_token(&self, token: &Token) {
        if token.used_at_ms.is_none_or(|used| now_ms().saturating_sub(used) >= USE_STEP_MS) {
            self.note_use("update tokens set used_at_ms = $2 where id = $1", &token.id).await;
        }
    }

    /// All tokens of an account that were not revoked, newest first.
    pub async fn tokens(&self, account: &str) -> Result<Vec<Token>> {
        let rows = sqlx::query_as::<_, TokenRow>(
            "select * from tokens where account = $1 and revoked_at_ms is null order by id desc limit 200",
        )
        .bind(account)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(TokenRow::into_token).collect()
    }

    /// Ends a token of this account. Whether there was one.
    pub async fn revoke_token(&self, account: &str, id: &str, along: &[Along<'_>]) -> Result<bool> {
        let update = "update tokens set revoked_at_ms = $2 where id = $1 and revoked_at_ms is null and account = $3";
        self.end_own(update, id, account, along).await
    }
}
