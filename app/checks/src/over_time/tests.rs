use super::*;
use domain::measurements::performance::PerformanceOverTime;
use domain::observation::{Deployment, Observations};
use stats::shift::Point;

const DAY: i64 = 86_400_000;

fn chunk(day: i64, value: f64) -> Chunk {
    Chunk { from_ms: day * DAY, to_ms: (day + 1) * DAY - 1, rows: 500, point: Point { value, error: 0.01 } }
}

fn measured() -> Measurements {
    let served: Vec<Chunk> = (0..20).map(|day| chunk(100 + day, if day < 12 { 0.9 } else { 0.8 })).collect();
    let reference = (0..10).map(|day| chunk(50 + day, 0.9)).collect();
    let figure = FigureOverTime { figure: Figure::Accuracy, reference, served };
    let performance = PerformanceOverTime {
        reference: Some(SnapshotRole::Test),
        labelled_rows: 10_000,
        measured: vec![figure],
        ..PerformanceOverTime::default()
    };
    Measurements { performance: Some(performance), ..Measurements::default() }
}

#[test]
fn measured_performance_has_its_interval_its_reference_and_the_date_of_its_finding() {
    let measurements = measured();
    let (_, findings) = crate::judge::judge(&measurements);
    let all = of(&measurements, &findings);
    let [series] = all.series.as_slice() else { panic!("{all:?}") };
    assert_eq!((series.id.as_str(), series.before.len(), series.served.len()), ("measured-accuracy", 10, 20));
    // Next to a level without noise, the place of the step is known to one chunk.
    let since = series.since.expect("the loss is dated");
    assert!((111 * DAY..=112 * DAY).contains(&since.from_ms), "{since:?}");
    assert_eq!((since.extent, since.to_ms), (domain::since::Extent::Onset, 120 * DAY - 1));
    assert_eq!(series.findings, [findings[0].id.clone()]);
    let range = series.reference.as_ref().expect("there is a reference");
    assert_eq!((range.of.as_str(), range.low, range.high), ("test rows", 0.9, 0.9));
    assert!(series.served[0].low.is_some_and(|low| (low - (0.9 - 0.0196)).abs() < 1e-4));
}

#[test]
fn a_signal_has_the_limit_of_its_rule_and_is_thinned_without_losing_an_extreme() {
    let signal = MetricSeries {
        source: String::new(),
        signal: "Revenue".into(),
        kind: SignalKind::Kpi,
        unit: Some("EUR".into()),
        higher_is_better: Some(true),
        points: (0..4_000).map(|hour| (hour * 3_600_000, if hour == 77 { f64::NAN } else { hour as f64 })).collect(),
    };
    let rule = AlertRule {
        source: String::new(),
        name: "low revenue".into(),
        signal: "revenue".into(),
        kind: SignalKind::Kpi,
        breach: Breach::Below,
        threshold: 100.0,
        for_ms: 0,
        muted: false,
    };
    let deployed = |at_ms, version: &str| Deployment { at_ms, version: Some(version.into()), ..Deployment::default() };
    let observations = Observations {
        series: vec![signal],
        alert_rules: vec![rule],
        deployments: vec![deployed(Some(9), "2"), deployed(Some(1), "1"), deployed(None, "3")],
        ..Observations::default()
    };
    let all = of(&Measurements { observations, ..Measurements::default() }, &[]);
    let [series] = all.series.as_slice() else { panic!("{all:?}") };
    assert_eq!(series.items, [Item::E3, Item::M3]);
    assert_eq!(series.rules, [RuleLimit { rule: "low revenue".into(), limit: 100.0 }]);
    assert!(series.served.len() <= MOST_POINTS && series.served.iter().all(|point| point.value.is_finite()));
    assert_eq!(series.served.last().map(|point| point.to_ms), Some(3_999 * 3_600_000));
    assert_eq!(all.deployments.iter().map(|one| one.what.as_str()).collect::<Vec<_>>(), ["1", "2"]);
}

#[test]
fn nothing_along_time_is_nothing() {
    assert!(of(&Measurements::default(), &[]).is_empty());
}
