//! Invitations: a link by which somebody makes an account, once.

use domain::account::{Invitation, Role};
use domain::audit::AuditKind;
use domain::visitor::Visitor;
use domain::{Problem, ProblemKind};
use identity::{Secret, hash_of};

use super::administers;
use super::set_up::NewAccount;
use super::signing_in::Client;
use crate::Service;
use crate::store::{Along, MadeBy, new_id, now_ms};

const LIFE_MS: i64 = 7 * 86_400_000;

impl Service {
    /// Makes an invitation, which lives for a week; its secret is shown once.
    ///
    /// # Errors
    /// `Forbidden` for who doesn't administer.
    pub async fn invite(
        &self,
        visitor: &Visitor,
        role: Role,
        client: &Client,
    ) -> Result<(Invitation, Secret), Problem> {
        administers(visitor)?;
        let (account, _) = visitor.person()?;
        let (secret, now) = (Secret::new("")?, now_ms());
        let invitation = Invitation {
            id: new_id(),
            role,
            author: account.name.clone(),
            created_at_ms: now,
            expires_at_ms: now.saturating_add(LIFE_MS),
            used_at_ms: None,
            revoked_at_ms: None,
        };
        let along = [Along::Audit { actor: &account.name, from: &client.address, what: &AuditKind::Invited { role } }];
        self.inner.store.insert_invitation(&invitation, &secret.hash(), &along).await?;
        Ok((invitation, secret))
    }

    /// Those that still work, newest first.
    ///
    /// # Errors
    /// `Forbidden` for who doesn't administer.
    pub async fn invitations(&self, visitor: &Visitor) -> Result<Vec<Invitation>, Problem> {
        administers(visitor)?;
        Ok(self.inner.store.open_invitations().await?)
    }

    /// # Errors
    /// `Forbidden` for who doesn't administer; `NotFound` where it was taken back or used already.
    pub async fn revoke_invitation(&self, visitor: &Visitor, id: &str, client: &Client) -> Result<(), Problem> {
        administers(visitor)?;
        let (account, _) = visitor.person()?;
        let along = [Along::Audit { actor: &account.name, from: &client.address, what: &AuditKind::InvitationRevoked }];
        match self.inner.store.revoke_invitation(id, &along).await? {
            true => Ok(()),
            false => Err(Problem::not_found("This invitation was used or taken back already.")),
        }
    }

    /// The invitation with this secret.
    ///
    /// # Errors
    /// `NotFound`, in the same words whether it never was, was used, has expired or was taken back.
    pub async fn invitation(&self, secret: &str) -> Result<Invitation, Problem> {
        let invitation = self.inner.store.invitation_by_hash(&hash_of(secret)).await?;
        invitation.filter(|invitation| invitation.works(now_ms())).ok_or_else(|| {
            Problem::not_found("This invitation does not work: it may have been used, or expired. Ask for a new one.")
        })
    }

    /// Makes an account by an invitation and signs it in: the session's secret.
    ///
    /// # Errors
    /// As [`Service::invitation`]; `BadInput` for a password that is easily guessed; `Conflict` for names that are taken.
    pub async fn join(&self, secret: &str, new: &NewAccount, client: &Client) -> Result<Secret, Problem> {
        if !self.has_accounts() {
            return Err(Problem::new(ProblemKind::NotFound, "This server has no accounts."));
        }
        let Invitation { id, role, .. } = self.invitation(secret).await?;
        let made_by = MadeBy::Invitation(&id);
        let account = self.made(new, role, made_by, &AuditKind::Joined { role }, client).await?;
        self.session_for(&account, client, &[]).await
    }
}
