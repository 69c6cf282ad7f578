//! Hypotheses: the suspects of the diagnosis and those that people add.

use domain::event::EventKind;
use domain::hypothesis::{Hypothesis, hypotheses};
use domain::own_hypothesis::{MOST_OWN, OwnHypothesis};
use domain::{Actor, Problem};

use crate::Service;
use crate::decisions::no_suspect;
use crate::investigations::line;
use crate::store::{Along, new_id, now_ms};

impl Service {
    /// Adds what somebody holds to be possible.
    ///
    /// # Errors
    /// `NotFound`, `Conflict` when the investigation is closed, `BadInput` when it says nothing or there are too many.
    pub async fn add_hypothesis(
        &self,
        investigation: &str,
        statement: &str,
        actor: &Actor,
    ) -> Result<OwnHypothesis, Problem> {
        self.require_open(investigation).await?;
        let statement = line("the hypothesis", statement)?;
        if statement.is_empty() {
            return Err(Problem::bad_input("Say in a sentence what may be the cause."));
        }
        if self.inner.store.hypotheses(investigation).await?.len() >= MOST_OWN {
            return Err(Problem::bad_input(format!("An investigation has at most {MOST_OWN} hypotheses of its own.")));
        }
        let new = OwnHypothesis { id: new_id(), statement, author: actor.clone(), at_ms: now_ms() };
        let kind = EventKind::HypothesisAdded { statement: new.statement.clone() };
        self.inner
            .store
            .insert_hypothesis(investigation, &new, &[Along::Event { investigation, actor, kind: &kind }])
            .await?;
        Ok(new)
    }

    /// All hypotheses of an investigation, as [`domain::hypothesis::hypotheses`] orders them.
    ///
    /// # Errors
    /// `NotFound` without it.
    pub async fn hypotheses(&self, investigation: &str) -> Result<Vec<Hypothesis>, Problem> {
        let diagnosis = self.shown_diagnosis(investigation).await?;
        Ok(hypotheses(&self.investigation(investigation).await?, diagnosis.as_deref()))
    }

    /// The hypothesis with a key; also a suspect that is not listed by itself.
    ///
    /// # Errors
    /// `NotFound` without it.
    pub(crate) async fn hypothesis(&self, investigation: &str, key: &str) -> Result<Known, Problem> {
        if let Some(known) = self.hypotheses(investigation).await?.into_iter().find(|one| one.key == key) {
            return Ok(Known { statement: known.statement });
        }
        let diagnosis = self.shown_diagnosis(investigation).await?.ok_or_else(no_suspect)?;
        let suspect = crate::decisions::all_of(&diagnosis).find(|one| one.key() == key).ok_or_else(no_suspect)?;
        Ok(Known { statement: suspect.statement.clone() })
    }
}

/// That a hypothesis is there, and what it says.
pub(crate) struct Known {
    pub statement: String,
}
