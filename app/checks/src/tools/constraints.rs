//! Rules that another tool has written down, evaluated on the tables that are here.

use domain::constraint::{Constraint, Rule};
use domain::measurements::Measurements;
use domain::number::{counted, number, percent};
use domain::profile::{ColumnProfile, DISTINCT_CAP, NumericProfile, Profile};
use domain::snapshot::{ColumnKind, SnapshotRole};
use domain::tool_check::{CheckOutcome, CheckSubject, ToolCheck, Worse};
use regex::{Regex, RegexBuilder};

/// The tables in the order in which a rule is about them: what serves is what it guards.
const TABLES: [SnapshotRole; 3] = [SnapshotRole::Serve, SnapshotRole::Test, SnapshotRole::Train];

/// The rule on the first of these tables; `None` without any.
pub(super) fn evaluated(constraint: &Constraint, measurements: &Measurements) -> Option<ToolCheck> {
    let (role, profile) = TABLES.iter().find_map(|role| Some((*role, measurements.profile(*role)?)))?;
    let columns: Vec<String> = constraint.column.iter().cloned().collect();
    let about = subject(&constraint.rule);
    let name = format!("{} on {}", constraint.name, role.id());
    let check = |outcome| {
        ToolCheck::new(constraint.source.clone(), &name, about, columns.clone(), outcome)
            .with_expected(constraint.rule.words())
    };
    let is_absent = constraint.column.as_deref().is_some_and(|column| profile.column(column).is_none());
    if is_absent && constraint.rule != Rule::Present {
        return Some(check(CheckOutcome::NotRun).with_observed(format!("{} has no such column", role.id())));
    }
    let Some(seen) = seen(constraint.column.as_deref(), &constraint.rule, profile) else {
        let not_run = check(CheckOutcome::NotRun);
        return Some(match why_not(&constraint.rule) {
            Some(reason) => not_run.with_observed(reason),
            None => not_run,
        });
    };
    let outcome = if seen.holds { CheckOutcome::Passed } else { CheckOutcome::Failed };
    let mut check = check(outcome).with_observed(seen.observed);
    if let Some((name, value, limit)) = seen.figure {
        check = check.with_measured(name, value, Some(limit)).worse_when(Worse::Higher);
    }
    Some(check)
}

/// What became of a rule in one table.
pub(crate) struct Seen {
    pub holds: bool,
    pub observed: String,
    /// Name, value and limit.
    figure: Option<(&'static str, f64, f64)>,
}

impl Seen {
    fn of(holds: bool, observed: impl Into<String>) -> Option<Self> {
        Some(Self { holds, observed: observed.into(), figure: None })
    }

    /// A share of rows that must not exceed a limit.
    fn of_share(name: &'static str, share: f64, most: f64, observed: String) -> Option<Self> {
        // A share that is written with few digits must not fail by its rounding.
        const ROUNDING: f64 = 1e-9;
        Some(Self { holds: share <= most + ROUNDING, observed, figure: Some((name, share, most)) })
    }
}

/// The rule in one table; `None` where it can't be evaluated there.
pub(crate) fn seen(column: Option<&str>, rule: &Rule, profile: &Profile) -> Option<Seen> {
    match (column, rule) {
        (Some(column), Rule::Present) => {
            let is_there = profile.column(column).is_some();
            Seen::of(is_there, if is_there { "the column is there" } else { "the column is not there" })
        }
        (Some(column), rule) => of_column(rule, profile.column(column)?),
        (None, rule) => of_table(rule, profile),
    }
}

fn subject(rule: &Rule) -> CheckSubject {
    match rule {
        Rule::Present | Rule::Columns { .. } => CheckSubject::Columns,
        Rule::Type { .. } => CheckSubject::Types,
        Rule::Missing { .. } => CheckSubject::MissingValues,
        Rule::Between { .. } => CheckSubject::Range,
        Rule::OneOf { .. } => CheckSubject::NewValues,
        Rule::Mean { .. } => CheckSubject::Summary,
        Rule::Unique => CheckSubject::Duplicates,
        Rule::Matches { .. } => CheckSubject::Pattern,
        Rule::Rows { .. } => CheckSubject::RowCount,
    }
}

fn of_table(rule: &Rule, profile: &Profile) -> Option<Seen> {
    let within = |n: u64, low: Option<u64>, high: Option<u64>| {
        low.is_none_or(|low| n >= low) && high.is_none_or(|high| n <= high)
    };
    match rule {
        Rule::Rows { low, high } => Seen::of(within(profile.rows, *low, *high), counted(profile.rows, "row")),
        Rule::Columns { low, high } => {
            let columns = profile.columns.len() as u64;
            Seen::of(within(columns, *low, *high), counted(columns, "column"))
        }
        _ => None,
    }
}

fn of_column(rule: &Rule, column: &ColumnProfile) -> Option<Seen> {
    match rule {
        Rule::Missing { most } => {
            let share = column.null_rate();
            Seen::of_share("share of missing values", share, *most, format!("{} missing", percent(share)))
        }
        Rule::Type { of } => Seen::of(fits(*of, column.kind), column.kind.word()),
        Rule::Between { low, high, share } => between(column.numeric.as_ref()?, *low, *high, *share),
        Rule::OneOf { values, share } => one_of(column, values, *share),
        Rule::Unique => unique(column),
        Rule::Matches { pattern, share } => matches(column, pattern, *share),
        Rule::Mean { low, high } => {
            let mean = column.numeric.as_ref()?.mean;
            let holds = low.is_none_or(|low| mean >= low) && high.is_none_or(|high| mean <= high);
            Seen::of(holds, format!("mean {}", number(mean)))
        }
        Rule::Present | Rule::Rows { .. } | Rule::Columns { .. } => None,
    }
}

/// A column without values has no type, and a column of 0 and 1 may be meant as yes and no.
fn fits(wanted: ColumnKind, found: ColumnKind) -> bool {
    use ColumnKind::{Boolean, Categorical, Empty, Numeric, Text};
    let is_words = |kind| matches!(kind, Categorical | Text);
    wanted == found
        || found == Empty
        || (is_words(wanted) && is_words(found))
        || matches!((wanted, found), (Boolean, Numeric | Categorical) | (Numeric, Boolean))
}

/// The ends are exact; the share outside is that of the sample.
fn between(numbers: &NumericProfile, low: Option<f64>, high: Option<f64>, share: f64) -> Option<Seen> {
    if numbers.sorted.is_empty() {
        return None;
    }
    let below = low.map_or(0, |low| numbers.sorted.partition_point(|value| *value < low));
    let above = high.map_or(0, |high| numbers.sorted.len() - numbers.sorted.partition_point(|value| *value <= high));
    let mut outside = (below + above) as f64 / numbers.sorted.len() as f64;
    if outside == 0.0 && (low.is_some_and(|low| numbers.min < low) || high.is_some_and(|high| numbers.max > high)) {
        // Seen in all rows and in none of the sample.
        outside = 1.0 / numbers.finite.max(1) as f64;
    }
    let observed = format!("{} to {}, {} of rows outside", number(numbers.min), number(numbers.max), percent(outside));
    Seen::of_share("share of rows outside", outside, 1.0 - share, observed)
}

fn one_of(column: &ColumnProfile, allowed: &[String], share: f64) -> Option<Seen> {
    let is_allowed = |value: &str| {
        let same_number =
            |one: &String| one.parse::<f64>().ok().zip(value.parse::<f64>().ok()).is_some_and(|(a, b)| a == b);
        allowed.iter().any(|one| one == value || same_number(one))
    };
    of_others("share of other values", counted_values(column)?, is_allowed, share)
}

/// Up to its cap the number of different values is exact, and so is that of the rows.
fn unique(column: &ColumnProfile) -> Option<Seen> {
    let rows = column.non_null();
    let is_exact = column.distinct < DISTINCT_CAP || rows <= column.distinct;
    let again = rows.saturating_sub(column.distinct);
    let share = again as f64 / rows.max(1) as f64;
    let observed = match again {
        0 => "no value comes twice".to_owned(),
        again => format!("{} with a value that came before", counted(again, "row")),
    };
    is_exact.then(|| Seen::of_share("share of rows with a value that came before", share, 0.0, observed)).flatten()
}

/// Only where each value is known by itself.
fn matches(column: &ColumnProfile, pattern: &str, share: f64) -> Option<Seen> {
    let pattern = compiled(pattern)?;
    of_others("share of values of another form", counted_values(column)?, |value| pattern.is_match(value), share)
}

/// `None` for a pattern with a part that is not regular, such as a look-around, or that would grow too large.
fn compiled(pattern: &str) -> Option<Regex> {
    const LONGEST: usize = 1_000;
    const LARGEST: usize = 1 << 20;
    let short = pattern.len() <= LONGEST;
    short.then(|| RegexBuilder::new(pattern).size_limit(LARGEST).dfa_size_limit(LARGEST).build().ok()).flatten()
}

/// Why a rule was not evaluated, where the column's kind does not say it.
fn why_not(rule: &Rule) -> Option<&'static str> {
    match rule {
        Rule::Unique => Some("the column has too many rows for its different values to be counted"),
        Rule::Matches { pattern, .. } if compiled(pattern).is_none() => {
            Some("the pattern has a part that is not evaluated here, such as a look-ahead, or is too long")
        }
        Rule::Matches { .. } => Some("the column has too many different values for each to be checked"),
        _ => None,
    }
}

/// Every value with its number of rows; `None` where there are too many.
fn counted_values(column: &ColumnProfile) -> Option<Vec<(String, u64)>> {
    match (&column.categories, &column.numeric) {
        (Some(categories), _) if categories.other == 0 => Some(categories.counts.clone()),
        // Codes are numbers here and may be texts there; with many different ones not all are counted.
        (_, Some(numbers)) if column.distinct <= numbers.modes.len() as u64 => {
            let rows = |share: f64| (share * numbers.finite as f64).round() as u64;
            Some(numbers.modes.iter().map(|(value, share)| (value.to_string(), rows(*share))).collect())
        }
        _ => None,
    }
}

/// The share of the rows whose value does not hold.
fn of_others(name: &'static str, counts: Vec<(String, u64)>, holds: impl Fn(&str) -> bool, share: f64) -> Option<Seen> {
    let all: u64 = counts.iter().map(|(_, n)| n).sum();
    let others: Vec<&(String, u64)> = counts.iter().filter(|(value, _)| !holds(value)).collect();
    let rows: u64 = others.iter().map(|(_, n)| n).sum();
    let outside = rows as f64 / all.max(1) as f64;
    let shown: Vec<&str> = others.iter().take(3).map(|(value, _)| value.as_str()).collect();
    let observed = match shown.as_slice() {
        [] => "no other value".to_owned(),
        shown => format!("{} in {} of rows", domain::naming::values(shown), percent(outside)),
    };
    Seen::of_share(name, outside, 1.0 - share, observed)
}

#[cfg(test)]
mod tests {
    use domain::profile::{CategoryProfile, TextProfile};

    use super::*;

    fn column(counts: &[(&str, u64)], other: u64) -> ColumnProfile {
        let counts: Vec<(String, u64)> = counts.iter().map(|(value, n)| ((*value).to_owned(), *n)).collect();
        let rows = counts.iter().map(|(_, n)| n).sum::<u64>() + other;
        ColumnProfile {
            name: "code".to_owned(),
            position: 0,
            kind: ColumnKind::Text,
            stored_type: "String".to_owned(),
            rows,
            nulls: 0,
            null_spellings: Vec::new(),
            distinct: counts.len() as u64 + other,
            numeric: None,
            categories: Some(CategoryProfile { counts, other }),
            text: None::<TextProfile>,
            time: None,
        }
    }

    fn told(rule: &Rule, column: &ColumnProfile) -> Option<(bool, String)> {
        of_column(rule, column).map(|result| (result.holds, result.observed))
    }

    #[test]
    fn values_that_come_twice_are_counted_where_the_count_is_exact() {
        assert_eq!(
            told(&Rule::Unique, &column(&[("a", 1), ("b", 1)], 0)),
            Some((true, "no value comes twice".to_owned()))
        );
        let twice = Some((false, "2 rows with a value that came before".to_owned()));
        assert_eq!(told(&Rule::Unique, &column(&[("a", 3), ("b", 1)], 0)), twice);
        let mut capped = column(&[], DISTINCT_CAP);
        assert_eq!(told(&Rule::Unique, &capped).map(|(holds, _)| holds), Some(true));
        capped.rows += 1;
        assert_eq!(told(&Rule::Unique, &capped), None);
    }

    #[test]
    fn a_form_is_looked_at_in_every_value_or_not_at_all() {
        let matches = |pattern: &str, share| Rule::Matches { pattern: pattern.to_owned(), share };
        let codes = column(&[("AB1", 9), ("x", 1)], 0);
        assert_eq!(told(&matches("^[A-Z]{2}[0-9]$", 0.9), &codes), Some((true, "“x” in 10 % of rows".to_owned())));
        assert_eq!(told(&matches("^[A-Z]{2}[0-9]$", 1.0), &codes).map(|(holds, _)| holds), Some(false));
        assert_eq!(told(&matches(r"\d", 0.9), &codes).map(|(holds, _)| holds), Some(true));
        assert_eq!(told(&matches("x", 1.0), &column(&[("x", 1)], 5)), None);
        for pattern in ["(?=a)", "(a", "a{1000}{1000}", &"a".repeat(2_000)] {
            assert_eq!(told(&matches(pattern, 1.0), &codes), None, "{pattern}");
            assert!(why_not(&matches(pattern, 1.0)).is_some_and(|reason| reason.contains("pattern")));
        }
    }
}
