//! M2.signals: does the serving log say how sure, how fast and how much?

use crate::detectors::words::count;
use crate::detectors::{Detector, Judgement};
use domain::evaluation::Task;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::{Cause, Item, Verdict};

pub static DETECTOR: Detector = Detector {
    id: "M2.signals",
    item: Item::M2,
    title: "Confidence, latency and throughput",
    looks_for: "Whether the serving log holds the confidence of each answer, how long it took, and when it was given.",
    why_it_matters: "Confidence falls before labels arrive, latency before callers give up, throughput before anybody rings. What is not logged can't warn.",
    how_it_decides: "By the columns of the log. What is absent is possible at most, because it may be recorded elsewhere; a model of quantities needs no confidence.",
    try_next: "Add the missing columns to the log line of each request, or give the log that holds them.",
    causes: &[Cause::UnmonitoredSignal],
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(log) = &measurements.serving_log else { return Judgement::missing("a serving log") };
    let wanted = [
        (
            "the confidence of its answers",
            log.columns.confidence.is_some() || measurements.task == Some(Task::Regression),
        ),
        ("how long answers took", log.columns.latency.is_some()),
        ("when requests came", log.columns.time.is_some()),
    ];
    let absent: Vec<&str> = wanted.iter().filter(|(_, there)| !there).map(|(signal, _)| *signal).collect();
    let summary = format!("Looked for confidence, latency and time in {}.", count(log.rows, "request"));
    let finding = (!absent.is_empty()).then(|| {
        let statement = format!("The serving log does not say {}.", absent.join(", nor "));
        let effect = Effect::new("absent_signals", absent.len() as f64, 1.0);
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
