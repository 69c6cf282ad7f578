//! F2.unit_scale: does a column have a different unit in serving?

use crate::detectors::affine::{self, AffineMap, SHIFTED_UNITS, rounded_distance};
use crate::detectors::features::normalisation;
use crate::detectors::sides::{self, Pair};
use crate::detectors::words::{count, name, number};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{
    CERTAINTY, SCALE_CHANGE, SCALE_KNOWN_TOLERANCE, SCALE_PREFERS_KNOWN, SCALE_PREFERS_TEN, SCALE_UNKNOWN_FACTOR,
    SMALLEST_SAMPLE,
};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::{Need, SharedColumns};
use domain::profile::NumericProfile;
use domain::{Cause, Finding, Item, Verdict};
use stats::quantiles::median;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("F2.unit_scale"),
    item: Item::F2,
    title: "Units and scale",
    looks_for: "Numbers that are the training numbers times a constant: meters instead of kilometers, cents instead of euros, a percentage instead of a fraction, a reversed sign, or Fahrenheit instead of Celsius.",
    why_it_matters: "Every value is wrong by the same factor. Each value looks plausible alone, but the model extrapolates in every row.",
    how_it_decides: "Both sides must differ by a Kolmogorov-Smirnov statistic of at least {SCALE_CHANGE}, with q under {CERTAINTY}. A factor is fitted to the quantiles of both sides. It must be a well-known conversion (within {SCALE_KNOWN_TOLERANCE:%}), or a factor of at least {SCALE_UNKNOWN_FACTOR} up or down. After undoing it, at most {SCALE_LEFT:%} of the difference may remain, and no more than the largest of three values: what chance gives, {SCALE_LEFT_FLOOR}, and {SCALE_LEFT_SHARE:%} of the difference. Adding a constant must explain less. Growth by a smaller factor is drift.",
    try_next: "Compare the unit in the documentation of the source with the unit in the training data. Put the unit into the column name.",
    causes: &[Cause::UnitScale],
    judge,
};

/// Well-known conversions, both directions are tried.
const CONVERSIONS: [(f64, &str); 26] = [
    (10.0, "ten"),
    (100.0, "hundred, such as percent for fractions or cents for euros"),
    (1_000.0, "thousand, such as meters for kilometers"),
    (10_000.0, "ten thousand"),
    (1e6, "million"),
    (1e9, "billion, such as nanoseconds for seconds"),
    (1.609_344, "kilometers for miles"),
    (1.852, "kilometers for nautical miles"),
    (0.3048, "meters for feet"),
    (2.54, "centimeters for inches"),
    (25.4, "millimeters for inches"),
    (0.9144, "meters for yards"),
    (0.453_592_37, "kilograms for pounds"),
    (28.349_523, "grams for ounces"),
    (3.785_412, "liters for US gallons"),
    (4.546_09, "liters for imperial gallons"),
    (3.6, "kilometers per hour for meters per second"),
    (60.0, "minutes for hours, or seconds for minutes"),
    (3_600.0, "seconds for hours"),
    (24.0, "hours for days"),
    (86_400.0, "seconds for days"),
    (7.0, "days for weeks"),
    (12.0, "months for years"),
    (365.25, "days for years"),
    (1_024.0, "kibibytes for mebibytes"),
    (4.184, "kilojoules for kilocalories"),
];

fn judge(measurements: &Measurements) -> Judgement {
    let Some(features) = sides::features(measurements) else {
        return Judgement::missing(Need::train_and_serve());
    };
    let numeric: Vec<&Pair> = features.iter().filter(|pair| pair.numeric().is_some()).collect();
    let findings = numeric.iter().filter_map(|pair| rescaled(pair)).collect();
    let summary = format!(
        "Looked for a constant factor between train and serve in {}.",
        count(numeric.len() as u64, "number column")
    );
    sides::judged(measurements, numeric.len(), SharedColumns::NumericFeatures, summary, findings)
}

/// A factor (or map), its words and the distance that remains after it.
#[derive(Debug, Clone, Copy)]
struct Rescaling {
    map: AffineMap,
    words: Option<&'static str>,
    residual: f64,
}

fn rescaled(pair: &Pair) -> Option<Finding> {
    let (train, serve) = pair.numeric()?;
    let enough = train.sorted.len().min(serve.sorted.len()) as f64 >= SMALLEST_SAMPLE;
    let before = rounded_distance(&train.sorted, &serve.sorted);
    if !enough || before < SCALE_CHANGE || pair.q() >= CERTAINTY {
        return None;
    }
    let found = best_rescaling(train, serve)?;
    if normalisation::speaks_against_a_unit(train, serve, found.words.is_some()) {
        return None;
    }
    if !affine::explains(before, found.residual, train.sorted.len(), serve.sorted.len()) {
        return None;
    }
    if found.map.offset == 0.0 && moved_as_well(train, serve, found.residual) {
        return None;
    }
    let factor = found.map.scale;
    let statement = match (found.words, found.map.offset == 0.0) {
        (Some(words), false) => format!("{} is in another unit in serving: {words}.", name(pair.name)),
        (Some(_), true) if factor < 0.0 => format!("{} has the opposite sign in serving.", name(pair.name)),
        (known, _) => {
            let about = if known.is_some() { "" } else { "about " };
            format!("{} is {about}{} in serving than in training.", name(pair.name), times(factor))
        }
    };
    let finding = DETECTOR
        .finding(
            Verdict::Mismatch,
            &[pair.name],
            statement,
            Effect::new("ks_statistic", before, SCALE_CHANGE),
            Certainty::q(pair.q()),
        )
        .with_evidence("factor from train to serve", number(factor))
        .with_evidence("known conversion", found.words.unwrap_or("none"))
        .with_evidence(
            "distance before and after undoing it",
            format!("{}, {}", number(before), number(found.residual)),
        )
        .with_evidence("mean (train, serve)", format!("{}, {}", number(train.mean), number(serve.mean)));
    Some(pair.sized(finding).for_cause(Cause::UnitScale))
}

/// `1,000 times larger`, or `1,000 times smaller` for a factor below 1.
fn times(factor: f64) -> String {
    if factor < 1.0 {
        format!("{} times smaller", number(1.0 / factor))
    } else {
        format!("{} times larger", number(factor))
    }
}

/// Whether adding a constant explains the difference as well as the factor does: then there is no evidence for a unit.
fn moved_as_well(train: &NumericProfile, serve: &NumericProfile, residual: f64) -> bool {
    let offset = median(&serve.sorted) - median(&train.sorted);
    AffineMap { scale: 1.0, offset }.residual(&train.sorted, &serve.sorted) <= residual
}

/// The best explanation by a factor: a well-known one near the fitted one, the reversed sign, a unit with an offset, or the
/// fitted factor itself if it is far from 1.
fn best_rescaling(train: &NumericProfile, serve: &NumericProfile) -> Option<Rescaling> {
    let (reference, current) = (&train.sorted, &serve.sorted);
    let tried = |map: AffineMap, words| Rescaling { map, words, residual: map.residual(reference, current) };
    let mut candidates: Vec<Rescaling> = SHIFTED_UNITS
        .iter()
        .map(|(scale, offset, words)| tried(AffineMap { scale: *scale, offset: *offset }, Some(*words)))
        .collect();
    candidates.push(tried(AffineMap::factor(-1.0), Some("the sign is reversed")));
    if let Some(fitted) = AffineMap::fit_factor(reference, current).filter(|map| map.scale > 0.0) {
        let known = CONVERSIONS.iter().flat_map(|(factor, words)| [(*factor, *words), (1.0 / factor, *words)]);
        let near = known.filter(|(factor, _)| (fitted.scale / factor).ln().abs() <= SCALE_KNOWN_TOLERANCE);
        candidates.extend(near.map(|(factor, words)| {
            let mut known = tried(AffineMap::factor(factor), Some(words));
            // If two conversions fit equally well, a power of ten is more likely.
            known.residual += if factor.log10().fract() == 0.0 { 0.0 } else { SCALE_PREFERS_TEN };
            known
        }));
        if fitted.scale.ln().abs() >= SCALE_UNKNOWN_FACTOR.ln() {
            let mut unknown = tried(fitted, None);
            // A known conversion that fits almost as well is the simpler explanation.
            unknown.residual += SCALE_PREFERS_KNOWN;
            candidates.push(unknown);
        }
    }
    candidates.into_iter().min_by(|a, b| a.residual.total_cmp(&b.residual))
}
