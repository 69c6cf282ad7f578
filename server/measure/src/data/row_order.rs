//! What only names or orders the train rows (their place, time and identifiers), held against the label.

use std::collections::BTreeSet;

use domain::measurements::leakage::{OrderLink, RowName};
use domain::{ColumnRole, Roles};
use polars::prelude::{DataType, NamedFrom, Series};

use crate::importance::Label;
use crate::sample::Sample;
use crate::values::{numbers, words};

/// An identifier that begins with one of more beginnings than this is no code of its source.
const BEGINNINGS: usize = 20;
/// Share of the rows that a feature must tell apart to be an identifier.
const NEARLY_ALL: f64 = 0.99;

/// The strength of each against the label. `serve` tells what of it lies beyond train. Empty when the label never varies.
pub fn row_order(train: &Sample, serve: Option<&Sample>, roles: &Roles) -> Vec<OrderLink> {
    let Some(column) = roles.label().and_then(|label| train.column(label)) else { return Vec::new() };
    let Some(label) = Label::of(column) else { return Vec::new() };
    let rows = (column.len() - column.null_count()) as u64;
    let link = |what, values: &Series, beyond_train| {
        let strength = label.with(values)?.strength;
        Some(OrderLink { what, strength, rows, beyond_train })
    };
    let place = Series::new("place".into(), (0..train.rows as i64).collect::<Vec<_>>());
    let mut found: Vec<OrderLink> = link(RowName::Place, &place, None).into_iter().collect();
    for column in train.frame.columns() {
        let column = column.as_materialized_series();
        let name = column.name().to_string();
        let later = serve.and_then(|serve| serve.column(&name));
        match roles.of(&name) {
            ColumnRole::Time if matches!(column.dtype(), DataType::Datetime(..)) => {
                let Some(times) = milliseconds(column) else { continue };
                let beyond = later.and_then(milliseconds).and_then(|later| beyond(&times, &later));
                found.extend(link(RowName::Time(name), &times, beyond));
            }
            ColumnRole::Id | ColumnRole::Group => found.extend(identifier(&name, column, later, &link)),
            ColumnRole::Feature if names_rows(column) => found.extend(identifier(&name, column, later, &link)),
            _ => {}
        }
    }
    found
}

fn identifier(
    name: &str,
    column: &Series,
    later: Option<&Series>,
    link: &impl Fn(RowName, &Series, Option<f64>) -> Option<OrderLink>,
) -> Option<OrderLink> {
    if numbers(column).is_some() {
        return link(RowName::Number(name.to_owned()), column, later.and_then(|later| beyond(column, later)));
    }
    let begin = beginnings(column)?;
    let known: BTreeSet<&str> = begin.iter().flatten().map(String::as_str).collect();
    if known.len() < 2 || known.len() > BEGINNINGS {
        return None;
    }
    let new = later.and_then(beginnings).map(|later| {
        let given: Vec<&String> = later.iter().flatten().collect();
        given.iter().filter(|word| !known.contains(word.as_str())).count() as f64 / given.len().max(1) as f64
    });
    link(RowName::Beginning(name.to_owned()), &Series::new(name.into(), &begin), new)
}

/// A feature that tells nearly all rows apart: whole numbers dealt out evenly, or text with digits.
fn names_rows(column: &Series) -> bool {
    let given = column.len() - column.null_count();
    let tells_apart = |different: usize| given >= 50 && different as f64 >= NEARLY_ALL * given as f64;
    match column.dtype() {
        DataType::Int64 => {
            let Some(values) = numbers(column) else { return false };
            let mut values: Vec<f64> = values.into_iter().flatten().collect();
            values.sort_unstable_by(f64::total_cmp);
            let mut different = values.clone();
            different.dedup();
            tells_apart(different.len()) && is_even(&values)
        }
        DataType::String => {
            let Some(words) = words(column) else { return false };
            let different: BTreeSet<&String> = words.iter().flatten().collect();
            let with_digits = different.iter().filter(|word| word.contains(|c: char| c.is_ascii_digit())).count();
            let short = different.iter().all(|word| !word.contains(char::is_whitespace));
            tells_apart(different.len()) && short && with_digits as f64 >= NEARLY_ALL * different.len() as f64
        }
        _ => false,
    }
}

/// Spread evenly over their range, as numbers dealt out in order are: the Kolmogorov-Smirnov distance from the uniform
/// distribution is under 0.1. Amounts that happen to be whole and different seldom are.
fn is_even(sorted: &[f64]) -> bool {
    let (Some(low), Some(high)) = (sorted.first(), sorted.last()) else { return false };
    let (span, n) = (high - low, sorted.len() as f64);
    let far = |(rank, value): (usize, &f64)| ((rank as f64 + 0.5) / n - (value - low) / span).abs() >= 0.1;
    span > 0.0 && !sorted.iter().enumerate().any(far)
}

/// The letters before the first digit or sign, in lower case.
fn beginnings(column: &Series) -> Option<Vec<Option<String>>> {
    let letters =
        |word: String| word.trim().chars().take_while(|c| c.is_alphabetic()).collect::<String>().to_lowercase();
    Some(words(column)?.into_iter().map(|word| word.map(letters)).collect())
}

fn milliseconds(column: &Series) -> Option<Series> {
    if !matches!(column.dtype(), DataType::Datetime(..)) {
        return None;
    }
    let times: Vec<Option<i64>> = column.datetime().ok()?.physical().iter().collect();
    Some(Series::new(column.name().clone(), times))
}

/// The share of later numbers outside the range of the train numbers.
fn beyond(train: &Series, later: &Series) -> Option<f64> {
    let finite = |column: &Series| -> Option<Vec<f64>> {
        Some(numbers(column)?.into_iter().flatten().filter(|value| value.is_finite()).collect())
    };
    let (train, later) = (finite(train)?, finite(later)?);
    let (low, high) = (train.iter().copied().reduce(f64::min)?, train.iter().copied().reduce(f64::max)?);
    let outside = later.iter().filter(|value| **value < low || **value > high).count();
    (!later.is_empty()).then(|| outside as f64 / later.len() as f64)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use stats::rng::Rng;

    use super::*;

    fn sample(columns: Vec<Series>) -> Sample {
        let rows = columns[0].len();
        Sample::new(columns, rows).unwrap()
    }

    fn strength(found: &[OrderLink], what: &RowName) -> Option<f64> {
        found.iter().find(|link| link.what == *what).map(|link| (link.strength * 1000.0).round() / 1000.0)
    }

    #[test]
    fn ids_dealt_out_by_class_tell_the_label_and_the_place_does_not() {
        let mut rng = Rng::new(2);
        let late: Vec<bool> = (0..400).map(|_| rng.next_f64() < 0.4).collect();
        let (mut yes, mut no) = (0, 1_000);
        let id = late.iter().map(|late| {
            let next = if *late { &mut yes } else { &mut no };
            *next += 1;
            *next
        });
        let id: Vec<i64> = id.collect();
        let code: Vec<String> =
            late.iter().zip(&id).map(|(late, id)| format!("{}-{id}", if *late { "L" } else { "K" })).collect();
        let columns = |late: &[bool], id: Vec<i64>, code: Vec<String>| {
            sample(vec![
                Series::new("row_id".into(), id),
                Series::new("ref".into(), code),
                Series::new("late".into(), late.to_vec()),
            ])
        };
        let train = columns(&late, id, code);
        let serve = columns(&late[..2], vec![5_000, 20], vec!["M-1".into(), "K-2".into()]);
        let roles = Roles::from([(ColumnRole::Label, "late"), (ColumnRole::Id, "row_id")]);
        let found = row_order(&train, Some(&serve), &roles);
        assert_eq!(strength(&found, &RowName::Number("row_id".into())), Some(1.0));
        assert!(strength(&found, &RowName::Beginning("ref".into())).unwrap() > 0.99);
        assert!(strength(&found, &RowName::Place).unwrap() < 0.2);
        assert_eq!(found.iter().map(|link| link.beyond_train).collect::<Vec<_>>(), [None, Some(0.5), Some(0.5)]);
    }

    #[test]
    fn a_sorted_file_is_seen_by_its_place_and_quantities_name_no_rows() {
        let late: Vec<bool> = (0..300).map(|row| row >= 200).collect();
        let mut rng = Rng::new(3);
        let amount: Vec<i64> = (0..300).map(|_| (1e6 * rng.next_f64().powi(4)) as i64).collect();
        let note: Vec<String> = (0..300).map(|row| format!("called {row} times")).collect();
        let train = sample(vec![
            Series::new("amount".into(), amount),
            Series::new("note".into(), note),
            Series::new("late".into(), late),
        ]);
        let roles = Roles::from([(ColumnRole::Label, "late")]);
        let found = row_order(&train, None, &roles);
        assert_eq!(found.iter().map(|link| &link.what).collect::<Vec<_>>(), [&RowName::Place]);
        assert_eq!(found[0].strength, 1.0);
        assert!(row_order(&train, None, &Roles::default()).is_empty());
    }
}
