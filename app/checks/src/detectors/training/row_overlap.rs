//! T3.row_overlap: are test rows also training rows?

use crate::detectors::rates::RateChange;
use crate::detectors::words::{count, of, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{CERTAINTY, OVERLAP_ROWS, OVERLAP_ROWS_POSSIBLE, SIGNIFICANCE};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::overlap::{RowOverlap, SplitOverlap};
use domain::need::Need;
use domain::snapshot::ColumnRole;
use domain::{Cause, Finding, Item, Task, Verdict};
use stats::intervals::wilson;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("T3.row_overlap"),
    item: Item::T3,
    title: "Rows in two splits",
    looks_for: "Rows of the test (or validation) set that equal a training row in every feature and in the label, whatever their id and time.",
    why_it_matters: "The model has seen these rows and their labels. They measure memory, and they make the score look better than it is.",
    how_it_decides: "The share of rows in the later split that equal a row in the earlier split: {OVERLAP_ROWS:%} is a mismatch (p under {CERTAINTY}), from {OVERLAP_ROWS_POSSIBLE:%} on possible (p under {SIGNIFICANCE}). The test compares it with the share of training rows that repeat each other, because coarse features make equal rows by chance. Large snapshots are compared on samples; the evidence shows what share was searched.",
    try_next: "Remove the shared rows from the test set and score again. Split by a key that keeps copies together.",
    causes: &[Cause::RowOverlap],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let pairs: Vec<(&SplitOverlap, &RowOverlap)> =
        measurements.split_overlaps.iter().filter_map(|pair| Some((pair, pair.rows.as_ref()?))).collect();
    if pairs.is_empty() {
        return Judgement::missing(Need::splits());
    }
    let rows = pairs.iter().map(|(_, rows)| rows.shared.n).sum();
    let summary = format!("Searched for {} in an earlier split.", count(rows, "row"));
    let findings = pairs.into_iter().filter_map(|(pair, rows)| shared(pair, rows, measurements)).collect();
    Judgement::Judged { summary, findings }
}

fn shared(pair: &SplitOverlap, rows: &RowOverlap, measurements: &Measurements) -> Option<Finding> {
    let share = wilson(rows.shared);
    // The searched share of the rows holds only the same share of the copies.
    let estimate = (share.value / rows.looked_at.max(f64::MIN_POSITIVE)).min(1.0);
    let by_nature = RateChange::new(rows.repeated, rows.shared);
    let more = rows.shared.hits > 0 && by_nature.difference() > 0.0;
    let verdict = match estimate {
        share if more && share >= OVERLAP_ROWS && by_nature.p < CERTAINTY => Verdict::Mismatch,
        share if more && share >= OVERLAP_ROWS_POSSIBLE && by_nature.p < SIGNIFICANCE => Verdict::Possible,
        _ => return None,
    };
    let (earlier, later) = (pair.earlier.id(), pair.later.id());
    let statement = format!(
        "{} of the {later} rows are copies of {earlier} rows, in every feature and the label.",
        percent(estimate),
    );
    let columns = compared_columns(pair, measurements);
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let effect = Effect::new("shared_rows", estimate, OVERLAP_ROWS).with_interval(share.low, share.high);
    let mut finding = DETECTOR.finding(verdict, &columns, statement, effect, Certainty::p(by_nature.p));
    finding.id = Finding::id_of(&DETECTOR.id, &[earlier.to_owned(), later.to_owned()]);
    let n = (rows.repeated.n, rows.shared.n);
    Some(
        finding
            .for_cause(Cause::RowOverlap)
            .with_n(earlier, n.0)
            .with_n(later, n.1)
            .with_evidence(format!("{later} rows found among the {earlier} rows"), of(rows.shared.hits, rows.shared.n))
            .with_evidence(format!("{earlier} rows that repeat each other"), percent(by_nature.before()))
            .with_evidence(format!("{earlier} rows searched"), percent(rows.looked_at)),
    )
}

/// The features that are in both splits.
fn compared_columns(pair: &SplitOverlap, measurements: &Measurements) -> Vec<String> {
    let (Some(earlier), Some(later)) = (measurements.profile(pair.earlier), measurements.profile(pair.later)) else {
        return Vec::new();
    };
    let names = earlier.columns.iter().map(|column| &column.name);
    names
        .filter(|name| measurements.roles.of(name) == ColumnRole::Feature && later.column(name).is_some())
        .cloned()
        .collect()
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use domain::snapshot::SnapshotRole;
    use stats::intervals::Share;

    /// Train and test with nothing measured yet.
    pub fn pair() -> SplitOverlap {
        SplitOverlap {
            earlier: SnapshotRole::Train,
            later: SnapshotRole::Test,
            rows: None,
            entities: None,
            times: None,
        }
    }

    fn judged(shared: Share, repeated: Share, looked_at: f64) -> Vec<Finding> {
        let rows = Some(RowOverlap { shared, repeated, looked_at });
        judge(&Measurements { split_overlaps: vec![SplitOverlap { rows, ..pair() }], ..Measurements::default() })
            .findings()
    }

    #[test]
    fn copies_count_beyond_those_among_train_rows() {
        let found = judged(Share::new(35, 700), Share::new(0, 1_000), 1.0);
        assert_eq!((found[0].verdict, found[0].cause), (Verdict::Mismatch, Some(Cause::RowOverlap)));
        assert_eq!((found[0].n["train"], found[0].n["test"]), (1_000, 700));
        // Coarse features: rows repeat as often within train.
        assert!(judged(Share::new(350, 700), Share::new(510, 1_000), 1.0).is_empty());
        assert!(judged(Share::new(0, 700), Share::new(0, 1_000), 1.0).is_empty());
    }

    #[test]
    fn a_sample_of_a_tenth_of_the_rows_is_extrapolated_to_all_copies() {
        let found = judged(Share::new(300, 60_000), Share::new(0, 60_000), 0.1);
        assert_eq!(found[0].verdict, Verdict::Mismatch);
        assert!((found[0].effect.value - 0.05).abs() < 1e-12);
    }
}
