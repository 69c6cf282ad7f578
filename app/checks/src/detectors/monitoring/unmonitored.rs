//! M1.unmonitored: which signals are not monitored?

use crate::detectors::words::{count, name};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::SIGNALS_UNMONITORED;
use domain::DetectorId;
use domain::evaluation::Task;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::serving_log::LogColumns;
use domain::need::{Fact, Need};
use domain::observation::SignalKind;
use domain::{Cause, Item, Verdict};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("M1.unmonitored"),
    item: Item::M1,
    title: "Unmonitored signals",
    looks_for: "Signals of a served model without a series, an alert rule or a field of the serving log: drift of inputs, predictions and labels, missing values, performance, latency, throughput, error rate and confidence.",
    why_it_matters: "A signal that nobody watches can fail silently, and then users notice first.",
    how_it_decides: "The check looks for each signal in the metric series and alert rules of the investigation, and in the fields of the serving log from which it can be computed. The result is possible when at least {SIGNALS_UNMONITORED} signal has none of these. It is never more, because another tool may watch the signal. A regression model needs no confidence.",
    try_next: "Add the series or rules of the monitoring tool as an observations file. For signals that are really not monitored, start with performance and input drift.",
    causes: &[Cause::UnmonitoredSignal],
    tasks: Task::ALL,
    judge,
};

const WANTED: [SignalKind; 9] = [
    SignalKind::InputDrift,
    SignalKind::PredictionDrift,
    SignalKind::MissingValues,
    SignalKind::Performance,
    SignalKind::LabelDrift,
    SignalKind::Latency,
    SignalKind::Throughput,
    SignalKind::ErrorRate,
    SignalKind::Confidence,
];

/// The field of the log that a signal can be computed from.
pub(super) fn in_log(columns: &LogColumns, kind: SignalKind) -> Option<&String> {
    match kind {
        SignalKind::InputDrift | SignalKind::MissingValues => columns.inputs.as_ref(),
        SignalKind::PredictionDrift => columns.output.as_ref(),
        SignalKind::Latency => columns.latency.as_ref(),
        SignalKind::Throughput => columns.time.as_ref(),
        SignalKind::ErrorRate => columns.status.as_ref(),
        SignalKind::Confidence => columns.confidence.as_ref(),
        SignalKind::Performance
        | SignalKind::LabelDrift
        | SignalKind::Memory
        | SignalKind::Cpu
        | SignalKind::Kpi
        | SignalKind::Other => None,
    }
}

fn judge(measurements: &Measurements) -> Judgement {
    let observations = &measurements.observations;
    // The answer to one query says nothing of what else is watched.
    let mut kinds: Vec<SignalKind> = observations.series.iter().map(|series| series.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.len() < 2 && observations.alert_rules.is_empty() && measurements.serving_log.is_none() {
        return Judgement::missing(Need::any_of([Need::series([]), Fact::AlertRules.into(), Need::serving_log([])]));
    }
    let needed = |kind: &SignalKind| *kind != SignalKind::Confidence || measurements.task != Some(Task::Regression);
    let wanted: Vec<SignalKind> = WANTED.into_iter().filter(needed).collect();
    let covered: Vec<(SignalKind, Option<String>)> =
        wanted.iter().map(|kind| (*kind, cover(measurements, *kind))).collect();
    let gaps: Vec<&str> = covered.iter().filter(|(_, by)| by.is_none()).map(|(kind, _)| kind.words()).collect();
    let covers: Vec<String> =
        covered.iter().filter_map(|(kind, by)| Some(format!("{} by {}", kind.words(), by.as_ref()?))).collect();
    let summary = match covers.as_slice() {
        [] => format!("None of {} is monitored.", count(wanted.len() as u64, "signal")),
        _ => format!("{} of {} signals are monitored: {}.", covers.len(), wanted.len(), covers.join(", ")),
    };
    if gaps.is_empty() {
        return Judgement::Judged { summary, findings: Vec::new() };
    }
    let statement = format!(
        "{} of {} signals {} not monitored: {}.",
        gaps.len(),
        wanted.len(),
        if gaps.len() == 1 { "is" } else { "are" },
        gaps.join(", ")
    );
    let effect = Effect::new("signals_without_cover", gaps.len() as f64, SIGNALS_UNMONITORED);
    let mut finding = DETECTOR
        .finding(Verdict::Possible, &[], statement, effect, Certainty::exact())
        .with_n("series", observations.series.len() as u64)
        .with_n("rules", observations.alert_rules.len() as u64)
        .for_cause(Cause::UnmonitoredSignal);
    for (kind, by) in &covered {
        finding = finding.with_evidence(kind.words(), by.as_deref().unwrap_or("nothing"));
    }
    Judgement::Judged { summary, findings: vec![finding] }
}

/// What monitors a signal, in words.
fn cover(measurements: &Measurements, kind: SignalKind) -> Option<String> {
    let observations = &measurements.observations;
    let series = observations.series.iter().find(|series| series.kind == kind && !series.points.is_empty());
    let rule = observations.alert_rules.iter().find(|rule| rule.kind == kind);
    let field = measurements.serving_log.as_ref().and_then(|log| in_log(&log.columns, kind));
    let parts = [
        rule.map(|rule| format!("rule {}{}", name(&rule.name), if rule.muted { " (muted)" } else { "" })),
        series.map(|series| format!("series {}", name(&series.signal))),
        field.map(|field| format!("log field {}", name(field))),
    ];
    let covers: Vec<String> = parts.into_iter().flatten().collect();
    (!covers.is_empty()).then(|| covers.join(" and "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::testing::log_of;
    use domain::observation::{MetricSeries, Observations};

    fn series(kind: SignalKind) -> MetricSeries {
        MetricSeries {
            source: String::new(),
            signal: kind.words().into(),
            kind,
            unit: None,
            higher_is_better: None,
            points: vec![(0, 1.0)],
        }
    }

    #[test]
    fn a_log_alone_leaves_labels_and_performance_unmonitored_and_is_only_possible() {
        let found = judge(&Measurements { serving_log: Some(log_of(400)), ..Measurements::default() }).findings();
        assert_eq!((found.len(), found[0].verdict, found[0].effect.value), (1, Verdict::Possible, 2.0));
        assert!(found[0].statement.contains("performance, label drift"), "{}", found[0].statement);
        assert!(matches!(judge(&Measurements::default()), Judgement::NoEvidence { .. }));
    }

    #[test]
    fn series_fill_the_gaps_and_the_summary_says_what_covers_what() {
        let observations = Observations {
            series: vec![series(SignalKind::Performance), series(SignalKind::LabelDrift)],
            ..Observations::default()
        };
        let all = Measurements { serving_log: Some(log_of(400)), observations, ..Measurements::default() };
        let Judgement::Judged { summary, findings } = judge(&all) else { unreachable!("there is a log") };
        assert!(findings.is_empty() && summary.contains("latency by log field latency_ms"), "{summary}");
        let alone = Measurements {
            observations: Observations {
                series: vec![series(SignalKind::Latency), series(SignalKind::Memory)],
                ..Observations::default()
            },
            task: Some(Task::Regression),
            ..Measurements::default()
        };
        assert_eq!(judge(&alone).findings()[0].effect.value, 7.0, "a regression model needs no confidence");
        let one = Observations { series: vec![series(SignalKind::Latency)], ..Observations::default() };
        let one = judge(&Measurements { observations: one, ..Measurements::default() });
        assert!(matches!(one, Judgement::NoEvidence { .. }), "one signal says nothing of the others");
    }

    #[test]
    fn an_empty_series_covers_nothing() {
        let empty = MetricSeries { points: Vec::new(), ..series(SignalKind::Latency) };
        let memory = series(SignalKind::Memory);
        let observations = Observations { series: vec![empty, memory], ..Observations::default() };
        let found = judge(&Measurements { observations, ..Measurements::default() }).findings();
        assert_eq!(found[0].effect.value, 9.0);
    }
}
