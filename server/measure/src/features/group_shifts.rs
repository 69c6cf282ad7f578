//! Number columns that differ from training in some rows only, and the group of those rows.

use std::collections::HashMap;

use domain::measurements::group_shifts::{GroupShift, MOST_VALUES, RowGroup};
use domain::{ColumnRole, Roles};
use polars::prelude::Series;
use rayon::prelude::*;
use stats::intervals::Share;
use stats::quantiles::{even_quantiles, quantile};
use stats::scan::densest_stretch;
use stats::two_sample::{ks_pvalue_asymp, ks_statistic};

use super::differing::{Differing, FEWEST_ROWS, sorted};
use crate::monitoring::time_windows::InOrder;
use crate::sample::Sample;
use crate::values::{codes, words};

/// A column with more different values names no groups.
const MOST_GROUPS: usize = 40;
/// A group differs by this much, and this certainly, or its rows belong to the others.
const GROUP_DISTANCE: f64 = 0.3;
const GROUP_CERTAIN: f64 = 0.0001;
/// A group is new if train has less than this share of the rows that serve leads to expect.
const NEW_GROUP: f64 = 0.1;
/// Outside these quantiles of training a value does not fit; so many of the rows of a window do not.
const FITS: (f64, f64) = (0.005, 0.995);
const MISFITS_IN_WINDOW: f64 = 0.5;
/// Where less than this share of the group comes before the first misfit, it was so from the beginning.
const AS_BEFORE: f64 = 0.1;

/// For each number feature that differs from training, the group of serve rows in which it differs while it is closest to
/// training in all others. Columns that differ in no group, or in all rows alike, are left out.
pub fn group_shifts(differing: &[Differing], train: &Sample, serve: &Sample, roles: &Roles) -> Vec<GroupShift> {
    let named: Vec<Labels> = if differing.is_empty() {
        Vec::new()
    } else {
        let groups = |role| matches!(role, ColumnRole::Feature | ColumnRole::Group);
        let columns = train.frame.columns().iter().filter(|column| groups(roles.of(column.name())));
        columns
            .filter_map(|column| Labels::of(column.as_materialized_series(), serve.column(column.name())))
            .chain(only_served(train, serve, roles))
            .collect()
    };
    let order = roles.time().and_then(|time| InOrder::of(serve.column(time)?));
    differing.par_iter().filter_map(|column| strongest(column, &named, order.as_ref())).collect()
}

/// Columns that only serve has, such as the version of an app: their rows are compared with all of train.
fn only_served<'a>(train: &'a Sample, serve: &'a Sample, roles: &'a Roles) -> impl Iterator<Item = Labels> + 'a {
    let new = serve.frame.columns().iter().filter(|column| {
        train.column(column.name()).is_none()
            && matches!(roles.of(column.name()), ColumnRole::Feature | ColumnRole::Group)
    });
    new.filter_map(|column| {
        let column = column.as_materialized_series();
        Labels::of(&column.clear(), Some(column))
    })
}

/// The names of groups, row by row.
struct Labels {
    column: String,
    names: Vec<String>,
    train: Vec<Option<usize>>,
    serve: Vec<Option<usize>>,
}

impl Labels {
    fn of(train: &Series, serve: Option<&Series>) -> Option<Self> {
        let serve = serve?;
        // Whether there are too many groups is known before the words are made.
        codes(train, MOST_GROUPS)?;
        codes(serve, MOST_GROUPS)?;
        let mut known: HashMap<String, usize> = HashMap::new();
        let mut places = |words: Vec<Option<String>>| -> Vec<Option<usize>> {
            let mut place = |word: String| {
                let next = known.len();
                *known.entry(word).or_insert(next)
            };
            words.into_iter().map(|word| word.map(&mut place)).collect()
        };
        let (train_places, serve_places) = (places(words(train)?), places(words(serve)?));
        let mut names = vec![String::new(); known.len()];
        known.into_iter().for_each(|(name, place)| names[place] = name);
        let several = (2..=MOST_GROUPS).contains(&names.len());
        several.then(|| Self { column: serve.name().to_string(), names, train: train_places, serve: serve_places })
    }

    /// The group of the values in which the column differs; `None` if it differs in none or in all of them.
    fn group(&self, column: &Differing) -> Option<(RowGroup, Split)> {
        let by_name = |values: &[Option<f64>], places: &[Option<usize>]| {
            let mut by_name: Vec<Vec<f64>> = vec![Vec::new(); self.names.len()];
            for (value, place) in values.iter().zip(places) {
                if let (Some(value), Some(place)) = (value, place) {
                    by_name[*place].push(*value);
                }
            }
            by_name.iter_mut().for_each(|values| values.sort_unstable_by(f64::total_cmp));
            by_name
        };
        let (train, serve) = (by_name(&column.train, &self.train), by_name(&column.serve, &self.serve));
        let all = |sides: &[Vec<f64>]| sides.iter().map(Vec::len).sum::<usize>().max(1) as f64;
        let train_over_serve = all(&train) / all(&serve);
        let differs: Vec<bool> = train
            .iter()
            .zip(&serve)
            .map(|(train, serve)| {
                let expected = serve.len() as f64 * train_over_serve;
                let reference = match train.len() {
                    rows if rows >= FEWEST_ROWS => train,
                    // A new group, such as the next version of an app, is compared with all rows.
                    rows if (rows as f64) < NEW_GROUP * expected => &column.train_sorted,
                    // A small one differs from all others by nature.
                    _ => return false,
                };
                let distance = ks_statistic(reference, serve).unwrap_or(0.0);
                serve.len() >= FEWEST_ROWS
                    && distance >= GROUP_DISTANCE
                    && ks_pvalue_asymp(distance, reference.len(), serve.len()) < GROUP_CERTAIN
            })
            .collect();
        let is_new = train.iter().zip(&differs).all(|(train, differs)| !differs || train.len() < FEWEST_ROWS);
        let inside = |sides: &[Vec<f64>], wanted: bool| {
            let chosen = sides.iter().zip(&differs).filter(|(_, differs)| **differs == wanted);
            sorted(chosen.flat_map(|(values, _)| values.iter().copied()))
        };
        let values = self.names.iter().zip(&differs).filter(|(_, differs)| **differs).map(|(name, _)| name.clone());
        let group = RowGroup::Values { column: self.column.clone(), values: values.collect() };
        let split = Split {
            train: if is_new { column.train_sorted.clone() } else { inside(&train, true) },
            serve: inside(&serve, true),
            other_train: if is_new { column.train_sorted.clone() } else { inside(&train, false) },
            other_serve: inside(&serve, false),
            rows: self.serve.iter().map(|place| place.is_some_and(|place| differs[place])).collect(),
        };
        (differs.contains(&true) && split.is_part()).then_some((group, split))
    }
}

/// The values of a column in a group and in the other rows.
struct Split {
    train: Vec<f64>,
    serve: Vec<f64>,
    other_train: Vec<f64>,
    other_serve: Vec<f64>,
    /// Whether a serve row is in the group.
    rows: Vec<bool>,
}

impl Split {
    /// Whether there are enough rows on either side of the border.
    fn is_part(&self) -> bool {
        self.serve.len().min(self.other_serve.len()).min(self.other_train.len()) >= FEWEST_ROWS
    }

    fn distances(&self) -> Option<(f64, f64)> {
        Some((ks_statistic(&self.train, &self.serve)?, ks_statistic(&self.other_train, &self.other_serve)?))
    }
}

/// The group in which the column differs most, compared with the other rows.
fn strongest(column: &Differing, named: &[Labels], order: Option<&InOrder>) -> Option<GroupShift> {
    let others = named.iter().filter(|labels| labels.column != column.name);
    let tried = others.clone().map(|labels| labels.names.len() as u64).sum::<u64>() + u64::from(order.is_some());
    let by_value = others.filter_map(|labels| labels.group(column));
    let by_time = order.and_then(|order| window(column, order));
    let (group, split, (inside, outside)) = by_value
        .chain(by_time)
        .filter_map(|(group, split)| split.distances().map(|distances| (group, split, distances)))
        .max_by(|a, b| (a.2.0 - a.2.1).total_cmp(&(b.2.0 - b.2.1)))?;
    let since_ms = match group {
        RowGroup::Values { .. } => order.and_then(|order| since(column, &split, order)),
        RowGroup::Window { .. } => None,
    };
    Some(GroupShift {
        column: column.name.clone(),
        rows: Share::new(split.serve.len() as u64, (split.serve.len() + split.other_serve.len()) as u64),
        inside: [split.train.len() as u64, split.serve.len() as u64],
        outside: [split.other_train.len() as u64, split.other_serve.len() as u64],
        train: kept(split.train),
        serve: kept(split.serve),
        group,
        distance_inside: inside,
        distance_outside: outside,
        tried,
        since_ms,
    })
}

/// The window in which most values do not fit the training distribution.
fn window(column: &Differing, order: &InOrder) -> Option<(RowGroup, Split)> {
    let fits =
        |value: f64| (quantile(&column.train_sorted, FITS.0)..=quantile(&column.train_sorted, FITS.1)).contains(&value);
    let marks: Vec<bool> =
        order.0.iter().map(|(_, row)| column.serve[*row].is_some_and(|value| !fits(value))).collect();
    let background = column.train_sorted.iter().filter(|value| !fits(**value)).count() as u64;
    let stretch = densest_stretch(&marks, MISFITS_IN_WINDOW, Share::new(background, column.train_sorted.len() as u64))?;
    let mut rows = vec![false; column.serve.len()];
    order.0[stretch.from..stretch.to].iter().for_each(|(_, row)| rows[*row] = true);
    let side = |wanted: bool| {
        let chosen = column.serve.iter().zip(&rows).filter(|(_, inside)| **inside == wanted);
        sorted(chosen.filter_map(|(value, _)| *value))
    };
    let split = Split {
        train: column.train_sorted.clone(),
        serve: side(true),
        other_train: column.train_sorted.clone(),
        other_serve: side(false),
        rows,
    };
    let group = RowGroup::Window { from_ms: order.0[stretch.from].0, to_ms: order.0[stretch.to - 1].0 };
    (stretch.p < GROUP_CERTAIN && split.is_part()).then_some((group, split))
}

/// When the rows of the group begin to differ, if enough of them are as in training before.
fn since(column: &Differing, split: &Split, order: &InOrder) -> Option<i64> {
    let fits = |value: f64| (quantile(&split.train, FITS.0)..=quantile(&split.train, FITS.1)).contains(&value);
    let rows: Vec<(i64, bool)> = order
        .0
        .iter()
        .filter(|(_, row)| split.rows[*row])
        .filter_map(|(time, row)| Some((*time, !fits(column.serve[*row]?))))
        .collect();
    let marks: Vec<bool> = rows.iter().map(|(_, misfit)| *misfit).collect();
    let stretch = densest_stretch(&marks, MISFITS_IN_WINDOW, Share::new(0, 0))?;
    (stretch.from as f64 >= AS_BEFORE * rows.len() as f64).then(|| rows[stretch.from].0)
}

fn kept(sorted: Vec<f64>) -> Vec<f64> {
    if sorted.len() <= MOST_VALUES { sorted } else { even_quantiles(&sorted, MOST_VALUES) }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use polars::prelude::NamedFrom;

    use super::super::differing::differing;
    use super::*;

    /// Amounts in four currencies, those of the last one times `factor`.
    fn payments(rows: usize, factor: f64) -> Sample {
        let currency = ["USD", "EUR", "GBP", "JPY"];
        let amounts: Vec<f64> =
            (0..rows).map(|row| (1 + row * 37 % 101) as f64 * if row % 4 == 3 { factor } else { 1.0 }).collect();
        let names: Vec<&str> = (0..rows).map(|row| currency[row % 4]).collect();
        let columns = vec![Series::new("amount".into(), amounts), Series::new("currency".into(), names)];
        Sample::new(columns, rows).unwrap()
    }

    fn shifts(train: &Sample, serve: &Sample) -> Vec<GroupShift> {
        let roles = Roles::default();
        group_shifts(&differing(train, serve, &roles), train, serve, &roles)
    }

    #[test]
    fn the_values_of_one_group_are_found_with_the_group() {
        let found = shifts(&payments(800, 1.0), &payments(600, 100.0));
        let [shift] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(shift.group, RowGroup::Values { column: "currency".into(), values: vec!["JPY".into()] });
        assert_eq!((shift.rows, shift.inside), (Share::new(150, 600), [200, 150]));
        assert!(shift.distance_inside > 0.9 && shift.distance_outside < 0.05, "{shift:?}");
        assert!((shift.serve[0] - 100.0 * shift.train[0]).abs() < 1e-9);
    }

    #[test]
    fn equal_sides_and_a_change_of_all_rows_have_no_group() {
        assert!(shifts(&payments(800, 1.0), &payments(600, 1.0)).is_empty());
        let moved = payments(600, 1.0);
        let amount = moved.column("amount").unwrap() * 100.0;
        let all = Sample::new(vec![amount, moved.column("currency").unwrap().clone()], 600).unwrap();
        assert!(shifts(&payments(800, 1.0), &all).is_empty());
    }
}
