//! Investigations and their pinned inputs.

use domain::Actor;
use domain::incident::Incident;
use domain::investigation::{InvestigationState, NewInvestigation};
use domain::snapshot::{Roles, SnapshotRole};
use domain::symptom::Symptom;
use sqlx::AnyConnection;

use super::along::write_along;
use super::models::ensure_model;
use super::row::row;
use super::{
    Along, KEPT_WITH_NULL_DOUBLES, Result, Store, StoredSnapshot, from_json, from_word, now_ms, to_json, to_word,
};

/// The investigation's own columns; its inputs, statuses, notes and events are asked for beside it.
#[derive(Debug, Clone)]
pub struct InvestigationRow {
    pub id: String,
    pub title: String,
    pub model: String,
    pub symptoms: Vec<Symptom>,
    pub state: InvestigationState,
    pub roles: Roles,
    pub threshold: Option<f64>,
    pub positive: Option<String>,
    pub verdict: Option<String>,
    pub owner: Actor,
    pub archived_at_ms: Option<i64>,
    pub incident: Incident,
    pub created_at_ms: i64,
    pub updated_at_ms: i64,
}

row! {
    pub(super) struct Row {
        id: String,
        title: String,
        model: String,
        symptoms: String,
        state: String,
        roles: String,
        threshold: Option<f64>,
        positive: Option<String>,
        verdict: Option<String>,
        owner: String,
        archived_at_ms: Option<i64>,
        incident: String,
        created_at_ms: i64,
        updated_at_ms: i64,
    }
}

impl Row {
    pub(super) fn into_investigation(self) -> Result<InvestigationRow> {
        Ok(InvestigationRow {
            id: self.id,
            title: self.title,
            model: self.model,
            symptoms: from_json("list of symptoms", &self.symptoms)?,
            state: from_word("investigation state", &self.state)?,
            roles: from_json("column roles", &self.roles)?,
            threshold: self.threshold,
            positive: self.positive,
            verdict: self.verdict,
            owner: Actor::try_from(self.owner)?,
            archived_at_ms: self.archived_at_ms,
            incident: from_json("incident", &self.incident)?,
            created_at_ms: self.created_at_ms,
            updated_at_ms: self.updated_at_ms,
        })
    }
}

row! {
    struct InputRow {
        role: String,
        snapshot: String,
    }
}

impl Store {
    pub async fn insert_investigation(&self, id: &str, new: &NewInvestigation, along: &[Along<'_>]) -> Result<()> {
        let mut transaction = self.writers.begin().await?;
        put_investigation(&mut transaction, id, new, now_ms()).await?;
        write_along(&mut transaction, along).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Puts other inputs, column roles and threshold in the place of those that are there.
    pub async fn replace_inputs(
        &self,
        id: &str,
        inputs: &[(SnapshotRole, String)],
        roles: &Roles,
        threshold: Option<f64>,
        along: &[Along<'_>],
    ) -> Result<()> {
        let mut transaction = self.writers.begin().await?;
        sqlx::query("update investigations set roles = $2, threshold = $3, updated_at_ms = $4 where id = $1")
            .persistent(KEPT_WITH_NULL_DOUBLES)
            .bind(id)
            .bind(to_json("column roles", roles)?)
            .bind(threshold)
            .bind(now_ms())
            .execute(&mut *transaction)
            .await?;
        sqlx::query("delete from investigation_inputs where investigation = $1")
            .bind(id)
            .execute(&mut *transaction)
            .await?;
        insert_inputs(&mut transaction, id, inputs).await?;
        write_along(&mut transaction, along).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Says which class is the positive one.
    pub async fn set_positive(&self, id: &str, positive: &str, along: &[Along<'_>]) -> Result<()> {
        let mut transaction = self.writers.begin().await?;
        sqlx::query("update investigations set positive = $2, updated_at_ms = $3 where id = $1")
            .bind(id)
            .bind(positive)
            .bind(now_ms())
            .execute(&mut *transaction)
            .await?;
        write_along(&mut transaction, along).await?;
        Ok(transaction.commit().await?)
    }

    /// How many times it was changed so far.
    pub async fn changes(&self, id: &str) -> Result<Option<i64>> {
        let changes = sqlx::query_scalar("select changes from investigations where id = $1").bind(id);
        Ok(changes.fetch_optional(&self.pool).await?)
    }

    pub async fn investigation(&self, id: &str) -> Result<Option<InvestigationRow>> {
        sqlx::query_as::<_, Row>("select * from investigations where id = $1")
            .bind(id)
            .fetch_optional(&self.pool)
            .await?
            .map(Row::into_investigation)
            .transpose()
    }

    /// The pinned inputs in their order.
    pub async fn inputs(&self, investigation: &str) -> Result<Vec<(SnapshotRole, StoredSnapshot)>> {
        let rows = sqlx::query_as::<_, InputRow>(
            "select role, snapshot from investigation_inputs where investigation = $1 order by position",
        )
        .bind(investigation)
        .fetch_all(&self.pool)
        .await?;
        let mut inputs = Vec::with_capacity(rows.len());
        for row in rows {
            // The foreign key keeps the snapshot from being absent.
            if let Some(stored) = self.snapshot(&row.snapshot).await? {
                inputs.push((from_word("snapshot role", &row.role)?, stored));
            }
        }
        Ok(inputs)
    }

    /// Gives it another title, model and symptoms.
    pub async fn set_about(
        &self,
        id: &str,
        title: &str,
        model: &str,
        symptoms: &[Symptom],
        along: &[Along<'_>],
    ) -> Result<()> {
        let mut transaction = self.writers.begin().await?;
        ensure_model(&mut transaction, model, &Actor::Anonymous, now_ms()).await?;
        sqlx::query("update investigations set title = $2, model = $3, symptoms = $4 where id = $1")
            .bind(id)
            .bind(title)
            .bind(model)
            .bind(keys(symptoms)?)
            .execute(&mut *transaction)
            .await?;
        write_along(&mut transaction, along).await?;
        Ok(transaction.commit().await?)
    }

    /// Puts it away at a moment, or brings it back.
    pub async fn set_archived(&self, id: &str, archived_at_ms: Option<i64>, along: &[Along<'_>]) -> Result<()> {
        let mut transaction = self.writers.begin().await?;
        sqlx::query("update investigations set archived_at_ms = $2 where id = $1")
            .bind(id)
            .bind(archived_at_ms)
            .execute(&mut *transaction)
            .await?;
        write_along(&mut transaction, along).await?;
        Ok(transaction.commit().await?)
    }

    /// Opens or closes an investigation; the closing words stay when it is opened again.
    pub async fn set_investigation_state(
        &self,
        id: &str,
        state: InvestigationState,
        verdict: Option<&str>,
        along: &[Along<'_>],
    ) -> Result<()> {
        let mut transaction = self.writers.begin().await?;
        sqlx::query(
            "update investigations set state = $2, verdict = coalesce($3, verdict), updated_at_ms = $4 where id = $1",
        )
        .bind(id)
        .bind(to_word("investigation state", &state)?)
        .bind(verdict)
        .bind(now_ms())
        .execute(&mut *transaction)
        .await?;
        write_along(&mut transaction, along).await?;
        Ok(transaction.commit().await?)
    }
}

fn keys(symptoms: &[Symptom]) -> Result<String> {
    to_json("list of symptoms", &symptoms.iter().map(Symptom::key).collect::<Vec<_>>())
}

pub(super) async fn put_investigation(
    connection: &mut AnyConnection,
    id: &str,
    new: &NewInvestigation,
    at_ms: i64,
) -> Result<()> {
    ensure_model(&mut *connection, &new.model, &new.author, at_ms).await?;
    sqlx::query(
        "insert into investigations (id, title, model, symptoms, state, roles, threshold, verdict, owner,
                                     created_at_ms, updated_at_ms)
         values ($1, $2, $3, $4, $5, $6, $7, null, $8, $9, $9)",
    )
    .persistent(KEPT_WITH_NULL_DOUBLES)
    .bind(id)
    .bind(&new.title)
    .bind(&new.model)
    .bind(keys(&new.symptoms)?)
    .bind(to_word("investigation state", &InvestigationState::Open)?)
    .bind(to_json("column roles", &new.roles)?)
    .bind(new.threshold)
    .bind(new.author.as_str())
    .bind(at_ms)
    .execute(&mut *connection)
    .await?;
    insert_inputs(connection, id, &new.inputs).await
}

async fn insert_inputs(connection: &mut AnyConnection, id: &str, inputs: &[(SnapshotRole, String)]) -> Result<()> {
    for (position, (role, snapshot)) in inputs.iter().enumerate() {
        sqlx::query(
            "insert into investigation_inputs (investigation, position, role, snapshot) values ($1, $2, $3, $4)",
        )
        .bind(id)
        .bind(position as i64)
        .bind(to_word("snapshot role", role)?)
        .bind(snapshot)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
