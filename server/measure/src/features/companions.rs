//! Whether the columns that correlate with a differing one moved along with it.

use domain::measurements::companions::Companion;
use domain::{ColumnRole, Problem, Roles};
use polars::prelude::Series;
use rayon::prelude::*;
use stats::quantiles::{even_quantiles, mean, standard_deviation};
use stats::regression::{pearson, ranks};

use super::differing::{Differing, finite, sorted};
use super::scaled::scaled;
use super::together::Together;
use crate::sample::Sample;

/// Number features that are tried as companions, and the rows of train on which they are chosen.
const MOST_FEATURES: usize = 60;
const MOST_ROWS: usize = 5_000;
/// Companions of one column, strongest first, and the weakest correlation of one.
const MOST_COMPANIONS: usize = 3;
const CORRELATES: f64 = 0.3;
/// The column is cut into groups of rows with about the same value, of this many train rows at least.
const GROUPS: usize = 10;
const FEWEST_OF_GROUP: usize = 8;

/// For each differing column the features that correlate with it in training most.
/// Then what all others say of it together.
///
/// # Errors
/// When a drawn row is not there, which can't be.
pub fn companions(
    differing: &[Differing],
    train: &Sample,
    serve: &Sample,
    roles: &Roles,
) -> Result<Vec<Companion>, Problem> {
    if differing.is_empty() {
        return Ok(Vec::new());
    }
    let features: Vec<_> = train
        .frame
        .columns()
        .iter()
        .filter(|column| roles.of(column.name()) == ColumnRole::Feature)
        .filter_map(|column| Some((column.as_materialized_series(), serve.column(column.name())?)))
        .filter(|(train, serve)| has_numbers(train) && has_numbers(serve))
        .take(MOST_FEATURES)
        .collect();
    let others: Vec<Other> = features.into_par_iter().filter_map(|(train, serve)| Other::of(train, serve)).collect();
    let together = Together::learn(train, serve, roles)?;
    Ok(differing
        .par_iter()
        .flat_map(|column| {
            let mut companions = of(column, &others);
            companions.extend(by_all(column, &together));
            companions
        })
        .collect())
}

fn by_all(column: &Differing, together: &Together) -> Option<Companion> {
    let predicted = together.predict(&column.name).filter(|predicted| predicted.correlation >= CORRELATES)?;
    let train_sorted = sorted(predicted.own[0].iter().flatten().copied());
    let moved = Moved::of(&train_sorted, sides(&predicted.own), sides(&predicted.by_others))?;
    Some(moved.companion(column, None, predicted.correlation))
}

fn has_numbers(column: &Series) -> bool {
    column.dtype().is_primitive_numeric() || column.dtype().is_bool()
}

/// A feature that may correlate with a differing one.
struct Other {
    name: String,
    train: Vec<Option<f64>>,
    serve: Vec<Option<f64>>,
    /// Of the first rows of train.
    ranks: Vec<Option<f64>>,
}

impl Other {
    fn of(train: &Series, serve: &Series) -> Option<Self> {
        let (name, train, serve) = (train.name().to_string(), finite(train)?, finite(serve)?);
        let ranks = first_ranks(&train);
        Some(Self { name, train, serve, ranks })
    }
}

/// The ranks of the values of the first rows, row by row.
fn first_ranks(values: &[Option<f64>]) -> Vec<Option<f64>> {
    let first = &values[..values.len().min(MOST_ROWS)];
    let mut known = ranks(&first.iter().flatten().copied().collect::<Vec<f64>>()).into_iter();
    first.iter().map(|value| value.and_then(|_| known.next())).collect()
}

fn of(column: &Differing, others: &[Other]) -> Vec<Companion> {
    let own = first_ranks(&column.train);
    let mut with: Vec<(f64, &Other)> = others
        .iter()
        .filter(|other| other.name != column.name)
        .filter_map(|other| {
            let (a, b): (Vec<f64>, Vec<f64>) = own.iter().zip(&other.ranks).filter_map(|(a, b)| (*a).zip(*b)).unzip();
            Some((pearson(&a, &b)?, other))
        })
        .filter(|(correlation, _)| correlation.abs() >= CORRELATES)
        .collect();
    with.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()).then_with(|| a.1.name.cmp(&b.1.name)));
    let strongest = with.into_iter().take(MOST_COMPANIONS);
    let compared = |(correlation, other): (f64, &Other)| {
        let other_sides = scaled(&other.train, &other.serve)?;
        let moved = Moved::of(&column.train_sorted, [&column.train, &column.serve], sides(&other_sides))?;
        Some(moved.companion(column, Some(other.name.clone()), correlation))
    };
    strongest.filter_map(compared).collect()
}

/// A column in train and in serve, row by row.
type Sides<'a> = [&'a [Option<f64>]; 2];

fn sides(of: &[Vec<Option<f64>>; 2]) -> Sides<'_> {
    of.each_ref().map(Vec::as_slice)
}

/// By how much the mean of a companion moves, in its standard deviations in train.
struct Moved {
    expected: f64,
    found: f64,
    error: f64,
}

impl Moved {
    /// The companion's mean in train, weighted by how many served rows fall into each group of the column's values, against
    /// its mean in serve. Train before serve, row by row.
    fn of(train_sorted: &[f64], [train, serve]: Sides, [other_train, other_serve]: Sides) -> Option<Self> {
        let edges = even_quantiles(train_sorted, GROUPS + 1);
        // Beyond the range of train, the outermost group.
        let group = |value: f64| edges[1..edges.len() - 1].partition_point(|edge| *edge < value);
        let grouped = |own: &[Option<f64>], others: &[Option<f64>]| {
            let mut groups: Vec<Vec<f64>> = vec![Vec::new(); GROUPS];
            for (own, other) in own.iter().zip(others) {
                if let (Some(own), Some(other)) = (own, other) {
                    groups[group(*own)].push(*other);
                }
            }
            groups
        };
        let (before, after) = (grouped(train, other_train), grouped(serve, other_serve));
        let served: usize = after.iter().map(Vec::len).sum();
        let found: f64 = after.iter().flatten().sum::<f64>() / served.max(1) as f64;
        let level = |groups: &[Vec<f64>]| mean(&groups.iter().flatten().copied().collect::<Vec<f64>>());
        let (mut expected, mut variance) = (0.0, 0.0);
        for (before, after) in before.iter().zip(&after).filter(|(_, after)| !after.is_empty()) {
            if before.len() < FEWEST_OF_GROUP {
                return None;
            }
            let share = after.len() as f64 / served as f64;
            let scatter = standard_deviation(before).powi(2);
            expected += share * mean(before);
            variance += share * scatter / served as f64 + share * share * scatter / before.len() as f64;
        }
        let usual = level(&before);
        (served > 0).then(|| Self { expected: expected - usual, found: found - usual, error: variance.sqrt() })
    }

    fn companion(self, of: &Differing, other: Option<String>, correlation: f64) -> Companion {
        let Self { expected, found, error } = self;
        Companion { column: of.name.clone(), other, correlation, expected, found, error }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use polars::prelude::NamedFrom;
    use stats::testing::{draws, normal};

    use super::super::differing::differing;
    use super::*;

    /// Weights that go with heights; only rows with a height over `least`, and what was written of it.
    fn people(from: u64, least: f64, written: impl Fn(f64) -> f64) -> Sample {
        let unit =
            |seed: u64| (seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1) >> 33) as f64 / 2f64.powi(31);
        let rows: Vec<(f64, f64)> = (from..from + 3_000)
            .map(|row| (150.0 + 40.0 * unit(row), 10.0 * unit(row + 7_777_777)))
            .map(|(height, more)| (height, height - 100.0 + more))
            .filter(|(height, _)| *height >= least)
            .collect();
        let heights: Vec<f64> = rows.iter().map(|(height, _)| written(*height)).collect();
        let weights: Vec<f64> = rows.iter().map(|(_, weight)| *weight).collect();
        let count = rows.len();
        Sample::new(vec![Series::new("height".into(), heights), Series::new("weight".into(), weights)], count).unwrap()
    }

    fn measured(serve: &Sample) -> Companion {
        let train = people(0, 0.0, |height| height);
        let roles = Roles::default();
        let found = companions(&differing(&train, serve, &roles), &train, serve, &roles).unwrap();
        found.into_iter().find(|companion| companion.column == "height").unwrap()
    }

    #[test]
    fn a_companion_moves_with_a_selection_of_rows_and_stays_where_only_values_changed() {
        let selected = measured(&people(10_000, 165.0, |height| height));
        assert!(selected.correlation > 0.9 && selected.expected > 0.4, "{selected:?}");
        assert!((selected.found - selected.expected).abs() < 4.0 * selected.error, "{selected:?}");
        let changed = measured(&people(10_000, 0.0, |height| height + 8.0));
        assert!(changed.expected > 0.4 && changed.found.abs() < 0.1, "{changed:?}");
        assert!(changed.error < 0.05, "{changed:?}");
    }

    /// Sums of eight amounts, none of which goes with the sum by itself, and of whether somebody is a member.
    fn sums(seed: u64, least: f64, written: impl Fn(f64) -> f64) -> Sample {
        let rows = 2_000;
        let amounts: Vec<Vec<f64>> = (0..8).map(|part| draws(seed + part, rows, normal)).collect();
        let members = draws(seed + 8, rows, |rng| f64::from(u8::from(rng.next_f64() < 0.3)));
        let of = |row: usize| amounts.iter().map(|amount| amount[row]).sum::<f64>() + 4.0 * members[row];
        let kept: Vec<usize> = (0..rows).filter(|row| of(*row) >= least).collect();
        let mut columns = vec![Series::new("sum".into(), kept.iter().map(|row| written(of(*row))).collect::<Vec<_>>())];
        for (part, amount) in amounts.iter().enumerate() {
            let values: Vec<f64> = kept.iter().map(|row| amount[*row]).collect();
            columns.push(Series::new(format!("part {part}").into(), values));
        }
        let words: Vec<&str> = kept.iter().map(|row| if members[*row] > 0.0 { "member" } else { "guest" }).collect();
        columns.push(Series::new("kind".into(), words));
        Sample::new(columns, kept.len()).unwrap()
    }

    #[test]
    fn what_many_say_together_moves_with_a_selection_and_stays_where_only_values_changed() {
        let train = sums(0, f64::NEG_INFINITY, |sum| sum);
        let together = |serve: &Sample| {
            let roles = Roles::default();
            let found = companions(&differing(&train, serve, &roles), &train, serve, &roles).unwrap();
            found.into_iter().find(|companion| companion.column == "sum" && companion.other.is_none()).unwrap()
        };
        let selected = together(&sums(100, 0.0, |sum| sum));
        assert!(selected.correlation > 0.9 && selected.expected > 0.3, "{selected:?}");
        assert!((selected.found - selected.expected).abs() < 4.0 * selected.error, "{selected:?}");
        let changed = together(&sums(100, f64::NEG_INFINITY, |sum| sum + 2.0));
        assert!(changed.expected > 0.4 && changed.found.abs() < 0.1, "{changed:?}");
    }
}
