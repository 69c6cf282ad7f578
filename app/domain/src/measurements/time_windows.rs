//! What was measured of the serve rows along time.

use serde::{Deserialize, Serialize};
use stats::arrivals::Gap;
use stats::intervals::Share;
use stats::trend::Trend;

/// The served rows in the order of time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimeWindows {
    pub time_column: String,
    /// Serve rows with a time, of those in the sample.
    pub rows: u64,
    /// The same of train; 0 where train has no such column.
    pub train_rows: u64,
    /// The longest time without a row; `None` with too few rows or days.
    pub gap: Option<Gap>,
    pub columns: Vec<ColumnOverTime>,
}

/// One column along time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnOverTime {
    pub column: String,
    /// Where its values are missing most densely; `None` when none is missing, or many everywhere.
    pub missing: Option<TimedStretch>,
    /// The score of the densest such stretch of train; 0 without one.
    pub train_score: f64,
    /// Where it has one value most densely, against training and the other rows.
    #[serde(default)]
    pub stuck: Option<StuckValue>,
    /// Of its values; `None` for words, too few rows, and columns that count time themselves.
    pub drift: Option<Drift>,
}

/// One value in nearly all of consecutive rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StuckValue {
    pub value: String,
    pub stretch: TimedStretch,
    /// The score of the densest stretch of any one value in train; 0 without one.
    pub train_score: f64,
}

/// Consecutive rows, and the times of the first and the last.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TimedStretch {
    pub from_ms: i64,
    pub to_ms: i64,
    /// Rows with the mark, of those in the stretch.
    pub inside: Share,
    /// The same of the other rows.
    pub outside: Share,
    /// See [`stats::scan::Stretch`].
    pub score: f64,
    pub p: f64,
}

/// How a column moves along time, in standard deviations of the train values.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    /// Serve rows with a value.
    pub rows: u64,
    /// Spearman's correlation of the value with the time, row by row.
    pub spearman: f64,
    /// Of the means of stretches of equal numbers of rows.
    pub serve: Trend,
    /// The same of train, its own noise floor.
    pub train: Option<Trend>,
    /// Of the means less those of train at the same time of the year; `None` where train does not cover it.
    #[serde(default)]
    pub over_season: Option<Trend>,
}
