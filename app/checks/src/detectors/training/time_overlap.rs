//! T3.time_overlap: are test rows earlier than the last training row?

use crate::detectors::words::{count, name, number, of, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{OVERLAP_TIME, OVERLAP_TIME_APART};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::overlap::{SplitOverlap, TimeOverlap};
use domain::need::Need;
use domain::snapshot::ColumnRole;
use domain::snapshot::SnapshotRole;
use domain::{Cause, Finding, Item, Task, Verdict};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("T3.time_overlap"),
    item: Item::T3,
    title: "Splits that overlap in time",
    looks_for: "Test (or validation) rows with a time before the last training row.",
    why_it_matters: "A model predicts the future and must learn from the past only. Test rows from before the end of training leak future information into training, and the test cannot show how the model ages.",
    how_it_decides: "Takes the smaller of two shares: later rows at or before the last earlier row, and earlier rows at or after the first later row, so a single wrong date is not an overlap. {OVERLAP_TIME:%} is a mismatch if the times of the two splits otherwise differ (Kolmogorov-Smirnov statistic of {OVERLAP_TIME_APART} or more). A random split over the same time range is only possible, because it is correct for rows that do not depend on time.",
    try_next: "Split by time: train before a date and test after it, with a gap as long as the label takes to become known.",
    causes: &[Cause::TimeOverlap],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    if measurements.split_overlaps.is_empty() {
        return Judgement::missing(Need::splits());
    }
    let pairs: Vec<(&SplitOverlap, &TimeOverlap)> =
        measurements.split_overlaps.iter().filter_map(|pair| Some((pair, pair.times.as_ref()?))).collect();
    if pairs.is_empty() {
        return Judgement::missing(Need::ColumnName {
            role: ColumnRole::Time,
            tables: vec![vec![SnapshotRole::Train], vec![SnapshotRole::Test, SnapshotRole::Validation]],
        });
    }
    let summary = format!("Compared the times of {} of splits.", count(pairs.len() as u64, "pair"));
    let findings = pairs.into_iter().filter_map(|(pair, times)| overlapping(pair, times)).collect();
    Judgement::Judged { summary, findings }
}

fn overlapping(pair: &SplitOverlap, times: &TimeOverlap) -> Option<Finding> {
    let overlap = times.before_end.value().min(times.after_start.value());
    if overlap < OVERLAP_TIME {
        return None;
    }
    let apart = times.ks_statistic >= OVERLAP_TIME_APART;
    let verdict = if apart { Verdict::Mismatch } else { Verdict::Possible };
    let (earlier, later) = (pair.earlier.id(), pair.later.id());
    let statement = format!(
        "{} of the {later} rows are from before the end of {earlier} (time column {}).",
        percent(times.before_end.value()),
        name(&times.column),
    );
    let effect = Effect::new("time_overlap", overlap, OVERLAP_TIME);
    let mut finding = DETECTOR.finding(verdict, &[&times.column], statement, effect, Certainty::exact());
    finding.id = Finding::id_of(&DETECTOR.id, &[times.column.clone(), earlier.to_owned(), later.to_owned()]);
    let after_start = format!("{} of the {earlier} rows", percent(times.after_start.value()));
    Some(
        finding
            .for_cause(Cause::TimeOverlap)
            .with_n(earlier, times.after_start.n)
            .with_n(later, times.before_end.n)
            .with_evidence(
                format!("{later} rows at or before the last {earlier} row"),
                of(times.before_end.hits, times.before_end.n),
            )
            .with_evidence(format!("at or after the first {later} row"), after_start)
            .with_evidence("difference of the times of the two splits (Kolmogorov-Smirnov)", number(times.ks_statistic))
            .with_evidence(
                "kind of split",
                if apart { "by time, with overlap" } else { "random over the same time range" },
            ),
    )
}

#[cfg(test)]
mod tests {
    use super::super::row_overlap::tests::pair;
    use super::*;
    use stats::intervals::Share;

    fn judged(before_end: u64, after_start: u64, ks_statistic: f64) -> Vec<Finding> {
        let times = Some(TimeOverlap {
            column: "at".into(),
            before_end: Share::new(before_end, 700),
            after_start: Share::new(after_start, 1_000),
            ks_statistic,
            earlier_end_ms: 10,
            later_start_ms: 1,
        });
        let split_overlaps = vec![SplitOverlap { times, ..pair() }];
        judge(&Measurements { split_overlaps, ..Measurements::default() }).findings()
    }

    #[test]
    fn early_test_rows_are_a_mismatch_a_random_split_is_possible_a_stray_date_is_nothing() {
        assert_eq!(judged(210, 995, 0.7)[0].verdict, Verdict::Mismatch);
        assert_eq!(judged(699, 999, 0.02)[0].verdict, Verdict::Possible);
        assert!(judged(700, 1, 0.99).is_empty());
        assert!(judged(0, 0, 1.0).is_empty());
    }
}
