//! What is different about the rows of a selection.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::comparison::ChartData;
use crate::snapshot::{ColumnKind, SnapshotRole};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SelectionAnswer {
    /// Rows for which every condition holds, and the other rows of the same side.
    pub selected: u64,
    pub rest: u64,
    /// Rows that were looked at; fewer than there are when a side was sampled.
    pub examined: u64,
    pub total: u64,
    /// The same for each table of the side.
    #[serde(default)]
    #[schema(required)]
    pub tables: Vec<RowsOfTable>,
    /// The kind of the column of each condition, in their order.
    #[serde(default)]
    #[schema(required)]
    pub condition_kinds: Vec<ColumnKind>,
    /// Every other column, the most different first.
    pub columns: Vec<ColumnDifference>,
}

/// How many rows of one table are in the selection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RowsOfTable {
    pub role: SnapshotRole,
    pub selected: u64,
    pub examined: u64,
}

/// How one column differs between the selected rows and the rest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ColumnDifference {
    pub column: String,
    pub kind: ColumnKind,
    /// `ks_statistic` or `js_distance`, and its value between 0 and 1.
    #[schema(pattern = "^(ks_statistic|js_distance)$")]
    pub effect_name: String,
    #[schema(minimum = 0, maximum = 1)]
    pub effect: f64,
    /// After Benjamini-Hochberg over the columns of the answer.
    #[schema(required)]
    pub q: Option<f64>,
    /// One short phrase, such as `pricing-api 100 % against 0 %` or `median 12 against 340`; `no difference` where there is none.
    pub statement: String,
    /// The same as data: where the two groups differ most. Null where chance explains the difference, or it is trifling.
    #[serde(default)]
    #[schema(required)]
    pub contrast: Option<Contrast>,
    pub nulls_selected: u64,
    pub nulls_rest: u64,
    /// `reference` is the rest, `current` the selection. No quantiles and no chunks over time are needed; 20 bins are enough.
    #[schema(required)]
    pub chart: Option<ChartData>,
}

/// Where the selected rows and the rest differ most.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Contrast {
    /// The share of rows with one value, as it is shown, among the rows that have a value.
    Share { value: String, selected: f64, rest: f64 },
    /// The medians: numbers, times in milliseconds, or lengths of text in characters, by the kind of the column.
    Median { selected: f64, rest: f64 },
    /// The share of rows with values from `from` to `to`, where the medians say little about the difference.
    Range { from: f64, to: f64, selected: f64, rest: f64 },
    /// The share of rows without a value.
    Missing { selected: f64, rest: f64 },
}
