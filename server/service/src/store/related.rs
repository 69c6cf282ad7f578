//! What other investigations say.

use domain::decision::Ruling;
use domain::investigation::InvestigationState;
use domain::visitor::Sight;

use super::model_access::{model_seen_by, seeing, seen_by};
use super::row::row;
use super::{Result, Store, from_word};

row! {
    struct DecidedRow {
        investigation: String,
        statement: String,
        ruling: String,
    }
}

row! {
    struct OtherRow {
        id: String,
        title: String,
        model: String,
        state: String,
        verdict: Option<String>,
        created_at_ms: i64,
    }
}

/// What somebody decided about a suspect in another investigation.
#[derive(Debug, Clone)]
pub struct DecidedElsewhere {
    pub investigation: String,
    pub statement: String,
    pub ruling: Ruling,
}

/// Another investigation.
#[derive(Debug, Clone)]
pub struct Other {
    pub id: String,
    pub title: String,
    pub model: String,
    pub state: InvestigationState,
    pub verdict: Option<String>,
    pub created_at_ms: i64,
}

impl OtherRow {
    fn into_other(self) -> Result<Other> {
        let state = from_word("state of an investigation", &self.state)?;
        let OtherRow { id, title, model, verdict, created_at_ms, .. } = self;
        Ok(Other { id, title, model, state, verdict, created_at_ms })
    }
}

impl Store {
    /// What was decided about a suspect in other investigations, the last first.
    pub async fn decided_elsewhere(&self, investigation: &str, suspect: &str) -> Result<Vec<DecidedElsewhere>> {
        let rows = sqlx::query_as::<_, DecidedRow>(
            "select investigation, statement, ruling from decisions
             where suspect = $1 and investigation <> $2 order by at_ms desc limit 50",
        )
        .bind(suspect)
        .bind(investigation)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                let ruling = from_word("ruling", &row.ruling)?;
                Ok(DecidedElsewhere { investigation: row.investigation, statement: row.statement, ruling })
            })
            .collect()
    }

    /// The others of a model, the last changed first. Whoever sees one of them sees all.
    pub async fn others_of_model(&self, investigation: &str, model: &str) -> Result<Vec<Other>> {
        let rows = sqlx::query_as::<_, OtherRow>(
            "select id, title, model, state, verdict, created_at_ms from investigations
             where model = $1 and id <> $2 and archived_at_ms is null order by updated_at_ms desc limit 50",
        )
        .bind(model)
        .bind(investigation)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(OtherRow::into_other).collect()
    }

    /// An investigation, if somebody sees it.
    pub async fn other(&self, id: &str, sight: &Sight) -> Result<Option<Other>> {
        let row = sqlx::query_as::<_, OtherRow>(concat!(
            "select id, title, model, state, verdict, created_at_ms from investigations where id = $1 and ",
            seen_by!("$2")
        ))
        .bind(id)
        .bind(seeing(sight));
        row.fetch_optional(&self.pool).await?.map(OtherRow::into_other).transpose()
    }
}
