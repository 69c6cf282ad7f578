//! Learning curves out of the points of their series; what is a loss, a score and a validation is told by the words of names,
//! as in a table of one row per epoch.

use domain::learning_curve::{CurveMeasure, CurveSeries, CurveSplit, LearningCurve};
use domain::naming;

/// More series than this are kept out: a curve that is read and drawn has a few.
const MOST_SERIES: usize = 64;
/// Of more epochs every second, third, … is kept.
const MOST_EPOCHS: usize = 20_000;

/// One series as a tool keeps it. A value that is NaN or infinite stays so.
pub(super) struct Series {
    pub name: String,
    pub measure: CurveMeasure,
    pub split: CurveSplit,
    /// Epoch, or step or round, and value.
    pub points: Vec<(f64, f64)>,
}

impl Series {
    /// By the words of the name; `None` where it is neither a loss nor a score.
    pub fn of(name: &str, points: Vec<(f64, f64)>) -> Option<Self> {
        Some(Self {
            name: name.to_owned(),
            measure: measure_of(name)?,
            split: split_of(name).unwrap_or(CurveSplit::Train),
            points,
        })
    }
}

/// The curve, where any series has two points; a series of one is a summary and not part of it.
pub(super) fn curve(name: &str, mut series: Vec<Series>, rates: &[(f64, f64)]) -> Option<LearningCurve> {
    for one in &mut series {
        one.points.retain(|(epoch, _)| epoch.is_finite());
        one.points.sort_by(|a, b| a.0.total_cmp(&b.0));
        // Of an epoch that comes twice (a resumed run) the later value counts.
        one.points.reverse();
        one.points.dedup_by(|later, kept| later.0 == kept.0);
        one.points.reverse();
    }
    series.retain(|one| one.points.len() > 1);
    series.truncate(MOST_SERIES);
    let epochs = epochs(&series);
    if epochs.len() < 2 {
        return None;
    }
    let series = series.into_iter().map(|one| laid_out(one, &epochs)).collect();
    let learning_rate = carried(rates, &epochs);
    Some(LearningCurve { name: name.to_owned(), epochs, series, learning_rate })
}

/// All epochs of all series, thinned where they are too many; where a series stops being finite is always kept.
fn epochs(series: &[Series]) -> Vec<f64> {
    let mut all: Vec<f64> = series.iter().flat_map(|one| one.points.iter().map(|(epoch, _)| *epoch)).collect();
    all.sort_by(f64::total_cmp);
    all.dedup();
    let every = all.len().div_ceil(MOST_EPOCHS).max(1);
    if every == 1 {
        return all;
    }
    let breaks: Vec<f64> =
        series.iter().filter_map(|one| Some(one.points.iter().find(|(_, value)| !value.is_finite())?.0)).collect();
    let last = all.len() - 1;
    let is_kept = |(place, epoch): &(usize, f64)| place % every == 0 || *place == last || breaks.contains(epoch);
    all.into_iter().enumerate().filter(is_kept).map(|(_, epoch)| epoch).collect()
}

fn laid_out(series: Series, epochs: &[f64]) -> CurveSeries {
    let mut cells = vec![None; epochs.len()];
    for (epoch, value) in series.points {
        let place = epochs.partition_point(|known| *known < epoch);
        if let Some(cell) = cells.get_mut(place).filter(|_| epochs.get(place) == Some(&epoch)) {
            *cell = Some(value);
        }
    }
    let first_non_finite = cells.iter().position(|cell: &Option<f64>| cell.is_some_and(|value| !value.is_finite()));
    let values = cells.into_iter().map(|cell| cell.filter(|value| value.is_finite())).collect();
    CurveSeries { name: series.name, split: series.split, measure: series.measure, values, first_non_finite }
}

/// The learning rate at each epoch: the last one that was told, and before that the first.
fn carried(rates: &[(f64, f64)], epochs: &[f64]) -> Option<Vec<f64>> {
    let mut rates: Vec<(f64, f64)> =
        rates.iter().copied().filter(|(epoch, rate)| epoch.is_finite() && rate.is_finite()).collect();
    rates.sort_by(|a, b| a.0.total_cmp(&b.0));
    let first = rates.first()?.1;
    let rate = |epoch: &f64| {
        rates[..rates.partition_point(|(known, _)| known <= epoch)].last().map_or(first, |(_, rate)| *rate)
    };
    Some(epochs.iter().map(rate).collect())
}

pub(super) fn is_learning_rate(name: &str) -> bool {
    let last = name.rsplit(['/', '.']).next().unwrap_or(name).to_lowercase();
    matches!(last.as_str(), "lr" | "learning_rate" | "learningrate") || last.starts_with("lr-")
}

/// Whether less or more is better, by the words of the name.
pub(super) fn measure_of(name: &str) -> Option<CurveMeasure> {
    const LOSSES: [&str; 28] = [
        "loss",
        "logloss",
        "mlogloss",
        "error",
        "err",
        "merror",
        "mae",
        "mse",
        "rmse",
        "rmsle",
        "mape",
        "perplexity",
        "ppl",
        "nll",
        "deviance",
        "crossentropy",
        "entropy",
        "cost",
        "objective",
        "nloglik",
        "huber",
        "quantile",
        "mphe",
        "l1",
        "l2",
        "wer",
        "cer",
        "multiclass",
    ];
    const SCORES: [&str; 19] = [
        "acc",
        "accuracy",
        "auc",
        "auroc",
        "roc",
        "aucpr",
        "f1",
        "r2",
        "precision",
        "recall",
        "score",
        "map",
        "ndcg",
        "bleu",
        "iou",
        "dice",
        "mcc",
        "rouge",
        "kappa",
    ];
    let words = naming::words(name);
    let holds = |some: &[&str]| words.iter().any(|word| some.contains(&word.as_str()));
    match () {
        () if holds(&LOSSES) => Some(CurveMeasure::Loss),
        () if holds(&SCORES) => Some(CurveMeasure::Score),
        () => None,
    }
}

/// The part of the data that a name speaks of.
pub(super) fn split_of(name: &str) -> Option<CurveSplit> {
    let words = naming::words(name);
    let holds = |some: &[&str]| words.iter().any(|word| some.contains(&word.as_str()));
    match () {
        () if holds(&["val", "valid", "validation", "eval", "dev", "cv"]) => Some(CurveSplit::Validation),
        () if holds(&["test", "holdout"]) => Some(CurveSplit::Test),
        () if holds(&["train", "training", "learn"]) => Some(CurveSplit::Train),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_of_different_epochs_share_one_axis() {
        let train = Series::of("loss", vec![(1.0, 3.0), (0.5, 4.0), (1.0, 2.0), (1.5, f64::NAN)]).into_iter();
        let validation = Series::of("eval/loss", vec![(1.0, 2.5), (2.0, 2.75)]);
        let single = Series::of("train_loss", vec![(2.0, 1.0)]);
        let Some(curve) = curve("a", train.chain(validation).chain(single).collect(), &[(0.5, 0.1), (1.5, 0.01)])
        else {
            panic!()
        };
        assert_eq!(curve.epochs, [0.5, 1.0, 1.5, 2.0]);
        assert_eq!(curve.series[0].values, [Some(4.0), Some(2.0), None, None]);
        assert_eq!(curve.series[0].first_non_finite, Some(2));
        assert_eq!(curve.series[1].values, [None, Some(2.5), None, Some(2.75)]);
        assert_eq!((curve.series.len(), curve.series[1].split), (2, CurveSplit::Validation));
        assert_eq!(curve.learning_rate, Some(vec![0.1, 0.1, 0.01, 0.01]));
    }

    #[test]
    fn a_long_curve_keeps_where_it_breaks() {
        let points =
            (0..50_001).map(|step| (f64::from(step), if step >= 40_000 { f64::INFINITY } else { 1.0 })).collect();
        let Some(curve) = curve("a", Series::of("loss", points).into_iter().collect(), &[]) else { panic!() };
        assert!(curve.epochs.len() <= MOST_EPOCHS);
        assert_eq!(curve.series[0].first_non_finite.map(|place| curve.epochs[place]), Some(40_000.0));
    }
}
