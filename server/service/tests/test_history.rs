//! A test set is remembered: who learns from its rows later is told so, whatever the file is called by then.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod data_folder;

use domain::investigation::NewInvestigation;
use domain::job::JobState;
use domain::snapshot::SnapshotRole;
use domain::{Finding, Verdict};
use service::{Service, ServiceConfig};

use data_folder::DataFolder;

/// Rows that are the same for the same numbers, in every file.
async fn upload(service: &Service, name: &str, rows: std::ops::Range<u64>) -> String {
    let row = |row: u64| format!("{row},{:.3},{},{}\n", (row * 7_919 % 100_003) as f64 / 7.0, row % 13, row % 2);
    let text: String = std::iter::once("id,amount,months,paid\n".to_owned()).chain(rows.map(row)).collect();
    let mut upload = service.begin_upload(name).await.unwrap();
    upload.write(text.as_bytes()).await.unwrap();
    upload.finish().await.unwrap().id
}

/// Diagnoses the files and gives what is said of test sets of the past.
async fn told(service: &Service, title: &str, model: &str, inputs: Vec<(SnapshotRole, String)>) -> Vec<Finding> {
    let new = NewInvestigation { title: title.into(), model: model.into(), inputs, ..NewInvestigation::default() };
    let id = service.create_investigation(new).await.unwrap().id;
    let job = service.latest_job(&id).await.unwrap().unwrap();
    let mut watched = service.watch_job(&job.id).await.unwrap();
    while watched.changed().await.is_ok() {}
    assert_eq!(service.job(&job.id).await.unwrap().state, JobState::Done);
    let diagnosis = service.diagnosis(&id).await.unwrap().unwrap();
    diagnosis.findings.iter().filter(|finding| finding.detector.as_str() == "T3.touched_test_set").cloned().collect()
}

#[tokio::test]
async fn rows_of_an_old_test_set_are_known_again_in_a_later_train_file() {
    let data = DataFolder::new();
    let service = Service::open(ServiceConfig::new(data.path())).await.unwrap();
    let (train, test) =
        (upload(&service, "train.csv", 0..800).await, upload(&service, "holdout.csv", 800..1_200).await);
    let first = vec![(SnapshotRole::Train, train.clone()), (SnapshotRole::Test, test.clone())];
    assert!(told(&service, "The first", "credit", first.clone()).await.is_empty());

    // Half of the test set is in the new training rows, under another name.
    let all = upload(&service, "everything.csv", 0..1_000).await;
    let found = told(&service, "The second", "Credit", vec![(SnapshotRole::Train, all.clone())]).await;
    assert_eq!((found.len(), found[0].verdict), (1, Verdict::Mismatch));
    assert!(found[0].statement.contains("holdout.csv") && found[0].statement.contains("The first"));
    assert!((found[0].effect.value - 0.5).abs() < 1e-9, "{}", found[0].statement);

    // With new test rows, or for another model, it is only worth a look.
    let fresh = upload(&service, "fresh.csv", 2_000..2_300).await;
    let replaced = vec![(SnapshotRole::Train, all.clone()), (SnapshotRole::Test, fresh)];
    assert_eq!(told(&service, "The third", "credit", replaced).await[0].verdict, Verdict::Possible);
    assert_eq!(
        told(&service, "The fourth", "churn", vec![(SnapshotRole::Train, all)]).await[0].verdict,
        Verdict::Possible
    );
    // Rows that nobody tested on are clear, and so is the same pair again.
    assert!(told(&service, "The fifth", "credit", vec![(SnapshotRole::Train, train)]).await.is_empty());
    assert!(told(&service, "The sixth", "credit", first).await.is_empty());
    data.settled(&service).await;
    service.shut_down().await;
}
