//! What people conclude when they close an investigation.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A conclusion in its parts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Closing {
    /// The conclusion.
    pub verdict: String,
    /// What the cause was: the sentence of a suspect, or other words. May be empty, as the next two.
    pub cause: String,
    /// What was done about it.
    pub done: String,
    /// What will prevent it.
    pub prevention: String,
}

impl Closing {
    /// What was said beyond the verdict, each with its name.
    pub fn more(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [("Cause", &self.cause), ("What was done", &self.done), ("What will prevent it", &self.prevention)];
        all.into_iter().map(|(name, words)| (name, words.as_str())).filter(|(_, words)| !words.is_empty())
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
