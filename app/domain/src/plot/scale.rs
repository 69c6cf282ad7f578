//! Scales: from data to a fraction of the plot's length and back.

use serde::{Deserialize, Serialize};

/// How values are spread along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spread {
    Linear,
    /// Base 10; both ends are positive.
    Log,
}

/// An axis's range. Position 0 is its low end, 1 its high end.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    spread: Spread,
    low: f64,
    high: f64,
}

impl Scale {
    /// A linear scale over `low..high`. A range that is empty or not finite is widened to one that can be drawn.
    pub fn linear(low: f64, high: f64) -> Scale {
        let (low, high) = drawable(low, high);
        Scale { spread: Spread::Linear, low, high }
    }

    /// A logarithmic scale; falls back to a linear one when an end is not positive.
    pub fn log(low: f64, high: f64) -> Scale {
        if low > 0.0 && high > low && high.is_finite() {
            Scale { spread: Spread::Log, low, high }
        } else {
            Scale::linear(low, high)
        }
    }

    /// The linear scale that holds every finite value.
    pub fn around(values: impl IntoIterator<Item = f64>) -> Scale {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.into_iter().filter(|value| value.is_finite()) {
            low = low.min(value);
            high = high.max(value);
        }
        Scale::linear(low, high)
    }

    pub fn low(&self) -> f64 {
        self.low
    }
    pub fn high(&self) -> f64 {
        self.high
    }
    pub fn spread(&self) -> Spread {
        self.spread
    }

    /// Where a value lies, 0 to 1 inside the range and beyond it outside.
    pub fn position(&self, value: f64) -> f64 {
        match self.spread {
            Spread::Linear => (value - self.low) / (self.high - self.low),
            Spread::Log => (value / self.low).ln() / (self.high / self.low).ln(),
        }
    }

    /// The value at a position; the inverse of [`Scale::position`].
    pub fn value_at(&self, position: f64) -> f64 {
        match self.spread {
            Spread::Linear => self.low + position * (self.high - self.low),
            Spread::Log => self.low * (self.high / self.low).powf(position),
        }
    }
}

fn drawable(low: f64, high: f64) -> (f64, f64) {
    if !low.is_finite() || !high.is_finite() {
        return (0.0, 1.0);
    }
    if high > low && (high - low).is_finite() {
        return (low, high);
    }
    if high - low == f64::INFINITY {
        return (low / 2.0, high / 2.0);
    }
    let margin = if low == 0.0 { 0.5 } else { low.abs() * 0.05 };
    (low - margin, low + margin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_decade_is_a_third_of_three_decades() {
        let scale = Scale::log(1.0, 1000.0);
        assert!((scale.position(10.0) - 1.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn a_single_value_lies_in_the_middle() {
        assert!((Scale::linear(7.0, 7.0).position(7.0) - 0.5).abs() < 1e-9);
        assert!((Scale::around([0.0, f64::NAN]).position(0.0) - 0.5).abs() < 1e-12);
        assert_eq!(Scale::around([]).low(), 0.0);
    }

    #[test]
    fn zero_cannot_lie_on_a_log_scale() {
        assert_eq!(Scale::log(0.0, 10.0).spread(), Spread::Linear);
    }

    proptest! {
        #[test]
        fn there_and_back(low in -1e9..1e9f64, width in 1e-6..1e9f64, position in 0.0..1.0f64) {
            let scale = Scale::linear(low, low + width);
            prop_assert!((scale.position(scale.value_at(position)) - position).abs() < 1e-3);
        }

        #[test]
        fn there_and_back_on_logs(low in 1e-9..1e9f64, factor in 1.001..1e9f64, position in 0.0..1.0f64) {
            let scale = Scale::log(low, low * factor);
            prop_assert!((scale.position(scale.value_at(position)) - position).abs() < 1e-9);
        }
    }
}
