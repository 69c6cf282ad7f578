//! Selections on an investigation: which stored tables a marked region is about.

use std::sync::Arc;

use domain::Problem;
use domain::investigation::Investigation;
use domain::selection::{Selection, SelectionAnswer, Side};
use domain::snapshot::SnapshotRole;
use measure::progress::Unwatched;

use crate::Service;
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
                input: file.input.clone(),
                roles: investigation.roles_in(input),
                kinds: snapshot.columns.iter().map(|column| (column.name.clone(), column.kind)).collect(),
            });
            files.push(file);
        }
        Ok((tables, files))
    }
}
