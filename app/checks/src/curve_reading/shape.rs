//! The numbers by which a curve is read.

use crate::thresholds::{CURVE_SPIKE_GAIN, CURVE_SPIKE_LEVEL, CURVE_SPIKE_NOISE};
use domain::learning_curve::{CurveMeasure, CurveSeries, CurveSplit, LearningCurve};

/// One series as a loss (lower is better) up to its first value that is not finite, and the same smoothed.
#[derive(Debug, Clone)]
pub struct Trace {
    pub name: String,
    pub epochs: Vec<f64>,
    pub values: Vec<f64>,
    /// A running median, then mean, over about a tenth of the curve: the curve without its jumps.
    pub smooth: Vec<f64>,
    window: usize,
}

impl Trace {
    fn of(curve: &LearningCurve, series: &CurveSeries) -> Option<Self> {
        let within_one = series.values.iter().flatten().all(|value| (0.0..=1.0).contains(value));
        let as_loss = |value: f64| match series.measure {
            CurveMeasure::Loss => value,
            CurveMeasure::Score if within_one => 1.0 - value,
            CurveMeasure::Score => -value,
        };
        let end = series.first_non_finite.unwrap_or(series.values.len());
        let points = curve.epochs.iter().zip(&series.values).take(end);
        let (epochs, values): (Vec<f64>, Vec<f64>) =
            points.filter_map(|(epoch, value)| value.map(|value| (*epoch, as_loss(value)))).unzip();
        if values.len() < 2 {
            return None;
        }
        let window = (values.len() / 10).max(2) | 1;
        let smooth = running(&running(&values, window, median), window, mean);
        let name = match series.measure {
            CurveMeasure::Loss => series.name.clone(),
            CurveMeasure::Score => format!("the error of {}", series.name),
        };
        Some(Self { name, epochs, values, smooth, window })
    }

    /// Index of the lowest value.
    pub fn best(&self) -> usize {
        (0..self.values.len()).min_by(|&a, &b| self.values[a].total_cmp(&self.values[b])).unwrap_or(0)
    }

    /// First value minus lowest.
    pub fn improvement(&self) -> f64 {
        self.values[0] - self.values[self.best()]
    }

    /// First value minus the lowest of the smoothed curve, so that one lucky epoch does not count.
    pub fn smooth_improvement(&self) -> f64 {
        self.values[0] - self.smooth.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// Mean of the first tenth minus mean of the last tenth (at least three points).
    pub fn net_improvement(&self) -> f64 {
        let part = (self.values.len() / 10).max(3).min(self.values.len());
        mean(&self.values[..part]) - mean(&self.values[self.values.len() - part..])
    }

    /// Highest minus lowest value.
    pub fn spread(&self) -> f64 {
        let highest = self.values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        highest - self.values[self.best()]
    }

    /// The typical size of the loss.
    pub fn level(&self) -> f64 {
        median(&self.values.iter().map(|value| value.abs()).collect::<Vec<_>>())
    }

    /// The standard deviation of the noise around the trend, from second differences (which no straight trend enters),
    /// by their median (which no single spike enters): `median |d2| / 0.6745 / sqrt(6)`.
    pub fn noise(&self) -> f64 {
        let bends: Vec<f64> =
            self.values.windows(3).map(|three| (three[0] - 2.0 * three[1] + three[2]).abs()).collect();
        if bends.is_empty() { 0.0 } else { median(&bends) / 0.6745 / 6.0_f64.sqrt() }
    }

    /// The noise that remains in the smoothed curve.
    pub fn noise_of_smooth(&self) -> f64 {
        self.noise() / (self.window as f64).sqrt()
    }

    /// The share of steps that reverse the step before: two thirds for pure noise, none for a smooth curve.
    pub fn reversals(&self) -> f64 {
        let steps: Vec<f64> = self.values.windows(2).map(|two| two[1] - two[0]).collect();
        if steps.len() < 2 {
            return 0.0;
        }
        let turns = steps.windows(2).filter(|two| two[0] * two[1] < 0.0).count();
        turns as f64 / (steps.len() - 1) as f64
    }

    /// Epochs at which the loss rises by a third or more of the whole improvement, far above its noise.
    pub fn spikes(&self) -> Vec<usize> {
        let needed = (self.improvement() / CURVE_SPIKE_GAIN)
            .max(CURVE_SPIKE_NOISE * self.noise())
            .max(CURVE_SPIKE_LEVEL * self.level());
        (1..self.values.len()).filter(|&at| self.values[at] - self.values[at - 1] > needed).collect()
    }
}

/// The training and the validation series that belong together: losses if there are any, else scores.
#[derive(Debug, Clone)]
pub struct Pair {
    pub train: Option<Trace>,
    pub validation: Option<Trace>,
}

impl Pair {
    pub fn of(curve: &LearningCurve) -> Option<Self> {
        [CurveMeasure::Loss, CurveMeasure::Score].into_iter().find_map(|measure| {
            let find = |splits: &[CurveSplit]| {
                splits.iter().find_map(|split| {
                    let of_split = curve.series.iter().filter(|one| one.measure == measure && one.split == *split);
                    // The shortest name is the plain one: `val_loss` before `val_loss_auxiliary`.
                    of_split.min_by_key(|one| one.name.len()).and_then(|one| Trace::of(curve, one))
                })
            };
            let pair = Self {
                train: find(&[CurveSplit::Train]),
                validation: find(&[CurveSplit::Validation, CurveSplit::Test]),
            };
            (pair.train.is_some() || pair.validation.is_some()).then_some(pair)
        })
    }

    /// The training series, or the only one there is.
    pub fn main(&self) -> &Trace {
        match (&self.train, &self.validation) {
            (Some(train), _) => train,
            (None, Some(validation)) => validation,
            (None, None) => unreachable!("a pair is only made with at least one series"),
        }
    }

    /// The best training score of the curve within 0..1, if there is one.
    pub fn best_train_score(&self, curve: &LearningCurve) -> Option<f64> {
        let scores =
            curve.series.iter().filter(|one| one.measure == CurveMeasure::Score && one.split == CurveSplit::Train);
        scores
            .flat_map(|one| one.values.iter().flatten().copied())
            .filter(|score| (0.0..=1.0).contains(score))
            .max_by(f64::total_cmp)
    }
}

fn running(values: &[f64], window: usize, of: fn(&[f64]) -> f64) -> Vec<f64> {
    let half = window / 2;
    (0..values.len())
        .map(|at| {
            // The window shrinks evenly at the ends, so that a trend is not bent there.
            let reach = half.min(at).min(values.len() - 1 - at);
            of(&values[at - reach..=at + reach])
        })
        .collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    f64::midpoint(sorted[(sorted.len() - 1) / 2], sorted[sorted.len() / 2])
}
