//! F1.precision: did numbers lose digits on their way to the model?

use crate::detectors::affine::{self, rounded_distance};
use crate::detectors::sides::{self, Pair};
use crate::detectors::words::{count, name, number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{
    CERTAINTY, PRECISION_COARSE, PRECISION_DISTINCT, PRECISION_KEPT, PRECISION_LEFT, PRECISION_STEP,
    PRECISION_STEP_POSSIBLE,
};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::{Need, SharedColumns};
use domain::{Cause, Finding, Item, Task, Verdict};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("F1.precision"),
    item: Item::F1,
    title: "Lost precision",
    looks_for: "Numbers with all digits in training, but rounded in serving to tenths, whole numbers or hundreds.",
    why_it_matters: "An integer column in the serving database, a cast or a format string can cause this. The model then gets only a few of the values it learned to separate.",
    how_it_decides: "Every serve value is a multiple of a power of ten, but at most {PRECISION_COARSE:%} of the training values are. Training has at least {PRECISION_DISTINCT} different values, and serving at most {PRECISION_KEPT:%} of that number. Rounding the training values in the same way must explain the difference: the distance that remains is at most {PRECISION_LEFT}, or what chance gives. A step of at least {PRECISION_STEP} training standard deviations is a mismatch, from {PRECISION_STEP_POSSIBLE} it is possible; p must be under {CERTAINTY}.",
    try_next: "Check the type of the column and every cast between its source and the model.",
    causes: &[Cause::RoundingLoss],
    tasks: Task::ALL,
    judge,
};

/// Powers of ten that values may have been rounded to.
const POWERS: std::ops::RangeInclusive<i32> = -6..=6;

fn judge(measurements: &Measurements) -> Judgement {
    let Some(features) = sides::features(measurements) else {
        return Judgement::missing(Need::train_and_serve());
    };
    let numeric: Vec<&Pair> = features.iter().filter(|pair| pair.numeric().is_some()).collect();
    let findings = numeric.iter().filter_map(|pair| rounded(pair)).collect();
    let summary = format!("Compared the precision of {}.", count(numeric.len() as u64, "number column"));
    sides::judged(measurements, numeric.len(), SharedColumns::NumericFeatures, summary, findings)
}

fn rounded(pair: &Pair) -> Option<Finding> {
    let (train, serve) = pair.numeric()?;
    let different = |sorted: &[f64]| sorted.chunk_by(|a, b| a == b).count();
    let (before, after) = (different(&train.sorted), different(&serve.sorted));
    if (before as f64) < PRECISION_DISTINCT || after < 2 || too_many(after, before.min(serve.sorted.len())) {
        return None;
    }
    let power = POWERS.rev().find(|power| multiples(&serve.sorted, *power) == 1.0)?;
    let step = 10f64.powi(power);
    let natural = multiples(&train.sorted, power);
    // The chance that none of the served values needs more digits, if as many did as in training.
    let p = natural.powf(serve.sorted.len() as f64);
    let size = step / train.std;
    if natural > PRECISION_COARSE || p >= CERTAINTY || !size.is_finite() || size < PRECISION_STEP_POSSIBLE {
        return None;
    }
    let way = explaining(&train.sorted, &serve.sorted, step)?;
    let verdict = if size >= PRECISION_STEP { Verdict::Mismatch } else { Verdict::Possible };
    let statement = format!(
        "Every serve value of {} is a multiple of {}, but only {} of the train values are.",
        name(pair.name),
        number(step),
        percent(natural),
    );
    let effect = Effect::new("step_over_std", size, PRECISION_STEP);
    let finding = DETECTOR
        .finding(verdict, &[pair.name], statement, effect, Certainty::p(p))
        .with_evidence("different values (train, serve)", format!("{before}, {after}"))
        .with_evidence("operation that turns train values into serve values", way);
    Some(pair.sized(finding).for_cause(Cause::RoundingLoss))
}

/// Whether `after` different values are more than rounding leaves of `before`.
fn too_many(after: usize, before: usize) -> bool {
    after as f64 > PRECISION_KEPT * before as f64
}

/// Share of the values that are multiples of a power of ten.
fn multiples(sorted: &[f64], power: i32) -> f64 {
    let is_multiple = |value: &&f64| {
        let scaled = **value * 10f64.powi(-power);
        (scaled - scaled.round()).abs() <= 1e-9 * scaled.abs().max(1.0)
    };
    sorted.iter().filter(is_multiple).count() as f64 / sorted.len().max(1) as f64
}

/// A way to make a number coarser.
type Way = fn(f64) -> f64;

/// The way of rounding the train values after which both sides differ by no more than two samples of one population.
fn explaining(train: &[f64], serve: &[f64], step: f64) -> Option<&'static str> {
    let ways: [(&str, Way); 3] = [("rounding", f64::round), ("truncating", f64::trunc), ("rounding down", f64::floor)];
    let limit = affine::chance_distance(train.len(), serve.len()).max(PRECISION_LEFT);
    let left = ways.map(|(words, way)| {
        let coarse: Vec<f64> = train.iter().map(|value| way(value / step) * step).collect();
        (words, rounded_distance(&coarse, serve))
    });
    let (words, distance) = left.into_iter().min_by(|a, b| a.1.total_cmp(&b.1))?;
    (distance <= limit).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::testing::{Values, draws, measured, normal, numbers};

    fn found(train: Values, serve: Values) -> Option<(Verdict, Option<Cause>)> {
        let findings = judge(&measured(&vec![("x", train)], &vec![("x", serve)])).findings();
        findings.first().map(|finding| (finding.verdict, finding.cause))
    }

    fn speeds(seed: u64, rows: usize, change: fn(f64) -> f64) -> Values {
        numbers(draws(seed, rows, |rng| change(((400.0 + 60.0 * normal(rng)) * 10.0).round() / 10.0)))
    }

    #[test]
    fn hundreds_for_tenths_are_a_loss() {
        let hundreds = speeds(2, 800, |x| (x / 100.0).round() * 100.0);
        assert_eq!(found(speeds(1, 1000, |x| x), hundreds), Some((Verdict::Mismatch, Some(Cause::RoundingLoss))));
        let cut = speeds(2, 800, |x| (x / 100.0).floor() * 100.0);
        assert_eq!(found(speeds(1, 1000, |x| x), cut), Some((Verdict::Mismatch, Some(Cause::RoundingLoss))));
    }

    #[test]
    fn a_small_step_other_rows_and_codes_are_no_loss() {
        assert_eq!(found(speeds(1, 1000, |x| x), speeds(2, 800, f64::round)), None);
        assert_eq!(found(speeds(1, 1000, |x| x), speeds(2, 800, |x| x)), None);
        // Rounded and of other rows: rounding does not explain it.
        assert_eq!(found(speeds(1, 1000, |x| x), speeds(2, 800, |x| ((x + 300.0) / 100.0).round() * 100.0)), None);
        let codes = |seed| numbers(draws(seed, 900, |rng| rng.below(6) as f64));
        assert_eq!(found(codes(1), codes(2)), None);
    }
}
