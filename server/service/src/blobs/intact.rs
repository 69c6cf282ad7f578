//! Stored bytes are what their names say: checked against their hash before anything is concluded from them.

use std::path::Path;

use domain::{Problem, ProblemKind};
use measure::progress::{Progress, go_on};
use sha2::{Digest, Sha256};

use super::{Blobs, Result, Stamp, hex};
use crate::error::Error;

/// Hashes that are remembered: a few hundred bytes each.
const REMEMBERED: u64 = 100_000;

/// Bytes that were hashed in this process, as they were then: they are hashed again only after somebody touched them.
#[derive(Debug, Clone)]
pub(super) struct Checked(moka::sync::Cache<String, Stamp>);

impl Default for Checked {
    fn default() -> Self {
        Self(moka::sync::Cache::new(REMEMBERED))
    }
}

impl Checked {
    fn has(&self, sha256: &str, stamp: Stamp) -> bool {
        stamp.modified.is_some() && self.0.get(sha256) == Some(stamp)
    }
}

/// What became of bytes that were stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Intact,
    Changed,
    Gone,
}

impl Blobs {
    /// Makes sure that the stored bytes are there and have not changed; blocking, and long for many.
    pub fn check(&self, sha256: &str, name: &str, progress: &dyn Progress) -> std::result::Result<(), Problem> {
        match self.state(sha256, progress)? {
            State::Intact => Ok(()),
            State::Gone => Err(Problem::new(
                ProblemKind::Conflict,
                format!("The stored file of `{name}` is not in the data folder any more; upload it again."),
            )),
            State::Changed => {
                tracing::warn!(sha256, "a stored file does not have the bytes that its name stands for");
                Err(Problem::new(
                    ProblemKind::Conflict,
                    format!("The stored file of `{name}` was changed on disk after it was uploaded; upload it again."),
                ))
            }
        }
    }

    pub(super) fn state(&self, sha256: &str, progress: &dyn Progress) -> Result<State> {
        let Some(stamp) = self.store.stamp(sha256)? else { return Ok(State::Gone) };
        if self.checked.has(sha256, stamp) {
            return Ok(State::Intact);
        }
        let Some(mut bytes) = self.store.open(sha256)? else { return Ok(State::Gone) };
        let (mut hash, mut piece) = (Sha256::new(), vec![0; 1 << 20]);
        loop {
            go_on(progress)?;
            match bytes.read(&mut piece).map_err(Error::file("reading", Path::new(sha256)))? {
                0 => break,
                read => hash.update(&piece[..read]),
            }
        }
        if hex(&hash.finalize()) != sha256 {
            return Ok(State::Changed);
        }
        self.checked.0.insert(sha256.to_owned(), stamp);
        Ok(State::Intact)
    }

    /// Remembers that what was kept under this name a moment ago is what the name says.
    pub(super) fn remember(&self, sha256: &str) -> Result<()> {
        if let Some(stamp) = self.store.stamp(sha256)? {
            self.checked.0.insert(sha256.to_owned(), stamp);
        }
        Ok(())
    }
}
