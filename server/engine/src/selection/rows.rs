//! The sampled rows of a snapshot.

use domain::Problem;
use measure::progress::Unwatched;
use measure::sample::Sample;
use measure::summary::SummaryStore;
use polars::prelude::{DataFrame, Series};

use crate::diagnose::{DiagnoseInput, summarise};

#[derive(Debug)]
pub struct Rows {
    sample: Sample,
    /// Rows of the snapshot itself.
    pub total: u64,
}

impl Rows {
    /// The rows that the snapshot's profile was sampled from; the file is read only when its summary is not kept.
    ///
    /// # Errors
    /// When the file has to be read and can't be.
    pub fn read(input: &DiagnoseInput, summaries: &dyn SummaryStore) -> Result<Rows, Problem> {
        let profiled = summarise(input, summaries, &Unwatched)?.profiled;
        Ok(Rows { sample: profiled.sample, total: profiled.profile.rows })
    }

    /// Rows that are in no file.
    #[cfg(test)]
    pub fn of_columns(columns: Vec<Series>, count: usize) -> Rows {
        let sample = Sample::new(columns, count).unwrap_or_else(|problem| panic!("{problem}"));
        Rows { sample, total: count as u64 }
    }

    /// The sampled rows, with all columns.
    pub fn frame(&self) -> &DataFrame {
        &self.sample.frame
    }

    /// Whether these are all rows.
    pub fn is_whole(&self) -> bool {
        self.count() as u64 == self.total
    }

    pub fn count(&self) -> usize {
        self.frame().height()
    }

    pub fn column(&self, name: &str) -> Option<&Series> {
        self.sample.column(name)
    }
}
