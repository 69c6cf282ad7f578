//! Bytes on disk, named by their SHA-256: written beside, made durable, then moved into place, so that a file with
//! a final name is always whole.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use domain::{Problem, ProblemKind};
use measure::progress::Unwatched;
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use crate::error::Error;
use crate::folder::close_to_others;
use crate::intact::Checked;

type Result<T> = std::result::Result<T, Error>;

/// The data folder: `blobs/<aa>/<sha256>`, `tmp/` for what is being written, `profiles/`, `diagnoses/`, and `aside/` for
/// what the database did not know of.
#[derive(Debug, Clone)]
pub(crate) struct Blobs {
    root: PathBuf,
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
    /// Makes the folders and clears away what was being written when the process last ended.
    pub fn open(root: &Path, max_bytes: u64) -> Result<Blobs> {
        let blobs = Blobs { root: root.to_owned(), max_bytes, checked: Checked::default() };
        for folder in
            [blobs.blob_dir(), blobs.tmp_dir(), blobs.profile_dir(), blobs.measured_dir(), blobs.diagnosis_dir()]
        {
            fs::create_dir_all(&folder).map_err(Error::file("making the folder", &folder))?;
            close_to_others(&folder);
        }
        for path in list(&blobs.tmp_dir())? {
            fs::remove_file(&path).map_err(Error::file("clearing", &path))?;
        }
        Ok(blobs)
    }

    pub fn checked(&self) -> &Checked {
        &self.checked
    }
    pub fn blob_dir(&self) -> PathBuf {
        self.root.join("blobs")
    }
    pub fn tmp_dir(&self) -> PathBuf {
        self.root.join("tmp")
    }
    pub fn profile_dir(&self) -> PathBuf {
        self.root.join("profiles")
    }
    pub fn measured_dir(&self) -> PathBuf {
        self.root.join("measured")
    }
    pub fn aside_dir(&self) -> PathBuf {
        self.root.join("aside")
    }
    pub fn diagnosis_dir(&self) -> PathBuf {
        self.root.join("diagnoses")
    }

    /// Where the blob of that hash is, or would be.
    pub fn path(&self, sha256: &str) -> PathBuf {
        self.blob_dir().join(sha256.get(..2).unwrap_or("00")).join(sha256)
    }

    pub fn begin(&self) -> Result<Incoming> {
        let tmp = self.tmp_dir();
        let file = NamedTempFile::new_in(&tmp).map_err(Error::file("writing a temporary file in", &tmp))?;
        Ok(Incoming { blobs: self.clone(), file, hash: Sha256::new(), size_bytes: 0 })
    }

    /// Removes a blob and what was derived from it beside it (`<sha256>.…`).
    pub fn remove(&self, sha256: &str) -> Result<()> {
        let path = self.path(sha256);
        let Some(folder) = path.parent() else { return Ok(()) };
        for file in list(folder)? {
            let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if name == sha256 || name.strip_prefix(sha256).is_some_and(|rest| rest.starts_with('.')) {
                fs::remove_file(&file).map_err(Error::file("removing", &file))?;
            }
        }
        Ok(())
    }

    /// The hashes of the files that are stored, whoever they belong to.
    pub fn names(&self) -> Result<BTreeSet<String>> {
        let mut names = BTreeSet::new();
        for folder in list(&self.blob_dir())?.into_iter().filter(|folder| folder.is_dir()) {
            names.extend(list(&folder)?.iter().map(|file| sha256_of(file)));
        }
        Ok(names)
    }

    /// Moves blobs that no snapshot names to `aside/`. Mostly the process ended between making the bytes durable and the
    /// row's commit, so nobody was told that they were kept; but the rows may be what is missing, so nothing is deleted.
    pub fn set_aside(&self, known: &BTreeSet<String>) -> Result<usize> {
        let aside = self.aside_dir();
        let mut moved = 0;
        for folder in list(&self.blob_dir())?.into_iter().filter(|folder| folder.is_dir()) {
            for file in list(&folder)? {
                if !known.contains(&sha256_of(&file)) {
                    let name = file.file_name().unwrap_or_default();
                    fs::create_dir_all(&aside).map_err(Error::file("making the folder", &aside))?;
                    close_to_others(&aside);
                    // One of that name is the same bytes: the name is their hash.
                    fs::rename(&file, aside.join(name)).map_err(Error::file("moving aside", &file))?;
                    moved += 1;
                }
            }
        }
        Ok(moved)
    }

    /// Writes a little and takes it away again; blocking.
    pub fn try_writing(&self) -> Result<()> {
        let tmp = self.tmp_dir();
        let mut file = NamedTempFile::new_in(&tmp).map_err(Error::file("writing a temporary file in", &tmp))?;
        file.write_all(&[0; 4096]).map_err(Error::file("writing", file.path()))
    }
}

/// Bytes on their way in. Dropped before [`Incoming::finish`], nothing of them remains.
#[derive(Debug)]
pub(crate) struct Incoming {
    blobs: Blobs,
    file: NamedTempFile,
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
        self.file.write_all(bytes).map_err(Error::file("writing", self.file.path()))
    }

    /// Makes the bytes durable and gives them their name; blocking. The same bytes are kept once.
    pub fn finish(self) -> Result<Blob> {
        let Incoming { blobs, file, hash, size_bytes } = self;
        let sha256 = hex(&hash.finalize());
        let path = blobs.path(&sha256);
        // What was changed on disk is replaced.
        if let Ok(kept) = File::open(&path)
            && blobs.is_intact(&sha256, kept, &Unwatched)?
        {
            return Ok(Blob { sha256, size_bytes });
        }
        file.as_file().sync_all().map_err(Error::file("flushing", file.path()))?;
        place(file, &path)?;
        blobs.checked.remember(&sha256, &path);
        Ok(Blob { sha256, size_bytes })
    }
}

/// Writes a whole file atomically and durably; blocking. A reader sees the old file, the new one, or none.
pub(crate) fn write_atomically(tmp_dir: &Path, path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = NamedTempFile::new_in(tmp_dir).map_err(Error::file("writing a temporary file in", tmp_dir))?;
    file.write_all(bytes).map_err(Error::file("writing", file.path()))?;
    file.as_file().sync_all().map_err(Error::file("flushing", file.path()))?;
    place(file, path)
}

/// Moves a flushed file to its place. The folder is flushed too: without that, the name may be lost with the power.
fn place(file: NamedTempFile, path: &Path) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    if !folder.exists() {
        fs::create_dir_all(folder).map_err(Error::file("making the folder", folder))?;
        flush_folder(folder.parent().unwrap_or(folder))?;
    }
    file.persist(path).map_err(|failed| Error::file("naming", path)(failed.error))?;
    flush_folder(folder)
}

fn flush_folder(folder: &Path) -> Result<()> {
    File::open(folder).and_then(|opened| opened.sync_all()).map_err(Error::file("flushing the folder", folder))
}

/// The hash in the name of a stored file, or of what was derived from it.
fn sha256_of(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    name.split('.').next().unwrap_or_default().to_owned()
}

fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(Error::file("listing", folder))?;
    entries.map(|entry| Ok(entry.map_err(Error::file("listing", folder))?.path())).collect()
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    fn blobs(max_bytes: u64) -> (tempfile::TempDir, Blobs) {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path(), max_bytes).unwrap();
        (folder, blobs)
    }

    #[test]
    fn the_same_bytes_are_kept_once_under_their_hash() {
        let (_folder, blobs) = blobs(100);
        for _ in 0..2 {
            let mut incoming = blobs.begin().unwrap();
            incoming.write(b"a,b\n").unwrap();
            incoming.write(b"1,2\n").unwrap();
            let blob = incoming.finish().unwrap();
            assert_eq!(blob.sha256, sha256_hex(b"a,b\n1,2\n"));
            assert_eq!(blob.size_bytes, 8);
            assert_eq!(fs::read(blobs.path(&blob.sha256)).unwrap(), b"a,b\n1,2\n");
        }
        assert_eq!(list(&blobs.blob_dir()).unwrap().len(), 1);
        assert!(list(&blobs.tmp_dir()).unwrap().is_empty());
    }

    #[test]
    fn what_is_dropped_or_too_large_leaves_nothing() {
        let (_folder, blobs) = blobs(4);
        let mut dropped = blobs.begin().unwrap();
        dropped.write(b"half").unwrap();
        drop(dropped);
        let mut large = blobs.begin().unwrap();
        let refused = Problem::from(large.write(b"12345").unwrap_err());
        assert_eq!(refused.kind, ProblemKind::TooLarge);
        assert!(refused.message.contains("4 bytes"), "{}", refused.message);
        drop(large);
        assert!(list(&blobs.tmp_dir()).unwrap().is_empty());
        assert!(list(&blobs.blob_dir()).unwrap().is_empty());
    }

    #[test]
    fn what_a_killed_process_left_is_out_of_the_way_at_the_next_start() {
        let (folder, blobs) = blobs(100);
        fs::write(blobs.tmp_dir().join("half"), b"half").unwrap();
        let mut incoming = blobs.begin().unwrap();
        incoming.write(b"never acknowledged").unwrap();
        let orphan = incoming.finish().unwrap();
        fs::write(blobs.path(&orphan.sha256).with_extension("parquet"), b"derived").unwrap();

        let again = Blobs::open(folder.path(), 100).unwrap();
        assert_eq!(again.names().unwrap(), BTreeSet::from([orphan.sha256.clone()]));
        assert_eq!(again.set_aside(&BTreeSet::new()).unwrap(), 2);
        assert!(list(&again.tmp_dir()).unwrap().is_empty());
        assert!(again.names().unwrap().is_empty());
        assert_eq!(fs::read(again.aside_dir().join(&orphan.sha256)).unwrap(), b"never acknowledged");
    }
}
