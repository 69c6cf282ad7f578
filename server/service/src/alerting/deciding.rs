//! What is an alert: decided when a window was judged, and by the clock where nothing arrives.

use std::collections::BTreeSet;

use domain::Problem;
use domain::alert::Watched;
use domain::clock::DAY_MS;
use domain::model::Arrival;
use domain::model_access::Openness;

use super::changes::{Changed, changes, of_arrivals};
use super::rules::LOOKED_BACK_DAYS;
use crate::Service;
use crate::store::now_ms;

impl Service {
    /// Decides what the rules of a model say after one of its windows was judged, and queues who is to be told.
    pub(crate) async fn decide_alerts(&self, arrival: &Arrival) -> Result<(), Problem> {
        let store = &self.inner.store;
        let rules = store.rules_of(&arrival.model).await?;
        if rules.is_empty() {
            return Ok(());
        }
        // One after the other: two windows that are judged at once are one alert.
        let _alone = self.inner.alerting.lock().await;
        let now_ms = now_ms();
        let since_ms = arrival.at_ms.min(now_ms) - i64::from(LOOKED_BACK_DAYS) * DAY_MS;
        let mut changed: Vec<Changed> = Vec::new();
        for rule in rules.iter().filter(|rule| !matches!(rule.watched, Watched::NoArrivals { .. })) {
            let sights = store.sights(&arrival.model, &rule.watched, since_ms).await?;
            let known = store.alerts_of_rule(&rule.id, since_ms).await?;
            changed.extend(changes(rule, &sights, &known, &arrival.id, now_ms));
        }
        self.keep_changes(&arrival.model, Some(&arrival.id), changed, now_ms).await
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
            self.keep_changes(&rule.model, None, changed, now_ms).await?;
        }
        Ok(())
    }

    async fn keep_changes(
        &self,
        model: &str,
        arrival: Option<&str>,
        changed: Vec<Changed>,
        now_ms: i64,
    ) -> Result<(), Problem> {
        if changed.is_empty() {
            return Ok(());
        }
        let channels = self.inner.store.channels().await?;
        let openness = openness_in(&self.inner.store.closed_models().await?, model);
        let deliveries = super::telling::deliveries((model, openness), arrival, &changed, &channels, now_ms);
        let alerts: Vec<_> = changed.into_iter().map(|changed| changed.now).collect();
        self.inner.store.keep_alerts(&alerts, &deliveries).await?;
        self.inner.sending.notify_one();
        Ok(())
    }
}

pub(super) fn openness_in(closed: &BTreeSet<String>, model: &str) -> Openness {
    if closed.contains(model) { Openness::Members } else { Openness::Everybody }
}
