//! The rules that schemas of several tools have in common.

use domain::constraint::{Constraint, Rule};
use domain::number;
use domain::snapshot::ColumnKind;
use domain::tool_check::Source;
use serde_json::Value;

use crate::json;

/// A list of values as a rule has them; nulls are left out.
pub(super) fn values<'v>(list: impl Iterator<Item = &'v Value>) -> Vec<String> {
    list.filter(|value| !value.is_null())
        .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        .collect()
}

/// A range with at least one end.
pub(super) fn range(low: Option<f64>, high: Option<f64>) -> Option<Rule> {
    (low.is_some() || high.is_some()).then_some(Rule::Between { low, high, share: 1.0 })
}

/// The range of `minimum` and `maximum` and their exclusive forms, whose ends count as included.
pub(super) fn bounds(schema: &Value) -> Option<Rule> {
    let either = |one: &str, other: &str| end(schema, one).or_else(|| end(schema, other));
    range(either("minimum", "exclusiveMinimum"), either("maximum", "exclusiveMaximum"))
}

/// The form of every value, by a regular expression at a key.
pub(super) fn form(schema: &Value, key: &str) -> Option<Rule> {
    let pattern = json::text(schema, &[key]).filter(|pattern| !pattern.is_empty())?;
    Some(Rule::Matches { pattern: pattern.to_owned(), share: 1.0 })
}

/// The kind of a column of pandas, polars or Arrow; a text may be a category or not, so it asks for nothing.
pub(super) fn kind_of_dtype(dtype: &str) -> Option<ColumnKind> {
    let lower = dtype.trim().to_lowercase();
    let word = lower.split(['[', '(', ' ']).next().unwrap_or_default();
    let plain = word.trim_end_matches(|letter: char| letter.is_ascii_digit());
    match plain {
        "int" | "uint" | "float" | "integer" | "double" | "decimal" | "number" => Some(ColumnKind::Numeric),
        "bool" | "boolean" => Some(ColumnKind::Boolean),
        "datetime" | "date" | "timestamp" => Some(ColumnKind::Datetime),
        _ => None,
    }
}

/// Constraints of one file in the making.
pub(super) struct Rules<'t> {
    pub tool: &'t str,
    pub version: Option<&'t str>,
    pub all: Vec<Constraint>,
}

impl<'t> Rules<'t> {
    pub fn of(tool: &'t str, version: Option<&'t str>) -> Self {
        Self { tool, version, all: Vec::new() }
    }

    /// Adds a rule, where there is one. Its name is that of its field.
    pub fn add(&mut self, place: &str, field: &str, column: Option<&str>, rule: Option<Rule>) {
        self.all.extend(rule.map(|rule| Constraint {
            source: Source::of(self.tool, self.version, format!("{place}.{field}")),
            name: field.to_owned(),
            column: column.map(str::to_owned),
            rule,
        }));
    }
}

/// What was not taken, with counts, in words.
pub(super) fn left(counts: &[(u64, &str)]) -> Vec<String> {
    counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| number::counted(*count, what)).collect()
}

/// A finite number at a key.
pub(super) fn end(value: &Value, key: &str) -> Option<f64> {
    value.get(key).filter(|value| value.is_number()).and_then(json::finite)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_pandas_and_polars() {
        assert_eq!(kind_of_dtype("Int64"), Some(ColumnKind::Numeric));
        assert_eq!(kind_of_dtype("datetime64[ns, UTC]"), Some(ColumnKind::Datetime));
        assert_eq!(kind_of_dtype("Datetime(time_unit='us')"), Some(ColumnKind::Datetime));
        assert_eq!(kind_of_dtype("interval[int64, right]"), None);
        assert_eq!(kind_of_dtype("string[python]"), None);
    }
}
