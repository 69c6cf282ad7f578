//! The data folder: taken by one process, closed to the machine's other users, and never used beside a database that
//! is not its own.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use domain::{Problem, ProblemKind};

use crate::config::ServiceConfig;
use crate::durable::list;
use crate::error::Error;
use crate::installation::{self, Installation, Mark, belong_together};
use crate::store::{self, Store, sqlite};

const DATABASE: &str = "mismatch.db";

/// Where things are in the data folder.
#[derive(Debug, Clone)]
pub(crate) struct DataFolder(PathBuf);

impl DataFolder {
    /// Makes the folders and clears away what was being written when the process last ended.
    pub fn open(root: &Path) -> Result<DataFolder, Error> {
        let data = DataFolder(root.to_owned());
        let folders = [data.blobs(), data.tmp(), data.converted(), data.profiles(), data.measured(), data.diagnoses()];
        for folder in &folders {
            fs::create_dir_all(folder).map_err(Error::file("making the folder", folder))?;
            close_to_others(folder);
        }
        for path in list(&data.tmp())? {
            let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            removed.map_err(Error::file("clearing", &path))?;
        }
        Ok(data)
    }

    pub fn root(&self) -> &Path {
        &self.0
    }
    /// Uploaded bytes: [`crate::blobs`].
    pub fn blobs(&self) -> PathBuf {
        self.0.join("blobs")
    }
    /// Uploaded bytes that the database did not know of.
    pub fn aside(&self) -> PathBuf {
        self.0.join("aside")
    }
    /// What is being written, and what readers unpack.
    pub fn tmp(&self) -> PathBuf {
        self.0.join("tmp")
    }
    /// Text as Parquet: [`crate::copies`].
    pub fn converted(&self) -> PathBuf {
        self.0.join("converted")
    }
    pub fn profiles(&self) -> PathBuf {
        self.0.join("profiles")
    }
    pub fn measured(&self) -> PathBuf {
        self.0.join("measured")
    }
    pub fn diagnoses(&self) -> PathBuf {
        self.0.join("diagnoses")
    }
}

/// Makes the data folder if need be and takes it for this process.
pub(crate) fn take(config: &ServiceConfig) -> Result<(PathBuf, File), Problem> {
    let root = &config.data_dir;
    let is_ours = !root.exists() || is_ours(root);
    fs::create_dir_all(root).map_err(Error::file("making the folder", root))?;
    let root = root.canonicalize().map_err(Error::file("finding", root))?;
    if is_ours {
        close_to_others(&root);
    }
    let path = root.join("lock");
    let file = private_file(&path)?;
    match file.try_lock() {
        Ok(()) => Ok((root, file)),
        Err(TryLockError::WouldBlock) => Err(Problem::new(
            ProblemKind::Conflict,
            format!(
                "Another Mismatch already uses the data folder {}. Stop it, or give this one another --data.",
                root.display()
            ),
        )),
        Err(TryLockError::Error(source)) => Err(Error::file("locking", &path)(source).into()),
    }
}

/// Opens the database that belongs to the folder, in which these files are stored, and gives both an id where they have
/// none yet.
pub(crate) async fn open_store(
    config: &ServiceConfig,
    root: &Path,
    stored: &BTreeSet<String>,
) -> Result<(Store, Installation), Problem> {
    let file = root.join(DATABASE);
    let url = config.database_url.clone().unwrap_or_else(|| store::sqlite_url(&file));
    // The address of another database is not told: it may hold a password.
    let mut name = "the database given with --database".to_owned();
    if let Some(path) = sqlite::file_of(&url) {
        name = format!("the database {}", path.display());
        belong_together(root, stored, &sqlite::examine(&path).await?, &name)?;
    }
    if config.database_url.is_none() {
        // Made here, so that it is private before anything is in it; SQLite gives -wal and -shm the same mode.
        private_file(&file)?;
        for beside in ["mismatch.db-wal", "mismatch.db-shm"].map(|name| root.join(name)) {
            if beside.exists() {
                close_to_others(&beside);
            }
        }
    }
    let store = Store::open(&url).await?;
    match mark_both(root, stored, &store, &name).await {
        Ok(installation) => Ok((store, installation)),
        Err(problem) => {
            store.close().await;
            Err(problem)
        }
    }
}

async fn mark_both(root: &Path, stored: &BTreeSet<String>, store: &Store, name: &str) -> Result<Installation, Problem> {
    let known = store.known().await?;
    belong_together(root, stored, &known, name)?;
    let mark = installation::read(root)?;
    let had_kept_files = mark.as_ref().is_some_and(|mark| mark.has_kept_files);
    let id = known.installation.or(mark.map(|mark| mark.id)).unwrap_or_else(store::new_id);
    store.set_installation(&id).await?;
    Installation::new(root, Mark { id, has_kept_files: had_kept_files || !known.files.is_empty() })
}

/// Somebody may point us at a folder that others need too, such as /tmp: only our own is closed to them.
fn is_ours(root: &Path) -> bool {
    #[cfg(unix)]
    let is_shared =
        fs::metadata(root).is_ok_and(|metadata| std::os::unix::fs::MetadataExt::mode(&metadata) & 0o1000 != 0);
    #[cfg(not(unix))]
    let is_shared = false;
    !is_shared && root.join("blobs").is_dir()
}

fn private_file(path: &Path) -> Result<File, Error> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(Error::file("writing", path))?;
    close_to_others(path);
    Ok(file)
}

/// Titles, notes and rows are for the owner alone. A disk that has no permissions, or an owner that is not us, is no
/// reason not to start.
pub(crate) fn close_to_others(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = if path.is_dir() { 0o700 } else { 0o600 };
        if let Err(error) = fs::set_permissions(path, fs::Permissions::from_mode(mode)) {
            tracing::warn!(path = %path.display(), %error, "other users of this machine may be able to read this");
        }
    }
    #[cfg(not(unix))]
    let _ = path;
}
