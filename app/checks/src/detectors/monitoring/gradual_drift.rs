//! M1.gradual_drift: does a feature change steadily while the model serves?

use crate::detectors::report::Bands;
use crate::detectors::words::{count, name, number};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{TREND, TREND_OVER_TRAIN, TREND_POSSIBLE};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::time_windows::{Drift, TimeWindows};
use domain::need::{Need, SharedColumns, Tables};
use domain::snapshot::ColumnRole;
use domain::snapshot::SnapshotRole;
use domain::{Cause, Finding, Item, Verdict};
use stats::multiple::benjamini_hochberg;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("M1.gradual_drift"),
    item: Item::M1,
    title: "Gradual drift",
    looks_for: "Features whose mean rises or falls steadily over the served rows.",
    why_it_matters: "Slow drift does not trigger a daily check, but the model gets a little worse every week. Unlike a sudden change, it has no release to roll back, and it continues.",
    how_it_decides: "The served rows are split into windows of equal size. A straight line is fitted to the window means, in standard deviations of the training values. It is a mismatch when the change from the first to the last window is at least {TREND} standard deviations and at least {TREND_OVER_TRAIN} times the change in training, with q under {CERTAINTY} (Student's t of the means around the line, Benjamini-Hochberg over the features). The line must also fit better than any single step, because a step is a sudden change and not drift. From {TREND_POSSIBLE} standard deviations, with q under {SIGNIFICANCE}, it is possible. With too few training rows for a trend of their own, the result is possible at most.",
    try_next: "Plot the feature by day to see when it started to change, ask the owner of its source why, and plan a retraining on recent rows.",
    causes: &[Cause::GradualDrift],
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(windows) = &measurements.time_windows else {
        return Judgement::missing(Need::timed_serve());
    };
    let moving: Vec<(&str, Drift)> =
        windows.columns.iter().filter_map(|column| Some((column.column.as_str(), column.drift?))).collect();
    if moving.is_empty() {
        return Judgement::missing(
            Tables::all([SnapshotRole::Train, SnapshotRole::Serve])
                .with([ColumnRole::Time])
                .sharing(1, SharedColumns::NumericFeatures),
        );
    }
    let q_values = benjamini_hochberg(&moving.iter().map(|(_, drift)| drift.serve.p).collect::<Vec<_>>());
    let findings = moving
        .iter()
        .zip(q_values)
        .filter_map(|((column, drift), q)| {
            let finding = drifting(windows, column, *drift, q)?;
            Some(finding.with_importance(measurements.importance.get(*column).copied()))
        })
        .collect();
    let summary =
        format!("Checked {} over the time of the served rows.", count(moving.len() as u64, "numeric feature"));
    Judgement::Judged { summary, findings }
}

fn drifting(windows: &TimeWindows, column: &str, drift: Drift, q: f64) -> Option<Finding> {
    let change = drift.serve.change;
    let in_train = drift.train.map_or(0.0, |trend| trend.change);
    let is_steady = drift.serve.left_by_line < drift.serve.left_by_step;
    if !is_steady || change.abs() < TREND_OVER_TRAIN * in_train.abs() {
        return None;
    }
    let judged = Bands { possible: TREND_POSSIBLE, mismatch: TREND }.verdict(change.abs(), q);
    let verdict = if drift.train.is_none() { judged.min(Verdict::Possible) } else { judged };
    let statement =
        format!("{} {} steadily over the served rows.", name(column), if change > 0.0 { "rises" } else { "falls" },);
    (verdict > Verdict::Clear).then(|| {
        DETECTOR
            .finding(verdict, &[column], statement, Effect::new("change_over_std_ref", change, TREND), Certainty::q(q))
            .with_n("serve", drift.rows)
            .with_n("train", windows.train_rows)
            .with_evidence("change over the served rows", format!("{} standard deviations", number(change)))
            .with_evidence(
                "change in training",
                drift.train.map_or("unknown".into(), |_| format!("{} standard deviations", number(in_train))),
            )
            .with_evidence("Spearman's correlation with time", number(drift.spearman))
            .with_evidence(
                "residual sum of squares of a line, of a step",
                format!("{}, {}", number(drift.serve.left_by_line), number(drift.serve.left_by_step)),
            )
            .for_cause(Cause::GradualDrift)
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use domain::measurements::time_windows::ColumnOverTime;
    use stats::trend::{Trend, trend};

    fn verdict(serve: Trend, train: Option<Trend>) -> Option<Verdict> {
        let drift = Drift { rows: 900, spearman: 0.3, serve, train };
        let column = ColumnOverTime { column: "x".into(), missing: None, train_score: 0.0, drift: Some(drift) };
        let windows =
            TimeWindows { time_column: "at".into(), rows: 900, train_rows: 900, gap: None, columns: vec![column] };
        let found = judge(&Measurements { time_windows: Some(windows), ..Measurements::default() }).findings();
        found.first().map(|finding| finding.verdict)
    }

    /// 24 means that move by `change` with a little scatter.
    fn moving(change: f64) -> Trend {
        let at: Vec<f64> = (0..24).map(f64::from).collect();
        let means: Vec<f64> = at.iter().map(|t| change * t / 23.0 + 0.1 * ((t * 7.0) % 3.0 - 1.0)).collect();
        trend(&at, &means).unwrap()
    }

    #[test]
    fn a_steady_change_beyond_that_of_training_is_drift() {
        assert_eq!(verdict(moving(1.0), Some(moving(0.0))), Some(Verdict::Mismatch));
        assert_eq!(verdict(moving(-0.4), Some(moving(0.0))), Some(Verdict::Possible));
        assert_eq!(verdict(moving(1.0), None), Some(Verdict::Possible), "its change before is unknown");
        assert_eq!(verdict(moving(1.0), Some(moving(0.7))), None, "it moved in training too");
        assert_eq!(verdict(moving(0.1), Some(moving(0.0))), None);
    }

    #[test]
    fn a_step_is_not_drift() {
        let at: Vec<f64> = (0..24).map(f64::from).collect();
        let means: Vec<f64> = at.iter().map(|t| f64::from(u8::from(*t >= 12.0)) + 0.05 * (t % 3.0)).collect();
        assert_eq!(verdict(trend(&at, &means).unwrap(), Some(moving(0.0))), None);
    }
}
