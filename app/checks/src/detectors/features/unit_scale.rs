//! F2.unit_scale: does a column have a different unit in serving?

use crate::detectors::affine::{self, AffineMap, SHIFTED_UNITS, rounded_distance};
use crate::detectors::features::normalisation;
use crate::detectors::granule;
use crate::detectors::rates::RateChange;
use crate::detectors::sides::{self, Pair};
use crate::detectors::spikes;
use crate::detectors::words::{count, name, number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{
    CERTAINTY, SCALE_CHANGE, SCALE_GRANULE_NEAR, SCALE_KNOWN_TOLERANCE, SCALE_LEFT_FLOOR, SCALE_PREFERS_KNOWN,
    SCALE_PREFERS_TEN, SCALE_SAME_VALUES, SCALE_SAME_VALUES_BEFORE, SCALE_UNKNOWN_FACTOR, SCALE_ZEROS, SIGNIFICANCE,
    SMALLEST_SAMPLE,
};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::{Need, SharedColumns};
use domain::profile::NumericProfile;
use domain::{Cause, Finding, Item, Task, Undo, Verdict};
use stats::intervals::{Share, share_difference_p};
use stats::quantiles::median;
use stats::two_sample::ks_pvalue_asymp;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("F2.unit_scale"),
    item: Item::F2,
    title: "Units and scale",
    looks_for: "Numbers that are the training numbers times a constant: meters instead of kilometers, cents instead of euros, a percentage instead of a fraction, a reversed sign, or Fahrenheit instead of Celsius.",
    why_it_matters: "Every value is wrong by the same factor. Each value looks plausible alone, but the model extrapolates in every row.",
    how_it_decides: "Both sides must differ by a Kolmogorov-Smirnov statistic of at least {SCALE_CHANGE}, with q under {CERTAINTY}. A factor is fitted to the quantiles of both sides. It must be a well-known conversion (within {SCALE_KNOWN_TOLERANCE:%}, or one of at least {SCALE_UNKNOWN_FACTOR} that fits no worse than the fitted factor), or a factor of at least {SCALE_UNKNOWN_FACTOR} up or down. After undoing it, at most {SCALE_LEFT:%} of the difference may remain, and no more than the largest of three values: what chance gives, {SCALE_LEFT_FLOOR}, and {SCALE_LEFT_SHARE:%} of the difference. Adding a constant must explain less. Growth by a smaller factor is drift, unless at least {SCALE_SAME_VALUES:%} of the serve rows return to exact training values and at most {SCALE_SAME_VALUES_BEFORE:%} of that share are training values as they are; a difference of the distributions is not needed if so few of the values are training values by chance with p under {CERTAINTY}, multiplied by the number of columns. If other rows came too, no factor explains the difference: then a well-known conversion of at least {SCALE_UNKNOWN_FACTOR}, within a factor of {SCALE_GRANULE_NEAR} of the fitted one, is named where undoing it brings all serve values back to the step of the training values (their greatest common divisor, such as whole cents), which they do not have as they are. If at least {SCALE_ZEROS:%} of both sides are zero, only the other values are compared.",
    try_next: "Compare the unit in the documentation of the source with the unit in the training data. Put the unit into the column name.",
    causes: &[Cause::UnitScale],
    tasks: Task::ALL,
    judge,
};

/// Well-known conversions, both directions are tried.
pub const CONVERSIONS: [(f64, &str); 26] = [
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
    // Numbers that count rows continue from their last value, which nearly fits some conversion.
    let is_measured = |pair: &&Pair| pair.numeric().is_some() && !sides::are_row_counters(pair);
    let numeric: Vec<&Pair> = features.iter().filter(is_measured).collect();
    let tests = numeric.len().max(1) as f64;
    let findings = numeric.iter().filter_map(|pair| rescaled(pair, tests)).collect();
    let summary = format!(
        "Looked for a constant factor between train and serve in {}.",
        count(numeric.len() as u64, "number column")
    );
    sides::judged(measurements, numeric.len(), SharedColumns::NumericFeatures, summary, findings)
}

/// A factor (or map), its words and the distance that remains after it.
#[derive(Debug, Clone, Copy)]
pub struct Rescaling {
    pub map: AffineMap,
    words: Option<&'static str>,
    pub residual: f64,
}

fn rescaled(pair: &Pair, tests: f64) -> Option<Finding> {
    let (train, serve) = pair.numeric()?;
    among_zeros(pair, train, serve, tests).or_else(|| among_all(pair, train, serve, tests))
}

fn among_all(pair: &Pair, train: &NumericProfile, serve: &NumericProfile, tests: f64) -> Option<Finding> {
    let enough = train.sorted.len().min(serve.sorted.len()) as f64 >= SMALLEST_SAMPLE;
    let before = rounded_distance(&train.sorted, &serve.sorted);
    if !enough {
        return None;
    }
    if before < SCALE_CHANGE || pair.q() >= CERTAINTY {
        // Values that training never had are certain in fewer rows than their distribution.
        let (new, p) = new_values(&train.sorted, &serve.sorted)?;
        let certainty = Certainty::p((p * tests).min(1.0));
        let effect = Effect::new("new_value_share", new, 1.0 - SCALE_SAME_VALUES_BEFORE);
        let found = (certainty.value < CERTAINTY).then(|| same_values(pair, train, serve, before))?;
        return found.map(|finding| Finding { certainty, effect, ..finding });
    }
    if let Some(found) = by_granule(&train.sorted, &serve.sorted, before) {
        let finding = told(pair, &found, before, Certainty::q(pair.q()));
        return Some(finding.with_evidence("step of the values", "the same after undoing it"));
    }
    let Some(found) = best_rescaling(&train.sorted, &serve.sorted) else {
        return same_values(pair, train, serve, before);
    };
    if normalisation::speaks_against_a_unit(train, serve, found.words.is_some()) {
        return None;
    }
    let explained = affine::explains(before, found.residual, train.sorted.len(), serve.sorted.len());
    if !explained || (found.map.offset == 0.0 && moved_as_well(train, serve, found.residual)) {
        return same_values(pair, train, serve, before);
    }
    Some(told(pair, &found, before, Certainty::q(pair.q())))
}

/// Zero stays zero in every unit: where many values are zero, the others are compared.
fn among_zeros(pair: &Pair, train: &NumericProfile, serve: &NumericProfile, tests: f64) -> Option<Finding> {
    let zeros = RateChange::new(spikes::share_of(train, 0.0), spikes::share_of(serve, 0.0));
    let as_many = zeros.difference().abs() <= SCALE_LEFT_FLOOR || zeros.p >= SIGNIFICANCE;
    if zeros.before().min(zeros.after()) < SCALE_ZEROS || !as_many {
        return None;
    }
    let (reference, current) = (spikes::without(train, 0.0), spikes::without(serve, 0.0));
    let (n, m) = (reference.len(), current.len());
    let before = rounded_distance(&reference, &current);
    let p = (ks_pvalue_asymp(before, n, m) * tests).min(1.0);
    if n.min(m) < SMALLEST_SAMPLE as usize || before < SCALE_CHANGE || p >= CERTAINTY {
        return None;
    }
    let found = best_rescaling(&reference, &current)?;
    let is_factor = found.map.offset == 0.0 && affine::explains(before, found.residual, n, m);
    is_factor.then(|| told(pair, &found, before, Certainty::q(p)).with_evidence("values compared", "all except zero"))
}

/// The share of the served values that training does not have, where nearly all are new, and its chance: of rows of one
/// population, about as many are known as training values repeat in training (Good 1953). `None` where these mostly don't.
fn new_values(train: &[f64], serve: &[f64]) -> Option<(f64, f64)> {
    let repeats: usize = train.chunk_by(|a, b| a == b).map(<[f64]>::len).filter(|rows| *rows > 1).sum();
    let expected = Share::new(repeats as u64, train.len() as u64);
    let known = serve.iter().filter(|value| train.binary_search_by(|other| other.total_cmp(value)).is_ok()).count();
    let found = Share::new(known as u64, serve.len() as u64);
    let is_new = expected.value() >= SCALE_SAME_VALUES && found.value() <= SCALE_SAME_VALUES_BEFORE * expected.value();
    is_new.then(|| (1.0 - found.value(), share_difference_p(expected, found)))
}

/// A conversion that the steps of the values show exactly, also where other rows came and no factor fits.
fn by_granule(train: &[f64], serve: &[f64], before: f64) -> Option<Rescaling> {
    let fitted = AffineMap::fit_factor(train, serve)?.scale;
    let is_near = |(factor, _): &(f64, &'static str)| {
        let [away, from_one] = [(factor / fitted).ln().abs(), factor.ln().abs()];
        fitted > 0.0 && away <= SCALE_GRANULE_NEAR.ln() && from_one >= SCALE_UNKNOWN_FACTOR.ln()
    };
    let near: Vec<(f64, &'static str)> = known_factors().filter(is_near).collect();
    let factor = granule::factor_between(train, serve, near.iter().map(|(factor, _)| *factor))?;
    let words = near.iter().find(|(known, _)| *known == factor).map(|(_, words)| *words);
    let map = AffineMap::factor(factor);
    let residual = map.residual(train, serve);
    (residual < before).then_some(Rescaling { map, words, residual })
}

/// Every conversion in both directions.
fn known_factors() -> impl Iterator<Item = (f64, &'static str)> {
    CONVERSIONS.iter().flat_map(|(factor, words)| [(*factor, *words), (1.0 / factor, *words)])
}

/// A factor so small that it could be growth, shown by the values: undoing it gives exactly the values of training.
fn same_values(pair: &Pair, train: &NumericProfile, serve: &NumericProfile, before: f64) -> Option<Finding> {
    let fitted = AffineMap::fit_factor(&train.sorted, &serve.sorted)?.scale;
    if !(1.0 / SCALE_UNKNOWN_FACTOR..SCALE_UNKNOWN_FACTOR).contains(&fitted) {
        return None;
    }
    let scale = repeated_ratio(train, serve, fitted)?;
    let shares = [1.0, scale].map(|scale| known_share(&train.sorted, &serve.sorted, scale, 0.5 * rounding(serve)));
    let [as_they_are, undone] = shares;
    let residual = AffineMap::factor(scale).residual(&train.sorted, &serve.sorted);
    if undone < SCALE_SAME_VALUES || as_they_are > SCALE_SAME_VALUES_BEFORE * undone || residual >= before {
        return None;
    }
    let found = Rescaling { map: AffineMap::factor(scale), words: None, residual };
    let finding = told(pair, &found, before, Certainty::q(pair.q()));
    Some(finding.with_evidence(
        "serve values that are training values, before and after undoing it",
        format!("{}, {}", percent(as_they_are), percent(undone)),
    ))
}

/// The most frequent ratio between the usual values of serve and training values near what the fit says.
fn repeated_ratio(train: &NumericProfile, serve: &NumericProfile, fitted: f64) -> Option<f64> {
    let usual = serve.modes.iter().map(|(value, _)| *value).filter(|value| *value != 0.0);
    let mut ratios: Vec<f64> = Vec::new();
    for value in usual {
        let near = [1.0 - SCALE_KNOWN_TOLERANCE, 1.0 + SCALE_KNOWN_TOLERANCE].map(|share| value / fitted * share);
        let (low, high) = (near[0].min(near[1]), near[0].max(near[1]));
        let from = train.sorted.partition_point(|known| *known < low);
        let to = train.sorted.partition_point(|known| *known <= high);
        ratios.extend(train.sorted[from..to].chunk_by(|a, b| a == b).map(|same| value / same[0]));
    }
    ratios.sort_by(f64::total_cmp);
    let votes = |ratio: f64| ratios.iter().filter(|other| (*other - ratio).abs() <= SAME_RATIO * ratio.abs()).count();
    let best = ratios.iter().copied().max_by_key(|ratio| votes(*ratio))?;
    // A short number is what somebody multiplies by.
    let short = (best * 1e4).round() / 1e4;
    (votes(best) >= FEWEST_VOTES && (best - 1.0).abs() > SAME_RATIO).then_some(short)
}

/// Ratios closer than this are one ratio: what rounding leaves.
const SAME_RATIO: f64 = 1e-4;
/// Fewer pairs of values share a ratio by chance.
const FEWEST_VOTES: usize = 5;

/// The share of the serve values that, without the factor, are training values.
fn known_share(train: &[f64], serve: &[f64], scale: f64, slack: f64) -> f64 {
    let is_known = |value: &&f64| {
        let slack = slack * 1.01;
        let next = train.partition_point(|known| known * scale < **value - slack);
        train.get(next).is_some_and(|known| (known * scale - **value).abs() <= slack)
    };
    serve.iter().filter(is_known).count() as f64 / serve.len().max(1) as f64
}

/// The last decimal of a column.
fn rounding(numbers: &NumericProfile) -> f64 {
    10f64.powi(-i32::from(numbers.decimals))
}

/// The finding in words.
fn told(pair: &Pair, found: &Rescaling, before: f64, certainty: Certainty) -> Finding {
    let factor = found.map.scale;
    let statement = format!("{} {}.", name(pair.name), found.statement());
    let finding = DETECTOR
        .finding(
            Verdict::Mismatch,
            &[pair.name],
            statement,
            Effect::new("ks_statistic", before, SCALE_CHANGE),
            certainty,
        )
        .with_evidence("factor from train to serve", number(factor))
        .with_evidence("known conversion", found.words.unwrap_or("none"))
        .with_evidence(
            "distance before and after undoing it",
            format!("{}, {}", number(before), number(found.residual)),
        );
    let (train, serve) = (&pair.train.numeric, &pair.serve.numeric);
    let means = train.iter().zip(serve).map(|(train, serve)| format!("{}, {}", number(train.mean), number(serve.mean)));
    let finding = means.fold(finding, |finding, means| finding.with_evidence("mean (train, serve)", means));
    let undo = Undo::line(pair.name, factor, found.map.offset);
    pair.sized(finding).for_cause(Cause::UnitScale).undone_by(undo)
}

impl Rescaling {
    /// What a column is or has, with a verb.
    pub fn statement(&self) -> String {
        match (self.words, self.map.offset == 0.0) {
            (Some(words), false) => format!("is in another unit in serving: {words}"),
            (Some(_), true) if self.map.scale < 0.0 => "has the opposite sign in serving".into(),
            (known, _) => {
                let about = if known.is_some() { "" } else { "about " };
                format!("is {about}{} in serving than in training", times(self.map.scale))
            }
        }
    }
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
pub fn best_rescaling(reference: &[f64], current: &[f64]) -> Option<Rescaling> {
    let tried = |map: AffineMap, words| Rescaling { map, words, residual: map.residual(reference, current) };
    let mut candidates: Vec<Rescaling> = SHIFTED_UNITS
        .iter()
        .map(|(scale, offset, words)| tried(AffineMap { scale: *scale, offset: *offset }, Some(*words)))
        .collect();
    candidates.push(tried(AffineMap::factor(-1.0), Some("the sign is reversed")));
    if let Some(fitted) = AffineMap::fit_factor(reference, current).filter(|map| map.scale > 0.0) {
        // A few large values lead the fit; the medians may be nearer.
        let middle = median(current) / median(reference);
        let is_near = |scale: f64, factor: f64| (scale / factor).ln().abs() <= SCALE_KNOWN_TOLERANCE;
        // In few rows the fit is off by more: a conversion that fits no worse is as near as the rows can tell, if it is as
        // far from growth as an unknown factor has to be.
        let left = fitted.residual(reference, current);
        let fits = |factor: f64| {
            factor.ln().abs() >= SCALE_UNKNOWN_FACTOR.ln()
                && AffineMap::factor(factor).residual(reference, current) <= left
        };
        let near = known_factors()
            .filter(|(factor, _)| is_near(fitted.scale, *factor) || is_near(middle, *factor) || fits(*factor));
        candidates.extend(near.map(|(factor, words)| {
            let mut known = tried(AffineMap::factor(factor), Some(words));
            // If two conversions fit equally well, a power of ten is more likely.
            known.residual += if factor.log10().fract() == 0.0 { 0.0 } else { SCALE_PREFERS_TEN };
            known
        }));
        if fitted.scale.ln().abs() >= SCALE_UNKNOWN_FACTOR.ln() {
            let mut unknown = tried(fitted, None);
            // A known conversion that fits almost as well, or half as far as chance goes, is the simpler explanation.
            unknown.residual += SCALE_PREFERS_KNOWN.max(0.5 * affine::chance_distance(reference.len(), current.len()));
            candidates.push(unknown);
        }
    }
    candidates.into_iter().min_by(|a, b| a.residual.total_cmp(&b.residual))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::testing::{Values, draws, exponential, measured, numbers};

    fn cause_of(train: Values, serve: Values) -> Option<String> {
        let measured = measured(&vec![("x", train)], &vec![("x", serve)]);
        judge(&measured).findings().first().map(|finding| finding.statement.clone())
    }

    #[test]
    fn zeros_stay_zero_and_the_other_values_show_the_factor() {
        // Rain: 93 % of the hours are dry.
        let rain = |seed, factor: f64, rows: usize| {
            let amounts = draws(seed, rows, exponential).into_iter().enumerate();
            numbers(amounts.map(move |(row, x)| if row % 14 == 0 { factor * (x * 100.0).round() / 100.0 } else { 0.0 }))
        };
        let told = cause_of(rain(1, 1.0, 2_000), rain(2, 25.4, 1_600)).unwrap_or_default();
        assert!(told.contains("25.4 times larger"), "{told}");
        assert_eq!(cause_of(rain(1, 1.0, 2_000), rain(2, 1.0, 1_600)), None);
        assert_eq!(cause_of(rain(1, 1.0, 2_000), rain(2, 1.3, 1_600)), None, "it rains a little more");
    }

    #[test]
    fn a_small_factor_shows_in_values_that_come_back_and_growth_does_not() {
        // A price list of 60 prices, converted at 1.12.
        let prices = |seed, factor: f64| {
            let list: Vec<f64> = (0..60).map(|place| 40.0 + (place * 37 % 61) as f64 * 2.17).collect();
            let chosen = draws(seed, 700, |rng| list[rng.below(60)]);
            chosen.into_iter().map(move |price| (price * factor * 1e4).round() / 1e4)
        };
        let told = cause_of(numbers(prices(1, 1.0)), numbers(prices(2, 1.12))).unwrap_or_default();
        assert!(told.contains("1.12 times larger"), "{told}");
        let grown = draws(3, 700, |rng| 1.0 + 0.24 * rng.next_f64());
        let grown = prices(2, 1.0).zip(grown).map(|(price, by)| (price * by * 100.0).round() / 100.0);
        assert_eq!(cause_of(numbers(prices(1, 1.0)), numbers(grown)), None, "each price grew by its own factor");
    }

    #[test]
    fn steps_show_a_conversion_although_other_rows_came() {
        // Whole amounts; large ones come three times as often, so that no factor explains the difference.
        let amounts = |seed, shift: f64, factor: f64| {
            numbers(draws(seed, 2_000, |rng| {
                ((200.0 + 900.0 * rng.next_f64().powf(shift)).round() * factor * 1e3).round() / 1e3
            }))
        };
        let told = cause_of(amounts(1, 2.0, 1.0), amounts(2, 0.3, 0.001)).unwrap_or_default();
        assert!(told.contains("1,000 times smaller"), "{told}");
        assert_eq!(cause_of(amounts(1, 2.0, 1.0), amounts(2, 0.3, 1.0)), None, "other rows in the same unit");
        let kinds =
            |seed, most: usize, factor: f64| numbers(draws(seed, 900, |rng| (1 + rng.below(most)) as f64 * factor));
        let told = cause_of(kinds(3, 12, 1.0), kinds(4, 17, 1_000.0)).unwrap_or_default();
        assert!(told.contains("1,000 times larger"), "{told}");
        // Rounded to tens, and grown.
        assert_eq!(cause_of(kinds(5, 90, 1.0), kinds(6, 15, 10.0)), None);
    }

    #[test]
    fn a_conversion_is_named_in_few_rows_by_the_fit_and_by_values_that_training_never_had() {
        let minutes = |seed, factor: f64| numbers(draws(seed, 110, |rng| factor * 40.0 * exponential(rng)));
        let told = cause_of(minutes(1, 1.0), minutes(2, 60.0)).unwrap_or_default();
        assert!(told.contains("60 times larger"), "{told}");
        // Directions in steps of ten degrees, in another unit: too little for the distributions.
        let degrees = |seed, factor: f64| {
            numbers(draws(seed, 160, |rng| (rng.below(36) * 10) as f64).into_iter().map(move |at| at * factor))
        };
        let told = cause_of(degrees(1, 1.0), degrees(2, 1.0936)).unwrap_or_default();
        assert!(told.contains("1.094 times larger"), "{told}");
        assert_eq!(cause_of(degrees(1, 1.0), degrees(2, 1.0)), None);
    }
}
