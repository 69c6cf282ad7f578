//! A serving log: what was logged, how long answers took, what failed and which versions answered.

mod buckets;
mod coverage;
mod latency;
mod outcome;
mod versions;

use domain::measurements::serving_log::{Errors, LogColumns, ServingLogMeasures};
use domain::{Profile, Roles};
use polars::prelude::Series;
use stats::intervals::Share;
use stats::scan::densest_stretch;

use crate::ingest::guess::guess_log_columns;
use crate::monitoring::time_windows::InOrder;
use crate::sample::Sample;
use crate::stages::Snapshot;
use outcome::Outcome;

/// Share of failed requests while a service is in trouble; most incidents fail in part only.
const FAILED_IN_TROUBLE: f64 = 0.3;

/// The requests of a log in the order of time, or of the file where no column tells the time.
struct Requests<'a> {
    sample: &'a Sample,
    columns: LogColumns,
    /// Times in milliseconds (0 without a column of times) and row numbers.
    order: Vec<(i64, usize)>,
    /// By row number; `None` when no column tells.
    outcomes: Option<Vec<Outcome>>,
}

impl Requests<'_> {
    fn column(&self, name: Option<&String>) -> Option<&Series> {
        self.sample.column(name?)
    }

    /// The requests that have to be logged in full.
    fn successful(&self) -> Vec<(i64, usize)> {
        match &self.outcomes {
            None => self.order.clone(),
            Some(outcomes) => {
                self.order.iter().copied().filter(|(_, row)| outcomes[*row] == Outcome::Succeeded).collect()
            }
        }
    }

    fn errors(&self) -> Option<Errors> {
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

/// `roles` are those of the log's own columns; `train` tells which inputs were missing at times already in training.
/// `None` when its rows were not read.
pub fn serving_log(log: &Snapshot, roles: &Roles, train: Option<&Profile>) -> Option<ServingLogMeasures> {
    let profiled = log.profiled.as_ref()?;
    let looked_at = profiled.sample.rows as f64 / (profiled.profile.rows as f64).max(1.0);
    Some(of_sample(&profiled.sample, looked_at, roles, train))
}

/// `looked_at` is the share of the log's rows that the sample holds.
fn of_sample(sample: &Sample, looked_at: f64, roles: &Roles, train: Option<&Profile>) -> ServingLogMeasures {
    let columns = guess_log_columns(&sample.frame, roles);
    let times = columns.time.as_ref().and_then(|time| InOrder::of(sample.column(time)?));
    let order = times.map_or_else(|| (0..sample.rows as usize).map(|row| (0, row)).collect(), |times| times.0);
    let outcomes = columns.status.as_ref().and_then(|status| outcome::outcomes(sample.column(status)?));
    let requests = Requests { sample, columns, order, outcomes };
    ServingLogMeasures {
        rows: requests.order.len() as u64,
        successful: requests.outcomes.is_some().then(|| requests.successful().len() as u64),
        fields: coverage::fields(&requests, train),
        latency: latency::slow_stretch(&requests),
        errors: requests.errors(),
        versions: versions::mix(&requests),
        buckets: buckets::buckets(&requests, looked_at),
        columns: requests.columns,
    }
}

#[cfg(test)]
mod tests;
