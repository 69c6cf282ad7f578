//! The comparison of one column between a reference and a current snapshot: what every view of it reads.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::snapshot::{ColumnKind, ColumnRole};

/// A side of the comparison of train with serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    Serve,
    Train,
}

impl Side {
    /// In the order in which they are shown.
    pub const BOTH: [Side; 2] = [Side::Train, Side::Serve];

    /// The name in JSON, on charts and in tables.
    pub fn id(self) -> &'static str {
        match self {
            Side::Train => "train",
            Side::Serve => "serve",
        }
    }
}

/// A number of rows on each side.
pub type RowsBySide = BTreeMap<Side, u64>;

/// One column on both sides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Comparison {
    pub column: String,
    pub kind: ColumnKind,
    pub role: ColumnRole,
    pub n: RowsBySide,
    pub nulls: RowsBySide,
    /// By name: numeric columns `ks_statistic wasserstein wasserstein_over_std_ref psi js_distance`,
    /// categorical and boolean ones `js_distance psi chi2 cramers_v`. Defined as in SciPy where it has them.
    pub effects: BTreeMap<String, f64>,
    /// p of the two-sample test: for numbers and times twice the smaller of Kolmogorov-Smirnov (asymptotic) and
    /// Mann-Whitney, chi-square for categories.
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

impl NumericChart {
    /// The run of neighbouring bins `first..end` in which the current side has the largest surplus of its share over the
    /// reference's (Kadane's maximum subarray). `None` where it has none anywhere.
    pub fn surplus(&self) -> Option<(usize, usize)> {
        let (mut best, mut best_run) = (0.0, None);
        let (mut sum, mut start) = (0.0, 0);
        for (bin, extra) in share_differences(&self.reference, &self.current).into_iter().enumerate() {
            if sum <= 0.0 {
                (sum, start) = (0.0, bin);
            }
            sum += extra;
            if sum > best {
                (best, best_run) = (sum, Some((start, bin + 1)));
            }
        }
        best_run
    }
}

/// Per bin or category, the current side's share less the reference's.
pub fn share_differences(reference: &[u64], current: &[u64]) -> Vec<f64> {
    let total = |counts: &[u64]| counts.iter().sum::<u64>().max(1) as f64;
    let (whole_reference, whole_current) = (total(reference), total(current));
    reference.iter().zip(current).map(|(a, b)| *b as f64 / whole_current - *a as f64 / whole_reference).collect()
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
    pub side: Side,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_side_is_its_word_in_json_as_a_key_too() {
        let stored = r#"{"column":"age","kind":"numeric","role":"feature","n":{"serve":3,"train":4},"nulls":{"serve":0,"train":1},"effects":{},"p":null,"q":null}"#;
        let comparison: Comparison = serde_json::from_str(stored).expect("a stored comparison opens");
        assert_eq!((comparison.n[&Side::Train], comparison.nulls[&Side::Serve]), (4, 0));
        assert_eq!(serde_json::to_string(&comparison).expect("and is written as it was"), stored);
    }
}
