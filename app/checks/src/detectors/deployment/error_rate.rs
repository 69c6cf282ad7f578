//! P3.error_rate: do requests fail?

use crate::detectors::words::{count, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{
    CERTAINTY, ERROR_COUNT, ERROR_COUNT_POSSIBLE, ERROR_RATIO, ERROR_SHARE, ERROR_SHARE_POSSIBLE, SIGNIFICANCE,
    STRETCH_MOST,
};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::serving_log::{Errors, ServingLogMeasures};
use domain::measurements::time_windows::TimedStretch;
use domain::need::{LogField, Need};
use domain::plot::format::time;
use domain::{Cause, Finding, Item, Since, Task, Verdict};
use stats::intervals::wilson;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("P3.error_rate"),
    item: Item::P3,
    title: "Failed requests",
    looks_for: "A window in which many more requests failed than usual, and a high failure rate over the whole log. Failures are the service's own errors: HTTP 500 to 599, or words and flags that mean an error. Errors of the caller (400 to 499) do not count.",
    why_it_matters: "A failed request gives no prediction. Failures close together usually have one cause: a replica that is down, a limit that was reached, a source that does not respond.",
    how_it_decides: "The check finds the window in which failures are densest. It is a mismatch when the window holds at least {ERROR_COUNT} failures, at least {ERROR_SHARE:%} of its requests failed, this is at least {ERROR_RATIO} times the failure rate of the rest, and p is under {CERTAINTY} against failures spread at random (Karlin and Altschul). From {ERROR_COUNT_POSSIBLE} failures, with p under {SIGNIFICANCE}, it is possible. A window that covers more than {STRETCH_MOST:%} of the log does not count. Over the whole log, a failure rate is a mismatch when the lower end of its Wilson interval is at least {ERROR_SHARE:%}, and possible when it is at least {ERROR_SHARE_POSSIBLE:%}.",
    try_next: "Read the service's own log for this window, and compare it with deployments, restarts and reached limits.",
    causes: &[Cause::ErrorRate],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(log) = &measurements.serving_log else { return Judgement::missing(Need::serving_log([])) };
    let (Some(column), Some(errors)) = (&log.columns.status, &log.errors) else {
        return Judgement::missing(Need::serving_log([LogField::Status]));
    };
    let in_window = errors.stretch.and_then(|stretch| burst(log, column, stretch));
    let throughout = steady(log, column, errors);
    // One column has one finding: the more urgent one, and if both are equal the one that has a date.
    let finding = match (in_window, throughout) {
        (Some(burst), Some(steady)) => Some(if steady.verdict > burst.verdict { steady } else { burst }),
        (burst, steady) => burst.or(steady),
    };
    let summary = format!("Counted failures in {}.", count(errors.all.n, "request"));
    Judgement::Judged { summary, findings: finding.into_iter().collect() }
}

fn burst(log: &ServingLogMeasures, column: &str, stretch: TimedStretch) -> Option<Finding> {
    let (inside, outside) = (stretch.inside, stretch.outside);
    let failures = inside.hits as f64;
    let stands_out = inside.value() >= ERROR_SHARE
        && (outside.n == 0 || inside.value() >= ERROR_RATIO * outside.value())
        && inside.n as f64 <= STRETCH_MOST * log.rows as f64;
    let verdict = match () {
        () if !stands_out => return None,
        () if failures >= ERROR_COUNT && stretch.p < CERTAINTY => Verdict::Mismatch,
        () if failures >= ERROR_COUNT_POSSIBLE && stretch.p < SIGNIFICANCE => Verdict::Possible,
        () => return None,
    };
    let statement = format!(
        "{} of requests failed from {} to {}, and {} at other times.",
        percent(inside.value()),
        time(stretch.from_ms),
        time(stretch.to_ms),
        percent(outside.value()),
    );
    let interval = wilson(inside);
    let effect = Effect::new("error_share", inside.value(), ERROR_SHARE).with_interval(interval.low, interval.high);
    let finding = failing(log, column, verdict, statement, effect, Certainty::p(stretch.p));
    let finding = finding.with_since(Since::window(stretch.from_ms, stretch.to_ms));
    Some(finding.with_evidence("failures in the window", format!("{} of {}", inside.hits, count(inside.n, "request"))))
}

fn steady(log: &ServingLogMeasures, column: &str, errors: &Errors) -> Option<Finding> {
    let interval = wilson(errors.all);
    let verdict = match interval.low {
        low if low >= ERROR_SHARE => Verdict::Mismatch,
        low if low >= ERROR_SHARE_POSSIBLE => Verdict::Possible,
        _ => return None,
    };
    let statement = format!("{} of all {} failed.", percent(errors.all.value()), count(errors.all.n, "request"));
    let effect = Effect::new("error_share", errors.all.value(), ERROR_SHARE).with_interval(interval.low, interval.high);
    Some(failing(log, column, verdict, statement, effect, Certainty::exact()))
}

fn failing(
    log: &ServingLogMeasures,
    column: &str,
    verdict: Verdict,
    statement: String,
    effect: Effect,
    certainty: Certainty,
) -> Finding {
    let failures = log.errors.as_ref().map_or(0, |errors| errors.all.hits);
    DETECTOR
        .finding(verdict, &[column], statement, effect, certainty)
        .with_n("log", log.rows)
        .with_evidence("failures in the whole log", failures.to_string())
        .for_cause(Cause::ErrorRate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::testing::log_of;
    use stats::intervals::Share;

    fn verdict(inside: Share, failures: u64, p: f64) -> Option<Verdict> {
        let outside = Share::new(failures - inside.hits, 400 - inside.n);
        let stretch = TimedStretch { from_ms: 0, to_ms: 1, inside, outside, score: 20.0, p };
        let errors = Errors { all: Share::new(failures, 400), stretch: Some(stretch) };
        let log = ServingLogMeasures { errors: Some(errors), ..log_of(400) };
        let found = judge(&Measurements { serving_log: Some(log), ..Measurements::default() }).findings();
        found.first().map(|finding| finding.verdict)
    }

    #[test]
    fn failures_that_come_together_are_an_incident() {
        assert_eq!(verdict(Share::new(22, 56), 22, 1e-9), Some(Verdict::Mismatch));
        assert_eq!(verdict(Share::new(4, 17), 4, 2e-4), Some(Verdict::Possible));
        assert_eq!(verdict(Share::new(2, 2), 2, 0.005), None, "two failures in a row happen");
        assert_eq!(verdict(Share::new(2, 204), 2, 1.0), None);
    }

    #[test]
    fn failures_throughout_are_found_without_a_window() {
        assert_eq!(verdict(Share::new(5, 20), 60, 0.5), Some(Verdict::Mismatch));
        assert_eq!(verdict(Share::new(2, 20), 12, 0.5), Some(Verdict::Possible));
    }
}
