//! The timeline of an investigation: what happened, as a kind and its fields. The sentence is made when it is shown.

mod inputs;
mod kind;
mod old_words;

use serde::{Deserialize, Serialize};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

pub use inputs::{InputChange, changes_between};
pub use kind::{EventKind, NamedFinding, Reason};

use crate::Actor;

/// One line of the timeline. In JSON, `kind` and its fields stand next to `at_ms`, `author` and `text`, the sentence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(into = "EventJson", from = "EventJson")]
pub struct Event {
    pub at_ms: i64,
    pub author: Actor,
    pub kind: EventKind,
}

impl Event {
    /// When it happened: of what people entered, the moment that they gave. Milliseconds since 1970-01-01 UTC.
    pub fn happened_at_ms(&self) -> i64 {
        match self.kind {
            EventKind::Happened { happened_at_ms, .. } => happened_at_ms,
            _ => self.at_ms,
        }
    }

    /// What the author did: the rest of the sentence that begins with the author.
    pub fn text(&self) -> String {
        self.kind.words()
    }
}

/// One line of the timeline.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = Event)]
struct EventJson {
    /// Milliseconds since 1970-01-01 UTC.
    at_ms: i64,
    #[schema(value_type = String)]
    author: Actor,
    /// What the author did, as a sentence without its subject.
    text: String,
    /// Absent in what an earlier version froze for a share link.
    #[serde(flatten)]
    #[schema(value_type = EventKind)]
    kind: Option<EventKind>,
}

impl PartialSchema for Event {
    fn schema() -> RefOr<Schema> {
        EventJson::schema()
    }
}

impl ToSchema for Event {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        EventJson::schemas(schemas);
    }
}

impl From<Event> for EventJson {
    fn from(event: Event) -> EventJson {
        EventJson { at_ms: event.at_ms, text: event.text(), author: event.author, kind: Some(event.kind) }
    }
}

impl From<EventJson> for Event {
    fn from(json: EventJson) -> Event {
        let kind = json.kind.unwrap_or_else(|| EventKind::of_words(&json.text));
        Event { at_ms: json.at_ms, author: json.author, kind }
    }
}

#[cfg(test)]
mod tests;
