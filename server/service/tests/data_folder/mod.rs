//! The data folder of a test. When the test is over, no job may be left that nobody waited for, no file that is half
//! written, and no stored file that belongs to nothing. The tests of the server's routes use it too.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use service::Service;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection, Row};
use tempfile::TempDir;

/// Far beyond what a job of a test takes.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct DataFolder {
    folder: TempDir,
    /// The jobs whose end the test has waited for. Without this list a test that forgot to wait would fail only on slow machines.
    over: Mutex<BTreeSet<String>>,
}

impl DataFolder {
    pub fn new() -> DataFolder {
        DataFolder { folder: tempfile::tempdir().unwrap(), over: Mutex::default() }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Waits until a job is over.
    pub async fn until_over(&self, service: &Service, job: &str) {
        let mut watched = service.watch_job(job).await.unwrap();
        let end = async { while watched.changed().await.is_ok() {} };
        let ended = tokio::time::timeout(PATIENCE, end).await.is_ok();
        let job_now = service.job(job).await.unwrap();
        assert!(ended && job_now.state.is_over(), "it does not end: {job_now:?}");
        self.over.lock().unwrap().insert(job.to_owned());
    }

    /// Waits until every job is over, also those that others start when they end.
    pub async fn settled(&self, service: &Service) {
        while let Some((job, _)) = self.jobs_nobody_waited_for().await.pop() {
            self.until_over(service, &job).await;
        }
    }

    /// Id and words of each job that the test did not wait for.
    async fn jobs_nobody_waited_for(&self) -> Vec<(String, String)> {
        let mut database = self.database().await;
        let rows = sqlx::query("select id, kind, state from jobs").fetch_all(&mut database).await.unwrap();
        database.close().await.unwrap();
        let over = self.over.lock().unwrap();
        let jobs = rows.iter().map(|row| {
            let [id, kind, state] = [0, 1, 2].map(|column| row.get::<String, _>(column));
            (id, format!("a job ({kind}, {state}) whose end it did not wait for: call `settled`"))
        });
        jobs.filter(|(id, _)| !over.contains(id)).collect()
    }

    /// Stored files whose bytes no snapshot names.
    async fn files_of_nobody(&self) -> Vec<String> {
        let mut database = self.database().await;
        let rows = sqlx::query("select sha256 from snapshots").fetch_all(&mut database).await.unwrap();
        database.close().await.unwrap();
        let known: BTreeSet<String> = rows.iter().map(|row| row.get(0)).collect();
        let stored = files_below(&self.path().join("blobs"));
        let names = stored.iter().filter_map(|path| path.file_stem()).map(|name| name.to_string_lossy().into_owned());
        names
            .filter(|name| !known.contains(name))
            .map(|name| format!("the stored file {name} of no snapshot"))
            .collect()
    }

    async fn database(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(self.path().join("mismatch.db"));
        SqliteConnection::connect_with(&options).await.unwrap()
    }

    /// What stays half-written. The worker of a job that was cancelled notices it at its next step, and may still be writing.
    fn half_written(&self) -> Vec<PathBuf> {
        let begun = Instant::now();
        loop {
            let half = files_below(&self.path().join("tmp"));
            if half.is_empty() || begun.elapsed() > PATIENCE {
                return half;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn left_over(&self) -> Vec<String> {
        let half = self.half_written();
        let mut left: Vec<String> = half.iter().map(|path| format!("the half-written {}", path.display())).collect();
        if self.path().join("mismatch.db").exists() {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            left.extend(runtime.block_on(self.jobs_nobody_waited_for()).into_iter().map(|(_, words)| words));
            left.extend(runtime.block_on(self.files_of_nobody()));
        }
        left
    }
}

impl Drop for DataFolder {
    fn drop(&mut self) {
        // A test that has failed already stops anywhere.
        if std::thread::panicking() {
            return;
        }
        // On a thread of its own: this one may be inside a runtime, which can't wait for another.
        let left = std::thread::scope(|threads| threads.spawn(|| self.left_over()).join());
        match left {
            Ok(left) => assert!(left.is_empty(), "the test left over {}", left.join(", and ")),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}
