//! Taking a person's name out of everything that they said and did.

use domain::account::Account;
use identity::PasswordHash;

use super::along::write_along;
use super::name_looks::take_looks;
use super::{Along, Result, Store, to_json};

/// Where a name stands alone: `$1` becomes `$2`.
const NAMED: [&str; 20] = [
    "update notes set author = $2 where author = $1",
    "update events set author = $2 where author = $1",
    "update item_statuses set author = $2 where author = $1",
    "update mutes set author = $2 where author = $1",
    "update decisions set author = $2 where author = $1",
    "update hypotheses set author = $2 where author = $1",
    "update evidence set author = $2 where author = $1",
    "update follow_ups set author = $2 where author = $1",
    "update follow_ups set owner = $2 where owner = $1",
    "update investigations set owner = $2 where owner = $1",
    "update invitations set author = $2 where author = $1",
    "update models set owner = $2 where owner = $1",
    "update models set created_by = $2 where created_by = $1",
    "update models set changed_by = $2 where changed_by = $1",
    "update model_references set author = $2 where author = $1",
    "update arrivals set author = $2 where author = $1",
    "update alert_rules set created_by = $2 where created_by = $1",
    "update alert_rules set silenced_by = $2 where silenced_by = $1",
    "update watches set created_by = $2 where created_by = $1",
    "update channels set created_by = $2 where created_by = $1",
];

/// Where it is a value in JSON, between quotes.
const IN_JSON: [&str; 3] = [
    "update events set fields = replace(fields, $1, $2)",
    "update investigations set incident = replace(incident, $1, $2)",
    "update share_links set frozen = replace(frozen, $1, $2)",
];

/// What shows who somebody is, and what is made from the rest.
const GONE: [&str; 5] = [
    "delete from sessions where account = $1",
    "delete from tokens where account = $1",
    "delete from identities where account = $1",
    "delete from members where account = $1",
    "delete from name_looks where account = $1",
];

impl Store {
    /// Puts `after` in the place of an account's name and sign-in name, everywhere but in the audit log and in what people wrote.
    /// Whether it was there and disabled.
    pub async fn erase_account(
        &self,
        before: &Account,
        after: &Account,
        password: &PasswordHash,
        along: &[Along<'_>],
    ) -> Result<bool> {
        let mut transaction = self.writers.begin().await?;
        let done = sqlx::query(
            "update accounts set name = $2, name_key = $3, login = $4, password = $5
             where id = $1 and disabled_at_ms is not null",
        )
        .bind(&before.id)
        .bind(after.name.as_str())
        .bind(after.name.as_str().to_lowercase())
        .bind(after.login.as_str())
        .bind(&password.0)
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        for gone in GONE {
            sqlx::query(gone).bind(&before.id).execute(&mut *transaction).await?;
        }
        take_looks(&mut transaction, &before.id, after.name.as_str()).await?;
        for named in NAMED {
            sqlx::query(named).bind(before.name.as_str()).bind(after.name.as_str()).execute(&mut *transaction).await?;
        }
        for named in IN_JSON {
            sqlx::query(named)
                .bind(to_json("name", &before.name)?)
                .bind(to_json("name", &after.name)?)
                .execute(&mut *transaction)
                .await?;
        }
        // What is searched is made anew.
        sqlx::query("delete from listings").execute(&mut *transaction).await?;
        sqlx::query("update investigations set changes = changes + 1").execute(&mut *transaction).await?;
        write_along(&mut transaction, along).await?;
        transaction.commit().await?;
        Ok(true)
    }
}
