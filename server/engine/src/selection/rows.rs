//! The sampled rows of a snapshot.

use domain::Problem;
use polars::prelude::Series;

use crate::diagnose::DiagnoseInput;
use measure::ingest::{BatchReader, Limits};
use measure::progress::Unwatched;
use measure::sample;
use measure::sample::Sample;

#[derive(Debug)]
pub struct Rows {
    sample: Sample,
    /// Rows of the snapshot itself.
    pub total: u64,
}

impl Rows {
    /// The same rows that the snapshot's profile was sampled from.
    pub fn read(input: &DiagnoseInput) -> Result<Rows, Problem> {
        let reader = BatchReader::open(&input.path, &input.name, &input.options, &Limits::default(), None)?;
        let sample = sample::read(&reader, &input.profile_key()?, &Unwatched)?;
        Ok(Rows { sample, total: reader.rows() as u64 })
    }

    pub fn count(&self) -> usize {
        self.sample.frame.height()
    }

    pub fn column(&self, name: &str) -> Option<&Series> {
        self.sample.column(name)
    }
}
