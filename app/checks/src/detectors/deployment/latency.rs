//! P3.latency: did answers take far longer for a while?

use crate::detectors::words::{chance, count, number};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{
    CERTAINTY, LATENCY_RATIO, LATENCY_RATIO_POSSIBLE, LATENCY_REQUESTS, SIGNIFICANCE, STRETCH_MOST,
};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::serving_log::{ServingLogMeasures, SlowStretch};
use domain::plot::format::time;
use domain::{Cause, Finding, Item, Verdict};

pub static DETECTOR: Detector = Detector {
    id: "P3.latency",
    item: Item::P3,
    title: "Latency spikes",
    looks_for: "A stretch of requests that took far longer than the rest of the log, and longer than requests at the same hours of other days.",
    why_it_matters: "Callers that time out get no answer or a default one, retries add to the load, and the cause (a starved container, a slow feature store) seldom goes away by itself.",
    how_it_decides: "A request is slow over twice the median. The stretch in which slow ones are densest is a mismatch when it holds ten of them, has p under 0.0001 against slow requests spread as elsewhere (Karlin and Altschul), and its median is twice that of the others, at the same hours of other days where the log spans two days. Half as long again, or p under 0.01, is possible. What lasts for more than half of the log is its normal state.",
    try_next: "Lay the stretch beside deployments, CPU throttling, memory limits and the latency of the feature store.",
    causes: &[Cause::LatencySpike],
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(log) = &measurements.serving_log else { return Judgement::missing("a serving log") };
    let Some(column) = &log.columns.latency else {
        return Judgement::missing("a serving log that says how long answers took");
    };
    let finding = log.latency.as_ref().and_then(|slow| spike(log, column, slow));
    let summary = format!("Looked for a slow stretch among {}.", count(log.rows, "request"));
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
        "From {} to {} answers took {} times as long as otherwise: median {} against {}, over {} (p {}).",
        time(stretch.from_ms),
        time(stretch.to_ms),
        number((ratio * 10.0).round() / 10.0),
        number(slow.median_inside),
        number(usual),
        count(stretch.inside.n, "request"),
        chance(stretch.p),
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
                "95 % quantile in the stretch, otherwise",
                format!("{}, {}", number(slow.p95_inside), number(slow.p95_outside)),
            )
            .with_evidence(
                "requests over twice the median in the stretch, otherwise",
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
    fn a_spike_is_long_high_certain_and_not_every_days() {
        assert_eq!(verdict(slow(120.0, 50, 1e-9)), Some(Verdict::Mismatch));
        assert_eq!(verdict(slow(120.0, 50, 1e-3)), Some(Verdict::Possible));
        assert_eq!(verdict(slow(50.0, 50, 1e-9)), Some(Verdict::Possible));
        assert_eq!(verdict(slow(120.0, 4, 1e-9)), None, "a pause");
        assert_eq!(verdict(slow(120.0, 300, 1e-9)), None, "that is how it is");
        let rush_hour = SlowStretch { median_same_hours: Some(110.0), ..slow(120.0, 50, 1e-9) };
        assert_eq!(verdict(rush_hour), None, "every day at these hours");
    }
}
