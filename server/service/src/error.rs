//! The service's own failures. They are logged here, once, with their source, and leave the service as one sentence.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use domain::{Problem, ProblemKind};
use sqlx::migrate::MigrateError;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    #[error("the database could not be migrated")]
    Migration(#[from] MigrateError),
    #[error("{path}: {doing} failed")]
    File { doing: &'static str, path: PathBuf, source: std::io::Error },
    #[error("a stored {what} can't be understood")]
    Stored { what: &'static str, source: serde_json::Error },
    #[error("a background task stopped")]
    Task(#[from] tokio::task::JoinError),
    #[error(transparent)]
    Problem(#[from] Problem),
}

impl Error {
    pub fn file(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.to_owned();
        move |source| Error::File { doing, path, source }
    }

    pub fn stored(what: &'static str) -> impl FnOnce(serde_json::Error) -> Error {
        move |source| Error::Stored { what, source }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        if let Error::Problem(problem) = error {
            return problem;
        }
        tracing::error!(error = &error as &dyn std::error::Error, "internal error");
        let told = match &error {
            Error::File { source, path, .. } => of_file(source, path),
            Error::Database(source) => of_database(source),
            Error::Migration(MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _)) => {
                of_database(source)
            }
            _ => None,
        };
        told.unwrap_or_else(|| match error {
            Error::Migration(_) => Problem::internal(
                "The database tables could not be updated. The log shows why. A newer version may have written them.",
            ),
            _ => Problem::internal("Something failed inside Mismatch. The log has the details; trying again is safe."),
        })
    }
}

const GONE: &str =
    "Something that this refers to was deleted at the same moment. Look at what is there now, then try again.";
const FULL: &str = "The disk that holds the data folder is full. Free some space and try again.";
const LOCKED: &str =
    "Another program holds the database locked, a backup or a database shell perhaps. End it, then try again.";
const READ_ONLY: &str =
    "The database can't be written: its file, its folder or its disk is read-only. Make it writable, then try again.";
const DAMAGED: &str = "The database is damaged. Stop Mismatch, keep a copy of the file, and restore it from a backup.";
const UNREACHABLE: &str =
    "The database file can't be opened. Check that the data folder is there, and who owns it and may write it.";
const FAILING: &str = "The disk failed while the database was read or written; it may be full. Free some space or check the disk, then try again.";

fn of_file(source: &std::io::Error, path: &Path) -> Option<Problem> {
    match source.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Some(Problem::new(ProblemKind::StorageFull, FULL)),
        ErrorKind::ReadOnlyFilesystem => Some(Problem::new(
            ProblemKind::Unavailable,
            format!("{} can't be written: its disk is read-only. Make it writable, then try again.", path.display()),
        )),
        ErrorKind::NotADirectory => Some(Problem::new(
            ProblemKind::Unavailable,
            format!("{} can't be used: a file lies where a folder should be. Move the file away.", path.display()),
        )),
        ErrorKind::PermissionDenied => Some(Problem::internal(format!(
            "Mismatch has no permission to use {}. Check the owner and the permissions of the data folder.",
            path.display()
        ))),
        _ => None,
    }
}

fn of_database(source: &sqlx::Error) -> Option<Problem> {
    let unavailable = |words: &str| Some(Problem::new(ProblemKind::Unavailable, words));
    if matches!(source, sqlx::Error::PoolTimedOut) {
        return unavailable("The database is too busy to answer. Try again in a moment.");
    }
    if source.as_database_error().is_some_and(|error| error.is_foreign_key_violation()) {
        return Some(Problem::new(ProblemKind::Conflict, GONE));
    }
    match sqlite_code(source) {
        Some(5 | 6) => unavailable(LOCKED),
        Some(8) => unavailable(READ_ONLY),
        Some(10) => unavailable(FAILING),
        Some(11 | 26) => Some(Problem::internal(DAMAGED)),
        Some(13) => Some(Problem::new(ProblemKind::StorageFull, FULL)),
        Some(14) => unavailable(UNREACHABLE),
        Some(_) => None,
        None => match source.as_database_error()?.code()?.as_ref() {
            "53100" => Some(Problem::new(
                ProblemKind::StorageFull,
                "The disk of the database is full. Free some space and try again.",
            )),
            "25006" => unavailable("The database is read-only just now. Try again when it takes writes."),
            // Somebody held a lock for longer than we wait.
            "55P03" => unavailable(LOCKED),
            "57P01" | "57P02" | "57P03" => {
                unavailable("The database is being stopped or started. Try again in a moment.")
            }
            _ => None,
        },
    }
}

/// SQLite's primary result code: <https://sqlite.org/rescode.html>. `None` when it was another database that failed.
fn sqlite_code(source: &sqlx::Error) -> Option<i32> {
    let error = source.as_database_error()?;
    error.try_downcast_ref::<sqlx::sqlite::SqliteError>()?;
    Some(error.code()?.parse::<i32>().ok()? & 0xff)
}

/// Whether SQLite says that its file is not what it wrote.
pub(crate) fn is_damage(source: &sqlx::Error) -> bool {
    matches!(sqlite_code(source), Some(11 | 26))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;
    use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
    use sqlx::{AnyConnection, Connection};

    async fn told_by(connection: &mut SqliteConnection, statement: &'static str) -> Problem {
        Problem::from(Error::from(sqlx::query(statement).execute(connection).await.unwrap_err()))
    }

    #[tokio::test]
    async fn a_full_read_only_or_locked_database_says_which() {
        let folder = tempfile::tempdir().unwrap();
        let options = SqliteConnectOptions::new()
            .filename(folder.path().join("a.db"))
            .create_if_missing(true)
            .busy_timeout(std::time::Duration::ZERO);
        let mut first = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::query("create table t (x text)").execute(&mut first).await.unwrap();
        let mut second = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::query("begin immediate").execute(&mut first).await.unwrap();
        let locked = told_by(&mut second, "insert into t values ('')").await;
        assert_eq!((locked.kind, locked.message.as_str()), (ProblemKind::Unavailable, LOCKED));
        sqlx::query("rollback").execute(&mut first).await.unwrap();

        sqlx::query("pragma max_page_count = 1").execute(&mut second).await.unwrap();
        let full = told_by(&mut second, "insert into t values (zeroblob(1000000))").await;
        assert_eq!((full.kind, full.message.as_str()), (ProblemKind::StorageFull, FULL));

        let mut reader =
            SqliteConnection::connect_with(&options.read_only(true).create_if_missing(false)).await.unwrap();
        let refused = told_by(&mut reader, "insert into t values ('')").await;
        assert_eq!((refused.kind, refused.message.as_str()), (ProblemKind::Unavailable, READ_ONLY));
    }

    #[tokio::test]
    async fn a_file_that_is_no_database_says_so_through_every_driver() {
        sqlx::any::install_default_drivers();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        std::fs::write(&path, "not a database at all, ".repeat(500)).unwrap();
        let asked = async {
            let mut connection = AnyConnection::connect(&crate::store::sqlite_url(&path)).await?;
            sqlx::query("select * from sqlite_master").execute(&mut connection).await
        };
        let failed = asked.await.err().unwrap();
        assert!(is_damage(&failed));
        assert_eq!(Problem::from(Error::from(failed)).message, DAMAGED);
    }

    #[test]
    fn a_full_disk_is_told_apart_from_a_large_file() {
        let told = |kind: ErrorKind| Problem::from(Error::file("writing", Path::new("/data/x"))(kind.into()));
        assert_eq!(told(ErrorKind::StorageFull).kind, ProblemKind::StorageFull);
        assert!(told(ErrorKind::ReadOnlyFilesystem).message.contains("read-only"));
        assert!(told(ErrorKind::PermissionDenied).message.contains("/data/x"));
    }
}
