//! M1.gradual_drift: does a feature change steadily while the model serves?

use crate::detectors::report::Bands;
use crate::detectors::words::{count, name, number};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{
    CERTAINTY, DRIFT_KS_POSSIBLE, SIGNIFICANCE, TREND, TREND_OVER_TRAIN, TREND_POSSIBLE, TREND_STEP_HANDICAP,
};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::time_windows::{Drift, TimeWindows};
use domain::need::{Need, SharedColumns, Tables};
use domain::snapshot::ColumnRole;
use domain::snapshot::SnapshotRole;
use domain::{Cause, Finding, Item, Profile, Task, Verdict};
use stats::multiple::benjamini_hochberg;
use stats::trend::Trend;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("M1.gradual_drift"),
    item: Item::M1,
    title: "Gradual drift",
    looks_for: "Features whose mean rises or falls steadily over the served rows.",
    why_it_matters: "Slow drift does not trigger a daily check, but the model gets a little worse every week. Unlike a sudden change, it has no release to roll back, and it continues.",
    how_it_decides: "The served rows are split into windows of equal size. A straight line is fitted to the window means, in standard deviations of the training values. It is a mismatch when the change from the first to the last window is at least {TREND} standard deviations and at least {TREND_OVER_TRAIN} times the change in training, with q under {CERTAINTY} (Student's t of the means around the line, Benjamini-Hochberg over the features). The line must also fit better than any single step (which may leave up to {TREND_STEP_HANDICAP} times less, because it has one number more), because a step is a sudden change and not drift. If training covers the same time of the year, its window means are subtracted first. If the distribution of the column certainly differs (at least as for a possible feature drift), q under {SIGNIFICANCE} is enough; if the line also begins nearer to the training mean than it ends, p of this column alone, and a change in training counts only with p under {SIGNIFICANCE}. From {TREND_POSSIBLE} standard deviations, with q under {SIGNIFICANCE}, it is possible. With too few training rows for a trend of their own, the result is possible at most.",
    try_next: "Plot the feature by day to see when it started to change, ask the owner of its source why, and plan a retraining on recent rows.",
    causes: &[Cause::GradualDrift],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(windows) = &measurements.time_windows else {
        return Judgement::missing(Need::timed_serve());
    };
    let moving: Vec<(&str, Drift)> = windows
        .columns
        .iter()
        .filter(|column| !measurements.follows_time(&column.column))
        .filter_map(|column| Some((column.column.as_str(), column.drift?)))
        .collect();
    if moving.is_empty() {
        return Judgement::missing(
            Tables::all([SnapshotRole::Train, SnapshotRole::Serve])
                .with([ColumnRole::Time])
                .sharing(1, SharedColumns::NumericFeatures),
        );
    }
    let q_values = benjamini_hochberg(&moving.iter().map(|(_, drift)| moves(drift).p).collect::<Vec<_>>());
    let findings = moving
        .iter()
        .zip(q_values)
        .filter_map(|((column, drift), q)| {
            let differs = differs(measurements, column);
            let goes_on = differs && goes_on_from_train(measurements, column, moves(drift).change);
            let finding = drifting(windows, column, *drift, q, How { differs, goes_on })?;
            Some(finding.with_importance(measurements.importance.get(*column).copied()))
        })
        .collect();
    let summary =
        format!("Checked {} over the time of the served rows.", count(moving.len() as u64, "numeric feature"));
    Judgement::Judged { summary, findings }
}

/// The trend that is judged: over the season where training shows it.
fn moves(drift: &Drift) -> Trend {
    drift.over_season.unwrap_or(drift.serve)
}

/// Whether the distribution of the column certainly differs between train and serve.
fn differs(measurements: &Measurements, column: &str) -> bool {
    let compared = measurements.comparisons.iter().find(|comparison| comparison.column == column);
    compared.is_some_and(|comparison| {
        let ks = comparison.effects.get("ks_statistic").copied().unwrap_or(0.0);
        ks >= DRIFT_KS_POSSIBLE && comparison.q.or(comparison.p).is_some_and(|q| q < CERTAINTY)
    })
}

/// Whether a line with this change over the served rows begins nearer to the level of train than it ends: then the mean of
/// serving lies between the two, and a line explains the difference of the means with the one number that a step takes.
fn goes_on_from_train(measurements: &Measurements, column: &str, change: f64) -> bool {
    let numbers = |(train, serve): (&Profile, &Profile)| {
        let (train, serve) = (train.column(column)?.numeric.as_ref()?, serve.column(column)?.numeric.as_ref()?);
        Some((serve.mean - train.mean) / train.std)
    };
    let moved = measurements.train_and_serve().and_then(numbers);
    moved.is_some_and(|moved| (0.0..=1.0).contains(&(moved / change)))
}

/// What is known of a column apart from its trend.
#[derive(Clone, Copy)]
struct How {
    /// Its distribution certainly differs.
    differs: bool,
    /// And the line goes on from the level of train.
    goes_on: bool,
}

fn drifting(windows: &TimeWindows, column: &str, drift: Drift, q: f64, how: How) -> Option<Finding> {
    let trend = moves(&drift);
    let change = trend.change;
    // What the same season had is already taken away. Where the change itself is certain, that in train counts if it is.
    let counts = |of_train: &Trend| drift.over_season.is_none() && !(how.goes_on && of_train.p >= SIGNIFICANCE);
    let in_train = drift.train.filter(counts).map_or(0.0, |trend| trend.change);
    let is_steady = trend.left_by_line < TREND_STEP_HANDICAP * trend.left_by_step;
    if !is_steady || change.abs() < TREND_OVER_TRAIN * in_train.abs() {
        return None;
    }
    let judged = match change.abs() {
        // That the column changed is certain; the line only says how. Of a single column that is one question.
        change if how.differs && change >= TREND && q < SIGNIFICANCE => Verdict::Mismatch,
        change if how.goes_on && change >= TREND && trend.p < SIGNIFICANCE => Verdict::Mismatch,
        change => Bands { possible: TREND_POSSIBLE, mismatch: TREND }.verdict(change, q),
    };
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
                drift.train.map_or("unknown".into(), |trend| format!("{} standard deviations", number(trend.change))),
            )
            .with_evidence(
                "compared with the same time of the year in training",
                if drift.over_season.is_some() { "yes" } else { "no, training does not cover it" },
            )
            .with_evidence("Spearman's correlation with time", number(drift.spearman))
            .with_evidence(
                "residual sum of squares of a line, of a step",
                format!("{}, {}", number(trend.left_by_line), number(trend.left_by_step)),
            )
            .for_cause(Cause::GradualDrift)
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::detectors::testing::{draws, measured, normal, numbers};
    use domain::measurements::time_windows::ColumnOverTime;
    use stats::trend::trend;

    fn verdict(serve: Trend, train: Option<Trend>) -> Option<Verdict> {
        judged(Drift { rows: 900, spearman: 0.3, serve, train, over_season: None })
    }

    fn judged(drift: Drift) -> Option<Verdict> {
        let column =
            ColumnOverTime { column: "x".into(), missing: None, stuck: None, train_score: 0.0, drift: Some(drift) };
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
        let uncertain = |change| verdict(Trend { change, p: 0.001, ..moving(1.0) }, Some(moving(0.0)));
        assert_eq!((uncertain(-0.4), uncertain(0.27)), (Some(Verdict::Possible), None));
        let certain = Trend { change: 0.27, ..moving(1.0) };
        assert_eq!(verdict(certain, Some(moving(0.0))), Some(Verdict::Mismatch));
        assert_eq!(verdict(moving(1.0), None), Some(Verdict::Possible), "its change before is unknown");
        assert_eq!(verdict(moving(1.0), Some(moving(0.7))), None, "it moved in training too");
        assert_eq!(verdict(moving(0.1), Some(moving(0.0))), None);
    }

    #[test]
    fn a_line_that_goes_on_from_train_is_enough_for_a_column_that_certainly_differs() {
        let trend = Trend { change: 0.6, p: 0.005, ..moving(1.0) };
        let noise = Trend { change: 0.4, p: 0.2, ..moving(1.0) };
        let told = |how: How, train: Trend| {
            let windows =
                TimeWindows { time_column: "at".into(), rows: 300, train_rows: 300, gap: None, columns: Vec::new() };
            let drift = Drift { rows: 300, spearman: 0.2, serve: trend, train: Some(train), over_season: None };
            // Among twenty columns.
            drifting(&windows, "x", drift, 0.1, how).map(|finding| finding.verdict)
        };
        assert_eq!(told(How { differs: true, goes_on: true }, noise), Some(Verdict::Mismatch));
        assert_eq!(told(How { differs: true, goes_on: false }, noise), None);
        assert_eq!(told(How { differs: true, goes_on: true }, Trend { p: 0.001, ..noise }), None, "it moved before");
        let side = |seed, by: f64| vec![("x", numbers(draws(seed, 300, |rng| by + normal(rng))))];
        let measured = measured(&side(1, 0.0), &side(2, 0.5));
        assert!(goes_on_from_train(&measured, "x", 1.0));
        assert!(!goes_on_from_train(&measured, "x", 0.3), "it begins above the end of train");
        assert!(!goes_on_from_train(&measured, "x", -1.0), "it moves back");
    }

    #[test]
    fn a_step_is_not_drift() {
        let at: Vec<f64> = (0..24).map(f64::from).collect();
        let means: Vec<f64> = at.iter().map(|t| f64::from(u8::from(*t >= 12.0)) + 0.05 * (t % 3.0)).collect();
        assert_eq!(verdict(trend(&at, &means).unwrap(), Some(moving(0.0))), None);
    }

    #[test]
    fn what_the_same_season_had_in_training_is_taken_away() {
        let drift = |over_season| Drift {
            rows: 900,
            spearman: 0.3,
            serve: moving(1.0),
            train: Some(moving(1.0)),
            over_season: Some(over_season),
        };
        assert_eq!(judged(drift(moving(0.0))), None, "it rises every year");
        assert_eq!(judged(drift(moving(0.8))), Some(Verdict::Mismatch));
    }
}
