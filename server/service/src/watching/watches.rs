//! What people have watched.

use domain::model::{EditWatch, Watch};
use domain::visitor::Visitor;
use domain::{Actor, Problem, ProblemKind};

use super::places::{Place, in_folder, place_of};
use super::schedule;
use crate::Service;
use crate::blocking::blocking;
use crate::investigations::line_within;
use crate::models::{model_name, version_name};
use crate::store::{new_id, now_ms};

/// Watches of one model.
const MOST_WATCHES: i64 = 20;
const TARGET_CHARACTERS: usize = 2_000;

impl Service {
    /// The watches of a model, the oldest first, as the visitor may see them.
    ///
    /// # Errors
    /// `NotFound` without the model.
    pub async fn watches(&self, model: &str, visitor: &Visitor) -> Result<Vec<Watch>, Problem> {
        let model = self.model_row(model).await?.name;
        let watches = self.inner.store.watches_of(&model).await?;
        Ok(match visitor.edits_model(&model).is_ok() {
            true => watches,
            false => watches.into_iter().map(Watch::without_secrets).collect(),
        })
    }

    /// Has a place looked at, now and then on its schedule. A model that nobody has named before is made.
    ///
    /// # Errors
    /// `BadInput` for what is no schedule or no target; `Forbidden` for a folder that may not be read; `Conflict` for one that is
    /// there already, and beyond 20.
    pub async fn add_watch(
        &self,
        model: &str,
        asked: EditWatch,
        actor: &Actor,
        visitor: &Visitor,
    ) -> Result<Watch, Problem> {
        let model = model_name(model)?;
        let target = line_within("the target", &asked.target, TARGET_CHARACTERS)?;
        if target.is_empty() {
            return Err(Problem::bad_input("Give a folder, a prefix such as s3://bucket/folder/, or an address."));
        }
        let watch = Watch {
            id: new_id(),
            model,
            target,
            role: asked.role,
            version: version_name(&asked.version)?,
            schedule: schedule::checked(&asked.schedule, now_ms())?,
            created_by: actor.clone(),
            created_at_ms: now_ms(),
            next_at_ms: now_ms(),
            last: None,
        };
        if place_of(&watch.target) == Place::Folder {
            let (target, roots) = (watch.target.clone(), self.inner.config.link_roots.clone());
            blocking(move || in_folder(&target, &roots, now_ms())).await?;
        }
        self.inner.store.ensure_named_model(&watch.model, actor).await?;
        let _alone = self.inner.making.lock().await;
        let is_same = |one: &Watch| one.target == watch.target && one.role == watch.role;
        if self.inner.store.watches_of(&watch.model).await?.iter().any(is_same) {
            return Err(Problem::new(ProblemKind::Conflict, "This place is watched already."));
        }
        let account = match visitor {
            Visitor::SignedIn(signed_in) => Some(signed_in.account.id.as_str()),
            Visitor::Anybody(_) | Visitor::Nobody => None,
        };
        if !self.inner.store.insert_watch(&watch, account, MOST_WATCHES).await? {
            let message = format!("The model has {MOST_WATCHES} watches already. Remove one first.");
            return Err(Problem::new(ProblemKind::Conflict, message));
        }
        self.inner.watching.notify_one();
        Ok(watch)
    }

    /// Takes a watch away; what arrived stays.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn delete_watch(&self, model: &str, watch: &str) -> Result<(), Problem> {
        match self.inner.store.delete_watch(&model_name(model)?, watch).await? {
            true => Ok(()),
            false => Err(no_watch()),
        }
    }

    /// Looks at a place now.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn look_now(&self, model: &str, watch: &str) -> Result<(), Problem> {
        if !self.inner.store.look_now(&model_name(model)?, watch, now_ms()).await? {
            return Err(no_watch());
        }
        self.inner.watching.notify_one();
        Ok(())
    }
}

fn no_watch() -> Problem {
    Problem::not_found("The model has no such watch. It may have been removed.")
}
