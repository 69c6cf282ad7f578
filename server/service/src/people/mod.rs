//! People: accounts, how they show who they are, and what happened to accounts.

mod accounts;
mod elsewhere;
mod invitations;
mod model_access;
mod refused;
mod set_up;
mod signing_in;
mod staying;
mod tokens;

use std::sync::{Arc, Mutex};

use domain::account::Role;
use domain::audit::AuditLine;
use domain::visitor::Visitor;
use domain::{Problem, ProblemKind};
use identity::Throttle;
use openid::SignIn;
use tokio::sync::Semaphore;

use self::refused::{Refusals, Waiting, refusals};
use crate::Service;

pub use elsewhere::Elsewhere;
pub use model_access::Subject;
pub(crate) use refused::write_refusals;
pub use set_up::NewAccount;
pub use signing_in::{Browser, Client, SignedInNow};

/// Passwords that are hashed at once: each takes 19 MiB and a core.
const HASHED_AT_ONCE: usize = 2;

/// Those who are waited for: the last of them waits for about three seconds.
const MOST_IN_LINE: usize = 64;

/// Lines of the audit log that are shown at once.
pub const AUDIT_PAGE: usize = 100;

/// What is known of people in memory.
pub(crate) struct People {
    throttle: Mutex<Throttle>,
    hashing: Semaphore,
    /// Those who wait for it, and who it is done for.
    in_line: Semaphore,
    /// The hash of the code with which the first account is made; `None` once it was.
    set_up: Mutex<Option<String>>,
    /// The provider of OpenID Connect that people can sign in with.
    sign_in: Option<Arc<SignIn>>,
    /// Refused requests, on their way into the audit log.
    refusals: Refusals,
}

impl People {
    /// With what was refused, for who writes it.
    pub(crate) fn new(elsewhere: &Elsewhere) -> (Self, Waiting) {
        let (refusals, waiting) = refusals();
        let people = People {
            throttle: Mutex::default(),
            hashing: Semaphore::new(HASHED_AT_ONCE),
            in_line: Semaphore::new(MOST_IN_LINE),
            set_up: Mutex::default(),
            sign_in: elsewhere.provider.clone().map(|provider| Arc::new(SignIn::new(provider))),
            refusals,
        };
        (people, waiting)
    }
}

impl Service {
    /// Whether people have accounts here, and nobody else gets in.
    pub fn has_accounts(&self) -> bool {
        self.inner.accounts
    }

    /// A page of the audit log, the newest line first; `before` is the last line of the page before. What was refused a moment
    /// ago is on the first page.
    ///
    /// # Errors
    /// `Forbidden` for who doesn't administer.
    pub async fn audit(&self, visitor: &Visitor, before: Option<i64>) -> Result<Vec<AuditLine>, Problem> {
        administers(visitor)?;
        if before.is_none() {
            self.until_refusals_are_written().await;
        }
        Ok(self.inner.store.audit_lines(before, AUDIT_PAGE as i64).await?)
    }

    /// The first line of the audit log that was changed after it was written, or that follows one that was taken out.
    ///
    /// # Errors
    /// `Forbidden` for who doesn't administer.
    pub async fn audit_is_broken_at(&self, visitor: &Visitor) -> Result<Option<i64>, Problem> {
        administers(visitor)?;
        Ok(self.inner.store.first_broken_audit_line().await?)
    }
}

/// # Errors
/// `Forbidden` for who doesn't administer, `NotFound` where there are no accounts.
fn administers(visitor: &Visitor) -> Result<(), Problem> {
    visitor.person()?;
    match visitor.may(Role::Admin) {
        true => Ok(()),
        false => Err(Problem::new(ProblemKind::Forbidden, "Only an admin can do this. Ask one of them.")),
    }
}
