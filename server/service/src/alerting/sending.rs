//! Sending what is queued, and trying again: a message is written before anybody is told, so that no restart loses it.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::Problem;
use domain::alert::{Delivery, DeliveryState, Message, MessageKind};
use domain::clock::DAY_MS;
use notices::{Email, Letter, Parcel};
use sources::{Mail, Sources};
use tokio::task::JoinSet;

use super::channels::no_mailer;
use super::telling::openness_in;
use crate::Service;
use crate::blocking::blocking;
use crate::store::{DueDelivery, StoredChannel, now_ms};

/// Waits between tries: eight tries within eleven hours.
const WAITS_MS: [i64; 7] = [30_000, 120_000, 600_000, 1_800_000, 3_600_000, 10_800_000, 21_600_000];
/// Messages sent at once, each to another channel.
const AT_ONCE: usize = 16;
/// Channels that have something due.
const MOST_DUE: i64 = 100;
/// How often the clock is looked at when nobody rings.
const EVERY: Duration = Duration::from_secs(10);
/// Messages that ended are forgotten after this.
const KEPT_MS: i64 = 30 * DAY_MS;

impl Service {
    /// Sends, and looks at the clock for what is missing and for digests, as long as the service lives.
    pub(crate) fn keep_telling(&self) {
        self.recur("alerts", &self.inner.sending, EVERY, |service| async move { service.tell().await });
    }

    async fn tell(&self) -> Result<(), Problem> {
        self.decide_what_is_missing().await?;
        self.queue_digests().await?;
        let mut under_way: JoinSet<(String, Result<(), Problem>)> = JoinSet::new();
        // The channels that somebody is busy with: each has its messages in order, and none waits for another one.
        let mut busy: BTreeSet<String> = BTreeSet::new();
        let mut has_sent = false;
        loop {
            for due in self.inner.store.due_deliveries(now_ms(), MOST_DUE).await? {
                if busy.len() < AT_ONCE && busy.insert(due.delivery.channel.clone()) {
                    let service = self.clone();
                    under_way.spawn(async move { (due.delivery.channel.clone(), service.deliver(due).await) });
                }
            }
            let Some(done) = under_way.join_next().await else { break };
            let (channel, sent) =
                done.map_err(|error| Problem::internal(format!("A message was not sent: {error}.")))?;
            sent?;
            busy.remove(&channel);
            has_sent = true;
        }
        if has_sent {
            // Here, so that a server with nothing to send writes nothing.
            self.inner.store.forget_deliveries(now_ms() - KEPT_MS).await?;
        }
        Ok(())
    }

    async fn deliver(&self, due: DueDelivery) -> Result<(), Problem> {
        let DueDelivery { delivery, message } = due;
        // Taken away meanwhile, with all that was on its way to it.
        let Some(channel) = self.inner.store.channel(&delivery.channel).await? else { return Ok(()) };
        // It may have been closed while the message waited.
        let openness = openness_in(&self.inner.store.closed_models().await?, &message.model);
        if !message.model.is_empty() && !channel.channel.is_about(&message.model, openness) {
            let error = "The model is for its members only by now, and the channel does not name it.".to_owned();
            let given_up = Delivery { state: DeliveryState::GivenUp, at_ms: now_ms(), error, ..delivery };
            return Ok(self.inner.store.set_delivery(&given_up).await?);
        }
        let sent = self.send(&channel, &message, &delivery.id).await;
        if let Err(problem) = &sent {
            tracing::warn!(channel = channel.channel.id, delivery = delivery.id, "not delivered: {}", problem.message);
        }
        Ok(self.inner.store.set_delivery(&after(delivery, sent, now_ms())).await?)
    }

    /// Sends one message now.
    pub(super) async fn send(&self, channel: &StoredChannel, message: &Message, delivery: &str) -> Result<(), Problem> {
        let letter = Letter {
            message,
            delivery,
            server: &self.inner.config.outside,
            address: &channel.address,
            secret: &channel.secret,
            now_ms: now_ms(),
        };
        let parcels = notices::parcels(channel.channel.kind, &letter);
        let (config, to, id) = (&self.inner.config, channel.address.clone(), delivery.to_owned());
        let (sources, mailer) = (Sources::new(config.reach.clone()), config.mailer.clone());
        blocking(move || {
            parcels.iter().try_for_each(|parcel| match parcel {
                Parcel::Post(request) => sources.post(&request.address, &request.headers, &request.body),
                Parcel::Email(Email { subject, text, html }) => {
                    let mail = Mail { to: &to, subject, text, html, id: &id };
                    mailer.as_ref().ok_or_else(no_mailer)?.send(&mail)
                }
            })
        })
        .await
    }

    /// The message by which somebody tries a channel.
    pub(super) fn test_message() -> Message {
        Message {
            kind: MessageKind::Test,
            model: String::new(),
            title: "A test of this channel. Alerts will look like this.".to_owned(),
            alerts: Vec::new(),
            arrival: None,
            lines: Vec::new(),
            at_ms: now_ms(),
        }
    }
}

/// A delivery after a try.
fn after(delivery: Delivery, sent: Result<(), Problem>, now_ms: i64) -> Delivery {
    let attempts = delivery.attempts.saturating_add(1);
    match sent {
        Ok(()) => {
            Delivery { state: DeliveryState::Delivered, attempts, at_ms: now_ms, error: String::new(), ..delivery }
        }
        Err(problem) => {
            let wait = WAITS_MS.get(delivery.attempts as usize);
            let (state, at_ms) = match wait {
                Some(wait) => (DeliveryState::Waiting, now_ms + wait),
                None => (DeliveryState::GivenUp, now_ms),
            };
            Delivery { state, attempts, at_ms, error: problem.message, ..delivery }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting() -> Delivery {
        Delivery {
            id: "d".to_owned(),
            channel: "c".to_owned(),
            title: String::new(),
            state: DeliveryState::Waiting,
            attempts: 0,
            created_at_ms: 0,
            at_ms: 0,
            error: String::new(),
        }
    }

    #[test]
    fn what_fails_is_tried_eight_times_ever_later_and_then_given_up() {
        let mut delivery = waiting();
        let mut now_ms = 0;
        let mut waits = Vec::new();
        while delivery.state == DeliveryState::Waiting {
            delivery = after(delivery, Err(Problem::bad_input("no")), now_ms);
            waits.push(delivery.at_ms - now_ms);
            now_ms = delivery.at_ms;
        }
        assert_eq!((delivery.state, delivery.attempts), (DeliveryState::GivenUp, 8));
        assert_eq!(waits.pop(), Some(0));
        assert!(waits.is_sorted() && waits[0] == 30_000);
        assert_eq!(delivery.error, "no");
    }

    #[test]
    fn what_arrived_has_no_error_any_more() {
        let failed = after(waiting(), Err(Problem::bad_input("no")), 5);
        let delivered = after(failed, Ok(()), 9);
        assert_eq!((delivered.state, delivered.attempts, delivered.at_ms), (DeliveryState::Delivered, 2, 9));
        assert!(delivered.error.is_empty());
    }
}
