//! The service: what keeps and schedules. Every use case of Mismatch behind one handle; web and API are doors into it.
//!
//! Architecture invariant: rows never leave this crate except as previews; errors leave it as [`domain::Problem`], with the
//! internals logged here and nowhere else.

mod blobs;
mod cache;
pub mod config;
mod demo;
mod diagnoses;
mod error;
mod investigations;
pub mod isolation;
mod jobs;
mod links;
mod mutes;
mod profiles;
mod selection;
mod sharing;
mod snapshots;
pub mod store;
mod uploads;
mod work;

use std::collections::BTreeSet;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use domain::{Diagnosis, Problem, ProblemKind};
use tokio::task::JoinHandle;

use crate::blobs::Blobs;
use crate::cache::Cache;
use crate::error::Error;
use crate::store::Store;

pub use config::ServiceConfig;
pub use sharing::SharedView;
pub use snapshots::assign_roles;
pub use uploads::{STALL_LIMIT, Upload};

/// The handle: cheap to clone, all clones work on the same data folder.
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

struct Inner {
    config: ServiceConfig,
    store: Store,
    blobs: Blobs,
    hub: Arc<jobs::Hub>,
    diagnoses: Cache<Diagnosis>,
    tables: Cache<engine::selection::Rows>,
    isolation: isolation::Isolation,
    links: links::Places,
    keeping: snapshots::Keeping,
    closing: AtomicBool,
    workers: Mutex<Vec<JoinHandle<()>>>,
    /// Held as long as the service lives: two processes in one data folder would take each other's jobs.
    _lock: File,
}

impl Service {
    /// Opens the data folder (made if need be), brings the database up to date, clears what a killed process left
    /// half done and takes its jobs up again. Has to be called inside a tokio runtime.
    ///
    /// # Errors
    /// `Conflict` when another process uses the folder; otherwise when the folder or the database can't be used.
    pub async fn open(config: ServiceConfig) -> Result<Service, Problem> {
        let (root, lock) = take_folder(&config)?;
        let blobs = Blobs::open(&root, config.max_upload_bytes)?;
        let store = open_store(&config, &root).await?;
        let known: BTreeSet<String> = store.named_blobs().await?.into_iter().collect();
        blobs.sweep(&known)?;
        let isolation = isolation::Isolation::new(config.reading.clone(), config.bounds);
        let inner = Inner {
            config,
            store,
            blobs,
            hub: Arc::default(),
            diagnoses: Cache::new(diagnoses::DIAGNOSES_IN_MEMORY),
            tables: Cache::new(selection::TABLES_IN_MEMORY),
            isolation,
            links: links::Places::default(),
            keeping: snapshots::Keeping::default(),
            closing: AtomicBool::new(false),
            workers: Mutex::default(),
            _lock: lock,
        };
        let service = Service { inner: Arc::new(inner) };
        service.start_workers().await?;
        Ok(service)
    }

    /// Brings the database up to date and does nothing else.
    ///
    /// # Errors
    /// As [`Service::open`].
    pub async fn migrate(config: &ServiceConfig) -> Result<(), Problem> {
        let (root, _lock) = take_folder(config)?;
        open_store(config, &root).await?.close().await;
        Ok(())
    }

    /// Answers when the database does.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ready(&self) -> Result<(), Problem> {
        Ok(self.inner.store.ping().await?)
    }

    /// How many jobs are in each state, by the state's word.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn job_counts(&self) -> Result<Vec<(String, i64)>, Problem> {
        Ok(self.inner.store.count_jobs().await?)
    }

    /// Takes no more jobs, puts those that run back into the queue and closes the database.
    pub async fn shut_down(&self) {
        self.stop_workers().await;
        self.inner.store.close().await;
    }
}

async fn open_store(config: &ServiceConfig, root: &Path) -> Result<Store, Problem> {
    let url = config.database_url.clone().unwrap_or_else(|| store::sqlite_url(&root.join("mismatch.db")));
    Ok(Store::open(&url).await?)
}

/// Makes the data folder if need be and takes it for this process.
fn take_folder(config: &ServiceConfig) -> Result<(PathBuf, File), Problem> {
    let root = &config.data_dir;
    std::fs::create_dir_all(root).map_err(Error::file("making the folder", root))?;
    let root = root.canonicalize().map_err(Error::file("finding", root))?;
    let path = root.join("lock");
    let file = File::create(&path).map_err(Error::file("writing", &path))?;
    match file.try_lock() {
        Ok(()) => Ok((root, file)),
        Err(TryLockError::WouldBlock) => Err(Problem::new(
            ProblemKind::Conflict,
            format!(
                "Another Mismatch already uses the data folder {}. Stop it, or give this one another --data.",
                root.display()
            ),
        )),
        Err(TryLockError::Error(source)) => Err(Error::file("locking", &path)(source).into()),
    }
}
