//! Measures along time, for charts: chunk by chunk, with what is marked on them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Item, Since};

/// All that is known along time.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
pub struct OverTime {
    pub series: Vec<TimeSeries>,
    /// In the order of time.
    pub deployments: Vec<DeployedAt>,
    /// How far the columns are from training along time, the furthest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<ColumnStrip>,
}

impl OverTime {
    pub fn is_empty(&self) -> bool {
        self.series.is_empty() && self.deployments.is_empty() && self.columns.is_empty()
    }

    /// From when to when something served is known, in milliseconds since 1970 (UTC).
    pub fn served_span(&self) -> Option<(i64, i64)> {
        let served = || self.series.iter().flat_map(|series| &series.served);
        Some((served().map(|point| point.from_ms).min()?, served().map(|point| point.to_ms).max()?))
    }

    /// The series that show a finding.
    pub fn of_finding<'a>(&'a self, finding: &'a str) -> impl Iterator<Item = &'a TimeSeries> {
        self.series.iter().filter(move |series| series.findings.iter().any(|one| one == finding))
    }
}

/// How far one column is from training, window by window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ColumnStrip {
    pub column: String,
    /// How far is measured, in words.
    pub distance: String,
    /// From which distance on the check of one column calls it a mismatch.
    pub limit: f64,
    /// Windows of training against the rest of it, in the order of time.
    pub before: Vec<StripWindow>,
    /// Windows of the served time against training, in the order of time.
    pub served: Vec<StripWindow>,
}

/// Consecutive rows in the order of time, and how far they are from training beyond chance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StripWindow {
    /// Milliseconds since 1970-01-01 UTC.
    pub from_ms: i64,
    pub to_ms: i64,
    /// Rows with a value.
    pub rows: u64,
    /// From 0 to 1.
    pub distance: f64,
}

/// A release, as a mark on the axis of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeployedAt {
    /// Milliseconds since 1970-01-01 UTC.
    pub at_ms: i64,
    /// The version, or the model where no version is known.
    pub what: String,
}

/// One measure along time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TimeSeries {
    /// Its name in addresses, the same in every diagnosis of the same inputs.
    pub id: String,
    /// What is measured, at the beginning of a sentence.
    pub name: String,
    pub unit: Unit,
    /// What `low` and `high` of its points are.
    pub band: BandKind,
    /// The items that it is about.
    pub items: Vec<Item>,
    /// The columns that it is about.
    pub columns: Vec<String>,
    /// Ids of the findings that it shows.
    pub findings: Vec<String>,
    /// Rows from before serving that have times, in the order of time.
    pub before: Vec<TimePoint>,
    /// In the order of time.
    pub served: Vec<TimePoint>,
    /// Where the rows from before serving lie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reference: Option<ReferenceRange>,
    /// The limits of alert rules that watch it.
    pub rules: Vec<RuleLimit>,
    /// From which value on a check calls it a mismatch, where one judges it by that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub limit: Option<f64>,
    /// Since when a finding says that it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub since: Option<Since>,
}

/// How the values of a series are written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Unit {
    /// From 0 to 1, shown in percent.
    Share,
    /// So many in a time, from nothing on.
    Rate { name: String },
    /// A number; `name` may be empty.
    Number { name: String },
}

/// What the band around a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BandKind {
    /// No band.
    None,
    /// The 95 % confidence interval of each value.
    Interval95,
    /// From the median to the 99 % quantile.
    ToP99,
}

impl BandKind {
    pub fn words(self) -> &'static str {
        match self {
            BandKind::None => "",
            BandKind::Interval95 => "95 % interval",
            BandKind::ToP99 => "from the median to 99 %",
        }
    }
}

/// One chunk of time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TimePoint {
    /// Milliseconds since 1970-01-01 UTC.
    pub from_ms: i64,
    pub to_ms: i64,
    /// Rows behind it; 0 where that is not known.
    pub rows: u64,
    pub value: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub low: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub high: Option<f64>,
}

impl TimePoint {
    pub fn middle(&self) -> f64 {
        (self.from_ms as f64 + self.to_ms as f64) / 2.0
    }
}

/// The lowest and the highest chunk of rows from before serving.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReferenceRange {
    /// Which rows, in words: `test rows`.
    pub of: String,
    pub low: f64,
    pub high: f64,
}

/// The limit of an alert rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RuleLimit {
    pub rule: String,
    pub limit: f64,
}
