//! What is expected of the label and of the prediction given the inputs, on either side.

use super::{Broken, Compared, SIDES};
use crate::boosted_trees::{BinnedRows, BoostedTrees, Growth, Loss, stratified_folds};

/// Each row is judged by trees that were fitted to the other half.
pub(super) const FOLDS: usize = 2;
/// More trees than a check needs: the parts are differences of small differences.
const GROWTH: Growth = Growth { trees: 80, learning_rate: 0.15, loss: Loss::Logistic };

/// Labels and predictions as vectors, component by component: whether a class is the one, or a quantity.
#[derive(Debug, Clone, PartialEq)]
pub struct Answers {
    labels: Vec<Vec<f64>>,
    predictions: Vec<Vec<f64>>,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Classes,
    Quantity,
}

impl Answers {
    /// Class numbers under `classes`. The loss is 0 where both agree, else 1.
    pub fn of_classes(labels: &[u32], predictions: &[u32], classes: usize) -> Self {
        // Two classes are known by one of them.
        let components = if classes == 2 { 1..2 } else { 0..classes as u32 };
        let is = |of: &[u32], class: u32| of.iter().map(|code| f64::from(u8::from(*code == class))).collect();
        Self {
            labels: components.clone().map(|class| is(labels, class)).collect(),
            predictions: components.map(|class| is(predictions, class)).collect(),
            kind: Kind::Classes,
        }
    }

    /// Numbers. The loss is the square of their difference; best of about unit variance (see [`Loss::Squares`]).
    pub fn of_numbers(labels: Vec<f64>, predictions: Vec<f64>) -> Self {
        Self { labels: vec![labels], predictions: vec![predictions], kind: Kind::Quantity }
    }

    /// Those of these rows alone, in this order.
    pub fn taken(&self, rows: &[usize]) -> Self {
        let of = |vectors: &[Vec<f64>]| -> Vec<Vec<f64>> {
            vectors.iter().map(|vector| rows.iter().map(|row| vector[*row]).collect()).collect()
        };
        Self { labels: of(&self.labels), predictions: of(&self.predictions), kind: self.kind }
    }

    pub fn rows(&self) -> usize {
        self.labels.first().map_or(0, Vec::len)
    }

    pub(super) fn components(&self) -> std::ops::Range<usize> {
        0..self.labels.len()
    }

    pub(super) fn labels(&self, component: usize) -> &[f64] {
        &self.labels[component]
    }

    pub(super) fn predictions(&self, component: usize) -> &[f64] {
        &self.predictions[component]
    }

    /// Two wrong components make one wrong class.
    pub(super) fn scale(&self) -> f64 {
        if self.labels.len() > 1 { 0.5 } else { 1.0 }
    }

    /// The variance of a component with this expectation; that of a quantity is not modelled, its residuals show it.
    pub(super) fn variance(&self, expected: f64) -> f64 {
        match self.kind {
            Kind::Classes => expected * (1.0 - expected),
            Kind::Quantity => 0.0,
        }
    }

    /// How the loss of a prediction grows with the expectation of a component's label.
    pub(super) fn slope(&self, predicted: f64, expected: f64) -> f64 {
        match self.kind {
            Kind::Classes => 1.0 - 2.0 * predicted,
            Kind::Quantity => 2.0 * (expected - predicted),
        }
    }

    /// The loss of each row.
    pub fn losses(&self) -> Vec<f64> {
        let of_row = |row: usize| {
            let squares = self.components().map(|k| (self.predictions[k][row] - self.labels[k][row]).powi(2));
            self.scale() * squares.sum::<f64>()
        };
        (0..self.rows()).map(of_row).collect()
    }

    fn targets(&self, predictions: bool) -> Vec<&[f64]> {
        let vectors = if predictions { &self.predictions } else { &self.labels };
        vectors.iter().map(Vec::as_slice).collect()
    }

    fn growth(&self) -> Growth {
        match self.kind {
            Kind::Classes => GROWTH,
            Kind::Quantity => Growth { loss: Loss::Squares, ..GROWTH },
        }
    }
}

/// What trees expect of one vector on both sides' rows: `[side of the rows][fold][component][row]`. Rows of the side that
/// was fitted have the same expectation in each fold: that of the trees that did not see them.
pub(super) type Expected = [Vec<Vec<Vec<f64>>>; SIDES];

/// The four models, each asked about the rows of both sides.
#[derive(Debug, Clone)]
pub struct Models {
    /// By the side that was fitted.
    pub(super) label: [Expected; SIDES],
    pub(super) prediction: [Expected; SIDES],
    /// What the system answers for the rows of both sides if they are broken: `[side of the rows][component][row]`.
    pub(super) if_broken: Option<[Vec<Vec<f64>>; SIDES]>,
}

impl Models {
    /// The same inputs and seed always give the same models.
    pub fn fit(compared: &Compared<'_>, seed: u64) -> Self {
        let rows = compared.sides.map(|side| side.features);
        let fit = |of: usize, predictions: bool| {
            let answers = compared.sides[of].answers;
            expected(rows, of, &answers.targets(predictions), answers.growth(), seed)
        };
        Self {
            label: [fit(0, false), fit(1, false)],
            prediction: [fit(0, true), fit(1, true)],
            if_broken: compared.broken.as_ref().map(|broken| if_broken(rows, broken, seed)),
        }
    }
}

/// Fits the answers of the broken rows to the inputs that are left, and asks about the rows of both sides. None of these was
/// learnt from.
fn if_broken(rows: [&BinnedRows; SIDES], broken: &Broken<'_>, seed: u64) -> [Vec<Vec<f64>>; SIDES] {
    let learnt = broken.rows.features.without(broken.lost);
    let asked = rows.map(|rows| rows.without(broken.lost));
    let all: Vec<usize> = (0..learnt.rows).collect();
    let mut found = [Vec::new(), Vec::new()];
    for target in broken.rows.answers.targets(true) {
        let trees = BoostedTrees::grow(&learnt, target, &all, broken.rows.answers.growth(), seed);
        for (found, asked) in found.iter_mut().zip(&asked) {
            found.push((0..asked.rows).map(|row| trees.probability(asked, row)).collect());
        }
    }
    found
}

/// Fits one model for each component and fold to the rows of side `of`, and asks them about both sides.
fn expected(rows: [&BinnedRows; SIDES], of: usize, targets: &[&[f64]], growth: Growth, seed: u64) -> Expected {
    let fold_of = folds(targets, seed.wrapping_add(of as u64));
    let mut found: Expected = [Vec::new(), Vec::new()].map(|_: Vec<u8>| vec![Vec::new(); FOLDS]);
    for target in targets {
        let trees: Vec<BoostedTrees> = (0..FOLDS)
            .map(|fold| {
                let learnt: Vec<usize> = (0..rows[of].rows).filter(|row| fold_of[*row] != fold).collect();
                BoostedTrees::grow(rows[of], target, &learnt, growth, seed.wrapping_add(fold as u64))
            })
            .collect();
        let own: Vec<f64> = (0..rows[of].rows).map(|row| trees[fold_of[row]].probability(rows[of], row)).collect();
        for (fold, trees) in trees.iter().enumerate() {
            let other = rows[1 - of];
            found[of][fold].push(own.clone());
            found[1 - of][fold].push((0..other.rows).map(|row| trees.probability(other, row)).collect());
        }
    }
    found
}

/// Each half has its share of rows with a large first component.
fn folds(targets: &[&[f64]], seed: u64) -> Vec<usize> {
    let first = targets.first().copied().unwrap_or_default();
    let middle = first.iter().sum::<f64>() / first.len().max(1) as f64;
    let large: Vec<bool> = first.iter().map(|target| *target > middle).collect();
    stratified_folds(&large, FOLDS, seed)
}
