//! Stored bytes, named by their SHA-256. Where they are kept is behind a port: [`BlobStore`].

mod in_folder;
#[cfg(test)]
mod in_memory;
mod intact;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use domain::{Problem, ProblemKind};
use measure::progress::Unwatched;
use sha2::{Digest, Sha256};
use tempfile::TempPath;

use crate::error::Error;
use intact::{Checked, State};

pub(crate) use in_folder::InFolder;
#[cfg(test)]
pub(crate) use in_memory::InMemory;

type Result<T> = std::result::Result<T, Error>;

/// Where bytes are kept. Everything here blocks; `sha256` is in lower-case hexadecimal.
pub(crate) trait BlobStore: Debug + Send + Sync {
    /// Takes bytes in. Dropped before they are kept, nothing of them remains.
    fn begin(&self) -> Result<Box<dyn Arriving>>;
    /// What can be said of bytes without reading them; `None` when they are not here.
    fn stamp(&self, sha256: &str) -> Result<Option<Stamp>>;
    /// A reader of them; `None` when they are not here.
    fn open(&self, sha256: &str) -> Result<Option<Box<dyn Read + Send>>>;
    /// The same as a file, for readers in another process; fails when they are not here.
    fn file(&self, sha256: &str) -> Result<LocalFile>;
    /// Removes them; nothing happens when they are not here.
    fn remove(&self, sha256: &str) -> Result<()>;
    /// The hashes of everything that is here.
    fn names(&self) -> Result<BTreeSet<String>>;
    /// Moves bytes that nobody knows of to where they are in nobody's way and can be fetched by hand.
    fn set_aside(&self, sha256: &str) -> Result<()>;
}

/// Bytes on their way into a store.
pub(crate) trait Arriving: Debug + Send {
    fn take(&mut self, bytes: &[u8]) -> Result<()>;
    /// Makes what was taken durable, under its name. What was there under that name is replaced.
    fn keep(self: Box<Self>, sha256: &str) -> Result<()>;
}

/// Two readings of the same stamp mean that nobody touched the bytes in between.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stamp {
    /// `None` where the store does not say.
    pub modified: Option<SystemTime>,
    pub len: u64,
}

/// Stored bytes as a file on this machine, which is there for as long as this lives.
#[derive(Debug)]
pub(crate) struct LocalFile {
    /// Not to be changed: it may be the store's own file.
    pub path: PathBuf,
    /// Where the bytes are kept elsewhere: the copy at that path, which goes away with this.
    _copy: Option<TempPath>,
}

/// The store, with what holds for bytes wherever they are kept.
#[derive(Debug, Clone)]
pub(crate) struct Blobs {
    store: Arc<dyn BlobStore>,
    max_bytes: u64,
    checked: Checked,
}

/// Bytes that are complete and durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Blob {
    pub sha256: String,
    pub size_bytes: u64,
}

impl Blobs {
    /// `max_bytes` is the most that one upload may have.
    pub fn new(store: impl BlobStore + 'static, max_bytes: u64) -> Blobs {
        Blobs { store: Arc::new(store), max_bytes, checked: Checked::default() }
    }

    pub fn begin(&self) -> Result<Incoming> {
        Ok(Incoming { blobs: self.clone(), arriving: self.store.begin()?, hash: Sha256::new(), size_bytes: 0 })
    }

    /// The most that one upload may have.
    pub fn max_bytes(&self) -> u64 {
        self.max_bytes
    }

    pub fn file(&self, sha256: &str) -> Result<LocalFile> {
        self.store.file(sha256)
    }

    pub fn remove(&self, sha256: &str) -> Result<()> {
        self.store.remove(sha256)
    }

    /// The hashes of the bytes that are stored, whoever they belong to.
    pub fn names(&self) -> Result<BTreeSet<String>> {
        self.store.names()
    }

    /// Sets blobs aside that no snapshot names; how many. Mostly the process ended between making the bytes durable and
    /// the row's commit, so nobody was told that they were kept; but the rows may be what is missing, so nothing is deleted.
    pub fn set_aside(&self, known: &BTreeSet<String>) -> Result<usize> {
        let stored = self.names()?;
        let unknown: Vec<&String> = stored.difference(known).collect();
        unknown.iter().try_for_each(|sha256| self.store.set_aside(sha256))?;
        Ok(unknown.len())
    }

    /// Writes a little and takes it away again; blocking.
    pub fn try_writing(&self) -> Result<()> {
        self.store.begin()?.take(&[0; 4096])
    }
}

/// Bytes on their way in. Dropped before [`Incoming::finish`], nothing of them remains.
#[derive(Debug)]
pub(crate) struct Incoming {
    blobs: Blobs,
    arriving: Box<dyn Arriving>,
    hash: Sha256,
    size_bytes: u64,
}

impl Incoming {
    /// Blocking.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.size_bytes += bytes.len() as u64;
        if self.size_bytes > self.blobs.max_bytes {
            let message = format!(
                "The file is larger than the limit of {}. Start the server with a larger --max-upload, or give a part of the rows.",
                size_in_words(self.blobs.max_bytes)
            );
            return Err(Problem::new(ProblemKind::TooLarge, message).into());
        }
        self.hash.update(bytes);
        self.arriving.take(bytes)
    }

    /// Makes the bytes durable and gives them their name; blocking. The same bytes are kept once.
    pub fn finish(self) -> Result<Blob> {
        let Incoming { blobs, arriving, hash, size_bytes } = self;
        let sha256 = hex(&hash.finalize());
        // What was changed where it is kept is replaced.
        if blobs.state(&sha256, &Unwatched)? != State::Intact {
            arriving.keep(&sha256)?;
            blobs.remember(&sha256)?;
        }
        Ok(Blob { sha256, size_bytes })
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The SHA-256 of some bytes in lower-case hexadecimal.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// `4 GB`, `1.5 MB`: decimal units, as disks are sold.
pub(crate) fn size_in_words(bytes: u64) -> String {
    let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    for (size, unit) in units {
        if bytes >= size {
            let amount = bytes as f64 / size as f64;
            let text = format!("{amount:.1}");
            return format!("{} {unit}", text.strip_suffix(".0").unwrap_or(&text));
        }
    }
    format!("{bytes} bytes")
}
