//! A serving log: what was logged, how long answers took, what failed and which versions answered.

mod buckets;
mod coverage;
mod latency;
mod outcome;
mod requests;
mod versions;

use domain::measurements::serving_log::ServingLogMeasures;
use domain::{Profile, Roles};

use crate::ingest::guess::guess_log_columns;
use crate::inputs::Snapshot;
use crate::monitoring::time_windows::InOrder;
use crate::sample::Sample;
use requests::Requests;

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
        tail: latency::slow_tail(&requests),
        errors: requests.errors(),
        versions: versions::mix(&requests),
        buckets: buckets::buckets(&requests, looked_at),
        columns: requests.columns,
    }
}

#[cfg(test)]
mod tests;
