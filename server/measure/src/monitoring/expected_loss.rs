//! The performance to expect of served rows without labels, where no scores of two classes say it: what the model got wrong on
//! earlier rows is learnt from their features and its prediction, and asked about the served rows (direct loss estimation,
//! published by NannyML). It holds as long as only the inputs changed.

use std::collections::{BTreeMap, HashMap};

use domain::measurements::performance::{Chunk, Figure, FigureOverTime, PerformanceOverTime};
use domain::{Roles, SnapshotRole};
use polars::prelude::Series;
use stats::boosted_trees::{BinnedRows, Binning, BoostedTrees, Growth, Loss, stratified_folds};
use stats::fall::Overlap;
use stats::quantiles::{mean, standard_deviation};
use stats::shift::Point;

use super::performance::{answers, chunks, over_time, rows_of, stretch_rows};
use crate::evaluation::run::Answers;
use crate::feature_bins::FeatureBins;
use crate::inputs::MeasureInputs;
use crate::monitoring::time_windows::InOrder;
use crate::sample::Sample;
use crate::values::{numbers, words};

/// Earlier rows with labels that are learnt from.
const FEWEST_LEARNT: usize = 500;
const MOST_LEARNT: usize = 12_000;
const FOLDS: usize = 2;
/// Of the earlier rows weighted to look like the served ones, this share has to be left: with less, most served rows are
/// like none that were learnt from.
const LEAST_OVERLAP: f64 = 0.2;
const SEED: u64 = 0x006c_6f73_7321;

/// Adds the estimate where the served rows have no labels and no estimate from scores. Rows that the model was trained on say
/// nothing of what it gets wrong elsewhere, so only test and validation rows are learnt from.
pub(crate) fn expect_losses(
    inputs: &MeasureInputs<'_>,
    roles: &Roles,
    importance: &BTreeMap<String, f64>,
    found: &mut PerformanceOverTime,
) {
    if !found.measured.is_empty() || !found.estimated.is_empty() {
        return;
    }
    let Some(serve) = inputs.profiled(SnapshotRole::Serve).map(|profiled| &profiled.sample) else { return };
    for role in [SnapshotRole::Test, SnapshotRole::Validation] {
        let Some(before) = inputs.profiled(role).map(|profiled| &profiled.sample) else { continue };
        let Some(answers) = Answers::find(&before.frame, roles, inputs.positive) else { continue };
        let known = Known::of(answers, inputs.threshold);
        let Some(rows) = Rows::of(before, serve, roles, importance, &known) else { continue };
        found.scored_rows = rows.served.len() as u64;
        match rows.estimate(&known) {
            Ok(figure) => found.estimated.extend(figure),
            Err(TooUnlike) => found.unlike_reference = true,
        }
        found.reference = Some(role);
        return;
    }
}

/// What the model got wrong on earlier rows.
struct Known {
    figure: Figure,
    /// By row; none without label or prediction.
    losses: Vec<Option<f64>>,
    predicted: Predicted,
}

/// The predictions of the earlier rows, and how those of others become comparable.
enum Predicted {
    Numbers(Vec<Option<f64>>),
    /// Class numbers, by name.
    Classes(Vec<Option<u32>>, Vec<String>),
}

impl Known {
    fn of(given: Answers, threshold: Option<f64>) -> Self {
        match given {
            Answers::Numbers { truth, predicted } => {
                let off = |(truth, predicted): (&Option<f64>, &Option<f64>)| {
                    truth
                        .zip(*predicted)
                        .map(|(truth, predicted)| (truth - predicted).abs())
                        .filter(|off| off.is_finite())
                };
                let losses = truth.iter().zip(&predicted).map(off).collect();
                Self { figure: Figure::MeanAbsoluteError, losses, predicted: Predicted::Numbers(predicted) }
            }
            Answers::Classes(classes) => {
                let given = answers(&classes, threshold);
                let wrong = |(truth, given): (&Option<u32>, &Option<u32>)| {
                    truth.zip(*given).map(|(truth, given)| f64::from(u8::from(truth != given)))
                };
                let losses = classes.truth.iter().zip(&given).map(wrong).collect();
                Self { figure: Figure::Accuracy, losses, predicted: Predicted::Classes(given, classes.names) }
            }
        }
    }

    /// The growth of trees that expect a loss of this kind.
    fn growth(&self) -> Growth {
        let loss = if self.figure == Figure::Accuracy { Loss::Logistic } else { Loss::Squares };
        Growth { loss, ..Growth::QUICK }
    }

    /// The figure of rows with this mean loss.
    fn value(&self, loss: f64) -> f64 {
        if self.figure == Figure::Accuracy { 1.0 - loss } else { loss }
    }
}

/// Nothing is known of rows like those served.
struct TooUnlike;

/// Earlier and served rows as bins of features and prediction, in the order of time.
struct Rows {
    earlier: Vec<(i64, usize)>,
    earlier_bins: BinnedRows,
    served: Vec<(i64, usize)>,
    served_bins: BinnedRows,
}

impl Rows {
    /// `None` with too few rows, or without a prediction of served rows.
    fn of(
        before: &Sample,
        serve: &Sample,
        roles: &Roles,
        importance: &BTreeMap<String, f64>,
        known: &Known,
    ) -> Option<Self> {
        let order = InOrder::of(serve.column(roles.time()?)?)?.0;
        let (earlier_values, served_values) = known.predicted.both(serve.column(roles.prediction()?)?)?;
        let is_known = |row: usize| known.losses[row].is_some();
        let every = rows_of(before, roles).into_iter().filter(|(_, row)| is_known(*row)).collect::<Vec<_>>();
        let earlier = thinned(every);
        let served: Vec<(i64, usize)> = order.into_iter().filter(|(_, row)| served_values[*row].is_finite()).collect();
        if earlier.len() < FEWEST_LEARNT || stretch_rows(served.len()).is_none() {
            return None;
        }
        let bins = FeatureBins::learn(before, roles, importance)?;
        let places = |rows: &[(i64, usize)]| rows.iter().map(|(_, row)| *row).collect::<Vec<usize>>();
        let (learnt, asked) = (places(&earlier), places(&served));
        let binning = known.predicted.binning(&earlier_values);
        let with_prediction = |mut bins: BinnedRows, values: &[f64], rows: &[usize]| {
            bins.features.push(rows.iter().map(|row| binning.bin(values[*row])).collect());
            bins.categorical.push(binning == Binning::Categories);
            bins
        };
        Some(Self {
            earlier_bins: with_prediction(bins.apply(before, &learnt), &earlier_values, &learnt),
            served_bins: with_prediction(bins.apply(serve, &asked), &served_values, &asked),
            earlier,
            served,
        })
    }

    fn estimate(&self, known: &Known) -> Result<Option<FigureOverTime>, TooUnlike> {
        let overlap = Overlap::measure([&self.earlier_bins, &self.served_bins], SEED);
        if overlap.effective[0] < LEAST_OVERLAP {
            return Err(TooUnlike);
        }
        let losses: Vec<f64> = self.earlier.iter().filter_map(|(_, row)| known.losses[*row]).collect();
        let [earlier, served] = self.expected(&losses, known.growth());
        let Some(size) = stretch_rows(self.served.len()) else { return Ok(None) };
        let spread = standard_deviation(&losses);
        // The error is that of a figure measured on as many rows.
        let stretches = |rows: &[(i64, usize)], expected: &[f64]| -> Vec<Chunk> {
            let in_order: Vec<(i64, usize)> = rows.iter().enumerate().map(|(place, (at, _))| (*at, place)).collect();
            chunks(&in_order, size, |places| {
                let of: Vec<f64> = places.iter().map(|place| expected[*place]).collect();
                let error = spread / (of.len().max(1) as f64).sqrt();
                Some(Point { value: known.value(mean(&of)), error })
            })
        };
        Ok(over_time(known.figure, stretches(&self.served, &served), stretches(&self.earlier, &earlier)))
    }

    /// The loss expected of each row: of the earlier ones by trees that did not see them, of the served ones by all.
    fn expected(&self, losses: &[f64], growth: Growth) -> [Vec<f64>; 2] {
        // Leaves of few rows are held back as in the other loss where the losses vary by about one.
        let unit = if growth.loss == Loss::Squares { standard_deviation(losses).max(f64::MIN_POSITIVE) } else { 1.0 };
        let scaled: Vec<f64> = losses.iter().map(|loss| loss / unit).collect();
        let middle = mean(losses);
        let large: Vec<bool> = losses.iter().map(|loss| *loss > middle).collect();
        let fold_of = stratified_folds(&large, FOLDS, SEED);
        let mut earlier = vec![0.0; losses.len()];
        let mut served = vec![0.0; self.served.len()];
        for fold in 0..FOLDS {
            let learnt: Vec<usize> = (0..losses.len()).filter(|row| fold_of[*row] != fold).collect();
            let trees = BoostedTrees::grow(&self.earlier_bins, &scaled, &learnt, growth, SEED + fold as u64);
            for row in (0..losses.len()).filter(|row| fold_of[*row] == fold) {
                earlier[row] = unit * trees.probability(&self.earlier_bins, row);
            }
            for (row, sum) in served.iter_mut().enumerate() {
                *sum += unit * trees.probability(&self.served_bins, row) / FOLDS as f64;
            }
        }
        [earlier, served]
    }
}

/// So many, evenly along their order.
fn thinned(rows: Vec<(i64, usize)>) -> Vec<(i64, usize)> {
    let all = rows.len();
    if all <= MOST_LEARNT {
        return rows;
    }
    (0..MOST_LEARNT).map(|place| rows[place * all / MOST_LEARNT]).collect()
}

impl Predicted {
    /// The predictions of the earlier and of the served rows as numbers; not a number where there is none. `None` for
    /// predictions of another type.
    fn both(&self, served: &Series) -> Option<(Vec<f64>, Vec<f64>)> {
        let number = |value: Option<f64>| value.unwrap_or(f64::NAN);
        match self {
            Predicted::Numbers(earlier) => {
                let served = numbers(served)?.into_iter().map(number).collect();
                Some((earlier.iter().copied().map(number).collect(), served))
            }
            Predicted::Classes(earlier, names) => {
                let place: HashMap<&str, f64> =
                    names.iter().enumerate().map(|(at, name)| (name.as_str(), at as f64)).collect();
                let of_word = |word: Option<String>| number(word.and_then(|word| place.get(word.as_str()).copied()));
                let served = words(served)?.into_iter().map(of_word).collect();
                Some((earlier.iter().map(|class| number(class.map(f64::from))).collect(), served))
            }
        }
    }

    fn binning(&self, earlier: &[f64]) -> Binning {
        match self {
            Predicted::Numbers(_) => Binning::of_numbers(earlier),
            Predicted::Classes(..) => Binning::Categories,
        }
    }
}

#[cfg(test)]
mod tests;
