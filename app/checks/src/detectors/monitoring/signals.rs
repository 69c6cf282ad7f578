//! M2.signals: does the serving log hold confidence, latency and time?

use crate::detectors::words::count;
use crate::detectors::{Detector, Judgement};
use crate::thresholds::SIGNALS_ABSENT;
use domain::DetectorId;
use domain::evaluation::Task;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::Need;
use domain::{Cause, Item, Verdict};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("M2.signals"),
    item: Item::M2,
    title: "Confidence, latency and throughput",
    looks_for: "Whether the serving log holds the confidence, the latency and the time of each prediction.",
    why_it_matters: "Confidence falls before labels arrive, latency rises before callers give up, and throughput drops before users report a problem. A signal that is not logged cannot warn you.",
    how_it_decides: "The check reads the columns of the log. The result is possible when at least {SIGNALS_ABSENT} of these signals is missing. It is never more, because another tool may record the signal. A regression model needs no confidence.",
    try_next: "Add the missing columns to the log line of each request, or add the log that has them.",
    causes: &[Cause::UnmonitoredSignal],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(log) = &measurements.serving_log else { return Judgement::missing(Need::serving_log([])) };
    let wanted = [
        ("confidence", log.columns.confidence.is_some() || measurements.task == Some(Task::Regression)),
        ("latency", log.columns.latency.is_some()),
        ("time", log.columns.time.is_some()),
    ];
    let absent: Vec<&str> = wanted.iter().filter(|(_, there)| !there).map(|(signal, _)| *signal).collect();
    let summary = format!("Looked for confidence, latency and time in {}.", count(log.rows, "request"));
    let finding = (!absent.is_empty()).then(|| {
        let statement = format!("The serving log has no {} column.", absent.join(" and no "));
        let effect = Effect::new("absent_signals", absent.len() as f64, SIGNALS_ABSENT);
        DETECTOR
            .finding(Verdict::Possible, &[], statement, effect, Certainty::exact())
            .with_n("log", log.rows)
            .for_cause(Cause::UnmonitoredSignal)
    });
    Judgement::Judged { summary, findings: finding.into_iter().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::testing::log_of;

    #[test]
    fn an_absent_signal_is_possible_and_a_full_log_clear() {
        let mut log = log_of(400);
        let judged = |log: &domain::measurements::serving_log::ServingLogMeasures| {
            judge(&Measurements { serving_log: Some(log.clone()), ..Measurements::default() }).findings()
        };
        assert!(judged(&log).is_empty());
        log.columns.latency = None;
        let found = judged(&log);
        assert_eq!((found.len(), found[0].verdict), (1, Verdict::Possible));
    }
}
