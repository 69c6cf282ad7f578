//! T3.near_duplicates: do test rows match training rows except for small differences?

use crate::detectors::rates::RateChange;
use crate::detectors::words::{count, name, of, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{CERTAINTY, NEAR_DUPLICATES, NEAR_DUPLICATES_FOLD, NEAR_DUPLICATES_POSSIBLE, SIGNIFICANCE};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::near_duplicates::NearDuplicates;
use domain::need::{Need, SharedColumns, Tables};
use domain::snapshot::SnapshotRole;
use domain::{Cause, Finding, Item, Task, Verdict};
use stats::intervals::wilson;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("T3.near_duplicates"),
    item: Item::T3,
    title: "Near-duplicate rows in two splits",
    looks_for: "Rows of the test (or validation) set that match a training row except for rounding, case and spaces, or one cell.",
    why_it_matters: "Copies that were rounded, edited or augmented before the split pass a check for equal rows, but the model may still have memorised them.",
    how_it_decides: "Searches up to {NEAR_DUPLICATES_ROWS} randomly sampled rows of the later split among the sampled earlier rows that agree in one of {NEAR_DUPLICATES_GROUPS} groups of columns, with at most {NEAR_DUPLICATES_CANDIDATES} candidates each. A near duplicate differs in at most one cell and is not an exact copy; numbers within {NEAR_DUPLICATES_ROUNDING:%} of the column's standard deviation count as equal. A mismatch: the share of rows with a near duplicate is {NEAR_DUPLICATES:%} of the rows higher than among training rows, and at least {NEAR_DUPLICATES_FOLD} times as high, with p under {CERTAINTY}. Possible: {NEAR_DUPLICATES_POSSIBLE:%} higher, with p under {SIGNIFICANCE}. Tables with fewer than {NEAR_DUPLICATES_COLUMNS} columns are not judged.",
    try_next: "Compare a few pairs and the columns in which they differ. Remove the near duplicates, or split by a key that keeps them together.",
    causes: &[Cause::RowOverlap],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    if measurements.split_overlaps.is_empty() {
        return Judgement::missing(Need::splits());
    }
    if measurements.near_duplicates.is_empty() {
        return Judgement::missing(
            Tables::all([SnapshotRole::Train])
                .and_one_of([SnapshotRole::Test, SnapshotRole::Validation])
                .sharing(4, SharedColumns::Columns),
        );
    }
    let rows = measurements.near_duplicates.iter().map(|pair| pair.shared.n).sum();
    let summary = format!("Searched for near duplicates of {} in an earlier split.", count(rows, "row"));
    Judgement::Judged { summary, findings: measurements.near_duplicates.iter().filter_map(copied).collect() }
}

fn copied(pair: &NearDuplicates) -> Option<Finding> {
    let change = RateChange::new(pair.by_nature, pair.shared);
    let verdict = match change.difference() {
        _ if change.ratio().value < NEAR_DUPLICATES_FOLD => return None,
        more if more >= NEAR_DUPLICATES && change.p < CERTAINTY => Verdict::Mismatch,
        more if more >= NEAR_DUPLICATES_POSSIBLE && change.p < SIGNIFICANCE => Verdict::Possible,
        _ => return None,
    };
    let (earlier, later) = (pair.earlier.id(), pair.later.id());
    let statement = format!(
        "{} of the {later} rows match a {earlier} row except for rounding, spelling or one cell.",
        percent(change.after()),
    );
    let columns: Vec<&str> = pair.columns.iter().map(String::as_str).collect();
    let share = wilson(pair.shared);
    let effect = Effect::new("near_twins", share.value, NEAR_DUPLICATES).with_interval(share.low, share.high);
    let mut finding = DETECTOR.finding(verdict, &columns, statement, effect, Certainty::p(change.p));
    finding.id = Finding::id_of(&DETECTOR.id, &[earlier.to_owned(), later.to_owned()]);
    let finding = finding
        .for_cause(Cause::RowOverlap)
        .with_n(earlier, pair.by_nature.n)
        .with_n(later, pair.shared.n)
        .with_evidence(format!("{later} rows with a near duplicate"), of(pair.shared.hits, pair.shared.n))
        .with_evidence(format!("near duplicates among {earlier} rows"), percent(change.before()))
        .with_evidence(format!("{earlier} rows searched"), percent(pair.looked_at));
    Some(pair.differing.iter().take(5).fold(finding, |finding, (column, rows)| {
        finding.with_evidence(format!("near duplicates that differ in {}", name(column)), count(*rows, "row"))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::training::row_overlap::tests::pair;
    use domain::snapshot::SnapshotRole;
    use stats::intervals::Share;

    fn judged(shared: Share, by_nature: Share) -> Vec<Finding> {
        let near = NearDuplicates {
            earlier: SnapshotRole::Train,
            later: SnapshotRole::Test,
            columns: ["a", "b", "c", "paid"].map(String::from).to_vec(),
            shared,
            by_nature,
            looked_at: 1.0,
            differing: vec![("a".into(), shared.hits)],
        };
        judge(&Measurements { split_overlaps: vec![pair()], near_duplicates: vec![near], ..Measurements::default() })
            .findings()
    }

    #[test]
    fn near_duplicates_count_beyond_those_among_train_rows() {
        let found = judged(Share::new(60, 1_000), Share::new(2, 1_000));
        assert_eq!((found[0].verdict, found[0].cause), (Verdict::Mismatch, Some(Cause::RowOverlap)));
        assert!(found[0].statement.starts_with("6 % of the test rows match"), "{}", found[0].statement);
        assert!(found[0].evidence.iter().any(|line| line.value == "60 of 1,000"), "{:?}", found[0].evidence);
        // Similar rows are usual: 30 % against 36 %; and a few rows only.
        assert!(judged(Share::new(360, 1_000), Share::new(300, 1_000)).is_empty());
        assert!(judged(Share::new(3, 1_000), Share::new(0, 1_000)).is_empty());
        assert_eq!(judged(Share::new(12, 1_000), Share::new(0, 1_000))[0].verdict, Verdict::Possible);
    }

    #[test]
    fn without_splits_nothing_is_judged() {
        assert!(matches!(judge(&Measurements::default()), Judgement::NoEvidence { .. }));
        let narrow = Measurements { split_overlaps: vec![pair()], ..Measurements::default() };
        assert!(matches!(judge(&narrow), Judgement::NoEvidence { .. }));
    }
}
