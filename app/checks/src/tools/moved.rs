//! Signals of other tools that moved to the worse side and stayed there.

use domain::Since;
use domain::number::number;
use domain::observation::{Deployment, MetricSeries, Observations, SignalKind};
use domain::plot::format::{shortened, time};
use domain::tool_check::{CheckOutcome, CheckSubject, CheckedBy, Source, ToolCheck, Worse};
use stats::multiple::benjamini_hochberg;

use crate::detectors::course::{Change, Window, change, levels, windows_of};
use crate::thresholds::{CERTAINTY, SERIES_SHIFT, SIGNAL_MOVED};

/// What a signal is about, which way is worse, and how grave a change is. Confidence has a check of its own.
fn meaning(series: &MetricSeries) -> Option<(CheckSubject, Worse, CheckOutcome)> {
    use CheckOutcome::{Failed, Warned};
    use CheckSubject::{DriftOverTime, Errors, Latency, Memory, MissingOverTime, PerformanceOverTime, Traffic};
    match series.kind {
        SignalKind::Latency => Some((Latency, Worse::Higher, Failed)),
        SignalKind::ErrorRate => Some((Errors, Worse::Higher, Failed)),
        SignalKind::InputDrift | SignalKind::PredictionDrift | SignalKind::LabelDrift => {
            Some((DriftOverTime, Worse::Higher, Failed))
        }
        SignalKind::MissingValues => Some((MissingOverTime, Worse::Higher, Failed)),
        SignalKind::Performance => {
            let worse = if series.higher_is_better.unwrap_or(true) { Worse::Lower } else { Worse::Higher };
            Some((PerformanceOverTime, worse, Failed))
        }
        SignalKind::Memory => Some((Memory, Worse::Higher, Warned)),
        SignalKind::Throughput => Some((Traffic, Worse::Lower, Warned)),
        SignalKind::Confidence | SignalKind::Cpu | SignalKind::Kpi | SignalKind::Other => None,
    }
}

/// A signal that moved to the worse side.
pub(crate) struct Move<'o> {
    pub series: &'o MetricSeries,
    pub about: CheckSubject,
    outcome: CheckOutcome,
    pub windows: Vec<Window>,
    pub change: Change,
    /// The level before and after it.
    pub levels: [f64; 2],
    q: f64,
}

/// Each signal that certainly moved to the worse side, by enough.
pub(crate) fn moves(observations: &Observations) -> Vec<Move<'_>> {
    let known = observations.series.iter().filter_map(|series| {
        let windows = windows_of(&series.points)?;
        let moved = change(&windows, None);
        Some((series, meaning(series)?, windows, moved))
    });
    let known: Vec<_> = known.collect();
    let q_values = benjamini_hochberg(&known.iter().map(|(_, _, _, moved)| moved.p).collect::<Vec<_>>());
    let moves =
        known.into_iter().zip(q_values).filter_map(|((series, (about, worse, outcome), windows, change), q)| {
            let levels = levels_of(&windows, &change)?;
            let moved = Move { series, about, outcome, windows, change, levels, q };
            moved.is_certain(worse).then_some(moved)
        });
    moves.collect()
}

/// The level of a signal before and after it moved: of a step the means, of a trend its ends.
pub(crate) fn levels_of(windows: &[Window], change: &Change) -> Option<[f64; 2]> {
    Some(match change.since {
        Some(since) => levels(windows, since),
        None => [windows.first()?.point.value, windows.last()?.point.value],
    })
}

/// The same as checks.
pub(super) fn all(observations: &Observations) -> Vec<ToolCheck> {
    moves(observations).iter().filter_map(|moved| moved.check(&observations.deployments)).collect()
}

impl Move<'_> {
    fn is_certain(&self, worse: Worse) -> bool {
        let [before, after] = self.levels;
        let share = (after - before).abs() / before.abs().max(after.abs());
        let to_worse = if worse == Worse::Higher { after > before } else { after < before };
        self.q < CERTAINTY && self.change.by.abs() >= SERIES_SHIFT && to_worse && share >= SIGNAL_MOVED
    }

    pub fn check(&self, deployments: &[Deployment]) -> Option<ToolCheck> {
        let (first, last) = (self.windows.first()?, self.windows.last()?);
        let [before, after] = self.levels;
        let direction = if after > before { "rose" } else { "fell" };
        let figures = format!("{direction} from {} to {}", number(before), number(after));
        let observed = match self.change.since {
            Some(since) => {
                format!("{figures} on {}{}", time(since), with_release(since, &self.windows, deployments))
            }
            None => format!("{figures} between {} and {}", time(first.from_ms), time(last.to_ms)),
        };
        let series = self.series;
        let source = Source { file: series.source.clone(), ..Source::of("series", None, series.signal.as_str()) };
        let check = ToolCheck::new(source, "level", self.about, vec![series.signal.clone()], self.outcome);
        Some(
            check
                .made_by(CheckedBy::Course)
                .with_measured("change over scatter", self.change.by, Some(SERIES_SHIFT))
                .worse_when(Worse::Higher)
                .with_observed(observed)
                .with_time(self.change.since)
                .with_q(self.q),
        )
    }
}

/// The release at which it moved: one within a window of it.
fn with_release(since: i64, windows: &[Window], deployments: &[Deployment]) -> String {
    let span = windows.first().zip(windows.last()).map_or(0, |(first, last)| last.to_ms - first.from_ms);
    let near = span / windows.len().max(1) as i64 * 2;
    let at = |one: &&Deployment| one.at_ms.is_some_and(|at| (at - since).abs() <= near);
    let closest = deployments.iter().filter(at).min_by_key(|one| one.at_ms.map(|at| (at - since).abs()));
    closest
        .and_then(|one| one.version.as_deref())
        .map_or(String::new(), |version| format!(", when {} was deployed", shortened(version, 40)))
}

/// Since when the signal of a check has its new level.
pub(super) fn since(check: &ToolCheck) -> Option<Since> {
    check.at_ms.filter(|_| check.by == CheckedBy::Course).map(|at| Since::onset(at, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(kind: SignalKind, signal: &str, value: impl Fn(i64) -> f64) -> MetricSeries {
        let points = (0..240).map(|at| (at * 60_000, value(at))).collect();
        MetricSeries {
            source: "answer.json".into(),
            signal: signal.into(),
            kind,
            unit: None,
            higher_is_better: None,
            points,
        }
    }

    /// A little noise that repeats.
    fn noise(at: i64) -> f64 {
        f64::from(((at * 7_919) % 101) as i32) / 101.0 - 0.5
    }

    fn said(series: Vec<MetricSeries>, deployments: Vec<Deployment>) -> Vec<String> {
        let observations = Observations { series, deployments, ..Observations::default() };
        all(&observations).into_iter().map(|check| check.observed.unwrap_or_default()).collect()
    }

    #[test]
    fn a_step_to_the_worse_is_dated_and_named_with_its_release() {
        let latency = |at: i64| if at < 150 { 0.09 } else { 0.27 } + 0.01 * noise(at);
        let v4 = Deployment { at_ms: Some(149 * 60_000), version: Some("v4".into()), ..Deployment::default() };
        let words = said(vec![series(SignalKind::Latency, "p95(latency)", latency)], vec![v4]);
        assert_eq!(words.len(), 1, "{words:?}");
        assert!(words[0].starts_with("rose from 0.0") && words[0].ends_with("when v4 was deployed"), "{words:?}");
    }

    #[test]
    fn noise_a_change_for_the_better_and_a_small_change_are_not_said() {
        let quiet = series(SignalKind::Latency, "a", |at| 0.09 + 0.01 * noise(at));
        let better = series(SignalKind::ErrorRate, "b", |at| if at < 120 { 0.06 } else { 0.004 } + 0.001 * noise(at));
        let small = series(SignalKind::Latency, "c", |at| if at < 120 { 0.100 } else { 0.105 } + 0.0001 * noise(at));
        let constant = series(SignalKind::MissingValues, "d", |_| 0.0);
        assert_eq!(said(vec![quiet, better, small, constant], vec![]), Vec::<String>::new());
    }

    #[test]
    fn a_score_falls_to_the_worse() {
        let score = |at: i64| if at < 120 { 0.95 } else { 0.7 } + 0.01 * noise(at);
        assert_eq!(said(vec![series(SignalKind::Performance, "roc_auc", score)], vec![]).len(), 1);
        let error = MetricSeries { higher_is_better: Some(false), ..series(SignalKind::Performance, "mae", score) };
        assert_eq!(said(vec![error], vec![]), Vec::<String>::new());
    }
}
