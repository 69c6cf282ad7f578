//! The incidents that other detectors report as a mismatch, with their times.

use super::outage_window;
use crate::detectors::Detector;
use crate::detectors::deployment::{error_rate, latency};
use crate::detectors::serving::coverage;
use crate::detectors::words::name;
use crate::thresholds::CERTAINTY;
use domain::Verdict;
use domain::finding::{CertaintyKind, Finding};
use domain::measurements::Measurements;
use domain::measurements::time_windows::TimedStretch;
use domain::observation::SignalKind;

/// One incident, with its window of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Incident {
    /// A noun phrase.
    pub what: String,
    /// Rules of these kinds are meant to see it.
    pub kinds: &'static [SignalKind],
    pub columns: Vec<String>,
    pub from_ms: i64,
    pub to_ms: i64,
}

const OF_LATENCY: &[SignalKind] = &[SignalKind::Latency, SignalKind::Throughput, SignalKind::Cpu, SignalKind::Other];
const OF_FAILURES: &[SignalKind] =
    &[SignalKind::ErrorRate, SignalKind::Latency, SignalKind::Throughput, SignalKind::Memory, SignalKind::Other];
const OF_MISSING: &[SignalKind] = &[
    SignalKind::MissingValues,
    SignalKind::InputDrift,
    SignalKind::PredictionDrift,
    SignalKind::Confidence,
    SignalKind::Other,
];
const OF_SILENCE: &[SignalKind] = &[SignalKind::Throughput, SignalKind::ErrorRate, SignalKind::Other];

/// Slow requests, failures, missing fields of the log, and outages of the served rows, where the finding is a mismatch
/// with a start and an end.
pub fn incidents(measurements: &Measurements) -> Vec<Incident> {
    let mut found = Vec::new();
    if let Some(log) = &measurements.serving_log {
        let slow = log.latency.as_ref().map(|slow| slow.stretch);
        found.extend(
            mismatches(measurements, &latency::DETECTOR)
                .into_iter()
                .filter_map(|f| of("slow requests", OF_LATENCY, &f, slow?)),
        );
        let failing = log.errors.as_ref().and_then(|errors| errors.stretch);
        // A failure rate over the whole log has no start and no end.
        let dated = |finding: &Finding| finding.certainty.kind == CertaintyKind::P;
        let bursts = mismatches(measurements, &error_rate::DETECTOR).into_iter().filter(dated);
        found.extend(bursts.filter_map(|finding| of("failed requests", OF_FAILURES, &finding, failing?)));
        for finding in mismatches(measurements, &coverage::DETECTOR) {
            let field = log.fields.iter().find(|field| finding.columns == [field.field.clone()]);
            let stretch = field.and_then(|field| field.stretch).filter(|stretch| stretch.p < CERTAINTY);
            found.extend(stretch.and_then(|stretch| {
                of(&format!("{} not logged", name(&finding.columns[0])), OF_MISSING, &finding, stretch)
            }));
        }
    }
    if let Some(windows) = &measurements.time_windows {
        for finding in mismatches(measurements, &outage_window::DETECTOR) {
            let gap = windows.gap.filter(|_| finding.columns == [windows.time_column.clone()]);
            if let Some(gap) = gap {
                let what = "no rows at all".to_owned();
                let (kinds, columns) = (OF_SILENCE, finding.columns);
                found.push(Incident { what, kinds, columns, from_ms: gap.from_ms, to_ms: gap.to_ms });
                continue;
            }
            let column = windows.columns.iter().find(|column| finding.columns == [column.column.clone()]);
            let stretch = column.and_then(|column| column.missing);
            let what = finding.columns.first().map(|column| format!("{} without values", name(column)));
            found.extend(what.zip(stretch).and_then(|(what, stretch)| of(&what, OF_MISSING, &finding, stretch)));
        }
    }
    found.sort_by_key(|incident| incident.from_ms);
    found
}

fn mismatches(measurements: &Measurements, detector: &Detector) -> Vec<Finding> {
    let findings = (detector.judge)(measurements).findings();
    findings.into_iter().filter(|finding| finding.verdict == Verdict::Mismatch).collect()
}

/// `None` for a log without times.
fn of(what: &str, kinds: &'static [SignalKind], finding: &Finding, stretch: TimedStretch) -> Option<Incident> {
    let dated = stretch.to_ms > stretch.from_ms;
    dated.then(|| Incident {
        what: what.to_owned(),
        kinds,
        columns: finding.columns.clone(),
        from_ms: stretch.from_ms,
        to_ms: stretch.to_ms,
    })
}
