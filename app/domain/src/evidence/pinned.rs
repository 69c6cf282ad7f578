//! What can be pinned, and how an address says it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::evaluation::Split;

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
            Pinned::Metrics { run: "preds.csv".into(), split: Split::Serve },
        ] {
            assert_eq!(Pinned::from_query(&pinned.to_query()), Some(pinned));
        }
        assert_eq!(Pinned::from_query(&[pair("column", "a")]), None);
        assert_eq!(Pinned::from_query(&[pair("metrics", "a")]), None);
    }
}
