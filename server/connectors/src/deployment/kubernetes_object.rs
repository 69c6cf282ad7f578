//! One object of Kubernetes: its name, its conditions, its place in the file.

use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck};
use serde_json::Value;

use crate::{json, numbers};

pub(super) const TOOL: &str = "Kubernetes";

/// One object with its kind and its place in the file.
pub(super) struct Object<'v> {
    pub kind: String,
    pub value: &'v Value,
    pub place: String,
}

impl<'v> Object<'v> {
    pub fn name(&self) -> &'v str {
        json::text(self.value, &["metadata", "name"]).unwrap_or("without name")
    }

    /// A check about this object, at a place within it.
    pub fn check(&self, name: &str, about: CheckSubject, outcome: CheckOutcome, within: &str) -> ToolCheck {
        ToolCheck::new(self.source(within), name, about, vec![self.name().to_owned()], outcome)
    }

    pub fn source(&self, within: &str) -> Source {
        let place = match self.place.as_str() {
            "" => within.to_owned(),
            place => format!("{place}.{within}"),
        };
        Source::of(TOOL, None, place)
    }

    pub fn time(&self, keys: &[&str]) -> Option<i64> {
        json::at(self.value, keys).and_then(numbers::time)
    }

    /// The condition of this type: whether it is true, its words, its time.
    pub fn condition(&self, kind: &str) -> Option<Condition> {
        let conditions = json::list(self.value, &["status", "conditions"]);
        let found = conditions.filter(|one| json::text(one, &["type"]) == Some(kind)).last()?;
        let said =
            ["reason", "message"].iter().filter_map(|key| json::text(found, &[key])).filter(|text| !text.is_empty());
        let words: Vec<&str> = said.collect();
        let time = ["lastTransitionTime", "lastUpdateTime"].iter().find_map(|key| numbers::time(found.get(key)?));
        Some(Condition {
            holds: json::text(found, &["status"]) == Some("True"),
            words: cut(&words.join(": ")),
            at_ms: time,
        })
    }
}

pub(super) struct Condition {
    pub holds: bool,
    pub words: String,
    pub at_ms: Option<i64>,
}

/// A text of somebody else, cut where it is long.
pub(super) fn cut(text: &str) -> String {
    json::words(&Value::String(text.to_owned()))
}

/// The entries of an object whose values are texts.
pub(super) fn texts<'v>(value: &'v Value, keys: &[&str]) -> impl Iterator<Item = (&'v str, &'v str)> + Clone {
    let entries = json::at(value, keys).and_then(Value::as_object).into_iter().flatten();
    entries.filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)))
}
