//! The incident around an investigation, by form. Every form may hold `author` and `back`.

use axum::extract::Path;
use domain::clock::moment;
use domain::incident::{Incident, IncidentLink, Severity};
use domain::seen::{SEEN, unchanged};
use domain::{Actor, Problem};
use service::Service;

use super::{Outcome, Sent};
use crate::http::extract::Fields;
use crate::http::visitors::Sender;

/// Fields `severity`, `assignee`, `started`, `detected` and `resolved` (moments in UTC, such as `2026-03-31T14:05`), and
/// `links` (one address on each line, with words after it).
pub async fn set(by: Sender, Path(id): Path<String>, fields: Fields) -> Outcome {
    Sent::after(say(&by.service, &id, &fields).await, &by, &id, &fields)
}

async fn say(service: &Service, id: &str, fields: &Fields) -> Result<(), Problem> {
    let severity = fields.optional("severity").map(|severity| {
        Severity::from_id(&severity)
            .ok_or_else(|| Problem::bad_input("Choose a severity: critical, high, medium or low, or none."))
    });
    let lines = fields.first("links").lines().map(str::trim).filter(|line| !line.is_empty());
    let links = lines.map(|line| {
        let (url, words) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        IncidentLink::new(words, url)
    });
    let incident = Incident {
        severity: severity.transpose()?,
        assignee: Actor::named(fields.first("assignee"))?,
        started_at_ms: optional_moment(fields, "started")?,
        detected_at_ms: optional_moment(fields, "detected")?,
        resolved_at_ms: optional_moment(fields, "resolved")?,
        links: links.collect::<Result<_, Problem>>()?,
    };
    unchanged("What is known of the incident", fields.first(SEEN), &service.investigation(id).await?.incident)?;
    service.set_incident(id, incident, &fields.actor()?).await
}

fn optional_moment(fields: &Fields, name: &str) -> Result<Option<i64>, Problem> {
    let Some(text) = fields.optional(name) else { return Ok(None) };
    moment(&text).map(Some).ok_or_else(|| {
        Problem::bad_input(format!(
            "{text:?} in the field {name} is not a moment. Write it as 2026-03-31T14:05, in UTC."
        ))
    })
}

/// Fields `task`, `owner`, `due` (a day).
pub async fn add_follow_up(by: Sender, Path(id): Path<String>, fields: Fields) -> Outcome {
    let (owner, actor) = (by.told(Actor::named(fields.first("owner")))?, by.told(fields.actor())?);
    let due = fields.optional("due");
    let added = by.service.add_follow_up(&id, fields.first("task"), &owner, due.as_deref(), &actor).await;
    Sent::after(added, &by, &id, &fields)
}

/// Field `done`: any value where it is done, empty where it is not.
pub async fn set_follow_up(by: Sender, Path((id, follow_up)): Path<(String, String)>, fields: Fields) -> Outcome {
    let actor = by.told(fields.actor())?;
    let said = match fields.first("done") {
        "" => by.service.open_follow_up(&id, &follow_up, &actor).await,
        _ => by.service.do_follow_up(&id, &follow_up, &actor).await,
    };
    Sent::after(said, &by, &id, &fields)
}

/// Fields `what` and `at` (a moment in UTC).
pub async fn enter(by: Sender, Path(id): Path<String>, fields: Fields) -> Outcome {
    let actor = by.told(fields.actor())?;
    let at = by.told(optional_moment(&fields, "at"))?;
    let at = by.told(at.ok_or_else(|| Problem::bad_input("Say when it happened, as 2026-03-31T14:05, in UTC.")))?;
    Sent::after(by.service.enter(&id, fields.first("what"), at, &actor).await, &by, &id, &fields)
}
