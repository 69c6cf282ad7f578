//! Numbers in the standard deviations of train.

use stats::quantiles::{mean, quantile, standard_deviation};

use super::differing::sorted;

/// Train and serve in standard deviations of train, about its mean; the outermost per cent is drawn in, so that no single
/// value counts much. `None` where train does not vary.
pub fn scaled(train: &[Option<f64>], serve: &[Option<f64>]) -> Option<[Vec<Option<f64>>; 2]> {
    let known = sorted(train.iter().flatten().copied());
    if known.is_empty() {
        return None;
    }
    let (low, high) = (quantile(&known, 0.01), quantile(&known, 0.99));
    let inside: Vec<f64> = known.iter().map(|value| value.clamp(low, high)).collect();
    let (centre, unit) = (mean(&inside), standard_deviation(&inside));
    let scaled = |values: &[Option<f64>]| {
        values.iter().map(|value| value.map(|value| (value.clamp(low, high) - centre) / unit)).collect()
    };
    (unit.is_finite() && unit > 0.0).then(|| [scaled(train), scaled(serve)])
}
