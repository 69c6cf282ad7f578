//! Who has an account, and what they may do.

use domain::account::{Account, Login, Role};
use domain::audit::AuditKind;
use domain::visitor::Visitor;
use domain::{Actor, Problem, ProblemKind};

use super::administers;
use super::signing_in::Client;
use crate::Service;
use crate::blocking::blocking;
use crate::store::{Along, new_id, now_ms};

impl Service {
    /// Everybody, in the order in which they came.
    ///
    /// # Errors
    /// `Forbidden` for who doesn't administer.
    pub async fn accounts(&self, visitor: &Visitor) -> Result<Vec<Account>, Problem> {
        administers(visitor)?;
        Ok(self.inner.store.accounts().await?)
    }

    /// Gives somebody a role.
    ///
    /// # Errors
    /// `Forbidden` for who doesn't administer; `NotFound`; `Conflict` where nobody would administer any more.
    pub async fn give_role(&self, visitor: &Visitor, id: &str, role: Role, client: &Client) -> Result<(), Problem> {
        let (actor, of) = self.about(visitor, id).await?;
        let what = AuditKind::RoleGiven { of: of.name.to_string(), role };
        let along = [Along::Audit { actor: &actor.name, from: &client.address, what: &what }];
        kept(self.inner.store.set_role(id, role, &along).await?)
    }

    /// Keeps somebody out: their sessions and tokens end at once.
    ///
    /// # Errors
    /// As [`Service::give_role`].
    pub async fn disable(&self, visitor: &Visitor, id: &str, client: &Client) -> Result<(), Problem> {
        let (actor, of) = self.about(visitor, id).await?;
        let what = AuditKind::Disabled { of: of.name.to_string() };
        let along = [Along::Audit { actor: &actor.name, from: &client.address, what: &what }];
        kept(self.inner.store.set_disabled(id, Some(now_ms()), &along).await?)
    }

    /// Lets somebody in again.
    ///
    /// # Errors
    /// As [`Service::give_role`].
    pub async fn enable(&self, visitor: &Visitor, id: &str, client: &Client) -> Result<(), Problem> {
        let (actor, of) = self.about(visitor, id).await?;
        let what = AuditKind::Enabled { of: of.name.to_string() };
        let along = [Along::Audit { actor: &actor.name, from: &client.address, what: &what }];
        kept(self.inner.store.set_disabled(id, None, &along).await?)
    }

    /// Takes the name of somebody whose account is disabled out of what they said and did; a name without a meaning stands there
    /// from then on. The audit log, which nobody edits, keeps it, and so does what people wrote in their texts.
    ///
    /// # Errors
    /// As [`Service::give_role`]; `Conflict` while the account is not disabled.
    pub async fn erase(&self, visitor: &Visitor, id: &str, client: &Client) -> Result<(), Problem> {
        let (actor, of) = self.about(visitor, id).await?;
        let word = distinct_word();
        let after = Account {
            name: Actor::named(&format!("Former member {word}"))?,
            login: Login::new(&format!("former-{word}"))?,
            ..of.clone()
        };
        let password = blocking(identity::unknown_to_everybody).await?;
        let what = AuditKind::Erased { now: after.name.to_string() };
        let along = [Along::Audit { actor: &actor.name, from: &client.address, what: &what }];
        match self.inner.store.erase_account(&of, &after, &password, &along).await? {
            true => {
                self.inner.store.try_checkpoint().await;
                Ok(())
            }
            false => Err(Problem::new(
                ProblemKind::Conflict,
                "Disable the account first: who can still sign in would write under the new name.",
            )),
        }
    }

    /// Who does it, and to whom.
    pub(super) async fn about(&self, visitor: &Visitor, id: &str) -> Result<(Account, Account), Problem> {
        administers(visitor)?;
        let (actor, _) = visitor.person()?;
        let of = self.inner.store.account(id).await?;
        let of = of.ok_or_else(|| Problem::not_found("There is no such account."))?;
        Ok((actor.clone(), of))
    }
}

/// Eight letters and digits by which one name differs from others.
pub(super) fn distinct_word() -> String {
    new_id().chars().filter(char::is_ascii_alphanumeric).rev().take(8).collect()
}

/// The store refuses what would leave nobody who administers.
fn kept(done: bool) -> Result<(), Problem> {
    match done {
        true => Ok(()),
        false => {
            Err(Problem::new(ProblemKind::Conflict, "Somebody has to administer: make another person admin first."))
        }
    }
}
