//! The end of an investigation, and opening it again.

use domain::closing::Closing;
use domain::decision::Ruling;
use domain::event::EventKind;
use domain::investigation::InvestigationState;
use domain::{Actor, Problem, ProblemKind};

use crate::Service;
use crate::decisions::{all_of, no_suspect};
use crate::said::text;
use crate::store::Along;

impl Service {
    /// Closes the investigation with its verdict.
    ///
    /// # Errors
    /// `NotFound`, `Conflict` when it is closed, `BadInput` without a verdict.
    pub async fn close(&self, id: &str, closing: &Closing, actor: &Actor) -> Result<(), Problem> {
        self.require_open(id).await?;
        let closing = checked(closing)?;
        let verdict = closing.verdict.clone();
        let kind = EventKind::Closed { closing };
        let along = [Along::Event { investigation: id, actor, kind: &kind }];
        Ok(self.inner.store.set_investigation_state(id, InvestigationState::Closed, Some(&verdict), &along).await?)
    }

    /// Closes it with a suspect of the last diagnosis as the cause, which confirms the suspect.
    ///
    /// # Errors
    /// As [`Service::close`]; `NotFound` without the suspect.
    pub async fn close_with_suspect(
        &self,
        id: &str,
        suspect: &str,
        closing: &Closing,
        actor: &Actor,
    ) -> Result<(), Problem> {
        self.require_open(id).await?;
        checked(closing)?;
        let diagnosis = self.shown_diagnosis(id).await?.ok_or_else(no_suspect)?;
        let known = all_of(&diagnosis).find(|one| one.key() == suspect).ok_or_else(no_suspect)?;
        let is_confirmed = diagnosis.decision_about(known).is_some_and(|decision| decision.ruling == Ruling::Confirmed);
        if !is_confirmed {
            self.decide(id, suspect, Ruling::Confirmed, "", actor).await?;
        }
        // The kind is the suspect's, unless people know better.
        let root_cause = closing.root_cause.or(Some(known.cause));
        self.close(id, &Closing { cause: known.statement.clone(), root_cause, ..closing.clone() }, actor).await
    }

    /// # Errors
    /// `NotFound`, `Conflict` when it is open.
    pub async fn reopen(&self, id: &str, actor: &Actor) -> Result<(), Problem> {
        if self.require_investigation(id).await?.is_open() {
            return Err(Problem::new(ProblemKind::Conflict, "The investigation is open already."));
        }
        let along = [Along::Event { investigation: id, actor, kind: &EventKind::Reopened }];
        Ok(self.inner.store.set_investigation_state(id, InvestigationState::Open, None, &along).await?)
    }
}

fn checked(closing: &Closing) -> Result<Closing, Problem> {
    let closing = Closing {
        verdict: text("The verdict", &closing.verdict)?,
        root_cause: closing.root_cause,
        cause: text("The cause", &closing.cause)?,
        impact: text("The impact", &closing.impact)?,
        done: text("What was done", &closing.done)?,
        prevention: text("What will prevent it", &closing.prevention)?,
    };
    if closing.verdict.is_empty() {
        return Err(Problem::bad_input("Write the verdict: what was wrong, or that nothing was, in a sentence."));
    }
    Ok(closing)
}
