//! F1.imputation: are missing values filled in the same way on both sides?

use crate::detectors::rates::RateChange;
use crate::detectors::sides::{self, Pair};
use crate::detectors::spikes::{self, Spike};
use crate::detectors::words::{count, name, number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{CERTAINTY, FILLER_NEAR, SPIKE_SHARE};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::{Need, SharedColumns};
use domain::profile::NumericProfile;
use domain::{Cause, Finding, Item, Task, Verdict};
use stats::quantiles::median;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("F1.imputation"),
    item: Item::F1,
    title: "Imputation",
    looks_for: "Missing values that are filled with one number in training, but with another number (or not at all) in serving, or the reverse.",
    why_it_matters: "Rows with a missing value are often special, and the model learned what the filled value means. With a different fill value they look like ordinary rows.",
    how_it_decides: "The check looks for one value that makes up at least {SPIKE_SHARE:%} of a continuous column on one side and is at least {SPIKE_RATIO} times as frequent as on the other side, or that has more decimals than any value of the other side. The other side may have another such value, at least {SPIKE_SHARE:%} more rows of a usual value, or at least {SPIKE_SHARE:%} more missing values. Both sides must match after removing the fill values: at most {SPIKE_LEFT:%} of the difference, or what chance gives, may remain. Zero and usual placeholders alone do not count. It is a mismatch with p under {CERTAINTY} (corrected over the columns).",
    try_next: "Fill missing values in the shared pipeline with constants fitted in training, and log how many values were filled.",
    causes: &[Cause::ImputationDifference],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(features) = sides::features(measurements) else {
        return Judgement::missing(Need::train_and_serve());
    };
    let numeric: Vec<&Pair> = features.iter().filter(|pair| pair.numeric().is_some()).collect();
    let tests = numeric.len().max(1) as f64;
    let findings = numeric.iter().filter_map(|pair| filled_otherwise(pair, tests)).collect();
    let summary = format!("Looked for filled missing values in {}.", count(numeric.len() as u64, "number column"));
    sides::judged(measurements, numeric.len(), SharedColumns::NumericFeatures, summary, findings)
}

/// How missing values are treated on one side, as far as the distribution shows.
enum Treatment {
    Filled(Spike),
    LeftMissing(RateChange),
    Unknown,
}

fn filled_otherwise(pair: &Pair, tests: f64) -> Option<Finding> {
    let (train, serve) = pair.numeric()?;
    let in_train = treatment(train, serve, pair.missing_change().reversed());
    let in_serve = treatment(serve, train, pair.missing_change());
    let (statement, share, p) = match (&in_train, &in_serve) {
        (Treatment::Filled(before), Treatment::Filled(after)) => {
            spikes::agree_without(train, serve, Some(before.value), Some(after.value)).then_some(())?;
            let words = format!(
                "fills missing values with {} in train ({} of the rows) and with {} in serving ({})",
                described(before.value, train),
                percent(before.change.after()),
                described(after.value, train),
                percent(after.change.after()),
            );
            (words, after.change.after().max(before.change.after()), after.change.p * before.change.p)
        }
        (Treatment::LeftMissing(gaps), Treatment::Filled(after)) if !spikes::stands_apart(serve, after.value) => {
            spikes::agree_without(train, serve, None, Some(after.value)).then_some(())?;
            let words = format!(
                "is missing in {} of train rows, but in serving {} of the rows are {}",
                percent(gaps.after()),
                percent(after.change.after()),
                described(after.value, train),
            );
            (words, after.change.after(), after.change.p.max(gaps.p))
        }
        (Treatment::Filled(before), Treatment::LeftMissing(gaps)) => {
            spikes::agree_without(train, serve, Some(before.value), None).then_some(())?;
            let words = format!(
                "is {} in {} of train rows, which looks filled in, but it is missing in {} of serve rows",
                described(before.value, train),
                percent(before.change.after()),
                percent(gaps.after()),
            );
            (words, before.change.after(), before.change.p.max(gaps.p))
        }
        (Treatment::Unknown, Treatment::Filled(after)) if filled_with_a_usual_value(serve, train, after).is_some() => {
            let before = filled_with_a_usual_value(serve, train, after)?;
            let words = format!(
                "is {} in {} of serve rows, which looks filled in; in train {} is as much more frequent ({} of the rows, {} in serving)",
                described(after.value, train),
                percent(after.change.after()),
                described(before.value, train),
                percent(before.change.after()),
                percent(before.change.before()),
            );
            (words, after.change.after(), after.change.p.max(before.change.p))
        }
        (Treatment::Unknown, Treatment::Filled(after)) if !is_placeholder(serve, after.value) => {
            spikes::agree_without(train, serve, None, Some(after.value)).then_some(())?;
            let words = format!(
                "is {} in {} of serve rows, a repeated value that was not seen in training",
                described(after.value, train),
                percent(after.change.after()),
            );
            (words, after.change.after(), after.change.p)
        }
        (Treatment::Filled(before), Treatment::Unknown)
            if filled_with_a_usual_value(train, serve, before).is_some() =>
        {
            let after = filled_with_a_usual_value(train, serve, before)?;
            let words = format!(
                "is {} in {} of train rows, which looks filled in; in serving {} is as much more frequent ({} of the rows, {} in train)",
                described(before.value, train),
                percent(before.change.after()),
                described(after.value, train),
                percent(after.change.after()),
                percent(after.change.before()),
            );
            (words, before.change.after(), before.change.p.max(after.change.p))
        }
        (Treatment::Filled(before), Treatment::Unknown) if !is_placeholder(train, before.value) => {
            spikes::agree_without(train, serve, Some(before.value), None).then_some(())?;
            let words = format!(
                "is {} in {} of train rows, a repeated value that was not seen in serving",
                described(before.value, train),
                percent(before.change.after()),
            );
            (words, before.change.after(), before.change.p)
        }
        _ => return None,
    };
    let q = (p * tests).min(1.0);
    if q >= CERTAINTY {
        return None;
    }
    let statement = format!("{} {statement}.", name(pair.name));
    let finding = DETECTOR
        .finding(
            Verdict::Mismatch,
            &[pair.name],
            statement,
            Effect::new("filled_share", share, SPIKE_SHARE),
            Certainty::p(q),
        )
        .with_evidence("most frequent values in train", frequent(train))
        .with_evidence("most frequent values in serve", frequent(serve));
    Some(pair.sized(finding).for_cause(Cause::ImputationDifference))
}

/// The value that `there` fills in instead of the spike of `here`, if it is also a usual value: it is more frequent there,
/// and nothing else changed.
fn filled_with_a_usual_value(here: &NumericProfile, there: &NumericProfile, spike: &Spike) -> Option<Spike> {
    let grown = spikes::grown_value(there, here).filter(|_| !is_placeholder(here, spike.value))?;
    spikes::agree_without_growth(here, there, spike.value, &grown).then_some(grown)
}

/// Whether a value means "missing", rather than being a likely value that fills the gap.
fn is_placeholder(numbers: &NumericProfile, value: f64) -> bool {
    value == 0.0 || spikes::is_conventional(value) || spikes::stands_apart(numbers, value)
}

/// What `here` does with missing values: a spike that `there` does not have, or clearly more missing values than `there`.
fn treatment(here: &NumericProfile, there: &NumericProfile, missing_here: RateChange) -> Treatment {
    if let Some(spike) = spikes::new_spike(here, there) {
        return Treatment::Filled(spike);
    }
    let more_missing = missing_here.difference() > SPIKE_SHARE;
    if more_missing && missing_here.p < CERTAINTY { Treatment::LeftMissing(missing_here) } else { Treatment::Unknown }
}

/// The value, and whether it is the mean or the median of training.
fn described(value: f64, train: &NumericProfile) -> String {
    let near = |other: f64| (value - other).abs() <= FILLER_NEAR * train.std;
    let what = match () {
        () if value == 0.0 => "",
        () if near(train.mean) => " (the training mean)",
        () if near(median(&train.sorted)) => " (the training median)",
        () => "",
    };
    format!("{}{what}", number(value))
}

fn frequent(numbers: &NumericProfile) -> String {
    let shown: Vec<String> = numbers
        .modes
        .iter()
        .take(3)
        .map(|(value, share)| format!("{} ({})", number(*value), percent(*share)))
        .collect();
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::testing::{Values, draws, exponential, measured, numbers};

    /// Lead times of which 7 % are zero, and every sixth filled with a value.
    fn filled(seed: u64, rows: usize, filler: f64) -> Values {
        let days = draws(seed, rows, |rng| if rng.next_f64() < 0.07 { 0.0 } else { (90.0 * exponential(rng)).ceil() });
        numbers(days.into_iter().enumerate().map(move |(row, day)| if row % 6 == 0 { filler } else { day }))
    }

    /// Ages in whole years of which every twentieth is filled.
    fn ages(seed: u64, filler: f64) -> Values {
        let years = draws(seed, 900, |rng| (18.0 + 60.0 * rng.next_f64()).floor());
        numbers(years.into_iter().enumerate().map(move |(row, age)| if row % 20 == 0 { filler } else { age }))
    }

    #[test]
    fn a_mean_among_whole_numbers_is_seen_however_frequent_they_are() {
        assert_eq!(causes(ages(1, 47.6), ages(2, 0.0)), [Some(Cause::ImputationDifference)]);
        assert_eq!(causes(ages(1, 47.6), ages(2, 47.6)), []);
        assert_eq!(causes(ages(1, 47.0), ages(2, 47.0)), []);
    }

    fn causes(train: Values, serve: Values) -> Vec<Option<Cause>> {
        let measured = measured(&vec![("lead_time", train)], &vec![("lead_time", serve)]);
        judge(&measured).findings().iter().map(|finding| finding.cause).collect()
    }

    #[test]
    fn a_usual_value_may_be_the_filler_of_the_other_side() {
        let expected = [Some(Cause::ImputationDifference)];
        assert_eq!(causes(filled(1, 2_000, 92.3), filled(2, 1_600, 0.0)), expected);
        assert_eq!(causes(filled(1, 2_000, 0.0), filled(2, 1_600, 92.3)), expected);
    }

    #[test]
    fn the_same_filler_and_another_distribution_are_no_difference() {
        assert_eq!(causes(filled(1, 2_000, 92.3), filled(2, 1_600, 92.3)), []);
        // Mostly zeros: a placeholder in some of the rows takes zeros away, as it takes all values.
        let rain = |seed, placeholder: f64| {
            let mostly_dry = draws(seed, 2_000, |rng| if rng.next_f64() < 0.9 { 0.0 } else { exponential(rng) });
            numbers(mostly_dry.into_iter().enumerate().map(move |(row, x)| if row % 15 == 0 { placeholder } else { x }))
        };
        assert_eq!(causes(rain(1, 0.0), rain(2, -1.0)), []);
        let longer = draws(3, 1_600, |rng| if rng.next_f64() < 0.3 { 0.0 } else { (400.0 * exponential(rng)).ceil() });
        assert_eq!(causes(filled(1, 2_000, 92.3), numbers(longer)), [], "the other rows changed too");
    }
}
