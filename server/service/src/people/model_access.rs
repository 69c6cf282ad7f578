//! Who sees a model, and who may change what about it.

use domain::Problem;
use domain::account::{Account, Role};
use domain::audit::AuditKind;
use domain::job::JobKind;
use domain::markup::percent_decoded;
use domain::model_access::{ModelAccess, ModelRoles, Openness};
use domain::snapshot::Snapshot;
use domain::visitor::{Sight, SignedIn, Visitor};

use super::administers;
use super::signing_in::Client;
use crate::Service;
use crate::investigations::no_investigation;
use crate::models::{model_name, no_model};
use crate::snapshots::no_snapshot;
use crate::store::Along;

/// What a request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject<'a> {
    Investigation(&'a str),
    Snapshot(&'a str),
    Job(&'a str),
    ShareLink(&'a str),
    /// By its name as it stands in an address, percent codes and all.
    Model(&'a str),
}

impl Service {
    /// Every model with who sees it, and how many members it has.
    ///
    /// # Errors
    /// `Forbidden` for who doesn't administer.
    pub async fn model_standings(&self, visitor: &Visitor) -> Result<Vec<(String, Openness, u64)>, Problem> {
        administers(visitor)?;
        Ok(self.inner.store.model_standings().await?)
    }

    /// # Errors
    /// `Forbidden` for who doesn't administer; `BadInput` without a name.
    pub async fn model_access(&self, visitor: &Visitor, model: &str) -> Result<ModelAccess, Problem> {
        administers(visitor)?;
        Ok(self.inner.store.model_access(&model_name(model)?).await?)
    }

    /// # Errors
    /// As [`Service::model_access`].
    pub async fn open_model(
        &self,
        visitor: &Visitor,
        model: &str,
        to: Openness,
        client: &Client,
    ) -> Result<(), Problem> {
        administers(visitor)?;
        let (actor, model) = (&visitor.person()?.0.name, model_name(model)?);
        let what = AuditKind::ModelOpened { model: model.clone(), to };
        let along = [Along::Audit { actor, from: &client.address, what: &what }];
        Ok(self.inner.store.set_openness(&model, to, &along).await?)
    }

    /// Gives somebody a role in a model; without one they have the role that they have everywhere.
    ///
    /// # Errors
    /// As [`Service::model_access`]; `BadInput` for a role that no model has; `NotFound` without the account.
    pub async fn give_model_role(
        &self,
        visitor: &Visitor,
        model: &str,
        account: &str,
        role: Option<Role>,
        client: &Client,
    ) -> Result<(), Problem> {
        let (actor, of) = self.about(visitor, account).await?;
        let (model, of_name) = (model_name(model)?, of.name.to_string());
        let what = match role {
            Some(Role::Admin) => {
                return Err(Problem::bad_input("Admins are admins everywhere. Choose viewer or editor for a model."));
            }
            Some(role) => AuditKind::MemberMade { of: of_name, model: model.clone(), role },
            None => AuditKind::MemberRemoved { of: of_name, model: model.clone() },
        };
        let along = [Along::Audit { actor: &actor.name, from: &client.address, what: &what }];
        Ok(self.inner.store.set_member(&model, account, role, &along).await?)
    }

    /// What an account may do with models.
    pub(super) async fn roles_in_models(&self, account: &Account) -> Result<ModelRoles, Problem> {
        match account.role {
            Role::Admin => Ok(ModelRoles::default()),
            Role::Viewer | Role::Editor => Ok(self.inner.store.model_roles(&account.id).await?),
        }
    }

    /// The visitor as they are to the model that a request is about.
    ///
    /// # Errors
    /// `NotFound` for who does not see it, as if it were not there.
    pub async fn before(&self, subject: Subject<'_>, visitor: Visitor) -> Result<Visitor, Problem> {
        if !matches!(&visitor, Visitor::SignedIn(SignedIn { account, .. }) if account.role != Role::Admin) {
            return Ok(visitor);
        }
        let store = &self.inner.store;
        match subject {
            Subject::Investigation(id) => match store.model_of(id).await? {
                Some(model) => visitor.within(&model).ok_or_else(no_investigation),
                // Whoever answers says that it is not there.
                None => Ok(visitor),
            },
            Subject::Snapshot(id) => {
                self.require_seen(&visitor, &[id]).await?;
                Ok(visitor)
            }
            Subject::Job(id) => match store.job(id).await? {
                Some(job) => {
                    let subject = match job.kind {
                        JobKind::Profile => Subject::Snapshot(&job.subject),
                        JobKind::Diagnose => Subject::Investigation(&job.subject),
                        JobKind::Judge => {
                            return match store.arrival(&job.subject).await? {
                                Some(stored) => visitor.within(&stored.arrival.model).ok_or_else(no_model),
                                None => Ok(visitor),
                            };
                        }
                    };
                    Box::pin(self.before(subject, visitor)).await
                }
                None => Ok(visitor),
            },
            Subject::Model(name) => {
                let name = percent_decoded(name).ok_or_else(no_model)?;
                // As it is kept: spaces around a name are not a part of it.
                visitor.within(name.trim()).ok_or_else(no_model)
            }
            Subject::ShareLink(id) => match store.share_link(id).await? {
                Some(link) => Box::pin(self.before(Subject::Investigation(&link.investigation), visitor)).await,
                None => Ok(visitor),
            },
        }
    }

    /// # Errors
    /// `NotFound` where somebody does not see one of these snapshots, as if it were not there.
    pub async fn require_seen(&self, visitor: &Visitor, ids: &[&str]) -> Result<(), Problem> {
        let sight = visitor.sight();
        if sight == Sight::All {
            // Whether they are there is said by whoever reads them.
            return Ok(());
        }
        for id in ids {
            if !self.inner.store.sees_snapshot(id, &sight).await? {
                return Err(no_snapshot());
            }
        }
        Ok(())
    }

    /// Notes who brought these files.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn brought(&self, visitor: &Visitor, snapshots: &[Snapshot]) -> Result<(), Problem> {
        if let Visitor::SignedIn(SignedIn { account, .. }) = visitor {
            for snapshot in snapshots {
                self.inner.store.insert_brought(&snapshot.id, &account.id).await?;
            }
        }
        Ok(())
    }
}
