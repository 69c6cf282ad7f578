//! Other investigations: those that may be about the same, and closed ones whose cause is back.

use domain::decision::Ruling;
use domain::event::EventKind;
use domain::investigation::InvestigationState;
use domain::related::{MOST_RELATED, Related, RelatedBy};
use domain::visitor::Sight;
use domain::{Actor, Diagnosis, Problem, Suspect};

use crate::Service;
use crate::store::{Along, Other};

/// Suspects of one investigation that are looked for in others.
const LOOKED_FOR: usize = 20;

/// In whose name an investigation is opened again.
const OURSELVES: &str = "Mismatch";

impl Service {
    /// Investigations that somebody sees with the same suspect on the same columns, and others of the same model.
    ///
    /// # Errors
    /// `NotFound` without the investigation.
    pub async fn related(&self, investigation: &str, sight: &Sight) -> Result<Vec<Related>, Problem> {
        let row = self.require_investigation(investigation).await?;
        let store = &self.inner.store;
        let mut found: Vec<Related> = Vec::new();
        if let Some(diagnosis) = self.diagnosis(investigation).await? {
            for key in keys(&diagnosis) {
                for decided in store.decided_elsewhere(investigation, &key).await? {
                    let is_known = found.iter().any(|one| one.id == decided.investigation);
                    if !is_known && let Some(other) = store.other(&decided.investigation, sight).await? {
                        found.push(related(other, RelatedBy::Suspect { statement: decided.statement }));
                    }
                }
            }
        }
        if !row.model.is_empty() {
            for other in store.others_of_model(investigation, &row.model).await? {
                if !found.iter().any(|one| one.id == other.id) {
                    found.push(related(other, RelatedBy::Model));
                }
            }
        }
        found.truncate(MOST_RELATED);
        Ok(found)
    }

    /// Opens closed investigations of the same model again whose confirmed cause this newer diagnosis has among what changed.
    pub(crate) async fn open_regressed(&self, investigation: &str, diagnosis: &Diagnosis) -> Result<(), Problem> {
        let store = &self.inner.store;
        let Some(here) = store.other(investigation, &Sight::All).await? else { return Ok(()) };
        if here.model.is_empty() {
            return Ok(());
        }
        let actor = Actor::named(OURSELVES)?;
        for suspect in changed(diagnosis) {
            for decided in store.decided_elsewhere(investigation, &suspect.key()).await? {
                let Some(other) = store.other(&decided.investigation, &Sight::All).await? else { continue };
                let is_older = other.model == here.model && other.created_at_ms < here.created_at_ms;
                if decided.ruling != Ruling::Confirmed || !is_older || other.state == InvestigationState::Open {
                    continue;
                }
                let kind = EventKind::Regressed {
                    investigation: investigation.to_owned(),
                    title: here.title.clone(),
                    statement: suspect.statement.clone(),
                };
                let along = [Along::Event { investigation: &other.id, actor: &actor, kind: &kind }];
                store.set_investigation_state(&other.id, InvestigationState::Open, None, &along).await?;
            }
        }
        Ok(())
    }
}

fn changed(diagnosis: &Diagnosis) -> impl Iterator<Item = &Suspect> {
    diagnosis.suspects.iter().filter(|suspect| !suspect.standing).take(LOOKED_FOR)
}

fn keys(diagnosis: &Diagnosis) -> Vec<String> {
    changed(diagnosis).map(Suspect::key).collect()
}

pub(crate) fn related(other: Other, by: RelatedBy) -> Related {
    Related { id: other.id, title: other.title, model: other.model, state: other.state, verdict: other.verdict, by }
}
