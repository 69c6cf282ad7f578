//! Who has an account, and what they may do.

use domain::account::{Account, AuditKind, Role};
use domain::visitor::Visitor;
use domain::{Problem, ProblemKind};

use super::administers;
use super::signing_in::Client;
use crate::Service;
use crate::store::{Along, now_ms};

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

    /// Who does it, and to whom.
    async fn about(&self, visitor: &Visitor, id: &str) -> Result<(Account, Account), Problem> {
        administers(visitor)?;
        let (actor, _) = visitor.person()?;
        let of = self.inner.store.account(id).await?;
        let of = of.ok_or_else(|| Problem::not_found("There is no such account."))?;
        Ok((actor.clone(), of))
    }
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
