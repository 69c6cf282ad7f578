//! A year of days for 200 models, with faults, drifts, releases, late labels, outages and false alarms: what the weekly page names,
//! and how long it takes. Every window is as a diagnosis of it would be kept.

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
use stats::rng::Rng;

const MODELS: usize = 200;
const DAYS: i64 = 364;
const WEEKS: i64 = DAYS / 7;
const DAY: i64 = 86_400_000;
/// A Monday.
const FIRST: i64 = 20_087;
/// The columns of a model that have a result in each window.
const COLUMNS: usize = 10;
/// Windows of a sound model that have a mismatch by chance: the most that a check may have, 1 in 200.
const FALSE_ALARMS: f64 = 0.005;
const SEED: u64 = 13;

/// What is planted in a model, in a week of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Planted {
    /// A column is wrong for four days.
    Fault,
    /// A column drifts away, and stays there.
    Drift,
    /// A release changes what is logged, until it is taken back five days later.
    Release,
    /// Predictions are worse for a week, which labels show that come two weeks later.
    LateLabels,
    /// Rows stop coming for good.
    Silence,
    /// Nothing comes for three days.
    Outage,
    Nothing,
}

/// One of ten models has each of the first three, the others are rarer.
fn planted(model: usize) -> Planted {
    match model % 50 {
        place if place % 10 == 0 => Planted::Fault,
        place if place % 10 == 3 => Planted::Drift,
        place if place % 10 == 6 => Planted::Release,
        5 | 25 => Planted::LateLabels,
        7 => Planted::Silence,
        9 | 29 => Planted::Outage,
        _ => Planted::Nothing,
    }
}

/// The week in which it begins, counted from 0; each has weeks before and after it.
fn week_of(model: usize) -> i64 {
    5 + (model as i64 * 7) % (WEEKS - 10)
}

/// Whether a model should be named as regressed in a week.
fn is_regressed(model: usize, week: i64) -> bool {
    use Planted::{Drift, Fault, LateLabels, Release};
    week == week_of(model) && matches!(planted(model), Fault | Drift | Release | LateLabels)
}

fn name(model: usize) -> String {
    format!("model {model:03}")
}

/// Whether rows arrive.
fn comes(model: usize, day: i64) -> bool {
    let begins = week_of(model) * 7;
    match planted(model) {
        Planted::Silence => day < begins,
        Planted::Outage => !(begins + 2..begins + 5).contains(&day),
        _ => true,
    }
}

/// The layer that is wrong on a day. `labelled` is whether its labels are there.
fn wrong(model: usize, day: i64, labelled: bool) -> Option<Layer> {
    let day = day - week_of(model) * 7;
    match planted(model) {
        Planted::Fault if (2..6).contains(&day) => Some(Layer::Features),
        Planted::Drift if day >= 1 => Some(Layer::Data),
        Planted::Release if (1..6).contains(&day) => Some(Layer::Deployment),
        Planted::LateLabels if (0..7).contains(&day) && labelled => Some(Layer::Monitoring),
        _ => None,
    }
}

fn window(wrong: Option<Layer>, possible: bool) -> Window {
    let of = |layer: Layer| match layer {
        layer if Some(layer) == wrong => Mark::Verdict(Verdict::Mismatch),
        Layer::Monitoring if possible => Mark::Verdict(Verdict::Possible),
        Layer::Evaluation | Layer::Serving => Mark::Partly,
        _ => Mark::Verdict(Verdict::Clear),
    };
    let is_wrong = wrong.is_some();
    Window {
        layers: Layer::ALL.into_iter().map(|layer| (layer, of(layer))).collect::<BTreeMap<_, _>>(),
        suspect: is_wrong.then(|| "amount is 100 times smaller in serving than in training.".to_owned()),
        worst: Some(Worst { item: Item::F2, column: "amount".into(), over_limit: if is_wrong { 9.0 } else { 0.4 } }),
        figure: Some(Figure {
            task: Task::Binary,
            metric: "accuracy".into(),
            value: if is_wrong { 0.7 } else { 0.9 },
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

/// Every window as it was judged on its day, and those of late labels once more two weeks later.
async fn filled(store: &Store) {
    let snapshot = snapshot(store).await;
    let (sound, broken) = (results(false), results(true));
    let mut chance = Rng::new(SEED);
    for model in 0..MODELS {
        let model_name = name(model);
        let mut late = Vec::new();
        for day in (0..DAYS).filter(|day| comes(model, *day)) {
            let id = arrived(store, &model_name, SnapshotRole::Serve, &snapshot, day).await;
            let by_chance = (chance.next_f64() < FALSE_ALARMS).then(|| Layer::ALL[chance.below(2)]);
            let possible = chance.next_f64() < 0.05;
            let now = window(wrong(model, day, false).or(by_chance), possible);
            judged(store, &id, &now, if now.suspect.is_some() { &broken } else { &sound }).await;
            let then = wrong(model, day, true);
            if then != wrong(model, day, false) {
                late.push((id, window(then, possible)));
            }
        }
        for (id, window) in late {
            judged(store, &id, &window, &broken).await;
        }
        arrived(store, &model_name, SnapshotRole::Train, &snapshot, -1).await;
    }
}

async fn judged(store: &Store, id: &str, window: &Window, results: &[WindowResult]) {
    let arrival = store.arrival(id).await.unwrap().unwrap().arrival;
    let kept =
        JudgedWindow { arrival: &arrival, inputs: &[], diagnosis: "d", window, results, previous: &[], run: None };
    assert!(store.keep_judged(&kept).await.unwrap());
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
#[ignore = "writes 73,000 windows, which takes minutes: `cargo xtask bench year`"]
async fn the_week_names_what_was_planted_and_is_there_at_once() {
    // In memory where there is such a folder: what is measured is reading.
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_none| tempfile::tempdir()).unwrap();
    let store = Store::open(&sqlite_url(&folder.path().join("year.db"))).await.unwrap();
    filled(&store).await;
    let (mut planted_and_found, mut missed, mut wrong, mut weeks) = (0, Vec::new(), 0, 0);
    for number in 1..WEEKS {
        for model in in_week(&store, Week::of((FIRST + 7 * number) * DAY)).await.models {
            let index: usize = model.model.trim_start_matches("model ").parse().unwrap();
            weeks += 1;
            match (model.standing == WeekStanding::Regressed, is_regressed(index, number)) {
                (true, true) => planted_and_found += 1,
                (true, false) => wrong += 1,
                (false, true) => missed.push((planted(index), number, model.standing)),
                (false, false) => {}
            }
            let is_silent = planted(index) == Planted::Silence && number >= week_of(index);
            assert_eq!(model.standing == WeekStanding::Stale, is_silent, "{} in week {number}", model.model);
        }
    }
    let of_all = 100.0 * f64::from(wrong) / f64::from(weeks);
    let all = planted_and_found + missed.len();
    println!("named in the right week: {planted_and_found} of {all} {missed:?}");
    println!("named without a cause: {wrong} of {weeks} model-weeks ({of_all:.2} %)");
    assert!(missed.is_empty(), "{missed:?}");
    assert!(of_all < 1.0, "{of_all} %");
    let last = Week::of((FIRST + DAYS - 1) * DAY);
    let of_week = median_ms(async || in_week(&store, last).await).await;
    let of_list = median_ms(async || store.model_lines(500, &Sight::All).await.unwrap()).await;
    let (model, one) = (name(3), "column 3");
    let of_trend = median_ms(async || store.trend(&model, Item::D1, one, Against::Reference, 400).await.unwrap()).await;
    let of_arrivals = median_ms(async || store.arrivals(&model, None, None, 60).await.unwrap()).await;
    println!("week {of_week:.1} ms, list {of_list:.1} ms, trend {of_trend:.1} ms, arrivals {of_arrivals:.1} ms");
    store.close().await;
}
