//! T1.coverage: were groups that serving often sees hardly there in training?

use std::collections::BTreeSet;

use crate::detectors::data::column_drift;
use crate::detectors::rates::RateChange;
use crate::detectors::sides;
use crate::detectors::words::{chance, count, name, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{
    CERTAINTY, REPRESENTATION_BEYOND_PARTS, REPRESENTATION_RATIO, REPRESENTATION_RATIO_POSSIBLE, REPRESENTATION_SHARE,
    REPRESENTATION_SHARE_POSSIBLE, SIGNIFICANCE,
};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::coverage::Group;
use domain::{Cause, Finding, Item, Verdict};

pub static DETECTOR: Detector = Detector {
    id: "T1.coverage",
    item: Item::T1,
    title: "Groups that training hardly had",
    looks_for: "Groups of rows (a category, a band of a number, or two of them together) that are frequent at serving and were rare in training.",
    why_it_matters: "A model is fitted to where most of its rows were. For a group of a few training rows it has learnt next to nothing, and the average of a test set made the same way hides it.",
    how_it_decides: "Values of up to 12 features and all pairs of them. A mismatch: the group is at least 5 % of the serve rows and, at the lower end of the 95 % interval, three times as frequent as in train, with p under 0.0001 (Fisher or z, corrected over all groups); possible from 2 % and twice. A pair counts only if it is at least twice as frequent as its two parts let expect. Columns whose own drift is told already and categories that training never had are left to those checks.",
    try_next: "Look at the model's error on the group alone; collect more such rows, or weigh them up, before training again.",
    causes: &[Cause::ClassImbalance],
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(features) = sides::features(measurements) else {
        return Judgement::missing(sides::TRAIN_AND_SERVE);
    };
    let Some(measured) = &measurements.coverage else {
        return Judgement::missing("at least 200 train and 200 serve rows with a feature that both have");
    };
    let drifting: BTreeSet<&str> =
        features.iter().filter(|pair| column_drift::is_told(pair, measurements)).map(|pair| pair.name).collect();
    let mut found: Vec<(f64, Vec<&str>, Finding)> = measured
        .rarer
        .iter()
        .filter(|group| group.parts.iter().all(|part| !drifting.contains(part.column.as_str())))
        .filter_map(|group| {
            let finding = under_covered(group, measured.groups)?;
            Some((finding.effect.value, group.parts.iter().map(|part| part.column.as_str()).collect(), finding))
        })
        .collect();
    // A group of one column says more simply what its pairs say again.
    found.sort_by(|a, b| b.2.verdict.cmp(&a.2.verdict).then(a.1.len().cmp(&b.1.len())).then(b.0.total_cmp(&a.0)));
    let mut told: BTreeSet<&str> = BTreeSet::new();
    let mut findings = Vec::new();
    for (_, columns, finding) in found {
        if columns.iter().all(|column| !told.contains(column)) {
            told.extend(columns);
            findings.push(finding);
        }
    }
    let summary = format!("Counted the rows of {} on both sides.", count(measured.groups, "group"));
    Judgement::Judged { summary, findings }
}

fn under_covered(group: &Group, groups: u64) -> Option<Finding> {
    let change = RateChange::new(group.train, group.serve);
    let p = (change.p * groups as f64).min(1.0);
    let ratio = change.ratio();
    let bands =
        |share: f64, least: f64, certainty: f64| group.serve.value() >= share && ratio.low >= least && p < certainty;
    let verdict = match () {
        () if bands(REPRESENTATION_SHARE, REPRESENTATION_RATIO, CERTAINTY) => Verdict::Mismatch,
        () if bands(REPRESENTATION_SHARE_POSSIBLE, REPRESENTATION_RATIO_POSSIBLE, SIGNIFICANCE) => Verdict::Possible,
        () => return None,
    };
    // A value that training never had is told as unseen; a pair of known values may well be new.
    if group.parts.iter().any(|part| part.train.hits == 0) {
        return None;
    }
    let by_parts = by_parts(group);
    if group.parts.len() > 1 && group.serve.value() < REPRESENTATION_BEYOND_PARTS * by_parts {
        return None;
    }
    let told: Vec<String> = group.parts.iter().map(|part| format!("{} {}", name(&part.column), part.value)).collect();
    let statement = format!(
        "Rows with {} are {} of serve rows but {} of train rows ({} of {}): {}, p {}.",
        told.join(" and "),
        percent(change.after()),
        percent(change.before()),
        group.train.hits,
        count(group.train.n, "row"),
        change.ratio_in_words(),
        chance(p),
    );
    let columns: Vec<&str> = group.parts.iter().map(|part| part.column.as_str()).collect();
    let effect = Effect::new("share_ratio", ratio.value, REPRESENTATION_RATIO).with_interval(ratio.low, ratio.high);
    let finding = DETECTOR
        .finding(verdict, &columns, statement, effect, Certainty::p(p))
        .for_cause(Cause::ClassImbalance)
        .with_n("train", group.train.n)
        .with_n("serve", group.serve.n);
    let finding = group.parts.iter().filter(|_| group.parts.len() > 1).fold(finding, |finding, part| {
        finding.with_evidence(
            format!("{} {} in train, at serving", name(&part.column), part.value),
            format!("{}, {}", percent(part.train.value()), percent(part.serve.value())),
        )
    });
    Some(match group.parts.len() {
        1 => finding,
        _ => finding.with_evidence("share at serving that the parts let expect", percent(by_parts.min(1.0))),
    })
}

/// The share at serving if the parts went together as in train and only their own shares had changed.
fn by_parts(group: &Group) -> f64 {
    let moved = group.parts.iter().map(|part| part.serve.value() / part.train.value());
    moved.fold(group.train.value(), |share, moved| share * moved)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::testing::{bell_pair, measured, words};
    use domain::measurements::coverage::{CoverageMeasures, GroupPart};

    fn part(column: &str, value: &str, train: u64, serve: u64) -> GroupPart {
        let (train, serve) = (Share::new(train, 10_000), Share::new(serve, 5_000));
        GroupPart { column: column.into(), value: value.into(), train, serve }
    }

    fn group(parts: Vec<GroupPart>, train: u64, serve: u64) -> Group {
        Group { parts, train: Share::new(train, 10_000), serve: Share::new(serve, 5_000) }
    }

    fn judged(rarer: Vec<Group>) -> Vec<Finding> {
        let (train, serve) = bell_pair();
        let mut measurements = measured(&train, &serve);
        measurements.coverage = Some(CoverageMeasures { groups: 1_000, rarer });
        judge(&measurements).findings()
    }
    use stats::intervals::Share;

    #[test]
    fn a_group_of_one_in_a_hundred_that_is_one_in_ten_at_serving_is_under_covered() {
        let found = judged(vec![group(vec![part("age", "60 to 70", 100, 500)], 100, 500)]);
        assert_eq!((found.len(), found[0].verdict), (1, Verdict::Mismatch));
        assert!((found[0].effect.value - 10.0).abs() < 1e-9);
        assert!(found[0].statement.contains("10 %") && found[0].statement.contains("100 of 10,000 rows"));
        // Three times as frequent, but one serve row in fifty; and by chance.
        assert_eq!(judged(vec![group(vec![part("age", "60 to 70", 60, 100)], 60, 100)])[0].verdict, Verdict::Possible);
        assert!(judged(vec![group(vec![part("age", "60 to 70", 1_000, 700)], 1_000, 700)]).is_empty());
    }

    #[test]
    fn a_pair_must_say_more_than_its_parts() {
        let alone = group(vec![part("city", "“Oslo”", 3_000, 1_500), part("plan", "“pro”", 2_000, 1_000)], 50, 400);
        let found = judged(vec![alone]);
        assert_eq!((found[0].verdict, found[0].columns.len()), (Verdict::Mismatch, 2));
        // The parts became 4 and 2.5 times as frequent: eight times together is what they let expect.
        let expected = group(vec![part("city", "“Oslo”", 500, 1_000), part("plan", "“pro”", 1_000, 1_250)], 50, 250);
        assert!(judged(vec![expected]).is_empty());
        // Two pairs of one column are told once.
        let twice =
            |other: &str| group(vec![part("city", "“Oslo”", 3_000, 1_500), part(other, "“x”", 2_000, 1_000)], 50, 400);
        assert_eq!(judged(vec![twice("plan"), twice("sex")]).len(), 1);
        // A value that training never had is another check's.
        assert!(judged(vec![group(vec![part("city", "“Bodø”", 0, 500)], 0, 500)]).is_empty());
    }

    #[test]
    fn a_column_whose_drift_is_told_is_not_told_again() {
        let cities = |oslo: usize| words((0..1_000).map(|row| if row < oslo { "Oslo" } else { "Bergen" }));
        let mut measurements = measured(&vec![("city", cities(50))], &vec![("city", cities(500))]);
        let rarer = vec![group(vec![part("city", "“Oslo”", 500, 2_500)], 500, 2_500)];
        measurements.coverage = Some(CoverageMeasures { groups: 2, rarer });
        assert!(judge(&measurements).findings().is_empty());
    }
}
