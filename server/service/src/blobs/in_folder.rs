//! Bytes in a folder of this machine: `blobs/<aa>/<sha256>`.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{Arriving, BlobStore, LocalFile, Result, Stamp};
use crate::durable::{begin, list, place};
use crate::error::Error;
use crate::folder::{DataFolder, close_to_others};

#[derive(Debug, Clone)]
pub(crate) struct InFolder(DataFolder);

impl InFolder {
    pub fn new(folder: &DataFolder) -> InFolder {
        InFolder(folder.clone())
    }

    /// Where the blob of that hash is, or would be.
    pub fn path(&self, sha256: &str) -> PathBuf {
        self.0.blobs().join(sha256.get(..2).unwrap_or("00")).join(sha256)
    }

    /// The file of a hash, and what earlier versions derived from it and put next to it (`<sha256>.…`).
    fn files_of(&self, sha256: &str) -> Result<Vec<PathBuf>> {
        let path = self.path(sha256);
        let Some(folder) = path.parent().filter(|folder| folder.exists()) else { return Ok(Vec::new()) };
        Ok(list(folder)?.into_iter().filter(|file| sha256_of(file) == sha256).collect())
    }
}

/// The hash in the name of a stored file, or of what was derived from it.
fn sha256_of(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    name.split('.').next().unwrap_or_default().to_owned()
}

/// `None` where there is no such file.
fn found<T>(result: std::io::Result<T>, doing: &'static str, path: &Path) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::file(doing, path)(error)),
    }
}

impl BlobStore for InFolder {
    fn begin(&self) -> Result<Box<dyn Arriving>> {
        Ok(Box::new(Beside { store: self.clone(), file: begin(&self.0.tmp())? }))
    }

    fn stamp(&self, sha256: &str) -> Result<Option<Stamp>> {
        let path = self.path(sha256);
        let about = found(fs::metadata(&path), "reading", &path)?;
        Ok(about.map(|about| Stamp { modified: about.modified().ok(), len: about.len() }))
    }

    fn open(&self, sha256: &str) -> Result<Option<Box<dyn Read + Send>>> {
        let path = self.path(sha256);
        Ok(found(File::open(&path), "opening", &path)?.map(|file| Box::new(file) as Box<dyn Read + Send>))
    }

    fn file(&self, sha256: &str) -> Result<LocalFile> {
        let path = self.path(sha256);
        fs::metadata(&path).map_err(Error::file("reading", &path))?;
        Ok(LocalFile { path, _copy: None })
    }

    fn remove(&self, sha256: &str) -> Result<()> {
        let files = self.files_of(sha256)?;
        files.iter().try_for_each(|file| fs::remove_file(file).map_err(Error::file("removing", file)))
    }

    fn names(&self) -> Result<BTreeSet<String>> {
        let mut names = BTreeSet::new();
        for folder in list(&self.0.blobs())?.into_iter().filter(|folder| folder.is_dir()) {
            names.extend(list(&folder)?.iter().map(|file| sha256_of(file)));
        }
        Ok(names)
    }

    fn set_aside(&self, sha256: &str) -> Result<()> {
        let aside = self.0.aside();
        fs::create_dir_all(&aside).map_err(Error::file("making the folder", &aside))?;
        close_to_others(&aside);
        for file in self.files_of(sha256)? {
            // One of that name is the same bytes: the name is their hash.
            let to = aside.join(file.file_name().unwrap_or_default());
            fs::rename(&file, to).map_err(Error::file("moving aside", &file))?;
        }
        Ok(())
    }
}

/// A file that is written where nobody looks, and gets its name when it is whole.
#[derive(Debug)]
struct Beside {
    store: InFolder,
    file: NamedTempFile,
}

impl Arriving for Beside {
    fn take(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes).map_err(Error::file("writing", self.file.path()))
    }

    fn keep(self: Box<Self>, sha256: &str) -> Result<()> {
        place(self.file, &self.store.path(sha256))
    }
}
