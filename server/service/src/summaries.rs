//! Summaries kept on disk by their key, so that a known table is never read twice.

use std::path::PathBuf;

use domain::Profile;
use measure::measured::Measured;
use measure::summary::{Summary, SummaryStore};
use serde::{Deserialize, Serialize};

use crate::blobs::sha256_hex;
use crate::durable::{list, oldest_removed, write_atomically};
use crate::error::Error;
use crate::folder::DataFolder;

/// The bytes of summaries and of measurements that are kept; the oldest go first.
const SUMMARY_BYTES: u64 = 10_000_000_000;
const MEASURED_BYTES: u64 = 1_000_000_000;

/// Folders, so that a child process that is told of them can use them too.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DiskSummaries {
    folder: PathBuf,
    measured: PathBuf,
    /// What is not whole yet. A child process has a folder of its own for it, which goes with the child when that is killed.
    #[serde(skip, default = "std::env::temp_dir")]
    tmp: PathBuf,
}

impl DiskSummaries {
    pub fn new(folder: &DataFolder) -> Self {
        Self { folder: folder.profiles(), measured: folder.measured(), tmp: folder.tmp() }
    }

    /// Removes every summary that these bytes are in, however they were read and together with whatever. Measurements don't say
    /// what they are of, so all of them go: they are made again.
    ///
    /// # Errors
    /// When a file can't be removed.
    pub fn forget(&self, sha256: &str) -> Result<(), Error> {
        for path in list(&self.folder)? {
            let file = std::fs::File::open(&path).map_err(Error::file("opening", &path))?;
            // One that can't be read is of no use to anybody, and may be of these bytes.
            if Summary::profile_from(file).map_or(true, |profile| profile.key.contains(sha256)) {
                std::fs::remove_file(&path).map_err(Error::file("removing", &path))?;
            }
        }
        for path in list(&self.measured)? {
            std::fs::remove_file(&path).map_err(Error::file("removing", &path))?;
        }
        Ok(())
    }

    /// The key may hold anything, so its hash is the file's name.
    fn path(&self, key: &str) -> PathBuf {
        self.folder.join(sha256_hex(key.as_bytes()))
    }

    fn measured_path(&self, key: &str) -> PathBuf {
        self.measured.join(sha256_hex(key.as_bytes()))
    }
}

impl SummaryStore for DiskSummaries {
    /// A file that can't be read is as good as none: the summary is made again and written over it.
    fn get(&self, key: &str) -> Option<Summary> {
        let path = self.path(key);
        let bytes = std::fs::read(&path).ok()?;
        match Summary::from_bytes(&bytes) {
            Ok(summary) if summary.profiled.profile.key == key => Some(summary),
            Ok(_) => None,
            Err(error) => {
                tracing::warn!(path = %path.display(), error = error.as_ref() as &dyn std::error::Error, "a stored summary is damaged and will be made again");
                None
            }
        }
    }

    /// Failing to keep a summary costs time later, not correctness: it is logged.
    fn put(&self, summary: &Summary) {
        let written = summary.to_bytes().map_err(|problem| problem.to_string()).and_then(|bytes| {
            let path = self.path(&summary.profiled.profile.key);
            write_atomically(&self.tmp, &path, &bytes).map_err(|error| error.to_string())?;
            oldest_removed(&self.folder, SUMMARY_BYTES).map_err(|error| error.to_string())
        });
        if let Err(error) = written {
            tracing::warn!(error, "a summary could not be kept");
        }
    }

    fn profile(&self, key: &str) -> Option<Profile> {
        let path = self.path(key);
        let file = std::fs::File::open(&path).ok()?;
        match Summary::profile_from(file) {
            Ok(profile) => Some(profile).filter(|profile| profile.key == key),
            Err(error) => {
                tracing::warn!(path = %path.display(), error = error.as_ref() as &dyn std::error::Error, "a stored profile is damaged and will be made again");
                None
            }
        }
    }

    fn measured(&self, key: &str) -> Option<Measured> {
        let path = self.measured_path(key);
        let bytes = std::fs::read(&path).ok()?;
        Measured::from_bytes(key, &bytes)
            .inspect_err(|error| {
                tracing::warn!(path = %path.display(), %error, "kept measurements are damaged and will be made again");
            })
            .ok()
    }

    fn put_measured(&self, key: &str, measured: &Measured) {
        let path = self.measured_path(key);
        let written = measured.to_bytes(key).and_then(|bytes| {
            write_atomically(&self.tmp, &path, &bytes)?;
            Ok(oldest_removed(&self.measured, MEASURED_BYTES)?)
        });
        if let Err(error) = written {
            tracing::warn!(%error, "measurements could not be kept");
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use domain::Profile;
    use domain::measurements::Measurements;
    use measure::Profiled;
    use measure::Sample;
    use measure::summary::{InMemory, Nowhere};

    use super::*;

    fn summary(key: &str) -> Summary {
        let profile = Profile { key: key.into(), rows: 3, sampled_rows: 0, duplicate_rows: 0, columns: vec![] };
        let profiled = Profiled { profile, sample: Sample::new(Vec::new(), 0).unwrap() };
        Summary { profiled, notes: Vec::new() }
    }

    /// What every store that keeps anything has to do.
    fn keeps(store: &dyn SummaryStore) {
        let one = summary("abc {\"header\":true}");
        assert!(store.get(&one.profiled.profile.key).is_none());
        store.put(&one);
        let back = store.get(&one.profiled.profile.key).unwrap();
        assert_eq!(back.profiled.profile, one.profiled.profile);
        assert!(store.get("another key").is_none());
        assert_eq!(store.profile(&one.profiled.profile.key).unwrap(), one.profiled.profile);
        assert!(store.profile("another key").is_none() && store.measured("k").is_none());
        let measured = Measured {
            measurements: Measurements::default(),
            tables: Vec::new(),
            test: None,
            profile_keys: Vec::new(),
        };
        store.put_measured("k", &measured);
        assert!(store.measured("k").is_some() && store.measured("another key").is_none());
    }

    #[test]
    fn every_store_gives_back_what_it_was_given() {
        let folder = tempfile::tempdir().unwrap();
        keeps(&DiskSummaries::new(&DataFolder::open(folder.path()).unwrap()));
        keeps(&InMemory::default());
        Nowhere.put(&summary("a"));
        assert!(Nowhere.get("a").is_none());
    }

    #[test]
    fn a_damaged_summary_is_none_and_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let store = DiskSummaries::new(&DataFolder::open(folder.path()).unwrap());
        store.put(&summary("a"));
        let path = store.path("a");
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
        assert!(store.get("a").is_none());
        store.put(&summary("a"));
        assert!(store.get("a").is_some());
    }
}
