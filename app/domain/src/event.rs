//! The timeline of an investigation: what happened, as a kind and its fields. The sentence is made when it is shown.

mod inputs;
mod old_words;

use serde::{Deserialize, Serialize};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

pub use inputs::{InputChange, changes_between};

use crate::clock::{Moment, end_of_day};
use crate::status::Status;
use crate::{Actor, DetectorId, Finding, Item};

/// One line of the timeline. In JSON, `kind` and its fields stand next to `at_ms`, `author` and `text`, the sentence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(into = "EventJson", from = "EventJson")]
pub struct Event {
    pub at_ms: i64,
    pub author: Actor,
    pub kind: EventKind,
}

impl Event {
    /// What the author did: the rest of the sentence that begins with the author.
    pub fn text(&self) -> String {
        self.kind.words()
    }
}

/// What happened. A field is never called `at_ms`, `author` or `text`: in JSON these stand next to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventKind {
    Opened,
    InputsChanged {
        /// Empty in events of versions that did not record them.
        changes: Vec<InputChange>,
    },
    ItemMarked {
        item: Item,
        status: Status,
        reason: Reason,
    },
    NoteAdded,
    Closed {
        verdict: String,
    },
    Reopened,
    FindingMuted {
        finding: NamedFinding,
        reason: Reason,
    },
    FindingUnmuted {
        finding: NamedFinding,
    },
    ShareLinkMade,
    ShareLinkRevoked,
    /// A sentence of an earlier version that none of the other kinds says exactly.
    Legacy {
        words: String,
    },
}

/// Why, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct Reason {
    /// May be empty.
    pub note: String,
    /// The last day (UTC) on which it holds, such as `2026-03-31`; null for no end.
    #[serde(default)]
    pub until: Option<String>,
}

impl Reason {
    /// `until_ms` is the last moment (milliseconds since 1970-01-01 UTC) of which the day is kept.
    pub fn new(note: &str, until_ms: Option<i64>) -> Reason {
        let day = |until: i64| Moment::from_ms(until).rfc3339().chars().take_while(|one| *one != 'T').collect();
        Reason { note: note.to_owned(), until: until_ms.map(day) }
    }

    fn words(&self) -> String {
        // A year of five digits stays as it is.
        let day = |iso: &String| end_of_day(iso).map_or_else(|| iso.clone(), |end| Moment::from_ms(end).date());
        let until = self.until.as_ref().map_or_else(String::new, |iso| format!(" until {}", day(iso)));
        let separator = if self.note.is_empty() { "" } else { ": " };
        format!("{until}{separator}{}", self.note)
    }
}

/// A finding as the timeline names it, whatever later diagnoses find.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "known_by", rename_all = "snake_case")]
pub enum NamedFinding {
    Detector {
        /// The finding's id; null in events of versions that did not record it.
        #[serde(default)]
        id: Option<String>,
        detector: DetectorId,
        columns: Vec<String>,
    },
    /// The diagnosis at hand had no such finding.
    Id { id: String },
}

impl NamedFinding {
    pub fn of(finding: &Finding) -> NamedFinding {
        NamedFinding::Detector {
            id: Some(finding.id.clone()),
            detector: finding.detector.clone(),
            columns: finding.columns.clone(),
        }
    }

    fn words(&self) -> String {
        match self {
            NamedFinding::Detector { detector, columns, .. } if columns.is_empty() => detector.to_string(),
            NamedFinding::Detector { detector, columns, .. } => format!("{detector} ({})", columns.join(", ")),
            NamedFinding::Id { id } => format!("the finding {id}"),
        }
    }
}

impl EventKind {
    /// The kind that a sentence of an earlier version reports; [`EventKind::Legacy`] when it is not exactly one of those.
    pub fn of_words(words: &str) -> EventKind {
        let kind = old_words::recognised(words).filter(|kind| kind.words() == words);
        kind.unwrap_or_else(|| EventKind::Legacy { words: words.to_owned() })
    }

    /// The sentence, without its subject: `marked F2 as accepted until 31 May 2026: known since March`.
    pub fn words(&self) -> String {
        match self {
            EventKind::Opened => "opened the investigation".to_owned(),
            EventKind::InputsChanged { changes } => inputs::words(changes),
            EventKind::ItemMarked { item, status, reason } => {
                format!("marked {} as {}{}", item.code(), status.words(), reason.words())
            }
            EventKind::NoteAdded => "added a note".to_owned(),
            EventKind::Closed { verdict } => format!("closed the investigation: {verdict}"),
            EventKind::Reopened => "opened the investigation again".to_owned(),
            EventKind::FindingMuted { finding, reason } => format!("muted {}{}", finding.words(), reason.words()),
            EventKind::FindingUnmuted { finding } => format!("unmuted {}", finding.words()),
            EventKind::ShareLinkMade => "made a share link".to_owned(),
            EventKind::ShareLinkRevoked => "revoked a share link".to_owned(),
            EventKind::Legacy { words } => words.clone(),
        }
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
