//! M2.confidence_shift: did the model's confidence fall or rise and stay there?

use crate::detectors::course::{Change, Window, change, levels, windows_of};
use crate::detectors::report::Bands;
use crate::detectors::words::{count, name, number};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{
    CONFIDENCE_SHIFT, CONFIDENCE_SHIFT_POSSIBLE, CONFIDENCE_WINDOW_ANSWERS, CONFIDENCE_WINDOWS,
    CONFIDENCE_WINDOWS_FEWEST, SERIES_SHIFT, SERIES_SHIFT_POSSIBLE,
};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::serving_log::LogBuckets;
use domain::need::{LogField, Need};
use domain::observation::SignalKind;
use domain::plot::format::time;
use domain::{Finding, Item, Since, Task, Verdict};
use stats::multiple::benjamini_hochberg;
use stats::shift::Point;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("M2.confidence_shift"),
    item: Item::M2,
    title: "Confidence over time",
    looks_for: "A lasting step or a steady trend in the confidence of the predictions, in the serving log or in a series of confidence values.",
    why_it_matters: "Confidence changes on the day the inputs or the model change, weeks before labels arrive. A step has a date, and the date points to a release.",
    how_it_decides: "The confidence is averaged over at most {CONFIDENCE_WINDOWS} and at least {CONFIDENCE_WINDOWS_FEWEST} windows of time, in a log with at least {CONFIDENCE_WINDOW_ANSWERS} predictions per window on average. The step test finds the best place to split the windows into a level before and a level after, with at least {CONFIDENCE_WINDOWS_SIDE} windows on each side (Student's t, multiplied by the number of places tried). The trend test is the rank test of Mann and Kendall. Both are corrected for similar neighbouring windows and for the choice between the tests, and the more certain one counts. In a log, a change of at least {CONFIDENCE_SHIFT} robust standard deviations of single predictions, with q under {CERTAINTY}, is a mismatch; from {CONFIDENCE_SHIFT_POSSIBLE}, with q under {SIGNIFICANCE}, it is possible. A series already holds averages, so its change is measured in units of its own variation: from {SERIES_SHIFT} units a mismatch, from {SERIES_SHIFT_POSSIBLE} possible.",
    try_next: "Compare inputs and model version before and after the step. Score a few requests from before the step with the current model.",
    causes: &[],
    tasks: Task::ALL,
    judge,
};

/// Confidence over time, in windows.
struct Course<'a> {
    signal: &'a str,
    /// Of predictions or of points.
    rows: u64,
    windows: Vec<Window>,
    /// The spread of single predictions; `None` for a series, which is compared with its own scatter.
    unit: Option<f64>,
    bands: Bands,
}

fn judge(measurements: &Measurements) -> Judgement {
    let of_log = measurements
        .serving_log
        .as_ref()
        .and_then(|log| of_log(log.columns.confidence.as_ref()?, log.buckets.as_ref()?));
    let series = measurements.observations.series.iter().filter(|series| series.kind == SignalKind::Confidence);
    let courses: Vec<Course> =
        of_log.into_iter().chain(series.filter_map(|series| of_series(&series.signal, &series.points))).collect();
    if courses.is_empty() {
        return Judgement::missing(Need::any_of([
            Need::serving_log([LogField::Time, LogField::Confidence]),
            Need::series([SignalKind::Confidence]),
        ]));
    }
    let changes: Vec<Change> = courses.iter().map(|course| change(&course.windows, course.unit)).collect();
    let q_values = benjamini_hochberg(&changes.iter().map(|change| change.p).collect::<Vec<_>>());
    let findings = courses
        .iter()
        .zip(&changes)
        .zip(q_values)
        .filter_map(|((course, change), q)| finding(course, change, q))
        .collect();
    let summary = format!(
        "Checked the confidence of {} over time.",
        count(courses.iter().map(|c| c.rows).sum(), "prediction or point")
    );
    Judgement::Judged { summary, findings }
}

fn of_log<'a>(signal: &'a str, buckets: &LogBuckets) -> Option<Course<'a>> {
    let unit = buckets.confidence_spread.filter(|spread| *spread > 0.0)?;
    let known: Vec<(i64, f64, u64)> =
        buckets.all.iter().filter_map(|bucket| bucket.confidence.map(|(mean, n)| (bucket.from_ms, mean, n))).collect();
    let rows: u64 = known.iter().map(|bucket| bucket.2).sum();
    let count = known.len().min(CONFIDENCE_WINDOWS as usize).min(rows as usize / CONFIDENCE_WINDOW_ANSWERS as usize);
    let windows: Vec<Window> = (0..count)
        .filter_map(|place| {
            let part = &known[place * known.len() / count..(place + 1) * known.len() / count];
            let predictions: f64 = part.iter().map(|bucket| bucket.2 as f64).sum();
            let value = part.iter().map(|bucket| bucket.1 * bucket.2 as f64).sum::<f64>() / predictions;
            let point = Point { value, error: unit / predictions.sqrt() };
            Some(Window { from_ms: part.first()?.0, to_ms: part.last()?.0 + buckets.width_ms, point })
        })
        .collect();
    let bands = Bands { possible: CONFIDENCE_SHIFT_POSSIBLE, mismatch: CONFIDENCE_SHIFT };
    (windows.len() >= CONFIDENCE_WINDOWS_FEWEST as usize).then_some(Course {
        signal,
        rows,
        windows,
        unit: Some(unit),
        bands,
    })
}

fn of_series<'a>(signal: &'a str, points: &[(i64, f64)]) -> Option<Course<'a>> {
    let rows = points.iter().filter(|(_, value)| value.is_finite()).count() as u64;
    let bands = Bands { possible: SERIES_SHIFT_POSSIBLE, mismatch: SERIES_SHIFT };
    Some(Course { signal, rows, windows: windows_of(points)?, unit: None, bands })
}

fn finding(course: &Course<'_>, change: &Change, q: f64) -> Option<Finding> {
    let verdict = course.bands.verdict(change.by.abs(), q);
    if verdict == Verdict::Clear {
        return None;
    }
    let direction = if change.by > 0.0 { "rose" } else { "fell" };
    let unit = if course.unit.is_some() { "robust standard deviations" } else { "times its scatter" };
    let signal = name(course.signal);
    let statement = match change.since {
        Some(since) => {
            let [before, after] = levels(&course.windows, since);
            format!("{signal} {direction} from {} to {} on {}.", number(before), number(after), time(since))
        }
        None => format!(
            "{signal} {direction} steadily from {} to {}.",
            time(course.windows.first()?.from_ms),
            time(course.windows.last()?.to_ms)
        ),
    };
    let effect = Effect::new("change_over_robust_std", change.by, course.bands.mismatch);
    let last = course.windows.last()?.to_ms;
    let since = match change.since {
        Some(since) => Since::onset(since, last),
        None => Since::whole(course.windows.first()?.from_ms, last),
    };
    Some(
        DETECTOR
            .finding(verdict, &[course.signal], statement, effect, Certainty::q(q))
            .with_n("log", course.rows)
            .with_since(since)
            .with_evidence("change", format!("{} {unit}", number(change.by)))
            .with_evidence(
                if course.unit.is_some() { "robust standard deviation" } else { "scatter" },
                number(change.unit),
            )
            .with_evidence("windows compared", course.windows.len().to_string()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::testing::{draws, log_of, normal};
    use domain::measurements::serving_log::{LogBucket, ServingLogMeasures};
    use domain::observation::{MetricSeries, Observations};
    use stats::intervals::Share;

    const HOUR: i64 = 3_600_000;

    /// Forty hours of 25 predictions each; single predictions vary by 0.1.
    fn log(seed: u64, level: impl Fn(usize) -> f64) -> ServingLogMeasures {
        let noise = draws(seed, 40, normal);
        let bucket = |(hour, noise): (usize, f64)| LogBucket {
            from_ms: hour as i64 * HOUR,
            requests: 25,
            failed: Share::new(0, 25),
            latency: None,
            missing_inputs: Share::new(0, 0),
            confidence: Some((level(hour) + 0.02 * noise, 25)),
        };
        let all = noise.into_iter().enumerate().map(bucket).collect();
        let buckets = LogBuckets { width_ms: HOUR, looked_at: 1.0, all, confidence_spread: Some(0.1) };
        ServingLogMeasures { buckets: Some(buckets), ..log_of(1_000) }
    }

    fn judged(log: ServingLogMeasures) -> Vec<Finding> {
        judge(&Measurements { serving_log: Some(log), ..Measurements::default() }).findings()
    }

    #[test]
    fn a_step_and_a_trend_in_the_log_are_found() {
        let step = judged(log(1, |hour| if hour < 25 { 0.9 } else { 0.8 }));
        assert_eq!(
            (step[0].verdict, step[0].columns.as_slice()),
            (Verdict::Mismatch, ["confidence".to_owned()].as_slice())
        );
        assert!(
            (step[0].effect.value + 1.0).abs() < 0.2 && step[0].statement.ends_with("on 1970-01-02 01:00."),
            "{step:?}"
        );
        let trend = judged(log(2, |hour| 0.9 - 0.1 * hour as f64 / 39.0));
        assert_eq!(trend[0].verdict, Verdict::Mismatch, "{trend:?}");
        assert!(judged(log(3, |hour| if hour < 25 { 0.9 } else { 0.88 })).is_empty(), "a fifth of a deviation");
    }

    #[test]
    fn steady_logs_and_series_are_clear() {
        let mut mismatches = 0;
        for seed in 0..200 {
            let memory = [0.0, 0.5, 0.8][seed as usize % 3];
            let mut level = 0.0;
            let values = draws(seed, 120, |rng| {
                level = memory * level + normal(rng);
                level
            });
            let found = judged(log(seed, |_| 0.9)).into_iter().chain(of(values));
            mismatches += found.filter(|finding| finding.verdict == Verdict::Mismatch).count();
        }
        assert!(mismatches <= 1, "{mismatches} of 400");
    }

    fn of(values: Vec<f64>) -> Vec<Finding> {
        let series = MetricSeries {
            source: String::new(),
            signal: "mean_score".into(),
            kind: SignalKind::Confidence,
            unit: None,
            higher_is_better: None,
            points: values.into_iter().enumerate().map(|(hour, value)| (hour as i64 * HOUR, value)).collect(),
        };
        let observations = Observations { series: vec![series], ..Observations::default() };
        judge(&Measurements { observations, ..Measurements::default() }).findings()
    }

    #[test]
    fn a_series_is_judged_by_its_own_scatter() {
        let noise = draws(7, 120, normal);
        let step = noise.iter().enumerate().map(|(hour, noise)| noise + if hour < 60 { 50.0 } else { 44.0 }).collect();
        assert_eq!(of(step)[0].verdict, Verdict::Mismatch);
        assert!(of(vec![0.9; 120]).is_empty() && of(vec![0.9; 3]).is_empty() && of(vec![f64::NAN; 120]).is_empty());
        let bare = Measurements { serving_log: Some(log_of(400)), ..Measurements::default() };
        assert!(matches!(judge(&bare), Judgement::NoEvidence { .. }), "no buckets, no windows");
    }
}
