//! What people say about the incident around an investigation, and what remains to be done.

use domain::Actor;
use domain::incident::{FollowUp, Incident};
use sqlx::AnyConnection;

use super::along::write_along;
use super::row::row;
use super::{Along, Result, Store, to_json};

row! {
    struct Row {
        id: String,
        task: String,
        owner: String,
        due: Option<String>,
        done_at_ms: Option<i64>,
        author: String,
        at_ms: i64,
    }
}

impl Row {
    fn into_follow_up(self) -> Result<FollowUp> {
        Ok(FollowUp {
            id: self.id,
            task: self.task,
            owner: Actor::try_from(self.owner)?,
            due: self.due,
            done_at_ms: self.done_at_ms,
            author: Actor::try_from(self.author)?,
            at_ms: self.at_ms,
        })
    }
}

impl Store {
    pub async fn set_incident(&self, investigation: &str, incident: &Incident, along: &[Along<'_>]) -> Result<()> {
        let mut transaction = self.writers.begin().await?;
        sqlx::query("update investigations set incident = $2 where id = $1")
            .bind(investigation)
            .bind(to_json("incident", incident)?)
            .execute(&mut *transaction)
            .await?;
        write_along(&mut transaction, along).await?;
        Ok(transaction.commit().await?)
    }

    pub async fn insert_follow_up(&self, investigation: &str, new: &FollowUp, along: &[Along<'_>]) -> Result<()> {
        let mut transaction = self.writers.begin().await?;
        put_follow_up(&mut transaction, investigation, new).await?;
        write_along(&mut transaction, along).await?;
        Ok(transaction.commit().await?)
    }

    /// Says when it was done, or that it is not.
    pub async fn set_done(
        &self,
        investigation: &str,
        id: &str,
        done_at_ms: Option<i64>,
        along: &[Along<'_>],
    ) -> Result<()> {
        let mut transaction = self.writers.begin().await?;
        sqlx::query("update follow_ups set done_at_ms = $3 where investigation = $1 and id = $2")
            .bind(investigation)
            .bind(id)
            .bind(done_at_ms)
            .execute(&mut *transaction)
            .await?;
        write_along(&mut transaction, along).await?;
        Ok(transaction.commit().await?)
    }

    /// Oldest first.
    pub async fn follow_ups(&self, investigation: &str) -> Result<Vec<FollowUp>> {
        let rows = sqlx::query_as::<_, Row>(
            "select id, task, owner, due, done_at_ms, author, at_ms from follow_ups where investigation = $1 order by id",
        )
        .bind(investigation)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(Row::into_follow_up).collect()
    }
}

pub(super) async fn put_follow_up(connection: &mut AnyConnection, investigation: &str, new: &FollowUp) -> Result<()> {
    sqlx::query(
        "insert into follow_ups (id, investigation, task, owner, due, done_at_ms, author, at_ms)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&new.id)
    .bind(investigation)
    .bind(&new.task)
    .bind(new.owner.as_str())
    .bind(&new.due)
    .bind(new.done_at_ms)
    .bind(new.author.as_str())
    .bind(new.at_ms)
    .execute(connection)
    .await?;
    Ok(())
}
