//! What the checks said of window after window: the points of a trend.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Item, Verdict};

/// What a window was compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Against {
    /// The model's reference.
    #[default]
    Reference,
    /// The window before.
    Previous,
}

/// What an item, a detector, or a detector about one column said of a window.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowResult {
    pub item: Item,
    /// Empty for the item as a whole.
    pub detector: String,
    /// Empty for the detector as a whole.
    pub column: String,
    pub verdict: Verdict,
    /// A weakness that stood before.
    pub standing: bool,
    /// The effect's name; empty where none was measured.
    pub effect: String,
    pub value: Option<f64>,
    pub limit: Option<f64>,
    pub over_limit: Option<f64>,
}

/// One window of a trend.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TrendPoint {
    /// Id of the arrival.
    pub arrival: String,
    /// Milliseconds since 1970-01-01 UTC.
    pub at_ms: i64,
    pub verdict: Verdict,
    /// Whether it is a weakness that stood before.
    pub standing: bool,
    /// The detector whose effect is furthest over its limit; empty where none measured one.
    pub detector: String,
    /// The effect's name; empty where none was measured.
    pub effect: String,
    #[schema(required)]
    pub value: Option<f64>,
    #[schema(required)]
    pub limit: Option<f64>,
    /// How many times its limit the effect is: over it from 1 on.
    #[schema(required)]
    pub over_limit: Option<f64>,
}

/// A metric on one window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MetricPoint {
    /// Id of the arrival.
    pub arrival: String,
    /// Milliseconds since 1970-01-01 UTC.
    pub at_ms: i64,
    pub value: f64,
    /// The two ends of its 95 % interval, where there is one.
    #[schema(required)]
    pub low: Option<f64>,
    #[schema(required)]
    pub high: Option<f64>,
    /// Rows whose labels are known.
    pub rows: u64,
}

/// What is known along time of an item and a column, or of a metric: in the order of time.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
pub struct Trend {
    pub results: Vec<TrendPoint>,
    pub metric: Vec<MetricPoint>,
}
