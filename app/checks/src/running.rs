//! The system as it runs, put together for whoever looks at it. Nothing is judged here.

use domain::measurements::Measurements;
use domain::measurements::row_join::{JoinedColumn, RowJoin};
use domain::measurements::serving_log::VersionMix;
use domain::observation::{AlertRule, ResourceUse};
use domain::running::{
    ComparedAs, ComparedColumn, JoinedRows, Release, ReplayedRule, RuleReplay, Running, SameFeatures, VersionTraffic,
};
use domain::snapshot::{ColumnRole, Roles};

use crate::detectors::monitoring::replay::watched;

/// Lines of each table that are kept.
const MOST: usize = 100;
/// Pairs of values that are kept of a column.
const MOST_PAIRS: usize = 3;

pub fn of(measurements: &Measurements) -> Running {
    let observations = &measurements.observations;
    let mut deployments = observations.deployments.clone();
    deployments.sort_by_key(|one| std::cmp::Reverse(one.at_ms));
    deployments.truncate(MOST);
    Running {
        joined: measurements.row_join.as_ref().map(|join| joined(join, &measurements.roles)),
        versions: measurements.serving_log.as_ref().and_then(|log| log.versions.as_ref()).map(traffic),
        deployments: deployments.into_iter().map(Release::from).collect(),
        artifacts: observations.artifacts.iter().take(MOST).cloned().collect(),
        resources: together(&observations.resources),
        rules: observations.alert_rules.iter().take(MOST).map(|rule| replayed(rule, measurements)).collect(),
    }
}

/// What several files say of one process: one has its limits, another what it used.
fn together(all: &[ResourceUse]) -> Vec<ResourceUse> {
    let mut found: Vec<ResourceUse> = Vec::new();
    for one in all {
        let Some(known) = found.iter_mut().find(|known| known.name == one.name) else {
            if found.len() < MOST {
                found.push(one.clone());
            }
            continue;
        };
        let larger = |a: Option<f64>, b: Option<f64>| a.into_iter().chain(b).reduce(f64::max);
        known.memory_peak_bytes = larger(known.memory_peak_bytes, one.memory_peak_bytes);
        known.cpu_peak_cores = larger(known.cpu_peak_cores, one.cpu_peak_cores);
        known.cpu_throttled_share = larger(known.cpu_throttled_share, one.cpu_throttled_share);
        known.memory_limit_bytes = known.memory_limit_bytes.or(one.memory_limit_bytes);
        known.cpu_limit_cores = known.cpu_limit_cores.or(one.cpu_limit_cores);
        known.out_of_memory_kills = known.out_of_memory_kills.max(one.out_of_memory_kills);
        known.restarts = known.restarts.max(one.restarts);
        if known.source != one.source {
            known.source = format!("{}, {}", known.source, one.source);
        }
    }
    found
}

fn joined(join: &RowJoin, roles: &Roles) -> JoinedRows {
    let mut columns: Vec<ComparedColumn> = join.columns.iter().map(|column| compared(column, roles)).collect();
    let order = |one: &ComparedColumn| (one.compared_as != ComparedAs::Answer, -one.differing_share());
    columns.sort_by(|a, b| {
        let ((a_last, a_share), (b_last, b_share)) = (order(a), order(b));
        a_last.cmp(&b_last).then(a_share.total_cmp(&b_share)).then_with(|| a.column.cmp(&b.column))
    });
    columns.truncate(MOST);
    let RowJoin { id, matched, only_serve, only_offline, left_out, sampled, .. } = join.clone();
    let same_features =
        join.answers_differ_on_equal_features.map(|share| SameFeatures { rows: share.n, other_answer: share.hits });
    JoinedRows { id, matched, only_serve, only_offline, left_out, sampled, columns, same_features }
}

fn compared(column: &JoinedColumn, roles: &Roles) -> ComparedColumn {
    let is_answer = matches!(roles.of(&column.column), ColumnRole::Prediction | ColumnRole::Score);
    ComparedColumn {
        column: column.column.clone(),
        compared_as: if is_answer { ComparedAs::Answer } else { ComparedAs::Feature },
        rows: column.rows,
        changed: column.changed,
        missing_serve: column.missing_serve,
        missing_offline: column.missing_offline,
        typical_change: column.typical_change,
        pairs: column.pairs.iter().take(MOST_PAIRS).cloned().collect(),
    }
}

fn traffic(mix: &VersionMix) -> VersionTraffic {
    VersionTraffic {
        main: mix.main.clone(),
        other: mix.other.clone(),
        from_ms: mix.from_ms,
        to_ms: mix.to_ms,
        requests: mix.answered_by_other.n,
        by_other: mix.answered_by_other.hits,
    }
}

fn replayed(rule: &AlertRule, measurements: &Measurements) -> ReplayedRule {
    let seen = watched(rule, &measurements.observations.series, measurements.serving_log.as_ref());
    let replay = seen.ok().map(|(signal, scaled)| {
        let firings = signal.firings(&scaled);
        RuleReplay {
            from_ms: signal.end_ms - signal.span_ms(),
            to_ms: signal.end_ms,
            times: firings.len() as u64,
            first_ms: firings.first().map(|firing| firing.from_ms),
            last_ms: firings.last().map(|firing| firing.from_ms),
            firing_ms: firings.iter().map(|firing| firing.to_ms - firing.from_ms).sum(),
            on: signal.source,
        }
    });
    ReplayedRule { rule: rule.clone(), replay }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;
    use domain::measurements::row_join::JoinedKind;
    use domain::observation::{Breach, Deployment, MetricSeries, SignalKind};
    use stats::intervals::Share;

    fn column(name: &str, changed: u64) -> JoinedColumn {
        JoinedColumn {
            column: name.to_owned(),
            kind: JoinedKind::Numbers,
            rows: 100,
            changed,
            missing_serve: 0,
            missing_offline: 0,
            typical_change: None,
            patterns: Vec::new(),
            pairs: Vec::new(),
        }
    }

    #[test]
    fn answers_come_first_and_then_what_differs_most() {
        let join = RowJoin {
            id: "row".to_owned(),
            matched: 100,
            only_serve: 0,
            only_offline: 0,
            left_out: 0,
            sampled: false,
            in_time_order: true,
            columns: vec![column("age", 2), column("income", 40), column("score", 7), column("zip", 0)],
            answers_differ_on_equal_features: Some(Share::new(3, 60)),
        };
        let roles = Roles::from([(ColumnRole::Score, "score")]);
        let found = joined(&join, &roles);
        let names: Vec<&str> = found.columns.iter().map(|one| one.column.as_str()).collect();
        assert_eq!(names, ["score", "income", "age", "zip"]);
        assert_eq!(found.same_features, Some(SameFeatures { rows: 60, other_answer: 3 }));
        assert!((found.columns[1].differing_share() - 0.4).abs() < 1e-12);
    }

    #[test]
    fn what_two_files_say_of_a_process_is_one_line() {
        let limits = ResourceUse {
            source: "deployment.yaml".to_owned(),
            name: "pod".to_owned(),
            memory_limit_bytes: Some(500.0),
            ..ResourceUse::default()
        };
        let used = ResourceUse {
            source: "metrics.json".to_owned(),
            name: "pod".to_owned(),
            memory_peak_bytes: Some(480.0),
            restarts: Some(3),
            ..ResourceUse::default()
        };
        let found = together(&[limits, used.clone(), ResourceUse { name: "other".to_owned(), ..used }]);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].memory_limit_bytes, found[0].memory_peak_bytes), (Some(500.0), Some(480.0)));
        assert_eq!((found[0].source.as_str(), found[0].restarts), ("deployment.yaml, metrics.json", Some(3)));
    }

    #[test]
    fn a_rule_is_replayed_over_its_series_and_the_last_deployment_is_first() {
        let mut measurements = Measurements::default();
        let minute = 60_000;
        let points = (0..10).map(|at| (at * minute, if (4..7).contains(&at) { 900.0 } else { 100.0 })).collect();
        measurements.observations.series = vec![MetricSeries {
            source: String::new(),
            signal: "latency_ms".to_owned(),
            kind: SignalKind::Latency,
            unit: None,
            higher_is_better: None,
            points,
        }];
        let rule = |signal: &str| AlertRule {
            source: String::new(),
            name: "Slow".to_owned(),
            signal: signal.to_owned(),
            kind: SignalKind::Latency,
            breach: Breach::Above,
            threshold: 500.0,
            for_ms: minute,
            muted: false,
        };
        measurements.observations.alert_rules = vec![rule("latency_ms"), rule("another")];
        let released = |at_ms| Deployment { at_ms, ..Deployment::default() };
        measurements.observations.deployments = vec![released(None), released(Some(1)), released(Some(2))];
        let running = of(&measurements);
        let replay = running.rules[0].replay.as_ref().unwrap();
        assert_eq!((replay.times, replay.first_ms, replay.firing_ms), (1, Some(5 * minute), 2 * minute));
        assert_eq!(running.rules[1].replay, None);
        let times: Vec<Option<i64>> = running.deployments.iter().map(|one| one.at_ms).collect();
        assert_eq!(times, [Some(2), Some(1), None]);
        assert!(of(&Measurements::default()).is_empty());
    }
}
