//! What people conclude when they close an investigation.

mod template;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Cause;

pub use template::{Known, Template};

/// A conclusion in its parts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Closing {
    /// The conclusion.
    pub verdict: String,
    /// The kind of the cause; null where nobody said it.
    pub root_cause: Option<Cause>,
    /// What the cause was: the sentence of a suspect, or other words. May be empty, as the next three.
    pub cause: String,
    /// What it did to the business and to people.
    pub impact: String,
    /// What was done about it.
    pub done: String,
    /// What will prevent it.
    pub prevention: String,
}

impl Closing {
    /// What was said beyond the verdict, each with its name.
    pub fn more(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            ("Root cause", self.root_cause.map(Cause::words).unwrap_or_default()),
            ("Cause", self.cause.as_str()),
            ("Impact", self.impact.as_str()),
            ("What was done", self.done.as_str()),
            ("What will prevent it", self.prevention.as_str()),
        ];
        all.into_iter().filter(|(_, words)| !words.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_said_is_a_line() {
        let said = Closing { verdict: "cents".into(), done: "divided".into(), ..Closing::default() };
        assert_eq!(said.more().collect::<Vec<_>>(), [("What was done", "divided")]);
    }
}
