//! What waits for one person: investigations that they care for, follow-ups that are theirs, and notes that name them.

use serde::{Deserialize, Serialize};

use crate::Actor;

/// Lines of each kind, the newest first.
pub const MOST_LINES: usize = 50;

/// An investigation, as a line names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvestigationName {
    pub id: String,
    pub title: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Mine {
    pub cared_for: Vec<InvestigationName>,
    pub follow_ups: Vec<OpenTask>,
    pub mentions: Vec<Mention>,
}

/// A follow-up that is not done yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenTask {
    pub investigation: InvestigationName,
    pub task: String,
    /// The day on which it is due, such as `2026-03-31`.
    pub due: Option<String>,
}

/// A note that names somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    pub investigation: InvestigationName,
    /// The id of the note.
    pub note: String,
    pub author: Actor,
    pub text: String,
    /// Milliseconds since 1970-01-01 UTC.
    pub at_ms: i64,
}

/// The part of a name by which people call each other.
pub fn called(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or(name)
}

/// Whether a text names somebody: `@Grace` or `@Grace Hopper`, in whatever case.
pub fn mentions(text: &str, name: &str) -> bool {
    let (text, called) = (text.to_lowercase(), called(name).to_lowercase());
    let ends = |rest: &str| rest.chars().next().is_none_or(|next| !next.is_alphanumeric());
    let begins = |before: &str| before.chars().next_back().is_none_or(|last| !last.is_alphanumeric());
    let mut parts = text.match_indices('@');
    !called.is_empty()
        && parts.any(|(at, _)| begins(&text[..at]) && text[at + 1..].strip_prefix(called.as_str()).is_some_and(ends))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_behind_an_at_is_a_mention_and_a_mail_address_is_not() {
        for text in ["@Grace look", "please @grace hopper: here", "(@GRACE)", "thanks,@Grace."] {
            assert!(mentions(text, "Grace Hopper"), "{text}");
        }
        for text in ["Grace", "@Gracey", "ada@grace.example", "@ Grace", ""] {
            assert!(!mentions(text, "Grace Hopper"), "{text}");
        }
        assert!(!mentions("@", ""));
    }
}
