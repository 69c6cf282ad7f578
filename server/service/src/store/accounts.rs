//! Accounts.

use domain::Actor;
use domain::account::{Account, Login, Role};
use identity::PasswordHash;

use super::along::write_along;
use super::audit::one_at_a_time;
use super::name_looks::take_looks;
use super::row::row;
use super::{Along, Result, Store, now_ms, to_word};

row! {
    struct Row {
        id: String,
        login: String,
        name: String,
        role: String,
        password: String,
        created_at_ms: i64,
        disabled_at_ms: Option<i64>,
    }
}

row! {
    struct Count {
        count: i64,
    }
}

impl Row {
    fn into_account(self) -> Result<Account> {
        Ok(Account {
            id: self.id,
            login: Login::try_from(self.login)?,
            name: Actor::try_from(self.name)?,
            role: role_of(&self.role)?,
            created_at_ms: self.created_at_ms,
            disabled_at_ms: self.disabled_at_ms,
        })
    }
}

pub(super) fn role_of(word: &str) -> Result<Role> {
    super::from_word("role", word)
}

/// By which right an account is made.
#[derive(Debug, Clone, Copy)]
pub enum MadeBy<'a> {
    /// The first one of all.
    SetUp,
    /// An invitation with this id, which is used up.
    Invitation(&'a str),
    /// Somebody whom another service vouches for.
    Elsewhere { issuer: &'a str, subject: &'a str },
}

impl Store {
    /// Whether it was made: not where there is one already for a set-up, where the invitation does not work any more, or where
    /// another account has got the names or one that looks like this one.
    pub async fn insert_account(
        &self,
        account: &Account,
        password: &PasswordHash,
        made_by: MadeBy<'_>,
        along: &[Along<'_>],
    ) -> Result<bool> {
        let mut transaction = self.writers.begin().await?;
        let may = match made_by {
            MadeBy::SetUp | MadeBy::Elsewhere { .. } => true,
            MadeBy::Invitation(id) => {
                let used = sqlx::query(
                    "update invitations set used_at_ms = $2
                     where id = $1 and used_at_ms is null and revoked_at_ms is null and expires_at_ms > $2",
                )
                .bind(id)
                .bind(now_ms())
                .execute(&mut *transaction)
                .await?;
                used.rows_affected() == 1
            }
        };
        if !may {
            return Ok(false);
        }
        let insert = match made_by {
            MadeBy::SetUp => {
                "insert into accounts (id, login, name, name_key, role, password, created_at_ms)
                 select $1, $2, $3, $4, $5, $6, $7 where not exists (select 1 from accounts)
                 on conflict do nothing"
            }
            // Two people may choose one name at once; a browser sends several requests at once, and each brings the newcomer.
            MadeBy::Invitation(_) | MadeBy::Elsewhere { .. } => {
                "insert into accounts (id, login, name, name_key, role, password, created_at_ms)
                 values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing"
            }
        };
        let made = sqlx::query(insert)
            .bind(&account.id)
            .bind(account.login.as_str())
            .bind(account.name.as_str())
            .bind(account.name.as_str().to_lowercase())
            .bind(to_word("role", &account.role)?)
            .bind(&password.0)
            .bind(account.created_at_ms)
            .execute(&mut *transaction)
            .await?;
        if made.rows_affected() == 0 || !take_looks(&mut transaction, &account.id, account.name.as_str()).await? {
            return Ok(false);
        }
        if let MadeBy::Elsewhere { issuer, subject } = made_by {
            let known = sqlx::query(
                "insert into identities (issuer, subject, account, at_ms) values ($1, $2, $3, $4) on conflict do nothing",
            )
            .bind(issuer)
            .bind(subject)
            .bind(&account.id)
            .bind(account.created_at_ms)
            .execute(&mut *transaction)
            .await?;
            if known.rows_affected() == 0 {
                return Ok(false);
            }
        }
        write_along(&mut transaction, along).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Who is called so by another service.
    pub async fn account_by_identity(&self, issuer: &str, subject: &str) -> Result<Option<Account>> {
        let row = sqlx::query_as::<_, Row>(
            "select accounts.* from accounts join identities on identities.account = accounts.id
             where identities.issuer = $1 and identities.subject = $2",
        )
        .bind(issuer)
        .bind(subject);
        row.fetch_optional(&self.pool).await?.map(Row::into_account).transpose()
    }

    /// Whether another service knows somebody by any name.
    pub async fn is_known_by(&self, issuer: &str, account: &str) -> Result<bool> {
        let row =
            sqlx::query_as::<_, Count>("select count(*) as count from identities where issuer = $1 and account = $2")
                .bind(issuer)
                .bind(account)
                .fetch_one(&self.pool)
                .await?;
        Ok(row.count > 0)
    }

    pub async fn count_accounts(&self) -> Result<i64> {
        let row = sqlx::query_as::<_, Count>("select count(*) as count from accounts").fetch_one(&self.pool).await?;
        Ok(row.count)
    }

    /// Whether somebody has this sign-in name, or a name for which this one could be taken.
    pub async fn is_taken(&self, login: &Login, name: &Actor) -> Result<bool> {
        let row = sqlx::query_as::<_, Count>("select count(*) as count from accounts where login = $1")
            .bind(login.as_str())
            .fetch_one(&self.pool)
            .await?;
        Ok(row.count > 0 || self.is_name_taken(name).await?)
    }

    /// In the order in which they were made.
    pub async fn accounts(&self) -> Result<Vec<Account>> {
        let rows = sqlx::query_as::<_, Row>("select * from accounts order by id").fetch_all(&self.pool).await?;
        rows.into_iter().map(Row::into_account).collect()
    }

    pub async fn account(&self, id: &str) -> Result<Option<Account>> {
        let row = sqlx::query_as::<_, Row>("select * from accounts where id = $1").bind(id);
        row.fetch_optional(&self.pool).await?.map(Row::into_account).transpose()
    }

    /// With the hash of its password.
    pub async fn account_of(&self, login: &Login) -> Result<Option<(Account, PasswordHash)>> {
        let row = sqlx::query_as::<_, Row>("select * from accounts where login = $1").bind(login.as_str());
        let Some(row) = row.fetch_optional(&self.pool).await? else { return Ok(None) };
        let password = PasswordHash(row.password.clone());
        Ok(Some((row.into_account()?, password)))
    }

    /// Gives a role, or fails where it would leave nobody who administers.
    pub async fn set_role(&self, id: &str, role: Role, along: &[Along<'_>]) -> Result<bool> {
        let role = to_word("role", &role)?;
        let set = sqlx::query(
            "update accounts set role = $2 where id = $1 and ($2 = 'admin' or exists (
                 select 1 from accounts others where others.id <> $1 and others.role = 'admin' and others.disabled_at_ms is null))",
        )
        .bind(id)
        .bind(role);
        let mut transaction = self.writers.begin().await?;
        one_at_a_time(&mut transaction).await?;
        let done = set.execute(&mut *transaction).await?.rows_affected() == 1;
        if done {
            write_along(&mut transaction, along).await?;
            transaction.commit().await?;
        }
        Ok(done)
    }

    /// Keeps somebody out and ends their sessions, or lets them in again (`None`). Fails where it would leave nobody who
    /// administers.
    pub async fn set_disabled(&self, id: &str, at_ms: Option<i64>, along: &[Along<'_>]) -> Result<bool> {
        let mut transaction = self.writers.begin().await?;
        one_at_a_time(&mut transaction).await?;
        let set = sqlx::query(
            "update accounts set disabled_at_ms = $2 where id = $1 and ($2 is null or exists (
                 select 1 from accounts others where others.id <> $1 and others.role = 'admin' and others.disabled_at_ms is null))",
        )
        .bind(id)
        .bind(at_ms)
        .execute(&mut *transaction)
        .await?;
        if set.rows_affected() == 0 {
            return Ok(false);
        }
        if let Some(at_ms) = at_ms {
            for ended in [
                "update sessions set ended_at_ms = $2 where account = $1 and ended_at_ms is null",
                "update tokens set revoked_at_ms = $2 where account = $1 and revoked_at_ms is null",
            ] {
                sqlx::query(ended).bind(id).bind(at_ms).execute(&mut *transaction).await?;
            }
        }
        write_along(&mut transaction, along).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Sets a password and ends all sessions but `session`.
    pub async fn set_password(
        &self,
        id: &str,
        password: &PasswordHash,
        session: &str,
        along: &[Along<'_>],
    ) -> Result<()> {
        let mut transaction = self.writers.begin().await?;
        sqlx::query("update accounts set password = $2 where id = $1")
            .bind(id)
            .bind(&password.0)
            .execute(&mut *transaction)
            .await?;
        sqlx::query("update sessions set ended_at_ms = $2 where account = $1 and id <> $3 and ended_at_ms is null")
            .bind(id)
            .bind(now_ms())
            .bind(session)
            .execute(&mut *transaction)
            .await?;
        write_along(&mut transaction, along).await?;
        Ok(transaction.commit().await?)
    }
}
