//! Requests that were refused: with what they came, and why.

use serde::{Deserialize, Serialize};

use crate::account::Role;

/// With what a refused request came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CameWith {
    /// Somebody was signed in.
    Session,
    /// A token of this name.
    Token { name: String },
    /// A text that is nobody's token.
    UnknownToken,
    /// A share link to the investigation with this title.
    ShareLink { title: String },
    /// A proxy in front said that it is this person.
    Proxy { user: String },
}

impl CameWith {
    /// What follows the address in a sentence; nothing for who was signed in.
    fn words(&self) -> String {
        match self {
            CameWith::Session => String::new(),
            CameWith::Token { name } => format!(" with the token \u{201c}{name}\u{201d}"),
            CameWith::UnknownToken => " with a token".to_owned(),
            CameWith::ShareLink { title } => format!(" with a share link to \u{201c}{title}\u{201d}"),
            CameWith::Proxy { user } => format!(" with the name \u{201c}{user}\u{201d} from the proxy"),
        }
    }
}

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum WhyRefused {
    /// The address needs a role.
    Role {
        needed: Role,
        had: Role,
    },
    /// The address is for people, and a token came.
    NotForTokens,
    /// The account does not see what it is about, such as a model that is for its members only.
    Hidden,
    /// What answers at the address refused it; this sentence was shown.
    Answered {
        sentence: String,
    },
    /// A page of another site sent it.
    OtherSite,
    /// The token was never made here.
    Unknown,
    Revoked,
    Expired,
    /// The account of the token is disabled.
    Disabled,
    /// Of a share link.
    WrongPassword,
}

impl WhyRefused {
    fn words(&self) -> String {
        match self {
            WhyRefused::Role { needed, had } => format!("this needs the role {needed}, and the role was {had}"),
            WhyRefused::NotForTokens => "a token can't do this".to_owned(),
            WhyRefused::Hidden => "the account does not see it".to_owned(),
            WhyRefused::Answered { sentence } if sentence.is_empty() => {
                "the answer was \u{201c}Forbidden\u{201d}".to_owned()
            }
            WhyRefused::Answered { sentence } => format!("\u{201c}{sentence}\u{201d}"),
            WhyRefused::OtherSite => "a page of another site sent the request".to_owned(),
            WhyRefused::Unknown => "there is no such token".to_owned(),
            WhyRefused::Revoked => "it was revoked".to_owned(),
            WhyRefused::Expired => "it has expired".to_owned(),
            WhyRefused::Disabled => "the account is disabled".to_owned(),
            WhyRefused::WrongPassword => "the password was wrong".to_owned(),
        }
    }
}

/// A refused request. Of its address only the pattern is here: what stands in it can be a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// Method and pattern, such as `POST /people/{id}/role`.
    pub route: String,
    pub with: CameWith,
    pub why: WhyRefused,
}

impl Refused {
    /// Where it was refused and why.
    pub(super) fn words(&self) -> String {
        format!("at {}{}: {}", self.route, self.with.words(), self.why.words())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::AuditKind;

    #[test]
    fn a_refusal_says_where_with_what_and_why() {
        let refused = |with, why| Refused { route: "GET /people".to_owned(), with, why };
        let role = refused(CameWith::Session, WhyRefused::Role { needed: Role::Admin, had: Role::Viewer });
        assert_eq!(
            AuditKind::Refused { what: role.clone() }.words(),
            "was refused at GET /people: this needs the role admin, and the role was viewer"
        );
        assert_eq!(
            AuditKind::RefusedAgain { what: role, times: 1_204 }.words(),
            "was refused 1204 more times at GET /people: this needs the role admin, and the role was viewer"
        );
        for (with, why, words) in [
            (CameWith::Token { name: "gate".to_owned() }, WhyRefused::Revoked, "with the token “gate”: it was revoked"),
            (CameWith::UnknownToken, WhyRefused::Unknown, "with a token: there is no such token"),
            (
                CameWith::ShareLink { title: "Plans".to_owned() },
                WhyRefused::WrongPassword,
                "with a share link to “Plans”: the password was wrong",
            ),
        ] {
            let said = AuditKind::Refused { what: refused(with, why) }.words();
            assert_eq!(said, format!("was refused at GET /people {words}"));
        }
    }

    #[test]
    fn a_line_is_read_as_it_was_written() {
        let why = WhyRefused::Answered { sentence: "Ask an admin.".to_owned() };
        let what = Refused { route: "PUT /a".to_owned(), with: CameWith::Session, why };
        let line = AuditKind::RefusedAgain { what, times: 2 };
        let text = serde_json::to_string(&line).unwrap_or_default();
        assert_eq!(serde_json::from_str::<AuditKind>(&text).ok(), Some(line), "{text}");
    }
}
