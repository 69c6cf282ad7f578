//! Stored files are what their names say: checked against their hash before anything is concluded from them.

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use domain::{Problem, ProblemKind};
use measure::progress::{Progress, go_on};
use sha2::{Digest, Sha256};

use crate::blobs::{Blobs, hex};
use crate::error::Error;

/// Files that were hashed in this process, as they were then: one is hashed again only after somebody touched it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Checked(Arc<Mutex<BTreeMap<String, Stamp>>>);

#[derive(Debug, Clone, Copy, PartialEq)]
struct Stamp {
    modified: Option<SystemTime>,
    len: u64,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Self { modified: metadata.modified().ok(), len: metadata.len() }
    }
}

impl Checked {
    /// Remembers that the file has the bytes of this hash.
    pub fn remember(&self, sha256: &str, path: &Path) {
        if let Ok(metadata) = fs::metadata(path) {
            self.put(sha256, Stamp::of(&metadata));
        }
    }

    fn put(&self, sha256: &str, stamp: Stamp) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(sha256.to_owned(), stamp);
    }

    fn has(&self, sha256: &str, stamp: Stamp) -> bool {
        stamp.modified.is_some() && self.0.lock().unwrap_or_else(PoisonError::into_inner).get(sha256) == Some(&stamp)
    }
}

impl Blobs {
    /// Makes sure that the stored file is there and has not changed; blocking, and long for a large file.
    pub fn check(&self, sha256: &str, name: &str, progress: &dyn Progress) -> Result<(), Problem> {
        let path = self.path(sha256);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(gone(name)),
            Err(error) => return Err(Error::file("opening", &path)(error).into()),
        };
        if self.is_intact(sha256, file, progress)? {
            return Ok(());
        }
        tracing::warn!(path = %path.display(), "a stored file does not have the bytes that its name stands for");
        Err(Problem::new(
            ProblemKind::Conflict,
            format!("The stored file of `{name}` was changed on disk after it was uploaded; upload it again."),
        ))
    }

    /// Whether the stored file has the bytes of its hash.
    pub fn is_intact(&self, sha256: &str, mut file: File, progress: &dyn Progress) -> Result<bool, Problem> {
        let path = self.path(sha256);
        let stamp = Stamp::of(&file.metadata().map_err(Error::file("reading", &path))?);
        if self.checked().has(sha256, stamp) {
            return Ok(true);
        }
        let (mut hash, mut piece) = (Sha256::new(), vec![0; 1 << 20]);
        loop {
            go_on(progress)?;
            match file.read(&mut piece).map_err(Error::file("reading", &path))? {
                0 => break,
                read => hash.update(&piece[..read]),
            }
        }
        let is_intact = hex(&hash.finalize()) == sha256;
        if is_intact {
            self.checked().put(sha256, stamp);
        }
        Ok(is_intact)
    }
}

fn gone(name: &str) -> Problem {
    Problem::new(
        ProblemKind::Conflict,
        format!("The stored file of `{name}` is not in the data folder any more; upload it again."),
    )
}
