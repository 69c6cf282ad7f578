//! D1.prediction_shift: does the model answer differently than it did on its training rows?

use crate::detectors::classes::{class_changes, class_counts};
use crate::detectors::report::Bands;
use crate::detectors::sides::{self, Pair};
use crate::detectors::words::{chance, name, number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{DRIFT_KS, DRIFT_KS_POSSIBLE, SMALLEST_SAMPLE};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::snapshot::ColumnRole;
use domain::{Cause, Finding, Item, Verdict};
use stats::quantiles::median;

pub static DETECTOR: Detector = Detector {
    id: "D1.prediction_shift",
    item: Item::D1,
    title: "Predictions and scores",
    looks_for: "Predictions or scores that are distributed differently at serving than on the training rows.",
    why_it_matters: "It is the first sign that can be seen without labels, and it is a consequence: something upstream changed, or another model answers.",
    how_it_decides: "Classes by the change of their share (as for the label), scores by the Kolmogorov-Smirnov statistic. Scores of rows the model was fitted on may differ for that reason alone.",
    try_next: "Look at the features first: a fault there explains this. If they agree, compare the served predictions with those of the released model on the same rows.",
    causes: &[Cause::DistributionShift],
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(pairs) = sides::pairs(measurements) else {
        return Judgement::missing(sides::TRAIN_AND_SERVE);
    };
    let answers: Vec<Pair> = pairs
        .into_iter()
        .filter(|pair| matches!(pair.role, ColumnRole::Prediction | ColumnRole::Score))
        .filter(|pair| pair.train.non_null().min(pair.serve.non_null()) as f64 >= SMALLEST_SAMPLE)
        .collect();
    if answers.is_empty() {
        return Judgement::missing("predictions or scores in both train and serve");
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
    let told = class_changes(train, serve).into_iter().next()?;
    let (verdict, effect) = told.change.judge(told.q);
    let statement = format!(
        "{} answers “{}” in {} of serve rows against {} of train ({}, q {}).",
        name(pair.name),
        told.class,
        percent(told.change.after()),
        percent(told.change.before()),
        told.change.ratio_in_words(),
        chance(told.q),
    );
    (verdict > Verdict::Clear).then(|| DETECTOR.finding(verdict, &[pair.name], statement, effect, Certainty::q(told.q)))
}

fn score_shift(pair: &Pair) -> Option<Finding> {
    let (train, serve) = pair.numeric()?;
    let ks = pair.effect("ks_statistic")?;
    let verdict = Bands { possible: DRIFT_KS_POSSIBLE, mismatch: DRIFT_KS }.verdict(ks, pair.q());
    let statement = format!(
        "The scores in {} are distributed differently at serving: median {} in train, {} at serving (Kolmogorov-Smirnov {ks:.2}, q {}).",
        name(pair.name),
        number(median(&train.sorted)),
        number(median(&serve.sorted)),
        chance(pair.q()),
    );
    let effect = Effect::new("ks_statistic", ks, DRIFT_KS);
    (verdict > Verdict::Clear)
        .then(|| DETECTOR.finding(verdict, &[pair.name], statement, effect, Certainty::q(pair.q())))
}
