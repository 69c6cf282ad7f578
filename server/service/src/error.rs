//! The service's own failures. They are logged here, once, with their source, and leave the service as one sentence.

use std::path::{Path, PathBuf};

use domain::{Problem, ProblemKind};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    #[error("the database could not be migrated")]
    Migration(#[from] sqlx::migrate::MigrateError),
    #[error("{path}: {doing} failed")]
    File { doing: &'static str, path: PathBuf, source: std::io::Error },
    #[error("a stored {what} can't be understood")]
    Stored { what: &'static str, source: serde_json::Error },
    #[error("a background task stopped")]
    Task(#[from] tokio::task::JoinError),
    #[error("the system's random number generator failed: {0}")]
    Random(getrandom::Error),
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
        match &error {
            Error::File { source, .. } if source.kind() == std::io::ErrorKind::StorageFull => Problem::new(
                ProblemKind::TooLarge,
                "The disk that holds the data folder is full. Free some space and try again.",
            ),
            Error::File { source, path, .. } if source.kind() == std::io::ErrorKind::PermissionDenied => {
                Problem::internal(format!(
                    "Mismatch has no permission to use {}. Check the owner and the permissions of the data folder.",
                    path.display()
                ))
            }
            Error::Database(sqlx::Error::PoolTimedOut) => {
                Problem::internal("The database is too busy to answer. Try again in a moment.")
            }
            Error::Migration(_) => Problem::internal(
                "The database tables could not be updated. The log shows why. A newer version may have written them.",
            ),
            _ => Problem::internal("Mismatch had an internal error. The log has the details. You can try again."),
        }
    }
}
