//! Links: files taken from where they are, a path below an allowed folder, or an address of the web, of a running tool or of a
//! bucket.
//!
//! The bytes are copied in like an upload: an investigation's evidence must not change when what is at the other end does.

mod path;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use connectors::live::Window;
use domain::snapshot::Snapshot;
use domain::{Problem, ProblemKind};
use sources::{Arrived, Sources};
use tokio::sync::Semaphore;

use crate::Service;
use crate::blobs::{Blob, Blobs};
use crate::blocking::blocking;
use crate::snapshots::Unnamed;
use crate::uploads::label_of;

/// Links fetched at once: more than watches fetch, so that people don't wait for these. Each holds a thread for as long as the other
/// side takes, and uploads need threads too.
const AT_ONCE: usize = 16;

/// How long before the served rows a running tool is asked about, at most.
const MOST_BEFORE_MS: i64 = 30 * 86_400_000;

/// The links that may be under way. A link gives its place back when its thread is done with it, not when its client goes.
#[derive(Debug)]
pub(crate) struct Places(Arc<Semaphore>);

impl Default for Places {
    fn default() -> Self {
        Places(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

/// What was brought in, before it is read.
struct Linked {
    blob: Blob,
    arrived: Arrived,
}

/// Set when nobody waits for the bytes any more.
type Gone = Arc<AtomicBool>;

/// Stops the thread that brings a link's bytes in, whether or not bytes still come.
struct StopWhenDropped {
    gone: Gone,
    sources: Sources,
}

impl Drop for StopWhenDropped {
    fn drop(&mut self) {
        // First the flag: a connection that is shut down can look like a file that is complete.
        self.gone.store(true, Ordering::SeqCst);
        self.sources.shut_down();
    }
}

impl Service {
    /// Takes in what is at a path below one of the allowed folders, or at an address: of an archive each file, of an artifact
    /// its rows too. `window` is what a running tool is asked about. Dropped half-way, nothing of it remains.
    ///
    /// # Errors
    /// `Forbidden` outside what is allowed, `BadInput` when it can't be fetched or read, `TooLarge` beyond the limit,
    /// `Conflict` when other links take too long.
    pub async fn link(&self, target: &str, window: Option<Window>) -> Result<Vec<Snapshot>, Problem> {
        let waiting = tokio::time::timeout(sources::TIMEOUT, Arc::clone(&self.inner.links.0).acquire_owned()).await;
        let Ok(Ok(place)) = waiting else {
            let message =
                format!("{AT_ONCE} other links are still being fetched. Try again later, or upload the file.");
            return Err(Problem::new(ProblemKind::Conflict, message));
        };
        let gone = Gone::default();
        let sources = Sources::new(self.inner.config.reach.clone());
        let _stop = StopWhenDropped { gone: Arc::clone(&gone), sources: sources.clone() };
        let (service, target) = (self.clone(), target.trim().to_owned());
        let (unnamed, arrived) = blocking(move || {
            let _place = place;
            let Linked { blob, arrived } = service.bring(&target, window, &sources, &gone)?;
            Ok((Unnamed::of(&service, blob), arrived))
        })
        .await?;
        self.keep_all(unnamed, &arrived.name, &arrived.origin).await
    }

    /// As [`Service::link`], for an investigation: a running tool is asked about the time that its rows were served in, and as
    /// long before, so that it shows what was usual.
    ///
    /// # Errors
    /// As [`Service::link`].
    pub async fn link_for(&self, investigation: &str, target: &str) -> Result<Vec<Snapshot>, Problem> {
        let diagnosis = self.diagnosis(investigation).await?;
        let served = diagnosis.and_then(|diagnosis| diagnosis.over_time.served_span());
        let window = served.map(|(from_ms, until_ms)| {
            let long = until_ms.saturating_sub(from_ms).clamp(0, MOST_BEFORE_MS);
            Window { from_ms: from_ms.saturating_sub(long), until_ms }
        });
        self.link(target, window).await
    }

    fn bring(&self, target: &str, window: Option<Window>, sources: &Sources, gone: &Gone) -> Result<Linked, Problem> {
        let blobs = &self.inner.blobs;
        if Sources::is_address(target) {
            from_address(blobs, target, window, sources, gone)
        } else {
            path::copy(blobs, target, &self.inner.config.link_roots, gone)
        }
    }
}

fn from_address(
    blobs: &Blobs,
    target: &str,
    window: Option<Window>,
    sources: &Sources,
    gone: &Gone,
) -> Result<Linked, Problem> {
    let mut incoming = blobs.begin()?;
    let arrived = sources.bring(target, window, &mut |piece| {
        still_wanted(gone)?;
        Ok(incoming.write(piece)?)
    })?;
    still_wanted(gone)?;
    let name = label_of(&arrived.name);
    Ok(Linked { blob: incoming.finish()?, arrived: Arrived { name, ..arrived } })
}

fn still_wanted(gone: &Gone) -> Result<(), Problem> {
    if gone.load(Ordering::SeqCst) {
        return Err(Problem::new(ProblemKind::Cancelled, "Nobody waits for the link any more."));
    }
    Ok(())
}
