//! Profiles kept on disk by their key, so that a known reference is never profiled twice.

use std::path::PathBuf;

use domain::Profile;
use serde::{Deserialize, Serialize};

use crate::blobs::{Blobs, sha256_hex, write_atomically};
use engine::diagnose::ProfileCache;

/// MessagePack, lightly compressed: JSON has no NaN and takes five times the room.
const COMPRESSION_LEVEL: i32 = 1;

/// Two folders, so that a child that is told of them can use them too.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DiskProfiles {
    folder: PathBuf,
    tmp: PathBuf,
}

impl DiskProfiles {
    pub fn new(blobs: &Blobs) -> Self {
        Self { folder: blobs.profile_dir(), tmp: blobs.tmp_dir() }
    }

    /// The key may hold anything, so its hash is the file's name.
    fn path(&self, key: &str) -> PathBuf {
        self.folder.join(sha256_hex(key.as_bytes()))
    }
}

impl ProfileCache for DiskProfiles {
    /// A file that can't be read is as good as none: the profile is computed again and written over it.
    fn get(&self, key: &str) -> Option<Profile> {
        let path = self.path(key);
        let bytes = std::fs::read(&path).ok()?;
        let read = zstd::decode_all(bytes.as_slice())
            .map_err(|error| error.to_string())
            .and_then(|bytes| rmp_serde::from_slice::<Profile>(&bytes).map_err(|error| error.to_string()));
        match read {
            Ok(profile) if profile.key == key => Some(profile),
            Ok(_) => None,
            Err(error) => {
                tracing::warn!(path = %path.display(), error, "a stored profile is damaged and will be computed again");
                None
            }
        }
    }

    /// Failing to keep a profile costs time later, not correctness: it is logged.
    fn put(&self, profile: &Profile) {
        let written = rmp_serde::to_vec_named(profile)
            .map_err(|error| error.to_string())
            .and_then(|bytes| zstd::encode_all(bytes.as_slice(), COMPRESSION_LEVEL).map_err(|error| error.to_string()))
            .and_then(|bytes| {
                write_atomically(&self.tmp, &self.path(&profile.key), &bytes).map_err(|error| error.to_string())
            });
        if let Err(error) = written {
            tracing::warn!(error, "a profile could not be kept");
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn a_profile_comes_back_as_it_was_and_a_damaged_one_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let profiles = DiskProfiles::new(&Blobs::open(folder.path(), 100).unwrap());
        let profile = Profile {
            key: "abc {\"header\":true}".into(),
            rows: 3,
            sampled_rows: 3,
            duplicate_rows: 0,
            columns: vec![],
        };
        assert_eq!(profiles.get(&profile.key), None);
        profiles.put(&profile);
        assert_eq!(profiles.get(&profile.key), Some(profile.clone()));

        let path = profiles.path(&profile.key);
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
        assert_eq!(profiles.get(&profile.key), None);
        profiles.put(&profile);
        assert_eq!(profiles.get(&profile.key), Some(profile));
    }
}
