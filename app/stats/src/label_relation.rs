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
    /// Its standard error.
    #[serde(default)]
    pub follows_error: f64,
    /// How the target moved, how much of it the features led to expect, and the rest.
    pub label: Moved,
    pub expected: Moved,
    pub residual: Moved,
    /// Where the residual moved differently from value to value, the strongest column first.
    pub columns: Vec<ColumnRelation>,
    pub noise: Noise,
}

impl TargetRelation {
    /// How far the features are from where other shares of the label alone would put them, in standard errors: what is
    /// expected then follows the label as it does in train (black-box shift estimation, Lipton et al. 2018). With
    /// `label = expected + residual`, the distance from `expected = follows * label` has three independent errors: those of
    /// both, and that of `follows`.
    pub fn errors_from_label_shift(&self) -> f64 {
        let (follows, rest) = (self.follows, 1.0 - self.follows);
        let distance = follows * self.residual.value - rest * self.expected.value;
        let of_moves = (follows * self.residual.error).hypot(rest * self.expected.error);
        let error = of_moves.hypot(self.follows_error * (self.residual.value + self.expected.value));
        if error > 0.0 { distance / error } else { 0.0 }
    }
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
    let (follows, follows_error) = slope(train.targets, train.expected);
    TargetRelation {
        follows: follows.clamp(0.0, 1.0),
        follows_error,
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

/// The slope of a least-squares line, with its standard error.
fn slope(x: &[f64], y: &[f64]) -> (f64, f64) {
    let (x_mean, y_mean) = (mean(x), mean(y));
    let covariance: f64 = x.iter().zip(y).map(|(x, y)| (x - x_mean) * (y - y_mean)).sum();
    let spread: f64 = x.iter().map(|x| (x - x_mean).powi(2)).sum();
    if spread <= 0.0 {
        return (0.0, 0.0);
    }
    let slope = covariance / spread;
    let left: f64 = x.iter().zip(y).map(|(x, y)| (y - y_mean - slope * (x - x_mean)).powi(2)).sum();
    (slope, (left / (x.len() as f64 - 2.0).max(1.0) / spread).sqrt())
}

/// Flips show in the slope of the label's log odds on the expected ones: labels that are partly random are less decided
/// than clean ones (Cox 1958, "Two further applications of a model for binary regression"). A mere change of the classes'
/// shares moves the intercept only.
///
/// The slope of the other side is compared by its score at the slope of train (Rao 1948): where clean labels follow what is expected
/// without exception, its own slope has no bound.
fn flipped(train: Rows<'_>, serve: Rows<'_>) -> Noise {
    let compared = decidedness(train).and_then(|before| Some((before, more_decided(serve, before.value)?)));
    let p = compared
        .map_or(1.0, |(before, more)| normal_sf(more.value / before.error.hypot(more.error).max(f64::MIN_POSITIVE)));
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
    let odds = odds(rows);
    let (mut intercept, mut slope) = (0.0, 1.0);
    for _ in 0..STEPS {
        let of = Likelihood::at(&odds, rows.targets, intercept, slope);
        let determinant = of.h00 * of.h11 - of.h01 * of.h01;
        if determinant <= 1e-9 {
            return None;
        }
        let step = ((of.h11 * of.g0 - of.h01 * of.g1) / determinant, (of.h00 * of.g1 - of.h01 * of.g0) / determinant);
        (intercept, slope) = (intercept + step.0.clamp(-2.0, 2.0), slope + step.1.clamp(-2.0, 2.0));
        if step.0.abs() + step.1.abs() < 1e-8 {
            return Some(Moved { value: slope, error: (of.h00 / determinant).sqrt() });
        }
    }
    None
}

/// By how much the slope of these labels is more than a given one, to the first order, with the error that it has where it is no
/// more. `None` for labels of one class.
fn more_decided(rows: Rows<'_>, slope: f64) -> Option<Moved> {
    let odds = odds(rows);
    let mut intercept = 0.0;
    for _ in 0..STEPS {
        let of = Likelihood::at(&odds, rows.targets, intercept, slope);
        let step = of.g0 / of.h00;
        if !step.is_finite() {
            return None;
        }
        intercept += step.clamp(-2.0, 2.0);
        if step.abs() < 1e-8 {
            // The intercept is free, so what it takes of the slope is no information on it.
            let information = of.h11 - of.h01 * of.h01 / of.h00;
            return (information > 1e-9)
                .then(|| Moved { value: of.g1 / information, error: information.sqrt().recip() });
        }
    }
    None
}

/// Steps of Newton's method at most.
const STEPS: usize = 50;

/// What is expected, as log odds.
fn odds(rows: Rows<'_>) -> Vec<f64> {
    let odds = |p: &f64| {
        let p = p.clamp(LEAST_PROBABILITY, 1.0 - LEAST_PROBABILITY);
        (p / (1.0 - p)).ln()
    };
    rows.expected.iter().map(odds).collect()
}

/// The first and the negative second derivatives of a logistic regression's log-likelihood, by intercept (0) and slope (1).
#[derive(Default)]
struct Likelihood {
    g0: f64,
    g1: f64,
    h00: f64,
    h01: f64,
    h11: f64,
}

impl Likelihood {
    fn at(odds: &[f64], targets: &[f64], intercept: f64, slope: f64) -> Self {
        let mut of = Likelihood::default();
        for (x, y) in odds.iter().zip(targets) {
            let p = 1.0 / (1.0 + (-(intercept + slope * x)).exp());
            let weight = p * (1.0 - p);
            (of.g0, of.g1) = (of.g0 + y - p, of.g1 + (y - p) * x);
            (of.h00, of.h01, of.h11) = (of.h00 + weight, of.h01 + weight * x, of.h11 + weight * x * x);
        }
        of
    }
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
/// missing values. Few rows make fewer groups, twice as large as the smallest that has a mean.
fn grouped(train: &BinnedRows, serve: &BinnedRows, feature: usize) -> (Vec<u8>, Vec<u8>) {
    let mut counts = [0_usize; BINS];
    train.features[feature].iter().for_each(|bin| counts[*bin as usize] += 1);
    let known: usize = counts[1..].iter().sum();
    let groups = (train.rows.min(serve.rows) / (2 * GROUP_ROWS)).clamp(2, GROUPS);
    let mut below = 0;
    let mut group_of = [0_u8; BINS];
    for bin in 1..BINS {
        group_of[bin] = match train.categorical[feature] {
            true => bin.min(GROUPS) as u8,
            false => 1 + (below * groups / known.max(1)).min(groups - 1) as u8,
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
mod tests;
