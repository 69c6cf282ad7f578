//! Whether labels can be believed: rows that contradict each other, and labels that contradict the features.

use std::collections::{BTreeMap, HashMap};

use domain::measurements::labels::{GivenTrust, LabelChange, LabelMeasures, RepeatedFeatures};
use domain::{ColumnRole, Roles, SnapshotRole};
use polars::prelude::Series;
use rayon::prelude::*;
use stats::boosted_trees::BinnedRows;
use stats::cross_fit::CrossFit;
use stats::label_relation::{Rows, target_relation};
use stats::label_trust::{ClassProbabilities, confident_joint, label_trust, relation_change};
use stats::label_trust::{LabelTrust, RelationChange};
use stats::rng::Rng;

use crate::evaluation::run::given_probabilities;
use crate::feature_bins::FeatureBins;
use crate::row_hashes::row_hashes;
use crate::sample::Sample;
use crate::training::label_change::{Later, arrivals, quantity_change};
use crate::training::label_sample::{CLASSES, FEWEST_COMPARED, FEWEST_ROWS, FOLDS, ROWS, SEED};
use crate::values::{numbers, words};

/// Rows of a class below this are too few to train on.
const FEWEST_OF_CLASS: usize = 20;

/// Measures the labels of the train rows, and of the serve rows where they are known. `None` without a label column.
pub fn label_measures(
    train: &Sample,
    later: &[(SnapshotRole, &Sample)],
    roles: &Roles,
    importance: &BTreeMap<String, f64>,
) -> Option<LabelMeasures> {
    let label = train.column(roles.label()?)?;
    let later = Later::with_labels(later, roles);
    let common = later.as_ref().map_or_else(|| roles.clone(), |later| later.common(train, roles));
    let bins = || FeatureBins::learn(train, &common, importance);
    let classes = bins().and_then(|bins| learnable(train, label, roles, bins));
    let classes = classes.map(|learnable| learnable.measure(later.as_ref()));
    let amounts = || quantity_change(train, later.as_ref()?, roles.label()?, bins()?);
    let (trust, relation, change) = match classes {
        Some(classes) => (classes.trust, classes.relation, classes.change),
        None => (None, None, amounts()),
    };
    Some(LabelMeasures {
        rows: (label.len() - label.null_count()) as u64,
        repeated: repeated_features(train, label, roles),
        trust,
        given: given(train, roles),
        relation,
        change,
    })
}

/// How the labels agree with probabilities that train came with; `None` without them, with too few rows, or when a class
/// has too few.
fn given(train: &Sample, roles: &Roles) -> Option<GivenTrust> {
    let given = given_probabilities(&train.frame, roles)?;
    let rows_of = |class: usize| given.labels.iter().filter(|label| **label as usize == class).count();
    let enough = (0..given.classes.len()).all(|class| rows_of(class) >= FEWEST_OF_CLASS);
    if given.labels.len() < FEWEST_ROWS || given.classes.len() > CLASSES || !enough {
        return None;
    }
    let of = normalised(given.of);
    let probabilities = ClassProbabilities { classes: &given.classes, of: &of, labels: &given.labels };
    let (trust, joint) = (label_trust(&probabilities), confident_joint(&probabilities));
    Some(GivenTrust { columns: given.columns, trust, joint, classes: given.classes })
}

/// Rows of equal features, by a 64-bit hash over all of them; `None` without features, and for a quantity: two amounts are
/// seldom the same, whatever the rows are.
fn repeated_features(train: &Sample, label: &Series, roles: &Roles) -> Option<RepeatedFeatures> {
    let features: Vec<&Series> = train
        .frame
        .columns()
        .iter()
        .filter(|column| roles.of(column.name()) == ColumnRole::Feature)
        .map(|column| column.as_materialized_series())
        .collect();
    let hashes = row_hashes(&features, train.rows as usize)?;
    let labels = words(label)?;
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    labels.iter().flatten().for_each(|label| *counts.entry(label).or_default() += 1);
    if counts.len() > CLASSES && numbers(label).is_some() {
        return None;
    }
    let labelled: u64 = counts.values().sum();
    let shares: Vec<f64> = counts.values().map(|rows| *rows as f64 / labelled as f64).collect();
    let mut groups: HashMap<u64, Vec<&str>> = HashMap::new();
    for (hash, label) in hashes.into_iter().zip(&labels) {
        if let Some(label) = label {
            groups.entry(hash).or_default().push(label);
        }
    }
    let mut measured = RepeatedFeatures::default();
    for labels in groups.values() {
        let rows = labels.len() as u64;
        measured.rows += rows;
        if rows > 1 {
            measured.repeated += rows;
            let alike: f64 = shares.iter().map(|share| share.powf(rows as f64)).sum();
            measured.by_chance += rows as f64 * (1.0 - alike);
        }
        if labels.iter().any(|label| *label != labels[0]) {
            measured.conflicting += rows;
        }
    }
    Some(measured)
}

/// Train rows of which each has one of a few classes.
struct Learnable<'a> {
    bins: FeatureBins,
    classes: Vec<String>,
    rows: BinnedRows,
    labels: Vec<u32>,
    label: &'a str,
}

fn learnable<'a>(train: &Sample, label: &Series, roles: &'a Roles, bins: FeatureBins) -> Option<Learnable<'a>> {
    let words = words(label)?;
    let classes = classes_of(&words)?;
    let rows = chosen_rows(&words, &classes);
    if rows.len() < FEWEST_COMPARED {
        return None;
    }
    Some(Learnable {
        rows: bins.apply(train, &rows),
        labels: class_numbers(&words, &rows, &classes),
        bins,
        classes,
        label: roles.label()?,
    })
}

/// The classes of a label that have enough rows to be learnt, in alphabetical order; `None` when it is a quantity or
/// fewer than two classes are left.
fn classes_of(labels: &[Option<String>]) -> Option<Vec<String>> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for label in labels.iter().flatten() {
        *counts.entry(label).or_insert(0) += 1;
        if counts.len() > CLASSES {
            return None;
        }
    }
    let classes: Vec<String> =
        counts.into_iter().filter(|(_, rows)| *rows >= FEWEST_OF_CLASS).map(|(class, _)| class.to_owned()).collect();
    (classes.len() > 1).then_some(classes)
}

/// Rows of these classes, at most [`ROWS`], drawn with a fixed seed.
fn chosen_rows(labels: &[Option<String>], classes: &[String]) -> Vec<usize> {
    let known = |row: &usize| labels[*row].as_ref().is_some_and(|label| classes.contains(label));
    let mut rows: Vec<usize> = (0..labels.len()).filter(known).collect();
    let most = ROWS * 2 / classes.len();
    if rows.len() > most {
        Rng::new(SEED).shuffle(&mut rows);
        rows.truncate(most);
        rows.sort_unstable();
    }
    rows
}

fn class_numbers(labels: &[Option<String>], rows: &[usize], classes: &[String]) -> Vec<u32> {
    let number = |row: &usize| classes.iter().position(|class| labels[*row].as_ref() == Some(class));
    rows.iter().map(|row| number(row).unwrap_or(0) as u32).collect()
}

/// What was learnt about classes.
struct OfClasses {
    trust: Option<LabelTrust>,
    relation: Option<RelationChange>,
    change: Option<LabelChange>,
}

impl Learnable<'_> {
    fn measure(&self, later: Option<&Later<'_>>) -> OfClasses {
        let fits = self.each_class();
        let probabilities = normalised(self.of_classes(&fits, |fit| fit.out_of_fold(&self.rows)));
        let train = ClassProbabilities { classes: &self.classes, of: &probabilities, labels: &self.labels };
        let (relation, change) = later.and_then(|later| self.compared(&fits, &train, later)).unzip();
        let trust = (self.labels.len() >= FEWEST_ROWS).then(|| label_trust(&train));
        OfClasses { trust, relation: relation.flatten(), change }
    }

    /// Trees for each class against the others; of two classes only for the first.
    fn each_class(&self) -> Vec<CrossFit> {
        let different = if self.classes.len() == 2 { 1 } else { self.classes.len() };
        let fit = |class: usize| CrossFit::fit(&self.rows, &is_class(&self.labels, class), FOLDS, SEED);
        (0..different).into_par_iter().map(fit).collect()
    }

    /// Answers for each class; of two classes the second is the complement of the first.
    fn of_classes(&self, fits: &[CrossFit], answer: impl Fn(&CrossFit) -> Vec<f64>) -> Vec<Vec<f64>> {
        let mut of_classes: Vec<Vec<f64>> = fits.iter().map(answer).collect();
        if let [first] = &of_classes[..] {
            of_classes.push(first.iter().map(|probability| 1.0 - probability).collect());
        }
        of_classes
    }

    fn compared(
        &self,
        fits: &[CrossFit],
        train: &ClassProbabilities<'_>,
        later: &Later<'_>,
    ) -> Option<(Option<RelationChange>, LabelChange)> {
        let labels = words(later.sample.column(self.label)?)?;
        let rows = chosen_rows(&labels, &self.classes);
        if rows.len() < FEWEST_COMPARED {
            return None;
        }
        let binned = self.bins.apply(later.sample, &rows);
        let probabilities = normalised(self.of_classes(fits, |fit| fit.elsewhere(&binned, SEED)));
        let labels = class_numbers(&labels, &rows, &self.classes);
        let other = ClassProbabilities { classes: &self.classes, of: &probabilities, labels: &labels };
        let names: Vec<&str> = self.bins.names().collect();
        // Of two classes, the second says the same with the other sign.
        let targets = (0..self.classes.len()).skip(usize::from(self.classes.len() == 2));
        let targets = targets.collect::<Vec<_>>().into_par_iter().map(|class| {
            let (before, after) = (is_class(train.labels, class), is_class(other.labels, class));
            let train = Rows { targets: &before, expected: &train.of[class], features: &self.rows };
            let other = Rows { targets: &after, expected: &other.of[class], features: &binned };
            target_relation(Some(self.classes[class].clone()), train, other, &names)
        });
        let change = LabelChange {
            against: later.role,
            train_rows: train.labels.len() as u64,
            rows: rows.len() as u64,
            targets: targets.collect(),
            scale: None,
            arrivals: later.order().map(|order| arrivals(&order, &rows, &other)).unwrap_or_default(),
        };
        let is_told = later.role == SnapshotRole::Serve && train.labels.len().min(rows.len()) >= FEWEST_ROWS;
        Some((is_told.then(|| relation_change(train, &other)), change))
    }
}

fn is_class(labels: &[u32], class: usize) -> Vec<f64> {
    labels.iter().map(|label| f64::from(u8::from(*label as usize == class))).collect()
}

/// Makes the probabilities of each row add up to one.
fn normalised(mut of_classes: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    for row in 0..of_classes.first().map_or(0, Vec::len) {
        let sum: f64 = of_classes.iter().map(|of_class| of_class[row]).sum();
        of_classes.iter_mut().for_each(|of_class| of_class[row] /= sum.max(f64::MIN_POSITIVE));
    }
    of_classes
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use polars::prelude::NamedFrom;

    use super::*;

    fn roles() -> Roles {
        Roles::from([(ColumnRole::Label, "late"), (ColumnRole::Id, "id")])
    }

    /// Rows whose label is plain from `delay`, but for the rows that `flipped` picks.
    fn sample(rows: usize, flipped: impl Fn(usize) -> bool) -> Sample {
        let mut rng = Rng::new(9);
        let delay: Vec<f64> = (0..rows).map(|_| rng.next_f64() * 100.0).collect();
        let noise: Vec<f64> = (0..rows).map(|_| rng.next_f64()).collect();
        let city: Vec<&str> = (0..rows).map(|_| ["Oslo", "Bergen", "Bodø"][rng.below(3)]).collect();
        let late: Vec<i64> = delay
            .iter()
            .zip(&noise)
            .enumerate()
            .map(|(row, (delay, noise))| i64::from((delay + 20.0 * noise > 60.0) != flipped(row)))
            .collect();
        let columns = vec![
            Series::new("id".into(), (0..rows as i64).collect::<Vec<_>>()),
            Series::new("delay".into(), delay),
            Series::new("city".into(), city),
            Series::new("late".into(), late),
        ];
        Sample::new(columns, rows).unwrap()
    }

    #[test]
    fn flipped_labels_contradict_the_surest_rows_and_sound_ones_do_not() {
        let rate = |flipped: fn(usize) -> bool| {
            let measured = label_measures(&sample(1_200, flipped), &[], &roles(), &BTreeMap::new()).unwrap();
            let trust = measured.trust.unwrap();
            assert_eq!((trust.rows, trust.classes.len()), (1_200, 2));
            trust.classes.iter().map(|class| class.first_quarter.value()).fold(1.0, f64::min)
        };
        assert!(rate(|_| false) < 0.01);
        assert!(rate(|row| row % 10 == 0) > 0.05);
    }

    #[test]
    fn probabilities_beside_the_labels_are_preferred_and_few_rows_are_not() {
        let with_scores = |rows: usize| {
            let mut train = sample(rows, |row| row % 10 == 0);
            let delay: Vec<f64> = train.column("delay").unwrap().f64().unwrap().iter().flatten().collect();
            let score: Vec<f64> = delay.iter().map(|delay| 1.0 / (1.0 + (-(delay - 50.0) / 5.0).exp())).collect();
            train.frame.with_column(Series::new("score".into(), score).into()).unwrap();
            let mut roles = roles();
            roles.set(ColumnRole::Score, Some("score".into()));
            label_measures(&train, &[], &roles, &BTreeMap::new()).unwrap().given
        };
        let given = with_scores(1_200).unwrap();
        assert_eq!((given.columns, given.trust.rows), (vec!["score".to_owned()], 1_200));
        // One label in ten was flipped.
        assert!((0.07..0.14).contains(&given.joint.wrong), "{:?}", given.joint);
        assert!(with_scores(150).is_none());
    }

    #[test]
    fn labels_that_mean_something_else_at_serving_contradict_one_class() {
        let train = sample(1_200, |_| false);
        let relation = |serve: &Sample| {
            label_measures(&train, &[(SnapshotRole::Serve, serve)], &roles(), &BTreeMap::new())
                .unwrap()
                .relation
                .unwrap()
        };
        let same = relation(&sample(900, |_| false));
        assert!(same.classes.iter().all(|class| class.contradicted_serve.value() < 0.05), "{same:?}");
        let mut changed = sample(900, |_| false);
        let never = Series::new("late".into(), vec![0_i64; 900]);
        changed.frame.with_column(never.into()).unwrap();
        let all_late_gone = relation(&changed);
        let late = all_late_gone.classes.iter().find(|class| class.class == "1").unwrap();
        assert_eq!(late.contradicted_serve.value(), 1.0);
    }

    #[test]
    fn equal_features_with_other_labels_are_conflicts_and_the_id_does_not_tell_them_apart() {
        let columns = vec![
            Series::new("id".into(), [1_i64, 2, 3, 4, 5]),
            Series::new("delay".into(), [1.0, 1.0, 2.0, 2.0, 3.0]),
            Series::new("late".into(), [0_i64, 1, 1, 1, 0]),
        ];
        let measured = label_measures(&Sample::new(columns, 5).unwrap(), &[], &roles(), &BTreeMap::new()).unwrap();
        assert_eq!(measured.repeated, Some(RepeatedFeatures { rows: 5, repeated: 4, conflicting: 2, by_chance: 1.92 }));
        assert!(measured.trust.is_none());
    }
}
