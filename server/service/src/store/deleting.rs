//! Taking things out of the database for good.

use super::along::write_along;
use super::row::row;
use super::{Along, Result, Store};

row! {
    /// An investigation that uses something.
    pub struct User {
        pub id: String,
        pub title: String,
    }
}

/// The moments before which something is too old; `None` keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooOld {
    pub archived_ms: Option<i64>,
    pub closed_ms: Option<i64>,
    pub unused_files_ms: Option<i64>,
}

/// What belongs to an investigation, in an order in which nothing refers to what is gone already.
const OF_INVESTIGATION: [&str; 16] = [
    "update arrivals set investigation = null where investigation = $1",
    "delete from listings where investigation = $1",
    "delete from share_links where investigation = $1",
    "delete from diagnoses where investigation = $1",
    "delete from test_fingerprints where investigation = $1",
    "delete from mutes where investigation = $1",
    "delete from decisions where investigation = $1",
    "delete from evidence where investigation = $1",
    "delete from hypotheses where investigation = $1",
    "delete from follow_ups where investigation = $1",
    "delete from item_statuses where investigation = $1",
    "delete from notes where investigation = $1",
    "delete from events where investigation = $1",
    "delete from investigation_inputs where investigation = $1",
    "delete from jobs where subject = $1",
    "delete from investigations where id = $1",
];

/// Whether nothing uses a row of `snapshots`.
macro_rules! unused {
    () => {
        "not exists (select 1 from investigation_inputs where investigation_inputs.snapshot = snapshots.id)
         and not exists (select 1 from arrivals where arrivals.snapshot = snapshots.id)
         and not exists (select 1 from model_references where model_references.snapshot = snapshots.id) "
    };
}

impl Store {
    /// The ids of all diagnoses of an investigation.
    pub async fn diagnoses_of(&self, investigation: &str) -> Result<Vec<String>> {
        let ids = sqlx::query_scalar("select id from diagnoses where investigation = $1").bind(investigation);
        Ok(ids.fetch_all(&self.pool).await?)
    }

    /// Removes an investigation and everything that belongs to it, except for its files.
    pub async fn delete_investigation(&self, id: &str, along: &[Along<'_>]) -> Result<()> {
        let mut transaction = self.writers.begin().await?;
        for delete in OF_INVESTIGATION {
            sqlx::query(delete).bind(id).execute(&mut *transaction).await?;
        }
        write_along(&mut transaction, along).await?;
        Ok(transaction.commit().await?)
    }

    /// The investigations that have a snapshot among their inputs, or had when a share link that may still work was made.
    pub async fn users_of(&self, snapshot: &str) -> Result<Vec<User>> {
        let users = sqlx::query_as::<_, User>(
            "select id, title from investigations where id in (
                 select investigation from investigation_inputs where snapshot = $1
                 union
                 select investigation from share_links where revoked_at_ms is null and frozen like $2)
             order by id",
        )
        .bind(snapshot)
        .bind(format!("%\"{snapshot}\"%"));
        Ok(users.fetch_all(&self.pool).await?)
    }

    /// The models that a snapshot arrived for, or whose reference it is.
    pub async fn models_with(&self, snapshot: &str) -> Result<Vec<String>> {
        let models = sqlx::query_scalar(
            "select model from arrivals where snapshot = $1
             union select model from model_references where snapshot = $1 order by model",
        );
        Ok(models.bind(snapshot).fetch_all(&self.pool).await?)
    }

    /// Investigations that are too old, the oldest first.
    pub async fn old_investigations(&self, too_old: &TooOld, most: i64) -> Result<Vec<String>> {
        let ids = sqlx::query_scalar(
            "select id from investigations
             where archived_at_ms < $1 or (state = 'closed' and updated_at_ms < $2) order by id limit $3",
        )
        .bind(too_old.archived_ms.unwrap_or(i64::MIN))
        .bind(too_old.closed_ms.unwrap_or(i64::MIN))
        .bind(most);
        Ok(ids.fetch_all(&self.pool).await?)
    }

    /// Snapshots that are too old and that neither an investigation nor a model uses, the oldest first.
    pub async fn old_unused_snapshots(&self, too_old: &TooOld, most: i64) -> Result<Vec<String>> {
        let ids = sqlx::query_scalar(concat!(
            "select id from snapshots where created_at_ms < $1 and ",
            unused!(),
            "order by id limit $2"
        ))
        .bind(too_old.unused_files_ms.unwrap_or(i64::MIN))
        .bind(most);
        Ok(ids.fetch_all(&self.pool).await?)
    }

    /// Removes a snapshot that nothing uses. Whether it was there and unused.
    pub async fn delete_snapshot(&self, id: &str, along: &[Along<'_>]) -> Result<bool> {
        let mut transaction = self.writers.begin().await?;
        for delete in ["delete from jobs where subject = $1", "delete from brought where snapshot = $1"] {
            sqlx::query(delete).bind(id).execute(&mut *transaction).await?;
        }
        let done = sqlx::query(concat!("delete from snapshots where id = $1 and ", unused!()))
            .bind(id)
            .execute(&mut *transaction)
            .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        write_along(&mut transaction, along).await?;
        transaction.commit().await?;
        Ok(true)
    }
}
