//! F2.normalisation: is a column normalized on one side only?

use crate::detectors::affine::{self, AffineMap, rounded_distance};
use crate::detectors::sides::{self, Pair};
use crate::detectors::words::{count, name, number};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{
    CERTAINTY, NORMALISED_FACTOR, NORMALISED_MAX, NORMALISED_MEAN, NORMALISED_MIN, NORMALISED_OFFSET, NORMALISED_STD,
    SCALE_CHANGE, SMALLEST_SAMPLE,
};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::{Need, SharedColumns};
use domain::profile::NumericProfile;
use domain::{Cause, Finding, Item, Task, Undo, Verdict};
use stats::quantiles::quantile;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("F2.normalisation"),
    item: Item::F2,
    title: "Normalization",
    looks_for: "Columns that are normalized on one side only: standardized, scaled to the range 0 to 1, centered on the median, or converted to logarithms.",
    why_it_matters: "If a scaler is missing in serving, or is applied twice, every row is far outside the range that the model knows.",
    how_it_decides: "One side is normalized and the other is not. Normalized means: the mean is within {NORMALISED_MEAN} of zero and the standard deviation within {NORMALISED_STD} of one; or the minimum is within {NORMALISED_MIN} of zero and the maximum within {NORMALISED_MAX} of one; or the median and the interquartile range are as close to zero and one as the mean and the standard deviation. Both sides must differ by a Kolmogorov-Smirnov statistic of at least {SCALE_CHANGE}, with q under {CERTAINTY}. The fitted line must change the scale by a factor of at least {NORMALISED_FACTOR} or move the values by at least {NORMALISED_OFFSET} training standard deviations. After applying this line (or a logarithm), at most {SCALE_LEFT:%} of the difference may remain, and no more than the largest of three values: what chance gives, {SCALE_LEFT_FLOOR}, and {SCALE_LEFT_SHARE:%} of the difference. A constant offset alone must not explain as much by the same limits.",
    try_next: "Ship the fitted scaler and the model as one pipeline, and check that the scaler runs exactly once per request.",
    causes: &[Cause::NormalisationMismatch],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(features) = sides::features(measurements) else {
        return Judgement::missing(Need::train_and_serve());
    };
    let numeric: Vec<&Pair> = features.iter().filter(|pair| pair.numeric().is_some()).collect();
    let findings = numeric.iter().filter_map(|pair| one_sided(pair)).collect();
    let summary = format!("Looked for a scaler on one side only in {}.", count(numeric.len() as u64, "number column"));
    sides::judged(measurements, numeric.len(), SharedColumns::NumericFeatures, summary, findings)
}

/// How a column can be normalized.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Standard,
    UnitRange,
    Robust,
    Log,
}

impl Form {
    fn words(self) -> &'static str {
        match self {
            Form::Standard => "standardized",
            Form::UnitRange => "scaled to the range 0 to 1",
            Form::Robust => "centered on its median and scaled by its quartiles",
            Form::Log => "in logarithms",
        }
    }
}

fn one_sided(pair: &Pair) -> Option<Finding> {
    let (train, serve) = pair.numeric()?;
    let before = rounded_distance(&train.sorted, &serve.sorted);
    let enough = train.sorted.len().min(serve.sorted.len()) as f64 >= SMALLEST_SAMPLE;
    if !enough || before < SCALE_CHANGE || pair.q() >= CERTAINTY {
        return None;
    }
    let (form, in_train, residual) = scaled_on_one_side(train, serve).or_else(|| logarithm(train, serve))?;
    let explains = |before: f64, after: f64| affine::explains(before, after, train.sorted.len(), serve.sorted.len());
    if !explains(before, residual) {
        return None;
    }
    // A scaler changes the scale too: where a constant alone says as much, it is an offset of a column that is scaled on both
    // sides.
    let by_offset = AffineMap::fit_offset(&train.sorted, &serve.sorted, false).residual(&train.sorted, &serve.sorted);
    if explains(before, by_offset) && !explains(by_offset, residual) {
        return None;
    }
    let (here, there) = if in_train { ("training", "serving") } else { ("serving", "training") };
    let statement = format!("{} is {} in {here} but not in {there}.", name(pair.name), form.words(),);
    let finding = DETECTOR
        .finding(
            Verdict::Mismatch,
            &[pair.name],
            statement,
            Effect::new("ks_statistic", before, SCALE_CHANGE),
            Certainty::q(pair.q()),
        )
        .with_evidence("mean (train, serve)", format!("{}, {}", number(train.mean), number(serve.mean)))
        .with_evidence("standard deviation (train, serve)", format!("{}, {}", number(train.std), number(serve.std)))
        .with_evidence("distance before and after the correction", format!("{}, {}", number(before), number(residual)));
    let line = AffineMap::fit(&train.sorted, &serve.sorted).filter(|_| form != Form::Log);
    let finding = pair.sized(finding).for_cause(Cause::NormalisationMismatch);
    Some(line.into_iter().fold(finding, |finding, map| finding.undone_by(Undo::line(pair.name, map.scale, map.offset))))
}

/// The form, whether train is the normalized side, and the distance that remains after the fitted line.
fn scaled_on_one_side(train: &NumericProfile, serve: &NumericProfile) -> Option<(Form, bool, f64)> {
    let (train_form, serve_form) = (form_of(train), form_of(serve));
    let (form, in_train) = match (train_form, serve_form) {
        (Some(form), None) => (form, true),
        (None, Some(form)) => (form, false),
        // Both look normalized but in different ways: the scalers differ.
        (Some(a), Some(b)) if a != b => (a, true),
        _ => return None,
    };
    let map = AffineMap::fit(&train.sorted, &serve.sorted)?;
    // A column that only moved or widened a little is still normalized; that is drift.
    let moved = map.scale.ln().abs() >= NORMALISED_FACTOR.ln() || map.offset.abs() >= NORMALISED_OFFSET * train.std;
    moved.then(|| (form, in_train, map.residual(&train.sorted, &serve.sorted)))
}

fn form_of(numbers: &NumericProfile) -> Option<Form> {
    if numbers.integers {
        return None;
    }
    let (q25, median, q75) =
        (quantile(&numbers.sorted, 0.25), quantile(&numbers.sorted, 0.5), quantile(&numbers.sorted, 0.75));
    if numbers.mean.abs() <= NORMALISED_MEAN && (numbers.std - 1.0).abs() <= NORMALISED_STD && numbers.min < 0.0 {
        Some(Form::Standard)
    } else if numbers.min.abs() <= NORMALISED_MIN
        && (1.0 - NORMALISED_MAX..=1.0 + NORMALISED_MAX).contains(&numbers.max)
    {
        Some(Form::UnitRange)
    } else if median.abs() <= NORMALISED_MEAN && (q75 - q25 - 1.0).abs() <= NORMALISED_STD && numbers.min < 0.0 {
        Some(Form::Robust)
    } else {
        None
    }
}

/// Whether a factor between the sides is rather a scaler: only one side is centered and scaled, or runs from 0 to 1. A known
/// conversion is the simpler explanation where both sides run from 0, or are centered.
pub fn speaks_against_a_unit(train: &NumericProfile, serve: &NumericProfile, known_factor: bool) -> bool {
    let (a, b) = (form_of(train), form_of(serve));
    let centred = |form| matches!(form, Some(Form::Standard | Form::Robust));
    let scaler = (centred(a) || centred(b)) && !(is_around_zero(train) && is_around_zero(serve));
    a != b && (scaler || !known_factor)
}

/// Whether a column is centered already: a scaler would have centered it, so in another scale it is in another unit.
fn is_around_zero(numbers: &NumericProfile) -> bool {
    numbers.mean.abs() <= NORMALISED_MEAN * numbers.std
}

/// Whether one side is the logarithm (natural, of 1 + x, to base 10 or 2) of the other.
fn logarithm(train: &NumericProfile, serve: &NumericProfile) -> Option<(Form, bool, f64)> {
    type Transform = fn(f64) -> f64;
    const LOGARITHMS: [Transform; 4] = [f64::ln, f64::ln_1p, f64::log10, f64::log2];
    let best = |raw: &NumericProfile, logged: &NumericProfile| {
        let positive = |transform: Transform| raw.sorted.iter().map(|x| transform(*x)).collect::<Vec<f64>>();
        let finite = |values: &Vec<f64>| values.iter().all(|value| value.is_finite());
        let distances =
            LOGARITHMS.into_iter().map(positive).filter(finite).map(|values| rounded_distance(&values, &logged.sorted));
        distances.min_by(f64::total_cmp)
    };
    let served = best(train, serve).map(|residual| (Form::Log, false, residual));
    let trained = best(serve, train).map(|residual| (Form::Log, true, residual));
    [served, trained].into_iter().flatten().min_by(|a, b| a.2.total_cmp(&b.2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::testing::{draws, exponential, measured, normal, numbers};

    #[test]
    fn a_constant_added_to_a_scaled_column_is_no_missing_scaler() {
        let told = |by: fn(f64) -> f64| {
            let side = |seed, by: fn(f64) -> f64| vec![("x", numbers(draws(seed, 900, |rng| by(normal(rng)))))];
            judge(&measured(&side(1, |x| x), &side(2, by))).findings().len()
        };
        assert_eq!(told(|x| x + 2.3), 0);
        assert_eq!(told(|x| 50.0 + 20.0 * x), 1);
        assert_eq!(told(|x| 5.0 + 2.0 * x), 1);
    }

    #[test]
    fn a_logarithm_is_more_than_an_offset() {
        let side = |seed, by: fn(f64) -> f64| vec![("x", numbers(draws(seed, 900, |rng| by(1.0 + exponential(rng)))))];
        assert_eq!(judge(&measured(&side(1, |x| x * 30.0), &side(2, |x| (x * 30.0).ln()))).findings().len(), 1);
    }
}
