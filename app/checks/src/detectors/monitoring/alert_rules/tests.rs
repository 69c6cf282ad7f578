use super::*;
use crate::detectors::testing::log_of;
use domain::measurements::serving_log::{LatencyFigures, LogBucket, LogBuckets, ServingLogMeasures, SlowStretch};
use domain::measurements::time_windows::TimedStretch;
use domain::observation::{Breach, MetricSeries, Observations};
use stats::intervals::Share;

const TEN_MINUTES: i64 = 600_000;

/// A day in steps of ten minutes, slow (four times 30 ms) in steps 60 to 72.
fn log() -> ServingLogMeasures {
    let bucket = |step: i64| {
        let slow = if (60..72).contains(&step) { 4.0 } else { 1.0 };
        let figures = LatencyFigures { mean: 32.0, p50: 30.0, p90: 40.0, p95: 45.0, p99: 50.0 };
        let latency = LatencyFigures { mean: slow * figures.mean, p50: slow * 30.0, p95: slow * 45.0, ..figures };
        LogBucket {
            from_ms: step * TEN_MINUTES,
            requests: 20,
            failed: Share::new(0, 20),
            latency: Some(latency),
            missing_inputs: Share::new(0, 60),
            confidence: Some((0.9, 20)),
        }
    };
    let all = (0..144).map(bucket).collect();
    let stretch = TimedStretch {
        from_ms: 60 * TEN_MINUTES,
        to_ms: 72 * TEN_MINUTES - 1,
        inside: Share::new(240, 240),
        outside: Share::new(0, 2_640),
        score: 99.0,
        p: 1e-12,
    };
    let latency = SlowStretch {
        stretch,
        median_inside: 120.0,
        median_outside: 30.0,
        median_same_hours: None,
        p95_inside: 180.0,
        p95_outside: 45.0,
    };
    let buckets = LogBuckets { width_ms: TEN_MINUTES, looked_at: 1.0, all, confidence_spread: Some(0.1) };
    ServingLogMeasures { latency: Some(latency), buckets: Some(buckets), ..log_of(2_880) }
}

fn rule(name: &str, kind: SignalKind, signal: &str, breach: Breach, threshold: f64, minutes: i64) -> AlertRule {
    let (name, signal) = (name.to_owned(), signal.to_owned());
    AlertRule { source: String::new(), name, signal, kind, breach, threshold, for_ms: minutes * 60_000, muted: false }
}

fn latency_rule(signal: &str, threshold: f64, minutes: i64) -> AlertRule {
    rule("SlowAnswers", SignalKind::Latency, signal, Breach::Above, threshold, minutes)
}

/// Rules on everything else the log holds, so that only latency is tested.
fn others() -> Vec<AlertRule> {
    vec![
        rule("Errors", SignalKind::ErrorRate, "error_rate", Breach::Above, 0.05, 10),
        rule("Traffic", SignalKind::Throughput, "requests_per_minute", Breach::Below, 0.5, 10),
        rule("Inputs", SignalKind::MissingValues, "null_share", Breach::Above, 5.0, 10),
        rule("Confidence", SignalKind::Confidence, "confidence", Breach::Below, 0.5, 10),
    ]
}

fn judged(rules: Vec<AlertRule>, series: Vec<MetricSeries>) -> Judgement {
    let observations = Observations { alert_rules: rules, series, ..Observations::default() };
    judge(&Measurements { serving_log: Some(log()), observations, ..Measurements::default() })
}

fn verdicts(latency: AlertRule) -> Vec<Verdict> {
    let rules = std::iter::once(latency).chain(others()).collect();
    judged(rules, Vec::new()).findings().iter().map(|finding| finding.verdict).collect()
}

#[test]
fn a_rule_that_would_have_fired_is_enough_whatever_its_unit() {
    assert_eq!(verdicts(latency_rule("latency_p50_ms", 60.0, 10)), []);
    assert_eq!(verdicts(latency_rule("latency_p95_seconds", 0.1, 10)), []);
    let Judgement::Judged { summary, .. } = judged(vec![latency_rule("latency_p50_ms", 60.0, 30)], Vec::new()) else {
        unreachable!("there are rules")
    };
    // Known at the end of its first step, after ten minutes, and then for thirty minutes.
    assert!(summary.contains("slow requests: SlowAnswers 40 minutes after its start"), "{summary}");
}

#[test]
fn a_threshold_too_high_and_a_duration_too_long_miss_it() {
    let found = verdicts(latency_rule("latency_p50_ms", 200.0, 10));
    assert_eq!(found, [Verdict::Mismatch]);
    assert_eq!(verdicts(latency_rule("latency_p50_ms", 60.0, 180)), [Verdict::Mismatch]);
    let without = judged(others(), Vec::new()).findings();
    assert_eq!(without[0].verdict, Verdict::Mismatch);
    assert!(without[0].statement.contains("for slow requests") && without[0].cause == Some(Cause::AlertGap));
    assert!(without.iter().any(|finding| finding.statement.contains("latency (log field latency_ms)")));
}

#[test]
fn a_muted_rule_is_named_and_one_that_could_not_be_replayed_leaves_a_doubt() {
    let muted = AlertRule { muted: true, ..latency_rule("latency_p50_ms", 60.0, 10) };
    let found = judged(std::iter::once(muted).chain(others()).collect(), Vec::new()).findings();
    assert_eq!(found[0].verdict, Verdict::Mismatch);
    assert!(found[0].statement.contains("SlowAnswers would have fired but is muted"), "{}", found[0].statement);
    let elsewhere = rule("CpuHigh", SignalKind::Cpu, "cpu", Breach::Above, 0.9, 10);
    let found = judged(others().into_iter().chain([elsewhere]).collect(), Vec::new()).findings();
    assert_eq!(found[0].verdict, Verdict::Possible);
    assert!(found[0].statement.contains("1 rule could not be replayed"), "{}", found[0].statement);
    // Seconds against a log in milliseconds whose unit nobody wrote down.
    assert_eq!(verdicts(latency_rule("latency", 0.06, 10)), [Verdict::Possible]);
}

#[test]
fn a_rule_that_always_fires_notices_nothing_and_is_noise() {
    let found = judged(std::iter::once(latency_rule("latency_p50_ms", 10.0, 0)).chain(others()).collect(), Vec::new());
    let found = found.findings();
    assert_eq!(found.iter().map(|finding| finding.verdict).collect::<Vec<_>>(), [Verdict::Mismatch, Verdict::Possible]);
    assert!(found[1].statement.contains("fired for 100 % of the time"), "{}", found[1].statement);
}

#[test]
fn a_series_of_the_rules_own_name_comes_before_the_log() {
    let points = (0..144).map(|step| (step * TEN_MINUTES, if (62..70).contains(&step) { 9.0 } else { 1.0 })).collect();
    let series = MetricSeries {
        source: String::new(),
        signal: "gateway_latency".into(),
        kind: SignalKind::Latency,
        unit: None,
        higher_is_better: None,
        points,
    };
    let rules: Vec<AlertRule> = std::iter::once(latency_rule("gateway_latency", 5.0, 20)).chain(others()).collect();
    let Judgement::Judged { summary, findings } = judged(rules, vec![series]) else { unreachable!("there are rules") };
    assert!(findings.is_empty() && summary.contains("40 minutes after its start"), "{summary} {findings:?}");
}

#[test]
fn without_rules_there_is_nothing_to_judge_and_without_incidents_only_gaps() {
    let none = judge(&Measurements { serving_log: Some(log()), ..Measurements::default() });
    assert!(matches!(none, Judgement::NoEvidence { missing } if missing == [domain::Need::Fact(Fact::AlertRules)]));
    let calm = ServingLogMeasures { latency: None, ..log() };
    let observations = Observations { alert_rules: others(), ..Observations::default() };
    let found = judge(&Measurements { serving_log: Some(calm), observations, ..Measurements::default() }).findings();
    assert_eq!(found.iter().map(|finding| finding.verdict).collect::<Vec<_>>(), [Verdict::Possible]);
}

#[test]
fn a_rule_that_can_never_fire_is_named() {
    let series = |signal: &str, value: fn(i64) -> f64| MetricSeries {
        source: String::new(),
        signal: signal.into(),
        kind: SignalKind::Other,
        unit: None,
        higher_is_better: None,
        points: (0..144).map(|step| (step * TEN_MINUTES, value(step))).collect(),
    };
    let drift = series("drift_share", |step| 0.02 + step as f64 / 1_000.0);
    let found = |rule: AlertRule| -> Vec<(Verdict, String)> {
        let observations =
            Observations { alert_rules: vec![rule], series: vec![drift.clone()], ..Observations::default() };
        let found = judge(&Measurements { observations, ..Measurements::default() }).findings();
        found
            .into_iter()
            .filter(|one| one.statement.contains("can't fire"))
            .map(|one| (one.verdict, one.statement))
            .collect()
    };
    let watching = |signal: &str, threshold: f64, minutes: i64| {
        rule("Drift", SignalKind::Other, signal, Breach::Above, threshold, minutes)
    };
    let per_cent = found(watching("drift_share", 5.0, 10));
    assert_eq!(per_cent[0].0, Verdict::Mismatch);
    assert!(per_cent[0].1.contains("per cent"), "{per_cent:?}");
    assert_eq!(found(watching("drift_share", 0.9, 10)), [], "it may fire one day");
    assert_eq!(found(watching("drift_share", 0.05, 60 * 48))[0].0, Verdict::Possible, "two days in one day of data");
    assert_eq!(found(watching("drift_ratio", 0.05, 10))[0].0, Verdict::Possible, "a name of nothing");
    let muted = AlertRule { muted: true, ..watching("drift_share", 5.0, 10) };
    assert_eq!(found(muted), []);
}
