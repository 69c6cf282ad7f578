//! Rules that another tool has written down, evaluated on the tables that are here.

use domain::constraint::{Constraint, Rule};
use domain::measurements::Measurements;
use domain::number::{counted, number, percent};
use domain::profile::{ColumnProfile, NumericProfile, Profile};
use domain::snapshot::{ColumnKind, SnapshotRole};
use domain::tool_check::{CheckOutcome, CheckSubject, ToolCheck};

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
        return Some(check(CheckOutcome::NotRun));
    };
    let outcome = if seen.holds { CheckOutcome::Passed } else { CheckOutcome::Failed };
    let mut check = check(outcome).with_observed(seen.observed);
    if let Some((name, value, limit)) = seen.figure {
        check = check.with_measured(name, value, Some(limit));
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
    let counts: Vec<(String, u64)> = match (&column.categories, &column.numeric) {
        (Some(categories), _) if categories.other == 0 => categories.counts.clone(),
        // Codes are numbers here and may be texts there; with many different ones not all are counted.
        (_, Some(numbers)) if column.distinct <= numbers.modes.len() as u64 => {
            let shares = numbers
                .modes
                .iter()
                .map(|(value, share)| (value.to_string(), (share * numbers.finite as f64).round() as u64));
            shares.collect()
        }
        _ => return None,
    };
    let all: u64 = counts.iter().map(|(_, n)| n).sum();
    let is_allowed = |value: &str| {
        let same_number =
            |one: &String| one.parse::<f64>().ok().zip(value.parse::<f64>().ok()).is_some_and(|(a, b)| a == b);
        allowed.iter().any(|one| one == value || same_number(one))
    };
    let others: Vec<&(String, u64)> = counts.iter().filter(|(value, _)| !is_allowed(value)).collect();
    let rows: u64 = others.iter().map(|(_, n)| n).sum();
    let outside = rows as f64 / all.max(1) as f64;
    let shown: Vec<&str> = others.iter().take(3).map(|(value, _)| value.as_str()).collect();
    let observed = match shown.as_slice() {
        [] => "no other value".to_owned(),
        shown => format!("{} in {} of rows", domain::naming::values(shown), percent(outside)),
    };
    Seen::of_share("share of other values", outside, 1.0 - share, observed)
}
