//! The values of one column, seen as numbers or as words.

use domain::plot::format;
use domain::selection::Test;
use domain::snapshot::ColumnKind;
use polars::prelude::{DataType, Series};

/// One value per row; `None` is missing.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Values {
    /// Numbers, times in milliseconds, lengths of text in characters. NaN counts as missing.
    Numbers(Vec<Option<f64>>),
    /// Values as they are shown.
    Words(Vec<Option<String>>),
}

impl Values {
    /// As a column of that kind is compared and charted.
    pub fn of(series: &Series, kind: ColumnKind) -> Values {
        match kind {
            ColumnKind::Numeric | ColumnKind::Datetime => {
                numbers(series).map_or_else(|| words(series), Values::Numbers)
            }
            ColumnKind::Text => Values::Numbers(lengths(series)),
            _ => words(series),
        }
    }

    /// As a test looks at it: a range needs numbers, a list of values needs words, whatever the column is.
    pub fn for_test(series: &Series, kind: ColumnKind, test: &Test) -> Values {
        match test {
            Test::Range { .. } => match numbers(series) {
                Some(numbers) if kind != ColumnKind::Text => Values::Numbers(numbers),
                _ => Values::Numbers(lengths(series)),
            },
            Test::OneOf(_) | Test::NoneOf(_) | Test::Missing => words(series),
        }
    }

    /// Which rows pass.
    pub fn mask(&self, test: &Test) -> Vec<bool> {
        match self {
            Values::Numbers(values) => values
                .iter()
                .map(|value| value.map_or(*test == Test::Missing, |value| test.accepts_number(value)))
                .collect(),
            Values::Words(values) => values
                .iter()
                .map(|value| value.as_deref().map_or(*test == Test::Missing, |value| test.accepts_text(value)))
                .collect(),
        }
    }
}

/// Numbers and times; `None` for a column of anything else.
pub(crate) fn numbers(series: &Series) -> Option<Vec<Option<f64>>> {
    match series.dtype() {
        DataType::Float64 => {
            let values = series.f64().ok()?;
            Some(values.iter().map(|value| value.filter(|value| !value.is_nan())).collect())
        }
        DataType::Int64 => Some(series.i64().ok()?.iter().map(|value| value.map(|value| value as f64)).collect()),
        DataType::Boolean => {
            Some(series.bool().ok()?.iter().map(|value| value.map(|value| f64::from(u8::from(value)))).collect())
        }
        DataType::Datetime(..) => {
            let values = series.datetime().ok()?;
            Some(values.physical().iter().map(|value| value.map(|value| value as f64)).collect())
        }
        _ => None,
    }
}

/// Numbers in their shortest form, so that 1 and 1.0 are one word; `true` and `false`; text as it is.
fn words(series: &Series) -> Values {
    if let (DataType::String, Ok(values)) = (series.dtype(), series.str()) {
        return Values::Words(values.iter().map(|value| value.map(str::to_owned)).collect());
    }
    if let (DataType::Boolean, Ok(values)) = (series.dtype(), series.bool()) {
        return Values::Words(values.iter().map(|value| value.map(|value| value.to_string())).collect());
    }
    match numbers(series) {
        Some(values) => {
            Values::Words(values.into_iter().map(|value| value.map(|value| (value + 0.0).to_string())).collect())
        }
        None => Values::Words(vec![None; series.len()]),
    }
}

/// Each value as it is shown: times in UTC, anything else as in a list of values.
pub(crate) fn shown(series: &Series) -> Vec<Option<String>> {
    if let (DataType::Datetime(..), Some(times)) = (series.dtype(), numbers(series)) {
        return times.into_iter().map(|time| time.map(|ms| moment(ms as i64))).collect();
    }
    match words(series) {
        Values::Words(words) => words,
        Values::Numbers(numbers) => numbers.into_iter().map(|value| value.map(|value| value.to_string())).collect(),
    }
}

/// To the millisecond, where there are any.
fn moment(ms: i64) -> String {
    match ms.rem_euclid(1000) {
        0 => format::time(ms),
        rest => {
            let (day, second) = (ms.div_euclid(format::DAY_MS), ms.rem_euclid(format::DAY_MS) / 1000);
            let date = format::time(day * format::DAY_MS);
            format!("{date} {:02}:{:02}:{:02}.{rest:03}", second / 3600, second / 60 % 60, second % 60)
        }
    }
}

fn lengths(series: &Series) -> Vec<Option<f64>> {
    match words(series) {
        Values::Words(values) => {
            values.into_iter().map(|value| value.map(|value| value.chars().count() as f64)).collect()
        }
        Values::Numbers(values) => values,
    }
}

#[cfg(test)]
mod tests {
    use domain::selection::UpperEnd;
    use polars::prelude::{NamedFrom, Series};

    use super::*;

    #[test]
    fn a_time_is_shown_as_exactly_as_it_is() {
        assert_eq!(moment(1_710_943_200_000), "2024-03-20 14:00");
        assert_eq!(moment(1_710_943_200_250), "2024-03-20 14:00:00.250");
        assert_eq!(moment(-1), "1969-12-31 23:59:59.999");
    }

    #[test]
    fn a_test_sees_the_column_as_its_chart_does() {
        let zero_to_two = Test::Range { from: 0.0, to: 2.0, upper: UpperEnd::Excluded };
        let amounts = Series::new("amount".into(), [Some(0.0), Some(2.0), Some(f64::NAN), None]);
        let mask = |test: &Test| Values::for_test(&amounts, ColumnKind::Numeric, test).mask(test);
        assert_eq!(mask(&zero_to_two), [true, false, false, false]);
        assert_eq!(mask(&Test::Missing), [false, false, true, true]);
        assert_eq!(mask(&Test::OneOf(vec!["2".into()])), [false, true, false, false]);

        let notes = Series::new("note".into(), [Some("a"), Some("long"), None]);
        let mask = |test: &Test| Values::for_test(&notes, ColumnKind::Text, test).mask(test);
        assert_eq!(mask(&zero_to_two), [true, false, false]);
        assert_eq!(mask(&Test::NoneOf(vec!["a".into()])), [false, true, false]);
    }
}
