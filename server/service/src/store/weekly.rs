//! What the weekly page shows: two queries, and no diagnosis.

use domain::model::week::Week;
use domain::model::weekly::{KnownModel, WeekWindow};
use domain::visitor::Sight;

use super::model_access::{model_seen_by, seeing};
use super::row::row;
use super::{Result, Store, from_json};

row! {
    struct KnownRow {
        name: String,
        owner: String,
        created_at_ms: i64,
        trains: i64,
        last_at_ms: Option<i64>,
    }
}

row! {
    struct WindowRow {
        model: String,
        at_ms: i64,
        judged: String,
    }
}

impl Store {
    /// The models that somebody sees, with the last window before the end of a week.
    pub async fn models_in(&self, week: Week, limit: i64, sight: &Sight) -> Result<Vec<KnownModel>> {
        let rows = sqlx::query_as::<_, KnownRow>(concat!(
            "select models.name, models.owner, models.created_at_ms,
                    (select count(*) from model_references
                     where model_references.model = models.name and model_references.role = 'train') as trains,
                    (select max(at_ms) from arrivals
                     where arrivals.model = models.name and arrivals.role = 'serve' and arrivals.at_ms < $2)
                        as last_at_ms
             from models where ",
            model_seen_by!("models.name", "$3"),
            "order by models.name limit $1"
        ))
        .bind(limit)
        .bind(week.end_ms())
        .bind(seeing(sight))
        .fetch_all(&self.pool)
        .await?;
        let known = |row: KnownRow| KnownModel {
            name: row.name,
            owner: row.owner,
            has_reference: row.trains > 0,
            created_at_ms: row.created_at_ms,
            last_at_ms: row.last_at_ms,
        };
        Ok(rows.into_iter().map(known).collect())
    }

    /// The windows of a week and of the one before that were judged and that somebody sees.
    pub async fn windows_around(&self, week: Week, sight: &Sight) -> Result<Vec<WeekWindow>> {
        let rows = sqlx::query_as::<_, WindowRow>(concat!(
            "select arrivals.model, arrivals.at_ms, arrivals.judged from arrivals
             where arrivals.role = 'serve' and arrivals.judged is not null
                   and arrivals.at_ms >= $1 and arrivals.at_ms < $2 and ",
            model_seen_by!("arrivals.model", "$3"),
            "order by arrivals.at_ms, arrivals.id"
        ))
        .bind(week.before().from_ms())
        .bind(week.end_ms())
        .bind(seeing(sight))
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                let window = from_json("judged window", &row.judged)?;
                Ok(WeekWindow { model: row.model, at_ms: row.at_ms, window })
            })
            .collect()
    }
}
