//! One story, from beginning to end, on both databases: on SQLite, and on the PostgreSQL that TEST_DATABASE_URL names.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "store_story/accounts.rs"]
mod accounts;
#[path = "store_story/alerts.rs"]
mod alerts;
#[path = "store_story/arrivals.rs"]
mod arrivals;
#[path = "store_story/listings.rs"]
mod listings;
#[path = "store_story/locked.rs"]
mod locked;
#[path = "store_story/models.rs"]
mod models;
#[path = "store_story/reviewing.rs"]
mod reviewing;
#[path = "store_story/sharing.rs"]
mod sharing;

use std::path::Path;

use domain::closing::Closing;
use domain::event::{EventKind, NamedFinding, Reason};
use domain::investigation::{Grounds, InvestigationState, NewInvestigation, Status};
use domain::job::{JobKind, JobState};
use domain::measurements::fingerprints::RowFingerprints;
use domain::mute::Mute;
use domain::snapshot::{Column, ColumnKind, ColumnRole, ReadNote, Roles, Snapshot, SnapshotRole};
use domain::visitor::Sight;
use domain::{Actor, Item, Verdict};
use measure::ingest::ReadOptions;
use service::store::{Along, Store, StoredSnapshot, Takes, new_id, now_ms, sqlite_url};
use sqlx::migrate::Migrator;
use sqlx::{AnyConnection, Connection};

#[tokio::test]
async fn sqlite_tells_the_story() {
    let folder = tempfile::tempdir().unwrap();
    let url = sqlite_url(&folder.path().join("odd name #1 100%?.db"));
    story(&url).await;
    assert!(folder.path().join("odd name #1 100%?.db").exists());
}

#[tokio::test]
#[ignore = "needs an empty PostgreSQL in TEST_DATABASE_URL; `cargo xtask test` starts one"]
async fn postgres_tells_the_same_story() {
    let url = std::env::var("TEST_DATABASE_URL").expect("TEST_DATABASE_URL names an empty database");
    story(&url).await;
    locked::refused_in_the_end(&url).await;
}

async fn story(url: &str) {
    sentences_of_an_earlier_version(url).await;
    let store = Store::open(url).await.unwrap();
    store.ping().await.unwrap();
    old_sentences(&store).await;
    assert!(store.installation().await.unwrap().is_none());
    for id in ["first", "second"] {
        store.set_installation(id).await.unwrap();
        assert_eq!(store.installation().await.unwrap().as_deref(), Some("first"));
    }
    let (train, serve) = snapshots(&store).await;
    let investigation = investigation(&store, &train, &serve).await;
    together(&store, &investigation, &serve).await;
    people(&store, &investigation).await;
    mutes(&store, &investigation).await;
    jobs(&store, &investigation, &train).await;
    sharing::made_found_and_ended(&store, &investigation).await;
    test_sets(&store, &investigation).await;
    listings::made_and_found(&store, &investigation).await;
    accounts::made_used_and_ended(&store).await;
    models::closed_and_opened(&store, &train).await;
    arrivals::taken_in_judged_and_followed(&store, &train, &serve).await;
    reviewing::said_pinned_and_ordered(&store, &investigation).await;
    reviewing::known_elsewhere(&store).await;
    store.close().await;
    accounts::before_looks(url).await;

    // Opened again, migrations find nothing to do and everything is still there.
    let again = Store::open(url).await.unwrap();
    assert_eq!(again.inputs(&investigation).await.unwrap().len(), 1);
    accounts::looks_again(&again).await;
    accounts::deleted(&again, &investigation, &train).await;
    again.close().await;
}

fn actor(name: &str) -> Actor {
    Actor::named(name).unwrap()
}

const OLD_SENTENCES: [&str; 4] = [
    "opened the investigation",
    "marked F2 as accepted until 31 May 2026: it's \"cents\"",
    "muted F1.range (a, b): known",
    "unmuted F1.range (größe)",
];

/// The tables as they were before events had kinds, with a timeline in them.
async fn sentences_of_an_earlier_version(url: &str) {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(url).await.unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    let mut earlier = Migrator::new(folder).await.unwrap();
    earlier.migrations = earlier.migrations[..7].to_vec().into();
    earlier.run(&mut connection).await.unwrap();
    sqlx::query(
        "insert into investigations (id, title, model, symptoms, state, roles, created_at_ms, updated_at_ms)
         values ('old', 'old', '', '[]', 'open', '{}', 0, 0)",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    for (at, sentence) in OLD_SENTENCES.iter().enumerate() {
        sqlx::query("insert into events (id, investigation, author, text, at_ms) values ($1, 'old', 'Ada', $2, $3)")
            .bind(format!("f{at}"))
            .bind(*sentence)
            .bind(at as i64)
            .execute(&mut connection)
            .await
            .unwrap();
    }
    connection.close().await.unwrap();
}

async fn old_sentences(store: &Store) {
    // An id of today sorts before theirs: the clock ran ahead then.
    let along = [Along::Event { investigation: "old", actor: &Actor::Anonymous, kind: &EventKind::Reopened }];
    store.write(&along).await.unwrap();
    assert_eq!(store.investigation("old").await.unwrap().unwrap().owner, actor("Ada"));
    let events = store.events("old").await.unwrap();
    let told: Vec<String> = events.iter().map(|event| event.text()).collect();
    assert_eq!(told[..4], OLD_SENTENCES);
    assert_eq!(told[4], "opened the investigation again");
    assert_eq!((events[3].at_ms, &events[3].author), (3, &actor("Ada")));
    assert_eq!(events[0].kind, EventKind::Opened);
    let reason = Reason { note: "it's \"cents\"".into(), until: Some("2026-05-31".into()) };
    assert_eq!(events[1].kind, EventKind::ItemMarked { item: Item::F2, status: Status::Accepted, reason });
    assert!(matches!(events[2].kind, EventKind::Legacy { .. }), "two columns, or one with a comma in its name");
    let EventKind::FindingUnmuted { finding: NamedFinding::Detector { columns, .. } } = &events[3].kind else {
        panic!("{:?}", events[3])
    };
    assert_eq!(columns, &["größe"]);
}

fn snapshot(name: &str) -> StoredSnapshot {
    let snapshot = Snapshot {
        id: new_id(),
        name: name.into(),
        sha256: format!("{name:0>64}"),
        size_bytes: 5_000_000_000,
        rows: 3_000_000_000,
        columns: vec![Column {
            name: "größe, \"m\"".into(),
            kind: ColumnKind::Numeric,
            role: ColumnRole::Feature,
            glance: None,
        }],
        origin: "upload".into(),
        format: "CSV".into(),
        notes: vec![ReadNote { column: None, message: "2 rows were skipped".into() }],
        guessed_role: SnapshotRole::LearningCurve,
        created_at_ms: now_ms(),
    };
    StoredSnapshot { snapshot, options: ReadOptions { delimiter: Some(b';'), ..ReadOptions::default() } }
}

async fn snapshots(store: &Store) -> (String, String) {
    let train = snapshot("train");
    let stored = store.insert_snapshot(&train, &[]).await.unwrap();
    assert_eq!(stored.snapshot, train.snapshot);
    assert_eq!(stored.options, train.options);
    let same = StoredSnapshot { snapshot: Snapshot { id: new_id(), ..train.snapshot.clone() }, ..train.clone() };
    assert_eq!(store.insert_snapshot(&same, &[]).await.unwrap().snapshot.id, train.snapshot.id);
    let otherwise_read = StoredSnapshot { options: ReadOptions::default(), ..same };
    assert_ne!(store.insert_snapshot(&otherwise_read, &[]).await.unwrap().snapshot.id, train.snapshot.id);

    let serve = store.insert_snapshot(&snapshot("serve"), &[]).await.unwrap().snapshot;
    assert_eq!(store.snapshot(&serve.id).await.unwrap().unwrap().snapshot, serve);
    assert!(store.snapshot("none").await.unwrap().is_none());
    assert_eq!(store.snapshots(2, &Sight::All).await.unwrap()[0].snapshot.id, serve.id);
    assert_eq!(store.named_blobs().await.unwrap().len(), 2);
    assert!(store.is_blob_named(&serve.sha256).await.unwrap());
    assert!(!store.is_blob_named("none").await.unwrap());
    (train.snapshot.id, serve.id)
}

async fn investigation(store: &Store, train: &str, serve: &str) -> String {
    let id = new_id();
    let new = NewInvestigation {
        title: "O'Brien's model".into(),
        symptoms: vec!["accuracy dropped suddenly".into()],
        inputs: vec![(SnapshotRole::Train, train.into()), (SnapshotRole::Serve, serve.into())],
        threshold: Some(0.25),
        author: actor("Ada"),
        ..NewInvestigation::default()
    };
    store.insert_investigation(&id, &new, &[]).await.unwrap();
    let row = store.investigation(&id).await.unwrap().unwrap();
    assert_eq!((row.title.as_str(), row.threshold, row.verdict), ("O'Brien's model", Some(0.25), None));
    let roles: Vec<_> =
        store.inputs(&id).await.unwrap().into_iter().map(|(role, stored)| (role, stored.snapshot.id)).collect();
    assert_eq!(roles, new.inputs);

    // An input that is no snapshot is refused, and takes the whole investigation with it.
    let broken = NewInvestigation { inputs: vec![(SnapshotRole::Train, "none".into())], ..new };
    let other = new_id();
    assert!(store.insert_investigation(&other, &broken, &[]).await.is_err());
    assert!(store.investigation(&other).await.unwrap().is_none());

    let label = Roles::from([(ColumnRole::Label, "y")]);
    store.replace_inputs(&id, &[(SnapshotRole::Test, serve.into())], &label, None, &[]).await.unwrap();
    let row = store.investigation(&id).await.unwrap().unwrap();
    assert_eq!((row.roles, row.threshold), (label, None));
    assert_eq!(store.inputs(&id).await.unwrap()[0].0, SnapshotRole::Test);
    id
}

/// Whatever belongs together is there together or not at all: here the last thing always fails.
async fn together(store: &Store, id: &str, serve: &str) {
    let job = Along::Job { kind: JobKind::Diagnose, subject: id };
    let ada = actor("Ada");
    let fails = [job, Along::Event { investigation: "none", actor: &ada, kind: &EventKind::NoteAdded }];
    let inputs = vec![(SnapshotRole::Train, serve.to_owned())];
    let new = NewInvestigation { title: "half".into(), inputs: inputs.clone(), ..NewInvestigation::default() };
    let other = new_id();
    assert!(store.insert_investigation(&other, &new, &fails).await.is_err());
    assert!(store.investigation(&other).await.unwrap().is_none());
    assert!(store.replace_inputs(id, &inputs, &Roles::default(), None, &fails).await.is_err());
    assert_eq!(store.inputs(id).await.unwrap()[0].0, SnapshotRole::Test);
    assert!(store.add_note(id, &ada, "half", None, &fails).await.is_err());
    assert!(store.notes(id).await.unwrap().is_empty());
    let late = snapshot("late");
    assert!(store.insert_snapshot(&late, &fails).await.is_err());
    assert!(store.snapshot(&late.snapshot.id).await.unwrap().is_none());
    assert!(store.open_jobs(id).await.unwrap().is_empty());
}

async fn people(store: &Store, id: &str) {
    let grounds = |note: &str, author: &str, until_ms| Grounds { note: note.into(), author: actor(author), until_ms };
    store
        .set_status(id, Item::D1, Status::Confirmed, &grounds("seen", "Ada", Some(5_000_000_000_000)), &[])
        .await
        .unwrap();
    assert_eq!(store.statuses(id).await.unwrap()[0].until_ms, Some(5_000_000_000_000));
    store.set_status(id, Item::D1, Status::RuledOut, &grounds("looked again", "Grace", None), &[]).await.unwrap();
    let statuses = store.statuses(id).await.unwrap();
    assert_eq!((statuses.len(), statuses[0].status, statuses[0].author.as_str()), (1, Status::RuledOut, "Grace"));
    assert_eq!(statuses[0].until_ms, None);
    let ada = actor("Ada");
    store.add_note(id, &ada, "first", None, &[]).await.unwrap();
    let second = store.add_note(id, &ada, "second 🧭", None, &[]).await.unwrap();
    assert_eq!(store.notes(id).await.unwrap()[1], second);
    let kinds = [
        EventKind::NoteAdded,
        EventKind::Closed {
            closing: Closing { verdict: "it's \"cents\" 🧭".into(), done: "divided".into(), ..Closing::default() },
        },
        EventKind::FindingMuted {
            finding: NamedFinding::Detector {
                id: Some("00ff".into()),
                detector: domain::DetectorId::of_text("F2.range"),
                columns: vec![],
                statement: Some("amount is cents".into()),
            },
            reason: Reason::new("known", Some(5_000_000_000_000)),
        },
    ];
    for kind in &kinds {
        store.write(&[Along::Event { investigation: id, actor: &ada, kind }]).await.unwrap();
    }
    let events = store.events(id).await.unwrap();
    assert!(events.iter().all(|event| event.author == ada));
    assert_eq!(events.into_iter().map(|event| event.kind).collect::<Vec<_>>(), kinds);
    store.set_investigation_state(id, InvestigationState::Closed, Some("cents"), &[]).await.unwrap();
    store.set_investigation_state(id, InvestigationState::Open, None, &[]).await.unwrap();
    let row = store.investigation(id).await.unwrap().unwrap();
    assert_eq!((row.state, row.verdict.as_deref()), (InvestigationState::Open, Some("cents")));
}

/// Muted, muted anew with other grounds, and heard again.
async fn mutes(store: &Store, investigation: &str) {
    let first = Mute {
        finding: "00ff".into(),
        item: Item::F2,
        verdict: Verdict::Possible,
        over_threshold: 1.5,
        note: "known; \"cents\" until May".into(),
        author: actor("Ada"),
        at_ms: now_ms(),
        until_ms: Some(5_000_000_000_000),
    };
    store.set_mutes(investigation, std::slice::from_ref(&first), &[]).await.unwrap();
    let second = Mute { finding: "11ee".into(), at_ms: first.at_ms + 1, ..first.clone() };
    store.set_mutes(investigation, std::slice::from_ref(&second), &[]).await.unwrap();
    let anew =
        Mute { verdict: Verdict::Mismatch, over_threshold: 2.5, author: actor("Grace"), until_ms: None, ..first };
    store.set_mutes(investigation, std::slice::from_ref(&anew), &[]).await.unwrap();
    assert_eq!(store.mutes(investigation).await.unwrap(), [anew.clone(), second.clone()]);
    assert!(store.mutes("none").await.unwrap().is_empty());
    assert!(
        store.set_mutes("none", std::slice::from_ref(&anew), &[]).await.is_err(),
        "a mute belongs to an investigation"
    );
    let told = store.events(investigation).await.unwrap().len();
    let anonymous = Actor::Anonymous;
    let along = [Along::Event { investigation, actor: &anonymous, kind: &EventKind::Reopened }];
    assert!(store.remove_mute(investigation, &second.finding, &along).await.unwrap());
    assert!(!store.remove_mute(investigation, &second.finding, &along).await.unwrap());
    assert_eq!(store.events(investigation).await.unwrap().len(), told + 1);
    assert_eq!(store.mutes(investigation).await.unwrap(), [anew]);
}

async fn jobs(store: &Store, investigation: &str, train: &str) {
    let serve = store.inputs(investigation).await.unwrap()[0].1.snapshot.id.clone();
    let diagnose = store.insert_job(JobKind::Diagnose, investigation).await.unwrap();
    let profile = store.insert_job(JobKind::Profile, &serve).await.unwrap();
    let other = store.insert_job(JobKind::Profile, train).await.unwrap();

    // The diagnosis is older, but waits for the profile of its input.
    let claimed = store.claim_job(Takes::Everything).await.unwrap().unwrap();
    assert_eq!((claimed.id.as_str(), claimed.state, claimed.attempts), (profile.id.as_str(), JobState::Running, 1));
    assert_eq!(store.claim_job(Takes::Everything).await.unwrap().unwrap().id, other.id);
    assert!(store.claim_job(Takes::Everything).await.unwrap().is_none());
    store.set_job_progress(&profile.id, 0.5, "reading").await.unwrap();
    assert_eq!(store.job(&profile.id).await.unwrap().unwrap().progress, 0.5);
    assert!(store.finish_job(&profile.id, JobState::Done, "done", None).await.unwrap());
    assert!(!store.finish_job(&profile.id, JobState::Cancelled, "cancelled", None).await.unwrap());
    store.set_job_progress(&profile.id, 0.1, "late").await.unwrap();
    assert_eq!(store.job(&profile.id).await.unwrap().unwrap().progress, 1.0);

    // Killed twice while the diagnosis ran, then once too often.
    for attempt in 1..=3 {
        assert_eq!(store.claim_job(Takes::Everything).await.unwrap().unwrap().attempts, attempt);
        store.requeue_running_jobs(3, "given up").await.unwrap();
    }
    let given_up = store.job(&diagnose.id).await.unwrap().unwrap();
    assert_eq!((given_up.state, given_up.error.as_deref()), (JobState::Failed, Some("given up")));

    let again = store.insert_job(JobKind::Diagnose, investigation).await.unwrap();
    assert_eq!(store.latest_job(investigation).await.unwrap().unwrap().id, again.id);
    assert_eq!(store.open_jobs(investigation).await.unwrap().len(), 1);
    // A process that ends on purpose puts its work back as if it had not begun. (The other one was killed with it.)
    store.finish_job(&other.id, JobState::Failed, "failed", Some("why")).await.unwrap();
    assert_eq!(store.claim_job(Takes::Everything).await.unwrap().unwrap().id, again.id);
    store.put_job_back(&again.id).await.unwrap();
    assert_eq!(store.job(&again.id).await.unwrap().unwrap().attempts, 0);
    let counts = store.count_jobs().await.unwrap();
    assert_eq!(counts.iter().map(|(_, count)| count).sum::<i64>(), 4);
}

async fn test_sets(store: &Store, investigation: &str) {
    let columns = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
    let rows = RowFingerprints { columns: columns(&["a", "größe, \"m\""]), hashes: vec![0, 7, u64::MAX], rows: 9 };
    store.insert_test_fingerprints(investigation, "test.csv", "abc", &rows).await.unwrap();
    // Given again it keeps its first date and name; other columns of it are another set.
    store.insert_test_fingerprints(investigation, "renamed.csv", "abc", &rows).await.unwrap();
    let other = RowFingerprints { columns: columns(&["b"]), ..rows.clone() };
    store.insert_test_fingerprints(investigation, "test.csv", "abc", &other).await.unwrap();
    let train = columns(&["a", "größe, \"m\"", "c"]).into_iter().collect();
    let known = store.test_fingerprints("", &train).await.unwrap();
    assert_eq!(known.len(), 1);
    assert_eq!(
        (known[0].file.as_str(), known[0].title.as_str(), &known[0].rows),
        ("test.csv", "O'Brien's model", &rows)
    );
    assert_eq!(known[0].investigation, investigation);
    assert!(store.test_fingerprints("", &columns(&["a"]).into_iter().collect()).await.unwrap().is_empty());
    assert!(store.insert_test_fingerprints("none", "test.csv", "abc", &rows).await.is_err());
}
