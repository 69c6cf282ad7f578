//! Rows whose values of two columns only fit the other way round.

use domain::measurements::exchanged_rows::ExchangedRows;
use domain::{ColumnRole, Roles};
use rayon::prelude::*;
use stats::distributions::normal_sf;
use stats::intervals::Share;
use stats::quantiles::{even_quantiles, mean, quantile, standard_deviation};
use stats::two_sample::{ks_pvalue_asymp, ks_statistic};

use super::differing::{FEWEST_ROWS, finite, sorted};
use crate::sample::Sample;

/// The usual range of a column leaves out this share of its train values at each end.
const TAIL: f64 = 0.005;
/// A column that is outside its usual range in fewer serve rows is not looked at: twice as many as in train.
pub const OUTSIDE: f64 = 0.02;
/// Columns that are outside most often are tried first; every two have to be looked at row by row.
const MOST_COLUMNS: usize = 40;
/// Bins of each column in which two columns are compared.
const BINS: usize = 10;
/// The share of the train values that are near an end.
const NEAR_END: f64 = 0.1;
/// That values belong to the other column is this certain.
const CERTAIN: f64 = 0.0001;

/// Every two number features that have such rows in serve.
pub fn exchanged_rows(train: &Sample, serve: &Sample, roles: &Roles) -> Vec<ExchangedRows> {
    let features = train.frame.columns().par_iter().filter(|column| roles.of(column.name()) == ColumnRole::Feature);
    let mut columns: Vec<Ranged> = features
        .filter_map(|column| {
            let name = column.name().as_str();
            Ranged::of(name, finite(column.as_materialized_series())?, finite(serve.column(name)?)?)
        })
        .collect();
    columns.sort_by(|a, b| b.outside.total_cmp(&a.outside).then_with(|| a.name.cmp(&b.name)));
    columns.truncate(MOST_COLUMNS);
    // One of the two at least has values that don't fit.
    let pairs = (0..columns.len()).filter(|one| columns[*one].outside >= OUTSIDE);
    let pairs: Vec<(usize, usize)> =
        pairs.flat_map(|one| (one + 1..columns.len()).map(move |other| (one, other))).collect();
    pairs.into_par_iter().filter_map(|(one, other)| columns[one].exchanged_with(&columns[other])).collect()
}

/// A column with the range of most of its train values.
struct Ranged {
    name: String,
    train: Vec<Option<f64>>,
    train_sorted: Vec<f64>,
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
        let outside = outside as f64 / served as f64;
        Some(Self { name: name.to_owned(), train, train_sorted: known, serve, range, outside })
    }

    /// Rows in which neither value fits its own column, or else those in which the values of one column don't, if they come
    /// with values of the other one that are this column's. The more of both kinds.
    fn exchanged_with(&self, other: &Self) -> Option<ExchangedRows> {
        let neither = self.counted(other, |own, others| self.is_foreign(own, other) && other.is_foreign(others, self));
        let of_one = [(self, other), (other, self)].into_iter().filter_map(|(one, partner)| one.in_rows_of(partner));
        of_one
            .chain([neither])
            .filter(|counts| counts[1].hits > 0)
            .max_by_key(|counts| counts[1].hits)
            .map(|[train, serve]| ExchangedRows { columns: [self.name.clone(), other.name.clone()], train, serve })
    }

    /// Rows with values of this column that only fit `partner`, where the partner's values in just these rows are certainly
    /// this column's.
    ///
    /// Had only this column changed, the partner's values there would be its own, and whatever the two distributions are, the
    /// mean logarithm of their ratio would not be over zero (Gibbs' inequality).
    fn in_rows_of(&self, partner: &Self) -> Option<[Share; 2]> {
        let is_counted = |own: f64, others: f64| self.is_foreign(own, partner) && is_inside(others, self.range);
        let counts = self.counted(partner, is_counted);
        // Values that fit neither column are not from the partner: this column changed.
        let fit_neither = self.outside - counts[1].value();
        if (counts[1].hits as usize) < FEWEST_ROWS || counts[1].value() < OUTSIDE || fit_neither >= OUTSIDE {
            return None;
        }
        if self.moved_more(partner, counts[1].value()) {
            return None;
        }
        let ratio = LikelihoodRatio::of(&self.train_sorted, &partner.train_sorted);
        let ratios = |[own, others]: [&[Option<f64>]; 2], is_one: &dyn Fn(f64, f64) -> bool| -> Vec<f64> {
            let rows = own.iter().zip(others).filter_map(|(own, others)| (*own).zip(*others));
            rows.filter(|(own, others)| is_one(*own, *others)).map(|(_, others)| ratio.at(others)).collect()
        };
        let found = ratios([&self.serve, &partner.serve], &is_counted);
        // Large values of the one may always come with values of the other that look like this: as near the end in train.
        let above = self.serve.iter().flatten().filter(|value| **value > self.range.1).count();
        let below = self.serve.iter().flatten().filter(|value| **value < self.range.0).count();
        let end = quantile(&self.train_sorted, if above >= below { 1.0 - NEAR_END } else { NEAR_END });
        let near_end = |own: f64, _: f64| if above >= below { own >= end } else { own <= end };
        let usual = ratios([&self.train, &partner.train], &near_end);
        let error = |values: &[f64]| standard_deviation(values) / (values.len() as f64).sqrt();
        let over = mean(&found) - mean(&usual).max(0.0);
        let p = normal_sf(over / error(&found).hypot(error(&usual)).max(f64::MIN_POSITIVE));
        (p < CERTAIN).then_some(counts)
    }

    /// Whether this column certainly differs by more than its exchanged rows explain: no distribution function moves by more
    /// than the share of the rows that moved. Of the partner's values, only those outside of this range are counted.
    fn moved_more(&self, partner: &Self, counted: f64) -> bool {
        let seen = partner.train_sorted.iter().filter(|value| self.is_foreign(**value, partner)).count();
        let exchanged = counted * partner.train_sorted.len() as f64 / seen.max(1) as f64;
        let served = sorted(self.serve.iter().flatten().copied());
        let more = ks_statistic(&self.train_sorted, &served).unwrap_or(0.0) - exchanged;
        more > 0.0 && ks_pvalue_asymp(more, self.train_sorted.len(), served.len()) < CERTAIN
    }

    /// Whether a value of this column only fits the other one.
    fn is_foreign(&self, value: f64, other: &Self) -> bool {
        !is_inside(value, self.range) && is_inside(value, other.range)
    }

    /// The rows with both values, and those of them that count, in train and in serve.
    fn counted(&self, other: &Self, is_counted: impl Fn(f64, f64) -> bool) -> [Share; 2] {
        [(&self.train, &other.train), (&self.serve, &other.serve)].map(|(own, others)| {
            let rows = own.iter().zip(others).filter_map(|(own, others)| (*own).zip(*others));
            let (hits, n) =
                rows.fold((0, 0), |(hits, n), (own, others)| (hits + u64::from(is_counted(own, others)), n + 1));
            Share::new(hits, n)
        })
    }
}

/// How much likelier a value is in one column than in another, in bins that hold about as many values of both together.
struct LikelihoodRatio {
    edges: Vec<f64>,
    logarithms: Vec<f64>,
}

impl LikelihoodRatio {
    /// Both ascending.
    fn of(one: &[f64], other: &[f64]) -> Self {
        let mut edges: Vec<f64> =
            [one, other].iter().flat_map(|sample| even_quantiles(sample, BINS + 1)[1..BINS].to_vec()).collect();
        edges.sort_by(f64::total_cmp);
        edges.dedup();
        let counts = |sample: &[f64]| {
            let below = edges.iter().map(|edge| sample.partition_point(|value| value < edge));
            let places: Vec<usize> = [0].into_iter().chain(below).chain([sample.len()]).collect();
            places.windows(2).map(|ends| (ends[1] - ends[0]) as f64).collect::<Vec<f64>>()
        };
        // Half a row more in every bin: an empty one says little.
        let share = |count: f64, of: &[f64]| (count + 0.5) / (of.len() as f64 + 0.5 * (edges.len() + 1) as f64);
        let both = counts(one).into_iter().zip(counts(other));
        let logarithms = both.map(|(a, b)| (share(a, one) / share(b, other)).ln()).collect();
        Self { edges, logarithms }
    }

    fn at(&self, value: f64) -> f64 {
        self.logarithms[self.edges.partition_point(|edge| *edge <= value)]
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
    fn rows_that_don_t_fit_in_one_column_only_are_an_exchange_if_the_other_holds_its_values_there() {
        // Every income is a possible balance; few balances are possible incomes.
        let people = |seed: u64, change: &dyn Fn(usize, f64, f64) -> (f64, f64)| {
            let incomes = draws(seed, 600, |rng| 40.0 + 4.0 * normal(rng));
            let balances = draws(seed + 1, 600, |rng| 60.0 + 60.0 * normal(rng));
            let rows = incomes.iter().zip(&balances).enumerate().map(|(row, (one, other))| change(row, *one, *other));
            let (incomes, balances): (Vec<f64>, Vec<f64>) = rows.unzip();
            let columns = [("income", incomes), ("balance", balances)];
            Sample::new(columns.into_iter().map(|(name, values)| Series::new(name.into(), values)).collect(), 600)
                .unwrap()
        };
        let found = |change: &dyn Fn(usize, f64, f64) -> (f64, f64)| {
            exchanged_rows(&people(1, &|_, one, other| (one, other)), &people(11, change), &Roles::default())
        };
        let part = found(&|row, one, other| if row % 8 == 0 { (other, one) } else { (one, other) });
        let [pair] = part.as_slice() else { panic!("{part:?}") };
        assert!(pair.serve.hits > 45 && pair.train.hits < 15, "{pair:?}");
        // All incomes in another unit: most fit neither.
        let scaled = found(&|_, one, other| (2.54 * one, other));
        assert!(scaled.iter().all(|pair| pair.serve.hits < 15), "{scaled:?}");
        // Incomes became balances, or anything, and the balances stayed.
        for amount in [90.0, 250.0] {
            let alone = found(&|row, one, other| if row % 8 == 0 { (amount, other) } else { (one, other) });
            assert!(alone.iter().all(|pair| pair.serve.hits < 15), "{alone:?}");
        }
    }

    #[test]
    fn values_outside_of_one_column_or_of_both_are_no_exchange() {
        assert!(found(|_, age, year| (age, year)).is_empty());
        assert!(found(|row, age, year| if row % 10 == 0 { (year, year) } else { (age, year) }).is_empty());
        assert!(found(|row, age, year| if row % 10 == 0 { (-999.0, -999.0) } else { (age, year) }).is_empty());
    }
}
