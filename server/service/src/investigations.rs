//! Investigations: opened with inputs, diagnosed by a job, worked on by people, closed with a verdict.

use domain::event::{EventKind, InputChange, Reason, changes_between};
use domain::investigation::{Grounds, Investigation, InvestigationState, NewInvestigation, PinnedInput, Status};
use domain::job::JobKind;
use domain::snapshot::{ColumnRole, Roles, Snapshot, SnapshotRole};
use domain::{Actor, Item, Problem, ProblemKind};
use measure::ingest::guess::together::{self, File};

use crate::Service;
use crate::mutes::checked;
use crate::said::text;
use crate::store::{Along, InvestigationRow, new_id};

/// Titles, names and other one-line texts.
const LINE_CHARACTERS: usize = 300;
/// Inputs of one investigation.
pub(crate) const MAX_INPUTS: usize = 50;

impl Service {
    /// Opens an investigation and, when it has inputs, queues its diagnosis.
    ///
    /// # Errors
    /// `BadInput` without a title, with an unknown snapshot or a role for a column that no file has.
    pub async fn create_investigation(&self, mut new: NewInvestigation) -> Result<Investigation, Problem> {
        new.title = required_line("a title", &new.title)?;
        new.model = checked_name(&new.model)?;
        let files = self.check_inputs(&new.inputs).await?;
        check_roles(&new.roles, &Roles::default(), &files)?;
        check_threshold(new.threshold)?;
        let id = new_id();
        let opened = Along::Event { investigation: &id, actor: &new.author, kind: &EventKind::Opened };
        let job = Along::Job { kind: JobKind::Diagnose, subject: &id };
        let along = if new.inputs.is_empty() { &[opened][..] } else { &[opened, job] };
        self.inner.store.insert_investigation(&id, &new, along).await?;
        self.wake_workers();
        self.investigation(&id).await
    }

    /// One investigation with everything people see of it, but the diagnosis.
    ///
    /// # Errors
    /// `NotFound` without it.
    pub async fn investigation(&self, id: &str) -> Result<Investigation, Problem> {
        let row = self.require_investigation(id).await?;
        let store = &self.inner.store;
        let inputs: Vec<PinnedInput> = store
            .inputs(id)
            .await?
            .into_iter()
            .map(|(role, stored)| PinnedInput { role, snapshot: stored.snapshot })
            .collect();
        Ok(Investigation {
            id: row.id,
            title: row.title,
            model: row.model,
            owner: row.owner,
            symptoms: row.symptoms,
            state: row.state,
            shown_label: if row.roles.label().is_none() { shown_label(&inputs) } else { None },
            inputs,
            roles: row.roles,
            threshold: row.threshold,
            positive: row.positive,
            verdict: row.verdict,
            statuses: store.statuses(id).await?,
            mutes: store.mutes(id).await?,
            decisions: store.decisions(id).await?,
            hypotheses: store.hypotheses(id).await?,
            evidence: store.evidence(id).await?,
            incident: row.incident,
            follow_ups: store.follow_ups(id).await?,
            notes: store.notes(id).await?,
            events: store.latest_events(id).await?,
            archived_at_ms: row.archived_at_ms,
            created_at_ms: row.created_at_ms,
            updated_at_ms: row.updated_at_ms,
        })
    }

    /// Pins other inputs, column roles and threshold, and diagnoses again. A diagnosis that is under way is cancelled.
    ///
    /// # Errors
    /// `NotFound`, `BadInput` with an unknown snapshot or a new role for a column that no file has, `Conflict` when the
    /// investigation is closed.
    pub async fn replace_inputs(
        &self,
        id: &str,
        inputs: &[(SnapshotRole, String)],
        roles: &Roles,
        threshold: Option<f64>,
        actor: &Actor,
    ) -> Result<Investigation, Problem> {
        let _alone = self.inner.changing.lock().await;
        self.put_inputs(id, inputs, roles, threshold, actor).await
    }

    /// Pins other inputs that follow from those that are there: of what several people add at once nothing is lost.
    ///
    /// # Errors
    /// As [`Service::replace_inputs`], and what `change` says.
    pub async fn change_inputs(
        &self,
        id: &str,
        change: impl FnOnce(&Investigation) -> Result<Vec<(SnapshotRole, String)>, Problem>,
        actor: &Actor,
    ) -> Result<Investigation, Problem> {
        let _alone = self.inner.changing.lock().await;
        let before = self.investigation(id).await?;
        let inputs = change(&before)?;
        self.put_inputs(id, &inputs, &before.roles, before.threshold, actor).await
    }

    async fn put_inputs(
        &self,
        id: &str,
        inputs: &[(SnapshotRole, String)],
        roles: &Roles,
        threshold: Option<f64>,
        actor: &Actor,
    ) -> Result<Investigation, Problem> {
        let before = self.require_open(id).await?;
        let files = self.check_inputs(inputs).await?;
        check_roles(roles, &before.roles, &files)?;
        check_threshold(threshold)?;
        let mut changes = self.changed_files(id, &files).await?;
        if *roles != before.roles {
            changes.push(InputChange::ColumnRoles);
        }
        if threshold != before.threshold {
            changes.push(InputChange::Threshold { to: threshold });
        }
        let changed = Along::Event { investigation: id, actor, kind: &EventKind::InputsChanged { changes } };
        let job = Along::Job { kind: JobKind::Diagnose, subject: id };
        let along = if inputs.is_empty() { &[changed][..] } else { &[changed, job] };
        let under_way = self.inner.store.open_jobs(id).await?;
        self.inner.store.replace_inputs(id, inputs, roles, threshold, along).await?;
        for job in under_way {
            self.cancel_job(&job.id).await?;
        }
        self.wake_workers();
        self.investigation(id).await
    }

    /// Says which column is the label, and diagnoses again.
    ///
    /// # Errors
    /// As [`Service::replace_inputs`].
    pub async fn choose_label(&self, id: &str, column: &str, actor: &Actor) -> Result<(), Problem> {
        let _alone = self.inner.changing.lock().await;
        let row = self.require_open(id).await?;
        let inputs = self.inner.store.inputs(id).await?;
        let inputs: Vec<(SnapshotRole, String)> =
            inputs.into_iter().map(|(role, stored)| (role, stored.snapshot.id)).collect();
        let mut roles = row.roles;
        roles.set(ColumnRole::Label, [column.to_owned()]);
        self.put_inputs(id, &inputs, &roles, row.threshold, actor).await?;
        Ok(())
    }

    /// Says which of two classes is the positive one, and diagnoses again.
    ///
    /// # Errors
    /// `NotFound`, `BadInput` when the class is too long, `Conflict` when the investigation is closed.
    pub async fn choose_positive(&self, id: &str, class: &str, actor: &Actor) -> Result<(), Problem> {
        self.require_open(id).await?;
        let class = required_line("a positive class", class)?;
        let changes = vec![InputChange::Positive { class: class.clone() }];
        let changed = Along::Event { investigation: id, actor, kind: &EventKind::InputsChanged { changes } };
        self.inner.store.set_positive(id, &class, &[changed]).await?;
        self.diagnose_again(id).await
    }

    /// Cancels what is under way and queues a new diagnosis.
    ///
    /// # Errors
    /// `NotFound` without such an investigation.
    pub async fn diagnose_again(&self, id: &str) -> Result<(), Problem> {
        self.require_investigation(id).await?;
        for job in self.inner.store.open_jobs(id).await? {
            self.cancel_job(&job.id).await?;
        }
        if !self.inner.store.inputs(id).await?.is_empty() {
            self.enqueue(JobKind::Diagnose, id).await?;
        }
        Ok(())
    }

    /// Records what a person says about an item.
    ///
    /// # Errors
    /// `NotFound`, `BadInput` when its time is over already, `Conflict` when the investigation is closed.
    pub async fn set_status(&self, id: &str, item: Item, status: Status, grounds: &Grounds) -> Result<(), Problem> {
        self.require_open(id).await?;
        let grounds = checked(grounds)?;
        let kind = EventKind::ItemMarked { item, status, reason: Reason::new(&grounds.note, grounds.until_ms) };
        let along = [Along::Event { investigation: id, actor: &grounds.author, kind: &kind }];
        Ok(self.inner.store.set_status(id, item, status, &grounds, &along).await?)
    }

    /// Adds a note, or an answer to one.
    ///
    /// # Errors
    /// `NotFound` without the investigation or the note that is answered, `BadInput` when the note is empty or too long.
    pub async fn add_note(&self, id: &str, words: &str, reply_to: Option<&str>, actor: &Actor) -> Result<(), Problem> {
        self.require_investigation(id).await?;
        let words = text("The note", words)?;
        if words.is_empty() {
            return Err(Problem::bad_input("The note is empty. Write something and send it again."));
        }
        let answered = match reply_to {
            Some(answered) => Some(self.first_of_thread(id, answered).await?),
            None => None,
        };
        let along = [Along::Event { investigation: id, actor, kind: &EventKind::NoteAdded }];
        self.inner.store.add_note(id, actor, &words, answered.as_deref(), &along).await?;
        Ok(())
    }

    /// The note that a note belongs to: an answer to an answer stands in the same thread.
    async fn first_of_thread(&self, id: &str, note: &str) -> Result<String, Problem> {
        let notes = self.inner.store.notes(id).await?;
        let answered = notes.into_iter().find(|one| one.id == note).ok_or_else(|| {
            Problem::not_found("The note that this answers is not in the investigation. Open the page again.")
        })?;
        Ok(answered.reply_to.unwrap_or(answered.id))
    }

    pub(crate) async fn require_investigation(&self, id: &str) -> Result<InvestigationRow, Problem> {
        let row = self.inner.store.investigation(id).await?;
        row.ok_or_else(no_investigation)
    }

    pub(crate) async fn require_open(&self, id: &str) -> Result<InvestigationRow, Problem> {
        let row = self.require_investigation(id).await?;
        match row.state {
            InvestigationState::Open => Ok(row),
            InvestigationState::Closed => Err(Problem::new(
                ProblemKind::Conflict,
                "The investigation is closed. Open it again before you change it.",
            )),
        }
    }

    /// The files behind the ids, once they are known to fit their roles.
    async fn check_inputs(&self, inputs: &[(SnapshotRole, String)]) -> Result<Vec<(SnapshotRole, Snapshot)>, Problem> {
        if inputs.len() > MAX_INPUTS {
            return Err(Problem::bad_input(format!(
                "An investigation holds at most {MAX_INPUTS} inputs. Leave some out."
            )));
        }
        let mut files = Vec::with_capacity(inputs.len());
        for (role, snapshot) in inputs {
            let snapshot = self.snapshot(snapshot).await?;
            check_part(*role, &snapshot)?;
            files.push((*role, snapshot));
        }
        Ok(files)
    }

    async fn changed_files(&self, id: &str, after: &[(SnapshotRole, Snapshot)]) -> Result<Vec<InputChange>, Problem> {
        let before = self.inner.store.inputs(id).await?;
        let before: Vec<_> = before.iter().map(|(role, stored)| (*role, &stored.snapshot)).collect();
        let after: Vec<_> = after.iter().map(|(role, snapshot)| (*role, snapshot)).collect();
        Ok(changes_between(&before, &after))
    }
}

/// The label that all files together show.
fn shown_label(inputs: &[PinnedInput]) -> Option<String> {
    let files: Vec<File> = inputs.iter().map(|input| File::of(&input.snapshot, input.role)).collect();
    together::label(&files).map(|guess| guess.column)
}

/// A role is for a column that is there; one that was named before may have gone with its file.
fn check_roles(roles: &Roles, before: &Roles, files: &[(SnapshotRole, Snapshot)]) -> Result<(), Problem> {
    let mut named = roles.iter().filter(|(role, column)| !before.columns(*role).iter().any(|known| known == column));
    let columns: Vec<&str> =
        files.iter().flat_map(|(_, file)| &file.columns).map(|column| column.name.as_str()).collect();
    let unknown = named.find(|(_, column)| !columns.is_empty() && !columns.contains(column));
    let Some((role, column)) = unknown else { return Ok(()) };
    let alike = columns.iter().find(|name| name.trim().to_lowercase() == column.trim().to_lowercase());
    let advice = match alike {
        Some(name) => format!("Did you mean `{name}`?"),
        None => format!("Name a column of a file, or no {}.", role.id()),
    };
    Err(Problem::bad_input(format!("No file has a column `{column}`. {advice}")))
}

/// An artifact has no rows to compare, and a table has nothing that a connector reads.
pub(crate) fn check_part(role: SnapshotRole, snapshot: &Snapshot) -> Result<(), Problem> {
    match (role.is_table(), snapshot.guessed_role.is_table()) {
        (true, false) => Err(Problem::bad_input(format!(
            "`{}` is an artifact of another tool ({}), not a table of rows; give it the role `{}`.",
            snapshot.name,
            snapshot.format,
            SnapshotRole::Artifact.id()
        ))),
        (false, true) => Err(Problem::bad_input(format!(
            "`{}` was read as a table, not as an artifact of another tool; give it the role of a table, or leave it out.",
            snapshot.name
        ))),
        _ => Ok(()),
    }
}

pub(crate) fn line(what: &str, value: &str) -> Result<String, Problem> {
    line_within(what, value, LINE_CHARACTERS)
}

/// One line of at most `most` characters: addresses are longer than names.
///
/// # Errors
/// `BadInput` for a line that is too long or holds control characters.
pub(crate) fn line_within(what: &str, value: &str, most: usize) -> Result<String, Problem> {
    let value = value.trim();
    if value.chars().any(char::is_control) {
        return Err(Problem::bad_input(format!("Put {what} on one line, without control characters.")));
    }
    if value.chars().count() > most {
        return Err(Problem::bad_input(format!("Shorten {what} to at most {most} characters.")));
    }
    Ok(value.to_owned())
}

/// One line that an address can have: browsers take a part of dots alone for a step up.
///
/// # Errors
/// `BadInput` for a name that is too long, not on one line, or a step.
pub(crate) fn checked_name(name: &str) -> Result<String, Problem> {
    let name = line("the model's name", name)?;
    match name.split('/').any(|part| matches!(part, "." | "..")) {
        true => Err(Problem::bad_input("A model's name has no part that is . or .. alone. Choose another one.")),
        false => Ok(name),
    }
}

pub(crate) fn required_line(what: &str, value: &str) -> Result<String, Problem> {
    let value = line(what, value)?;
    if value.is_empty() { Err(Problem::bad_input(format!("Give the investigation {what}."))) } else { Ok(value) }
}

fn check_threshold(threshold: Option<f64>) -> Result<(), Problem> {
    match threshold {
        Some(value) if !value.is_finite() => Err(Problem::bad_input("The threshold has to be a number.")),
        _ => Ok(()),
    }
}

pub(crate) fn no_investigation() -> Problem {
    Problem::not_found("There is no such investigation. It may be in another data folder.")
}
