//! Links: files taken from where they are, a path below an allowed folder or an address on the web.
//!
//! The bytes are copied in like an upload: an investigation's evidence must not change when the file at the other
//! end does.

mod address;
mod fetch;
mod path;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::snapshot::Snapshot;
use domain::{Problem, ProblemKind};
use tokio::sync::Semaphore;
use ureq::Agent;

use crate::Service;
use crate::blobs::{Blob, Blobs};
use crate::blocking::blocking;
use crate::config::LINK_TIMEOUT;
use crate::snapshots::Unnamed;
use measure::ingest::ReadOptions;

/// Links fetched at once. Each holds a thread for as long as the other side takes, and uploads need threads too.
const AT_ONCE: usize = 4;

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
    name: String,
    origin: String,
}

/// Set when nobody waits for the bytes any more.
type Gone = Arc<AtomicBool>;

/// Stops the thread that brings a link's bytes in, whether or not bytes still come.
struct StopWhenDropped {
    gone: Gone,
    agent: Agent,
}

impl Drop for StopWhenDropped {
    fn drop(&mut self) {
        // First the flag: a connection that is shut down can look like a file that is complete.
        self.gone.store(true, Ordering::SeqCst);
        self.agent.clone().shutdown();
    }
}

impl Service {
    /// Takes in the file at a path below one of the allowed folders, or at an `http` or `https` address. Dropped half-way,
    /// nothing of it remains.
    ///
    /// # Errors
    /// `Forbidden` outside what is allowed, `BadInput` when it can't be fetched or read, `TooLarge` beyond the limit,
    /// `Conflict` when other links take too long.
    pub async fn link(&self, target: &str) -> Result<Snapshot, Problem> {
        let waiting = tokio::time::timeout(LINK_TIMEOUT, Arc::clone(&self.inner.links.0).acquire_owned()).await;
        let Ok(Ok(place)) = waiting else {
            let message =
                format!("{AT_ONCE} other links are still being fetched. Try again later, or upload the file.");
            return Err(Problem::new(ProblemKind::Conflict, message));
        };
        let gone = Gone::default();
        let agent = fetch::agent(self.inner.config.allow_private_addresses);
        let _stop = StopWhenDropped { gone: Arc::clone(&gone), agent: agent.clone() };
        let (service, target) = (self.clone(), target.trim().to_owned());
        let (unnamed, name, origin) = blocking(move || {
            let _place = place;
            let Linked { blob, name, origin } = service.bring(&target, &agent, &gone)?;
            Ok((Unnamed::of(&service, blob), name, origin))
        })
        .await?;
        self.keep(unnamed, &name, &origin, ReadOptions::default()).await
    }

    fn bring(&self, target: &str, agent: &Agent, gone: &Gone) -> Result<Linked, Problem> {
        let blobs = &self.inner.blobs;
        // Schemes may be written in any case (RFC 3986, section 3.1).
        let parts = target.split_once("://").map(|(scheme, rest)| (scheme.to_ascii_lowercase(), rest));
        match parts.as_ref().map(|(scheme, rest)| (scheme.as_str(), rest)) {
            Some((scheme @ ("http" | "https"), rest)) => {
                fetch::fetch(blobs, &format!("{scheme}://{rest}"), agent, gone)
            }
            Some((scheme, _)) => Err(Problem::bad_input(format!(
                "{scheme}:// addresses can't be linked. Give an http or https address, or a path."
            ))),
            None => path::copy(blobs, target, &self.inner.config.link_roots, gone),
        }
    }
}

/// Copies everything a reader gives into a blob, unless nobody waits for it any more.
fn take_in(blobs: &Blobs, mut from: impl std::io::Read, what: &str, gone: &Gone) -> Result<Blob, Problem> {
    let mut incoming = blobs.begin()?;
    let mut piece = vec![0; 1 << 20];
    loop {
        let read = from.read(&mut piece);
        if gone.load(Ordering::SeqCst) {
            return Err(Problem::new(ProblemKind::Cancelled, "Nobody waits for the link any more."));
        }
        let read = read.map_err(|error| {
            tracing::info!(%error, what, "a linked file broke off");
            Problem::bad_input(format!("Reading {what} broke off before its end. Try again, or upload the file."))
        })?;
        if read == 0 {
            return Ok(incoming.finish()?);
        }
        incoming.write(&piece[..read])?;
    }
}
