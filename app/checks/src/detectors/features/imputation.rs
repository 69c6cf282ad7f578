//! F1.imputation: are missing values filled in the same way?

use crate::detectors::rates::RateChange;
use crate::detectors::sides::{self, Pair};
use crate::detectors::spikes::{self, Spike};
use crate::detectors::words::{chance, count, name, number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{CERTAINTY, SPIKE_SHARE};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::profile::NumericProfile;
use domain::{Cause, Finding, Item, Verdict};
use stats::quantiles::median;

pub static DETECTOR: Detector = Detector {
    id: "F1.imputation",
    item: Item::F1,
    title: "Imputation",
    looks_for: "Numbers that fill the gaps: one repeated value in training and another, or a gap, at serving.",
    why_it_matters: "Rows with a missing value are often special, and the model has learnt what the filler stands for. Filled otherwise, they look like ordinary rows with an ordinary value.",
    how_it_decides: "A value that makes up at least 1 % of an otherwise continuous column on one side, four times as much as on the other. It counts when the other side has a spike or missing values of its own instead, or when the value is the mean or median of training, and when both sides agree once the fillers are taken out.",
    try_next: "Fill missing values in the shared pipeline with constants fitted in training, and log how many were filled.",
    causes: &[Cause::ImputationDifference],
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(features) = sides::features(measurements) else {
        return Judgement::missing(sides::TRAIN_AND_SERVE);
    };
    let numeric: Vec<&Pair> = features.iter().filter(|pair| pair.numeric().is_some()).collect();
    let tests = numeric.len().max(1) as f64;
    let findings = numeric.iter().filter_map(|pair| filled_otherwise(pair, tests)).collect();
    Judgement::Judged {
        summary: format!("Looked for filled gaps in {}.", count(numeric.len() as u64, "number column")),
        findings,
    }
}

/// How gaps are treated on one side, as far as the distribution tells.
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
            let told = format!(
                "gaps are filled with {} in train ({} of the rows) and with {} at serving ({})",
                told(before.value, train),
                percent(before.change.after()),
                told(after.value, train),
                percent(after.change.after()),
            );
            (told, after.change.after().max(before.change.after()), after.change.p * before.change.p)
        }
        (Treatment::LeftMissing(gaps), Treatment::Filled(after)) if !spikes::stands_apart(serve, after.value) => {
            spikes::agree_without(train, serve, None, Some(after.value)).then_some(())?;
            let told = format!(
                "{} of the train rows have no value; at serving {} of the rows are {}",
                percent(gaps.after()),
                percent(after.change.after()),
                told(after.value, train),
            );
            (told, after.change.after(), after.change.p.max(gaps.p))
        }
        (Treatment::Filled(before), Treatment::LeftMissing(gaps)) => {
            spikes::agree_without(train, serve, Some(before.value), None).then_some(())?;
            let told = format!(
                "{} of the train rows are {}, which looks filled in; at serving {} of the rows have no value",
                percent(before.change.after()),
                told(before.value, train),
                percent(gaps.after()),
            );
            (told, before.change.after(), before.change.p.max(gaps.p))
        }
        (Treatment::Unknown, Treatment::Filled(after)) if !is_placeholder(serve, after.value) => {
            spikes::agree_without(train, serve, None, Some(after.value)).then_some(())?;
            let told = format!(
                "at serving {} of the rows are {}, which training had not",
                percent(after.change.after()),
                told(after.value, train)
            );
            (told, after.change.after(), after.change.p)
        }
        (Treatment::Filled(before), Treatment::Unknown) if !is_placeholder(train, before.value) => {
            spikes::agree_without(train, serve, Some(before.value), None).then_some(())?;
            let told = format!(
                "in train {} of the rows are {}, which serving has not",
                percent(before.change.after()),
                told(before.value, train)
            );
            (told, before.change.after(), before.change.p)
        }
        _ => return None,
    };
    let q = (p * tests).min(1.0);
    if q >= CERTAINTY {
        return None;
    }
    let statement = format!("{}: {statement} (p {}).", name(pair.name), chance(q));
    let finding = DETECTOR
        .finding(
            Verdict::Mismatch,
            &[pair.name],
            statement,
            Effect::new("filled_share", share, SPIKE_SHARE),
            Certainty::p(q),
        )
        .with_evidence("most frequent values in train", frequent(train))
        .with_evidence("most frequent values at serving", frequent(serve));
    Some(pair.sized(finding).for_cause(Cause::ImputationDifference))
}

/// A value that stands for "missing" rather than filling it with something likely.
fn is_placeholder(numbers: &NumericProfile, value: f64) -> bool {
    value == 0.0 || spikes::is_conventional(value) || spikes::stands_apart(numbers, value)
}

/// What `here` does with gaps: a spike that `there` has not, or clearly more missing values than `there`.
fn treatment(here: &NumericProfile, there: &NumericProfile, missing_here: RateChange) -> Treatment {
    if let Some(spike) = spikes::new_spike(here, there) {
        return Treatment::Filled(spike);
    }
    let more_missing = missing_here.difference() > SPIKE_SHARE;
    if more_missing && missing_here.p < CERTAINTY { Treatment::LeftMissing(missing_here) } else { Treatment::Unknown }
}

/// The value, and what it is if it is the mean or the median of training.
fn told(value: f64, train: &NumericProfile) -> String {
    let near = |other: f64| (value - other).abs() <= 0.02 * train.std;
    let what = match () {
        () if value == 0.0 => "",
        () if near(train.mean) => ", the training mean",
        () if near(median(&train.sorted)) => ", the training median",
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
