//! Selections on an investigation: which stored tables a marked region is about.

use std::sync::Arc;

use domain::Problem;
use domain::investigation::{Investigation, PinnedInput};
use domain::selection::{Selection, SelectionAnswer, Side};
use domain::snapshot::{Column, Roles, SnapshotRole};
use engine::diagnose::{DiagnoseInput, joined};
use measure::progress::Unwatched;

use crate::Service;
use crate::blocking::blocking;
use crate::isolation::{Explain, TableToRead};
use crate::summaries::DiskSummaries;
use crate::work::{Readable, readable};

/// More conditions than this are no brush on a chart.
const MAX_CONDITIONS: usize = 20;

impl Service {
    /// Ranks every other column by how much it differs between the selected rows and the rest of the same side.
    ///
    /// # Errors
    /// `NotFound` without the investigation, the side's input or a column; `BadInput` when the selection is empty or
    /// holds every row.
    pub async fn explain_selection(&self, id: &str, selection: &Selection) -> Result<SelectionAnswer, Problem> {
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
    ) -> Result<SelectionAnswer, Problem> {
        self.explain_in(&self.shared(secret).await?.investigation, selection).await
    }

    async fn explain_in(
        &self,
        investigation: &Investigation,
        selection: &Selection,
    ) -> Result<SelectionAnswer, Problem> {
        if selection.conditions.is_empty() || selection.conditions.len() > MAX_CONDITIONS {
            return Err(Problem::bad_input(format!(
                "Mark some rows first. You can combine up to {MAX_CONDITIONS} conditions."
            )));
        }
        // The files stay until the answer is there.
        let (tables, _files) = self.tables_of(investigation, &selection.side).await?;
        let summaries = DiskSummaries::new(&self.inner.folder);
        self.inner.isolation.ask(Explain { tables, summaries, selection: selection.clone() }).await
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
                .position(|input| input.role == role && name.is_none_or(|name| input.snapshot.name == name))
        };
        let places = match side {
            Side::Train => vec![wanted(SnapshotRole::Train, None)],
            Side::Serve => vec![wanted(SnapshotRole::Serve, None)],
            Side::Both => vec![wanted(SnapshotRole::Train, None), wanted(SnapshotRole::Serve, None)],
            Side::Run { name, .. } => vec![wanted(SnapshotRole::Predictions, Some(name))],
        };
        let files = self.readable_inputs(investigation).await?;
        let given: Vec<DiagnoseInput> = files.iter().map(|file| file.input.clone()).collect();
        let roles = investigation.roles.clone();
        let joined = blocking(move || joined(&given, &roles)).await?;
        let mut tables = Vec::with_capacity(places.len());
        for place in places {
            let place = place.ok_or_else(|| {
                Problem::not_found(
                    "The investigation has no input for that side of the chart. Add it, then mark the rows again.",
                )
            })?;
            tables.push(table_to_read(investigation, &investigation.inputs[place], &joined[place]));
        }
        Ok((tables, files))
    }

    /// The stored file of each input, in their order.
    async fn readable_inputs(&self, investigation: &Investigation) -> Result<Vec<Readable>, Problem> {
        let mut files = Vec::with_capacity(investigation.inputs.len());
        for input in &investigation.inputs {
            let stored = self.stored_snapshot(&input.snapshot.id).await?;
            files.push(readable(self, input.role, stored, Arc::new(Unwatched)).await?);
        }
        Ok(files)
    }
}

/// A pinned table, with the columns that were joined to it.
fn table_to_read(investigation: &Investigation, pinned: &PinnedInput, joined: &DiagnoseInput) -> TableToRead {
    let columns: &[Column] = joined.guessed.as_deref().unwrap_or(&pinned.snapshot.columns);
    let guessed: Roles = columns.iter().map(|column| (column.role, column.name.as_str())).collect();
    TableToRead {
        input: joined.clone(),
        roles: investigation.roles_in(pinned).in_table(|_| true, &guessed),
        kinds: columns.iter().map(|column| (column.name.clone(), column.kind)).collect(),
    }
}
