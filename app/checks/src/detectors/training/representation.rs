//! T1.coverage: are groups that are frequent in serving under-represented in training?

use std::collections::BTreeSet;

use crate::detectors::data::column_drift;
use crate::detectors::rates::RateChange;
use crate::detectors::sides;
use crate::detectors::words::{count, name, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{
    CERTAINTY, REPRESENTATION_BEYOND_PARTS, REPRESENTATION_RATIO, REPRESENTATION_RATIO_POSSIBLE, REPRESENTATION_SHARE,
    REPRESENTATION_SHARE_POSSIBLE, SIGNIFICANCE,
};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::coverage::Group;
use domain::need::{Need, SharedColumns, Tables};
use domain::snapshot::SnapshotRole;
use domain::{Cause, Finding, Item, Task, Verdict};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("T1.coverage"),
    item: Item::T1,
    title: "Under-represented groups",
    looks_for: "Groups of rows (a category, a range of a number, or a pair of these) that are frequent in serving but were rare in training.",
    why_it_matters: "A model mostly learns from its most frequent rows. It knows little about a group with few training rows, and the average over a test set from the same source hides this.",
    how_it_decides: "Counts the values of up to {REPRESENTATION_COLUMNS} features, and all pairs of them. A mismatch: the group is at least {REPRESENTATION_SHARE:%} of the serve rows and at least {REPRESENTATION_RATIO} times as frequent as in train (lower end of the confidence interval), with p under {CERTAINTY} (Fisher's exact or z-test, corrected over all groups). Possible: {REPRESENTATION_SHARE_POSSIBLE:%} of the serve rows, {REPRESENTATION_RATIO_POSSIBLE} times as frequent, p under {SIGNIFICANCE}. A pair counts only if it is at least {REPRESENTATION_BEYOND_PARTS} times as frequent as the changes of its two values explain. Columns with a drift finding of their own and categories not seen in training are left to those checks.",
    try_next: "Measure the model's error on this group alone. Before training again, collect more such rows or give them a higher weight.",
    causes: &[Cause::ClassImbalance],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(features) = sides::features(measurements) else {
        return Judgement::missing(Need::train_and_serve());
    };
    let Some(measured) = &measurements.coverage else {
        return Judgement::missing(
            Tables::all([SnapshotRole::Train, SnapshotRole::Serve]).rows(200).sharing(1, SharedColumns::Features),
        );
    };
    let drifting: BTreeSet<&str> =
        features.iter().filter(|pair| column_drift::is_told(pair, measurements)).map(|pair| pair.name).collect();
    let mut found: Vec<(f64, Vec<&str>, Finding)> = measured
        .rarer
        .iter()
        .filter(|group| group.parts.iter().all(|part| !drifting.contains(part.column.as_str())))
        .filter_map(|group| {
            let finding = under_represented(group, measured.groups)?;
            Some((finding.effect.value, group.parts.iter().map(|part| part.column.as_str()).collect(), finding))
        })
        .collect();
    // A group of one column is simpler than the pairs that contain it, so it comes first.
    found.sort_by(|a, b| b.2.verdict.cmp(&a.2.verdict).then(a.1.len().cmp(&b.1.len())).then(b.0.total_cmp(&a.0)));
    let mut reported: BTreeSet<&str> = BTreeSet::new();
    let mut findings = Vec::new();
    for (_, columns, finding) in found {
        if columns.iter().all(|column| !reported.contains(column)) {
            reported.extend(columns);
            findings.push(finding);
        }
    }
    let summary = format!("Compared the shares of {} in train and serve.", count(measured.groups, "group"));
    Judgement::Judged { summary, findings }
}

fn under_represented(group: &Group, groups: u64) -> Option<Finding> {
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
    // A value not seen in training is another check's; a pair of known values may be new.
    if group.parts.iter().any(|part| part.train.hits == 0) {
        return None;
    }
    let by_parts = by_parts(group);
    if group.parts.len() > 1 && group.serve.value() < REPRESENTATION_BEYOND_PARTS * by_parts {
        return None;
    }
    let values: Vec<String> = group.parts.iter().map(|part| format!("{} {}", name(&part.column), part.value)).collect();
    let statement = format!(
        "Rows with {} are {} of the serve rows but only {} of the train rows.",
        values.join(" and "),
        percent(change.after()),
        percent(change.before()),
    );
    let columns: Vec<&str> = group.parts.iter().map(|part| part.column.as_str()).collect();
    let effect = Effect::new("share_ratio", ratio.value, REPRESENTATION_RATIO).with_interval(ratio.low, ratio.high);
    let finding = DETECTOR
        .finding(verdict, &columns, statement, effect, Certainty::p(p))
        .for_cause(Cause::ClassImbalance)
        .with_n("train", group.train.n)
        .with_n("serve", group.serve.n)
        .with_evidence("train rows in the group", format!("{} of {}", group.train.hits, count(group.train.n, "row")))
        .with_evidence("serve rows in the group", format!("{} of {}", group.serve.hits, count(group.serve.n, "row")))
        .with_evidence("how much more frequent", change.ratio_in_words());
    let finding = group.parts.iter().filter(|_| group.parts.len() > 1).fold(finding, |finding, part| {
        finding.with_evidence(
            format!("{} {} in train, in serve", name(&part.column), part.value),
            format!("{}, {}", percent(part.train.value()), percent(part.serve.value())),
        )
    });
    Some(match group.parts.len() {
        1 => finding,
        _ => finding
            .with_evidence("share in serve that the changes of the two values explain", percent(by_parts.min(1.0))),
    })
}

/// The expected share in serve if only the shares of the single values had changed since train.
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
    fn a_group_of_one_in_a_hundred_that_is_one_in_ten_in_serving_is_under_represented() {
        let found = judged(vec![group(vec![part("age", "60 to 70", 100, 500)], 100, 500)]);
        assert_eq!((found.len(), found[0].verdict), (1, Verdict::Mismatch));
        assert!((found[0].effect.value - 10.0).abs() < 1e-9);
        assert!(found[0].statement.contains("10 %") && found[0].statement.contains("1 %"), "{}", found[0].statement);
        assert!(found[0].evidence.iter().any(|line| line.value == "100 of 10,000 rows"), "{:?}", found[0].evidence);
        // Three times as frequent, but one serve row in fifty; and by chance.
        assert_eq!(judged(vec![group(vec![part("age", "60 to 70", 60, 100)], 60, 100)])[0].verdict, Verdict::Possible);
        assert!(judged(vec![group(vec![part("age", "60 to 70", 1_000, 700)], 1_000, 700)]).is_empty());
    }

    #[test]
    fn a_pair_counts_only_beyond_the_changes_of_its_values() {
        let alone = group(vec![part("city", "“Oslo”", 3_000, 1_500), part("plan", "“pro”", 2_000, 1_000)], 50, 400);
        let found = judged(vec![alone]);
        assert_eq!((found[0].verdict, found[0].columns.len()), (Verdict::Mismatch, 2));
        // The values became 4 and 2.5 times as frequent: together ten times as frequent is expected.
        let expected = group(vec![part("city", "“Oslo”", 500, 1_000), part("plan", "“pro”", 1_000, 1_250)], 50, 250);
        assert!(judged(vec![expected]).is_empty());
        // Two pairs of one column are reported once.
        let twice =
            |other: &str| group(vec![part("city", "“Oslo”", 3_000, 1_500), part(other, "“x”", 2_000, 1_000)], 50, 400);
        assert_eq!(judged(vec![twice("plan"), twice("sex")]).len(), 1);
        // A value not seen in training is another check's.
        assert!(judged(vec![group(vec![part("city", "“Bodø”", 0, 500)], 0, 500)]).is_empty());
    }

    #[test]
    fn a_column_with_a_drift_finding_is_not_reported_again() {
        let cities = |oslo: usize| words((0..1_000).map(|row| if row < oslo { "Oslo" } else { "Bergen" }));
        let mut measurements = measured(&vec![("city", cities(50))], &vec![("city", cities(500))]);
        let rarer = vec![group(vec![part("city", "“Oslo”", 500, 2_500)], 500, 2_500)];
        measurements.coverage = Some(CoverageMeasures { groups: 2, rarer });
        assert!(judge(&measurements).findings().is_empty());
    }
}
