//! What the rules saw, and the messages that go with it.

use domain::alert::Alert;
use domain::visitor::Sight;
use sqlx::AnyConnection;

use super::deliveries::{NewDelivery, insert_delivery};
use super::model_access::{model_seen_by, seeing};
use super::row::row;
use super::{Result, Store, from_json, from_word, to_json, to_word};

row! {
    struct Row {
        id: String,
        rule: String,
        model: String,
        watched: String,
        severity: String,
        statement: String,
        arrival: Option<String>,
        first_at_ms: i64,
        last_at_ms: i64,
        windows: i64,
        is_raised: i64,
        fired_at_ms: i64,
        ended_at_ms: Option<i64>,
        is_silenced: i64,
        investigation: Option<String>,
    }
}

impl Row {
    fn into_alert(self) -> Result<Alert> {
        Ok(Alert {
            id: self.id,
            rule: self.rule,
            model: self.model,
            watched: from_json("alert rule", &self.watched)?,
            severity: from_word("severity", &self.severity)?,
            statement: self.statement,
            arrival: self.arrival,
            first_at_ms: self.first_at_ms,
            last_at_ms: self.last_at_ms,
            windows: self.windows as u32,
            is_raised: self.is_raised > 0,
            fired_at_ms: self.fired_at_ms,
            ended_at_ms: self.ended_at_ms,
            is_silenced: self.is_silenced > 0,
            investigation: self.investigation,
        })
    }
}

macro_rules! alerts {
    ($($end:tt)+) => {
        concat!(
            "select alerts.id, alerts.rule, alerts.model, alerts.watched, alerts.severity, alerts.statement, alerts.arrival,
                    alerts.first_at_ms, alerts.last_at_ms, alerts.windows, alerts.is_raised, alerts.fired_at_ms,
                    alerts.ended_at_ms, alerts.is_silenced, arrivals.investigation
             from alerts left join arrivals on arrivals.id = alerts.arrival ",
            $($end)+
        )
    };
}

/// An alert as it is now, with what makes it the same one when it is seen again.
#[derive(Debug, Clone)]
pub struct AlertNow {
    pub alert: Alert,
    /// Of a new one: the arrival in which it fired, or what stands for one.
    pub once: Option<String>,
}

impl Store {
    /// Keeps alerts and the messages about them together. One that is there already is brought up to date. `false`, with nothing
    /// kept, where a new one is there already or an old one is gone, with its rule: what was decided is no longer so.
    pub async fn keep_alerts(&self, alerts: &[AlertNow], deliveries: &[NewDelivery]) -> Result<bool> {
        if alerts.is_empty() && deliveries.is_empty() {
            return Ok(true);
        }
        let mut transaction = self.writers.begin().await?;
        for AlertNow { alert, once } in alerts {
            let is_kept = match once {
                Some(once) => insert_alert(&mut transaction, alert, once).await?,
                None => update_alert(&mut transaction, alert).await?,
            };
            if !is_kept {
                transaction.rollback().await?;
                return Ok(false);
            }
        }
        for delivery in deliveries {
            insert_delivery(&mut transaction, delivery).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// Those of a rule that last, or were seen since a time; the oldest first.
    pub async fn alerts_of_rule(&self, rule: &str, since_ms: i64) -> Result<Vec<Alert>> {
        let rows = sqlx::query_as::<_, Row>(alerts!(
            "where alerts.rule = $1 and (alerts.ended_at_ms is null or alerts.last_at_ms >= $2)
             order by alerts.first_at_ms, alerts.id"
        ));
        rows.bind(rule).bind(since_ms).fetch_all(&self.pool).await?.into_iter().map(Row::into_alert).collect()
    }

    /// Those of a model: what lasts first, then the latest.
    pub async fn alerts_of(&self, model: &str, limit: i64) -> Result<Vec<Alert>> {
        let rows = sqlx::query_as::<_, Row>(alerts!(
            "where alerts.model = $1
             order by case when alerts.ended_at_ms is null then 0 else 1 end, alerts.fired_at_ms desc, alerts.id desc limit $2"
        ));
        rows.bind(model).bind(limit).fetch_all(&self.pool).await?.into_iter().map(Row::into_alert).collect()
    }

    /// What lasts, in all models that somebody sees.
    pub async fn open_alerts(&self, limit: i64, sight: &Sight) -> Result<Vec<Alert>> {
        let rows = sqlx::query_as::<_, Row>(alerts!(concat!(
            "where alerts.ended_at_ms is null and ",
            model_seen_by!("alerts.model", "$2"),
            "order by alerts.fired_at_ms desc, alerts.id desc limit $1"
        )));
        let rows = rows.bind(limit).bind(seeing(sight)).fetch_all(&self.pool).await?;
        rows.into_iter().map(Row::into_alert).collect()
    }

    /// When the last served rows of a model came, by the clock; `None` where none did.
    pub async fn last_received_at(&self, model: &str) -> Result<Option<i64>> {
        let last = sqlx::query_scalar("select max(received_at_ms) from arrivals where model = $1 and role = 'serve'");
        Ok(last.bind(model).fetch_one(&self.pool).await?)
    }

    /// When served rows of a model came since a time, and the last before it; ascending.
    pub async fn received_since(&self, model: &str, since_ms: i64) -> Result<Vec<i64>> {
        let times = sqlx::query_scalar(
            "select received_at_ms from arrivals
             where model = $1 and role = 'serve'
                   and received_at_ms >= coalesce((select max(received_at_ms) from arrivals
                                                   where model = $1 and role = 'serve' and received_at_ms < $2), $2)
             order by received_at_ms",
        );
        Ok(times.bind(model).bind(since_ms).fetch_all(&self.pool).await?)
    }
}

/// `false` where it is there already, or its rule is gone.
async fn insert_alert(connection: &mut AnyConnection, alert: &Alert, once: &str) -> Result<bool> {
    let inserted = sqlx::query(
        "insert into alerts (id, rule, model, watched, severity, statement, arrival, once, first_at_ms, last_at_ms, windows,
                             is_raised, fired_at_ms, ended_at_ms, is_silenced)
         select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15
         where exists (select 1 from alert_rules where id = $2) on conflict (rule, once) do nothing",
    )
    .bind(&alert.id)
    .bind(&alert.rule)
    .bind(&alert.model)
    .bind(to_json("alert rule", &alert.watched)?)
    .bind(to_word("severity", &alert.severity)?)
    .bind(&alert.statement)
    .bind(&alert.arrival)
    .bind(once)
    .bind(alert.first_at_ms)
    .bind(alert.last_at_ms)
    .bind(i64::from(alert.windows))
    .bind(i64::from(alert.is_raised))
    .bind(alert.fired_at_ms)
    .bind(alert.ended_at_ms)
    .bind(i64::from(alert.is_silenced))
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() > 0)
}

/// `false` where there is none.
async fn update_alert(connection: &mut AnyConnection, alert: &Alert) -> Result<bool> {
    let updated = sqlx::query(
        "update alerts set severity = $2, last_at_ms = $3, windows = $4, is_raised = $5, ended_at_ms = $6, is_silenced = $7,
                           statement = $8
         where id = $1",
    )
    .bind(&alert.id)
    .bind(to_word("severity", &alert.severity)?)
    .bind(alert.last_at_ms)
    .bind(i64::from(alert.windows))
    .bind(i64::from(alert.is_raised))
    .bind(alert.ended_at_ms)
    .bind(i64::from(alert.is_silenced))
    .bind(&alert.statement)
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() > 0)
}
