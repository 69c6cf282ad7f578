//! M3.alert_rules: would the active rules have fired?

mod silent;

use super::incidents::{Incident, incidents};
use super::replay::{Firing, NotReplayed, Signal, watched};
use super::unmonitored::in_log;
use crate::detectors::words::{count, name, number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{ALERT_NOISE, INCIDENTS_UNNOTICED, SIGNALS_WITHOUT_RULE};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::Fact;
use domain::observation::{AlertRule, SignalKind};
use domain::plot::format::time;
use domain::{Cause, Finding, Item, Task, Verdict};
use silent::silent;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("M3.alert_rules"),
    item: Item::M3,
    title: "Alert rules",
    looks_for: "Signals without an alert rule, rules that would have missed an incident, muted rules that would have detected it, and rules that fire most of the time, and rules that can never fire.",
    why_it_matters: "An alert rule is only useful if it fires during an incident. If a threshold is too high, a duration too long or a rule muted by mistake, users find out first.",
    how_it_decides: "Every rule is replayed over its own series, or over the latency, error rate, throughput, missing inputs and confidence of the serving log in steps of equal time. A gap of more than {ALERT_GAP_STEPS} steps ends a breach, and a signal is absent after {ALERT_ABSENT_STEPS} steps without a point. A latency rule is not replayed when its threshold is more than {ALERT_UNIT} times larger or smaller than the usual value, because it is in another unit. An incident is a window that another detector reports as a mismatch: slow requests, failures, fields not logged, windows without rows or values. At least {INCIDENTS_UNNOTICED} incident in which no active rule would have started to fire is a mismatch, or possible when a rule for such signals could not be replayed. At least {SIGNALS_WITHOUT_RULE} signal without a rule, and a rule that fires for {ALERT_NOISE:%} of the time, are possible. At least {RULES_SILENT} rule that can't fire is a mismatch when it compares a share with a threshold in per cent, and possible when it waits for longer than was recorded or watches a name that no series has.",
    try_next: "Set the threshold so that the replayed incident fires early enough for you, unmute the muted rules, and add rules for the signals without one.",
    causes: &[Cause::AlertGap],
    tasks: Task::ALL,
    judge,
};

const MINUTE: f64 = 60_000.0;

/// One rule and what it would have done.
struct Replay<'a> {
    rule: &'a AlertRule,
    /// In the unit of the signal that it was replayed on.
    threshold: f64,
    run: Result<(Signal, Vec<Firing>), NotReplayed>,
}

fn judge(measurements: &Measurements) -> Judgement {
    let rules = &measurements.observations.alert_rules;
    if rules.is_empty() {
        return Judgement::missing(Fact::AlertRules);
    }
    let log = measurements.serving_log.as_ref();
    let replay = |rule| match watched(rule, &measurements.observations.series, log) {
        Err(reason) => Replay { rule, threshold: rule.threshold, run: Err(reason) },
        Ok((signal, scaled)) => {
            let firings = signal.firings(&scaled);
            Replay { rule, threshold: scaled.threshold, run: Ok((signal, firings)) }
        }
    };
    let replays: Vec<Replay> = rules.iter().map(replay).collect();
    let incidents = incidents(measurements);
    let mut findings: Vec<Finding> = incidents.iter().filter_map(|incident| missed(incident, &replays)).collect();
    let caught = incidents.len() - findings.len();
    findings.extend(without_rule(measurements));
    findings.extend(replays.iter().filter_map(noisy));
    findings.extend(replays.iter().filter_map(|replay| silent(replay, &measurements.observations.series)));
    let run = replays.iter().filter(|replay| replay.run.is_ok()).count();
    let mut summary = format!("Replayed {run} of {}", count(rules.len() as u64, "rule"));
    summary.push_str(&match incidents.len() {
        0 => "; no other detector found an incident to test them with.".to_owned(),
        n => format!(" over {}: {caught} would have been detected.", count(n as u64, "incident")),
    });
    let late: Vec<String> = incidents.iter().filter_map(|incident| noticed(incident, &replays)).collect();
    if !late.is_empty() {
        summary = format!("{summary} {}.", late.join("; "));
    }
    Judgement::Judged { summary, findings }
}

impl Replay<'_> {
    /// Whether its signal covers the time of the incident.
    fn covers(&self, incident: &Incident) -> bool {
        let Ok((signal, _)) = &self.run else { return false };
        let begins = signal.points.first().map_or(i64::MAX, |(at, _)| *at - signal.step_ms);
        begins <= incident.to_ms && incident.from_ms <= signal.end_ms
    }

    /// When it would have begun to fire for this incident.
    fn fires(&self, incident: &Incident) -> Option<i64> {
        let (signal, firings) = self.run.as_ref().ok()?;
        let within = incident.from_ms - signal.step_ms..=incident.to_ms + signal.step_ms;
        firings.iter().map(|firing| firing.from_ms).find(|begins| within.contains(begins))
    }

    fn in_words(&self, incident: &Incident) -> String {
        let muted = if self.rule.muted { "muted; " } else { "" };
        let what = match (&self.run, self.fires(incident)) {
            (Err(reason), _) => format!("could not be replayed: {reason}"),
            (Ok((signal, _)), Some(at)) => {
                format!("would have fired at {}, {} (on {})", time(at), after(incident, at), signal.source)
            }
            (Ok((signal, _)), None) if !self.covers(incident) => format!("{} does not cover the time", signal.source),
            (Ok((signal, _)), None) => format!("would not have fired (on {})", signal.source),
        };
        format!("{muted}{what}")
    }
}

fn after(incident: &Incident, at: i64) -> String {
    let minutes = (at - incident.from_ms) as f64 / MINUTE;
    if minutes <= 0.0 { "at its start".into() } else { format!("{} minutes after its start", number(minutes.round())) }
}

/// The active rule that would have fired first, in words.
fn noticed(incident: &Incident, replays: &[Replay<'_>]) -> Option<String> {
    let enabled = replays.iter().filter(|replay| !replay.rule.muted);
    let (at, rule) =
        enabled.filter_map(|replay| Some((replay.fires(incident)?, replay.rule))).min_by_key(|found| found.0)?;
    Some(format!("{}: {} {}", incident.what, name(&rule.name), after(incident, at)))
}

/// An incident that no active rule would have detected.
fn missed(incident: &Incident, replays: &[Replay<'_>]) -> Option<Finding> {
    if noticed(incident, replays).is_some() {
        return None;
    }
    let meant = |replay: &&Replay<'_>| incident.kinds.contains(&replay.rule.kind);
    let unknown = replays.iter().filter(|replay| !replay.rule.muted && !replay.covers(incident)).filter(meant).count();
    let verdict = if unknown > 0 { Verdict::Possible } else { Verdict::Mismatch };
    let muted: Vec<&Replay> =
        replays.iter().filter(|replay| replay.rule.muted && replay.fires(incident).is_some()).collect();
    let but = match (muted.first(), unknown) {
        (Some(first), _) => format!("; {} would have fired but is muted", name(&first.rule.name)),
        (None, 0) if !replays.iter().any(|replay| meant(&replay)) => "; no rule watches such a signal".to_owned(),
        (None, 0) => String::new(),
        (None, unknown) => format!("; {} could not be replayed over this time", count(unknown as u64, "rule")),
    };
    let statement = format!(
        "No active alert rule would have fired for {} from {} to {}{but}.",
        incident.what,
        time(incident.from_ms),
        time(incident.to_ms)
    );
    let columns: Vec<&str> = incident.columns.iter().map(String::as_str).collect();
    let mut finding = DETECTOR
        .finding(
            verdict,
            &columns,
            statement,
            Effect::new("unnoticed_incidents", 1.0, INCIDENTS_UNNOTICED),
            Certainty::exact(),
        )
        .with_n("rules", replays.len() as u64)
        .for_cause(Cause::AlertGap);
    for replay in replays {
        finding = finding.with_evidence(name(&replay.rule.name), replay.in_words(incident));
    }
    Some(distinguished(finding, &incident.what))
}

/// Gives the finding an id of its own: several findings may be about the same columns.
fn distinguished(mut finding: Finding, by: &str) -> Finding {
    let parts: Vec<String> = finding.columns.iter().cloned().chain([by.to_owned()]).collect();
    finding.id = Finding::id_of(&DETECTOR.id, &parts);
    finding
}

/// Signals without a rule.
fn without_rule(measurements: &Measurements) -> Option<Finding> {
    let observations = &measurements.observations;
    let rules = &observations.alert_rules;
    let has_rule = |kind: SignalKind| rules.iter().any(|rule| rule.kind == kind);
    let of_series = observations.series.iter().filter(|series| !series.points.is_empty()).filter(|series| {
        let by_name = rules.iter().any(|rule| rule.signal.trim().eq_ignore_ascii_case(series.signal.trim()));
        // Rules on signals of unknown kind are distinguished by name only.
        !by_name && (series.kind == SignalKind::Other || !has_rule(series.kind))
    });
    let mut bare: Vec<String> = of_series.map(|series| format!("series {}", name(&series.signal))).collect();
    let of_log = [
        SignalKind::Latency,
        SignalKind::ErrorRate,
        SignalKind::Throughput,
        SignalKind::MissingValues,
        SignalKind::Confidence,
    ];
    if let Some(log) = &measurements.serving_log {
        for kind in of_log.into_iter().filter(|kind| !has_rule(*kind)) {
            let field = in_log(&log.columns, kind);
            bare.extend(field.map(|field| format!("{} (log field {})", kind.words(), name(field))));
        }
    }
    if bare.is_empty() {
        return None;
    }
    let verb = if bare.len() == 1 { "has" } else { "have" };
    let statement = format!("{} {verb} no alert rule: {}.", count(bare.len() as u64, "signal"), bare.join(", "));
    let effect = Effect::new("signals_without_rule", bare.len() as f64, SIGNALS_WITHOUT_RULE);
    let finding = DETECTOR
        .finding(Verdict::Possible, &[], statement, effect, Certainty::exact())
        .with_n("rules", rules.len() as u64)
        .for_cause(Cause::AlertGap);
    Some(distinguished(finding, "without rule"))
}

/// A rule that fires most of the time.
fn noisy(replay: &Replay<'_>) -> Option<Finding> {
    let (signal, firings) = replay.run.as_ref().ok()?;
    let span = signal.span_ms() as f64;
    let firing: i64 = firings.iter().map(|firing| firing.to_ms.min(signal.end_ms) - firing.from_ms).sum();
    let share = firing as f64 / span.max(1.0);
    if replay.rule.muted || span <= 0.0 || share < ALERT_NOISE {
        return None;
    }
    let statement = format!(
        "Alert rule {} would have fired for {} of the time, so people will ignore it.",
        name(&replay.rule.name),
        percent(share.min(1.0))
    );
    let effect = Effect::new("share_of_time_firing", share.min(1.0), ALERT_NOISE);
    let finding = DETECTOR
        .finding(Verdict::Possible, &[&replay.rule.name], statement, effect, Certainty::exact())
        .with_n("points", signal.points.len() as u64)
        .with_evidence("replayed on", signal.source.clone())
        .with_evidence("times it would have started to fire", firings.len().to_string())
        .for_cause(Cause::AlertGap);
    Some(distinguished(finding, "noise"))
}

#[cfg(test)]
mod tests;
