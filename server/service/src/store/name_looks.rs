//! What the names of accounts look like: a name takes its looks when the account is made, and nobody else gets them.

use domain::Actor;
use identity::looks;
use sqlx::AnyConnection;

use super::row::row;
use super::{Result, Store};

row! {
    struct Count {
        count: i64,
    }
}

impl Store {
    /// Whether somebody has this name in whatever case, or one that looks like it.
    pub async fn is_name_taken(&self, name: &Actor) -> Result<bool> {
        let row = sqlx::query_as::<_, Count>("select count(*) as count from accounts where name_key = $1")
            .bind(name.as_str().to_lowercase())
            .fetch_one(&self.pool)
            .await?;
        if row.count > 0 {
            return Ok(true);
        }
        for look in looks(name.as_str()) {
            let row = sqlx::query_as::<_, Count>("select count(*) as count from name_looks where look_sha256 = $1")
                .bind(look)
                .fetch_one(&self.pool)
                .await?;
            if row.count > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Gives the accounts of an earlier version the looks of their names. Of two that look alike already, the older one has them.
    pub(super) async fn take_looks_of_old_names(&self) -> Result<()> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "select id, name from accounts
             where not exists (select 1 from name_looks where name_looks.account = accounts.id) order by id",
        )
        .fetch_all(&self.pool)
        .await?;
        if rows.is_empty() {
            return Ok(());
        }
        let mut transaction = self.writers.begin().await?;
        for (account, name) in rows {
            take_looks(&mut transaction, &account, &name).await?;
        }
        Ok(transaction.commit().await?)
    }
}

/// Gives an account the looks of its name. Whether nobody else had one of them: two people may choose such names at once.
pub(super) async fn take_looks(connection: &mut AnyConnection, account: &str, name: &str) -> Result<bool> {
    let mut are_free = true;
    for look in looks(name) {
        let taken = sqlx::query("insert into name_looks (look_sha256, account) values ($1, $2) on conflict do nothing")
            .bind(look)
            .bind(account)
            .execute(&mut *connection)
            .await?;
        are_free &= taken.rows_affected() == 1;
    }
    Ok(are_free)
}
