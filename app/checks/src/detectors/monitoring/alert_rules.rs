//! M3.alert_rules: would the rules in force have noticed?

use super::incidents::{Incident, incidents};
use super::replay::{Firing, NotReplayed, Signal, watched};
use super::unmonitored::in_log;
use crate::detectors::words::{count, name, number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::ALERT_NOISE;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::observation::{AlertRule, SignalKind};
use domain::plot::format::time;
use domain::{Cause, Finding, Item, Verdict};

pub static DETECTOR: Detector = Detector {
    id: "M3.alert_rules",
    item: Item::M3,
    title: "Alert rules",
    looks_for: "Signals without an alert rule, rules that would have slept through what happened, muted rules that would not have, and rules that fire all the time.",
    why_it_matters: "A rule is only worth what it would have said on the day. A threshold that is too high, a duration that is too long or a forgotten mute are found out by users otherwise.",
    how_it_decides: "Every rule is run over its own series, or over latency, error rate, throughput, missing inputs and confidence as the serving log gives them in steps of equal time. An incident is a stretch that another detector is sure of: slow answers, failures, fields not logged, times without rows or values. An incident in which no enabled rule would have begun to fire is a mismatch; possible when a rule meant for such signals could not be run. Signals that are there without any rule, and rules that fire for half of the time, are possible.",
    try_next: "Set the threshold so that the replayed incident fires within the time you can bear, unmute what was muted, and add rules for the signals that have none.",
    causes: &[Cause::AlertGap],
    judge,
};

const MINUTE: f64 = 60_000.0;

/// One rule and what it would have done.
struct Replay<'a> {
    rule: &'a AlertRule,
    run: Result<(Signal, Vec<Firing>), NotReplayed>,
}

fn judge(measurements: &Measurements) -> Judgement {
    let rules = &measurements.observations.alert_rules;
    if rules.is_empty() {
        return Judgement::missing("alert rules (an observations file)");
    }
    let log = measurements.serving_log.as_ref();
    let run = |rule: &AlertRule| {
        let (signal, scaled) = watched(rule, &measurements.observations.series, log)?;
        let firings = signal.firings(&scaled);
        Ok((signal, firings))
    };
    let replays: Vec<Replay> = rules.iter().map(|rule| Replay { rule, run: run(rule) }).collect();
    let incidents = incidents(measurements);
    let mut findings: Vec<Finding> = incidents.iter().filter_map(|incident| slept(incident, &replays)).collect();
    let caught = incidents.len() - findings.len();
    findings.extend(without_rule(measurements));
    findings.extend(replays.iter().filter_map(noisy));
    let run = replays.iter().filter(|replay| replay.run.is_ok()).count();
    let mut summary = format!("Ran {run} of {}", count(rules.len() as u64, "rule"));
    summary.push_str(&match incidents.len() {
        0 => "; no other detector is sure of an incident to hold them against.".to_owned(),
        n => format!(" over {}: {caught} would have been noticed.", count(n as u64, "incident")),
    });
    let late: Vec<String> = incidents.iter().filter_map(|incident| noticed(incident, &replays)).collect();
    if !late.is_empty() {
        summary = format!("{summary} {}.", late.join("; "));
    }
    Judgement::Judged { summary, findings }
}

impl Replay<'_> {
    /// What it watched tells of the time of the incident.
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
            (Err(reason), _) => format!("could not be run: {reason}"),
            (Ok((signal, _)), Some(at)) => {
                format!("would have fired at {}, {} (on {})", time(at), after(incident, at), signal.source)
            }
            (Ok((signal, _)), None) if !self.covers(incident) => format!("{} does not cover the time", signal.source),
            (Ok((signal, _)), None) => format!("would not have begun to fire (on {})", signal.source),
        };
        format!("{muted}{what}")
    }
}

fn after(incident: &Incident, at: i64) -> String {
    let minutes = (at - incident.from_ms) as f64 / MINUTE;
    if minutes <= 0.0 {
        "at its beginning".into()
    } else {
        format!("{} minutes after its beginning", number(minutes.round()))
    }
}

/// The enabled rule that would have noticed first, in words.
fn noticed(incident: &Incident, replays: &[Replay<'_>]) -> Option<String> {
    let enabled = replays.iter().filter(|replay| !replay.rule.muted);
    let (at, rule) =
        enabled.filter_map(|replay| Some((replay.fires(incident)?, replay.rule))).min_by_key(|found| found.0)?;
    Some(format!("{}: {} {}", incident.what, name(&rule.name), after(incident, at)))
}

/// An incident that no enabled rule would have noticed.
fn slept(incident: &Incident, replays: &[Replay<'_>]) -> Option<Finding> {
    if noticed(incident, replays).is_some() {
        return None;
    }
    let meant = |replay: &&Replay<'_>| incident.kinds.contains(&replay.rule.kind);
    let unknown = replays.iter().filter(|replay| !replay.rule.muted && !replay.covers(incident)).filter(meant).count();
    let verdict = if unknown > 0 { Verdict::Possible } else { Verdict::Mismatch };
    let muted: Vec<&Replay> =
        replays.iter().filter(|replay| replay.rule.muted && replay.fires(incident).is_some()).collect();
    let but = match (muted.first(), unknown) {
        (Some(first), _) => format!("; {} would have, but is muted", name(&first.rule.name)),
        (None, 0) if !replays.iter().any(|replay| meant(&replay)) => "; none watches such a signal".to_owned(),
        (None, 0) => String::new(),
        (None, unknown) => format!("; {} could not be run over that time", count(unknown as u64, "rule")),
    };
    let statement = format!(
        "No rule in force would have fired for {} from {} to {}{but}.",
        incident.what,
        time(incident.from_ms),
        time(incident.to_ms)
    );
    let columns: Vec<&str> = incident.columns.iter().map(String::as_str).collect();
    let mut finding = DETECTOR
        .finding(verdict, &columns, statement, Effect::new("unnoticed_incidents", 1.0, 1.0), Certainty::exact())
        .with_n("rules", replays.len() as u64)
        .for_cause(Cause::AlertGap);
    for replay in replays {
        finding = finding.with_evidence(name(&replay.rule.name), replay.in_words(incident));
    }
    Some(told_apart(finding, &incident.what))
}

/// Several findings may be about the same columns.
fn told_apart(mut finding: Finding, by: &str) -> Finding {
    let parts: Vec<String> = finding.columns.iter().cloned().chain([by.to_owned()]).collect();
    finding.id = Finding::id_of(DETECTOR.id, &parts);
    finding
}

/// Signals that are there and that no rule watches.
fn without_rule(measurements: &Measurements) -> Option<Finding> {
    let observations = &measurements.observations;
    let rules = &observations.alert_rules;
    let has_rule = |kind: SignalKind| rules.iter().any(|rule| rule.kind == kind);
    let of_series = observations.series.iter().filter(|series| !series.points.is_empty()).filter(|series| {
        let by_name = rules.iter().any(|rule| rule.signal.trim().eq_ignore_ascii_case(series.signal.trim()));
        // Rules on signals of no known kind are told apart by name only.
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
    let statement = format!("{} without any alert rule: {}.", count(bare.len() as u64, "signal"), bare.join(", "));
    let effect = Effect::new("signals_without_rule", bare.len() as f64, 1.0);
    let finding = DETECTOR
        .finding(Verdict::Possible, &[], statement, effect, Certainty::exact())
        .with_n("rules", rules.len() as u64)
        .for_cause(Cause::AlertGap);
    Some(told_apart(finding, "without rule"))
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
        "Rule {} would have fired for {} of the time on {}: nobody reads an alarm that is always on.",
        name(&replay.rule.name),
        percent(share.min(1.0)),
        signal.source
    );
    let effect = Effect::new("share_of_time_firing", share.min(1.0), ALERT_NOISE);
    let finding = DETECTOR
        .finding(Verdict::Possible, &[&replay.rule.name], statement, effect, Certainty::exact())
        .with_n("points", signal.points.len() as u64)
        .with_evidence("times it would have begun to fire", firings.len().to_string())
        .for_cause(Cause::AlertGap);
    Some(told_apart(finding, "noise"))
}

#[cfg(test)]
mod tests;
