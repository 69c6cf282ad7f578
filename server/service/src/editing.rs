//! What an investigation is called and about, and whether it is listed.

use domain::event::EventKind;
use domain::investigation::{Edit, Investigation};
use domain::{Actor, Problem, ProblemKind};

use crate::Service;
use crate::investigations::{checked_name, required_line};
use crate::store::{Along, now_ms};

/// Symptoms of one investigation.
const MOST_SYMPTOMS: usize = 50;

impl Service {
    /// Gives the investigation another title, model or symptoms. Other symptoms point to other layers, so the checks run again.
    ///
    /// # Errors
    /// `NotFound`, `BadInput` when a text is too long or the title empty, `Conflict` for the symptoms of a closed one.
    pub async fn edit(&self, id: &str, edit: Edit) -> Result<Investigation, Problem> {
        let _alone = self.inner.changing.lock().await;
        let row = self.require_investigation(id).await?;
        let title = edit.title.map(|title| required_line("a title", &title)).transpose()?;
        let model = edit.model.map(|model| checked_name(&model)).transpose()?;
        let title = title.filter(|title| *title != row.title);
        let model = model.filter(|model| *model != row.model);
        let symptoms = edit.symptoms.filter(|symptoms| *symptoms != row.symptoms);
        if let Some(symptoms) = &symptoms {
            if symptoms.len() > MOST_SYMPTOMS {
                return Err(Problem::bad_input(format!("Give at most {MOST_SYMPTOMS} symptoms.")));
            }
            for symptom in symptoms {
                required_line("a symptom", symptom.words())?;
            }
            self.require_open(id).await?;
        }
        if title.is_none() && model.is_none() && symptoms.is_none() {
            return self.investigation(id).await;
        }
        let kind = EventKind::Edited { title: title.clone(), model: model.clone(), symptoms: symptoms.clone() };
        let along = [Along::Event { investigation: id, actor: &edit.author, kind: &kind }];
        let (new_title, new_model) = (title.unwrap_or(row.title), model.unwrap_or(row.model));
        let rerun = symptoms.is_some();
        let new_symptoms = symptoms.unwrap_or(row.symptoms);
        self.inner.store.set_about(id, &new_title, &new_model, &new_symptoms, &along).await?;
        if rerun {
            self.diagnose_again(id).await?;
        }
        self.investigation(id).await
    }

    /// Takes the investigation out of the list; everything else stays as it is.
    ///
    /// # Errors
    /// `NotFound`, `Conflict` when it is archived already.
    pub async fn archive(&self, id: &str, actor: &Actor) -> Result<(), Problem> {
        if self.require_investigation(id).await?.archived_at_ms.is_some() {
            return Err(Problem::new(ProblemKind::Conflict, "The investigation is archived already."));
        }
        let along = [Along::Event { investigation: id, actor, kind: &EventKind::Archived }];
        Ok(self.inner.store.set_archived(id, Some(now_ms()), &along).await?)
    }

    /// Lists it again.
    ///
    /// # Errors
    /// `NotFound`, `Conflict` when it is not archived.
    pub async fn unarchive(&self, id: &str, actor: &Actor) -> Result<(), Problem> {
        if self.require_investigation(id).await?.archived_at_ms.is_none() {
            return Err(Problem::new(ProblemKind::Conflict, "The investigation is not archived."));
        }
        let along = [Along::Event { investigation: id, actor, kind: &EventKind::Unarchived }];
        Ok(self.inner.store.set_archived(id, None, &along).await?)
    }
}
