//! The service: what keeps and schedules. Every use case of Mismatch behind one handle; web and API are doors into it.
//!
//! Architecture invariant: rows never leave this crate except as previews and as bounded windows of marked rows; errors leave it as [`domain::Problem`], with the
//! internals logged here and nowhere else.

mod alerting;
mod archives;
mod arranging;
mod arrivals;
mod blobs;
mod blocking;
mod cache;
mod closing;
pub mod config;
mod copies;
mod cutting;
mod decisions;
mod deleting;
mod diagnoses;
mod durable;
mod editing;
mod error;
mod evidence;
mod examples;
mod exploring;
mod folder;
mod guards;
mod hypotheses;
mod incidents;
mod installation;
mod investigations;
pub mod isolation;
mod jobs;
mod judging;
mod links;
mod listing;
mod mine;
mod models;
mod moving;
mod mutes;
mod observations;
mod people;
mod present;
mod reaching;
mod recurring;
mod related;
mod repairing;
mod reports;
mod retention;
mod said;
mod selection;
mod sharing;
mod snapshots;
pub mod store;
mod summaries;
mod uploads;
mod watching;
mod weekly;
mod work;

use std::collections::BTreeSet;
use std::fs::File;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use domain::selection::SelectionAnswer;
use domain::snapshot::Preview;
use domain::{Diagnosis, Problem};
use tokio::task::JoinHandle;

use crate::blobs::{BlobStore, Blobs, InFolder};
use crate::cache::Cache;
use crate::copies::Copies;
use crate::folder::DataFolder;
use crate::installation::Installation;
use crate::store::Store;

pub use alerting::LOOKED_BACK_DAYS;
pub use arranging::assign_roles;
pub use arrivals::{ARRIVALS_PAGE, ArrivalTerms, MOST_ARRIVALS};
pub use config::{Accounts, ServiceConfig};
pub use cutting::CutChoice;
pub use evidence::Move;
pub use examples::model_of;
pub use models::ReferenceFrom;
pub use moving::Export;
pub use people::{AUDIT_PAGE, Browser, Client, Elsewhere, NewAccount, SignedInNow, Subject};
pub use present::Follower;
pub use reports::{ReportForm, chat};
pub use retention::Retention;
pub use said::has_nul;
pub use sharing::{ShareDoor, SharedView, no_link};
pub use uploads::{STALL_LIMIT, Upload};

/// The handle: cheap to clone, all clones work on the same data folder.
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

struct Inner {
    config: ServiceConfig,
    store: Store,
    installation: Arc<Installation>,
    folder: DataFolder,
    blobs: Blobs,
    copies: Copies,
    hub: Arc<jobs::Hub>,
    diagnoses: Cache<Diagnosis>,
    answers: Cache<SelectionAnswer>,
    previews: Cache<Preview>,
    isolation: isolation::Isolation,
    links: links::Places,
    keeping: snapshots::Keeping,
    people: people::People,
    present: present::Present,
    /// Whether people have accounts here: asked for at the start, or because there is one.
    accounts: bool,
    closing: AtomicBool,
    /// Held by whoever decides what is an alert.
    alerting: tokio::sync::Mutex<()>,
    /// Held by whoever changes something by what it is: what two people change at once is changed one after the other.
    changing: tokio::sync::Mutex<()>,
    /// Held by whoever opens the investigation of a window.
    opening: tokio::sync::Mutex<()>,
    /// Held from the question whether there is such a rule, watch or channel already, or too many, until it is made.
    making: tokio::sync::Mutex<()>,
    /// Rung when messages are queued.
    sending: Arc<tokio::sync::Notify>,
    /// Rung when a watch is to be looked at now.
    watching: Arc<tokio::sync::Notify>,
    /// Held by whoever makes the list of investigations right.
    refreshing: tokio::sync::Mutex<()>,
    workers: Mutex<Vec<JoinHandle<()>>>,
    /// Held as long as the service lives: two processes in one data folder would take each other's jobs.
    _lock: File,
}

impl Service {
    /// Opens the data folder (made if need be), brings the database up to date, puts right what a killed process left
    /// half done and takes its jobs up again. Has to be called inside a tokio runtime.
    ///
    /// # Errors
    /// `Conflict` when another process uses the folder or the database does not belong to it; otherwise when
    /// the folder or the database can't be used.
    pub async fn open(config: ServiceConfig) -> Result<Service, Problem> {
        let (root, lock) = folder::take(&config)?;
        let folder = DataFolder::open(&root)?;
        let blobs = Blobs::new(InFolder::new(&folder), config.max_upload_bytes);
        Service::open_with(config, folder, lock, blobs).await
    }

    async fn open_with(
        config: ServiceConfig,
        folder: DataFolder,
        lock: File,
        blobs: Blobs,
    ) -> Result<Service, Problem> {
        let (store, installation) = folder::open_store(&config, folder.root(), &blobs.names()?).await?;
        let known: BTreeSet<String> = store.named_blobs().await?.into_iter().collect();
        let unknown = blobs.set_aside(&known)?;
        if unknown > 0 {
            let aside = folder.aside();
            tracing::warn!(
                files = unknown,
                folder = %aside.display(),
                "the database knows nothing of some stored files: they were moved aside and are kept there"
            );
        }
        diagnoses::forget_lost(&folder, &store).await?;
        // A database with accounts is never opened without them: everything would be open to everybody.
        let accounts = config.accounts == Accounts::Required || store.count_accounts().await? > 0;
        let (people, refused) = people::People::new(&config.elsewhere);
        let isolation = isolation::Isolation::new(config.reading.clone(), config.bounds, folder.tmp());
        let copies = Copies::new(&folder);
        let inner = Inner {
            config,
            store,
            installation: Arc::new(installation),
            folder,
            blobs,
            copies,
            hub: Arc::default(),
            diagnoses: Cache::of_bytes(diagnoses::DIAGNOSES_BYTES),
            answers: Cache::of_bytes(selection::ANSWERS_BYTES),
            previews: Cache::of_bytes(snapshots::PREVIEWS_BYTES),
            isolation,
            links: links::Places::default(),
            keeping: snapshots::Keeping::default(),
            people,
            present: present::Present::default(),
            accounts,
            closing: AtomicBool::new(false),
            alerting: tokio::sync::Mutex::default(),
            changing: tokio::sync::Mutex::default(),
            opening: tokio::sync::Mutex::default(),
            making: tokio::sync::Mutex::default(),
            sending: Arc::default(),
            watching: Arc::default(),
            refreshing: tokio::sync::Mutex::default(),
            workers: Mutex::default(),
            _lock: lock,
        };
        let service = Service { inner: Arc::new(inner) };
        service.start_workers().await?;
        if accounts {
            // Holds the store, not the service: it ends with the last handle.
            tokio::spawn(people::write_refusals(service.inner.store.clone(), refused));
        }
        service.keep_checkpointed();
        service.keep_deleting();
        service.keep_telling();
        service.keep_watching();
        Ok(service)
    }

    /// Brings the database up to date and does nothing else.
    ///
    /// # Errors
    /// As [`Service::open`].
    pub async fn migrate(config: &ServiceConfig) -> Result<(), Problem> {
        let (root, _lock) = folder::take(config)?;
        let folder = DataFolder::open(&root)?;
        let stored = InFolder::new(&folder).names()?;
        let (store, _) = folder::open_store(config, folder.root(), &stored).await?;
        store.close().await;
        Ok(())
    }

    /// Answers when something can be kept: it writes to the database and to the data folder.
    ///
    /// # Errors
    /// `StorageFull`, or `Unavailable` when one of them can't be written.
    pub async fn ready(&self) -> Result<(), Problem> {
        self.inner.store.ping().await?;
        let blobs = self.inner.blobs.clone();
        blocking::blocking(move || Ok(blobs.try_writing()?)).await
    }

    /// Holds the store, not the service: dropping the last handle ends it.
    fn keep_checkpointed(&self) {
        let (store, service) = (self.inner.store.clone(), Arc::downgrade(&self.inner));
        tokio::spawn(store.keep_checkpointed(move || service.strong_count() > 0));
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
        self.write_last_refusals().await;
        self.inner.store.close().await;
    }
}
