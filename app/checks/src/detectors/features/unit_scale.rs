//! F2.unit_scale: is a column measured in another unit?

use crate::detectors::affine::{self, AffineMap, rounded_distance};
use crate::detectors::features::normalisation;
use crate::detectors::sides::{self, Pair};
use crate::detectors::words::{chance, count, name, number};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{CERTAINTY, SCALE_CHANGE, SCALE_KNOWN_TOLERANCE, SCALE_UNKNOWN_FACTOR, SMALLEST_SAMPLE};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::profile::NumericProfile;
use domain::{Cause, Finding, Item, Verdict};
use stats::quantiles::median;

pub static DETECTOR: Detector = Detector {
    id: "F2.unit_scale",
    item: Item::F2,
    title: "Units and scale",
    looks_for: "Numbers that are the training numbers times a constant: metres for kilometres, cents for euros, a percentage for a share, a turned sign, or Fahrenheit for Celsius.",
    why_it_matters: "Every value is wrong by the same factor, each looks plausible alone, and the model extrapolates on all of them.",
    how_it_decides: "The factor is fitted between the quantiles of both sides. It counts when the sides differ clearly, when at most what chance leaves is left after multiplying (and at most 40 % of the difference), when adding a constant would explain less, and when it is a well-known conversion (within the error of the fit) or at least a factor of 1.9. A mere growth of the values is left to drift.",
    try_next: "Compare the unit in the contract of the source with the one in the training set, and state the unit in the column's name.",
    causes: &[Cause::UnitScale],
    judge,
};

/// Well-known conversions, both directions are tried.
const CONVERSIONS: [(f64, &str); 26] = [
    (10.0, "ten"),
    (100.0, "hundred, such as per cent for shares or cents for euros"),
    (1_000.0, "thousand, such as metres for kilometres"),
    (10_000.0, "ten thousand"),
    (1e6, "million"),
    (1e9, "thousand million, such as nanoseconds for seconds"),
    (1.609_344, "kilometres for miles"),
    (1.852, "kilometres for nautical miles"),
    (0.3048, "metres for feet"),
    (2.54, "centimetres for inches"),
    (25.4, "millimetres for inches"),
    (0.9144, "metres for yards"),
    (0.453_592_37, "kilograms for pounds"),
    (28.349_523, "grams for ounces"),
    (3.785_412, "litres for US gallons"),
    (4.546_09, "litres for imperial gallons"),
    (3.6, "kilometres per hour for metres per second"),
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

/// Maps with an offset that are units too: (scale, offset, words).
const SHIFTED_UNITS: [(f64, f64, &str); 2] =
    [(1.8, 32.0, "degrees Fahrenheit for Celsius"), (1.0 / 1.8, -32.0 / 1.8, "degrees Celsius for Fahrenheit")];

fn judge(measurements: &Measurements) -> Judgement {
    let Some(features) = sides::features(measurements) else {
        return Judgement::missing(sides::TRAIN_AND_SERVE);
    };
    let numeric: Vec<&Pair> = features.iter().filter(|pair| pair.numeric().is_some()).collect();
    let findings = numeric.iter().filter_map(|pair| rescaled(pair)).collect();
    Judgement::Judged {
        summary: format!(
            "Sought a constant factor between train and serve in {}.",
            count(numeric.len() as u64, "number column")
        ),
        findings,
    }
}

/// A factor (or map) with its words and what it leaves.
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
        (Some(words), false) => format!("{} looks converted at serving: {words}.", name(pair.name)),
        (Some(words), true) => format!("{} is multiplied by {} at serving ({words}).", name(pair.name), number(factor)),
        (None, _) => format!("{} is multiplied by about {} at serving.", name(pair.name), number(factor)),
    };
    let statement = format!(
        "{statement} With that undone the sides agree: Kolmogorov-Smirnov {before:.2} becomes {:.2} (q {}).",
        found.residual,
        chance(pair.q())
    );
    let finding = DETECTOR
        .finding(
            Verdict::Mismatch,
            &[pair.name],
            statement,
            Effect::new("ks_statistic", before, SCALE_CHANGE),
            Certainty::q(pair.q()),
        )
        .with_evidence("fitted factor", number(factor))
        .with_evidence("distance before, after", format!("{before:.3}, {:.3}", found.residual))
        .with_evidence("mean in train, at serving", format!("{}, {}", number(train.mean), number(serve.mean)));
    Some(pair.sized(finding).for_cause(Cause::UnitScale))
}

/// Whether adding a constant explains the difference as well as multiplying by one does: then nothing speaks for a unit.
fn moved_as_well(train: &NumericProfile, serve: &NumericProfile, residual: f64) -> bool {
    let offset = median(&serve.sorted) - median(&train.sorted);
    AffineMap { scale: 1.0, offset }.residual(&train.sorted, &serve.sorted) <= residual
}

/// The best explanation by a factor: a well-known one near the fitted, the turned sign, a shifted unit, or the fitted one
/// itself if it is far from 1.
fn best_rescaling(train: &NumericProfile, serve: &NumericProfile) -> Option<Rescaling> {
    let (reference, current) = (&train.sorted, &serve.sorted);
    let tried = |map: AffineMap, words| Rescaling { map, words, residual: map.residual(reference, current) };
    let mut candidates: Vec<Rescaling> = SHIFTED_UNITS
        .iter()
        .map(|(scale, offset, words)| tried(AffineMap { scale: *scale, offset: *offset }, Some(*words)))
        .collect();
    candidates.push(tried(AffineMap::factor(-1.0), Some("the sign is turned")));
    if let Some(fitted) = AffineMap::fit_factor(reference, current).filter(|map| map.scale > 0.0) {
        let known = CONVERSIONS.iter().flat_map(|(factor, words)| [(*factor, *words), (1.0 / factor, *words)]);
        let near = known.filter(|(factor, _)| (fitted.scale / factor).ln().abs() <= SCALE_KNOWN_TOLERANCE);
        candidates.extend(near.map(|(factor, words)| {
            let mut known = tried(AffineMap::factor(factor), Some(words));
            // Of two conversions that fit alike, a power of ten is the likelier.
            known.residual += if factor.log10().fract() == 0.0 { 0.0 } else { 0.01 };
            known
        }));
        if fitted.scale.ln().abs() >= SCALE_UNKNOWN_FACTOR.ln() {
            let mut unknown = tried(fitted, None);
            // A known conversion is the simpler explanation as long as it fits nearly as well.
            unknown.residual += 0.02;
            candidates.push(unknown);
        }
    }
    candidates.into_iter().min_by(|a, b| a.residual.total_cmp(&b.residual))
}
