//! Bytes in memory: for tests, which need no folder then.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use tempfile::NamedTempFile;

use super::{Arriving, BlobStore, LocalFile, Result, Stamp};
use crate::error::Error;

#[derive(Debug, Clone, Default)]
pub(crate) struct InMemory(Arc<Mutex<Shelves>>);

#[derive(Debug, Default)]
struct Shelves {
    kept: BTreeMap<String, (Arc<[u8]>, SystemTime)>,
    aside: BTreeMap<String, Arc<[u8]>>,
}

impl InMemory {
    fn shelves(&self) -> MutexGuard<'_, Shelves> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts bytes under a name, whether or not it is theirs.
    pub fn put(&self, sha256: &str, bytes: &[u8]) {
        self.shelves().kept.insert(sha256.to_owned(), (bytes.into(), SystemTime::now()));
    }

    pub fn aside(&self, sha256: &str) -> Option<Vec<u8>> {
        self.shelves().aside.get(sha256).map(|bytes| bytes.to_vec())
    }

    fn bytes(&self, sha256: &str) -> Option<Arc<[u8]>> {
        self.shelves().kept.get(sha256).map(|(bytes, _)| Arc::clone(bytes))
    }
}

impl BlobStore for InMemory {
    fn begin(&self) -> Result<Box<dyn Arriving>> {
        Ok(Box::new(Buffer { store: self.clone(), bytes: Vec::new() }))
    }

    fn stamp(&self, sha256: &str) -> Result<Option<Stamp>> {
        let shelves = self.shelves();
        let kept = shelves.kept.get(sha256);
        Ok(kept.map(|(bytes, modified)| Stamp { modified: Some(*modified), len: bytes.len() as u64 }))
    }

    fn open(&self, sha256: &str) -> Result<Option<Box<dyn Read + Send>>> {
        Ok(self.bytes(sha256).map(|bytes| Box::new(Cursor::new(bytes)) as Box<dyn Read + Send>))
    }

    fn file(&self, sha256: &str) -> Result<LocalFile> {
        let failed = || Error::file("copying", Path::new(sha256));
        let bytes = self.bytes(sha256).ok_or_else(|| failed()(std::io::ErrorKind::NotFound.into()))?;
        let mut file = NamedTempFile::new().map_err(failed())?;
        file.write_all(&bytes).map_err(failed())?;
        let copy = file.into_temp_path();
        Ok(LocalFile { path: copy.to_path_buf(), _copy: Some(copy) })
    }

    fn remove(&self, sha256: &str) -> Result<()> {
        self.shelves().kept.remove(sha256);
        Ok(())
    }

    fn names(&self) -> Result<BTreeSet<String>> {
        Ok(self.shelves().kept.keys().cloned().collect())
    }

    fn set_aside(&self, sha256: &str) -> Result<()> {
        let mut shelves = self.shelves();
        if let Some((bytes, _)) = shelves.kept.remove(sha256) {
            shelves.aside.insert(sha256.to_owned(), bytes);
        }
        Ok(())
    }
}

#[derive(Debug)]
struct Buffer {
    store: InMemory,
    bytes: Vec<u8>,
}

impl Arriving for Buffer {
    fn take(&mut self, bytes: &[u8]) -> Result<()> {
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn keep(self: Box<Self>, sha256: &str) -> Result<()> {
        self.store.put(sha256, &self.bytes);
        Ok(())
    }
}
