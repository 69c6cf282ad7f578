//! The hypotheses that people add to the suspects.

use domain::Actor;
use domain::own_hypothesis::OwnHypothesis;

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

row! {
    /// What somebody decided about a suspect in another investigation.
    pub struct DecidedElsewhere {
        pub investigation: String,
        pub statement: String,
        pub ruling: String,
    }
}

row! {
    /// Another investigation.
    pub struct Other {
        pub id: String,
        pub title: String,
        pub model: String,
        pub state: String,
        pub verdict: Option<String>,
        pub created_at_ms: i64,
    }
}

impl Store {
    /// What was decided about a suspect in other investigations, the last first.
    pub async fn decided_elsewhere(&self, investigation: &str, suspect: &str) -> Result<Vec<DecidedElsewhere>> {
        let rows = sqlx::query_as::<_, DecidedElsewhere>(
            "select investigation, statement, ruling from decisions
             where suspect = $1 and investigation <> $2 order by at_ms desc limit 50",
        )
        .bind(suspect)
        .bind(investigation);
        Ok(rows.fetch_all(&self.pool).await?)
    }

    /// The others of a model, the last changed first.
    pub async fn others_of_model(&self, investigation: &str, model: &str) -> Result<Vec<Other>> {
        let rows = sqlx::query_as::<_, Other>(
            "select id, title, model, state, verdict, created_at_ms from investigations
             where model = $1 and id <> $2 and archived_at_ms is null order by updated_at_ms desc limit 50",
        )
        .bind(model)
        .bind(investigation);
        Ok(rows.fetch_all(&self.pool).await?)
    }

    pub async fn other(&self, id: &str) -> Result<Option<Other>> {
        let row = sqlx::query_as::<_, Other>(
            "select id, title, model, state, verdict, created_at_ms from investigations where id = $1",
        )
        .bind(id);
        Ok(row.fetch_optional(&self.pool).await?)
    }

    pub async fn insert_hypothesis(&self, investigation: &str, new: &OwnHypothesis, along: &[Along<'_>]) -> Result<()> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query("insert into hypotheses (id, investigation, statement, author, at_ms) values ($1, $2, $3, $4, $5)")
            .bind(&new.id)
            .bind(investigation)
            .bind(&new.statement)
            .bind(new.author.as_str())
            .bind(new.at_ms)
            .execute(&mut *transaction)
            .await?;
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
