//! The comparison of one column between a reference and a current snapshot: what every view of it reads.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::snapshot::{ColumnKind, ColumnRole};

/// One column on both sides. `n` and `nulls` are keyed by role in words (`train`, `serve`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Comparison {
    pub column: String,
    pub kind: ColumnKind,
    pub role: ColumnRole,
    pub n: BTreeMap<String, u64>,
    pub nulls: BTreeMap<String, u64>,
    /// By name: numeric columns `ks_statistic wasserstein wasserstein_over_std_ref psi js_distance`,
    /// categorical and boolean ones `js_distance psi chi2 cramers_v`. Defined as in SciPy where it has them.
    pub effects: BTreeMap<String, f64>,
    /// p of the two-sample test: Kolmogorov-Smirnov (asymptotic) for numbers and times, chi-square for categories.
    #[schema(required)]
    pub p: Option<f64>,
    /// The same after Benjamini-Hochberg over the columns compared together.
    #[schema(required)]
    pub q: Option<f64>,
    /// Figures for charts; left out of the command line's JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub chart: Option<ChartData>,
}

/// What the charts of a comparison draw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[schema(as = Chart)]
pub enum ChartData {
    /// Also used for times (values are milliseconds) and for the lengths of text.
    Numeric(NumericChart),
    Categories(CategoryChart),
}

/// Counts per bin on both sides, and quantiles for ECDF and QQ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NumericChart {
    /// `bins + 1` ascending edges, equal in width on the axis's scale.
    pub edges: Vec<f64>,
    pub reference: Vec<u64>,
    pub current: Vec<u64>,
    /// The same on a logarithmic axis, when every value is positive.
    #[schema(required)]
    pub log: Option<LogBins>,
    /// Values at the 0, 1, 2 … 100 % quantiles (linear interpolation, as `numpy.quantile`).
    pub reference_quantiles: Vec<f64>,
    pub current_quantiles: Vec<f64>,
    /// Over time: per chunk of rows in time order on either side, median and quartiles. Empty without a time column.
    pub over_time: Vec<TimeChunk>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LogBins {
    pub edges: Vec<f64>,
    pub reference: Vec<u64>,
    pub current: Vec<u64>,
}

/// A window of time of one side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TimeChunk {
    /// `train` or `serve`.
    pub side: String,
    pub from_ms: i64,
    pub to_ms: i64,
    pub n: u64,
    pub nulls: u64,
    pub q25: f64,
    pub median: f64,
    pub q75: f64,
}

/// Categories by reference share, largest first; the rarest together in the last one, named `(other)`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CategoryChart {
    pub labels: Vec<String>,
    pub reference: Vec<u64>,
    pub current: Vec<u64>,
}
