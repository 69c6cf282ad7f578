//! Who did something.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Problem;

/// Longest name, in characters.
const NAME_CHARACTERS: usize = 300;

/// What is shown, stored and sent for somebody who gave no name.
const ANONYMOUS: &str = "someone";

/// Who did something. In JSON and in the database it is one line of text: the name, or `someone`. Whatever made an actor
/// from text has checked it here, so a method that takes one has nothing left to check.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Actor {
    /// Gave no name.
    #[default]
    Anonymous,
    /// There are no accounts: this is what a person typed.
    Named(Name),
}

/// One line of at most 300 characters, not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(String);

impl Actor {
    /// The actor behind the name that a person typed; an empty one is nobody in particular.
    ///
    /// # Errors
    /// `BadInput` for a name that is too long or not on one line.
    pub fn named(name: &str) -> Result<Actor, Problem> {
        let name = name.trim();
        if name.chars().any(char::is_control) {
            return Err(Problem::bad_input("Put your name on one line, without control characters."));
        }
        if name.chars().count() > NAME_CHARACTERS {
            return Err(Problem::bad_input(format!("Shorten your name to at most {NAME_CHARACTERS} characters.")));
        }
        Ok(match name {
            "" | ANONYMOUS => Actor::Anonymous,
            name => Actor::Named(Name(name.to_owned())),
        })
    }

    pub fn as_str(&self) -> &str {
        match self {
            Actor::Anonymous => ANONYMOUS,
            Actor::Named(Name(name)) => name,
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<Actor> for String {
    fn from(actor: Actor) -> String {
        actor.as_str().to_owned()
    }
}

impl TryFrom<String> for Actor {
    type Error = Problem;

    fn try_from(name: String) -> Result<Actor, Problem> {
        Actor::named(&name)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_short_line_and_no_name_is_someone() {
        assert_eq!(Actor::named(" Ada ").unwrap().to_string(), "Ada");
        assert_eq!(Actor::named(" ").unwrap(), Actor::Anonymous);
        assert_eq!(Actor::named("ü".repeat(300).as_str()).unwrap().as_str().chars().count(), 300);
        assert!(Actor::named(&"ü".repeat(301)).unwrap_err().message.contains("300"));
        assert!(Actor::named("A\nB").unwrap_err().message.contains("one line"));
    }

    #[test]
    fn json_has_the_name_alone_and_is_checked_when_it_is_read() {
        let json = |actor: &Actor| serde_json::to_string(actor).unwrap();
        assert_eq!(json(&Actor::named("Ada").unwrap()), "\"Ada\"");
        assert_eq!(json(&Actor::Anonymous), "\"someone\"");
        assert_eq!(serde_json::from_str::<Actor>("\"someone\"").unwrap(), Actor::Anonymous);
        assert_eq!(serde_json::from_str::<Actor>("\"\"").unwrap(), Actor::Anonymous);
        let refused = serde_json::from_str::<Actor>("\"A\\nB\"").unwrap_err().to_string();
        assert!(refused.starts_with("Put your name on one line"), "{refused}");
    }
}
