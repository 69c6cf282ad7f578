//! Selections on an investigation: which stored tables a marked region is about, and what is known of its rows.

use std::sync::Arc;

use domain::Problem;
use domain::investigation::Investigation;
use domain::selection::{MOST_CONDITIONS, RowsAsked, SelectedRows, Selection, SelectionAnswer, Side};
use domain::snapshot::SnapshotRole;
use measure::progress::Unwatched;

use crate::Service;
use crate::cache::Weighed;
use crate::isolation::{Explain, ListRows, Marked, TableToRead};
use crate::summaries::DiskSummaries;
use crate::work::{Readable, readable};

/// Answers kept in memory, in bytes: a page with marked rows is sorted, searched and reloaded with the same question. One
/// of 2,000 columns is about a megabyte.
pub(crate) const ANSWERS_BYTES: u64 = 32_000_000;

/// A column of an answer with its small chart, generously.
const BYTES_OF_A_COLUMN: u64 = 1_000;

impl Service {
    /// Ranks every other column by how much it differs between the selected rows and the rest of the same side.
    ///
    /// # Errors
    /// `NotFound` without the investigation, the side's input or a column; `BadInput` when the selection is empty or
    /// holds every row.
    pub async fn explain_selection(&self, id: &str, selection: &Selection) -> Result<Arc<SelectionAnswer>, Problem> {
        self.explain_in(&self.investigation(id).await?, selection).await
    }

    /// The same for a share link: over the inputs as they were when the link was made.
    ///
    /// # Errors
    /// As [`Service::explain_selection`], and as [`Service::shared`].
    pub async fn explain_shared_selection(
        &self,
        secret: &str,
        selection: &Selection,
    ) -> Result<Arc<SelectionAnswer>, Problem> {
        self.explain_in(&self.shared(secret).await?.investigation, selection).await
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
        let wanted = |role: SnapshotRole, name: Option<&str>| {
            investigation
                .inputs
                .iter()
                .find(|input| input.role == role && name.is_none_or(|name| input.snapshot.name == name))
        };
        let inputs = match side {
            Side::Train => vec![wanted(SnapshotRole::Train, None)],
            Side::Serve => vec![wanted(SnapshotRole::Serve, None)],
            Side::Both => vec![wanted(SnapshotRole::Train, None), wanted(SnapshotRole::Serve, None)],
            Side::Run { name, .. } => vec![wanted(SnapshotRole::Predictions, Some(name))],
        };
        let (mut tables, mut files) = (Vec::with_capacity(inputs.len()), Vec::with_capacity(inputs.len()));
        for input in inputs {
            let input = input.ok_or_else(|| {
                Problem::not_found(
                    "The investigation has no input for that side of the chart. Add it, then mark the rows again.",
                )
            })?;
            let snapshot = &input.snapshot;
            let stored = self.stored_snapshot(&snapshot.id).await?;
            let file = readable(self, snapshot.guessed_role, stored, Arc::new(Unwatched)).await?;
            tables.push(TableToRead {
                role: input.role,
                input: file.input.clone(),
                roles: investigation.roles_in(input),
                kinds: snapshot.columns.iter().map(|column| (column.name.clone(), column.kind)).collect(),
            });
            files.push(file);
        }
        Ok((tables, files))
    }
}
