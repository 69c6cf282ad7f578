//! Limits for signals that moved: between where a signal was and where it went.

use domain::Finding;
use domain::guard::AlertLimit;
use domain::measurements::Measurements;
use domain::observation::{AlertRule, Breach, MetricSeries, SignalKind};

use crate::detectors::course::{Change, Window, change, windows_of};
use crate::detectors::monitoring::confidence_shift;
use crate::detectors::monitoring::replay::watched;
use crate::tools::finding_of;
use crate::tools::moved::{levels_of, moves};

/// How long a breach lasts before it fires: the longest with which the recorded one would have been noticed.
const DURATIONS_MS: [i64; 4] = [900_000, 300_000, 60_000, 0];

/// One for each signal that moved, where replayed over its series it fires afterwards and not before.
pub(super) fn limits(measurements: &Measurements, findings: &[&Finding]) -> Vec<AlertLimit> {
    let observations = &measurements.observations;
    let of_moves = moves(observations).into_iter().filter_map(|moved| {
        let id = moved.check(&observations.deployments).and_then(|check| finding_of(&check));
        let is_about =
            |finding: &&&Finding| id.as_ref() == Some(&finding.id) || finding.columns.contains(&moved.series.signal);
        let ids = findings.iter().filter(is_about).map(|finding| finding.id.clone()).collect();
        limit(moved.series, &moved.windows, &moved.change, ids)
    });
    of_moves.chain(confidences(measurements, findings)).collect()
}

/// The series of confidence that its own check reports.
fn confidences(measurements: &Measurements, findings: &[&Finding]) -> Vec<AlertLimit> {
    let reported = findings.iter().filter(|finding| finding.detector == confidence_shift::DETECTOR.id);
    let of_finding = |finding: &&Finding| {
        let is_of =
            |series: &&MetricSeries| series.kind == SignalKind::Confidence && finding.columns.contains(&series.signal);
        let series = measurements.observations.series.iter().find(is_of)?;
        let windows = windows_of(&series.points)?;
        limit(series, &windows, &change(&windows, None), vec![finding.id.clone()])
    };
    reported.filter_map(of_finding).collect()
}

fn limit(series: &MetricSeries, windows: &[Window], moved: &Change, findings: Vec<String>) -> Option<AlertLimit> {
    let [before, after] = levels_of(windows, moved)?;
    let rose = after > before;
    let since = moved.since.or_else(|| windows.get(windows.len() / 3).map(|window| window.from_ms))?;
    let breach = if rose { Breach::Above } else { Breach::Below };
    let limit = between(worst_before(windows, since, rose), before, after);
    let for_ms = DURATIONS_MS.into_iter().find(|for_ms| is_proven(series, breach, limit, *for_ms, since))?;
    Some(AlertLimit {
        signal: series.signal.clone(),
        breach,
        limit,
        unit: series.unit.clone(),
        for_ms,
        before,
        after,
        findings,
    })
}

/// The window before that is closest to the new level.
fn worst_before(windows: &[Window], since: i64, rose: bool) -> Option<f64> {
    let values = windows.iter().filter(|window| window.to_ms < since).map(|window| window.point.value);
    values.reduce(|one, other| if rose { one.max(other) } else { one.min(other) })
}

/// Halfway from the worst that was usual to the new level, in few digits.
fn between(worst: Option<f64>, before: f64, after: f64) -> f64 {
    let is_between = |value: &f64| (before.min(after)..before.max(after)).contains(value);
    let from = worst.filter(is_between).unwrap_or(before);
    let middle = (from + after) / 2.0;
    let rounded: f64 = format!("{middle:.1e}").parse().unwrap_or(middle);
    let (low, high) = (from.min(after), from.max(after));
    if low < rounded && rounded < high { rounded } else { middle }
}

/// Whether the limit, replayed over the series, fires after it moved and not before.
fn is_proven(series: &MetricSeries, breach: Breach, limit: f64, for_ms: i64, since: i64) -> bool {
    let rule = AlertRule {
        source: String::new(),
        name: String::new(),
        signal: series.signal.clone(),
        kind: series.kind,
        breach,
        threshold: limit,
        for_ms,
        muted: false,
    };
    let Ok((signal, rule)) = watched(&rule, std::slice::from_ref(series), None) else { return false };
    let firings = signal.firings(&rule);
    !firings.is_empty() && firings.iter().all(|firing| firing.from_ms >= since)
}
