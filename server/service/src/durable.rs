//! Files written whole: beside first, made durable, then moved into place. Everything here blocks.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::Error;

type Result<T> = std::result::Result<T, Error>;

/// Writes a whole file atomically and durably. A reader sees the old file, the new one, or none.
pub(crate) fn write_atomically(tmp: &Path, path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = begin(tmp)?;
    file.write_all(bytes).map_err(Error::file("writing", file.path()))?;
    place(file, path)
}

/// A file to write to, in a folder for what is not whole yet. Dropped, it is gone.
pub(crate) fn begin(tmp: &Path) -> Result<NamedTempFile> {
    NamedTempFile::new_in(tmp).map_err(Error::file("writing a temporary file in", tmp))
}

/// Flushes a file and moves it to its place. The folder is flushed too: without that, the name may be lost with the
/// power.
pub(crate) fn place(file: NamedTempFile, path: &Path) -> Result<()> {
    file.as_file().sync_all().map_err(Error::file("flushing", file.path()))?;
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

/// What is in a folder.
pub(crate) fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(Error::file("listing", folder))?;
    entries.map(|entry| Ok(entry.map_err(Error::file("listing", folder))?.path())).collect()
}

/// Removes the files that were changed first until those that stay have at most `most` bytes.
pub(crate) fn oldest_removed(folder: &Path, most: u64) -> std::io::Result<()> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let about = entry.metadata()?;
        files.push((about.modified()?, about.len(), entry.path()));
    }
    files.sort();
    let mut kept = 0;
    for (_, bytes, path) in files.iter().rev() {
        kept += bytes;
        if kept > most {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Removes a file, which somebody else may have removed already.
pub(crate) fn removed(file: &Path) -> Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::file("removing", file)(error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_first_goes_first_when_there_is_too_much() {
        let folder = tempfile::tempdir().unwrap();
        for (place, name) in ["first", "second", "third"].into_iter().enumerate() {
            let path = folder.path().join(name);
            fs::write(&path, [0; 40]).unwrap();
            let at = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(place as u64);
            File::options().write(true).open(&path).unwrap().set_modified(at).unwrap();
        }
        oldest_removed(folder.path(), 80).unwrap();
        let mut left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["second", "third"]);
    }
}
