//! P3.latency: were requests much slower for some time?

use crate::detectors::words::{count, number};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{
    CERTAINTY, LATENCY_RATIO, LATENCY_RATIO_POSSIBLE, LATENCY_REQUESTS, SIGNIFICANCE, STRETCH_MOST,
};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::serving_log::{ServingLogMeasures, SlowStretch};
use domain::need::{LogField, Need};
use domain::plot::format::time;
use domain::{Cause, Finding, Item, Verdict};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("P3.latency"),
    item: Item::P3,
    title: "Latency spikes",
    looks_for: "A window of requests that took much longer than the rest of the log, and longer than requests at the same hours of other days.",
    why_it_matters: "Callers that time out get no prediction or a default one, and retries add to the load. The cause (a starved container, a slow feature store) rarely disappears by itself.",
    how_it_decides: "A request is slow when it takes much longer than the median of the log. The check finds the window in which slow requests are densest. It is a mismatch when the window holds at least {LATENCY_REQUESTS} slow requests, p is under {CERTAINTY} against slow requests spread at random (Karlin and Altschul), and its median is at least {LATENCY_RATIO} times the median of the other requests. Where the log covers several days, the median must also be that much higher than at the same hours of other days. From {LATENCY_RATIO_POSSIBLE} times, with p under {SIGNIFICANCE}, it is possible. A window that covers more than {STRETCH_MOST:%} of the log is its normal state and gives no finding.",
    try_next: "Compare the window with deployments, CPU throttling, memory limits and the latency of the feature store.",
    causes: &[Cause::LatencySpike],
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(log) = &measurements.serving_log else { return Judgement::missing(Need::serving_log([])) };
    let Some(column) = &log.columns.latency else {
        return Judgement::missing(Need::serving_log([LogField::Latency]));
    };
    let finding = log.latency.as_ref().and_then(|slow| spike(log, column, slow));
    let summary = format!("Looked for a slow window in {}.", count(log.rows, "request"));
    Judgement::Judged { summary, findings: finding.into_iter().collect() }
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
}
