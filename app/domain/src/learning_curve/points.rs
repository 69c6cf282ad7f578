//! Learning curves out of the points of their series, which come in any order and at different epochs.

use super::{CurveMeasure, CurveSeries, CurveSplit, LearningCurve, measure_of, split_of};

/// More series than this are kept out: a curve that is read and drawn has a few.
const MOST_SERIES: usize = 64;
/// Of more epochs every second, third, … is kept.
const MOST_EPOCHS: usize = 20_000;

/// One series as a tool keeps it. A value that is NaN or infinite stays so: it is the sign of a training that broke.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesPoints {
    pub name: String,
    pub measure: CurveMeasure,
    pub split: CurveSplit,
    /// Epoch, or step or round, and value.
    pub points: Vec<(f64, f64)>,
}

impl SeriesPoints {
    /// By the words of the name; `None` where it is neither a loss nor a score.
    pub fn of(name: &str, points: Vec<(f64, f64)>) -> Option<Self> {
        Some(Self::with_measure(name, measure_of(name)?, points))
    }

    pub fn with_measure(name: &str, measure: CurveMeasure, points: Vec<(f64, f64)>) -> Self {
        Self { name: name.to_owned(), measure, split: split_of(name).unwrap_or(CurveSplit::Train), points }
    }

    fn is_finite(&self) -> bool {
        self.points.iter().all(|(_, value)| value.is_finite())
    }
}

impl LearningCurve {
    /// The curve, where there are two epochs; a series of one point is a summary and not part of it, unless it broke there.
    /// `rates` are the learning rates by epoch.
    pub fn of(name: &str, mut series: Vec<SeriesPoints>, rates: &[(f64, f64)]) -> Option<LearningCurve> {
        for one in &mut series {
            one.points.retain(|(epoch, _)| epoch.is_finite());
            one.points.sort_by(|a, b| a.0.total_cmp(&b.0));
            // Of an epoch that comes twice (a resumed run) the later value counts.
            one.points.reverse();
            one.points.dedup_by(|later, kept| later.0 == kept.0);
            one.points.reverse();
        }
        series.retain(|one| one.points.len() > 1 || !one.is_finite());
        series.truncate(MOST_SERIES);
        let epochs = epochs(&series);
        if epochs.len() < 2 {
            return None;
        }
        let series = series.into_iter().map(|one| laid_out(one, &epochs)).collect();
        let learning_rate = carried(rates, &epochs);
        Some(LearningCurve { name: name.to_owned(), epochs, series, learning_rate })
    }
}

/// All epochs of all series, thinned where they are too many; where a series stops being finite is always kept.
fn epochs(series: &[SeriesPoints]) -> Vec<f64> {
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

fn laid_out(series: SeriesPoints, epochs: &[f64]) -> CurveSeries {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_of_different_epochs_share_one_axis() {
        let train = SeriesPoints::of("loss", vec![(1.0, 3.0), (0.5, 4.0), (1.0, 2.0), (1.5, f64::NAN)]).into_iter();
        let validation = SeriesPoints::of("eval/loss", vec![(1.0, 2.5), (2.0, 2.75)]);
        let single = SeriesPoints::of("train_loss", vec![(2.0, 1.0)]);
        let series = train.chain(validation).chain(single).collect();
        let Some(curve) = LearningCurve::of("a", series, &[(0.5, 0.1), (1.5, 0.01)]) else { panic!() };
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
        let series = SeriesPoints::of("loss", points).into_iter().collect();
        let Some(curve) = LearningCurve::of("a", series, &[]) else { panic!() };
        assert!(curve.epochs.len() <= MOST_EPOCHS);
        assert_eq!(curve.series[0].first_non_finite.map(|place| curve.epochs[place]), Some(40_000.0));
    }
}
