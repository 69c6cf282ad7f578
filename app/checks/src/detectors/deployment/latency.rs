//! P3.latency: were requests much slower for some time?

use crate::detectors::words::{count, number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{
    CERTAINTY, LATENCY_RATIO, LATENCY_RATIO_POSSIBLE, LATENCY_REQUESTS, SIGNIFICANCE, STRETCH_MOST, TAIL_SHARE_RATIO,
};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::serving_log::{ServingLogMeasures, SlowStretch, SlowTail};
use domain::need::{LogField, Need};
use domain::plot::format::time;
use domain::{Cause, Finding, Item, Since, Task, Verdict};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("P3.latency"),
    item: Item::P3,
    title: "Latency spikes and slow tails",
    looks_for: "A window of requests that took much longer than the rest of the log, and longer than requests at the same hours of other days. A window in which few requests, but many more than before, are very slow, although the median stays.",
    why_it_matters: "Callers that time out get no prediction or a default one, and retries add to the load. The cause (a starved container, a slow feature store) rarely disappears by itself.",
    how_it_decides: "A request is slow when it takes much longer than the median of the log. The check finds the window in which slow requests are densest. It is a mismatch when the window holds at least {LATENCY_REQUESTS} slow requests, p is under {CERTAINTY} against slow requests spread at random (Karlin and Altschul), and its median is at least {LATENCY_RATIO} times the median of the other requests. Where the log covers several days, the median must also be that much higher than at the same hours of other days. From {LATENCY_RATIO_POSSIBLE} times, with p under {SIGNIFICANCE}, it is possible. A window that covers more than {STRETCH_MOST:%} of the log is its normal state and gives no finding. The tail is judged by requests that take several times the median, whose window may be longer. It is a mismatch with at least {LATENCY_REQUESTS} of them, {TAIL_SHARE_RATIO} times their share elsewhere, p under {CERTAINTY}, and a highest percentile (p99) of {LATENCY_RATIO} times that of the other requests and of the same hours of other days. With p under {SIGNIFICANCE} it is possible.",
    try_next: "Compare the window with deployments, CPU throttling, memory limits and the latency of the feature store.",
    causes: &[Cause::LatencySpike],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(log) = &measurements.serving_log else { return Judgement::missing(Need::serving_log([])) };
    let Some(column) = &log.columns.latency else {
        return Judgement::missing(Need::serving_log([LogField::Latency]));
    };
    let spike = log.latency.as_ref().and_then(|slow| spike(log, column, slow));
    // A spike has a slow tail too.
    let finding = spike.or_else(|| log.tail.as_ref().and_then(|tail| slow_tail(log, column, tail)));
    let summary = format!("Looked for a slow window in {}.", count(log.rows, "request"));
    Judgement::Judged { summary, findings: finding.into_iter().collect() }
}

/// Few requests are very slow in a window, and the others as quick as before.
fn slow_tail(log: &ServingLogMeasures, column: &str, tail: &SlowTail) -> Option<Finding> {
    let stretch = tail.stretch;
    let elsewhere = stretch.outside.hits.max(1) as f64 / stretch.outside.n.max(1) as f64;
    let usual = tail.p99_outside.max(tail.p99_same_hours.unwrap_or(0.0));
    let ratio = tail.p99_inside / usual;
    let many = stretch.inside.hits as f64 >= LATENCY_REQUESTS;
    if !many || stretch.inside.value() < TAIL_SHARE_RATIO * elsewhere || ratio < LATENCY_RATIO {
        return None;
    }
    let verdict = match stretch.p {
        p if p < CERTAINTY => Verdict::Mismatch,
        p if p < SIGNIFICANCE => Verdict::Possible,
        _ => return None,
    };
    let part = if tail.is_open { Since::onset } else { Since::window };
    let since = part(stretch.from_ms, stretch.to_ms);
    let when = if tail.is_open {
        format!("since {}", time(stretch.from_ms))
    } else {
        format!("from {} to {}", time(stretch.from_ms), time(stretch.to_ms))
    };
    let with = tail.version.as_ref().map_or(String::new(), |version| format!(", with version {version}"));
    let statement = format!(
        "{} of requests took more than {} times the median {when}{with}; elsewhere {} did.",
        percent(stretch.inside.value()),
        number(tail.over_median),
        percent(stretch.outside.value()),
    );
    let effect = Effect::new("p99_ratio", ratio, LATENCY_RATIO);
    Some(
        DETECTOR
            .finding(verdict, &[column], statement, effect, Certainty::p(stretch.p))
            .for_cause(Cause::LatencySpike)
            .with_since(since)
            .with_n("log", log.rows)
            .with_evidence(
                "99 % quantile in the window, elsewhere",
                format!("{}, {}", number(tail.p99_inside), number(tail.p99_outside)),
            )
            .with_evidence(
                "median latency in the window, elsewhere",
                format!("{}, {}", number(tail.median_inside), number(tail.median_outside)),
            )
            .with_evidence("requests in the window", domain::number::count(stretch.inside.n)),
    )
}

fn spike(log: &ServingLogMeasures, column: &str, slow: &SlowStretch) -> Option<Finding> {
    let stretch = slow.stretch;
    let usual = slow.median_outside.max(slow.median_same_hours.unwrap_or(0.0));
    let ratio = slow.median_inside / usual;
    let short = stretch.inside.n as f64 <= STRETCH_MOST * log.rows as f64;
    let verdict = match () {
        () if !short || (stretch.inside.hits as f64) < LATENCY_REQUESTS => return None,
        () if ratio >= LATENCY_RATIO && stretch.p < CERTAINTY => Verdict::Mismatch,
        () if ratio >= LATENCY_RATIO_POSSIBLE && stretch.p < SIGNIFICANCE => Verdict::Possible,
        () => return None,
    };
    let statement = format!(
        "Requests were {} times slower than usual from {} to {}.",
        number((ratio * 10.0).round() / 10.0),
        time(stretch.from_ms),
        time(stretch.to_ms),
    );
    Some(
        DETECTOR
            .finding(
                verdict,
                &[column],
                statement,
                Effect::new("median_ratio", ratio, LATENCY_RATIO),
                Certainty::p(stretch.p),
            )
            .with_since(Since::window(stretch.from_ms, stretch.to_ms))
            .with_n("log", log.rows)
            .with_evidence(
                "median latency in the window, usual",
                format!("{}, {}", number(slow.median_inside), number(usual)),
            )
            .with_evidence("requests in the window", domain::number::count(stretch.inside.n))
            .with_evidence(
                "95 % quantile in the window, elsewhere",
                format!("{}, {}", number(slow.p95_inside), number(slow.p95_outside)),
            )
            .with_evidence(
                "slow requests in the window, elsewhere",
                format!("{}, {}", stretch.inside.hits, stretch.outside.hits),
            )
            .for_cause(Cause::LatencySpike),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::testing::log_of;
    use domain::measurements::time_windows::TimedStretch;
    use stats::intervals::Share;

    fn slow(median_inside: f64, requests: u64, p: f64) -> SlowStretch {
        let (inside, outside) = (Share::new(requests, requests), Share::new(0, 400 - requests));
        SlowStretch {
            stretch: TimedStretch { from_ms: 0, to_ms: 1, inside, outside, score: 50.0, p },
            median_inside,
            median_outside: 30.0,
            median_same_hours: None,
            p95_inside: 2.0 * median_inside,
            p95_outside: 60.0,
        }
    }

    fn verdict(slow: SlowStretch) -> Option<Verdict> {
        let log = ServingLogMeasures { latency: Some(slow), ..log_of(400) };
        let found = judge(&Measurements { serving_log: Some(log), ..Measurements::default() }).findings();
        found.first().map(|finding| finding.verdict)
    }

    #[test]
    fn a_spike_is_long_high_certain_and_not_daily() {
        assert_eq!(verdict(slow(120.0, 50, 1e-9)), Some(Verdict::Mismatch));
        assert_eq!(verdict(slow(120.0, 50, 1e-3)), Some(Verdict::Possible));
        assert_eq!(verdict(slow(50.0, 50, 1e-9)), Some(Verdict::Possible));
        assert_eq!(verdict(slow(120.0, 4, 1e-9)), None, "a pause");
        assert_eq!(verdict(slow(120.0, 300, 1e-9)), None, "the normal state");
        let rush_hour = SlowStretch { median_same_hours: Some(110.0), ..slow(120.0, 50, 1e-9) };
        assert_eq!(verdict(rush_hour), None, "every day at these hours");
    }

    #[test]
    fn a_slow_tail_after_a_release_is_reported_although_the_median_stays() {
        let tail = |hits: u64, p: f64, p99_inside: f64| SlowTail {
            over_median: 4.0,
            stretch: TimedStretch {
                from_ms: 0,
                to_ms: 1,
                inside: Share::new(hits, 1_000),
                outside: Share::new(2, 1_000),
                score: 50.0,
                p,
            },
            is_open: true,
            p99_inside,
            p99_outside: 64.0,
            median_inside: 38.0,
            median_outside: 38.0,
            p99_same_hours: None,
            version: Some("1.43.0".into()),
        };
        let found = |tail: SlowTail| {
            let log = ServingLogMeasures { tail: Some(tail), ..log_of(2_000) };
            let found = judge(&Measurements { serving_log: Some(log), ..Measurements::default() }).findings();
            found.into_iter().next().map(|finding| (finding.verdict, finding.statement))
        };
        let (verdict, statement) = found(tail(55, 1e-9, 2_200.0)).expect("it is reported");
        assert_eq!(verdict, Verdict::Mismatch);
        assert!(statement.contains("with version 1.43.0"), "{statement}");
        assert_eq!(found(tail(55, 1e-3, 2_200.0)).map(|found| found.0), Some(Verdict::Possible));
        assert_eq!(found(tail(5, 1e-9, 2_200.0)), None, "as many as elsewhere, but for chance");
        assert_eq!(found(tail(55, 1e-9, 90.0)), None, "hardly slower than the tail elsewhere");
        let nightly = SlowTail { p99_same_hours: Some(2_000.0), ..tail(55, 1e-9, 2_200.0) };
        assert_eq!(found(nightly), None, "every day at these hours");
    }
}
