//! Rules of a model and channels, by form. Every form may hold `author`.

use axum::extract::Path;
use axum::response::Redirect;
use domain::Problem;
use domain::alert::{ChannelKind, DigestAt, EditChannel, QuietHours, RuleFields, TimeOfDay, Weekday};
use domain::incident::Severity;
use domain::markup::percent_encoded;

use super::{Outcome, Sent, grounds};
use crate::http::extract::Fields;
use crate::http::visitors::Sender;

/// The fields of [`RuleFields`].
pub async fn add_rule(by: Sender, Path(name): Path<String>, fields: Fields) -> Outcome {
    let asked = by.told(RuleFields::of(|field| fields.first(field).to_owned()).asked())?;
    let actor = by.told(fields.actor())?;
    by.told(by.service.add_alert_rule(&name, asked, &actor).await)?;
    Ok(back(&name, &fields))
}

pub async fn remove_rule(by: Sender, Path((name, rule)): Path<(String, String)>, fields: Fields) -> Outcome {
    by.told(by.service.delete_alert_rule(&name, &rule).await)?;
    Ok(back(&name, &fields))
}

/// Fields `note` and `expires_on` or `expires_days`.
pub async fn silence(by: Sender, Path((name, rule)): Path<(String, String)>, fields: Fields) -> Outcome {
    let grounds = by.told(grounds(&fields))?;
    by.told(by.service.silence_rule(&name, &rule, &grounds).await)?;
    Ok(back(&name, &fields))
}

pub async fn end_silence(by: Sender, Path((name, rule)): Path<(String, String)>, fields: Fields) -> Outcome {
    by.told(by.service.end_silence(&name, &rule).await)?;
    Ok(back(&name, &fields))
}

/// Fields `name`, `kind`, `address`, `secret`, `from`, `models` (a name on each line), `quiet_from` and `quiet_until` (both empty for
/// none), `digest_day` (empty for none) and `digest_at`, `time_zone`.
pub async fn add_channel(by: Sender, fields: Fields) -> Outcome {
    let asked = by.told(channel(&fields))?;
    let actor = by.told(fields.actor())?;
    by.told(by.service.add_channel(asked, &actor, &by.client).await)?;
    Ok(to_channels(&fields))
}

pub async fn remove_channel(by: Sender, Path(id): Path<String>, fields: Fields) -> Outcome {
    let actor = by.told(fields.actor())?;
    by.told(by.service.delete_channel(&id, &actor, &by.client).await)?;
    Ok(to_channels(&fields))
}

/// Leads back with the channel that took the message; one that did not is told as a problem.
pub async fn test_channel(by: Sender, Path(id): Path<String>, fields: Fields) -> Outcome {
    by.told(by.service.try_channel(&id).await)?;
    Ok(Sent::to(Redirect::to(&format!("/channels?tried={}#channels", percent_encoded(&id))), &fields))
}

pub async fn send_again(by: Sender, Path((id, delivery)): Path<(String, String)>, fields: Fields) -> Outcome {
    by.told(by.service.send_again(&id, &delivery).await)?;
    Ok(to_channels(&fields))
}

fn channel(fields: &Fields) -> Result<EditChannel, Problem> {
    let kind = ChannelKind::from_id(fields.first("kind"));
    let from = Severity::from_id(fields.first("from"));
    let time_zone = fields.optional("time_zone").unwrap_or_else(|| "UTC".to_owned());
    let quiet = match (fields.optional("quiet_from"), fields.optional("quiet_until")) {
        (None, None) => None,
        (Some(from), Some(until)) => {
            Some(QuietHours { from: time(&from)?, until: time(&until)?, time_zone: time_zone.clone() })
        }
        _ => return Err(Problem::bad_input("Give both ends of the quiet hours, or none.")),
    };
    let digest = match fields.optional("digest_day") {
        None => None,
        Some(day) => Some(DigestAt {
            day: Weekday::from_id(&day).ok_or_else(|| Problem::bad_input("Choose a day of the week from the list."))?,
            at: time(&fields.optional("digest_at").unwrap_or_else(|| "08:00".to_owned()))?,
            time_zone,
        }),
    };
    let models = fields.first("models").lines().map(str::trim).filter(|model| !model.is_empty());
    Ok(EditChannel {
        name: fields.first("name").to_owned(),
        kind: kind.ok_or_else(|| Problem::bad_input("Choose what the channel is from the list."))?,
        address: fields.first("address").to_owned(),
        secret: fields.first("secret").to_owned(),
        from: from.ok_or_else(|| Problem::bad_input("Choose from which severity on the channel is notified."))?,
        models: models.map(str::to_owned).collect(),
        quiet,
        digest,
    })
}

fn time(text: &str) -> Result<TimeOfDay, Problem> {
    TimeOfDay::try_from(text.to_owned()).map_err(Problem::bad_input)
}

fn back(name: &str, fields: &Fields) -> Sent {
    Sent::to(Redirect::to(&format!("/models/{}/alerts#rules", percent_encoded(name.trim()))), fields)
}

fn to_channels(fields: &Fields) -> Sent {
    Sent::to(Redirect::to("/channels#channels"), fields)
}
