//! Points of a metric with their interval: what something costs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Less than this is written as zero.
pub(crate) const SMALLEST: f64 = 0.05;

/// An amount with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Points {
    /// More is worse.
    pub points: f64,
    pub low: f64,
    pub high: f64,
}

impl Points {
    pub fn new(points: f64, error: f64) -> Self {
        /// The 97.5 % quantile of the normal distribution.
        const Z: f64 = 1.959_963_984_540_054;
        Self { points, low: points - Z * error, high: points + Z * error }
    }

    /// Whether zero is outside the interval, as it is shown.
    pub fn is_certain(self) -> bool {
        self.low >= SMALLEST || self.high <= -SMALLEST
    }

    /// The same amount of something that is this share of it.
    pub fn times(self, share: f64) -> Self {
        let ends = [self.low * share, self.high * share];
        Self { points: self.points * share, low: ends[0].min(ends[1]), high: ends[0].max(ends[1]) }
    }
}

/// One decimal: what is finer than a tenth of a point is not known.
pub fn tenths(points: f64) -> String {
    let text = format!("{points:.1}");
    if text == "-0.0" { "0.0".to_owned() } else { text }
}

impl Points {
    /// `4.4 to 5.9`
    pub fn interval(self) -> String {
        format!("{} to {}", tenths(self.low), tenths(self.high))
    }
}
