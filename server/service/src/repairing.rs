//! Undoing a suspect of an investigation: its served rows before and after, and as a file.

use domain::repair::{Repair, RepairedRows};
use domain::{Problem, SnapshotRole};
use engine::diagnose::{DiagnoseInput, joined};

use crate::Service;
use crate::blocking::blocking;
use crate::isolation::{Mend, RepairedCsv, ShowRepaired};
use crate::summaries::DiskSummaries;
use crate::work::Readable;

impl Service {
    /// The first served rows that change when what a suspect says is undone, before and after.
    ///
    /// # Errors
    /// `NotFound` without the investigation, its diagnosis or the suspect; `BadInput` when nothing undoes it.
    pub async fn repaired_rows(&self, id: &str, suspect: u32) -> Result<RepairedRows, Problem> {
        let (mend, _files) = self.mend(id, suspect).await?;
        self.inner.isolation.ask(ShowRepaired(mend)).await
    }

    /// The repaired rows as CSV.
    ///
    /// # Errors
    /// As [`Service::repaired_rows`]; `TooLarge` when the rows are more than are handed out at once.
    pub async fn repaired_csv(&self, id: &str, suspect: u32) -> Result<String, Problem> {
        let (mend, _files) = self.mend(id, suspect).await?;
        self.inner.isolation.ask(RepairedCsv(mend)).await
    }

    async fn mend(&self, id: &str, suspect: u32) -> Result<(Mend, Vec<Readable>), Problem> {
        let investigation = self.investigation(id).await?;
        let diagnosis = self
            .shown_diagnosis(id)
            .await?
            .ok_or_else(|| Problem::not_found("There is no suspect yet: wait until the first diagnosis is done."))?;
        let suspect = diagnosis.suspects.iter().find(|one| one.rank == suspect).ok_or_else(|| {
            Problem::not_found("The last diagnosis has no such suspect. Open the investigation again.")
        })?;
        let repair = Repair::of(suspect, &diagnosis.findings)?;
        let files = self.readable_inputs(&investigation).await?;
        let given: Vec<DiagnoseInput> = files.iter().map(|file| file.input.clone()).collect();
        let roles = investigation.roles.clone();
        let joined = blocking(move || joined(&given, &roles)).await?;
        let of_role = |role: SnapshotRole| joined.iter().find(|input| input.role == role).cloned();
        let served = of_role(SnapshotRole::Serve)
            .ok_or_else(|| Problem::not_found("The investigation has no served rows to repair. Add them."))?;
        let mend = Mend {
            repair,
            trained: of_role(SnapshotRole::Train),
            served,
            time: diagnosis.roles.time().map(str::to_owned),
            summaries: DiskSummaries::new(&self.inner.folder),
        };
        Ok((mend, files))
    }
}
