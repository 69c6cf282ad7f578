//! M1.outage_window: was there a time without rows, or without the values of a column?

use crate::detectors::words::{chance, count, name, number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{
    CERTAINTY, GAP_OVER_OTHERS, GAP_OVER_OTHERS_POSSIBLE, GAP_ROWS, OUTAGE_INSIDE, OUTAGE_MOST, OUTAGE_OVER_TRAIN,
    OUTAGE_OVER_TRAIN_POSSIBLE, OUTAGE_ROWS, OUTAGE_ROWS_POSSIBLE, SIGNIFICANCE,
};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::time_windows::{ColumnOverTime, TimeWindows};
use domain::plot::format::time;
use domain::{Cause, Finding, Item, Verdict};
use stats::arrivals::Gap;
use stats::multiple::benjamini_hochberg;

pub static DETECTOR: Detector = Detector {
    id: "M1.outage_window",
    item: Item::M1,
    title: "Outage windows",
    looks_for: "Times in which no rows came at all, and times in which nearly every row lacked a value that is there before and after.",
    why_it_matters: "A source that was down for a day leaves a hole that averages hide: the model answered without the fact it relies on, or was not asked, and what is learnt or reported from those rows is wrong.",
    how_it_decides: "Values: the stretch of consecutive rows in which missing values are densest must hold at least eight of them, four rows in five, be three times as marked as any such stretch of train (possible: twice), not last for more than half of the rows, and have q under 0.0001 against missing values spread as elsewhere (Karlin and Altschul) and against stretches such as train has (the tail of its ten most marked ones). Rows: a gap must have ten rows expected in it, by the rhythm of day and week and the rate about it, be twice the longest other gap, and have p under 0.0001 among gaps that scatter as the others do. Four rows, or a gap a quarter longer than any other, with q or p under 0.01, are possible.",
    try_next: "Look for an incident of the source, the queue or the job in that window, and leave its rows out of training and of reports.",
    causes: &[Cause::OutageWindow],
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(windows) = &measurements.time_windows else {
        return Judgement::missing("serve rows with a time column");
    };
    let p_values: Vec<f64> =
        windows.columns.iter().map(|column| column.missing.map_or(1.0, |stretch| stretch.p)).collect();
    let in_columns = windows.columns.iter().zip(benjamini_hochberg(&p_values)).filter_map(|(column, q)| {
        let finding = without_values(windows, column, q)?;
        Some(finding.with_importance(measurements.importance.get(&column.column).copied()))
    });
    let findings = windows.gap.and_then(|gap| without_rows(windows, gap)).into_iter().chain(in_columns).collect();
    let summary = format!(
        "Looked for stretches without values in {} and for gaps between {}.",
        count(windows.columns.len() as u64, "column"),
        count(windows.rows, "serve row")
    );
    Judgement::Judged { summary, findings }
}

fn without_values(windows: &TimeWindows, column: &ColumnOverTime, q: f64) -> Option<Finding> {
    let stretch = column.missing?;
    let lacking = stretch.inside.hits as f64;
    let is_window = stretch.inside.value() >= OUTAGE_INSIDE
        && stretch.inside.n as f64 <= OUTAGE_MOST * windows.rows as f64
        && stretch.score >= OUTAGE_OVER_TRAIN_POSSIBLE * column.train_score;
    let over_train = stretch.score >= OUTAGE_OVER_TRAIN * column.train_score;
    let verdict = match () {
        () if !is_window => return None,
        () if lacking >= OUTAGE_ROWS && over_train && q < CERTAINTY => Verdict::Mismatch,
        () if lacking >= OUTAGE_ROWS_POSSIBLE && q < SIGNIFICANCE => Verdict::Possible,
        () => return None,
    };
    let statement = format!(
        "{} is missing in {} of {} from {} to {}, and in {} of the other rows (q {}).",
        name(&column.column),
        number(lacking),
        count(stretch.inside.n, "consecutive row"),
        time(stretch.from_ms),
        time(stretch.to_ms),
        percent(stretch.outside.value()),
        chance(q),
    );
    let effect = Effect::new("missing_in_a_row", lacking, OUTAGE_ROWS);
    Some(
        DETECTOR
            .finding(verdict, &[&column.column], statement, effect, Certainty::q(q))
            .with_n("serve", windows.rows)
            .with_n("train", windows.train_rows)
            .with_evidence("first row without a value", time(stretch.from_ms))
            .with_evidence("last row without a value", time(stretch.to_ms))
            .with_evidence(
                "log-likelihood ratio of the stretch, of the densest one in train",
                format!("{}, {}", number(stretch.score), number(column.train_score)),
            )
            .for_cause(Cause::OutageWindow),
    )
}

fn without_rows(windows: &TimeWindows, gap: Gap) -> Option<Finding> {
    let over_others = gap.expected_rows / gap.longest_other.max(f64::MIN_POSITIVE);
    let verdict = match () {
        () if gap.expected_rows >= GAP_ROWS && over_others >= GAP_OVER_OTHERS && gap.p < CERTAINTY => Verdict::Mismatch,
        () if over_others >= GAP_OVER_OTHERS_POSSIBLE && gap.p < SIGNIFICANCE => Verdict::Possible,
        () => return None,
    };
    let statement = format!(
        "No row came between {} and {}, when about {} were to be expected (p {}).",
        time(gap.from_ms),
        time(gap.to_ms),
        number(gap.expected_rows.round()),
        chance(gap.p),
    );
    let effect = Effect::new("expected_rows", gap.expected_rows, GAP_ROWS);
    Some(
        DETECTOR
            .finding(verdict, &[&windows.time_column], statement, effect, Certainty::p(gap.p))
            .with_n("serve", windows.rows)
            .with_n("train", windows.train_rows)
            .with_evidence("rows expected in the longest other gap", number(gap.longest_other))
            .for_cause(Cause::OutageWindow),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::measurements::time_windows::TimedStretch;
    use stats::intervals::Share;

    fn judged(inside: Share, p: f64, train_score: f64, gap: Option<Gap>) -> Vec<Finding> {
        let outside = Share::new(0, 900 - inside.n);
        let stretch = TimedStretch { from_ms: 0, to_ms: 3_600_000, inside, outside, score: 40.0, p };
        let column = ColumnOverTime { column: "x".into(), missing: Some(stretch), train_score, drift: None };
        let windows = TimeWindows { time_column: "at".into(), rows: 900, train_rows: 900, gap, columns: vec![column] };
        judge(&Measurements { time_windows: Some(windows), ..Measurements::default() }).findings()
    }

    #[test]
    fn a_window_is_certain_dense_short_and_unlike_training() {
        assert_eq!(judged(Share::new(30, 30), 1e-9, 0.0, None)[0].verdict, Verdict::Mismatch);
        assert_eq!(judged(Share::new(5, 5), 1e-9, 0.0, None)[0].verdict, Verdict::Possible, "few rows");
        assert_eq!(judged(Share::new(30, 30), 1e-3, 0.0, None)[0].verdict, Verdict::Possible, "not certain");
        assert!(judged(Share::new(30, 30), 1e-9, 30.0, None).is_empty(), "training has such stretches too");
        assert!(judged(Share::new(600, 600), 1e-9, 0.0, None).is_empty(), "no window but most of the rows");
        assert!(judged(Share::new(15, 30), 1e-9, 0.0, None).is_empty(), "half of the values are there");
    }

    #[test]
    fn a_gap_has_to_be_longer_than_all_others_and_unlikely() {
        let gap = Gap { from_ms: 0, to_ms: 86_400_000, expected_rows: 40.0, longest_other: 8.0, p: 1e-9 };
        let found = judged(Share::new(0, 1), 1.0, 0.0, Some(gap));
        assert_eq!((found[0].verdict, found[0].columns.as_slice()), (Verdict::Mismatch, ["at".to_owned()].as_slice()));
        let with = |gap| judged(Share::new(0, 1), 1.0, 0.0, Some(gap));
        assert_eq!(with(Gap { longest_other: 30.0, ..gap })[0].verdict, Verdict::Possible);
        assert!(with(Gap { longest_other: 39.0, ..gap }).is_empty(), "such gaps are usual here");
        assert!(with(Gap { p: 0.05, ..gap }).is_empty(), "chance makes such gaps");
    }
}
