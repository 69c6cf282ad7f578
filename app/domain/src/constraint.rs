//! What a team says must hold of its data, as other tools write it down; evaluated on the snapshots that are here.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::number::{count, number, percent};
use crate::snapshot::ColumnKind;
use crate::tool_check::Source;

/// One rule about a column or a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Constraint {
    pub source: Source,
    /// The tool's own name of it.
    pub name: String,
    /// Null for a rule about the whole table.
    #[serde(default)]
    pub column: Option<String>,
    pub rule: Rule,
}

/// What must hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Rule {
    /// The column is there.
    Present,
    /// Values of this kind.
    Type { of: ColumnKind },
    /// At most this share of the rows has no value, 0 to 1.
    Missing { most: f64 },
    /// At least this share of the values lies between the ends, both included; an end that is null is open.
    Between { low: Option<f64>, high: Option<f64>, share: f64 },
    /// At least this share of the values is one of these.
    OneOf { values: Vec<String>, share: f64 },
    /// No value comes twice; missing ones do not count.
    Unique,
    /// At least this share of the values has this form.
    Matches {
        /// A regular expression that is looked for anywhere in a value, unless it says where it stands.
        pattern: String,
        share: f64,
    },
    /// The mean lies between the ends, both included.
    Mean { low: Option<f64>, high: Option<f64> },
    /// The table has this many rows.
    Rows { low: Option<u64>, high: Option<u64> },
    /// The table has this many columns.
    Columns { low: Option<u64>, high: Option<u64> },
}

/// Characters of a pattern that are shown.
const LONGEST_PATTERN: usize = 60;

impl Rule {
    /// What it asks for, in a few words: `0 to 30 in 99 % of rows`.
    pub fn words(&self) -> String {
        let of_rows = |share: f64| if share < 1.0 { format!(" in {} of rows", percent(share)) } else { String::new() };
        match self {
            Rule::Present => "is there".to_owned(),
            Rule::Type { of } => of.word().to_owned(),
            Rule::Missing { most } if *most <= 0.0 => "no value is missing".to_owned(),
            Rule::Missing { most } => format!("at most {} missing", percent(*most)),
            Rule::Between { low, high, share } => {
                format!("{}{}", ends(low.map(number), high.map(number)), of_rows(*share))
            }
            Rule::OneOf { values, share } => {
                let shown: Vec<&str> = values.iter().take(5).map(String::as_str).collect();
                let more = if values.len() > shown.len() { ", …" } else { "" };
                format!("one of {}{more}{}", shown.join(", "), of_rows(*share))
            }
            Rule::Unique => "no value comes twice".to_owned(),
            Rule::Matches { pattern, share } => {
                format!("the form {}{}", crate::plot::format::shortened(pattern, LONGEST_PATTERN), of_rows(*share))
            }
            Rule::Mean { low, high } => format!("mean {}", ends(low.map(number), high.map(number))),
            Rule::Rows { low, high } => format!("{} rows", ends(low.map(count), high.map(count))),
            Rule::Columns { low, high } => format!("{} columns", ends(low.map(count), high.map(count))),
        }
    }
}

fn ends(low: Option<String>, high: Option<String>) -> String {
    match (low, high) {
        (Some(low), Some(high)) if low == high => low,
        (Some(low), Some(high)) => format!("{low} to {high}"),
        (Some(low), None) => format!("at least {low}"),
        (None, Some(high)) => format!("at most {high}"),
        (None, None) => "any".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_reads_as_a_few_words() {
        let between = |low, high, share| Rule::Between { low, high, share }.words();
        assert_eq!(between(Some(0.0), Some(30.0), 0.99), "0 to 30 in 99 % of rows");
        assert_eq!(between(None, Some(1.0), 1.0), "at most 1");
        let matches = |pattern: &str| Rule::Matches { pattern: pattern.to_owned(), share: 0.5 }.words();
        assert_eq!(matches("^[A-Z]{2}$"), "the form ^[A-Z]{2}$ in 50 % of rows");
        assert!(matches(&"a".repeat(100)).chars().count() < 90);
        assert_eq!(Rule::Missing { most: 0.0 }.words(), "no value is missing");
        assert_eq!(Rule::Columns { low: Some(13), high: Some(13) }.words(), "13 columns");
    }
}
