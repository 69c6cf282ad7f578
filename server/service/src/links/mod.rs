//! Links: files taken from where they are, a path below an allowed folder or an address on the web.
//!
//! The bytes are copied in like an upload: an investigation's evidence must not change when the file at the other
//! end does.

mod address;
mod fetch;
mod path;

use domain::Problem;
use domain::snapshot::Snapshot;

use crate::Service;
use crate::work::blocking;
use measure::ingest::ReadOptions;

/// What was brought in, before it is read.
struct Linked {
    blob: crate::blobs::Blob,
    name: String,
    origin: String,
}

impl Service {
    /// Takes in the file at a path below one of the allowed folders, or at an `http` or `https` address.
    ///
    /// # Errors
    /// `Forbidden` outside what is allowed, `BadInput` when it can't be fetched or read, `TooLarge` beyond the limit.
    pub async fn link(&self, target: &str) -> Result<Snapshot, Problem> {
        let target = target.trim().to_owned();
        let (blobs, config) = (self.inner.blobs.clone(), self.inner.config.clone());
        let linked = blocking(move || match target.split_once("://") {
            Some(("http" | "https", _)) => fetch::fetch(&blobs, &target, config.allow_private_addresses),
            Some((scheme, _)) => Err(Problem::bad_input(format!(
                "{scheme}:// addresses can't be linked. Give an http or https address, or a path."
            ))),
            None => path::copy(&blobs, &target, &config.link_roots),
        })
        .await?;
        self.keep(linked.blob, &linked.name, &linked.origin, ReadOptions::default()).await
    }
}

/// Copies everything a reader gives into a blob.
fn take_in(
    blobs: &crate::blobs::Blobs,
    mut from: impl std::io::Read,
    what: &str,
) -> Result<crate::blobs::Blob, Problem> {
    let mut incoming = blobs.begin()?;
    let mut piece = vec![0; 1 << 20];
    loop {
        let read = from.read(&mut piece).map_err(|error| {
            tracing::info!(%error, what, "a linked file broke off");
            Problem::bad_input(format!("Reading {what} broke off before its end. Try again, or upload the file."))
        })?;
        if read == 0 {
            return Ok(incoming.finish()?);
        }
        incoming.write(&piece[..read])?;
    }
}
