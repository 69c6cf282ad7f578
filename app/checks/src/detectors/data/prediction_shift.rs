//! D1.prediction_shift: does the model predict differently in serving than on its training rows?

use crate::detectors::classes::{class_changes, class_counts};
use crate::detectors::report::Bands;
use crate::detectors::sides::{self, Pair};
use crate::detectors::words::{medians_in_words, name, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{DRIFT_KS, DRIFT_KS_POSSIBLE, SMALLEST_SAMPLE};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::{Need, SharedColumns, Tables};
use domain::snapshot::ColumnRole;
use domain::snapshot::SnapshotRole;
use domain::{Cause, Finding, Item, Task, Verdict};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("D1.prediction_shift"),
    item: Item::D1,
    title: "Predictions and scores",
    looks_for: "Predictions or scores whose distribution differs between serving and the training rows.",
    why_it_matters: "This is the first sign of a problem that needs no labels. It is a consequence: an input changed, or a different model is running.",
    how_it_decides: "Predicted classes are compared by their share: a difference of {RATE_DIFFERENCE:%} of the rows or, for rare classes, a ratio of {RATE_RATIO} is a mismatch; from {RATE_DIFFERENCE_POSSIBLE:%} or {RATE_RATIO_POSSIBLE} it is possible. Scores are compared by the Kolmogorov-Smirnov statistic: a mismatch from {DRIFT_KS}, possible from {DRIFT_KS_POSSIBLE}. A mismatch needs q under {CERTAINTY}, possible needs q under {SIGNIFICANCE}. Scores on training rows may differ just because the model was fitted on these rows.",
    try_next: "Check the features first: a problem there explains this. If they match, compare the served predictions with those of the released model on the same rows.",
    causes: &[Cause::DistributionShift],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(pairs) = sides::pairs(measurements) else {
        return Judgement::missing(Need::train_and_serve());
    };
    let answers = pairs
        .into_iter()
        .filter(|pair| matches!(pair.role, ColumnRole::Prediction | ColumnRole::Score | ColumnRole::Probability));
    let answers: Vec<Pair> = answers.collect();
    let given = answers.len();
    let answers: Vec<Pair> = answers
        .into_iter()
        .filter(|pair| pair.train.non_null().min(pair.serve.non_null()) as f64 >= SMALLEST_SAMPLE)
        .collect();
    if answers.is_empty() && given > 0 {
        return sides::judged(measurements, 0, SharedColumns::Columns, String::new(), Vec::new());
    }
    if answers.is_empty() {
        return Judgement::missing(
            Tables::all([SnapshotRole::Train, SnapshotRole::Serve]).with([ColumnRole::Prediction, ColumnRole::Score]),
        );
    }
    let names: Vec<&str> = answers.iter().map(|pair| pair.name).collect();
    let summary = format!("Compared {} between train and serve.", crate::detectors::words::names(&names));
    Judgement::Judged { summary, findings: answers.iter().filter_map(shift).collect() }
}

fn shift(pair: &Pair) -> Option<Finding> {
    let finding = match (class_counts(pair.train), class_counts(pair.serve)) {
        (Some(train), Some(serve)) => class_shift(pair, &train, &serve),
        _ => score_shift(pair),
    }?;
    Some(pair.sized(finding).for_cause(Cause::DistributionShift))
}

fn class_shift(pair: &Pair, train: &[(String, u64)], serve: &[(String, u64)]) -> Option<Finding> {
    let moved = class_changes(train, serve).into_iter().next()?;
    let (verdict, effect) = moved.change.judge(moved.q);
    let statement = format!(
        "{} is “{}” in {} of serve rows, compared with {} of train rows.",
        name(pair.name),
        moved.class,
        percent(moved.change.after()),
        percent(moved.change.before()),
    );
    (verdict > Verdict::Clear).then(|| {
        DETECTOR
            .finding(verdict, &[pair.name], statement, effect, Certainty::q(moved.q))
            .with_evidence("change of the share", moved.change.ratio_in_words())
    })
}

fn score_shift(pair: &Pair) -> Option<Finding> {
    let (train, serve) = pair.numeric()?;
    let ks = pair.effect("ks_statistic")?;
    let verdict = Bands { possible: DRIFT_KS_POSSIBLE, mismatch: DRIFT_KS }.verdict(ks, pair.q());
    let statement = format!(
        "The scores in {} are distributed differently in serving than in training: {}.",
        name(pair.name),
        medians_in_words(&train.sorted, &serve.sorted),
    );
    let effect = Effect::new("ks_statistic", ks, DRIFT_KS);
    (verdict > Verdict::Clear)
        .then(|| DETECTOR.finding(verdict, &[pair.name], statement, effect, Certainty::q(pair.q())))
}
