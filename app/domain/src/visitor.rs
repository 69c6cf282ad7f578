//! Whoever sends a request, and what they may do.

use crate::account::{Account, Role};
use crate::model_access::ModelRoles;
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
    /// What they may do: the account's role, or less by a token; on the pages of a model, what they may do there.
    pub role: Role,
    /// The same for what is about no model.
    pub elsewhere: Role,
    pub models: ModelRoles,
}

impl SignedIn {
    fn administers(&self) -> bool {
        self.account.role == Role::Admin
    }
}

/// What somebody sees of the models that are for their members only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    All,
    /// What the account with this id is a member of.
    Of(String),
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

    /// Whether they have this role or more anywhere, such as in one model.
    pub fn may_somewhere(&self, role: Role) -> bool {
        let in_a_model = match self {
            Visitor::SignedIn(signed_in) => signed_in.models.highest().is_some_and(|highest| highest >= role),
            Visitor::Anybody(_) | Visitor::Nobody => false,
        };
        in_a_model || self.may(role)
    }

    /// What they may do with a model, which may be none (an empty name); `None` for who does not see it.
    pub fn role_in(&self, model: &str) -> Option<Role> {
        match self {
            Visitor::Anybody(_) => Some(Role::Admin),
            Visitor::Nobody => None,
            // Whoever gives the roles has all of them.
            Visitor::SignedIn(signed_in) if signed_in.administers() => Some(signed_in.elsewhere),
            Visitor::SignedIn(signed_in) => signed_in.models.role(model, signed_in.elsewhere),
        }
    }

    /// The same visitor on the pages of a model; `None` for who does not see it.
    pub fn within(mut self, model: &str) -> Option<Visitor> {
        let role = self.role_in(model)?;
        if let Visitor::SignedIn(signed_in) = &mut self {
            signed_in.role = role;
        }
        Some(self)
    }

    /// # Errors
    /// `Forbidden` for who may not open investigations of this model or give it files.
    pub fn edits_model(&self, model: &str) -> Result<(), Problem> {
        match self.role_in(model) {
            Some(role) if role >= Role::Editor => Ok(()),
            _ => Err(Problem::new(
                ProblemKind::Forbidden,
                "You may not change anything about this model. Ask an admin, or write the name of another one.",
            )),
        }
    }

    pub fn sight(&self) -> Sight {
        match self {
            Visitor::Anybody(_) => Sight::All,
            // The id of no account.
            Visitor::Nobody => Sight::Of("nobody".to_owned()),
            Visitor::SignedIn(signed_in) if signed_in.administers() => Sight::All,
            Visitor::SignedIn(signed_in) => Sight::Of(signed_in.account.id.clone()),
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
        Visitor::SignedIn(SignedIn { account, by, role, elsewhere: role, models: ModelRoles::default() })
    }

    /// An editor elsewhere, with these roles in models.
    fn member(member: &[(&str, Role)], closed: &[&str]) -> Visitor {
        let Visitor::SignedIn(mut member_of) = signed_in(Role::Editor, Credential::Proxy) else { unreachable!() };
        member_of.account.role = Role::Editor;
        member_of.models.member = member.iter().map(|(model, role)| ((*model).to_owned(), *role)).collect();
        member_of.models.closed = closed.iter().map(|model| (*model).to_owned()).collect();
        Visitor::SignedIn(member_of)
    }

    #[test]
    fn in_a_model_somebody_has_the_role_of_the_model() {
        let visitor = member(&[("read", Role::Viewer)], &["hidden"]);
        assert!(visitor.edits_model("another").is_ok() && visitor.edits_model("").is_ok());
        for model in ["read", "hidden"] {
            assert_eq!(visitor.edits_model(model).unwrap_err().kind, ProblemKind::Forbidden);
        }
        assert!(!visitor.clone().within("read").unwrap().may(Role::Editor));
        assert!(visitor.clone().within("hidden").is_none());
        assert_eq!(visitor.sight(), Sight::Of("1".to_owned()));
        // An admin's token sees what an admin sees, and does what a token may do.
        let token = signed_in(Role::Viewer, Credential::Token("t".to_owned()));
        assert_eq!((token.role_in("hidden"), token.sight()), (Some(Role::Viewer), Sight::All));
        assert!(Visitor::Nobody.role_in("").is_none() && !Visitor::Nobody.may_somewhere(Role::Viewer));
    }

    #[test]
    fn who_edits_one_model_edits_somewhere() {
        let Visitor::SignedIn(mut viewer) = member(&[("ours", Role::Editor)], &[]) else { unreachable!() };
        (viewer.role, viewer.elsewhere) = (Role::Viewer, Role::Viewer);
        let viewer = Visitor::SignedIn(viewer);
        assert!(viewer.may_somewhere(Role::Editor) && !viewer.may(Role::Editor));
        assert!(viewer.edits_model("ours").is_ok() && viewer.edits_model("another").is_err());
        let within = viewer.within("ours").unwrap();
        assert!(within.may(Role::Editor) && within.edits_model("another").is_err(), "it is not carried elsewhere");
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
