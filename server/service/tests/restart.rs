//! What a killed process leaves, and what the next one makes of it.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod data_folder;

use std::fs;
use std::path::Path;

use domain::investigation::NewInvestigation;
use domain::job::{Job, JobKind, JobState};
use domain::listing::ListQuery;
use domain::model::{Against, Arrival, ArrivalState};
use domain::snapshot::{Snapshot, SnapshotRole};
use domain::visitor::Sight;
use domain::visitor::Visitor;
use domain::{Actor, Item, ProblemKind, Verdict};
use service::store::{Inserted, Store, Takes, sqlite_url};
use service::{ArrivalTerms, Service, ServiceConfig};

use data_folder::DataFolder;

async fn open(data: &Path) -> Service {
    Service::open(ServiceConfig::new(data)).await.unwrap()
}

async fn upload(service: &Service, name: &str, factor: f64) -> Snapshot {
    let rows = (0..500).map(|row| format!("{row},{:.2}\n", factor * f64::from(row % 97)));
    let text: String = std::iter::once("id,amount\n".to_owned()).chain(rows).collect();
    let mut upload = service.begin_upload(name).await.unwrap();
    upload.write(text.as_bytes()).await.unwrap();
    upload.finish().await.unwrap()
}

async fn until_over(service: &Service, job: &str) -> Job {
    let mut watched = service.watch_job(job).await.unwrap();
    while watched.changed().await.is_ok() {}
    service.job(job).await.unwrap()
}

/// An investigation of two files, diagnosed, in a folder that no service uses any more.
async fn diagnosed(data: &Path) -> String {
    let service = open(data).await;
    let (train, serve) = (upload(&service, "train.csv", 1.0).await, upload(&service, "serve.csv", 100.0).await);
    let inputs = vec![(SnapshotRole::Train, train.id), (SnapshotRole::Serve, serve.id)];
    let new = NewInvestigation { title: "Cents?".into(), inputs, ..NewInvestigation::default() };
    let id = service.create_investigation(new).await.unwrap().id;
    let job = service.latest_job(&id).await.unwrap().unwrap();
    assert_eq!(until_over(&service, &job.id).await.state, JobState::Done);
    service.shut_down().await;
    id
}

#[tokio::test]
async fn a_job_that_was_running_goes_on_and_one_that_kills_is_given_up() {
    let data = DataFolder::new();
    let id = diagnosed(data.path()).await;

    // As a killed process leaves them: one started for the first time, one for the third.
    let store = Store::open(&sqlite_url(&data.path().join("mismatch.db"))).await.unwrap();
    let deadly = store.insert_job(JobKind::Profile, &store.inputs(&id).await.unwrap()[0].1.snapshot.id).await.unwrap();
    for _ in 0..3 {
        store.requeue_running_jobs(9, "").await.unwrap();
        assert_eq!(store.claim_job(Takes::Everything).await.unwrap().unwrap().id, deadly.id);
    }
    let innocent = store.insert_job(JobKind::Diagnose, "elsewhere").await.unwrap();
    assert_eq!(store.claim_job(Takes::Everything).await.unwrap().unwrap().id, innocent.id);
    let again = store.insert_job(JobKind::Diagnose, &id).await.unwrap();
    store.close().await;

    let service = open(data.path()).await;
    let given_up = service.job(&deadly.id).await.unwrap();
    assert_eq!((given_up.state, given_up.attempts), (JobState::Failed, 3));
    assert!(given_up.error.unwrap().contains("fewer rows or columns"));
    // Its investigation does not exist: it runs again, and says so instead of running for ever.
    let resumed = until_over(&service, &innocent.id).await;
    assert_eq!((resumed.state, resumed.attempts), (JobState::Failed, 2));
    assert_eq!(until_over(&service, &again.id).await.state, JobState::Done);
    assert_eq!(service.diagnosis(&id).await.unwrap().unwrap().inputs.len(), 2);
    data.settled(&service).await;
}

async fn arrived(service: &Service, name: &str, role: Option<SnapshotRole>, factor: f64) -> Arrival {
    let rows = (0..500).map(|row| format!("{row},{:.2}\n", factor * f64::from(row % 97)));
    let text: String = std::iter::once("id,amount\n".to_owned()).chain(rows).collect();
    let mut upload = service.begin_upload(name).await.unwrap();
    upload.write(text.as_bytes()).await.unwrap();
    let terms = ArrivalTerms::new("loans", role, Some(86_400_000), "", Actor::Anonymous).unwrap();
    let (arrived, inserted) = service.arrive(&terms, upload, &Visitor::Anybody(Actor::Anonymous)).await.unwrap();
    assert_eq!(inserted, Inserted::New);
    arrived.arrival
}

#[tokio::test]
async fn a_window_that_was_being_judged_is_judged_by_the_next_process_once() {
    let data = DataFolder::new();
    let service = open(data.path()).await;
    arrived(&service, "train.csv", Some(SnapshotRole::Train), 1.0).await;
    let day = arrived(&service, "day.csv", None, 100.0).await;
    data.settled(&service).await;
    service.shut_down().await;
    drop(service);

    // As a killed process leaves it.
    let store = Store::open(&sqlite_url(&data.path().join("mismatch.db"))).await.unwrap();
    store.judge_again(&day.id).await.unwrap();
    assert_eq!(store.claim_job(Takes::Everything).await.unwrap().unwrap().subject, day.id);
    store.close().await;

    let service = open(data.path()).await;
    let job = service.latest_job(&day.id).await.unwrap().unwrap();
    let over = until_over(&service, &job.id).await;
    assert_eq!((over.kind, over.state, over.attempts), (JobKind::Judge, JobState::Done, 2));
    let found = service.arrivals("loans", Some(SnapshotRole::Serve), None, 9).await.unwrap();
    assert_eq!((found.len(), found[0].state), (1, ArrivalState::Judged));
    let trend = service.trend("loans", Some((Item::F2, "")), Against::Reference, None).await.unwrap();
    assert_eq!((trend.results.len(), trend.results[0].verdict), (1, Verdict::Mismatch));
    assert_eq!(fs::read_dir(data.path().join("diagnoses")).unwrap().count(), 1, "the one before is gone");
    data.settled(&service).await;
}

#[tokio::test]
async fn what_was_acknowledged_stays_and_what_was_not_is_gone() {
    let data = DataFolder::new();
    let id = diagnosed(data.path()).await;
    let orphan = data.path().join("blobs/ab").join("ab".repeat(32));
    fs::create_dir_all(orphan.parent().unwrap()).unwrap();
    fs::write(&orphan, "made durable, never acknowledged").unwrap();
    fs::write(data.path().join("tmp/half"), "a,b\n1,").unwrap();

    let service = open(data.path()).await;
    assert!(!orphan.exists());
    let aside = data.path().join("aside").join("ab".repeat(32));
    assert_eq!(fs::read(aside).unwrap(), b"made durable, never acknowledged");
    assert_eq!(fs::read_dir(data.path().join("tmp")).unwrap().count(), 0);
    let investigation = service.investigation(&id).await.unwrap();
    for input in &investigation.inputs {
        assert_eq!(service.preview(&input.snapshot.id, 2).await.unwrap().rows.len(), 2);
    }
    assert!(service.diagnosis(&id).await.unwrap().is_some());
    data.settled(&service).await;
}

#[tokio::test]
async fn a_damaged_profile_is_made_again() {
    let data = DataFolder::new();
    let id = diagnosed(data.path()).await;
    let profiles: Vec<_> =
        fs::read_dir(data.path().join("profiles")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(profiles.len(), 2);
    for path in &profiles {
        fs::write(path, "not a profile").unwrap();
    }
    let service = open(data.path()).await;
    let before = service.diagnosis(&id).await.unwrap().unwrap();
    service.diagnose_again(&id).await.unwrap();
    let job = service.latest_job(&id).await.unwrap().unwrap();
    assert_eq!(until_over(&service, &job.id).await.state, JobState::Done);
    assert_eq!(service.diagnosis(&id).await.unwrap().unwrap(), before);
    assert!(profiles.iter().all(|path| fs::read(path).unwrap() != b"not a profile"));
    data.settled(&service).await;
}

#[tokio::test]
async fn one_folder_belongs_to_one_process() {
    let data = DataFolder::new();
    let first = open(data.path()).await;
    let second = Service::open(ServiceConfig::new(data.path())).await.err().unwrap();
    assert_eq!(second.kind, ProblemKind::Conflict);
    first.shut_down().await;
    drop(first);
    open(data.path()).await;
}

#[tokio::test]
async fn the_demonstration_is_diagnosed_and_seeded_once() {
    let data = DataFolder::new();
    let service = open(data.path()).await;
    service.seed_demo().await.unwrap();
    service.seed_demo().await.unwrap();
    let all = service.investigations(&ListQuery { limit: 10, ..ListQuery::default() }, &Sight::All).await.unwrap();
    assert_eq!(all.len(), 1);
    let diagnosis = service.diagnosis(&all[0].id).await.unwrap().unwrap();
    assert!(!diagnosis.suspects.is_empty());
    assert!(!diagnosis.evaluations.is_empty() && !diagnosis.learning_curves.is_empty());
    data.settled(&service).await;
}
