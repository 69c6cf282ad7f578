//! What people decide about suspects, and the diagnosis as it is shown beside it.

use std::sync::Arc;

use checks::decisions::apply_decisions;
use domain::decision::{Decision, Ruling};
use domain::event::{EventKind, Reason};
use domain::{Actor, Diagnosis, Problem, Suspect};

use crate::Service;
use crate::mutes::muted;
use crate::said::text;
use crate::store::{Along, now_ms};

impl Service {
    /// The last diagnosis as people see it: with what they muted and decided. `None` until its first job is done.
    ///
    /// # Errors
    /// `NotFound` without such an investigation.
    pub async fn shown_diagnosis(&self, investigation: &str) -> Result<Option<Arc<Diagnosis>>, Problem> {
        let Some(diagnosis) = self.diagnosis(investigation).await? else { return Ok(None) };
        let mutes = self.inner.store.mutes(investigation).await?;
        let decisions = self.inner.store.decisions(investigation).await?;
        Ok(Some(decided(muted(diagnosis, &mutes, now_ms()), &decisions)))
    }

    /// Says how far people are with a hypothesis: a suspect of a diagnosis, or one of their own.
    ///
    /// # Errors
    /// `NotFound` without the hypothesis, `Conflict` when the investigation is closed.
    pub async fn decide(
        &self,
        investigation: &str,
        suspect: &str,
        ruling: Ruling,
        note: &str,
        actor: &Actor,
    ) -> Result<(), Problem> {
        self.require_open(investigation).await?;
        let note = text("The note", note)?;
        let statement = self.hypothesis(investigation, suspect).await?.statement;
        let kind = EventKind::SuspectDecided { statement: statement.clone(), ruling, reason: Reason::new(&note, None) };
        let along = [Along::Event { investigation, actor, kind: &kind }];
        let decision =
            Decision { suspect: suspect.to_owned(), statement, ruling, note, author: actor.clone(), at_ms: now_ms() };
        Ok(self.inner.store.set_decision(investigation, &decision, &along).await?)
    }

    /// Takes a decision back.
    ///
    /// # Errors
    /// `NotFound` when nothing was decided about the suspect, `Conflict` when the investigation is closed.
    pub async fn undecide(&self, investigation: &str, suspect: &str, actor: &Actor) -> Result<(), Problem> {
        self.require_open(investigation).await?;
        let decisions = self.inner.store.decisions(investigation).await?;
        let known = decisions.into_iter().find(|decision| decision.suspect == suspect);
        let Some(Decision { statement, .. }) = known else {
            return Err(Problem::not_found("Nothing was decided about this suspect."));
        };
        let kind = EventKind::DecisionTakenBack { statement };
        let along = [Along::Event { investigation, actor, kind: &kind }];
        self.inner.store.remove_decision(investigation, suspect, &along).await?;
        Ok(())
    }
}

pub(crate) fn no_suspect() -> Problem {
    Problem::not_found("The last diagnosis has no such suspect. It may have disappeared when the checks ran again.")
}

pub(crate) fn all_of(diagnosis: &Diagnosis) -> impl Iterator<Item = &Suspect> {
    diagnosis.suspects.iter().chain(&diagnosis.ruled_out_suspects).chain(&diagnosis.muted_suspects)
}

/// The diagnosis itself, not a copy, where nothing is decided.
pub(crate) fn decided(diagnosis: Arc<Diagnosis>, decisions: &[Decision]) -> Arc<Diagnosis> {
    if decisions.is_empty() { diagnosis } else { Arc::new(apply_decisions(&diagnosis, decisions)) }
}
