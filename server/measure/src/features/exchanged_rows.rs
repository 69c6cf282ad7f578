//! Rows whose values of two columns only fit the other way round.

use domain::measurements::exchanged_rows::ExchangedRows;
use domain::{ColumnRole, Roles};
use rayon::prelude::*;
use stats::intervals::Share;
use stats::quantiles::quantile;

use super::differing::{FEWEST_ROWS, finite, sorted};
use crate::sample::Sample;

/// The usual range of a column leaves out this share of its train values at each end.
const TAIL: f64 = 0.005;
/// A column that is outside its usual range in fewer serve rows is not looked at: twice as many as in train.
pub const OUTSIDE: f64 = 0.02;
/// Columns that are outside most often are tried first; every two have to be looked at row by row.
const MOST_COLUMNS: usize = 40;

/// Every two number features that have such rows in serve.
pub fn exchanged_rows(train: &Sample, serve: &Sample, roles: &Roles) -> Vec<ExchangedRows> {
    let features = train.frame.columns().par_iter().filter(|column| roles.of(column.name()) == ColumnRole::Feature);
    let mut columns: Vec<Ranged> = features
        .filter_map(|column| {
            let name = column.name().as_str();
            Ranged::of(name, finite(column.as_materialized_series())?, finite(serve.column(name)?)?)
        })
        .collect();
    columns.retain(|column| column.outside >= OUTSIDE);
    columns.sort_by(|a, b| b.outside.total_cmp(&a.outside).then_with(|| a.name.cmp(&b.name)));
    columns.truncate(MOST_COLUMNS);
    let pairs = (0..columns.len()).flat_map(|one| (one + 1..columns.len()).map(move |other| (one, other)));
    let pairs: Vec<(usize, usize)> = pairs.collect();
    pairs.into_par_iter().filter_map(|(one, other)| columns[one].exchanged_with(&columns[other])).collect()
}

/// A column with the range of most of its train values.
struct Ranged {
    name: String,
    train: Vec<Option<f64>>,
    serve: Vec<Option<f64>>,
    range: (f64, f64),
    /// The share of the serve rows outside of it.
    outside: f64,
}

impl Ranged {
    fn of(name: &str, train: Vec<Option<f64>>, serve: Vec<Option<f64>>) -> Option<Self> {
        let known = sorted(train.iter().flatten().copied());
        let served = serve.iter().flatten().count();
        if known.len().min(served) < FEWEST_ROWS {
            return None;
        }
        let range = (quantile(&known, TAIL), quantile(&known, 1.0 - TAIL));
        let outside = serve.iter().flatten().filter(|value| !is_inside(**value, range)).count();
        Some(Self { name: name.to_owned(), train, serve, range, outside: outside as f64 / served as f64 })
    }

    fn exchanged_with(&self, other: &Self) -> Option<ExchangedRows> {
        let is_exchanged = |own: f64, others: f64| {
            !is_inside(own, self.range)
                && !is_inside(others, other.range)
                && is_inside(own, other.range)
                && is_inside(others, self.range)
        };
        let count = |own: &[Option<f64>], others: &[Option<f64>]| {
            let rows = own.iter().zip(others).filter_map(|(own, other)| (*own).zip(*other));
            let (hits, n) =
                rows.fold((0, 0), |(hits, n), (own, other)| (hits + u64::from(is_exchanged(own, other)), n + 1));
            Share::new(hits, n)
        };
        let serve = count(&self.serve, &other.serve);
        (serve.hits > 0).then(|| ExchangedRows {
            columns: [self.name.clone(), other.name.clone()],
            train: count(&self.train, &other.train),
            serve,
        })
    }
}

fn is_inside(value: f64, (low, high): (f64, f64)) -> bool {
    (low..=high).contains(&value)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use polars::prelude::{NamedFrom, Series};
    use stats::testing::{draws, normal};

    use super::*;

    /// Ages, years of birth and heights; `change` gives age and year of a row.
    fn people(seed: u64, change: impl Fn(usize, f64, f64) -> (f64, f64)) -> Sample {
        let ages = draws(seed, 400, |rng| 45.0 + 8.0 * normal(rng));
        let years = draws(seed + 1, 400, |rng| 1_980.0 + 8.0 * normal(rng));
        let heights = draws(seed + 2, 400, |rng| 170.0 + 9.0 * normal(rng));
        let rows = ages.iter().zip(&years).enumerate().map(|(row, (age, year))| change(row, *age, *year));
        let (ages, years): (Vec<f64>, Vec<f64>) = rows.unzip();
        let columns = [("age", ages), ("year", years), ("height", heights)];
        let columns = columns.into_iter().map(|(name, values)| Series::new(name.into(), values)).collect();
        Sample::new(columns, 400).unwrap()
    }

    fn found(change: impl Fn(usize, f64, f64) -> (f64, f64)) -> Vec<ExchangedRows> {
        exchanged_rows(&people(1, |_, age, year| (age, year)), &people(11, change), &Roles::default())
    }

    #[test]
    fn rows_that_only_fit_the_other_way_round_are_counted() {
        let found = found(|row, age, year| if row % 10 == 0 { (year, age) } else { (age, year) });
        let [pair] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(pair.columns, ["age", "year"]);
        assert!((36..=40).contains(&pair.serve.hits) && pair.serve.n == 400, "{pair:?}");
        assert_eq!(pair.train.hits, 0);
    }

    #[test]
    fn values_outside_of_one_column_or_of_both_are_no_exchange() {
        assert!(found(|_, age, year| (age, year)).is_empty());
        assert!(found(|row, age, year| if row % 10 == 0 { (year, year) } else { (age, year) }).is_empty());
        assert!(found(|row, age, year| if row % 10 == 0 { (-999.0, -999.0) } else { (age, year) }).is_empty());
    }
}
