//! What was measured of a serving log: one row per request.

use super::time_windows::TimedStretch;
use serde::{Deserialize, Serialize};
use stats::intervals::Share;

/// A serving log, its requests in the order of time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ServingLogMeasures {
    /// Requests looked at.
    pub rows: u64,
    /// Requests that succeeded; `None` when no column tells.
    pub successful: Option<u64>,
    pub columns: LogColumns,
    /// Each field a request should be logged with, and each key of the inputs.
    pub fields: Vec<FieldCoverage>,
    pub latency: Option<SlowStretch>,
    /// Where very slow requests are most frequent, although most requests may be as quick as ever.
    #[serde(default)]
    pub tail: Option<SlowTail>,
    /// Requests that failed, overall and in the worst stretch; `None` when no column tells.
    pub errors: Option<Errors>,
    /// `None` with fewer than two versions.
    pub versions: Option<VersionMix>,
    /// What the log says along time; `None` without a column of times.
    pub buckets: Option<LogBuckets>,
}

/// The log in steps of equal time, none left out between the first and the last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LogBuckets {
    pub width_ms: i64,
    /// Of the log's requests, the share that was looked at; counts are of these.
    pub looked_at: f64,
    pub all: Vec<LogBucket>,
    /// Robust standard deviation of the confidence, request by request.
    pub confidence_spread: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LogBucket {
    pub from_ms: i64,
    pub requests: u64,
    /// Failed ones among those whose outcome is known.
    pub failed: Share,
    pub latency: Option<LatencyFigures>,
    /// Missing values among those of the inputs that most requests have.
    pub missing_inputs: Share,
    /// Mean confidence and how many requests said it.
    pub confidence: Option<(f64, u64)>,
}

/// In the unit of the log.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LatencyFigures {
    pub mean: f64,
    pub p50: f64,
    pub p90: f64,
    pub p95: f64,
    pub p99: f64,
}

/// Which column says what; `None` where none does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogColumns {
    pub time: Option<String>,
    pub id: Option<String>,
    pub version: Option<String>,
    pub latency: Option<String>,
    pub status: Option<String>,
    pub inputs: Option<String>,
    pub output: Option<String>,
    pub confidence: Option<String>,
}

/// How often one field was logged among the successful requests (all requests where no column tells which succeeded).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldCoverage {
    /// The column, or for a key of the inputs `column.key`.
    pub field: String,
    pub part: FieldPart,
    pub missing: Share,
    /// Where it is missing most densely.
    pub stretch: Option<TimedStretch>,
    /// Missing values of the train column of that name, for keys of the inputs.
    pub train_missing: Option<Share>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldPart {
    /// The version, the output or the confidence.
    Answer,
    /// The id, the time or the inputs as a whole.
    Request,
    InputKey,
}

/// The stretch with the most requests that took over one and a half times the median time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SlowStretch {
    pub stretch: TimedStretch,
    /// Median time in the stretch,
    pub median_inside: f64,
    /// of all other requests,
    pub median_outside: f64,
    /// and of those at the same hours of other days, where there are enough.
    pub median_same_hours: Option<f64>,
    /// The 95 % quantiles, inside and outside.
    pub p95_inside: f64,
    pub p95_outside: f64,
}

/// The stretch with the most requests that took over [`SlowTail::over_median`] times the median time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SlowTail {
    pub over_median: f64,
    pub stretch: TimedStretch,
    /// Whether the stretch goes on to the end of the log.
    pub is_open: bool,
    pub p99_inside: f64,
    pub p99_outside: f64,
    pub median_inside: f64,
    pub median_outside: f64,
    /// The 99 % quantile at the same hours of other days, where there are enough.
    pub p99_same_hours: Option<f64>,
    /// The version that answered most requests of the stretch, where another one answered most of the others.
    pub version: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Errors {
    pub all: Share,
    pub stretch: Option<TimedStretch>,
}

/// The two versions that answered side by side for the most requests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VersionMix {
    pub main: String,
    pub other: String,
    /// From when both answered until one of them answered for the last time.
    pub from_ms: i64,
    pub to_ms: i64,
    /// Requests of that time answered by the other one, of those answered by either.
    pub answered_by_other: Share,
    /// How often the version changed from one request to the next, of how often it would by chance with these shares.
    pub changes: u64,
    pub changes_by_chance: f64,
}
