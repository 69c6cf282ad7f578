//! Whoever sends a request, and what they may do.

use crate::account::{Account, Role};
use crate::{Actor, Problem, ProblemKind};

/// Whoever sends a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visitor {
    /// There are no accounts: whoever reaches the server may do everything, under the name that they give.
    Anybody(Actor),
    /// There are accounts, and nobody is signed in.
    Nobody,
    SignedIn(SignedIn),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    pub account: Account,
    pub by: Credential,
    /// What they may do: the account's role, or less by a token.
    pub role: Role,
}

/// How somebody showed who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// The id of a session.
    Session(String),
    /// The id of a token.
    Token(String),
    /// A trusted proxy says so, with each request.
    Proxy,
}

impl Visitor {
    /// Whether they have this role or more.
    pub fn may(&self, role: Role) -> bool {
        match self {
            Visitor::Anybody(_) => true,
            Visitor::Nobody => false,
            Visitor::SignedIn(signed_in) => signed_in.role >= role,
        }
    }

    /// The account's name, which nobody can choose otherwise in a request; `None` where people sign what they do themselves.
    pub fn signs_as(&self) -> Option<&Actor> {
        match self {
            Visitor::Anybody(_) | Visitor::Nobody => None,
            Visitor::SignedIn(signed_in) => Some(&signed_in.account.name),
        }
    }

    /// Who is signed in in a browser, and the id of the session; through a proxy there is none.
    ///
    /// # Errors
    /// `Forbidden` for everybody else: a token has no page of its own.
    pub fn person(&self) -> Result<(&Account, Option<&str>), Problem> {
        match self {
            Visitor::SignedIn(SignedIn { account, by: Credential::Session(session), .. }) => {
                Ok((account, Some(session)))
            }
            Visitor::SignedIn(SignedIn { account, by: Credential::Proxy, .. }) => Ok((account, None)),
            Visitor::SignedIn(_) => {
                Err(Problem::new(ProblemKind::Forbidden, "A token can't do this. Sign in instead."))
            }
            Visitor::Anybody(_) => Err(Problem::new(
                ProblemKind::NotFound,
                "This server has no accounts. Start it with --accounts to have some.",
            )),
            Visitor::Nobody => Err(Problem::new(ProblemKind::Unauthorized, "Sign in first.")),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;
    use crate::account::Login;

    fn signed_in(role: Role, by: Credential) -> Visitor {
        let account = Account {
            id: "1".to_owned(),
            login: Login::new("ada@example.org").unwrap(),
            name: Actor::named("Ada").unwrap(),
            role: Role::Admin,
            created_at_ms: 0,
            disabled_at_ms: None,
        };
        Visitor::SignedIn(SignedIn { account, by, role })
    }

    #[test]
    fn a_role_holds_those_below_it_and_only_a_session_is_a_person() {
        let reader = signed_in(Role::Viewer, Credential::Token("t".to_owned()));
        assert!(reader.may(Role::Viewer) && !reader.may(Role::Editor));
        assert_eq!(reader.person().unwrap_err().kind, ProblemKind::Forbidden);
        let admin = signed_in(Role::Admin, Credential::Session("s".to_owned()));
        assert!(Role::ALL.into_iter().all(|role| admin.may(role)));
        assert_eq!(admin.person().unwrap().1, Some("s"));
        assert_eq!(signed_in(Role::Admin, Credential::Proxy).person().unwrap().1, None);
        assert!(!Visitor::Nobody.may(Role::Viewer));
        assert_eq!(Visitor::Nobody.person().unwrap_err().kind, ProblemKind::Unauthorized);
        let anybody = Visitor::Anybody(Actor::Anonymous);
        assert!(anybody.may(Role::Admin) && anybody.signs_as().is_none());
        assert_eq!(anybody.person().unwrap_err().kind, ProblemKind::NotFound);
    }
}
