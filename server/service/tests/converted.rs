//! Text is parsed once, when it arrives: whoever reads the table later reads the copy.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use domain::investigation::NewInvestigation;
use domain::job::JobState;
use domain::snapshot::SnapshotRole;
use measure::ingest::ReadOptions;
use service::{Service, ServiceConfig};

const TEXT: &str = "id,amount\n1,10.5\n2,20.5\n3,30.5\n";

async fn open(data: &Path) -> Service {
    Service::open(ServiceConfig::new(data)).await.unwrap()
}

async fn upload(service: &Service, name: &str, text: &str) -> String {
    let mut upload = service.begin_upload(name).await.unwrap();
    upload.write(text.as_bytes()).await.unwrap();
    let id = upload.finish().await.unwrap().id;
    until_over(service, &id).await;
    id
}

async fn until_over(service: &Service, subject: &str) {
    let job = service.latest_job(subject).await.unwrap().unwrap();
    let mut watched = service.watch_job(&job.id).await.unwrap();
    while watched.changed().await.is_ok() {}
    let job = service.job(&job.id).await.unwrap();
    assert_eq!(job.state, JobState::Done, "{:?}", job.error);
}

/// What was shown once stays in memory: another number of rows is read anew.
async fn first_cell(service: &Service, snapshot: &str, rows: usize) -> String {
    let preview = service.preview(snapshot, rows).await.unwrap();
    assert_eq!((preview.columns.len(), preview.rows.len()), (2, 3));
    preview.rows[0][1].clone().unwrap()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect();
    files.sort();
    files
}

fn copies(data: &Path) -> Vec<PathBuf> {
    files(&data.join("converted")).into_iter().filter(|file| file.extension().unwrap() == "parquet").collect()
}

/// Puts other text under the same name without anybody noticing: as long as the first, and as old.
fn swap_text(data: &Path) {
    let stored = files(&data.join("blobs")).remove(0);
    let written = stored.metadata().unwrap().modified().unwrap();
    fs::write(&stored, TEXT.replace("10.5", "77.5")).unwrap();
    File::options().write(true).open(&stored).unwrap().set_modified(written).unwrap();
}

#[tokio::test]
async fn later_readings_do_not_touch_the_text() {
    let data = tempfile::tempdir().unwrap();
    let service = open(data.path()).await;
    let train = upload(&service, "train.csv", TEXT).await;
    assert_eq!(copies(data.path()).len(), 1);
    swap_text(data.path());
    assert_eq!(first_cell(&service, &train, 3).await, "10.5");

    // Nor does a diagnosis of rows that no summary is kept of.
    for profile in files(&data.path().join("profiles")) {
        fs::remove_file(profile).unwrap();
    }
    let inputs = vec![(SnapshotRole::Train, train.clone()), (SnapshotRole::Predictions, train.clone())];
    let new = NewInvestigation { title: "Once?".into(), inputs, ..NewInvestigation::default() };
    let id = service.create_investigation(new).await.unwrap().id;
    until_over(&service, &id).await;
    let diagnosis = service.diagnosis(&id).await.unwrap().unwrap();
    assert_eq!(diagnosis.inputs[0].rows, 3);
    assert_eq!(fs::read_dir(data.path().join("tmp")).unwrap().count(), 0);
}

#[tokio::test]
async fn a_copy_that_is_missing_or_damaged_is_made_again() {
    let data = tempfile::tempdir().unwrap();
    let service = open(data.path()).await;
    let train = upload(&service, "train.csv", TEXT).await;
    let copy = copies(data.path()).remove(0);
    let whole = fs::read(&copy).unwrap();
    let mut flipped = whole.clone();
    flipped[12] ^= 1;
    let damages = [None, Some(whole[..whole.len() / 2].to_vec()), Some(Vec::new()), Some(flipped)];
    for (damage, rows) in damages.into_iter().zip(4..) {
        match damage {
            None => fs::remove_file(&copy).unwrap(),
            Some(bytes) => fs::write(&copy, bytes).unwrap(),
        }
        assert_eq!(first_cell(&service, &train, rows).await, "10.5");
        assert_eq!(fs::read(&copy).unwrap(), whole);
    }
    // It really was the text that was read.
    swap_text(data.path());
    fs::remove_file(&copy).unwrap();
    assert_eq!(first_cell(&service, &train, 3).await, "77.5");
}

#[tokio::test]
async fn each_way_of_reading_has_its_copy_and_what_is_refused_has_none() {
    let data = tempfile::tempdir().unwrap();
    let service = open(data.path()).await;
    let train = upload(&service, "train.csv", TEXT).await;
    let without_header = ReadOptions { header: Some(false), ..ReadOptions::default() };
    let again = service.reread(&train, without_header).await.unwrap();
    until_over(&service, &again.id).await;
    assert_eq!((again.rows, copies(data.path()).len()), (4, 2));
    assert_eq!(service.preview(&train, 9).await.unwrap().rows.len(), 3);

    let mut refused = service.begin_upload("page.csv").await.unwrap();
    refused.write(b"<html><body>Sign in</body></html>").await.unwrap();
    assert!(refused.finish().await.is_err());
    assert_eq!(copies(data.path()).len(), 2);
}
