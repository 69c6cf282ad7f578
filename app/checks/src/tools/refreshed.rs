//! Data that is no longer refreshed: its age grows as fast as the clock.

use crate::thresholds::AGE_POINTS;
use domain::number::number;
use domain::observation::{MetricSeries, Observations, SignalKind};
use domain::plot::format::time;
use domain::tool_check::{CheckOutcome, CheckSubject, CheckedBy, Source, ToolCheck, Worse};

/// How far the growth may be from that of the clock, as a share: points are not taken at even times.
const SLACK: f64 = 0.2;
/// Units in which an age is told, in milliseconds: milliseconds, seconds, minutes, hours, days.
const UNITS_MS: [f64; 5] = [1.0, 1e3, 60e3, 3_600e3, 86_400e3];

/// The age of data: by its name.
fn is_age(series: &MetricSeries) -> bool {
    let words = domain::naming::words(&series.signal);
    series.kind == SignalKind::Other
        && words.iter().any(|word| ["freshness", "age", "staleness", "lag"].contains(&word.as_str()))
}

/// Each age that grew with the clock until the last point.
pub(super) fn all(observations: &Observations) -> Vec<ToolCheck> {
    observations.series.iter().filter(|series| is_age(series)).filter_map(check).collect()
}

fn check(series: &MetricSeries) -> Option<ToolCheck> {
    let points: Vec<(i64, f64)> = series.points.iter().copied().filter(|(_, value)| value.is_finite()).collect();
    let from = UNITS_MS.iter().map(|unit| grows_from(&points, *unit)).min()?;
    let ((since, before), (_, age)) = (*points.get(from)?, *points.last()?);
    let grown = points.len() - from - 1;
    if (grown as f64) < AGE_POINTS || age <= before {
        return None;
    }
    let source = Source { file: series.source.clone(), ..Source::of("series", None, series.signal.as_str()) };
    let columns = vec![series.signal.clone()];
    let check = ToolCheck::new(source, "age", CheckSubject::Freshness, columns, CheckOutcome::Failed);
    let words = format!(
        "grows with the clock since {}, from {} to {}: nothing was refreshed",
        time(since),
        number(before),
        number(age)
    );
    Some(
        check
            .made_by(CheckedBy::Course)
            .with_measured("points that grow with the clock", grown as f64, Some(AGE_POINTS))
            .worse_when(Worse::Higher)
            .with_observed(words)
            .with_time(Some(since)),
    )
}

/// The place from which on each point is older than the one before by the time between them.
fn grows_from(points: &[(i64, f64)], unit_ms: f64) -> usize {
    let grows = |pair: &[(i64, f64)]| match pair {
        [(from, before), (to, after)] if to > from => {
            let ratio = (after - before) * unit_ms / (to - from) as f64;
            (1.0 - SLACK..=1.0 + SLACK).contains(&ratio)
        }
        _ => false,
    };
    points.windows(2).rposition(|pair| !grows(pair)).map_or(0, |place| place + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(signal: &str, value: impl Fn(i64) -> f64) -> Option<String> {
        let points = (0..120).map(|at| (at * 300_000, value(at))).collect();
        let kind = SignalKind::Other;
        let series = MetricSeries {
            source: "s".into(),
            signal: signal.into(),
            kind,
            unit: None,
            higher_is_better: None,
            points,
        };
        all(&Observations { series: vec![series], ..Observations::default() }).pop().and_then(|check| check.observed)
    }

    #[test]
    fn an_age_that_grows_with_the_clock_is_said_in_every_unit() {
        let ramp = |per_step: f64| {
            move |at: i64| if at < 90 { 40.0 + (at % 3) as f64 } else { 40.0 + per_step * (at - 89) as f64 }
        };
        assert_eq!(
            said("feature_freshness_seconds", ramp(300.0)).as_deref(),
            Some("grows with the clock since 1970-01-01 07:25, from 42 to 9,040: nothing was refreshed")
        );
        assert!(said("lag", ramp(5.0)).is_some(), "minutes");
        assert_eq!(said("queue_length", ramp(300.0)), None, "not an age");
        assert_eq!(said("feature_age", ramp(30.0)), None, "it grows in part only");
        assert_eq!(said("feature_age", |at| (at % 6) as f64 * 300.0), None, "refreshed again and again");
    }
}
