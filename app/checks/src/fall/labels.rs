//! What the labels say about an undone column: whether a value was moved by a fault or truly changed is not seen in the
//! column, but the label follows what is true.

use std::collections::HashMap;

use domain::measurements::fall_rows::{Cells, FallAnswers, FallRows};
use stats::boosted_trees::{BinnedRows, BoostedTrees};
use stats::fall::Term;
use stats::quantiles::median;

use super::bins::Bins;
use crate::thresholds::FALL_ERRORS;

const SEED: u64 = 0x6c61_6265;
/// Probabilities are kept this far from 0 and 1 before their logarithms are taken.
const LEAST: f64 = 0.01;

/// The undone columns without which a model of the labels from before knows the served labels certainly better.
pub fn contradicted(rows: &FallRows, undone: &HashMap<String, Cells>) -> Vec<String> {
    if undone.is_empty() {
        return Vec::new();
    }
    let (before, after) = targets(rows);
    let bins: Vec<Bins> = rows.before.columns.iter().map(Bins::learn).collect();
    let binned = |columns: &mut dyn Iterator<Item = &Cells>, count: usize| BinnedRows {
        features: bins.iter().zip(columns).map(|(bins, cells)| bins.apply(cells)).collect(),
        categorical: rows.before.columns.iter().map(|cells| matches!(cells, Cells::Words { .. })).collect(),
        rows: count,
    };
    let learnt = binned(&mut rows.before.columns.iter(), before.len());
    let all: Vec<usize> = (0..before.len()).collect();
    let trees = BoostedTrees::fit(&learnt, &before, &all, SEED);
    let cells = |place: usize| undone.get(&rows.features[place]).unwrap_or(&rows.after.columns[place]);
    let places = 0..rows.features.len();
    let as_undone = binned(&mut places.map(cells), after.len());
    let surprise = |data: &BinnedRows, row: usize| {
        let yes = trees.probability(data, row).clamp(LEAST, 1.0 - LEAST);
        -(if after[row] { yes } else { 1.0 - yes }).ln()
    };
    let is_contradicted = |place: &usize| {
        let mut as_served = as_undone.clone();
        as_served.features[*place] = bins[*place].apply(&rows.after.columns[*place]);
        let worse: Vec<f64> =
            (0..after.len()).map(|row| surprise(&as_undone, row) - surprise(&as_served, row)).collect();
        let worse = Term::of_means([worse.as_slice()]);
        worse.value > FALL_ERRORS * worse.error
    };
    let undone = (0..rows.features.len()).filter(|place| undone.contains_key(&rows.features[*place]));
    undone.filter(is_contradicted).map(|place| rows.features[place].clone()).collect()
}

/// Whether each label is the most frequent class of before, or over the median of before.
fn targets(rows: &FallRows) -> (Vec<bool>, Vec<bool>) {
    match (&rows.before.answers, &rows.after.answers) {
        (FallAnswers::Classes { labels, names, .. }, FallAnswers::Classes { labels: later, .. }) => {
            let count = |class: &u32| labels.iter().filter(|label| *label == class).count();
            let class = (0..names.len() as u32).max_by_key(count).unwrap_or(0);
            let is = |labels: &[u32]| labels.iter().map(|label| *label == class).collect();
            (is(labels), is(later))
        }
        (FallAnswers::Numbers { labels, .. }, FallAnswers::Numbers { labels: later, .. }) => {
            let mut sorted = labels.clone();
            sorted.sort_unstable_by(f64::total_cmp);
            let middle = median(&sorted);
            let is = |labels: &[f64]| labels.iter().map(|label| *label > middle).collect();
            (is(labels), is(later))
        }
        _ => (vec![false; rows.before.answers.len()], vec![false; rows.after.answers.len()]),
    }
}
