//! D4.label_leakage_later: does a column predict the label in training but not later?

use crate::detectors::data::label_leakage::chance_of;
use crate::detectors::words::{count, name, number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{CERTAINTY, LEAK_LOST, LEAK_LOST_NOISE, LEAK_PATTERN, LEAK_PATTERN_POSSIBLE};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::leakage::{LabelLink, LeakageMeasures, PatternLink};
use domain::need::{Need, Tables};
use domain::snapshot::ColumnRole;
use domain::snapshot::SnapshotRole;
use domain::{Cause, Finding, Item, Task, Verdict};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("D4.label_leakage_later"),
    item: Item::D4,
    title: "Association with the label that disappears",
    looks_for: "A feature that is strongly associated with the label in training but not later: in serving it has the same value (or none) in almost every row, or the association is gone in validation or test rows.",
    why_it_matters: "A column that is filled in after the outcome (a fee, a reason, a closing date) predicts perfectly in historical data and is empty when the model needs it. A column that is computed from the train labels works only on the train rows.",
    how_it_decides: "First case: at least {LEAK_SAME_VALUE:%} of the serve rows have one value (or no value), and in training this value predicts the label. The strength of this association runs from zero (none) to one (perfect): it is a mismatch from {LEAK_PATTERN}, possible from {LEAK_PATTERN_POSSIBLE}. Second case: the feature has a strength of at least {LEAK_PATTERN} in training, and less than {LEAK_LOST:%} of it remains in validation or test rows, with {LEAK_LOST_NOISE} standard errors added. A mismatch needs p under {CERTAINTY}.",
    try_next: "Find out when the column is written. If it is written after the outcome, remove it from the features. If it is computed from the label, compute it out of fold.",
    causes: &[Cause::LabelLeakage],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    if measurements.roles.label().is_none() {
        return Judgement::missing(Need::column(ColumnRole::Label));
    }
    let Some(measured) = &measurements.leakage else {
        return Judgement::missing(Need::labelled_train());
    };
    let served = measurements.profile(SnapshotRole::Serve).is_some();
    let labelled = measured.columns.iter().any(|link| !link.later.is_empty());
    if !served && !labelled {
        return Judgement::missing(Need::any_of([
            Tables::all([SnapshotRole::Serve]).into(),
            Tables::one_of([SnapshotRole::Validation, SnapshotRole::Test]).with([ColumnRole::Label]).into(),
        ]));
    }
    let findings = measured
        .columns
        .iter()
        .filter_map(|link| fallen_back(link, measured, measurements).or_else(|| lost(link, measured)))
        .collect();
    let summary = format!(
        "Compared the association of {} with the label in train and in later rows.",
        count(measured.columns.len() as u64, "feature")
    );
    Judgement::Judged { summary, findings }
}

fn fallen_back(link: &LabelLink, measured: &LeakageMeasures, measurements: &Measurements) -> Option<Finding> {
    let PatternLink { value, train_share, serve_share, strength } = link.fallback.as_ref()?;
    let p = chance_of(*strength, measured);
    let verdict = match *strength {
        strength if strength >= LEAK_PATTERN && p < CERTAINTY => Verdict::Mismatch,
        strength if strength >= LEAK_PATTERN_POSSIBLE && p < CERTAINTY => Verdict::Possible,
        _ => return None,
    };
    let label = measurements.roles.label().unwrap_or_default();
    let same = value.as_ref().map_or_else(|| "missing".to_owned(), |value| format!("“{value}”"));
    let statement = format!(
        "{} is {same} in {} of serve rows, but in training this predicts {} (strength {} of 1): it looks filled in after the outcome.",
        name(&link.column),
        percent(serve_share.unwrap_or(1.0)),
        name(label),
        number(*strength),
    );
    let effect = Effect::new("label_association", *strength, LEAK_PATTERN);
    let finding = DETECTOR
        .finding(verdict, &[&link.column], statement, effect, Certainty::p(p))
        .with_evidence(format!("rows with {same} in train"), percent(*train_share));
    let served = measurements.profile(SnapshotRole::Serve).map_or(0, |profile| profile.rows);
    Some(finding.for_cause(Cause::LabelLeakage).with_n("train", measured.rows).with_n("serve", served))
}

fn lost(link: &LabelLink, measured: &LeakageMeasures) -> Option<Finding> {
    if link.strength < LEAK_PATTERN {
        return None;
    }
    let splits = [SnapshotRole::Validation, SnapshotRole::Test];
    let (role, (left, rows)) = splits.into_iter().find_map(|role| Some((role, *link.later.get(&role)?)))?;
    // The remaining strength must be small even with the noise of this number of rows.
    let noise = LEAK_LOST_NOISE * (1.0 / (rows.max(1) as f64)).sqrt();
    if left + noise > LEAK_LOST * link.strength {
        return None;
    }
    let p = link.p.max(chance_of(link.strength, measured));
    let statement = format!(
        "{} predicts the label with strength {} of 1 in training but only {} in {}: it may be computed from the train labels.",
        name(&link.column),
        number(link.strength),
        number(left),
        role.id(),
    );
    let effect = Effect::new("label_association", link.strength, LEAK_PATTERN);
    let verdict = if p < CERTAINTY { Verdict::Mismatch } else { Verdict::Possible };
    let finding = DETECTOR.finding(verdict, &[&link.column], statement, effect, Certainty::p(p));
    Some(finding.for_cause(Cause::LabelLeakage).with_n("train", measured.rows).with_n(role.id(), rows))
}

#[cfg(test)]
mod tests {
    use super::super::label_leakage::tests::{link, measured};
    use super::*;
    use domain::Profile;

    fn served(mut measurements: Measurements) -> Measurements {
        let serve =
            Profile { key: String::new(), rows: 500, sampled_rows: 500, duplicate_rows: 0, columns: Vec::new() };
        measurements.profiles.insert(SnapshotRole::Serve, serve);
        measurements
    }

    fn pattern(strength: f64) -> Option<PatternLink> {
        Some(PatternLink { value: Some("0".into()), train_share: 0.5, serve_share: Some(1.0), strength })
    }

    #[test]
    fn a_fee_that_serving_never_has_is_a_leak_if_it_predicts_the_label() {
        let fee = LabelLink { fallback: pattern(0.95), ..link("fee", 0.9, None) };
        let outage = LabelLink { fallback: pattern(0.05), ..link("speed", 0.9, None) };
        let found = judge(&served(measured(vec![fee, outage]))).findings();
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].verdict, found[0].columns[0].as_str(), found[0].n["serve"]),
            (Verdict::Mismatch, "fee", 500)
        );
    }

    #[test]
    fn a_relation_that_test_rows_do_not_have_is_a_leak_and_a_weaker_one_is_not() {
        let mut encoded = link("target encoding", 0.8, None);
        encoded.later.insert(SnapshotRole::Test, (0.03, 2_000));
        let mut weaker = link("delay", 0.8, None);
        weaker.later.insert(SnapshotRole::Test, (0.5, 2_000));
        let found = judge(&measured(vec![encoded, weaker])).findings();
        assert_eq!(found.iter().map(|finding| finding.columns[0].as_str()).collect::<Vec<_>>(), ["target encoding"]);
        assert!(matches!(judge(&measured(vec![link("delay", 0.9, None)])), Judgement::NoEvidence { .. }));
    }
}
