//! M1.outage_window: was there a window of time without rows, or without the values of a column?

use crate::detectors::words::{count, name, number, percent, values};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{
    CERTAINTY, GAP_OVER_OTHERS, GAP_OVER_OTHERS_POSSIBLE, GAP_ROWS, OUTAGE_INSIDE, OUTAGE_MOST, OUTAGE_OVER_TRAIN,
    OUTAGE_OVER_TRAIN_POSSIBLE, OUTAGE_ROWS, OUTAGE_ROWS_POSSIBLE, SIGNIFICANCE, STUCK_INSIDE, STUCK_MOST,
    STUCK_OTHERS,
};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::time_windows::{ColumnOverTime, TimeWindows};
use domain::need::Need;
use domain::plot::format::time;
use domain::{Cause, Finding, Item, Since, Task, Verdict};
use stats::arrivals::Gap;
use stats::multiple::benjamini_hochberg;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("M1.outage_window"),
    item: Item::M1,
    title: "Outage windows",
    looks_for: "Windows of time without any rows, and windows in which nearly every row lacks a value that is present before and after, or has one and the same value, such as a default from a date on.",
    why_it_matters: "A source that was down for a day leaves a hole that averages hide. The model predicted without that value or did not run, and anything trained on or reported from those rows is wrong.",
    how_it_decides: "Missing values: the check finds the window of consecutive rows in which missing values are densest. It is a mismatch when at least {OUTAGE_ROWS} rows and {OUTAGE_INSIDE:%} of the window lack the value, the window covers at most {OUTAGE_MOST:%} of the rows, its score is at least {OUTAGE_OVER_TRAIN} times that of the worst window in training, and q is under {CERTAINTY}, both against missing values spread at random (Karlin and Altschul) and against the highest window scores of training. From {OUTAGE_ROWS_POSSIBLE} rows and {OUTAGE_OVER_TRAIN_POSSIBLE} times the score of training, with q under {SIGNIFICANCE}, it is possible. One value in all rows is judged in the same way, for the values that became most frequent; it needs {STUCK_INSIDE:%} of the window, at most {STUCK_OTHERS:%} of the other rows, {OUTAGE_OVER_TRAIN} times the score of the worst window of any value in training, and covers at most {STUCK_MOST:%} of the rows. Missing rows: a gap is a mismatch when at least {GAP_ROWS} rows were expected in it (from the daily and weekly rhythm and the current rate), it is at least {GAP_OVER_OTHERS} times as long as the longest other gap, and p is under {CERTAINTY} given the variation of the other gaps. From {GAP_OVER_OTHERS_POSSIBLE} times, with p under {SIGNIFICANCE}, it is possible.",
    try_next: "Look for an incident of the source, the queue or the job in this window. Exclude its rows from training and from reports.",
    causes: &[Cause::OutageWindow],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(windows) = &measurements.time_windows else {
        return Judgement::missing(Need::timed_serve());
    };
    let p_values: Vec<f64> =
        windows.columns.iter().map(|column| column.missing.map_or(1.0, |stretch| stretch.p)).collect();
    let in_columns = windows.columns.iter().zip(benjamini_hochberg(&p_values)).filter_map(|(column, q)| {
        let finding = without_values(windows, column, q)?;
        Some(finding.with_importance(measurements.importance.get(&column.column).copied()))
    });
    let p_values: Vec<f64> =
        windows.columns.iter().map(|column| column.stuck.as_ref().map_or(1.0, |stuck| stuck.stretch.p)).collect();
    let stuck = windows.columns.iter().zip(benjamini_hochberg(&p_values)).filter_map(|(column, q)| {
        // A month has one value for a month.
        if measurements.follows_time(&column.column) {
            return None;
        }
        let finding = with_one_value(windows, column, q)?;
        Some(finding.with_importance(measurements.importance.get(&column.column).copied()))
    });
    let in_columns = in_columns.chain(stuck);
    let findings = windows.gap.and_then(|gap| without_rows(windows, gap)).into_iter().chain(in_columns).collect();
    let summary = format!(
        "Looked for windows without values in {} and for gaps between {}.",
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
        "{} is missing in {} of rows from {} to {}, and in {} of the other rows.",
        name(&column.column),
        percent(stretch.inside.value()),
        time(stretch.from_ms),
        time(stretch.to_ms),
        percent(stretch.outside.value()),
    );
    let effect = Effect::new("missing_in_a_row", lacking, OUTAGE_ROWS);
    Some(
        DETECTOR
            .finding(verdict, &[&column.column], statement, effect, Certainty::q(q))
            .with_n("serve", windows.rows)
            .with_n("train", windows.train_rows)
            .with_evidence(
                "rows without a value in the window",
                format!("{} of {}", stretch.inside.hits, count(stretch.inside.n, "consecutive row")),
            )
            .with_evidence("first row without a value", time(stretch.from_ms))
            .with_evidence("last row without a value", time(stretch.to_ms))
            .with_evidence(
                "score (log-likelihood ratio) of the window, of the worst window in training",
                format!("{}, {}", number(stretch.score), number(column.train_score)),
            )
            .with_since(Since::window(stretch.from_ms, stretch.to_ms))
            .for_cause(Cause::OutageWindow),
    )
}

/// A window in which nearly every row has one value, which the other rows and training do not have like that.
fn with_one_value(windows: &TimeWindows, column: &ColumnOverTime, q: f64) -> Option<Finding> {
    let stuck = column.stuck.as_ref()?;
    let stretch = stuck.stretch;
    let rows = stretch.inside.hits as f64;
    let is_window = stretch.inside.value() >= STUCK_INSIDE
        && stretch.outside.value() <= STUCK_OTHERS
        && stretch.inside.n as f64 <= STUCK_MOST * windows.rows as f64
        && stretch.score >= OUTAGE_OVER_TRAIN * stuck.train_score
        && windows.train_rows > 0;
    if !is_window || rows < OUTAGE_ROWS || q >= CERTAINTY {
        return None;
    }
    let statement = format!(
        "{} is {} in {} of rows from {} to {}, and in {} of the other rows.",
        name(&column.column),
        values(&[&stuck.value]),
        percent(stretch.inside.value()),
        time(stretch.from_ms),
        time(stretch.to_ms),
        percent(stretch.outside.value()),
    );
    let effect = Effect::new("one_value_in_a_row", rows, OUTAGE_ROWS);
    Some(
        DETECTOR
            .finding(Verdict::Mismatch, &[&column.column], statement, effect, Certainty::q(q))
            .with_n("serve", windows.rows)
            .with_n("train", windows.train_rows)
            .with_evidence(
                "rows with this value in the window",
                format!("{} of {}", stretch.inside.hits, count(stretch.inside.n, "consecutive row")),
            )
            .with_evidence(
                "score (log-likelihood ratio) of the window, of the worst window of any value in training",
                format!("{}, {}", number(stretch.score), number(stuck.train_score)),
            )
            .with_since(Since::window(stretch.from_ms, stretch.to_ms))
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
        "No rows arrived between {} and {}, although about {} were expected.",
        time(gap.from_ms),
        time(gap.to_ms),
        number(gap.expected_rows.round()),
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
    use domain::measurements::time_windows::{StuckValue, TimedStretch};
    use stats::intervals::Share;

    fn judged(inside: Share, p: f64, train_score: f64, gap: Option<Gap>) -> Vec<Finding> {
        let outside = Share::new(0, 900 - inside.n);
        let stretch = TimedStretch { from_ms: 0, to_ms: 3_600_000, inside, outside, score: 40.0, p };
        let column =
            ColumnOverTime { column: "x".into(), missing: Some(stretch), stuck: None, train_score, drift: None };
        let windows = TimeWindows { time_column: "at".into(), rows: 900, train_rows: 900, gap, columns: vec![column] };
        judge(&Measurements { time_windows: Some(windows), ..Measurements::default() }).findings()
    }

    #[test]
    fn a_window_is_certain_dense_short_and_unlike_training() {
        assert_eq!(judged(Share::new(30, 30), 1e-9, 0.0, None)[0].verdict, Verdict::Mismatch);
        assert_eq!(judged(Share::new(5, 5), 1e-9, 0.0, None)[0].verdict, Verdict::Possible, "few rows");
        assert_eq!(judged(Share::new(30, 30), 1e-3, 0.0, None)[0].verdict, Verdict::Possible, "not certain");
        assert!(judged(Share::new(30, 30), 1e-9, 30.0, None).is_empty(), "training has such windows too");
        assert!(judged(Share::new(600, 600), 1e-9, 0.0, None).is_empty(), "not a window but most of the rows");
        assert!(judged(Share::new(15, 30), 1e-9, 0.0, None).is_empty(), "half of the values are there");
    }

    /// A window with one value in all rows, after so many other rows.
    fn stuck(rows: u64, p: f64, train_score: f64) -> Vec<Finding> {
        let (inside, outside) = (Share::new(rows, rows), Share::new(3, 900 - rows));
        let stretch = TimedStretch { from_ms: 0, to_ms: 3_600_000, inside, outside, score: 40.0, p };
        let value = StuckValue { value: "US".into(), stretch, train_score };
        let column =
            ColumnOverTime { column: "x".into(), missing: None, stuck: Some(value), train_score: 0.0, drift: None };
        let windows =
            TimeWindows { time_column: "at".into(), rows: 900, train_rows: 900, gap: None, columns: vec![column] };
        judge(&Measurements { time_windows: Some(windows), ..Measurements::default() }).findings()
    }

    #[test]
    fn one_value_from_a_date_on_is_a_window_and_all_of_serving_is_not() {
        let found = stuck(600, 1e-9, 5.0);
        assert_eq!((found[0].verdict, found[0].cause), (Verdict::Mismatch, Some(Cause::OutageWindow)));
        assert!(found[0].statement.contains("“US” in 100 % of rows from 1970-01-01"), "{}", found[0].statement);
        assert!(stuck(890, 1e-9, 5.0).is_empty(), "nearly all of serving");
        assert!(stuck(600, 1e-9, 20.0).is_empty(), "values come in windows in training too");
        assert!(stuck(600, 1e-3, 5.0).is_empty() && stuck(6, 1e-9, 0.0).is_empty());
    }

    #[test]
    fn a_gap_has_to_be_longer_than_all_others_and_unlikely() {
        let gap = Gap { from_ms: 0, to_ms: 86_400_000, expected_rows: 40.0, longest_other: 8.0, p: 1e-9 };
        let found = judged(Share::new(0, 1), 1.0, 0.0, Some(gap));
        assert_eq!((found[0].verdict, found[0].columns.as_slice()), (Verdict::Mismatch, ["at".to_owned()].as_slice()));
        let with = |gap| judged(Share::new(0, 1), 1.0, 0.0, Some(gap));
        assert_eq!(with(Gap { longest_other: 30.0, ..gap })[0].verdict, Verdict::Possible);
        assert!(with(Gap { longest_other: 39.0, ..gap }).is_empty(), "such gaps are usual here");
        assert!(with(Gap { p: 0.05, ..gap }).is_empty(), "such gaps occur by chance");
    }
}
