//! Jobs: long work in the background, watched, cancelled, and taken up again after a restart.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use domain::job::{Job, JobKind, JobState};
use domain::{Problem, ProblemKind};
use tokio::sync::{Notify, watch};

use crate::store::{Store, Takes};
use crate::{Inner, Service, work};
use measure::progress::Progress;

/// Work that took the process down this often is not tried again.
const MAX_ATTEMPTS: i64 = 3;
const GIVE_UP: &str = "The work was started three times and Mismatch ended each time before it was done. \
    The machine may be short of memory for these files: try fewer rows or columns, then start it again.";

/// Work that does not notice within this time that it should stop is left behind when the process ends.
const STOP_LIMIT: Duration = Duration::from_secs(5);

/// How often progress is written to the database; watchers in this process see every step.
const WRITE_EVERY: Duration = Duration::from_millis(500);

/// Two: a small profile need not wait behind a large one. The work itself spreads over all cores.
const WORKERS: [Takes; 2] = [Takes::Everything, Takes::AllButWindows];

/// Who runs and who watches, in this process.
#[derive(Debug, Default)]
pub(crate) struct Hub {
    wake: Notify,
    live: Mutex<HashMap<String, Live>>,
}

#[derive(Debug)]
struct Live {
    job: watch::Sender<Job>,
    cancelled: Arc<AtomicBool>,
}

impl Hub {
    /// The live entry of a job, made if need be; `read` gives what it shows.
    fn with<R>(&self, job: &Job, read: impl FnOnce(&Live) -> R) -> R {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = live
            .entry(job.id.clone())
            .or_insert_with(|| Live { job: watch::Sender::new(job.clone()), cancelled: Arc::default() });
        read(entry)
    }

    /// Shows the job to whoever watches it. Once it is over nobody can change it: the entry goes, which ends the watch.
    fn publish(&self, job: &Job) {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = live.get(&job.id) {
            entry.job.send_replace(job.clone());
        }
        if job.state.is_over() {
            live.remove(&job.id);
        }
    }

    /// Asks everything that runs to stop and ends every watch.
    pub fn stop(&self) {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        for (_, entry) in live.drain() {
            entry.cancelled.store(true, Ordering::Relaxed);
        }
        self.wake.notify_waiters();
    }

    pub fn cancel(&self, id: &str) {
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = live.get(id) {
            entry.cancelled.store(true, Ordering::Relaxed);
        }
    }
}

impl Service {
    /// # Errors
    /// `NotFound` without such a job.
    pub async fn job(&self, id: &str) -> Result<Job, Problem> {
        self.inner.store.job(id).await?.ok_or_else(|| Problem::not_found("There is no such job."))
    }

    /// The job made last for a snapshot or an investigation.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn latest_job(&self, subject: &str) -> Result<Option<Job>, Problem> {
        Ok(self.inner.store.latest_job(subject).await?)
    }

    /// Ends a job that is not over: at once if it waits, at its next step if it runs. Cancelling twice is no error.
    ///
    /// # Errors
    /// `NotFound` without such a job.
    pub async fn cancel_job(&self, id: &str) -> Result<Job, Problem> {
        self.job(id).await?;
        self.inner.hub.cancel(id);
        self.inner.store.finish_job(id, JobState::Cancelled, "cancelled", None).await?;
        let job = self.job(id).await?;
        self.inner.hub.publish(&job);
        self.inner.hub.wake.notify_one();
        Ok(job)
    }

    /// The job now and at every step; the channel closes once it is over.
    ///
    /// # Errors
    /// `NotFound` without such a job.
    pub async fn watch_job(&self, id: &str) -> Result<watch::Receiver<Job>, Problem> {
        let job = self.job(id).await?;
        let receiver = self.inner.hub.with(&job, |live| live.job.subscribe());
        // It may have ended between being read and being watched: then nobody else would close the channel.
        let job = self.job(id).await?;
        if job.state.is_over() {
            self.inner.hub.publish(&job);
        }
        Ok(receiver)
    }

    pub(crate) async fn enqueue(&self, kind: JobKind, subject: &str) -> Result<Job, Problem> {
        let job = self.inner.store.insert_job(kind, subject).await?;
        self.wake_workers();
        Ok(job)
    }

    /// For jobs that were written along with something else.
    pub(crate) fn wake_workers(&self) {
        // All of them: one of them may not take it.
        self.inner.hub.wake.notify_waiters();
        self.inner.hub.wake.notify_one();
    }

    /// Takes up what a killed process left, and starts the workers.
    pub(crate) async fn start_workers(&self) -> Result<(), Problem> {
        let again = self.inner.store.requeue_running_jobs(MAX_ATTEMPTS, GIVE_UP).await?;
        if again > 0 {
            tracing::info!(jobs = again, "jobs that were under way when Mismatch ended are queued again");
        }
        let forgotten = self.inner.store.queue_what_was_forgotten().await?;
        if forgotten > 0 {
            tracing::info!(
                jobs = forgotten,
                "work that was never queued, because Mismatch ended before, is queued now"
            );
        }
        let mut workers = self.inner.workers.lock().unwrap_or_else(PoisonError::into_inner);
        for takes in WORKERS {
            let (service, hub) = (Arc::downgrade(&self.inner), Arc::clone(&self.inner.hub));
            workers.push(tokio::spawn(work_until_closed(service, hub, takes)));
        }
        Ok(())
    }

    /// Stops what runs and puts it back into the queue, for the next start.
    pub(crate) async fn stop_workers(&self) {
        self.inner.closing.store(true, Ordering::Relaxed);
        self.inner.sending.notify_waiters();
        self.inner.watching.notify_waiters();
        self.inner.hub.stop();
        let workers = std::mem::take(&mut *self.inner.workers.lock().unwrap_or_else(PoisonError::into_inner));
        for worker in workers {
            if tokio::time::timeout(STOP_LIMIT, worker).await.is_err() {
                tracing::warn!("a job did not stop in time; it is taken up again at the next start");
            }
        }
    }
}

/// A worker holds the service only while it works, so that dropping the last handle ends it.
async fn work_until_closed(service: Weak<Inner>, hub: Arc<Hub>, takes: Takes) {
    loop {
        let Some(inner) = service.upgrade() else { return };
        if inner.closing.load(Ordering::Relaxed) {
            return;
        }
        let service = Service { inner };
        match service.inner.store.claim_job(takes).await {
            Ok(Some(job)) => {
                run(&service, job).await;
                service.inner.store.try_checkpoint().await;
                // A diagnosis may have waited for the profile that is done now.
                hub.wake.notify_waiters();
                continue;
            }
            Ok(None) => {}
            Err(error) => tracing::error!(error = &error as &dyn std::error::Error, "the job queue can't be read"),
        }
        drop(service);
        // The timeout covers a wake-up that was lost between the look and the wait, and a database that came back.
        if tokio::time::timeout(Duration::from_secs(2), hub.wake.notified()).await.is_err() {
            tracing::trace!("looking for jobs without being asked");
        }
    }
}

async fn run(service: &Service, job: Job) {
    let hub = &service.inner.hub;
    let cancelled = hub.with(&job, |live| Arc::clone(&live.cancelled));
    hub.publish(&job);
    let (steps, watched) = watch::channel((0.0, String::from("starting")));
    let progress = Arc::new(Steps { hub: Arc::clone(hub), job: Mutex::new(job.clone()), steps, cancelled });
    let writer = tokio::spawn(write_progress(service.inner.store.clone(), job.id.clone(), watched));
    let outcome = work::run(service, &job, progress).await;
    writer.abort();
    if service.inner.closing.load(Ordering::Relaxed) && outcome.is_err() {
        if let Err(error) = service.inner.store.put_job_back(&job.id).await {
            tracing::error!(error = &error as &dyn std::error::Error, job = job.id, "a job can't be put back");
        }
        return;
    }
    let (state, stage, error) = match &outcome {
        Ok(()) => (JobState::Done, "done", None),
        Err(problem) if problem.kind == ProblemKind::Cancelled => (JobState::Cancelled, "cancelled", None),
        Err(problem) => (JobState::Failed, "failed", Some(problem.message.as_str())),
    };
    if let Err(error) = service.inner.store.finish_job(&job.id, state, stage, error).await {
        tracing::error!(error = &error as &dyn std::error::Error, job = job.id, "a job's end can't be written");
    }
    match service.job(&job.id).await {
        Ok(job) => hub.publish(&job),
        Err(problem) => tracing::error!(%problem, job = job.id, "a job's end can't be read"),
    }
}

/// Writes the last step at most every [`WRITE_EVERY`]; ends with the job.
async fn write_progress(store: Store, job: String, mut steps: watch::Receiver<(f64, String)>) {
    while steps.changed().await.is_ok() {
        let (fraction, stage) = steps.borrow_and_update().clone();
        if let Err(error) = store.set_job_progress(&job, fraction, &stage).await {
            tracing::warn!(error = &error as &dyn std::error::Error, job, "a job's progress can't be written");
        }
        tokio::time::sleep(WRITE_EVERY).await;
    }
}

/// What the blocking work reports to.
pub(crate) struct Steps {
    hub: Arc<Hub>,
    job: Mutex<Job>,
    steps: watch::Sender<(f64, String)>,
    cancelled: Arc<AtomicBool>,
}

impl Progress for Steps {
    fn report(&self, fraction: f64, stage: &str) {
        let mut job = self.job.lock().unwrap_or_else(PoisonError::into_inner);
        job.progress = fraction.clamp(0.0, 1.0);
        stage.clone_into(&mut job.stage);
        job.updated_at_ms = crate::store::now_ms();
        self.hub.publish(&job);
        self.steps.send_replace((job.progress, job.stage.clone()));
    }

    fn cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}
