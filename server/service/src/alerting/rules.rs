//! What people want to be told of, and what came of it.

use domain::alert::{Alert, EditRule, ModelRule, PastAlerts, Silence, Watched};
use domain::clock::DAY_MS;
use domain::investigation::Grounds;
use domain::visitor::Sight;
use domain::{Actor, Problem, ProblemKind};

use super::changes::{Changed, ended, gaps};
use super::telling::{deliveries, openness_in};
use crate::Service;
use crate::models::model_name;
use crate::mutes::checked;
use crate::store::{new_id, now_ms};

/// How far back rules look, and previews.
pub const LOOKED_BACK_DAYS: u32 = 90;
/// Rules of one model.
const MOST_RULES: i64 = 100;
/// Alerts that one list holds.
const MOST_ALERTS: i64 = 200;

impl Service {
    /// The rules of a model, the oldest first.
    ///
    /// # Errors
    /// `NotFound` without the model.
    pub async fn alert_rules(&self, model: &str) -> Result<Vec<ModelRule>, Problem> {
        Ok(self.inner.store.rules_of(&self.model_row(model).await?.name).await?)
    }

    /// # Errors
    /// `NotFound` without the model; `BadInput` for a rule that could never fire; `Conflict` for one that is there already, and
    /// beyond 100.
    pub async fn add_alert_rule(&self, model: &str, asked: EditRule, actor: &Actor) -> Result<ModelRule, Problem> {
        let model = self.model_row(model).await?.name;
        let asked = asked.checked()?;
        let _alone = self.inner.making.lock().await;
        if self.inner.store.rules_of(&model).await?.iter().any(|rule| rule.as_asked() == asked) {
            return Err(Problem::new(ProblemKind::Conflict, "The model has this rule already."));
        }
        let rule = ModelRule {
            id: new_id(),
            model,
            watched: asked.watched,
            windows: asked.windows,
            severity: asked.severity,
            raise_after: asked.raise_after,
            silence: None,
            created_by: actor.clone(),
            created_at_ms: now_ms(),
        };
        if !self.inner.store.insert_rule(&rule, MOST_RULES).await? {
            return Err(Problem::new(
                ProblemKind::Conflict,
                format!("The model has {MOST_RULES} rules already. Remove one first."),
            ));
        }
        Ok(rule)
    }

    /// Takes a rule away. Its alerts stay, and are over: who keeps them open hears of it.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn delete_alert_rule(&self, model: &str, rule: &str) -> Result<(), Problem> {
        let model = model_name(model)?;
        let store = &self.inner.store;
        // Nothing fires by it meanwhile.
        let _alone = self.inner.alerting.lock().await;
        let now_ms = now_ms();
        let lasting = store.alerts_of_rule(rule, i64::MAX).await?;
        let of_model = lasting.iter().filter(|alert| alert.model == model);
        let over: Vec<Changed> = of_model.map(|alert| ended(alert, now_ms)).collect();
        let mut channels = store.channels().await?;
        channels.retain(|stored| stored.channel.kind.keeps_alerts());
        let openness = openness_in(&store.closed_models().await?, &model);
        let deliveries = deliveries((&model, openness), None, &over, &channels, now_ms);
        if !store.delete_rule(&model, rule, now_ms, &deliveries).await? {
            return Err(no_rule());
        }
        self.inner.sending.notify_one();
        Ok(())
    }

    /// Tells nobody of a rule's alerts until a time, for a reason.
    ///
    /// # Errors
    /// `NotFound`; `BadInput` without an end or a reason.
    pub async fn silence_rule(&self, model: &str, rule: &str, grounds: &Grounds) -> Result<(), Problem> {
        let Grounds { note, author, until_ms } = checked(grounds)?;
        let Some(until_ms) = until_ms else {
            return Err(Problem::bad_input(
                "Say until when: a silence without an end is forgotten. To end a rule, remove it.",
            ));
        };
        if note.is_empty() {
            return Err(Problem::bad_input("Say why nobody is to be notified."));
        }
        self.set_silence(model, rule, Some(&Silence { until_ms, reason: note, author })).await
    }

    /// Ends a silence.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn end_silence(&self, model: &str, rule: &str) -> Result<(), Problem> {
        self.set_silence(model, rule, None).await
    }

    async fn set_silence(&self, model: &str, rule: &str, silence: Option<&Silence>) -> Result<(), Problem> {
        match self.inner.store.set_silence(&model_name(model)?, rule, silence).await? {
            true => Ok(()),
            false => Err(no_rule()),
        }
    }

    /// What a rule would have done in the last 90 days.
    ///
    /// # Errors
    /// As [`Service::add_alert_rule`].
    pub async fn preview_rule(&self, model: &str, asked: EditRule) -> Result<PastAlerts, Problem> {
        let model = self.model_row(model).await?.name;
        let asked = asked.checked()?;
        let now_ms = now_ms();
        let from_ms = now_ms - i64::from(LOOKED_BACK_DAYS) * DAY_MS;
        if let Watched::NoArrivals { hours } = asked.watched {
            let received = self.inner.store.received_since(&model, from_ms).await?;
            return Ok(gaps(&received, hours, from_ms, now_ms));
        }
        let sights = self.inner.store.sights(&model, &asked.watched, from_ms).await?;
        Ok(PastAlerts::of(&sights, &asked, from_ms))
    }

    /// The alerts of a model: what lasts first, then the latest.
    ///
    /// # Errors
    /// `NotFound` without the model.
    pub async fn alerts(&self, model: &str) -> Result<Vec<Alert>, Problem> {
        Ok(self.inner.store.alerts_of(&self.model_row(model).await?.name, MOST_ALERTS).await?)
    }

    /// What lasts in all models that somebody sees, the latest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_alerts(&self, sight: &Sight) -> Result<Vec<Alert>, Problem> {
        Ok(self.inner.store.open_alerts(MOST_ALERTS, sight).await?)
    }
}

fn no_rule() -> Problem {
    Problem::not_found("The model has no such rule. It may have been removed.")
}
