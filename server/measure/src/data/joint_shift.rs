//! Train against serve by all features together: can a classifier that has not seen a row say which side it is from?

use std::collections::BTreeMap;

use domain::measurements::joint_shift::{Floor, Halves, JointShift, Relation, TellingColumn, ToldApart};
use domain::{Problem, Roles};
use polars::prelude::Series;
use rayon::prelude::*;
use stats::boosted_trees::{BinnedRows, stratified_folds};
use stats::contingency::{chi_square, pool_sparse, total_variation};
use stats::cross_validation::{CrossValidated, folds, grouped_folds};
use stats::regression::spearman;
use stats::rng::Rng;

use crate::feature_bins::FeatureBins;
use crate::monitoring::time_windows::InOrder;
use crate::row_hashes::row_hashes;
use crate::sample::Sample;
use crate::values::numbers;

/// Rows a side that are learnt from.
pub(crate) const ROWS: usize = 5_000;
/// With fewer rows a side nothing is learnt that could be held against them.
pub(crate) const FEWEST_ROWS: u64 = 200;
pub(crate) const FOLDS: usize = 5;
const SEED: u64 = 0x6a6f_696e_7421;
/// A column is apart by itself when its bins move by this much …
const APART: f64 = 0.05;
/// … with a p of the chi-square test under this, after Bonferroni's correction over the columns.
const APART_P: f64 = 0.01;
/// Under this area nobody would ask what gives the sides away, nor what the floor is.
const WORTH_ASKING: f64 = 0.54;
/// The relations of this many of the most telling numbers are told.
const TOLD_NUMBERS: usize = 4;

/// Compares the features that both sides have. `None` with too few rows, or fewer than two features.
///
/// # Errors
/// When the samples can't be thinned out, which can't be.
pub fn joint_shift(
    train: &Sample,
    serve: &Sample,
    roles: &Roles,
    importance: &BTreeMap<String, f64>,
) -> Result<Option<JointShift>, Problem> {
    if train.rows.min(serve.rows) < FEWEST_ROWS {
        return Ok(None);
    }
    let (train, serve) = (train.thinned(ROWS, "joint train")?, serve.thinned(ROWS, "joint serve")?);
    let Some(sides) = Sides::of(&train, &serve, roles, importance) else { return Ok(None) };
    Ok((sides.names.len() > 1).then(|| sides.measure()))
}

/// The rows of both sides as bins: train's first, then serve's.
struct Sides<'a> {
    train: &'a Sample,
    serve: &'a Sample,
    roles: &'a Roles,
    names: Vec<String>,
    train_bins: BinnedRows,
    serve_bins: BinnedRows,
}

impl<'a> Sides<'a> {
    fn of(train: &'a Sample, serve: &'a Sample, roles: &'a Roles, importance: &BTreeMap<String, f64>) -> Option<Self> {
        let bins = FeatureBins::learn(train, roles, importance)?;
        let all = |sample: &Sample| (0..sample.rows as usize).collect::<Vec<usize>>();
        let (mut train_bins, mut serve_bins) = (bins.apply(train, &all(train)), bins.apply(serve, &all(serve)));
        let same_type = |name: &str| match (train.column(name), serve.column(name)) {
            (Some(before), Some(after)) => before.dtype() == after.dtype(),
            _ => false,
        };
        let known: Vec<bool> = bins.names().map(same_type).collect();
        keep(&mut train_bins, &known);
        keep(&mut serve_bins, &known);
        let names = bins.names().zip(&known).filter(|(_, known)| **known).map(|(name, _)| name.to_owned()).collect();
        Some(Self { train, serve, roles, names, train_bins, serve_bins })
    }

    fn measure(mut self) -> JointShift {
        let alike = self.alike_by_itself();
        let (together, apart): (Vec<_>, Vec<_>) =
            self.names.iter().cloned().zip(&alike).partition(|(_, alike)| **alike);
        let names = |columns: Vec<(String, &bool)>| columns.into_iter().map(|(name, _)| name).collect::<Vec<String>>();
        let (together, apart) = (names(together), names(apart));
        keep(&mut self.train_bins, &alike);
        keep(&mut self.serve_bins, &alike);
        self.names.clone_from(&together);
        JointShift {
            train_rows: self.train.rows,
            serve_rows: self.serve.rows,
            told_apart: if together.len() > 1 { self.told_apart() } else { None },
            together,
            apart,
        }
    }

    /// Per feature, whether its own bins (missing values have one too) look alike on both sides.
    fn alike_by_itself(&self) -> Vec<bool> {
        let columns = self.names.len() as f64;
        let pairs = self.train_bins.features.iter().zip(&self.serve_bins.features);
        pairs
            .map(|(before, after)| {
                let (before, after) = (counts(before), counts(after));
                let moved = total_variation(&before, &after).unwrap_or(0.0);
                let (before, after) = pool_sparse(&before, &after);
                let p = chi_square(&before, &after).map_or(1.0, |test| test.p);
                moved < APART || p * columns >= APART_P
            })
            .collect()
    }

    fn told_apart(&self) -> Option<ToldApart> {
        let (n, m) = (self.train.rows as usize, self.serve.rows as usize);
        let both = joined(&self.train_bins, &self.serve_bins);
        let second: Vec<bool> = (0..n + m).map(|row| row >= n).collect();
        let groups = self.entities(self.train).zip(self.entities(self.serve)).map(|(mut before, after)| {
            before.extend(after);
            before
        });
        let fitted = fitted(&both, &second, groups.as_deref());
        let area = fitted.area(&second)?;
        if area.value < WORTH_ASKING {
            return Some(ToldApart { area, floor: None, columns: Vec::new(), relations: Vec::new() });
        }
        let losses = fitted.losses(&both, &second, SEED);
        let mut columns: Vec<TellingColumn> = self
            .names
            .iter()
            .zip(losses)
            .map(|(column, loss)| TellingColumn { column: column.clone(), loss })
            .collect();
        columns.sort_by(|a, b| b.loss.total_cmp(&a.loss));
        Some(ToldApart { area, floor: self.floor(), relations: self.relations(&columns), columns })
    }

    /// The same within train: its earlier half against its later one, or two random halves where rows have no times.
    fn floor(&self) -> Option<Floor> {
        let rows = self.train.rows as usize;
        let mut order: Vec<usize> = (0..rows).collect();
        let halves = match self.roles.time().and_then(|time| InOrder::of(self.train.column(time)?)) {
            Some(in_order) => {
                order = in_order.0.into_iter().map(|(_, row)| row).collect();
                Halves::InTime
            }
            None => {
                Rng::new(SEED).shuffle(&mut order);
                Halves::AtRandom
            }
        };
        let features =
            self.train_bins.features.iter().map(|bins| order.iter().map(|row| bins[*row]).collect()).collect();
        let data = BinnedRows { features, categorical: self.train_bins.categorical.clone(), rows: order.len() };
        let later: Vec<bool> = (0..order.len()).map(|place| place >= order.len() / 2).collect();
        let groups: Option<Vec<Option<u64>>> =
            self.entities(self.train).map(|of_row| order.iter().map(|row| of_row[*row]).collect());
        let fitted = fitted(&data, &later, groups.as_deref());
        Some(Floor { area: fitted.area(&later)?, halves })
    }

    /// The entity of each row as a hash; `None` without a column that names entities.
    fn entities(&self, sample: &Sample) -> Option<Vec<Option<u64>>> {
        let column = sample.column(self.roles.group()?)?;
        let hashes = row_hashes(&[column], sample.rows as usize)?;
        let missing = column.is_null();
        Some(
            hashes
                .into_iter()
                .enumerate()
                .map(|(row, hash)| (missing.get(row) != Some(true)).then_some(hash))
                .collect(),
        )
    }

    /// How the most telling numbers go together on either side.
    fn relations(&self, columns: &[TellingColumn]) -> Vec<Relation> {
        let told: Vec<(&str, &Series, &Series)> = columns
            .iter()
            .filter_map(|column| {
                Some((column.column.as_str(), self.train.column(&column.column)?, self.serve.column(&column.column)?))
            })
            .filter(|(_, before, _)| numbers(before).is_some())
            .take(TOLD_NUMBERS)
            .collect();
        let mut relations: Vec<Relation> = Vec::new();
        for (place, (first, train_a, serve_a)) in told.iter().enumerate() {
            for (second, train_b, serve_b) in &told[place + 1..] {
                if let (Some(train), Some(serve)) =
                    (rank_correlation(train_a, train_b), rank_correlation(serve_a, serve_b))
                {
                    relations.push(Relation { columns: [(*first).to_owned(), (*second).to_owned()], train, serve });
                }
            }
        }
        let change = |relation: &Relation| (relation.train - relation.serve).abs();
        relations.sort_by(|a, b| change(b).total_cmp(&change(a)));
        relations
    }
}

/// Trees for each fold, fitted at the same time; the rows of an entity are in one fold.
fn fitted(data: &BinnedRows, second: &[bool], groups: Option<&[Option<u64>]>) -> CrossValidated {
    let fold_of = match groups {
        Some(groups) => grouped_folds(groups, FOLDS, SEED),
        None => stratified_folds(second, FOLDS, SEED),
    };
    let trees = (0..folds(&fold_of))
        .into_par_iter()
        .map(|fold| CrossValidated::without(fold, data, second, &fold_of, SEED))
        .collect();
    CrossValidated::assemble(data, fold_of, trees)
}

fn keep(data: &mut BinnedRows, which: &[bool]) {
    let mut kept = which.iter();
    data.features.retain(|_| kept.next() == Some(&true));
    let mut kept = which.iter();
    data.categorical.retain(|_| kept.next() == Some(&true));
}

fn joined(first: &BinnedRows, second: &BinnedRows) -> BinnedRows {
    let features = first.features.iter().zip(&second.features).map(|(a, b)| [a.as_slice(), b].concat()).collect();
    BinnedRows { features, categorical: first.categorical.clone(), rows: first.rows + second.rows }
}

fn counts(bins: &[u8]) -> Vec<u64> {
    let mut counts = vec![0; stats::boosted_trees::BINS];
    bins.iter().for_each(|bin| counts[*bin as usize] += 1);
    counts
}

fn rank_correlation(a: &Series, b: &Series) -> Option<f64> {
    let (a, b) = (numbers(a)?, numbers(b)?);
    let finite = |value: &Option<f64>| value.filter(|value| value.is_finite());
    let (a, b): (Vec<f64>, Vec<f64>) = a.iter().zip(&b).filter_map(|(a, b)| Some((finite(a)?, finite(b)?))).unzip();
    spearman(&a, &b).filter(|correlation| correlation.is_finite())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use domain::ColumnRole;
    use domain::measurements::Measurements;
    use polars::prelude::NamedFrom;

    use super::*;

    /// Two numbers that go together (or not), one that shifts, a category and the id.
    fn side(seed: u64, rows: usize, together: f64, shift: f64) -> Sample {
        let mut rng = Rng::new(seed);
        let mut drawn = || rng.next_f64() + rng.next_f64() + rng.next_f64();
        let income: Vec<f64> = (0..rows).map(|_| drawn()).collect();
        let rent: Vec<f64> = income.iter().map(|x| together * x + (1.0 - together) * drawn()).collect();
        let age: Vec<f64> = (0..rows).map(|_| drawn() + shift).collect();
        let city: Vec<&str> = (0..rows).map(|_| if drawn() > 1.5 { "Oslo" } else { "Bergen" }).collect();
        let columns = vec![
            Series::new("id".into(), (0..rows as i64).map(|row| row + seed as i64).collect::<Vec<_>>()),
            Series::new("income".into(), income),
            Series::new("rent".into(), rent),
            Series::new("age".into(), age),
            Series::new("city".into(), city),
        ];
        Sample::new(columns, rows).unwrap()
    }

    fn measured(train: &Sample, serve: &Sample) -> JointShift {
        let roles = Roles::from([(ColumnRole::Id, "id")]);
        joint_shift(train, serve, &roles, &BTreeMap::new()).unwrap().unwrap()
    }

    #[test]
    fn a_relation_that_broke_is_found_and_a_column_that_moved_is_left_out() {
        let train = side(1, 900, 0.9, 0.0);
        let mut broken = side(2, 700, 0.9, 0.8);
        // The rents of other rows: each column is as it was.
        let mut rent = numbers(broken.column("rent").unwrap()).unwrap();
        rent.rotate_left(1);
        broken.frame.with_column(Series::new("rent".into(), rent).into()).unwrap();
        let found = measured(&train, &broken);
        assert_eq!(found.apart, ["age"]);
        let told = found.told_apart.unwrap();
        assert!(told.area.value > 0.75, "{told:?}");
        let telling: Vec<&str> = told.columns[..2].iter().map(|column| column.column.as_str()).collect();
        assert!(telling.contains(&"income") && telling.contains(&"rent"), "{told:?}");
        assert!(told.relations[0].train > 0.8 && told.relations[0].serve < 0.2, "{told:?}");
        assert!((told.floor.unwrap().area.value - 0.5).abs() < 0.08);
    }

    #[test]
    fn draws_of_one_population_raise_nothing() {
        for seed in 0..8 {
            let found = measured(&side(seed, 400, 0.9, 0.0), &side(seed + 100, 300, 0.9, 0.0));
            let mut measurements = Measurements { joint_shift: Some(found), ..Measurements::default() };
            let empty = domain::Profile {
                key: String::new(),
                rows: 0,
                sampled_rows: 0,
                duplicate_rows: 0,
                columns: Vec::new(),
            };
            measurements.profiles.insert(domain::SnapshotRole::Train, empty.clone());
            measurements.profiles.insert(domain::SnapshotRole::Serve, empty);
            let detector = checks::detectors::all().find(|detector| detector.id.as_str() == "D1.joint_shift").unwrap();
            let judged = (detector.judge)(&measurements).findings();
            assert!(judged.is_empty(), "seed {seed}: {judged:?}");
        }
    }

    #[test]
    fn a_few_rows_are_not_learnt_from() {
        let roles = Roles::default();
        let (few, many) = (side(1, 199, 0.9, 0.0), side(2, 500, 0.9, 0.0));
        assert_eq!(joint_shift(&few, &many, &roles, &BTreeMap::new()).unwrap(), None);
    }
}
