//! What is an alert: decided when a window was judged, and by the clock where nothing arrives.

use domain::Problem;
use domain::alert::Watched;
use domain::clock::DAY_MS;
use domain::model::Arrival;

use super::changes::{Changed, changes, of_arrivals};
use super::rules::LOOKED_BACK_DAYS;
use super::telling::openness_in;
use crate::Service;
use crate::store::now_ms;

/// After what it is decided.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Decided<'a> {
    Judged(&'a Arrival),
    /// It is gone already.
    TakenOut(&'a Arrival),
}

impl Decided<'_> {
    fn arrival(&self) -> &Arrival {
        match self {
            Decided::Judged(arrival) | Decided::TakenOut(arrival) => arrival,
        }
    }
}

/// Rules may be changed while it is decided; then it is decided again.
const MOST_DECISIONS: usize = 5;

impl Service {
    /// Decides what the rules of a model say after one of its windows was judged, or was taken out, and queues who is to be told.
    pub(crate) async fn decide_alerts(&self, window: Decided<'_>) -> Result<(), Problem> {
        // One after the other: two windows that are judged at once are one alert.
        let _alone = self.inner.alerting.lock().await;
        for _ in 0..MOST_DECISIONS {
            if self.decided(window).await? {
                return Ok(());
            }
        }
        let model = &window.arrival().model;
        Err(Problem::internal(format!("The alerts of {model} changed as often as they were decided.")))
    }

    /// `false` where the rules changed meanwhile.
    async fn decided(&self, window: Decided<'_>) -> Result<bool, Problem> {
        let arrival = window.arrival();
        let judged = match window {
            Decided::Judged(arrival) => Some(arrival.id.as_str()),
            Decided::TakenOut(_) => None,
        };
        let store = &self.inner.store;
        let rules = store.rules_of(&arrival.model).await?;
        let now_ms = now_ms();
        let since_ms = arrival.at_ms.min(now_ms) - i64::from(LOOKED_BACK_DAYS) * DAY_MS;
        let mut changed: Vec<Changed> = Vec::new();
        for rule in rules.iter().filter(|rule| !matches!(rule.watched, Watched::NoArrivals { .. })) {
            let sights = store.sights(&arrival.model, &rule.watched, since_ms).await?;
            let known = store.alerts_of_rule(&rule.id, since_ms).await?;
            changed.extend(changes(rule, &sights, &known, judged, now_ms));
        }
        self.keep_changes(&arrival.model, judged, changed, now_ms).await
    }

    /// Decides where nothing arrives, by the clock.
    pub(crate) async fn decide_what_is_missing(&self) -> Result<(), Problem> {
        let store = &self.inner.store;
        let now_ms = now_ms();
        for rule in store.arrival_rules().await? {
            let Watched::NoArrivals { hours } = rule.watched else { continue };
            let _alone = self.inner.alerting.lock().await;
            let last = store.last_received_at(&rule.model).await?;
            let known = store.alerts_of_rule(&rule.id, i64::MAX).await?;
            let last_ms = last.unwrap_or(rule.created_at_ms);
            let changed: Vec<Changed> = of_arrivals(&rule, hours, last_ms, &known, now_ms).into_iter().collect();
            // Where it is gone meanwhile there is nothing to say; the clock comes again.
            let kept = self.keep_changes(&rule.model, None, changed, now_ms).await?;
            tracing::trace!(kept, rule = rule.id, "looked for what is missing");
        }
        Ok(())
    }

    /// `false`, with nothing kept, where the rules changed meanwhile.
    async fn keep_changes(
        &self,
        model: &str,
        arrival: Option<&str>,
        changed: Vec<Changed>,
        now_ms: i64,
    ) -> Result<bool, Problem> {
        if changed.is_empty() {
            return Ok(true);
        }
        let channels = self.inner.store.channels().await?;
        let openness = openness_in(&self.inner.store.closed_models().await?, model);
        let deliveries = super::telling::deliveries((model, openness), arrival, &changed, &channels, now_ms);
        let alerts: Vec<_> = changed.into_iter().map(|changed| changed.now).collect();
        let kept = self.inner.store.keep_alerts(&alerts, &deliveries).await?;
        if kept {
            self.inner.sending.notify_one();
        }
        Ok(kept)
    }
}
