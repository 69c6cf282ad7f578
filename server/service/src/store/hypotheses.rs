//! The hypotheses that people add to the suspects.

use domain::Actor;
use domain::own_hypothesis::OwnHypothesis;
use sqlx::AnyConnection;

use super::along::write_along;
use super::row::row;
use super::{Along, Result, Store};

row! {
    struct Row {
        id: String,
        statement: String,
        author: String,
        at_ms: i64,
    }
}

impl Store {
    pub async fn insert_hypothesis(&self, investigation: &str, new: &OwnHypothesis, along: &[Along<'_>]) -> Result<()> {
        let mut transaction = self.writers.begin().await?;
        put_hypothesis(&mut transaction, investigation, new).await?;
        write_along(&mut transaction, along).await?;
        Ok(transaction.commit().await?)
    }

    /// Oldest first.
    pub async fn hypotheses(&self, investigation: &str) -> Result<Vec<OwnHypothesis>> {
        let rows = sqlx::query_as::<_, Row>(
            "select id, statement, author, at_ms from hypotheses where investigation = $1 order by id",
        )
        .bind(investigation)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                let author = Actor::try_from(row.author)?;
                Ok(OwnHypothesis { id: row.id, statement: row.statement, author, at_ms: row.at_ms })
            })
            .collect()
    }
}

pub(super) async fn put_hypothesis(
    connection: &mut AnyConnection,
    investigation: &str,
    new: &OwnHypothesis,
) -> Result<()> {
    sqlx::query("insert into hypotheses (id, investigation, statement, author, at_ms) values ($1, $2, $3, $4, $5)")
        .bind(&new.id)
        .bind(investigation)
        .bind(&new.statement)
        .bind(new.author.as_str())
        .bind(new.at_ms)
        .execute(connection)
        .await?;
    Ok(())
}
