//! Is the label related to the features as before? Two samples, each with targets from 0 to 1 (a class or not, or the rank of
//! a quantity) and what trees that have not seen the row expect of it (see `crate::cross_fit`).
//!
//! When nothing changed, the residuals of both samples have the same distribution. What moved in them is a change of the
//! label given the features, whatever happened to the features.

use serde::{Deserialize, Serialize};

use super::boosted_trees::{BINS, BinnedRows};
use super::distributions::{chi_square_sf, normal_sf, normal_two_sided};
use super::quantiles::{mean, median};

/// Columns named at most: the strongest first, each of the others by what it adds.
const COLUMNS: usize = 3;
/// Groups of values that a column is compared in.
const GROUPS: usize = 8;
/// Fewer rows of a group on one side have no mean to compare.
const GROUP_ROWS: usize = 15;
/// Neither side of a group varies less than this share of all rows: a group without a single positive is not certain.
const LEAST_VARIANCE: f64 = 0.25;
/// Another column has to change the residuals this certainly, after the stronger ones are taken out.
const COLUMN_P: f64 = 0.01;
/// Standard errors that a change must have to be seen nearly always: 3.7 for one in ten thousand and one for power.
const SEEN: f64 = 4.7;
/// Probabilities are kept this far from 0 and 1 before their logarithms are taken.
const LEAST_PROBABILITY: f64 = 0.01;

/// One sample.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    pub targets: &'a [f64],
    pub expected: &'a [f64],
    pub features: &'a BinnedRows,
}

/// A difference of two means with its standard error.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Moved {
    pub value: f64,
    pub error: f64,
}

impl Moved {
    fn between(before: &[f64], after: &[f64]) -> Self {
        let of = |values: &[f64]| variance(values) / values.len().max(1) as f64;
        Self { value: mean(after) - mean(before), error: (of(before) + of(after)).sqrt() }
    }

    /// The chance of this or more when nothing moved.
    pub fn p(self) -> f64 {
        normal_two_sided(self.errors())
    }

    /// The difference in standard errors.
    pub fn errors(self) -> f64 {
        if self.error > 0.0 { self.value / self.error } else { 0.0 }
    }
}

/// One class, or the quantity, on both sides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TargetRelation {
    /// The class; `None` for a quantity, whose target is its rank in train.
    pub class: Option<String>,
    /// How far the expected target follows the target itself in train, from 0 to 1.
    pub follows: f64,
    /// How the target moved, how much of it the features led to expect, and the rest.
    pub label: Moved,
    pub expected: Moved,
    pub residual: Moved,
    /// Where the residual moved differently from value to value, the strongest column first.
    pub columns: Vec<ColumnRelation>,
    pub noise: Noise,
}

/// A column along which the label is no longer related as before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnRelation {
    pub column: String,
    /// Corrected over all columns.
    pub p: f64,
    /// The standard deviation of the change over the column's values, in standard deviations of the target.
    pub strength: f64,
    /// The mean target gained in groups of values where it certainly rose, and lost where it certainly fell.
    pub risen: f64,
    pub fallen: f64,
}

/// Do labels of train disagree with the features more than those of the other side?
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Noise {
    /// The chance of so much more disagreement in train when both sides are labelled alike.
    pub p: f64,
    /// The share of train's labels that would have to be drawn at random (a quantity) or flipped (a class) to explain it.
    pub share: f64,
    /// The smallest such share that would have been seen.
    pub smallest: f64,
    /// Whether a few rows disagree much, instead of all rows a little.
    pub in_few_rows: bool,
}

/// Compares a target; `names` are the features in the order of their bins.
pub fn target_relation(class: Option<String>, train: Rows<'_>, serve: Rows<'_>, names: &[&str]) -> TargetRelation {
    let (before, after) = (residuals(train), residuals(serve));
    TargetRelation {
        follows: slope(train.targets, train.expected).clamp(0.0, 1.0),
        label: Moved::between(train.targets, serve.targets),
        expected: Moved::between(train.expected, serve.expected),
        residual: Moved::between(&before, &after),
        columns: changed_columns(train, serve, names),
        noise: if class.is_some() { flipped(train, serve) } else { exchanged(train, serve) },
        class,
    }
}

fn residuals(rows: Rows<'_>) -> Vec<f64> {
    rows.targets.iter().zip(rows.expected).map(|(target, expected)| target - expected).collect()
}

fn variance(values: &[f64]) -> f64 {
    let centre = mean(values);
    values.iter().map(|value| (value - centre).powi(2)).sum::<f64>() / (values.len() as f64 - 1.0).max(1.0)
}

/// The slope of a least-squares line.
fn slope(x: &[f64], y: &[f64]) -> f64 {
    let (x_mean, y_mean) = (mean(x), mean(y));
    let covariance: f64 = x.iter().zip(y).map(|(x, y)| (x - x_mean) * (y - y_mean)).sum();
    let spread: f64 = x.iter().map(|x| (x - x_mean).powi(2)).sum();
    if spread > 0.0 { covariance / spread } else { 0.0 }
}

/// Flips show in the slope of the label's log odds on the expected ones: labels that are partly random are less decided
/// than clean ones (Cox 1958, "Two further applications of a model for binary regression"). A mere change of the classes'
/// shares moves the intercept only.
fn flipped(train: Rows<'_>, serve: Rows<'_>) -> Noise {
    let p = match (decidedness(train), decidedness(serve)) {
        (Some(before), Some(after)) => {
            normal_sf((after.value - before.value) / before.error.hypot(after.error).max(f64::MIN_POSITIVE))
        }
        _ => 1.0,
    };
    // What a flip adds to the squared residual of a row of the other side.
    let flips = serve.targets.iter().zip(serve.expected).map(|(y, p)| (1.0 - 2.0 * y) * (1.0 - 2.0 * p));
    Noise { p, ..squares(train, serve, mean(&flips.collect::<Vec<f64>>())) }
}

/// Targets drawn at random show in the squares of the residuals, in a few rows.
fn exchanged(train: Rows<'_>, serve: Rows<'_>) -> Noise {
    let squared = squared(serve);
    let (centre, spread) = (mean(train.targets), variance(train.targets));
    let at_random: Vec<f64> = serve.expected.iter().map(|expected| spread + (expected - centre).powi(2)).collect();
    squares(train, serve, mean(&at_random) - mean(&squared))
}

/// Compares the mean squares, of which one wrong label adds `of_one`.
fn squares(train: Rows<'_>, serve: Rows<'_>, of_one: f64) -> Noise {
    let (before, after) = (squared(train), squared(serve));
    let more = Moved::between(&after, &before);
    let per_label = of_one.max(f64::MIN_POSITIVE);
    let middle = |squares: &[f64]| {
        let mut sorted = squares.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        median(&sorted)
    };
    let grown = |before: f64, after: f64| before / after.max(f64::MIN_POSITIVE) - 1.0;
    Noise {
        p: normal_sf(more.errors()),
        share: (more.value / per_label).clamp(0.0, 1.0),
        smallest: (SEEN * more.error / per_label).min(1.0),
        in_few_rows: grown(middle(&before), middle(&after)) <= 0.6 * grown(mean(&before), mean(&after)),
    }
}

/// Squares of the residuals around their own mean.
fn squared(rows: Rows<'_>) -> Vec<f64> {
    let residuals = residuals(rows);
    let centre = mean(&residuals);
    residuals.iter().map(|residual| (residual - centre).powi(2)).collect()
}

/// The slope of a logistic regression of the label on the expected log odds, by Newton's method; `None` when it does not
/// settle.
fn decidedness(rows: Rows<'_>) -> Option<Moved> {
    let odds = |p: &f64| {
        let p = p.clamp(LEAST_PROBABILITY, 1.0 - LEAST_PROBABILITY);
        (p / (1.0 - p)).ln()
    };
    let odds: Vec<f64> = rows.expected.iter().map(odds).collect();
    let (mut intercept, mut slope) = (0.0, 1.0);
    for _ in 0..50 {
        let (mut g0, mut g1, mut h00, mut h01, mut h11) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (x, y) in odds.iter().zip(rows.targets) {
            let p = 1.0 / (1.0 + (-(intercept + slope * x)).exp());
            let weight = p * (1.0 - p);
            (g0, g1) = (g0 + y - p, g1 + (y - p) * x);
            (h00, h01, h11) = (h00 + weight, h01 + weight * x, h11 + weight * x * x);
        }
        let determinant = h00 * h11 - h01 * h01;
        if determinant <= 1e-9 {
            return None;
        }
        let step = ((h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant);
        (intercept, slope) = (intercept + step.0.clamp(-2.0, 2.0), slope + step.1.clamp(-2.0, 2.0));
        if step.0.abs() + step.1.abs() < 1e-8 {
            return Some(Moved { value: slope, error: (h00 / determinant).sqrt() });
        }
    }
    None
}

/// The columns along which the residuals moved: the most certain one, then the most certain one after its changes are taken
/// out, so that a column that only correlates with it is not named.
fn changed_columns(train: Rows<'_>, serve: Rows<'_>, names: &[&str]) -> Vec<ColumnRelation> {
    let before = residuals(train);
    let mut after = residuals(serve);
    let spread = variance(train.targets).sqrt();
    let groups: Vec<(Vec<u8>, Vec<u8>)> =
        (0..names.len()).map(|feature| grouped(train.features, serve.features, feature)).collect();
    let mut found: Vec<ColumnRelation> = Vec::new();
    while found.len() < COLUMNS && spread > 0.0 {
        let compared = groups
            .iter()
            .enumerate()
            .filter(|(feature, _)| !found.iter().any(|column| column.column == names[*feature]));
        let strongest = compared
            .filter_map(|(feature, groups)| Some((feature, Course::of(&before, &after, groups)?)))
            .min_by(|a, b| a.1.p.total_cmp(&b.1.p));
        let Some((feature, course)) = strongest else { break };
        let p = (course.p * names.len() as f64).min(1.0);
        if p >= COLUMN_P {
            break;
        }
        for (residual, group) in after.iter_mut().zip(&groups[feature].1) {
            *residual -= course.change[*group as usize];
        }
        found.push(ColumnRelation {
            column: names[feature].to_owned(),
            p,
            strength: course.strength / spread,
            risen: course.risen,
            fallen: course.fallen,
        });
    }
    found
}

/// The group of each row: about equally many train rows each for a number, the most frequent categories by themselves, and
/// missing values.
fn grouped(train: &BinnedRows, serve: &BinnedRows, feature: usize) -> (Vec<u8>, Vec<u8>) {
    let mut counts = [0_usize; BINS];
    train.features[feature].iter().for_each(|bin| counts[*bin as usize] += 1);
    let known: usize = counts[1..].iter().sum();
    let mut below = 0;
    let mut group_of = [0_u8; BINS];
    for bin in 1..BINS {
        group_of[bin] = match train.categorical[feature] {
            true => bin.min(GROUPS) as u8,
            false => 1 + (below * GROUPS / known.max(1)).min(GROUPS - 1) as u8,
        };
        below += counts[bin];
    }
    let of = |rows: &BinnedRows| rows.features[feature].iter().map(|bin| group_of[*bin as usize]).collect();
    (of(train), of(serve))
}

/// How residuals moved from group to group.
struct Course {
    p: f64,
    strength: f64,
    risen: f64,
    fallen: f64,
    change: [f64; GROUPS + 1],
}

impl Course {
    /// `None` with fewer than two groups to compare. The common move of all groups is no course.
    fn of(before: &[f64], after: &[f64], groups: &(Vec<u8>, Vec<u8>)) -> Option<Self> {
        let least = LEAST_VARIANCE * (variance(before) + variance(after)) / 2.0;
        let common = mean(after) - mean(before);
        let mut course = Course { p: 1.0, strength: 0.0, risen: 0.0, fallen: 0.0, change: [0.0; GROUPS + 1] };
        let (mut sum, mut between, mut compared, mut rows) = (0.0, 0.0, 0, 0.0);
        for group in 0..=GROUPS {
            let of = |residuals: &[f64], groups: &[u8]| -> Vec<f64> {
                let inside = residuals.iter().zip(groups).filter(|(_, of)| **of as usize == group);
                inside.map(|(residual, _)| *residual).collect()
            };
            let (old, new) = (of(before, &groups.0), of(after, &groups.1));
            if old.len() < GROUP_ROWS || new.len() < GROUP_ROWS {
                continue;
            }
            let error = variance(&old).max(least) / old.len() as f64 + variance(&new).max(least) / new.len() as f64;
            let change = mean(&new) - mean(&old);
            let weight = new.len() as f64 / after.len() as f64;
            sum += (change - common).powi(2) / error;
            between += new.len() as f64 * ((change - common).powi(2) - error);
            (compared, rows) = (compared + 1, rows + new.len() as f64);
            course.change[group] = change;
            match change / error.sqrt() {
                errors if errors > 2.0 => course.risen += weight * change,
                errors if errors < -2.0 => course.fallen -= weight * change,
                _ => {}
            }
        }
        (compared >= 2).then(|| {
            course.p = chi_square_sf(sum, f64::from(compared - 1));
            course.strength = (between / rows).max(0.0).sqrt();
            course
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boosted_trees::Binning;
    use crate::cross_fit::CrossFit;
    use crate::rng::Rng;

    /// Two features, and the chance of yes that they give.
    struct Sample {
        a: Vec<f64>,
        b: Vec<f64>,
        chance: Vec<f64>,
        rng: Rng,
    }

    fn sample(seed: u64, rows: usize, chance: impl Fn(f64, f64) -> f64) -> Sample {
        let mut rng = Rng::new(seed);
        let a: Vec<f64> = (0..rows).map(|_| rng.next_f64()).collect();
        let b: Vec<f64> = (0..rows).map(|_| rng.next_f64()).collect();
        let chance = a.iter().zip(&b).map(|(a, b)| chance(*a, *b)).collect();
        Sample { a, b, chance, rng }
    }

    impl Sample {
        fn draws(&mut self) -> Vec<f64> {
            let rng = &mut self.rng;
            self.chance.iter().map(|chance| f64::from(u8::from(rng.next_f64() < *chance))).collect()
        }

        fn bins(&self) -> BinnedRows {
            let binning = Binning::of_numbers(&(0..100).map(|i| f64::from(i) / 100.0).collect::<Vec<_>>());
            let bin = |values: &[f64]| values.iter().map(|value| binning.bin(*value)).collect();
            BinnedRows { features: vec![bin(&self.a), bin(&self.b)], categorical: vec![false; 2], rows: self.a.len() }
        }
    }

    fn relation(class: Option<String>, train: (&Sample, &[f64]), serve: (&Sample, &[f64])) -> TargetRelation {
        let (old, new) = (train.0.bins(), serve.0.bins());
        let fit = CrossFit::fit(&old, train.1, 4, 1);
        let (expected, elsewhere) = (fit.out_of_fold(&old), fit.elsewhere(&new, 1));
        target_relation(
            class,
            Rows { targets: train.1, expected: &expected, features: &old },
            Rows { targets: serve.1, expected: &elsewhere, features: &new },
            &["a", "b"],
        )
    }

    fn classes(train: &mut Sample, serve: &mut Sample) -> TargetRelation {
        let (old, new) = (train.draws(), serve.draws());
        relation(Some("yes".into()), (train, &old), (serve, &new))
    }

    fn steep(a: f64, b: f64) -> f64 {
        if a + 0.3 * b > 0.6 { 0.95 } else { 0.05 }
    }

    #[test]
    fn labels_that_depend_on_chance_alike_on_both_sides_are_not_noise_and_nothing_moved() {
        let chance = |a: f64, b: f64| 0.05 + 0.45 * a * (0.5 + 0.5 * b);
        for seed in 0..10 {
            let found = classes(&mut sample(seed, 1_500, chance), &mut sample(seed + 100, 1_000, chance));
            assert!(found.noise.p > 1e-3, "{seed}: {found:?}");
            assert!(found.residual.p() > 1e-3, "{seed}: {found:?}");
            assert!(found.columns.first().is_none_or(|column| column.p > 1e-4), "{seed}: {found:?}");
        }
    }

    #[test]
    fn flips_in_train_are_noise_with_their_share() {
        let (mut train, mut serve) = (sample(1, 1_500, steep), sample(2, 1_000, steep));
        for chance in train.chance.iter_mut().step_by(10) {
            *chance = 1.0 - chance.round();
        }
        let found = classes(&mut train, &mut serve);
        assert!(found.noise.p < 1e-6, "{found:?}");
        assert!((0.05..0.2).contains(&found.noise.share), "{found:?}");
    }

    #[test]
    fn exchanged_quantities_are_noise_in_few_rows_and_more_spread_is_not() {
        let quantity = |seed, rows: usize, spread: f64| {
            let mut sample = sample(seed, rows, |a, b| 0.2 + 0.5 * a + 0.1 * b);
            let rng = &mut sample.rng;
            let values: Vec<f64> = sample.chance.iter().map(|value| value + spread * (rng.next_f64() - 0.5)).collect();
            (sample, values)
        };
        let ((train, mut old), (serve, new)) = (quantity(1, 1_500, 0.2), quantity(2, 1_000, 0.2));
        let clean = relation(None, (&train, &old), (&serve, &new));
        assert!(clean.noise.p > 1e-3 && clean.noise.smallest < 0.1, "{clean:?}");
        for row in (0..700).step_by(10) {
            old.swap(row, row + 705);
        }
        let found = relation(None, (&train, &old), (&serve, &new));
        assert!(found.noise.p < 1e-4 && found.noise.in_few_rows, "{found:?}");
        assert!((0.04..0.2).contains(&found.noise.share), "{found:?}");
        let (train, wide) = quantity(3, 1_500, 0.6);
        assert!(!relation(None, (&train, &wide), (&serve, &new)).noise.in_few_rows);
    }

    #[test]
    fn a_relation_turned_round_is_found_along_its_column_only() {
        let rising = |a: f64, b: f64| 0.1 + 0.5 * a + 0.3 * b;
        let falling = |a: f64, b: f64| 0.6 - 0.5 * a + 0.3 * b;
        let found = classes(&mut sample(1, 1_500, rising), &mut sample(2, 1_000, falling));
        assert_eq!(found.columns.len(), 1, "{found:?}");
        let column = &found.columns[0];
        assert!(column.column == "a" && column.p < 1e-10 && column.strength > 0.3, "{found:?}");
        assert!(column.risen > 0.1 && column.fallen > 0.1, "{found:?}");
    }

    #[test]
    fn fewer_positives_for_the_same_features_move_the_residual_and_other_rows_do_not() {
        let stricter = |a: f64, b: f64| steep(a, b) * if b > 0.5 { 0.5 } else { 1.0 };
        let found = classes(&mut sample(1, 1_500, steep), &mut sample(2, 1_000, stricter));
        assert!(found.residual.value < -0.05 && found.residual.p() < 1e-6, "{found:?}");
        assert!(found.expected.value.abs() < 0.05, "{found:?}");
        // Rows of another kind: the features explain what moved.
        let mut others = sample(3, 1_000, steep);
        others.a.iter_mut().for_each(|a| *a *= 0.8);
        others.chance = others.a.iter().zip(&others.b).map(|(a, b)| steep(*a, *b)).collect();
        let found = classes(&mut sample(1, 1_500, steep), &mut others);
        assert!(found.label.p() < 1e-3 && found.residual.p() > 1e-3, "{found:?}");
    }
}
