//! Which diagnoses there are; their JSON is in files.

use std::collections::BTreeSet;

use domain::investigation::DiagnosisSummary;

use super::events::count_change;
use super::row::row;
use super::{Result, Store, from_json, now_ms, to_json};

#[derive(Debug, Clone, PartialEq)]
pub struct StoredDiagnosis {
    pub id: String,
    pub investigation: String,
    pub summary: DiagnosisSummary,
    pub created_at_ms: i64,
}

row! {
    struct Row {
        id: String,
        investigation: String,
        summary: String,
        created_at_ms: i64,
    }
}

impl Row {
    fn into_stored(self) -> Result<StoredDiagnosis> {
        Ok(StoredDiagnosis {
            id: self.id,
            investigation: self.investigation,
            summary: from_json("diagnosis summary", &self.summary)?,
            created_at_ms: self.created_at_ms,
        })
    }
}

impl Store {
    pub async fn insert_diagnosis(&self, id: &str, investigation: &str, summary: &DiagnosisSummary) -> Result<()> {
        let mut transaction = self.writers.begin().await?;
        let now = now_ms();
        sqlx::query(
            "insert into diagnoses (id, investigation, summary, created_at_ms, seq)
             values ($1, $2, $3, $4, (select coalesce(max(seq), 0) + 1 from diagnoses where investigation = $2))",
        )
        .bind(id)
        .bind(investigation)
        .bind(to_json("diagnosis summary", summary)?)
        .bind(now)
        .execute(&mut *transaction)
        .await?;
        count_change(&mut transaction, investigation, now).await?;
        Ok(transaction.commit().await?)
    }

    /// The ids of all diagnoses: of investigations, and of windows.
    pub async fn diagnosis_ids(&self) -> Result<BTreeSet<String>> {
        let ids: Vec<String> = sqlx::query_scalar(
            "select id from diagnoses union select diagnosis from arrivals where diagnosis is not null",
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(ids.into_iter().collect())
    }

    pub async fn latest_diagnosis(&self, investigation: &str) -> Result<Option<StoredDiagnosis>> {
        sqlx::query_as::<_, Row>("select * from diagnoses where investigation = $1 order by seq desc, id desc limit 1")
            .bind(investigation)
            .fetch_optional(&self.pool)
            .await?
            .map(Row::into_stored)
            .transpose()
    }
}
