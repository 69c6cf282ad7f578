//! What can be pinned, and how an address says it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::evaluation::Split;
use crate::selection::RunName;
use crate::snapshot::SnapshotRole;

/// What is pinned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Pinned {
    /// A chart, with what the address of its file says: the column and its view, or the run and its settings.
    Chart {
        /// The name of the figure, such as `column` or `roc`.
        chart: String,
        #[serde(default)]
        query: Vec<(String, String)>,
    },
    Finding {
        /// The id of a finding of the last diagnosis.
        finding: String,
    },
    /// What is different about marked rows.
    Rows {
        /// The rows as in the address of a page: `serve;c.amount~r~120~500~x`.
        rows: String,
    },
    /// Two columns at once, on one side.
    Pair {
        x: String,
        y: String,
        side: SnapshotRole,
        /// Rows that are marked in it, as in the address of a page; may be empty.
        #[serde(default)]
        rows: String,
    },
    /// What changed from one run to another, row by row.
    Flips { first: RunName, second: RunName },
    /// The metrics of an evaluation run.
    Metrics {
        run: String,
        #[schema(value_type = String)]
        split: Split,
    },
}

/// Names in the address: which of them is there says what is pinned.
const CHART: &str = "chart";
const FINDING: &str = "finding";
const ROWS: &str = "rows";
const METRICS: &str = "metrics";
const SPLIT: &str = "metrics_split";
const FLIPS: &str = "flips_to";
const FLIPS_SPLIT: &str = "flips_to_split";
const FLIPS_FROM: &str = "flips_from";
const FLIPS_FROM_SPLIT: &str = "flips_from_split";
const PAIR: &str = "pair_x";
const PAIR_Y: &str = "pair_y";
const PAIR_SIDE: &str = "pair_side";
const PAIR_ROWS: &str = "pair_rows";

/// A query of a chart holds no more than this.
const MOST_PARAMETERS: usize = 40;

impl Pinned {
    /// As the parameters of an address.
    pub fn to_query(&self) -> Vec<(String, String)> {
        let one = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        match self {
            Pinned::Chart { chart, query } => [one(CHART, chart)].into_iter().chain(query.iter().cloned()).collect(),
            Pinned::Finding { finding } => vec![one(FINDING, finding)],
            Pinned::Rows { rows } => vec![one(ROWS, rows)],
            Pinned::Pair { x, y, side, rows } => {
                vec![one(PAIR, x), one(PAIR_Y, y), one(PAIR_SIDE, side.id()), one(PAIR_ROWS, rows)]
            }
            Pinned::Flips { first, second } => vec![
                one(FLIPS, &second.name),
                one(FLIPS_SPLIT, second.split.word()),
                one(FLIPS_FROM, &first.name),
                one(FLIPS_FROM_SPLIT, first.split.word()),
            ],
            Pinned::Metrics { run, split } => vec![one(METRICS, run), one(SPLIT, split.word())],
        }
    }

    /// Reads what [`Pinned::to_query`] wrote; `None` where nothing is named that could be pinned.
    pub fn from_query(pairs: &[(String, String)]) -> Option<Pinned> {
        let named = |wanted: &str| pairs.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
        if let Some(finding) = named(FINDING) {
            return Some(Pinned::Finding { finding });
        }
        if let Some(rows) = named(ROWS) {
            return Some(Pinned::Rows { rows });
        }
        if let Some(x) = named(PAIR) {
            let side = SnapshotRole::from_id(&named(PAIR_SIDE)?)?;
            return Some(Pinned::Pair { x, y: named(PAIR_Y)?, side, rows: named(PAIR_ROWS).unwrap_or_default() });
        }
        if let Some(name) = named(FLIPS) {
            let second = RunName { name, split: named(FLIPS_SPLIT)?.as_str().into() };
            let first = RunName { name: named(FLIPS_FROM)?, split: named(FLIPS_FROM_SPLIT)?.as_str().into() };
            return Some(Pinned::Flips { first, second });
        }
        if let Some(run) = named(METRICS) {
            return Some(Pinned::Metrics { run, split: named(SPLIT)?.as_str().into() });
        }
        let chart = named(CHART)?;
        let query = pairs.iter().filter(|(name, value)| name != CHART && !value.is_empty());
        Some(Pinned::Chart { chart, query: query.take(MOST_PARAMETERS).cloned().collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_brings_back_what_is_pinned() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        for pinned in [
            Pinned::Chart { chart: "column".into(), query: vec![pair("column", "a&b"), pair("view", "ecdf")] },
            Pinned::Finding { finding: "f00".into() },
            Pinned::Rows { rows: "serve;c.a~m".into() },
            Pinned::Pair { x: "a&b".into(), y: "c".into(), side: SnapshotRole::Serve, rows: "both;c.a~m".into() },
            Pinned::Flips {
                first: RunName { name: "v1.csv".into(), split: Split::Test },
                second: RunName { name: "v2.csv".into(), split: Split::All },
            },
            Pinned::Metrics { run: "preds.csv".into(), split: Split::Serve },
        ] {
            assert_eq!(Pinned::from_query(&pinned.to_query()), Some(pinned));
        }
        assert_eq!(Pinned::from_query(&[pair("column", "a")]), None);
        assert_eq!(Pinned::from_query(&[pair("metrics", "a")]), None);
    }
}
