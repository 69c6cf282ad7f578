//! Repaired rows: what a reader is asked.

use std::path::Path;

use domain::Problem;
use domain::repair::{Repair, RepairedRows};
use engine::diagnose::DiagnoseInput;
use engine::repair::{repaired_csv, repaired_rows};
use engine::selection::Rows;
use measure::progress::Progress;
use serde::{Deserialize, Serialize};

use super::task::{Ask, Task, with_attached};
use crate::summaries::DiskSummaries;

/// The tables, and what is done to the served one.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Mend {
    pub repair: Repair,
    pub trained: Option<DiagnoseInput>,
    pub served: DiagnoseInput,
    /// The column of times.
    pub time: Option<String>,
    pub summaries: DiskSummaries,
}

/// The first rows before and after.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ShowRepaired(pub Mend);

/// All of them.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RepairedCsv(pub Mend);

impl Mend {
    fn rows(&self) -> Result<(Option<Rows>, Rows), Problem> {
        let trained = self.trained.as_ref().map(|input| Rows::read(input, &self.summaries)).transpose()?;
        Ok((trained, Rows::read(&self.served, &self.summaries)?))
    }

    fn files(&self) -> Vec<(&str, &Path)> {
        self.trained.iter().chain([&self.served]).flat_map(with_attached).collect()
    }
}

impl Ask for ShowRepaired {
    type Answer = RepairedRows;
    fn run(&self, _progress: &dyn Progress) -> Result<RepairedRows, Problem> {
        let (trained, served) = self.0.rows()?;
        repaired_rows(&self.0.repair, trained.as_ref(), &served, self.0.time.as_deref())
    }
    fn files(&self) -> Vec<(&str, &Path)> {
        self.0.files()
    }
}

impl Ask for RepairedCsv {
    type Answer = String;
    fn run(&self, _progress: &dyn Progress) -> Result<String, Problem> {
        let (trained, served) = self.0.rows()?;
        repaired_csv(&self.0.repair, trained.as_ref(), &served, self.0.time.as_deref())
    }
    fn files(&self) -> Vec<(&str, &Path)> {
        self.0.files()
    }
}

impl From<ShowRepaired> for Task {
    fn from(task: ShowRepaired) -> Task {
        Task::ShowRepaired(task)
    }
}

impl From<RepairedCsv> for Task {
    fn from(task: RepairedCsv) -> Task {
        Task::RepairedCsv(task)
    }
}
