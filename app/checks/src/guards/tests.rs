//! Guards of hand-made tables, and of many clean batches that must all pass.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use domain::constraint::Rule;
use domain::finding::{Certainty, Effect};
use domain::guard::Guard;
use domain::measurements::Measurements;
use domain::observation::{Breach, MetricSeries, Observations, SignalKind};
use domain::snapshot::{ColumnKind, ColumnRole, Roles, SnapshotRole};
use domain::{Item, Verdict};
use stats::rng::Rng;

use super::guard;
use super::slack::{allowed_share, mean_reach};
use crate::detectors::testing::{
    Table, Values, draws, exponential, measured, normal, numbers, profile, with_id, words,
};
use crate::judge::judge;
use crate::tools::constraints::seen;

/// A city for each draw from 0 to 1: four common ones and a few rare ones.
fn city(draw: f64) -> String {
    let names = ["Oslo", "Bergen", "Turku", "Vaasa"];
    let common = (draw * 4.04) as usize;
    names.get(common).map_or_else(|| format!("village {}", (draw * 1e6) as u64 % 7), |name| (*name).to_owned())
}

/// One table of each kind of column, the same distribution for each seed.
fn table<'a>(seed: u64, rows: usize) -> Table<'a> {
    let column = |place: u64, draw: fn(&mut Rng) -> f64| draws(seed * 100 + place, rows, draw);
    let missing = |values: Vec<f64>, share: f64, seed: u64| {
        let gone = draws(seed, rows, Rng::next_f64);
        Values::Numbers(values.into_iter().zip(gone).map(|(value, gone)| (gone > share).then_some(value)).collect())
    };
    vec![
        ("height", numbers(column(1, |rng| 170.0 + 9.0 * normal(rng)))),
        ("distance", numbers(column(2, |rng| 5.0 * exponential(rng)))),
        ("price", numbers(column(3, |rng| (2.0 + 0.7 * normal(rng)).exp()))),
        ("income", numbers(column(4, |rng| (1.0 - rng.next_f64()).max(1e-12).powf(-1.0 / 1.6)))),
        ("share", numbers(column(5, Rng::next_f64))),
        ("rooms", numbers(column(6, |rng| (rng.next_f64() * 6.0).floor()))),
        ("is_new", numbers(column(7, |rng| f64::from(u8::from(rng.next_f64() < 0.03))))),
        ("rating", missing(column(8, |rng| 3.0 + normal(rng)), 0.05, seed * 100 + 20)),
        ("city", words(column(9, Rng::next_f64).into_iter().map(city))),
        ("constant", numbers(vec![1.0; rows])),
    ]
}

fn guard_of(train: &Table, serve: &Table) -> (Guard, Measurements) {
    let measurements = measured(train, serve);
    let (_, findings) = judge(&measurements);
    (guard(&measurements, &findings), measurements)
}

fn words_of(guard: &Guard, column: &str) -> Vec<String> {
    guard.rules_of(Some(column)).map(|rule| rule.rule.words()).collect()
}

#[test]
fn each_kind_of_column_gets_the_rules_that_follow_from_it() {
    let (guard, _) = guard_of(&table(1, 4_000), &table(2, 1_000));
    let all: Vec<String> = guard.rules.iter().map(super::GuardRule::words).collect();
    assert_eq!(all[..2], ["at least 100 rows", "at least 10 columns"]);
    assert_eq!(words_of(&guard, "city")[..2], ["is there", "categorical"]);
    assert!(words_of(&guard, "city")[3].starts_with("one of "), "{all:#?}");
    assert!(words_of(&guard, "height").iter().any(|words| words.starts_with("mean 16")), "{all:#?}");
    assert!(words_of(&guard, "is_new").iter().any(|words| words.starts_with("mean 0 to 0.1")), "{all:#?}");
    assert!(words_of(&guard, "income").iter().all(|words| !words.starts_with("mean")), "a few rows decide its mean");
    assert!(words_of(&guard, "constant").contains(&"1 in 95 % of rows".to_owned()), "{all:#?}");
    assert!(guard.catching().next().is_none(), "{:#?}", guard.catching().collect::<Vec<_>>());
}

#[test]
fn clean_batches_pass_every_rule() {
    for (train_rows, seed) in [(150, 1), (400, 2), (1_000, 3), (4_000, 4), (20_000, 5)] {
        let (guard, _) = guard_of(&table(seed, train_rows), &table(seed + 50, 200));
        for (batch_rows, batches) in [(100, 150), (133, 100), (250, 60), (2_000, 10)] {
            for batch in 0..batches {
                let profile = profile(&table(1_000 * seed + 7 + batch, batch_rows));
                for rule in &guard.rules {
                    let seen = seen(rule.column.as_deref(), &rule.rule, &profile).unwrap();
                    let words = rule.words();
                    assert!(
                        seen.holds,
                        "{words} of {train_rows} rows, batch {batch} of {batch_rows}: {}",
                        seen.observed
                    );
                }
            }
        }
    }
}

#[test]
fn another_unit_a_new_value_missing_values_and_a_lost_column_are_caught_by_rules_with_their_findings() {
    let train = table(1, 4_000);
    let serve: Table = table(2, 2_000)
        .into_iter()
        .filter(|(name, _)| *name != "rooms")
        .map(|(name, values)| match (name, values) {
            ("distance", Values::Numbers(values)) => {
                (name, Values::Numbers(values.into_iter().map(|value| value.map(|value| value * 1_000.0)).collect()))
            }
            ("city", Values::Words(values)) => {
                let changed = values
                    .into_iter()
                    .enumerate()
                    .map(|(row, value)| if row % 4 == 0 { Some("TURKU".to_owned()) } else { value });
                (name, Values::Words(changed.collect()))
            }
            ("share", Values::Numbers(values)) => {
                let gone = values.into_iter().enumerate().map(|(row, value)| value.filter(|_| row % 3 > 0));
                (name, Values::Numbers(gone.collect()))
            }
            other => other,
        })
        .collect();
    let (guard, _) = guard_of(&train, &serve);
    let caught: Vec<(&str, &str, bool)> = guard
        .catching()
        .map(|rule| {
            let kind = match rule.rule {
                Rule::Present => "present",
                Rule::Missing { .. } => "missing",
                Rule::Between { .. } => "between",
                Rule::OneOf { .. } => "one of",
                Rule::Mean { .. } => "mean",
                _ => "other",
            };
            (rule.column.as_deref().unwrap_or("-"), kind, !rule.findings.is_empty())
        })
        .collect();
    assert_eq!(
        caught,
        [
            ("-", "other", false),
            ("distance", "between", true),
            ("distance", "between", true),
            ("distance", "mean", true),
            ("share", "missing", true),
            ("rooms", "present", true),
            ("city", "one of", true),
        ]
    );
    assert!(guard.items.contains(&Item::D3), "{:?}", guard.items);
    let proof = &guard.catching().find(|rule| rule.column.as_deref() == Some("share")).unwrap().proof;
    assert_eq!((proof.on_train.as_str(), proof.on_serve.as_deref()), ("0 % missing", Some("33.4 % missing")));
}

#[test]
fn labels_and_predictions_have_no_rules_and_ids_only_where_serving_has_them() {
    let with = |table: Table<'static>| -> Table<'static> {
        let rows = 400;
        let mut table = table;
        table.push(("label", numbers((0..rows).map(|row| f64::from(row % 2)))));
        table.push(("id", words((0..rows).map(|row| format!("r{row}")))));
        table
    };
    let (guard, measurements) = guard_of(&with(table(1, 400)), &with(table(2, 400)));
    assert_eq!(measurements.roles.of("label"), ColumnRole::Label);
    assert!(words_of(&guard, "label").is_empty());
    assert_eq!(words_of(&guard, "id").len(), 2, "{:?}", words_of(&guard, "id"));
    let without = Measurements {
        profiles: measurements.profiles.into_iter().filter(|(role, _)| *role == SnapshotRole::Train).collect(),
        ..measurements
    };
    let guard = super::guard(&without, &[]);
    assert!(words_of(&guard, "id").is_empty());
    assert!(guard.rules.iter().all(|rule| rule.proof.on_serve.is_none() && !rule.proof.catches));
}

#[test]
fn values_that_other_tools_read_in_another_way_are_not_asked_about() {
    let mut measurements = measured(&table(1, 400), &table(2, 400));
    let train = measurements.profiles.get_mut(&SnapshotRole::Train).unwrap();
    train.columns[0].null_spellings = vec![("?".into(), 3)];
    train.columns[1].stored_type = domain::profile::DECIMAL_COMMA.into();
    measurements.roles = Roles::from([(ColumnRole::Ignore, "price")]);
    let guard = guard(&measurements, &[]);
    assert_eq!([words_of(&guard, "height"), words_of(&guard, "distance")], [["is there"], ["is there"]]);
    assert!(words_of(&guard, "price").is_empty());
    let kind = |name: &str| guard.column(name).unwrap().kind;
    assert_eq!(
        [kind("height"), kind("rooms"), kind("city")],
        [ColumnKind::Text, ColumnKind::Numeric, ColumnKind::Categorical]
    );
}

#[test]
fn the_slack_is_that_of_the_arithmetic() {
    // SciPy: scipy.stats.betabinom(100, 1, 10001).sf(2) is 9.7e-7, sf(1) 9.7e-5.
    assert_eq!(allowed_share(100, 1.0, 10_001.0), 0.02);
    assert_eq!(allowed_share(100, 1.0, 401.0), 0.08);
    let bell = {
        let mut values = draws(3, 20_000, normal);
        values.sort_by(f64::total_cmp);
        values
    };
    let (below, above) = mean_reach(100, &bell, 0.0, 1.0, 20_000).unwrap();
    // 5.4 standard errors of 100 rows and of 20,000.
    assert!((0.57..0.66).contains(&below) && (0.57..0.66).contains(&above), "{below} {above}");
    assert!(mean_reach(100, &[1.0], 1.0, 0.0, 1).is_none());
}

fn series(kind: SignalKind, signal: &str, value: impl Fn(i64) -> f64) -> MetricSeries {
    let noise = |at: i64| ((at * 7_919) % 101) as f64 / 101.0 - 0.5;
    let points = (0..240).map(|at| (at * 60_000, value(at) * (1.0 + 0.1 * noise(at)))).collect();
    MetricSeries {
        source: "answer.json".into(),
        signal: signal.into(),
        kind,
        unit: Some("s".into()),
        higher_is_better: None,
        points,
    }
}

#[test]
fn a_signal_that_moved_gets_a_limit_that_fires_after_and_not_before() {
    let moved = vec![
        series(SignalKind::Latency, "p95(latency)", |at| if at < 150 { 0.09 } else { 0.27 }),
        series(SignalKind::Confidence, "confidence", |at| if at < 100 { 0.9 } else { 0.5 }),
        series(SignalKind::ErrorRate, "errors", |_| 0.02),
    ];
    let measurements = Measurements {
        observations: Observations { series: moved, ..Observations::default() },
        ..Measurements::default()
    };
    let (_, findings) = judge(&measurements);
    let guard = guard(&measurements, &findings);
    let said: Vec<_> = guard
        .alerts
        .iter()
        .map(|alert| (alert.signal.as_str(), alert.breach, alert.limit, alert.for_ms, alert.findings.len()))
        .collect();
    assert_eq!(
        said,
        [("p95(latency)", Breach::Above, 0.18, 900_000, 1), ("confidence", Breach::Below, 0.69, 900_000, 1)]
    );
    assert!(guard.items.contains(&Item::P3) && guard.items.contains(&Item::M2), "{:?}", guard.items);
}

#[test]
fn a_finding_that_rules_on_data_can_not_see_is_not_credited() {
    let mut measurements = measured(&table(1, 400), &table(2, 400));
    let serve = measurements.profiles.get_mut(&SnapshotRole::Serve).unwrap();
    serve.columns.retain(|column| column.name != "share");
    let of = |id: &str| {
        with_id(id).finding(
            Verdict::Mismatch,
            &["share"],
            "It differs.".into(),
            Effect::new("x", 1.0, 0.5),
            Certainty::exact(),
        )
    };
    let findings = [of("D2.schema"), of("D4.label_leakage")];
    let guard = guard(&measurements, &findings);
    let rule = guard.catching().find(|rule| rule.column.is_some()).unwrap();
    assert_eq!(rule.findings, [findings[0].id.clone()]);
}
