//! Replays alert rules over recorded signals: when would each have fired?

use crate::thresholds::{ALERT_ABSENT_STEPS, ALERT_GAP_STEPS, ALERT_UNIT};
use domain::measurements::serving_log::{LogBucket, LogBuckets, ServingLogMeasures};
use domain::observation::{AlertRule, Breach, MetricSeries, SignalKind};
use stats::quantiles::median;

/// A signal over time, as a rule would have seen it.
pub struct Signal {
    /// Where it comes from, in words.
    pub source: String,
    /// Ascending times and values; gaps have no point.
    pub points: Vec<(i64, f64)>,
    /// The usual time from one point to the next.
    pub step_ms: i64,
    /// The end of the recorded time.
    pub end_ms: i64,
}

/// A time during which a rule fired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Firing {
    pub from_ms: i64,
    pub to_ms: i64,
}

impl Signal {
    fn new(source: String, points: Vec<(i64, f64)>, step_ms: Option<i64>, end_ms: i64) -> Option<Self> {
        let mut steps: Vec<f64> = points.windows(2).map(|pair| (pair[1].0 - pair[0].0) as f64).collect();
        steps.sort_unstable_by(f64::total_cmp);
        let step_ms = step_ms.unwrap_or(if steps.is_empty() { 0 } else { median(&steps) as i64 });
        (!points.is_empty()).then_some(Self { source, points, step_ms, end_ms })
    }

    pub fn span_ms(&self) -> i64 {
        self.end_ms - self.points.first().map_or(self.end_ms, |(at, _)| *at)
    }

    /// When the rule would have fired: a breach that has lasted for as long as the rule asks, until it ends.
    pub fn firings(&self, rule: &AlertRule) -> Vec<Firing> {
        match rule.breach {
            Breach::Absent => self.absences(rule.for_ms),
            Breach::Above => self.breaches(rule.for_ms, |value| value > rule.threshold),
            Breach::Below => self.breaches(rule.for_ms, |value| value < rule.threshold),
        }
    }

    fn breaches(&self, for_ms: i64, breaks: impl Fn(f64) -> bool) -> Vec<Firing> {
        let mut firings: Vec<Firing> = Vec::new();
        let mut since: Option<i64> = None;
        let mut last: Option<i64> = None;
        let mut firing = false;
        for (at, value) in &self.points {
            let gap = last.is_some_and(|last| self.step_ms > 0 && at - last > ALERT_GAP_STEPS as i64 * self.step_ms);
            // A comparison with NaN is not a breach.
            if gap || !breaks(*value) {
                (since, firing) = (None, false);
            }
            last = Some(*at);
            if !breaks(*value) {
                continue;
            }
            let begun = *since.get_or_insert(*at);
            match firings.last_mut().filter(|_| firing) {
                Some(open) => open.to_ms = at + self.step_ms,
                None if at - begun >= for_ms => {
                    firings.push(Firing { from_ms: *at, to_ms: at + self.step_ms });
                    firing = true;
                }
                None => {}
            }
        }
        firings
    }

    /// A signal is absent after some steps without a point.
    fn absences(&self, for_ms: i64) -> Vec<Firing> {
        let ends = self.points.iter().skip(1).map(|(at, _)| *at).chain([self.end_ms]);
        self.points
            .iter()
            .zip(ends)
            .map(|((at, _), next)| Firing {
                from_ms: at + ALERT_ABSENT_STEPS as i64 * self.step_ms + for_ms,
                to_ms: next,
            })
            .filter(|firing| self.step_ms > 0 && firing.from_ms < firing.to_ms)
            .collect()
    }
}

/// Why a rule could not be replayed, as a clause.
pub type NotReplayed = String;

/// What a rule watches: the series of its name, else one of the serving log's own figures of its kind.
pub fn watched(
    rule: &AlertRule,
    series: &[MetricSeries],
    log: Option<&ServingLogMeasures>,
) -> Result<(Signal, AlertRule), NotReplayed> {
    let named = series.iter().find(|series| same_signal(&series.signal, &rule.signal) && !series.points.is_empty());
    let of_kind = || series.iter().find(|s| s.kind == rule.kind && rule.signal.is_empty() && !s.points.is_empty());
    if let Some(series) = named.or_else(of_kind) {
        let mut points = series.points.clone();
        points.sort_by_key(|(at, _)| *at);
        let end = points.last().map_or(0, |(at, _)| *at);
        let signal = Signal::new(format!("series {}", series.signal), points, None, end);
        return signal.map(|signal| (signal, rule.clone())).ok_or_else(|| "its series is empty".into());
    }
    let with_buckets = log.and_then(|log| Some((log, log.buckets.as_ref()?)));
    let Some((log, buckets)) = with_buckets else {
        return Err("there is neither a series of its signal nor a serving log with times".into());
    };
    let end = buckets.all.last().map_or(0, |bucket| bucket.from_ms + buckets.width_ms);
    let (of_bucket, scale) = figure(rule, log, buckets)?;
    // A figure of a step is known at its end.
    // The first and the last step are seen in part: their requests can't be counted.
    let whole = match (rule.kind, rule.breach) {
        (SignalKind::Throughput, Breach::Above | Breach::Below) => {
            buckets.all.get(1..buckets.all.len().saturating_sub(1)).unwrap_or_default()
        }
        _ => &buckets.all,
    };
    let points: Vec<(i64, f64)> =
        whole.iter().filter_map(|bucket| Some((bucket.from_ms + buckets.width_ms, of_bucket(bucket)?))).collect();
    let scaled = AlertRule { threshold: rule.threshold * scale, ..rule.clone() };
    if rule.breach != Breach::Absent && rule.kind == SignalKind::Latency {
        check_unit(&points, scaled.threshold)?;
    }
    let source = format!("the serving log's {}", rule.kind.words());
    let signal = Signal::new(source, points, Some(buckets.width_ms), end);
    signal.map(|signal| (signal, scaled)).ok_or_else(|| format!("the serving log has no {}", rule.kind.words()))
}

fn same_signal(a: &str, b: &str) -> bool {
    !b.is_empty() && a.trim().eq_ignore_ascii_case(b.trim())
}

type OfBucket = Box<dyn Fn(&LogBucket) -> Option<f64>>;

/// The figure of the log that a rule of this kind watches, and what its threshold has to be multiplied by to be in the
/// figure's unit.
fn figure(rule: &AlertRule, log: &ServingLogMeasures, buckets: &LogBuckets) -> Result<(OfBucket, f64), NotReplayed> {
    if rule.breach == Breach::Absent {
        return Ok((Box::new(|bucket| (bucket.requests > 0).then_some(1.0)), 1.0));
    }
    let share_scale = if rule.threshold > 1.0 { 0.01 } else { 1.0 };
    match rule.kind {
        SignalKind::Latency => {
            let column = log.columns.latency.as_deref().ok_or("the serving log has no latency column")?;
            let scale = match (milliseconds(&rule.signal), milliseconds(column)) {
                (Some(of_rule), Some(of_log)) => of_rule / of_log,
                _ => 1.0,
            };
            let words = words_of(&format!("{} {}", rule.signal, rule.name));
            let any = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
            let figure: OfBucket = if any(&["p99", "q99", "99"]) {
                Box::new(|bucket| Some(bucket.latency?.p99))
            } else if any(&["p95", "q95", "95"]) {
                Box::new(|bucket| Some(bucket.latency?.p95))
            } else if any(&["p90", "q90", "90"]) {
                Box::new(|bucket| Some(bucket.latency?.p90))
            } else if any(&["p50", "median", "50"]) {
                Box::new(|bucket| Some(bucket.latency?.p50))
            } else {
                Box::new(|bucket| Some(bucket.latency?.mean))
            };
            Ok((figure, scale))
        }
        SignalKind::ErrorRate => {
            Ok((Box::new(|bucket| (bucket.failed.n > 0).then(|| bucket.failed.value())), share_scale))
        }
        SignalKind::MissingValues => {
            Ok((Box::new(|bucket| (bucket.missing_inputs.n > 0).then(|| bucket.missing_inputs.value())), share_scale))
        }
        SignalKind::Confidence => Ok((Box::new(|bucket| bucket.confidence.map(|(mean, _)| mean)), 1.0)),
        SignalKind::Throughput => {
            let per_ms =
                requests_per_ms(&rule.signal).ok_or("its signal has no unit of time (per second, per minute)")?;
            let (width, looked_at) = (buckets.width_ms as f64, buckets.looked_at);
            Ok((Box::new(move |bucket| Some(bucket.requests as f64 / looked_at / width)), per_ms))
        }
        SignalKind::Memory
        | SignalKind::Cpu
        | SignalKind::InputDrift
        | SignalKind::PredictionDrift
        | SignalKind::LabelDrift
        | SignalKind::Performance
        | SignalKind::Kpi
        | SignalKind::Other => {
            Err(format!("there is no series of its signal, and a serving log has no {}", rule.kind.words()))
        }
    }
}

fn words_of(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).filter(|word| !word.is_empty()).collect()
}

/// Milliseconds in the unit that a name ends in.
fn milliseconds(name: &str) -> Option<f64> {
    match words_of(name).last()?.as_str() {
        "us" | "micros" | "microseconds" => Some(0.001),
        "ms" | "millis" | "milliseconds" | "msec" => Some(1.0),
        "s" | "sec" | "secs" | "seconds" => Some(1_000.0),
        _ => None,
    }
}

/// One request in the unit of a name, per millisecond.
fn requests_per_ms(name: &str) -> Option<f64> {
    let words = words_of(name);
    let any = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    match () {
        () if any(&["rps", "qps", "second", "s", "sec"]) => Some(1.0 / 1_000.0),
        () if any(&["rpm", "qpm", "minute", "min"]) => Some(1.0 / 60_000.0),
        () if any(&["hour", "h"]) => Some(1.0 / 3_600_000.0),
        () if any(&["day", "d"]) => Some(1.0 / 86_400_000.0),
        () => None,
    }
}

fn check_unit(points: &[(i64, f64)], threshold: f64) -> Result<(), NotReplayed> {
    let mut values: Vec<f64> = points.iter().map(|(_, value)| *value).collect();
    values.sort_unstable_by(f64::total_cmp);
    let usual = median(&values);
    let ratio = threshold / usual;
    if usual > 0.0 && !(1.0 / ALERT_UNIT..=ALERT_UNIT).contains(&ratio) {
        return Err("its threshold is in another unit than the serving log".into());
    }
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    fn rule(breach: Breach, threshold: f64, minutes: i64) -> AlertRule {
        AlertRule {
            source: String::new(),
            name: "rule".into(),
            signal: "x".into(),
            kind: SignalKind::Other,
            breach,
            threshold,
            for_ms: minutes * MINUTE,
            muted: false,
        }
    }

    fn firings(values: &[(i64, f64)], rule: &AlertRule) -> Vec<(i64, i64)> {
        let points: Vec<(i64, f64)> = values.iter().map(|(minute, value)| (minute * MINUTE, *value)).collect();
        let end = points.last().map_or(0, |point| point.0);
        let signal = Signal::new(String::new(), points, None, end).unwrap();
        signal.firings(rule).iter().map(|firing| (firing.from_ms / MINUTE, firing.to_ms / MINUTE)).collect()
    }

    #[test]
    fn a_breach_has_to_last_before_it_fires_and_fires_until_it_ends() {
        let values: Vec<(i64, f64)> =
            (0..20).map(|minute| (minute, if (5..12).contains(&minute) { 9.0 } else { 1.0 })).collect();
        assert_eq!(firings(&values, &rule(Breach::Above, 5.0, 0)), [(5, 12)]);
        assert_eq!(firings(&values, &rule(Breach::Above, 5.0, 3)), [(8, 12)]);
        assert_eq!(firings(&values, &rule(Breach::Above, 5.0, 7)), [], "it lasted six minutes from point to point");
        assert_eq!(firings(&values, &rule(Breach::Above, 9.0, 0)), [], "equal to the threshold is not above it");
        assert_eq!(firings(&values, &rule(Breach::Below, 5.0, 0)), [(0, 5), (12, 20)]);
    }

    #[test]
    fn gaps_and_nan_end_a_breach_and_are_what_absence_is() {
        let mut values: Vec<(i64, f64)> = (0..20).map(|minute| (minute, 9.0)).collect();
        values[10].1 = f64::NAN;
        assert_eq!(firings(&values, &rule(Breach::Above, 5.0, 6)), [(6, 10), (17, 20)]);
        let gap: Vec<(i64, f64)> = (0..40).filter(|minute| !(10..25).contains(minute)).map(|m| (m, 9.0)).collect();
        assert_eq!(firings(&gap, &rule(Breach::Above, 5.0, 8)), [(8, 10), (33, 40)]);
        assert_eq!(firings(&gap, &rule(Breach::Absent, 0.0, 5)), [(16, 25)]);
        assert_eq!(firings(&gap, &rule(Breach::Absent, 0.0, 30)), []);
        assert_eq!(firings(&[(0, 1.0)], &rule(Breach::Absent, 0.0, 0)), [], "one point has no steps");
    }

    #[test]
    fn units_are_read_from_names() {
        assert_eq!((milliseconds("latency_p95_seconds"), milliseconds("latency_ms")), (Some(1_000.0), Some(1.0)));
        assert_eq!(milliseconds("latency"), None);
        assert_eq!(requests_per_ms("http_requests_per_minute"), Some(1.0 / 60_000.0));
        assert_eq!(requests_per_ms("requests"), None);
        assert!(check_unit(&[(0, 100.0)], 0.2).is_err() && check_unit(&[(0, 100.0)], 500.0).is_ok());
    }
}
