//! The histories that trackers of experiments keep: points of several series, in any order, as a learning curve.

use std::collections::BTreeMap;

use domain::learning_curve::{CurveMeasure, LearningCurve, SeriesPoints, is_learning_rate, measure_of};

/// Series that are looked at; of these a curve keeps the losses and scores.
const MOST_SERIES: usize = 256;
/// Points of one series at most.
const MOST_POINTS: usize = 200_000;

/// Points as they come; the last one of a step counts, as in a run that was resumed.
#[derive(Debug, Default)]
pub(crate) struct History {
    series: BTreeMap<String, Vec<(f64, f64)>>,
}

impl History {
    /// A value that is not finite stays in as the sign of a training that broke. The largest number of its kind is what
    /// MLflow writes for infinity.
    pub fn add(&mut self, series: &str, step: f64, value: f64) {
        if !step.is_finite() || !(self.series.contains_key(series) || self.series.len() < MOST_SERIES) {
            return;
        }
        let points = self.series.entry(series.to_owned()).or_default();
        if points.len() < MOST_POINTS {
            points.push((step, if value.abs() >= f64::MAX { f64::INFINITY } else { value }));
        }
    }

    /// The curve; `None` when nothing that is a loss or a score has two steps. Other series stay out, unless they stopped
    /// being finite.
    pub fn curve(self, name: &str) -> Option<LearningCurve> {
        let mut rates = Vec::new();
        let mut kept = Vec::new();
        for (name, points) in self.series {
            let broken = points.iter().any(|(_, value)| !value.is_finite());
            match measure_of(&name) {
                _ if is_learning_rate(&name) => rates = points,
                Some(measure) => kept.push(SeriesPoints::with_measure(&name, measure, points)),
                None if broken => kept.push(SeriesPoints::with_measure(&name, CurveMeasure::Loss, points)),
                None => {}
            }
        }
        LearningCurve::of(name, kept, &rates)
    }
}

#[cfg(test)]
mod tests {
    use domain::learning_curve::CurveSplit;

    use super::*;

    #[test]
    fn a_history_is_a_curve_in_the_order_of_steps_with_its_breaks() {
        let mut history = History::default();
        for (step, loss) in [(2.0, f64::NAN), (0.0, 0.9), (1.0, 0.5), (1.0, 0.4)] {
            history.add("val/loss", step, loss);
            history.add("lr", step, 0.1);
            history.add("epoch", step, step);
        }
        history.add("grad_norm", 1.0, f64::MAX);
        let curve = history.curve("run").unwrap_or_else(|| panic!("no curve"));
        assert_eq!(curve.epochs, [0.0, 1.0, 2.0]);
        assert_eq!(curve.learning_rate, Some(vec![0.1; 3]));
        let names: Vec<&str> = curve.series.iter().map(|series| series.name.as_str()).collect();
        assert_eq!(names, ["grad_norm", "val/loss"]);
        assert_eq!(curve.series[0].first_non_finite, Some(1));
        assert_eq!(curve.series[1].values, [Some(0.9), Some(0.4), None]);
        assert_eq!((curve.series[1].first_non_finite, curve.series[1].split), (Some(2), CurveSplit::Validation));
    }

    #[test]
    fn one_point_or_nothing_measured_is_not_a_curve() {
        let mut history = History::default();
        history.add("loss", 0.0, 1.0);
        history.add("epoch", 1.0, 1.0);
        history.add("epoch", 2.0, 2.0);
        assert_eq!(history.curve("run"), None);
    }
}
