//! A year of days for 200 models: what the weekly page names, and how long it takes.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
#![expect(clippy::print_stdout, reason = "what it measured is what it is run for")]

use std::collections::BTreeMap;
use std::time::Instant;

use domain::evaluation::Task;
use domain::model::weekly::{WeekStanding, Weekly, weekly};
use domain::model::{Against, Figure, Week, Window, WindowResult, Worst};
use domain::snapshot::{Snapshot, SnapshotRole};
use domain::visitor::Sight;
use domain::{Actor, Item, Layer, Mark, Verdict};
use measure::ingest::ReadOptions;
use service::store::{JudgedWindow, NewArrival, Store, StoredSnapshot, new_id, sqlite_url};

const MODELS: usize = 200;
const DAYS: i64 = 364;
const DAY: i64 = 86_400_000;
/// A Monday.
const FIRST: i64 = 20_087;
/// The columns of a model that have a result in each window.
const COLUMNS: usize = 10;

fn name(model: usize) -> String {
    format!("model {model:03}")
}

/// The days on which a model is broken: every tenth has a fault that lasts for four days, in a week of its own.
fn is_broken(model: usize, day: i64) -> bool {
    let begins = fault_week(model) * 7 + 2;
    model.is_multiple_of(10) && (begins..begins + 4).contains(&day)
}

fn fault_week(model: usize) -> i64 {
    5 + 2 * (model as i64 / 10)
}

/// Models whose rows stop coming, from a week on.
fn is_silent(model: usize, day: i64) -> bool {
    model % 50 == 7 && day >= 7 * 40
}

fn window(broken: bool, at: i64) -> Window {
    let mark = Mark::Verdict(if broken { Verdict::Mismatch } else { Verdict::Clear });
    let of = |layer: Layer| match layer {
        Layer::Data | Layer::Features => mark,
        // What comes and goes by chance.
        Layer::Monitoring if at % 11 == 0 => Mark::Verdict(Verdict::Possible),
        _ => Mark::Partly,
    };
    Window {
        layers: Layer::ALL.into_iter().map(|layer| (layer, of(layer))).collect::<BTreeMap<_, _>>(),
        suspect: broken.then(|| "amount is 100 times smaller in serving than in training.".to_owned()),
        worst: Some(Worst { item: Item::F2, column: "amount".into(), over_limit: if broken { 9.0 } else { 0.4 } }),
        figure: Some(Figure {
            task: Task::Binary,
            metric: "accuracy".into(),
            value: if broken { 0.7 } else { 0.9 },
            low: Some(0.6),
            high: Some(0.95),
            rows: 1_000,
        }),
        previous: None,
        probability: None,
        fall: None,
        judged_at_ms: 0,
    }
}

fn results(broken: bool) -> Vec<WindowResult> {
    let result = |item: Item, detector: &str, column: String| WindowResult {
        item,
        detector: detector.to_owned(),
        column,
        verdict: if broken { Verdict::Mismatch } else { Verdict::Clear },
        standing: false,
        effect: "ks_statistic".into(),
        value: Some(0.04),
        limit: Some(0.1),
        over_limit: Some(0.4),
    };
    let items = Item::ALL.iter().map(|item| result(*item, "", String::new()));
    let columns = (0..COLUMNS).map(|column| result(Item::D1, "D1.column_drift", format!("column {column}")));
    items.chain(columns).collect()
}

async fn snapshot(store: &Store) -> String {
    let snapshot = Snapshot {
        id: new_id(),
        name: "day.parquet".into(),
        sha256: "0".repeat(64),
        size_bytes: 1,
        rows: 1,
        columns: Vec::new(),
        origin: "upload".into(),
        format: "Parquet".into(),
        notes: Vec::new(),
        guessed_role: SnapshotRole::Serve,
        created_at_ms: 0,
    };
    let stored = StoredSnapshot { snapshot, options: ReadOptions::default() };
    store.insert_snapshot(&stored, &[]).await.unwrap().snapshot.id
}

async fn arrived(store: &Store, model: &str, role: SnapshotRole, snapshot: &str, day: i64) -> String {
    let (id, once) = (new_id(), format!("{day}"));
    let new = NewArrival {
        id: &id,
        model,
        role,
        snapshot,
        once: &once,
        version: "1",
        at_ms: (FIRST + day) * DAY,
        received_at_ms: (FIRST + day) * DAY,
        author: &Actor::Anonymous,
        concerns: &[],
        seen: None,
    };
    store.insert_arrival(&new).await.unwrap();
    id
}

async fn filled(store: &Store) {
    let snapshot = snapshot(store).await;
    let (sound, broken) = (results(false), results(true));
    for model in 0..MODELS {
        let model_name = name(model);
        for day in (0..DAYS).filter(|day| !is_silent(model, *day)) {
            let id = arrived(store, &model_name, SnapshotRole::Serve, &snapshot, day).await;
            let arrival = store.arrival(&id).await.unwrap().unwrap().arrival;
            let is_broken = is_broken(model, day);
            let judged = JudgedWindow {
                arrival: &arrival,
                inputs: &[],
                diagnosis: "d",
                window: &window(is_broken, day + model as i64),
                results: if is_broken { &broken } else { &sound },
                previous: &[],
                run: None,
            };
            assert!(store.keep_judged(&judged).await.unwrap());
        }
        arrived(store, &model_name, SnapshotRole::Train, &snapshot, -1).await;
    }
}

async fn in_week(store: &Store, week: Week) -> Weekly {
    let models = store.models_in(week, 1_000, &Sight::All).await.unwrap();
    weekly(week, models, store.windows_around(week, &Sight::All).await.unwrap())
}

/// The median of ten, in milliseconds.
async fn median_ms<T>(mut work: impl AsyncFnMut() -> T) -> f64 {
    let mut took = Vec::new();
    for _ in 0..10 {
        let begun = Instant::now();
        work().await;
        took.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    took.sort_by(f64::total_cmp);
    took[took.len() / 2]
}

#[tokio::test]
#[ignore = "writes 73,000 windows, which takes minutes"]
async fn the_week_names_what_was_planted_and_is_there_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&sqlite_url(&folder.path().join("year.db"))).await.unwrap();
    filled(&store).await;
    let weeks = (1..DAYS / 7).map(|week| Week::of((FIRST + 7 * week) * DAY));
    let (mut found, mut wrong) = (0, 0);
    for (number, week) in (1_i64..).zip(weeks) {
        for model in in_week(&store, week).await.models {
            let index: usize = model.model.trim_start_matches("model ").parse().unwrap();
            let is_planted = index.is_multiple_of(10) && fault_week(index) == number;
            match (model.standing == WeekStanding::Regressed, is_planted) {
                (true, true) => found += 1,
                (true, false) | (false, true) => wrong += 1,
                (false, false) => {}
            }
            let is_stale = index % 50 == 7 && number >= 40;
            assert_eq!(model.standing == WeekStanding::Stale, is_stale, "{} in week {number}", model.model);
        }
    }
    assert_eq!((found, wrong), (20, 0), "each fault is named in its week, and nothing else");
    let last = Week::of((FIRST + DAYS - 1) * DAY);
    let of_week = median_ms(async || in_week(&store, last).await).await;
    let of_list = median_ms(async || store.model_lines(500, &Sight::All).await.unwrap()).await;
    let (model, one) = (name(3), "column 3");
    let of_trend = median_ms(async || store.trend(&model, Item::D1, one, Against::Reference, 400).await.unwrap()).await;
    let of_arrivals = median_ms(async || store.arrivals(&model, None, None, 60).await.unwrap()).await;
    println!("week {of_week:.1} ms, list {of_list:.1} ms, trend {of_trend:.1} ms, arrivals {of_arrivals:.1} ms");
    // Far beyond what it takes on an idle machine.
    assert!(of_week < 300.0 && of_list < 300.0 && of_trend < 100.0 && of_arrivals < 100.0);
    store.close().await;
}
