//! The requests of a log, and which of them failed.

use domain::measurements::serving_log::{Errors, LogColumns};
use polars::prelude::Series;
use stats::intervals::Share;
use stats::scan::densest_stretch;

use super::outcome::Outcome;
use crate::monitoring::time_windows::InOrder;
use crate::sample::Sample;

/// Share of failed requests while a service is in trouble; most incidents fail in part only.
const FAILED_IN_TROUBLE: f64 = 0.3;

/// The requests of a log in the order of time, or of the file where no column tells the time.
pub(super) struct Requests<'a> {
    pub sample: &'a Sample,
    pub columns: LogColumns,
    /// Times in milliseconds (0 without a column of times) and row numbers.
    pub order: Vec<(i64, usize)>,
    /// By row number; `None` when no column tells.
    pub outcomes: Option<Vec<Outcome>>,
}

impl Requests<'_> {
    pub fn column(&self, name: Option<&String>) -> Option<&Series> {
        self.sample.column(name?)
    }

    /// The requests that have to be logged in full.
    pub fn successful(&self) -> Vec<(i64, usize)> {
        match &self.outcomes {
            None => self.order.clone(),
            Some(outcomes) => {
                self.order.iter().copied().filter(|(_, row)| outcomes[*row] == Outcome::Succeeded).collect()
            }
        }
    }

    pub fn errors(&self) -> Option<Errors> {
        let outcomes = self.outcomes.as_ref()?;
        let known: Vec<(i64, usize)> =
            self.order.iter().copied().filter(|(_, row)| outcomes[*row] != Outcome::Unknown).collect();
        let marks: Vec<bool> = known.iter().map(|(_, row)| outcomes[*row] == Outcome::Failed).collect();
        let stretch = densest_stretch(&marks, FAILED_IN_TROUBLE, Share::new(0, 0));
        Some(Errors {
            all: Share::new(marks.iter().filter(|failed| **failed).count() as u64, marks.len() as u64),
            stretch: stretch.map(|stretch| InOrder::timed(&known, &stretch)),
        })
    }
}
