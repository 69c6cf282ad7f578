//! Which data folder and which database belong together: both carry the same id, written once.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use domain::{Problem, ProblemKind};
use serde::{Deserialize, Serialize};

use crate::durable::write_atomically;
use crate::error::Error;

/// What a data folder says about itself, in a file in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark {
    pub id: String,
    /// Whether the database ever had a row about a stored file. Before the first one, a stored file is an upload that ended
    /// with its process; afterwards, a database without rows is the wrong one.
    pub has_kept_files: bool,
}

/// What a database says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// `None` before it was first used with a data folder.
    pub installation: Option<String>,
    /// The SHA-256 of every stored file that it has a row about.
    pub files: BTreeSet<String>,
}

/// The data folder's mark, and where it is written.
#[derive(Debug)]
pub(crate) struct Installation {
    folder: PathBuf,
    mark: Mutex<Mark>,
}

impl Installation {
    /// Writes the mark unless the folder has it.
    pub fn new(folder: &Path, mark: Mark) -> Result<Installation, Problem> {
        if read(folder)?.as_ref() != Some(&mark) {
            write(folder, &mark)?;
        }
        Ok(Installation { folder: folder.to_owned(), mark: Mutex::new(mark) })
    }

    /// A row about a stored file was committed. Writes a file the first time; blocking then. When that fails, the next
    /// start does it.
    pub fn has_kept_a_file(&self) {
        let mut mark = self.mark.lock().unwrap_or_else(PoisonError::into_inner);
        if mark.has_kept_files {
            return;
        }
        mark.has_kept_files = true;
        if let Err(error) = write(&self.folder, &mark) {
            tracing::warn!(error = &error as &dyn std::error::Error, "the data folder's mark can't be written yet");
        }
    }
}

fn path(folder: &Path) -> PathBuf {
    folder.join("installation.json")
}

fn write(folder: &Path, mark: &Mark) -> Result<(), Error> {
    let json = serde_json::to_vec(mark).map_err(Error::stored("mark of an installation"))?;
    write_atomically(&folder.join("tmp"), &path(folder), &json)
}

/// The mark of a data folder; `None` in one that no database was used with yet, or only by an earlier version.
pub(crate) fn read(folder: &Path) -> Result<Option<Mark>, Problem> {
    let path = path(folder);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::file("reading", &path)(error).into()),
    };
    serde_json::from_str(&text).map(Some).map_err(|error| {
        Problem::internal(format!(
            "{} is damaged ({error}). It says which database belongs to the data folder. Restore it from a backup, or \
             delete it if you are sure that the database is the right one; then start again.",
            path.display()
        ))
    })
}

/// Makes sure that the folder, in which these files are stored, and the database are of one installation. One that knows
/// of none of the files is the wrong one, or has lost its contents: to go on would make the files nobody's.
pub(crate) fn belong_together(
    folder: &Path,
    stored: &BTreeSet<String>,
    known: &Known,
    database: &str,
) -> Result<(), Problem> {
    let mark = read(folder)?;
    match (&mark, &known.installation) {
        (Some(mark), Some(id)) if mark.id != *id => Err(differ(folder, mark, database, id)),
        // An upload ended with its process before the first row was written.
        (Some(mark), Some(_)) if !mark.has_kept_files => Ok(()),
        (Some(_), Some(_)) if stored.is_empty() || !known.files.is_empty() => Ok(()),
        (None, _) | (_, None) if stored.is_empty() || !stored.is_disjoint(&known.files) => Ok(()),
        _ => Err(strangers(folder, stored.len(), database)),
    }
}

fn differ(folder: &Path, mark: &Mark, database: &str, id: &str) -> Problem {
    let message = format!(
        "The data folder {} belongs to installation {}, but {database} belongs to installation {id}. Mismatch does not start, \
         so that nothing is lost. Give the folder its own database with --database, or give the database its own folder \
         with --data. If they do belong together, delete {} and start again.",
        folder.display(),
        mark.id,
        path(folder).display()
    );
    Problem::new(ProblemKind::Conflict, message)
}

fn strangers(folder: &Path, stored_files: usize, database: &str) -> Problem {
    let (files, them) = if stored_files == 1 { ("file", "it") } else { ("files", "them") };
    let message = format!(
        "The data folder {} holds {stored_files} stored {files}, but {database} is missing or knows of none. Mismatch does \
         not start, so that nothing is lost. Put the right database back, from a backup if need be. To begin without {them}, \
         move the folder {} away, or give an empty folder with --data.",
        folder.display(),
        folder.join("blobs").display()
    );
    Problem::new(ProblemKind::Conflict, message)
}
