//! T3.near_duplicates: are test rows training rows but for a trifle?

use crate::detectors::rates::RateChange;
use crate::detectors::training::row_overlap::SPLITS;
use crate::detectors::words::{chance, count, name, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{CERTAINTY, NEAR_DUPLICATES, NEAR_DUPLICATES_FOLD, NEAR_DUPLICATES_POSSIBLE, SIGNIFICANCE};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::near_duplicates::NearDuplicates;
use domain::{Cause, Finding, Item, Verdict};
use stats::intervals::wilson;

pub static DETECTOR: Detector = Detector {
    id: "T3.near_duplicates",
    item: Item::T3,
    title: "Nearly the same rows in two splits",
    looks_for: "Rows of the test (or validation) set that are a training row but for rounding, case and spaces, or one cell.",
    why_it_matters: "Copies that were rounded, edited or augmented before the split pass a check for equal rows, and are known by heart all the same.",
    how_it_decides: "Up to 5,000 seeded later rows are looked up among the sampled earlier rows that agree in one of three groups of columns, at most 32 candidates each; a near twin differs in at most one cell, numbers within 1 % of their standard deviation counting as equal, and is no exact copy. The share with a near twin must be 2 points over (possible from 0.5), and at least twice, that of training rows among themselves, p under 0.0001 (possible 0.01). Tables of fewer than four columns are not judged.",
    try_next: "Look at a few pairs and at the columns in which they differ; remove such twins, or split by a key that keeps them together.",
    causes: &[Cause::RowOverlap],
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    if measurements.split_overlaps.is_empty() {
        return Judgement::missing(SPLITS);
    }
    if measurements.near_duplicates.is_empty() {
        return Judgement::missing("two splits with at least four columns in common");
    }
    let rows = measurements.near_duplicates.iter().map(|pair| pair.shared.n).sum();
    let summary = format!("Looked for near twins of {} in an earlier split.", count(rows, "row"));
    Judgement::Judged { summary, findings: measurements.near_duplicates.iter().filter_map(twins).collect() }
}

fn twins(pair: &NearDuplicates) -> Option<Finding> {
    let change = RateChange::new(pair.by_nature, pair.shared);
    let verdict = match change.difference() {
        _ if change.ratio().value < NEAR_DUPLICATES_FOLD => return None,
        more if more >= NEAR_DUPLICATES && change.p < CERTAINTY => Verdict::Mismatch,
        more if more >= NEAR_DUPLICATES_POSSIBLE && change.p < SIGNIFICANCE => Verdict::Possible,
        _ => return None,
    };
    let (earlier, later) = (pair.earlier.id(), pair.later.id());
    let sampled = if pair.looked_at < 1.0 {
        format!(" ({} of the {earlier} rows were looked at)", percent(pair.looked_at))
    } else {
        String::new()
    };
    let statement = format!(
        "{} of the {later} rows ({} of {}) are a {earlier} row but for rounding, spelling or one cell{sampled}; {earlier} rows are so alike in {} (p {}).",
        percent(change.after()),
        pair.shared.hits,
        pair.shared.n,
        percent(change.before()),
        chance(change.p),
    );
    let columns: Vec<&str> = pair.columns.iter().map(String::as_str).collect();
    let share = wilson(pair.shared);
    let effect = Effect::new("near_twins", share.value, NEAR_DUPLICATES).with_interval(share.low, share.high);
    let mut finding = DETECTOR.finding(verdict, &columns, statement, effect, Certainty::p(change.p));
    finding.id = Finding::id_of(DETECTOR.id, &[earlier.to_owned(), later.to_owned()]);
    let finding = finding.for_cause(Cause::RowOverlap).with_n(earlier, pair.by_nature.n).with_n(later, pair.shared.n);
    Some(pair.differing.iter().take(5).fold(finding, |finding, (column, rows)| {
        finding.with_evidence(format!("twins that differ in {}", name(column)), count(*rows, "row"))
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
    fn twins_count_beyond_what_is_alike_by_nature() {
        let found = judged(Share::new(60, 1_000), Share::new(2, 1_000));
        assert_eq!((found[0].verdict, found[0].cause), (Verdict::Mismatch, Some(Cause::RowOverlap)));
        assert!(found[0].statement.starts_with("6 % of the test rows (60 of 1000)"), "{}", found[0].statement);
        // Alike by nature: 30 % against 36 %; and a handful of rows.
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
