//! Hand-made tables for the tests of detectors: values in, measurements out, by the same definitions as the engine's.

use super::Detector;
use std::collections::BTreeMap;

use domain::compare::compare;
use domain::measurements::Measurements;
use domain::measurements::serving_log::{LogColumns, ServingLogMeasures};
use domain::profile::{CategoryProfile, ColumnProfile, NumericProfile, Profile, TextProfile, TimeProfile};
use domain::snapshot::{ColumnKind, ColumnRole, Roles, SnapshotRole};
use domain::{Cause, Finding, Suspect, Verdict};
use stats::quantiles::{mean, standard_deviation};
pub use stats::testing::{draws, exponential, normal};

/// The values of one column; `None` is missing.
#[derive(Clone)]
pub enum Values {
    Numbers(Vec<Option<f64>>),
    Words(Vec<Option<String>>),
    YesNo(Vec<bool>),
    Times(Vec<i64>),
}

pub fn numbers(values: impl IntoIterator<Item = f64>) -> Values {
    Values::Numbers(values.into_iter().map(Some).collect())
}

pub fn words<S: Into<String>>(values: impl IntoIterator<Item = S>) -> Values {
    Values::Words(values.into_iter().map(|value| Some(value.into())).collect())
}

/// Columns with their names, in order.
pub type Table<'a> = Vec<(&'a str, Values)>;

pub fn profile(table: &Table) -> Profile {
    let columns: Vec<ColumnProfile> =
        table.iter().enumerate().map(|(position, (name, values))| column(name, position, values)).collect();
    let rows = columns.first().map_or(0, |column| column.rows);
    Profile { key: String::new(), rows, sampled_rows: rows, duplicate_rows: 0, columns }
}

pub fn column(name: &str, position: usize, values: &Values) -> ColumnProfile {
    let empty = ColumnProfile {
        name: name.into(),
        position,
        kind: ColumnKind::Empty,
        stored_type: String::new(),
        rows: 0,
        nulls: 0,
        null_spellings: Vec::new(),
        distinct: 0,
        numeric: None,
        categories: None,
        text: None,
        time: None,
    };
    match values {
        Values::Numbers(values) => number_column(empty, values),
        Values::Words(values) => word_column(empty, values),
        Values::YesNo(values) => {
            let words: Vec<Option<String>> = values.iter().map(|value| Some(value.to_string())).collect();
            let column = word_column(empty, &words);
            ColumnProfile { kind: ColumnKind::Boolean, stored_type: "Boolean".into(), text: None, ..column }
        }
        Values::Times(values) => time_column(empty, values),
    }
}

/// The decimals that a number needs, up to 12.
fn decimals(value: f64) -> u8 {
    let whole = |places: &u8| {
        let scaled = value * 10f64.powi(i32::from(*places));
        (scaled - scaled.round()).abs() <= 1e-9 * scaled.abs().max(1.0)
    };
    (0..12).find(whole).unwrap_or(12)
}

fn number_column(column: ColumnProfile, values: &[Option<f64>]) -> ColumnProfile {
    let given: Vec<f64> = values.iter().flatten().copied().collect();
    let mut sorted: Vec<f64> = given.iter().copied().filter(|value| value.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let mut modes: Vec<(f64, f64)> = Vec::new();
    for value in &sorted {
        match modes.last_mut().filter(|(last, _)| last == value) {
            Some((_, share)) => *share += 1.0 / sorted.len() as f64,
            None => modes.push((*value, 1.0 / sorted.len() as f64)),
        }
    }
    let distinct = modes.len() as u64;
    modes.retain(|(_, share)| share * sorted.len() as f64 > 1.5);
    modes.sort_by(|a, b| b.1.total_cmp(&a.1));
    modes.truncate(20);
    let count = |test: fn(&f64) -> bool| given.iter().filter(|value| test(value)).count() as u64;
    let numeric = NumericProfile {
        finite: sorted.len() as u64,
        nan: count(|x| x.is_nan()),
        positive_infinity: count(|x| *x == f64::INFINITY),
        negative_infinity: count(|x| *x == f64::NEG_INFINITY),
        zeros: count(|x| *x == 0.0),
        negatives: count(|x| *x < 0.0 && x.is_finite()),
        min: sorted.first().copied().unwrap_or(f64::NAN),
        max: sorted.last().copied().unwrap_or(f64::NAN),
        mean: mean(&sorted),
        std: standard_deviation(&sorted),
        integers: sorted.iter().all(|value| value.fract() == 0.0),
        decimals: sorted.iter().map(|value| decimals(*value)).max().unwrap_or(0),
        sorted,
        modes,
    };
    ColumnProfile {
        kind: if given.is_empty() { ColumnKind::Empty } else { ColumnKind::Numeric },
        stored_type: "Float64".into(),
        rows: values.len() as u64,
        nulls: (values.len() - given.len()) as u64,
        distinct,
        numeric: Some(numeric),
        ..column
    }
}

fn word_column(column: ColumnProfile, values: &[Option<String>]) -> ColumnProfile {
    let given: Vec<&String> = values.iter().flatten().collect();
    let mut by_value: BTreeMap<&str, u64> = BTreeMap::new();
    for value in &given {
        *by_value.entry(value).or_default() += 1;
    }
    let mut counts: Vec<(String, u64)> = by_value.into_iter().map(|(value, count)| (value.to_owned(), count)).collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let distinct = counts.len();
    let lengths: Vec<f64> = given.iter().map(|value| value.chars().count() as f64).collect();
    let text = TextProfile {
        min_length: 0,
        max_length: 0,
        mean_length: mean(&lengths),
        blank: given.iter().filter(|value| value.trim().is_empty()).count() as u64,
        numeric_like: given.iter().filter(|value| value.parse::<f64>().is_ok()).count() as u64,
        sorted_lengths: lengths,
        patterns: Vec::new(),
    };
    let comes_back = distinct <= 50 || distinct * 10 <= given.len();
    ColumnProfile {
        kind: match () {
            () if given.is_empty() => ColumnKind::Empty,
            () if comes_back => ColumnKind::Categorical,
            () => ColumnKind::Text,
        },
        stored_type: "String".into(),
        rows: values.len() as u64,
        nulls: (values.len() - given.len()) as u64,
        distinct: distinct as u64,
        categories: Some(CategoryProfile { counts, other: 0 }),
        text: Some(text),
        ..column
    }
}

fn time_column(column: ColumnProfile, values: &[i64]) -> ColumnProfile {
    let mut sorted_ms = values.to_vec();
    sorted_ms.sort_unstable();
    ColumnProfile {
        kind: ColumnKind::Datetime,
        stored_type: "Datetime".into(),
        rows: values.len() as u64,
        distinct: values.len() as u64,
        time: Some(TimeProfile {
            min_ms: sorted_ms.first().copied().unwrap_or(0),
            max_ms: sorted_ms.last().copied().unwrap_or(0),
            placeholders: values.iter().filter(|ms| **ms == 0).count() as u64,
            sorted_ms,
        }),
        ..column
    }
}

/// Train against serve; a column called `label` is the label, `score` the score, `id` the id.
pub fn measured(train: &Table, serve: &Table) -> Measurements {
    let roles = Roles::from([(ColumnRole::Label, "label"), (ColumnRole::Score, "score"), (ColumnRole::Id, "id")]);
    let roles = roles.present(|name| train.iter().chain(serve).any(|(column, _)| *column == name));
    let (train, serve) = (profile(train), profile(serve));
    let comparisons = compare(&train, &serve, &roles);
    let profiles = BTreeMap::from([(SnapshotRole::Train, train), (SnapshotRole::Serve, serve)]);
    Measurements { roles, profiles, comparisons, ..Measurements::default() }
}

/// Everything every detector says, and the suspects.
pub fn diagnosed(train: &Table, serve: &Table) -> (Vec<Finding>, Vec<Suspect>) {
    let measurements = measured(train, serve);
    let (_, findings) = crate::judge::judge(&measurements);
    let suspects = crate::suspects::explain(&findings, &measurements, &[]);
    (findings, suspects)
}

/// The prime suspect's cause and columns, sorted by name.
pub fn prime(train: &Table, serve: &Table) -> Option<(Cause, Vec<String>)> {
    let (_, suspects) = diagnosed(train, serve);
    let first = suspects.into_iter().next()?;
    let mut columns = first.columns;
    columns.sort();
    Some((first.cause, columns))
}

/// The detector with this id. There is one, or the test has a typing error.
#[track_caller]
pub fn with_id(id: &str) -> &'static Detector {
    super::all().find(|known| known.id.as_str() == id).unwrap_or_else(|| panic!("there is no detector {id}"))
}

/// The verdict of the worst finding of a detector, `Clear` without one.
#[track_caller]
pub fn verdict_of(detector: &str, findings: &[Finding]) -> Verdict {
    let detector = &with_id(detector).id;
    findings
        .iter()
        .filter(|finding| finding.detector == *detector)
        .map(|finding| finding.verdict)
        .max()
        .unwrap_or(Verdict::Clear)
}

/// A log of so many requests that says everything, with nothing wrong.
pub fn log_of(rows: u64) -> ServingLogMeasures {
    let named = |name: &str| Some(name.to_owned());
    ServingLogMeasures {
        rows,
        successful: Some(rows),
        columns: LogColumns {
            time: named("time"),
            id: named("request_id"),
            version: named("version"),
            latency: named("latency_ms"),
            status: named("status"),
            inputs: named("inputs"),
            output: named("output"),
            confidence: named("confidence"),
        },
        fields: Vec::new(),
        latency: None,
        tail: None,
        errors: None,
        versions: None,
        buckets: None,
    }
}

/// A column of train and serve rows in which nothing differs.
pub fn bell_pair<'a>() -> (Table<'a>, Table<'a>) {
    (vec![("x", numbers(draws(1, 100, normal)))], vec![("x", numbers(draws(2, 100, normal)))])
}
