//! Which values of learning curves are drawn: all of them where they can be read on one axis, else those around what
//! the curves began with and the best they reached.

use super::super::format;
use super::super::scale::{Scale, Spread};
use crate::learning_curve::{CurveMeasure, CurveSeries};

/// A range this many times as large as that of the first and the best values is cut: 20 times leaves one twentieth of
/// the height, some ten pixels, for all of learning.
const MOST_SPANS: f64 = 20.0;
/// What is drawn beyond the first and the best values, as a share of their range.
const MARGIN: f64 = 0.5;
/// Positive losses over this many powers of ten have a logarithmic axis.
const DECADES: f64 = 3.0;
/// Height of a line of text, as a share of the plot.
const LINE: f64 = 0.1;

/// The vertical scale, and whether values lie beyond it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    pub scale: Scale,
    is_cut: bool,
}

impl Window {
    pub fn of(series: &[&CurveSeries]) -> Window {
        let (low, high) = range(series.iter().flat_map(|series| series.values.iter().flatten().copied()));
        let (near_low, near_high) = range(series.iter().flat_map(|series| landmarks(series)));
        let span = near_high - near_low;
        let is_cut = span > 0.0 && high / MOST_SPANS - low / MOST_SPANS > span;
        let (low, high) =
            if is_cut { (low.max(near_low - MARGIN * span), high.min(near_high + MARGIN * span)) } else { (low, high) };
        let is_loss = series.iter().all(|series| series.measure == CurveMeasure::Loss);
        let is_log = is_loss && low > 0.0 && (high / low).log10() > DECADES;
        Window { scale: if is_log { Scale::log(low, high) } else { Scale::linear(low, high) }, is_cut }
    }

    /// With empty space on top for lines of text.
    pub fn with_room_for(self, lines: usize) -> Window {
        let share = (LINE * lines as f64).min(0.5);
        let top = self.scale.value_at(1.0 / (1.0 - share));
        if lines == 0 || !top.is_finite() {
            return self;
        }
        let scale = match self.scale.spread() {
            Spread::Linear => Scale::linear(self.scale.low(), top),
            Spread::Log => Scale::log(self.scale.low(), top),
        };
        Window { scale, ..self }
    }

    /// What the axis does that a reader may not expect: it ends before the values do, or it is logarithmic.
    /// Each series comes with its epochs.
    pub fn note<'a>(&self, series: impl Iterator<Item = (&'a CurveSeries, &'a [f64])>) -> String {
        let beyond: Vec<String> = series.filter_map(|(series, epochs)| self.furthest_beyond(series, epochs)).collect();
        let mut notes = Vec::new();
        if self.is_cut && !beyond.is_empty() {
            notes.push(format!("The axis ends where learning can still be seen. Not drawn: {}.", beyond.join(", ")));
        }
        if self.scale.spread() == Spread::Log {
            notes.push("The axis is logarithmic.".to_owned());
        }
        notes.join(" ")
    }

    /// The most distant value that is not drawn, in words.
    fn furthest_beyond(&self, series: &CurveSeries, epochs: &[f64]) -> Option<String> {
        let middle = f64::midpoint(self.scale.low(), self.scale.high());
        let values = epochs.iter().zip(&series.values).filter_map(|(epoch, value)| Some((*epoch, (*value)?)));
        let beyond = values.filter(|(_, value)| !(0.0..=1.0).contains(&self.scale.position(*value)));
        let (epoch, value) = beyond.max_by(|a, b| (a.1 - middle).abs().total_cmp(&(b.1 - middle).abs()))?;
        Some(format!("{} up to {} at epoch {}", series.name, format::number(value), format::number(epoch)))
    }
}

/// The first value of a series and its best one.
fn landmarks(series: &CurveSeries) -> impl Iterator<Item = f64> {
    let values = || series.values.iter().flatten().copied();
    let best = match series.measure {
        CurveMeasure::Loss => values().min_by(f64::total_cmp),
        CurveMeasure::Score => values().max_by(f64::total_cmp),
    };
    values().next().into_iter().chain(best)
}

fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learning_curve::CurveSplit;

    /// What is said of one series of so many epochs.
    fn note(window: &Window, series: &CurveSeries) -> String {
        let epochs: Vec<f64> = (1..=series.values.len()).map(|epoch| epoch as f64).collect();
        window.note([(series, epochs.as_slice())].into_iter())
    }

    fn series(measure: CurveMeasure, values: &[f64]) -> CurveSeries {
        CurveSeries {
            name: "val_loss".to_owned(),
            split: CurveSplit::Validation,
            measure,
            values: values.iter().copied().map(Some).collect(),
            first_non_finite: None,
        }
    }

    #[test]
    fn a_loss_that_explodes_is_cut_and_said() {
        let series = series(CurveMeasure::Loss, &[1.0, 0.5, 0.3, 4.0, 1e90, 2e166]);
        let window = Window::of(&[&series]);
        assert!((window.scale.high() - 1.35).abs() < 1e-9 && (window.scale.low() - 0.3).abs() < 1e-9);
        assert_eq!(
            note(&window, &series),
            "The axis ends where learning can still be seen. Not drawn: val_loss up to 2e166 at epoch 6."
        );
    }

    #[test]
    fn a_usual_curve_is_drawn_whole() {
        let series = series(CurveMeasure::Loss, &[1.0, 0.5, 0.3, 0.6]);
        let window = Window::of(&[&series]);
        assert_eq!((window.scale, note(&window, &series)), (Scale::linear(0.3, 1.0), String::new()));
        assert!(window.with_room_for(1).scale.position(1.0) < 0.94, "the line stays under the words");
    }

    #[test]
    fn a_loss_that_falls_over_decades_has_a_logarithmic_axis() {
        let series = series(CurveMeasure::Loss, &[5_000.0, 40.0, 0.2]);
        let window = Window::of(&[&series]);
        assert_eq!(window.scale.spread(), Spread::Log);
        assert_eq!(note(&window, &series), "The axis is logarithmic.");
    }

    #[test]
    fn a_loss_that_only_grows_and_a_score_that_drops_without_end_can_be_drawn() {
        let grows = series(CurveMeasure::Loss, &[1.0, 1e80, 1e160]);
        assert_eq!(Window::of(&[&grows]).scale.spread(), Spread::Log);
        let drops = series(CurveMeasure::Score, &[0.2, 0.8, -1e12]);
        let window = Window::of(&[&drops]);
        assert!(window.is_cut && (window.scale.low() + 0.1).abs() < 1e-9, "{window:?}");
        let widest = series(CurveMeasure::Score, &[0.0, 1.0, -f64::MAX, f64::MAX]);
        assert!(Window::of(&[&widest]).scale.high().is_finite());
    }
}
