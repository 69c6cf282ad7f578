//! The weakest slices: groups of rows, by one column or two, on which the model does worse than on the rest.

use domain::evaluation::{Slice, SliceMetric};
use domain::selection::Condition;
use polars::prelude::Series;
use stats::distributions::{Z_95, normal_two_sided};
use stats::intervals::{Share, share_difference_p, wilson};
use stats::multiple::benjamini_hochberg;

use super::groups::{Group, Grouped};

/// Rows that are searched; more are sampled at even steps.
pub(super) const MOST_ROWS: usize = 20_000;
/// Columns that are searched one by one.
pub(super) const MOST_COLUMNS: usize = 200;
/// The columns that split best by themselves are also searched in pairs.
const PAIRED_COLUMNS: usize = 8;
/// A slice has at least this many rows and this share of them.
pub(crate) const FEWEST_ROWS: f64 = 20.0;
pub(crate) const SMALLEST_SHARE: f64 = 0.02;
/// Slices whose difference could be chance (after correction for the whole search) are not reported.
const MOST_Q: f64 = 0.05;
/// A slice of two columns is only worth its words when its loss is this many times that of either column alone.
const WORSE_THAN_PARENTS: f64 = 1.25;
const MOST_SLICES: usize = 10;

/// What it costs to be wrong, row by row.
pub(super) enum Loss {
    Wrong {
        wrong: Vec<bool>,
        /// The probability the model gives to its own answer, where it gives any.
        promised: Option<Vec<f64>>,
    },
    AbsoluteError(Vec<f64>),
}

impl Loss {
    fn of(&self, at: usize) -> f64 {
        match self {
            Loss::Wrong { wrong, .. } => f64::from(u8::from(wrong[at])),
            Loss::AbsoluteError(errors) => errors[at],
        }
    }
    fn len(&self) -> usize {
        match self {
            Loss::Wrong { wrong, .. } => wrong.len(),
            Loss::AbsoluteError(errors) => errors.len(),
        }
    }
    fn promised(&self, at: usize) -> Option<f64> {
        match self {
            Loss::Wrong { promised, .. } => promised.as_ref().map(|promised| promised[at]),
            Loss::AbsoluteError(_) => None,
        }
    }
}

/// Searches the columns; `rows[i]` is the row of the columns that `loss` speaks of at `i`. Weakest first.
pub(super) fn weakest(columns: &[&Series], rows: &[usize], loss: &Loss) -> Vec<Slice> {
    let step = loss.len().div_ceil(MOST_ROWS).max(1);
    let sampled: Vec<usize> = (0..loss.len()).step_by(step).collect();
    // Without a promise the sums of it are NaN, and so is what is made of them.
    let losses: Vec<Row> =
        sampled.iter().map(|&at| Row { loss: loss.of(at), promised: loss.promised(at).unwrap_or(f64::NAN) }).collect();
    let picked: Vec<usize> = sampled.iter().map(|&at| rows[at]).collect();
    let all = Sum::of(losses.iter().copied());
    let grouped: Vec<Grouped> =
        columns.iter().take(MOST_COLUMNS).filter_map(|column| Grouped::of(column, &picked)).collect();
    let mut search = Search { losses: &losses, all, classes: matches!(loss, Loss::Wrong { .. }), found: Vec::new() };
    for column in &grouped {
        search.single(column);
    }
    let mut order: Vec<usize> = (0..grouped.len()).collect();
    let best_p = |at: usize| {
        search.found.iter().filter(|one| one.columns[0] == grouped[at].name).map(|one| one.p).fold(1.0, f64::min)
    };
    let strength: Vec<f64> = order.iter().map(|&at| best_p(at)).collect();
    order.sort_by(|&a, &b| strength[a].total_cmp(&strength[b]));
    order.truncate(PAIRED_COLUMNS);
    for (at, &first) in order.iter().enumerate() {
        for &second in &order[at + 1..] {
            search.pair(&grouped[first], &grouped[second]);
        }
    }
    search.weakest()
}

/// What one row costs, and the probability the model gave to being right.
#[derive(Debug, Clone, Copy)]
struct Row {
    loss: f64,
    promised: f64,
}

/// Count, sum and sum of squares of losses, and the sum of promises.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    n: f64,
    total: f64,
    squares: f64,
    promised: f64,
}

impl Sum {
    fn of(rows: impl Iterator<Item = Row>) -> Self {
        rows.fold(Self::default(), |mut sum, row| {
            sum.add(row);
            sum
        })
    }
    fn add(&mut self, row: Row) {
        self.n += 1.0;
        self.total += row.loss;
        self.squares += row.loss * row.loss;
        self.promised += row.promised;
    }
    fn without(self, part: Self) -> Self {
        Self {
            n: self.n - part.n,
            total: self.total - part.total,
            squares: self.squares - part.squares,
            promised: self.promised - part.promised,
        }
    }
    fn mean(self) -> f64 {
        self.total / self.n
    }
    fn variance_of_mean(self) -> f64 {
        ((self.squares - self.total * self.mean()) / (self.n - 1.0).max(1.0)).max(0.0) / self.n
    }
}

/// A slice that was looked at.
struct Found {
    columns: Vec<String>,
    description: String,
    conditions: Vec<Condition>,
    part: Sum,
    p: f64,
    /// The higher mean loss of the two slices it is the intersection of.
    parents: Option<f64>,
}

struct Search<'a> {
    losses: &'a [Row],
    all: Sum,
    /// Losses are 0 or 1.
    classes: bool,
    found: Vec<Found>,
}

impl Search<'_> {
    fn single(&mut self, column: &Grouped) {
        for (group, part) in column.groups.iter().zip(self.sums_of(column)) {
            self.look_at(&[(column, group)], part, None);
        }
    }

    fn sums_of(&self, column: &Grouped) -> Vec<Sum> {
        let mut sums = vec![Sum::default(); column.groups.len()];
        for (group, loss) in column.of_rows.iter().zip(self.losses) {
            if let Some(group) = group {
                sums[*group as usize].add(*loss);
            }
        }
        sums
    }

    fn pair(&mut self, first: &Grouped, second: &Grouped) {
        let (parents_a, parents_b) = (self.sums_of(first), self.sums_of(second));
        let width = second.groups.len();
        let mut sums = vec![Sum::default(); first.groups.len() * width];
        for ((a, b), loss) in first.of_rows.iter().zip(&second.of_rows).zip(self.losses) {
            if let (Some(a), Some(b)) = (a, b) {
                sums[*a as usize * width + *b as usize].add(*loss);
            }
        }
        for (at, part) in sums.into_iter().enumerate() {
            let (a, b) = (at / width, at % width);
            let parents = parents_a[a].mean().max(parents_b[b].mean());
            self.look_at(&[(first, &first.groups[a]), (second, &second.groups[b])], part, Some(parents));
        }
    }

    fn look_at(&mut self, groups: &[(&Grouped, &Group)], part: Sum, parents: Option<f64>) {
        let fewest = FEWEST_ROWS.max(SMALLEST_SHARE * self.all.n);
        if part.n < fewest || self.all.n - part.n < fewest {
            return;
        }
        let descriptions: Vec<&str> = groups.iter().map(|(_, group)| group.description.as_str()).collect();
        let found = Found {
            columns: groups.iter().map(|(column, _)| column.name.clone()).collect(),
            description: descriptions.join(" and "),
            conditions: groups.iter().map(|(column, group)| column.condition(group)).collect(),
            part,
            p: self.p_of(part),
            parents,
        };
        self.found.push(found);
    }

    fn p_of(&self, part: Sum) -> f64 {
        let rest = self.all.without(part);
        if self.classes {
            let share = |sum: Sum| Share::new(sum.total as u64, sum.n as u64);
            return share_difference_p(share(rest), share(part));
        }
        let error = (part.variance_of_mean() + rest.variance_of_mean()).sqrt();
        if error > 0.0 { normal_two_sided((part.mean() - rest.mean()) / error) } else { 1.0 }
    }

    fn weakest(self) -> Vec<Slice> {
        let q_values = benjamini_hochberg(&self.found.iter().map(|one| one.p).collect::<Vec<_>>());
        let mut weak: Vec<(f64, Slice)> = self
            .found
            .iter()
            .zip(q_values)
            .filter(|(one, q)| {
                let worse_than_parents =
                    one.parents.is_none_or(|parents| one.part.mean() > WORSE_THAN_PARENTS * parents);
                *q <= MOST_Q && one.part.mean() > self.all.without(one.part).mean() && worse_than_parents
            })
            .map(|(one, q)| self.slice(one, q))
            .collect();
        weak.sort_by(|a, b| b.0.total_cmp(&a.0));
        weak.truncate(MOST_SLICES);
        weak.into_iter().map(|(_, slice)| slice).collect()
    }

    /// The slice, with how much worse than the rest it is at the least.
    fn slice(&self, one: &Found, q: f64) -> (f64, Slice) {
        let rest = self.all.without(one.part);
        let reach = Z_95 * (one.part.variance_of_mean() + rest.variance_of_mean()).sqrt();
        let at_least = one.part.mean() - rest.mean() - reach;
        let (metric, value, low, high, rest_value) = if self.classes {
            let n = one.part.n as u64;
            let accuracy = wilson(Share::new(n - one.part.total as u64, n));
            (SliceMetric::Accuracy, accuracy.value, accuracy.low, accuracy.high, 1.0 - rest.mean())
        } else {
            let half = Z_95 * one.part.variance_of_mean().sqrt();
            let value = one.part.mean();
            (SliceMetric::Mae, value, (value - half).max(0.0), value + half, rest.mean())
        };
        let slice = Slice {
            description: one.description.clone(),
            columns: one.columns.clone(),
            conditions: one.conditions.clone(),
            n: one.part.n as u64,
            metric,
            value,
            low,
            high,
            rest_value,
            promised: Some(one.part.promised / one.part.n).filter(|promised| promised.is_finite()),
            q,
        };
        (at_least, slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::selection::Test;
    use polars::prelude::NamedFrom;

    #[test]
    fn the_group_in_which_the_model_fails_is_found_and_nothing_else() {
        let rows: Vec<usize> = (0..2_000).collect();
        let region: Vec<&str> = rows.iter().map(|row| ["north", "south", "east", "west"][row % 4]).collect();
        let age: Vec<i64> = rows.iter().map(|row| (row * 7 % 61) as i64).collect();
        let wrong = rows.iter().map(|row| if row % 4 == 1 { row % 20 < 9 } else { row % 23 == 0 }).collect();
        let columns = [Series::new("region".into(), region), Series::new("age".into(), age)];
        let found = weakest(&columns.iter().collect::<Vec<_>>(), &rows, &Loss::Wrong { wrong, promised: None });
        assert_eq!(found[0].description, "region = south");
        let south = Test::OneOf(vec!["south".to_owned()]);
        assert_eq!(found[0].conditions, [Condition::on_column("region", south)]);
        assert!(found.iter().all(|slice| slice.columns.contains(&"region".to_owned())), "{found:?}");
    }

    #[test]
    fn even_performance_gives_no_slice() {
        let rows: Vec<usize> = (0..3_000).collect();
        let columns: Vec<Series> = (1..20)
            .map(|salt| {
                Series::new(
                    format!("c{salt}").into(),
                    rows.iter().map(|row| (row * salt * 7_919 % 1_009) as i64).collect::<Vec<_>>(),
                )
            })
            .collect();
        let wrong = rows.iter().map(|row| row * 104_729 % 997 < 80).collect();
        assert!(weakest(&columns.iter().collect::<Vec<_>>(), &rows, &Loss::Wrong { wrong, promised: None }).is_empty());
    }
}
