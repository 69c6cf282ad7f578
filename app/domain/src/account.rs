//! People with accounts: who they are, and what they may do.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Actor, Problem};

/// Longest sign-in name, in characters.
const LONGEST_LOGIN: usize = 200;

/// What somebody may do; each can do what those before it can.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sees everything and changes nothing.
    Viewer,
    /// Opens investigations, adds data, says and decides.
    Editor,
    /// Invites people and gives them roles.
    Admin,
}

impl Role {
    pub const ALL: [Role; 3] = [Role::Viewer, Role::Editor, Role::Admin];

    pub fn id(self) -> &'static str {
        match self {
            Role::Viewer => "viewer",
            Role::Editor => "editor",
            Role::Admin => "admin",
        }
    }

    pub fn from_id(id: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.id() == id)
    }

    /// What it allows, in a few words.
    pub fn words(self) -> &'static str {
        match self {
            Role::Viewer => "sees everything, changes nothing",
            Role::Editor => "opens investigations, adds data, decides",
            Role::Admin => "also invites people and gives roles",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// The name that somebody signs in with, such as an e-mail address: in lower case, without spaces.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(into = "String", try_from = "String")]
#[schema(value_type = String)]
pub struct Login(String);

impl Login {
    /// # Errors
    /// `BadInput` for one that is empty, too long, or holds spaces or control characters.
    pub fn new(text: &str) -> Result<Login, Problem> {
        let text = text.trim().to_lowercase();
        if text.is_empty() {
            return Err(Problem::bad_input("Give the name you sign in with, such as your e-mail address."));
        }
        if text.chars().count() > LONGEST_LOGIN {
            return Err(Problem::bad_input(format!("Shorten the sign-in name to at most {LONGEST_LOGIN} characters.")));
        }
        if text.chars().any(|character| character.is_control() || character.is_whitespace()) {
            return Err(Problem::bad_input("A sign-in name has no spaces. An e-mail address is a good one."));
        }
        Ok(Login(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Login> for String {
    fn from(login: Login) -> String {
        login.0
    }
}

impl TryFrom<String> for Login {
    type Error = Problem;

    fn try_from(text: String) -> Result<Login, Problem> {
        Login::new(&text)
    }
}

/// Somebody who can sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Account {
    pub id: String,
    pub login: Login,
    /// What stands on everything that they do.
    #[schema(value_type = String)]
    pub name: Actor,
    pub role: Role,
    pub created_at_ms: i64,
    /// Set while they can't sign in.
    #[schema(required)]
    pub disabled_at_ms: Option<i64>,
}

impl Account {
    /// The first letters of the first and the last word of the name, in upper case.
    pub fn initials(&self) -> String {
        initials(self.name.as_str())
    }
}

/// See [`Account::initials`].
pub fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let ends = [words.first(), words.last().filter(|_| words.len() > 1)];
    ends.into_iter().flatten().filter_map(|word| word.chars().next()).flat_map(char::to_uppercase).collect()
}

/// A browser in which somebody is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    pub id: String,
    /// What the browser calls itself; may be empty.
    pub agent: String,
    pub created_at_ms: i64,
    /// When it was last used, to the minute.
    pub used_at_ms: i64,
}

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Reads what its owner can read.
    Read,
    /// Reads and changes what its owner can, except people and roles.
    Write,
}

impl Scope {
    pub const ALL: [Scope; 2] = [Scope::Read, Scope::Write];

    pub fn id(self) -> &'static str {
        match self {
            Scope::Read => "read",
            Scope::Write => "write",
        }
    }

    pub fn from_id(id: &str) -> Option<Scope> {
        Scope::ALL.into_iter().find(|scope| scope.id() == id)
    }

    /// The most that a token of this scope may do, whoever owns it.
    pub fn most(self) -> Role {
        match self {
            Scope::Read => Role::Viewer,
            Scope::Write => Role::Editor,
        }
    }
}

/// A key for a program, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    pub id: String,
    /// What it is for, in its owner's words.
    pub name: String,
    pub scope: Scope,
    pub created_at_ms: i64,
    pub expires_at_ms: i64,
    /// When it was last used, to the minute; never yet for `None`.
    pub used_at_ms: Option<i64>,
    pub revoked_at_ms: Option<i64>,
}

/// A link by which somebody makes an account, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    pub id: String,
    pub role: Role,
    /// Who invited.
    pub author: Actor,
    pub created_at_ms: i64,
    pub expires_at_ms: i64,
    pub used_at_ms: Option<i64>,
    pub revoked_at_ms: Option<i64>,
}

impl Invitation {
    pub fn works(&self, now_ms: i64) -> bool {
        self.used_at_ms.is_none() && self.revoked_at_ms.is_none() && now_ms < self.expires_at_ms
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_one_word_in_lower_case() {
        assert_eq!(Login::new(" Ada@Example.org ").unwrap().as_str(), "ada@example.org");
        for bad in ["", " ", "ada lovelace", "a\nb", &"a".repeat(201)] {
            assert!(Login::new(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn roles_are_in_order_and_a_token_never_administers() {
        assert!(Role::Viewer < Role::Editor && Role::Editor < Role::Admin);
        for role in Role::ALL {
            assert_eq!(Role::from_id(role.id()), Some(role));
        }
        for scope in Scope::ALL {
            assert_eq!(Scope::from_id(scope.id()), Some(scope));
            assert!(scope.most() < Role::Admin);
        }
    }

    #[test]
    fn initials_are_of_the_first_and_the_last_name() {
        assert_eq!(initials("Ada Lovelace"), "AL");
        assert_eq!(initials("ángel  maría de la torre"), "ÁT");
        assert_eq!((initials("Ada"), initials("  ")), ("A".to_owned(), String::new()));
    }
}
