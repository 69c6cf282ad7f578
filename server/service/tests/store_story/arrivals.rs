//! The part of the story about what arrives for models: taken in once, judged, followed over time, and taken out.

use std::collections::BTreeMap;

use domain::account::Role;
use domain::evaluation::Task;
use domain::job::{JobKind, JobState};
use domain::model::week::Week;
use domain::model::weekly::weekly;
use domain::model::{Against, Arrival, ArrivalState, Figure, Window, WindowResult};
use domain::model_access::Openness;
use domain::snapshot::{ColumnRole, Roles, SnapshotRole};
use domain::visitor::Sight;
use domain::{Actor, Item, Layer, Mark, Verdict};
use service::store::{Inserted, JudgedWindow, NewArrival, Store, Takes, new_id};

pub const MODEL: &str = "churn of \"Zoë\" 🧭";
const DAY: i64 = 86_400_000;

async fn came(
    store: &Store,
    role: SnapshotRole,
    snapshot: &str,
    once: &str,
    at_ms: i64,
    concerns: &[String],
) -> Inserted {
    let ada = Actor::named("Ada").unwrap();
    let new = NewArrival {
        id: &new_id(),
        model: MODEL,
        role,
        snapshot,
        once,
        version: "7",
        at_ms,
        received_at_ms: 99,
        author: &ada,
        concerns,
        seen: None,
    };
    store.insert_arrival(&new).await.unwrap()
}

async fn windows(store: &Store) -> Vec<Arrival> {
    let found = store.arrivals(MODEL, Some(SnapshotRole::Serve), None, 10).await.unwrap();
    found.into_iter().map(|stored| stored.arrival).collect()
}

fn window(mark: Mark) -> Window {
    let figure =
        Figure { task: Task::Binary, metric: "accuracy".into(), value: 0.9, low: Some(0.8), high: None, rows: 12 };
    Window {
        layers: BTreeMap::from([(Layer::Data, mark)]),
        suspect: Some("amount is \"cents\" 🧭".into()),
        worst: None,
        figure: Some(figure),
        previous: None,
        probability: None,
        fall: None,
        judged_at_ms: 5,
    }
}

fn result(detector: &str, column: &str, over_limit: Option<f64>) -> WindowResult {
    WindowResult {
        item: Item::D1,
        detector: detector.into(),
        column: column.into(),
        verdict: if over_limit > Some(1.0) { Verdict::Mismatch } else { Verdict::Clear },
        standing: false,
        effect: "ks_statistic".into(),
        value: over_limit.map(|over| over / 10.0),
        limit: Some(0.1),
        over_limit,
    }
}

async fn judged(store: &Store, arrival: &Arrival, over: f64) -> bool {
    let long = format!("{}\0", "größe".repeat(100));
    let results = [
        // First without a value: a statement that is kept would keep a wrong type for it.
        result("D1.column_drift", &long, None),
        result("", "", Some(over)),
        result("D1.column_drift", "amount", Some(over)),
        result("D1.other", "amount", Some(over / 2.0)),
    ];
    let inputs = [(SnapshotRole::Serve, arrival.snapshot.id.clone())];
    let mark = Mark::Verdict(if over > 1.0 { Verdict::Mismatch } else { Verdict::Clear });
    let kept = JudgedWindow {
        arrival,
        inputs: &inputs,
        diagnosis: "d",
        window: &window(mark),
        results: &results,
        previous: &results[1..2],
        run: None,
    };
    store.keep_judged(&kept).await.unwrap()
}

async fn over_jobs(store: &Store) {
    while let Some(job) = store.claim_job(Takes::Everything).await.unwrap() {
        store.finish_job(&job.id, JobState::Done, "done", None).await.unwrap();
    }
}

/// `train` and `serve` are snapshots.
pub async fn taken_in_judged_and_followed(store: &Store, train: &str, serve: &str) {
    over_jobs(store).await;
    assert!(store.model(MODEL).await.unwrap().is_none());
    // Without training data the rows wait; the first training data queues them, once.
    assert_eq!(came(store, SnapshotRole::Serve, serve, "a", DAY, &[]).await, Inserted::New);
    assert_eq!(came(store, SnapshotRole::Serve, serve, "a", 2 * DAY, &[]).await, Inserted::Known);
    assert_eq!(came(store, SnapshotRole::Serve, serve, "a@172800000", 2 * DAY, &[]).await, Inserted::New);
    assert!(store.claim_job(Takes::Everything).await.unwrap().is_none());
    let states: Vec<ArrivalState> = windows(store).await.iter().map(|one| one.state).collect();
    assert_eq!(states, [ArrivalState::NoReference; 2]);
    assert_eq!(came(store, SnapshotRole::Train, train, "t", 0, &[]).await, Inserted::New);
    let second = store.arrival_once(MODEL, SnapshotRole::Serve, "a@172800000").await.unwrap().unwrap().arrival;
    let first = store.arrival_once(MODEL, SnapshotRole::Serve, "a").await.unwrap().unwrap().arrival;
    assert_eq!((first.at_ms, second.at_ms, second.state), (DAY, 2 * DAY, ArrivalState::Waiting));
    assert_eq!((first.version.as_str(), first.author.as_str(), first.received_at_ms), ("7", "Ada", 99));
    let job = store.claim_job(Takes::Everything).await.unwrap().unwrap();
    assert_eq!((job.kind, job.subject.as_str()), (JobKind::Judge, first.id.as_str()));
    // What is worked on is not begun a second time, however often it is asked for.
    store.judge_again(&first.id).await.unwrap();
    store.judge_again(&first.id).await.unwrap();
    assert_eq!(store.claim_job(Takes::Everything).await.unwrap().unwrap().subject, second.id);
    assert!(store.claim_job(Takes::Everything).await.unwrap().is_none());
    store.finish_job(&job.id, JobState::Done, "done", None).await.unwrap();
    assert_eq!(store.claim_job(Takes::Everything).await.unwrap().unwrap().subject, first.id);
    assert_eq!(store.open_jobs(&first.id).await.unwrap().len(), 1);
    for job in store.open_jobs(&first.id).await.unwrap().iter().chain(&store.open_jobs(&second.id).await.unwrap()) {
        store.finish_job(&job.id, JobState::Done, "done", None).await.unwrap();
    }
    judged_twice(store, &first, &second).await;
    said(store, train, serve).await;
    seen(store, serve).await;
    super::alerts::ruled_fired_and_sent(store, &second.id).await;
    taken_out(store, &first, &second, serve).await;
}

async fn judged_twice(store: &Store, first: &Arrival, second: &Arrival) {
    assert!(judged(store, first, 0.5).await && judged(store, second, 0.6).await);
    assert!(judged(store, second, 4.0).await, "it takes the place of the first judging");
    let stored = store.arrival(&second.id).await.unwrap().unwrap();
    assert_eq!((stored.arrival.state, stored.diagnosis.as_deref()), (ArrivalState::Judged, Some("d")));
    assert_eq!(stored.inputs.len(), 1);
    assert_eq!(stored.arrival.window, Some(window(Mark::Verdict(Verdict::Mismatch))));
    let overs = |points: Vec<domain::model::TrendPoint>| -> Vec<Option<f64>> {
        points.iter().map(|point| point.over_limit).collect()
    };
    let whole = store.trend(MODEL, Item::D1, "", Against::Reference, 9).await.unwrap();
    assert_eq!(overs(whole), [Some(0.5), Some(4.0)]);
    let column = store.trend(MODEL, Item::D1, "amount", Against::Reference, 9).await.unwrap();
    assert_eq!(column[1].detector, "D1.column_drift", "the one that is furthest over its limit");
    assert_eq!(overs(column), [Some(0.5), Some(4.0)]);
    assert_eq!(overs(store.trend(MODEL, Item::D1, "amount", Against::Reference, 1).await.unwrap()), [Some(4.0)]);
    assert_eq!(overs(store.trend(MODEL, Item::D1, "", Against::Previous, 9).await.unwrap()), [Some(0.5), Some(4.0)]);
    let columns = store.columns_of(&second.id, Item::D1).await.unwrap();
    assert_eq!((columns.len(), columns[0].as_str(), columns[1].chars().count()), (2, "amount", 200));
    let long = store.trend(MODEL, Item::D1, &columns[1], Against::Reference, 9).await.unwrap();
    assert_eq!((long.len(), long[0].over_limit), (2, None));
    assert!(store.metric_trend(MODEL, "accuracy", 9).await.unwrap().is_empty());
    let week = Week::of(2 * DAY);
    let found = weekly(
        week,
        store.models_in(week, 9, &Sight::All).await.unwrap(),
        store.windows_around(week, &Sight::All).await.unwrap(),
    );
    let model = found.models.iter().find(|one| one.model == MODEL).unwrap();
    assert_eq!((model.windows, model.last_at_ms), (2, Some(2 * DAY)));
    assert_eq!(model.layers[0].now, Some(Mark::Verdict(Verdict::Mismatch)));
    let line = store.model_lines(99, &Sight::All).await.unwrap().into_iter().find(|one| one.name == MODEL).unwrap();
    assert_eq!((line.windows, line.has_reference, line.last_at_ms), (2, true, Some(2 * DAY)));
    assert!(line.window.is_some());
}

async fn said(store: &Store, train: &str, serve: &str) {
    let ada = Actor::named("Ada").unwrap();
    let roles = Roles::from([(ColumnRole::Label, "y")]);
    store.set_model(MODEL, Some(Task::Regression), "Grace", &roles, &ada).await.unwrap();
    let model = store.model(MODEL).await.unwrap().unwrap();
    assert_eq!(
        (model.task, model.owner.as_str(), model.roles, model.changed_by),
        (Some(Task::Regression), "Grace", roles, ada)
    );
    assert_eq!(store.versions(MODEL).await.unwrap(), ["7"]);
    let pinned = store.references(MODEL).await.unwrap();
    assert_eq!((pinned.len(), pinned[0].version.as_str(), pinned[0].snapshot.id.as_str()), (1, "7", train));
    let files = [(SnapshotRole::Train, train.to_owned()), (SnapshotRole::Test, serve.to_owned())];
    let pinned = async |arrival: Option<&str>| {
        store.set_references(MODEL, ("7", arrival), &files, &Actor::Anonymous).await.unwrap()
    };
    assert!(pinned(None).await && pinned(None).await);
    assert!(!pinned(Some("gone")).await, "what was taken out meanwhile is not pinned");
    assert_eq!(store.references(MODEL).await.unwrap().len(), 2);
    let facts = store.watch_facts(MODEL).await.unwrap();
    assert_eq!((facts.windows_at_ms, facts.has_versions, facts.has_logs), (vec![DAY, 2 * DAY], true, false));
}

/// What arrived for a closed model is seen by its members only.
async fn seen(store: &Store, serve: &str) {
    let accounts = store.accounts().await.unwrap();
    let [ada, grace] = [&accounts[0].id, &accounts[1].id];
    let [of_ada, of_grace] = [ada, grace].map(|id| Sight::Of(id.clone()));
    store.set_openness(MODEL, Openness::Members, &[]).await.unwrap();
    store.set_member(MODEL, grace, Some(Role::Viewer), &[]).await.unwrap();
    let names = async |sight: &Sight| {
        let lines = store.model_lines(99, sight).await.unwrap();
        let known = store.models_in(Week::of(0), 99, sight).await.unwrap();
        let windows = store.windows_around(Week::of(0), sight).await.unwrap();
        let is_there = lines.iter().any(|one| one.name == MODEL);
        assert_eq!(known.iter().any(|one| one.name == MODEL), is_there);
        assert_eq!(windows.iter().any(|one| one.model == MODEL), is_there);
        is_there
    };
    assert!(names(&Sight::All).await && names(&of_grace).await && !names(&of_ada).await);
    assert!(store.sees_snapshot(serve, &of_grace).await.unwrap());
    store.set_openness(MODEL, Openness::Everybody, &[]).await.unwrap();
    assert!(names(&of_ada).await);
}

async fn taken_out(store: &Store, first: &Arrival, second: &Arrival, serve: &str) {
    // Labels and logs judge what they are about again.
    let concerns = [first.id.clone()];
    assert_eq!(came(store, SnapshotRole::Labels, serve, "l", 3 * DAY, &concerns).await, Inserted::New);
    assert_eq!(came(store, SnapshotRole::ServingLog, serve, "s", DAY + 5, &[]).await, Inserted::New);
    assert_eq!(store.open_jobs(&first.id).await.unwrap().len(), 1);
    over_jobs(store).await;
    assert_eq!(store.next_window_at(MODEL, DAY).await.unwrap(), Some(2 * DAY));
    assert_eq!(store.next_window_at(MODEL, 2 * DAY).await.unwrap(), None);
    let with_it = store.companions(MODEL, DAY, 2 * DAY, 9).await.unwrap();
    assert_eq!(with_it.iter().map(|one| one.arrival.role).collect::<Vec<_>>(), [SnapshotRole::ServingLog]);
    let all = store.arrivals(MODEL, None, None, 99).await.unwrap();
    assert_eq!(all.len(), 5);
    let after = store.arrivals(MODEL, None, Some(&all[1].arrival), 99).await.unwrap();
    assert_eq!(after.len(), 3);
    assert_eq!(store.models_with(serve).await.unwrap(), [MODEL]);
    assert!(!store.delete_snapshot(serve, &[]).await.unwrap(), "a model has it");
    for stored in all {
        store.delete_arrival(&stored.arrival, &[]).await.unwrap();
    }
    assert!(!judged(store, second, 1.0).await, "it was taken out meanwhile");
    assert!(store.references(MODEL).await.unwrap().iter().all(|one| one.role == SnapshotRole::Test));
    assert!(store.trend(MODEL, Item::D1, "", Against::Reference, 9).await.unwrap().is_empty());
    assert!(store.arrival(&first.id).await.unwrap().is_none());
}
