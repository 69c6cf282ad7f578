//! Where alerts go: who runs Mismatch says it, because messages leave this server.

use domain::alert::{Channel, ChannelKind, Delivery, EditChannel, MOST_NAMED_MODELS};
use domain::audit::AuditKind;
use domain::{Actor, Problem, ProblemKind};

use super::hours::zone;
use super::telling::openness_in;
use crate::Service;
use crate::investigations::{line, line_within};
use crate::models::model_name;
use crate::people::Client;
use crate::store::{Along, StoredChannel, new_id, now_ms};

const MOST_CHANNELS: i64 = 50;
const ADDRESS_CHARACTERS: usize = 2_000;
const SECRET_CHARACTERS: usize = 1_000;
/// Messages that one list holds.
const MOST_DELIVERIES: i64 = 200;

impl Service {
    /// By name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn channels(&self) -> Result<Vec<Channel>, Problem> {
        Ok(self.inner.store.channels().await?.into_iter().map(|stored| stored.channel).collect())
    }

    /// Whether there is a mail server.
    pub fn sends_email(&self) -> bool {
        self.inner.config.mailer.is_some()
    }

    /// How many of them are told of a model.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn channels_of(&self, model: &str) -> Result<u64, Problem> {
        let openness = openness_in(&self.inner.store.closed_models().await?, model);
        Ok(self.channels().await?.iter().filter(|channel| channel.is_about(model, openness)).count() as u64)
    }

    /// # Errors
    /// `BadInput` for an address that is none, a time zone that does not exist, a text that is too long; `Conflict` beyond 50, and for e-mail
    /// without a mail server.
    pub async fn add_channel(&self, asked: EditChannel, actor: &Actor, client: &Client) -> Result<Channel, Problem> {
        if asked.kind == ChannelKind::Email && self.inner.config.mailer.is_none() {
            return Err(no_mailer());
        }
        let stored = checked(asked, actor)?;
        let channel = stored.channel.clone();
        let what = AuditKind::ChannelMade { name: channel.name.clone(), host: channel.host.clone() };
        let along = [Along::Audit { actor, from: &client.address, what: &what }];
        let _alone = self.inner.making.lock().await;
        if !self.inner.store.insert_channel(&stored, MOST_CHANNELS, &along).await? {
            return Err(Problem::new(
                ProblemKind::Conflict,
                format!("There are {MOST_CHANNELS} channels already. Remove one that nobody reads."),
            ));
        }
        Ok(channel)
    }

    /// Takes a channel away with everything that was on its way to it.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn delete_channel(&self, id: &str, actor: &Actor, client: &Client) -> Result<Channel, Problem> {
        let channel = self.stored_channel(id).await?.channel;
        let what = AuditKind::ChannelRemoved { name: channel.name.clone(), host: channel.host.clone() };
        let along = [Along::Audit { actor, from: &client.address, what: &what }];
        match self.inner.store.delete_channel(id, &along).await? {
            true => Ok(channel),
            false => Err(no_channel()),
        }
    }

    /// Sends a test message now, and says how that went.
    ///
    /// # Errors
    /// `NotFound`; `BadInput` with what the receiver answered.
    pub async fn try_channel(&self, id: &str) -> Result<(), Problem> {
        let channel = self.stored_channel(id).await?;
        self.send(&channel, &Service::test_message(), &new_id()).await
    }

    /// What goes or went to all channels: what was given up first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn deliveries(&self) -> Result<Vec<Delivery>, Problem> {
        Ok(self.inner.store.deliveries(MOST_DELIVERIES).await?)
    }

    /// Sends a message again that was given up.
    ///
    /// # Errors
    /// `NotFound` where there is no such message that was given up.
    pub async fn send_again(&self, channel: &str, delivery: &str) -> Result<(), Problem> {
        if !self.inner.store.send_again(channel, delivery).await? {
            return Err(Problem::not_found(
                "There is no such message that was given up. It may have been sent meanwhile.",
            ));
        }
        self.inner.sending.notify_one();
        Ok(())
    }

    async fn stored_channel(&self, id: &str) -> Result<StoredChannel, Problem> {
        self.inner.store.channel(id).await?.ok_or_else(no_channel)
    }
}

pub(super) fn no_mailer() -> Problem {
    Problem::new(
        ProblemKind::Conflict,
        "This server sends no e-mail: whoever starts it names a mail server with --smtp and --mail-from.",
    )
}

fn no_channel() -> Problem {
    Problem::not_found("There is no such channel. It may have been removed.")
}

fn checked(asked: EditChannel, actor: &Actor) -> Result<StoredChannel, Problem> {
    let name = line("the channel's name", &asked.name)?;
    if name.is_empty() {
        return Err(Problem::bad_input("Give the channel a name, such as ml-alerts."));
    }
    let address = match (asked.kind, line_within("the address", &asked.address, ADDRESS_CHARACTERS)?) {
        (ChannelKind::PagerDuty, empty) if empty.is_empty() => notices::PAGER_DUTY_ADDRESS.to_owned(),
        (_, address) => address,
    };
    let secret = line_within("the secret", &asked.secret, SECRET_CHARACTERS)?;
    if asked.kind == ChannelKind::PagerDuty && secret.is_empty() {
        return Err(Problem::bad_input(
            "PagerDuty asks for the routing key of the integration. Give it as the secret.",
        ));
    }
    if asked.digest.is_some() && asked.kind.keeps_alerts() {
        return Err(Problem::bad_input(format!("{} has no use for a digest: leave it out.", asked.kind.words())));
    }
    for time_zone in [asked.quiet.as_ref().map(|one| &one.time_zone), asked.digest.as_ref().map(|one| &one.time_zone)] {
        time_zone.map(|name| zone(name)).transpose()?;
    }
    if asked.models.len() > MOST_NAMED_MODELS {
        return Err(Problem::bad_input(format!("Name at most {MOST_NAMED_MODELS} models, or none for all.")));
    }
    let (address, host) = match asked.kind {
        ChannelKind::Email => {
            let to = sources::recipients(&address)?;
            (to.clone(), to)
        }
        _ => {
            let host = sources::host_of(&address)?;
            (address, host)
        }
    };
    let channel = Channel {
        id: new_id(),
        name,
        kind: asked.kind,
        host,
        from: asked.from,
        models: asked.models.iter().map(|model| model_name(model)).collect::<Result<_, _>>()?,
        quiet: asked.quiet,
        digest: asked.digest,
        has_secret: !secret.is_empty(),
        created_by: actor.clone(),
        created_at_ms: now_ms(),
    };
    Ok(StoredChannel { channel, address, secret })
}

#[cfg(test)]
mod tests {
    use domain::alert::{DigestAt, TimeOfDay, Weekday};
    use domain::incident::Severity;

    use super::*;

    fn asked(kind: ChannelKind, address: &str, secret: &str) -> EditChannel {
        EditChannel {
            name: "ml-alerts".to_owned(),
            kind,
            address: address.to_owned(),
            secret: secret.to_owned(),
            from: Severity::Low,
            models: Vec::new(),
            quiet: None,
            digest: None,
        }
    }

    #[test]
    fn only_the_host_of_an_address_is_shown() {
        let made =
            checked(asked(ChannelKind::Slack, "https://hooks.slack.com/services/T0/B0/secret", ""), &Actor::Anonymous);
        let shown = made.map(|stored| serde_json::to_string(&stored.channel).unwrap_or_default()).unwrap_or_default();
        assert!(shown.contains("hooks.slack.com") && !shown.contains("/services/"), "{shown}");
    }

    #[test]
    fn channels_that_could_not_work_are_refused() {
        let refused = |asked: EditChannel| checked(asked, &Actor::Anonymous).is_err();
        assert!(refused(asked(ChannelKind::PagerDuty, "", "")));
        assert!(!refused(asked(ChannelKind::PagerDuty, "", "key")));
        assert!(refused(asked(ChannelKind::Webhook, "hooks.example", "")));
        let monday = |time_zone: &str| DigestAt {
            day: Weekday::Monday,
            at: TimeOfDay::of(8, 0),
            time_zone: time_zone.to_owned(),
        };
        let with = |kind, time_zone: &str| EditChannel {
            digest: Some(monday(time_zone)),
            ..asked(kind, "https://a.example", "k")
        };
        assert!(refused(with(ChannelKind::Webhook, "Mars/Olympus")));
        assert!(refused(with(ChannelKind::PagerDuty, "UTC")));
        assert!(!refused(with(ChannelKind::Webhook, "UTC")));
    }
}
