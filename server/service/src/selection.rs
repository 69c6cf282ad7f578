//! Selections on an investigation: which stored tables a marked region is about, and what is known of its rows.

use std::sync::Arc;

use domain::investigation::{Investigation, PinnedInput};
use domain::selection::{MOST_CONDITIONS, RowsAsked, SelectedRows, Selection, SelectionAnswer, Side, Subject};
use domain::snapshot::{Column, ColumnRole, Roles, SnapshotRole};
use domain::{Problem, ProblemKind};
use engine::diagnose::{DiagnoseInput, joined};
use measure::progress::Unwatched;

use crate::Service;
use crate::blocking::blocking;
use crate::cache::Weighed;
use crate::isolation::{Explain, ListRows, Marked, TableToRead};
use crate::summaries::DiskSummaries;
use crate::work::{Readable, readable};

/// Answers kept in memory, in bytes: a page with marked rows is sorted, searched and reloaded with the same question. One
/// of 2,000 columns is about a megabyte.
pub(crate) const ANSWERS_BYTES: u64 = 32_000_000;

/// A column of an answer with its small chart, generously.
const BYTES_OF_A_COLUMN: u64 = 1_000;

/// Rows that whoever has a link can ask about at once: fewer would tell what is in them.
const FEWEST_SHARED: u64 = 20;

impl Service {
    /// Ranks every other column by how much it differs between the selected rows and the rest of the same side.
    ///
    /// # Errors
    /// `NotFound` without the investigation, the side's input or a column; `BadInput` when the selection is empty or
    /// holds every row.
    pub async fn explain_selection(&self, id: &str, selection: &Selection) -> Result<Arc<SelectionAnswer>, Problem> {
        self.explain_in(&self.investigation(id).await?, selection).await
    }

    /// The same for a share link: over the inputs as they were when the link was made, and not about a few rows.
    ///
    /// # Errors
    /// As [`Service::explain_selection`], and as [`Service::shared`]; `Forbidden` for a selection that names rows, or is of few.
    pub async fn explain_shared_selection(
        &self,
        secret: &str,
        selection: &Selection,
    ) -> Result<Arc<SelectionAnswer>, Problem> {
        let investigation = self.shared(secret).await?.investigation;
        asks_for_no_row(&investigation, selection)?;
        let answer = self.explain_in(&investigation, selection).await?;
        match answer.selected.min(answer.rest) >= FEWEST_SHARED {
            true => Ok(answer),
            false => Err(Problem::new(
                ProblemKind::Forbidden,
                format!(
                    "A share link says what is different about {FEWEST_SHARED} rows or more, and not about single ones. Mark more rows, and \
                 not nearly all.",
                ),
            )),
        }
    }

    /// A window of the rows themselves. A share link hands out none: who made it showed findings, not data.
    ///
    /// # Errors
    /// As [`Service::explain_selection`], but an empty selection is an empty window; `TooLarge` when the cells hold too
    /// much text.
    pub async fn selected_rows(
        &self,
        id: &str,
        selection: &Selection,
        asked: RowsAsked,
    ) -> Result<SelectedRows, Problem> {
        let (marked, _files) = self.marked(&self.investigation(id).await?, selection).await?;
        self.inner.isolation.ask(ListRows { marked, asked }).await
    }

    async fn explain_in(
        &self,
        investigation: &Investigation,
        selection: &Selection,
    ) -> Result<Arc<SelectionAnswer>, Problem> {
        // The files stay until the answer is there.
        let (marked, _files) = self.marked(investigation, selection).await?;
        // Everything that the answer follows from: which bytes, read how, with which roles, and which rows.
        let key = serde_json::to_string(&marked).map_err(|error| Problem::internal(error.to_string()))?;
        if let Some(answer) = self.inner.answers.get(&key) {
            return Ok(answer);
        }
        let answer = Arc::new(self.inner.isolation.ask(Explain(marked)).await?);
        let bytes = answer.columns.len() as u64 * BYTES_OF_A_COLUMN + key.len() as u64;
        self.inner.answers.put(&key, Weighed { value: Arc::clone(&answer), bytes });
        Ok(answer)
    }

    async fn marked(
        &self,
        investigation: &Investigation,
        selection: &Selection,
    ) -> Result<(Marked, Vec<Readable>), Problem> {
        if selection.conditions.is_empty() || selection.conditions.len() > MOST_CONDITIONS {
            return Err(Problem::bad_input(format!(
                "Mark some rows first. You can combine up to {MOST_CONDITIONS} conditions."
            )));
        }
        let (tables, files) = self.tables_of(investigation, &selection.side).await?;
        let summaries = DiskSummaries::new(&self.inner.folder);
        Ok((Marked { tables, summaries, selection: selection.clone() }, files))
    }

    async fn tables_of(
        &self,
        investigation: &Investigation,
        side: &Side,
    ) -> Result<(Vec<TableToRead>, Vec<Readable>), Problem> {
        let all = self.all_tables(investigation).await?;
        let places = match side {
            Side::Train => vec![all.of_role(SnapshotRole::Train)],
            Side::Serve => vec![all.of_role(SnapshotRole::Serve)],
            Side::Both => vec![all.of_role(SnapshotRole::Train), all.of_role(SnapshotRole::Serve)],
            Side::Run { name, .. } => vec![all.of_run(name)],
        };
        let mut tables = Vec::with_capacity(places.len());
        for place in places {
            let place = place.ok_or_else(|| {
                Problem::not_found(
                    "The investigation has no input for that side of the chart. Add it, then mark the rows again.",
                )
            })?;
            tables.push(all.read(investigation, place));
        }
        Ok((tables, all.files))
    }

    /// Every input with what was joined to it.
    pub(crate) async fn all_tables(&self, investigation: &Investigation) -> Result<AllTables, Problem> {
        let files = self.readable_inputs(investigation).await?;
        let given: Vec<DiagnoseInput> = files.iter().map(|file| file.input.clone()).collect();
        let roles = investigation.roles.clone();
        let joined = blocking(move || joined(&given, &roles)).await?;
        Ok(AllTables { joined, files })
    }

    /// The stored file of each input, in their order.
    pub(crate) async fn readable_inputs(&self, investigation: &Investigation) -> Result<Vec<Readable>, Problem> {
        let mut files = Vec::with_capacity(investigation.inputs.len());
        for input in &investigation.inputs {
            let stored = self.stored_snapshot(&input.snapshot.id).await?;
            files.push(readable(self, input.role, stored, Arc::new(Unwatched)).await?);
        }
        Ok(files)
    }
}

/// The inputs of an investigation with what belongs to them, in their order.
pub(crate) struct AllTables {
    pub joined: Vec<DiagnoseInput>,
    /// They stay until the answer is there.
    pub files: Vec<Readable>,
}

impl AllTables {
    pub fn of_role(&self, role: SnapshotRole) -> Option<usize> {
        self.joined.iter().position(|input| input.role == role)
    }

    /// A run is a file of its own, or a table that has predictions next to its labels.
    pub fn of_run(&self, name: &str) -> Option<usize> {
        let mut named = (0..self.joined.len()).filter(|place| self.joined[*place].name == name);
        let first = named.clone().next();
        named.find(|place| self.joined[*place].role == SnapshotRole::Predictions).or(first)
    }

    pub fn read(&self, investigation: &Investigation, place: usize) -> TableToRead {
        table_to_read(investigation, &investigation.inputs[place], &self.joined[place])
    }
}

/// A pinned table, with the columns that were joined to it.
fn table_to_read(investigation: &Investigation, pinned: &PinnedInput, joined: &DiagnoseInput) -> TableToRead {
    let columns: &[Column] = joined.guessed.as_deref().unwrap_or(&pinned.snapshot.columns);
    let guessed: Roles = columns.iter().map(|column| (column.role, column.name.as_str())).collect();
    TableToRead {
        role: pinned.role,
        input: joined.clone(),
        roles: investigation.roles_in(pinned).in_table(|_| true, &guessed),
        kinds: columns.iter().map(|column| (column.name.clone(), column.kind)).collect(),
    }
}

/// An id picks rows out one by one.
fn asks_for_no_row(investigation: &Investigation, selection: &Selection) -> Result<(), Problem> {
    let roles = investigation.detected_roles();
    let names_rows = |role: ColumnRole| matches!(role, ColumnRole::Id | ColumnRole::Group);
    let is_id = |subject: &Subject| match subject {
        Subject::Column(column) => names_rows(roles.of(column)),
        Subject::Role(role) => names_rows(*role),
    };
    match selection.conditions.iter().any(|condition| is_id(&condition.subject)) {
        false => Ok(()),
        true => Err(Problem::new(
            ProblemKind::Forbidden,
            "A share link does not select rows by a column that names them. Mark rows by another column.",
        )),
    }
}
