//! What people want to be told of.

use domain::Actor;
use domain::alert::{ModelRule, Silence};

use super::deliveries::insert_delivery;
use super::row::row;
use super::{NewDelivery, Result, Store, from_json, from_word, to_json, to_word};

row! {
    struct Row {
        id: String,
        model: String,
        watched: String,
        windows: i64,
        severity: String,
        raise_after: Option<i64>,
        silent_until_ms: Option<i64>,
        silent_reason: String,
        silenced_by: String,
        created_by: String,
        created_at_ms: i64,
    }
}

impl Row {
    fn into_rule(self) -> Result<ModelRule> {
        let silence = match self.silent_until_ms {
            Some(until_ms) => {
                Some(Silence { until_ms, reason: self.silent_reason, author: Actor::try_from(self.silenced_by)? })
            }
            None => None,
        };
        Ok(ModelRule {
            id: self.id,
            model: self.model,
            watched: from_json("alert rule", &self.watched)?,
            windows: self.windows as u32,
            severity: from_word("severity", &self.severity)?,
            raise_after: self.raise_after.map(|windows| windows as u32),
            silence,
            created_by: Actor::try_from(self.created_by)?,
            created_at_ms: self.created_at_ms,
        })
    }
}

impl Store {
    /// Unless the model has that many already.
    pub async fn insert_rule(&self, rule: &ModelRule, most: i64) -> Result<bool> {
        let done = sqlx::query(
            "insert into alert_rules (id, model, watched, windows, severity, raise_after, silent_until_ms, silent_reason,
                                      silenced_by, created_by, created_at_ms)
             select $1, $2, $3, $4, $5, $6, null, '', '', $7, $8
             where (select count(*) from alert_rules where model = $2) < $9",
        )
        .bind(&rule.id)
        .bind(&rule.model)
        .bind(to_json("alert rule", &rule.watched)?)
        .bind(i64::from(rule.windows))
        .bind(to_word("severity", &rule.severity)?)
        .bind(rule.raise_after.map(i64::from))
        .bind(rule.created_by.as_str())
        .bind(rule.created_at_ms)
        .bind(most)
        .execute(&self.writers)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Those of one model, the oldest first.
    pub async fn rules_of(&self, model: &str) -> Result<Vec<ModelRule>> {
        let rows = sqlx::query_as::<_, Row>("select * from alert_rules where model = $1 order by created_at_ms, id");
        rows.bind(model).fetch_all(&self.pool).await?.into_iter().map(Row::into_rule).collect()
    }

    /// Those of all models that watch whether something arrives.
    pub async fn arrival_rules(&self) -> Result<Vec<ModelRule>> {
        let rows = sqlx::query_as::<_, Row>(
            "select * from alert_rules where watched like '%\"no_arrivals\"%' order by created_at_ms, id",
        );
        rows.fetch_all(&self.pool).await?.into_iter().map(Row::into_rule).collect()
    }

    /// Silences a rule, or ends its silence. Whether it was there.
    pub async fn set_silence(&self, model: &str, rule: &str, silence: Option<&Silence>) -> Result<bool> {
        let done = sqlx::query(
            "update alert_rules set silent_until_ms = $3, silent_reason = $4, silenced_by = $5 where id = $2 and model = $1",
        )
        .bind(model)
        .bind(rule)
        .bind(silence.map(|silence| silence.until_ms))
        .bind(silence.map_or("", |silence| silence.reason.as_str()))
        .bind(silence.map_or("", |silence| silence.author.as_str()))
        .execute(&self.writers)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Takes a rule away; its alerts stay, and are over, which the messages tell. Whether it was there.
    pub async fn delete_rule(&self, model: &str, rule: &str, now_ms: i64, deliveries: &[NewDelivery]) -> Result<bool> {
        let mut transaction = self.writers.begin().await?;
        let gone = sqlx::query("delete from alert_rules where id = $2 and model = $1").bind(model).bind(rule);
        let is_gone = gone.execute(&mut *transaction).await?.rows_affected() > 0;
        if is_gone {
            sqlx::query("update alerts set ended_at_ms = $2 where rule = $1 and ended_at_ms is null")
                .bind(rule)
                .bind(now_ms)
                .execute(&mut *transaction)
                .await?;
            for delivery in deliveries {
                insert_delivery(&mut transaction, delivery).await?;
            }
        }
        transaction.commit().await?;
        Ok(is_gone)
    }
}
