//! What only SQLite needs: a look at the file before it is used, and its write-ahead log kept short.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use domain::Problem;
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::{Result, Store};
use crate::error::{Error, is_damage};
use crate::installation::Known;

/// How often the log is written into the database file: a copy of that file alone lacks no more than this.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(2);

/// How long the look waits for somebody who holds the file locked.
const PATIENCE: Duration = Duration::from_secs(10);

/// The file behind a SQLite address; `None` for another database.
pub(crate) fn file_of(url: &str) -> Option<PathBuf> {
    let options = url.starts_with("sqlite:").then(|| SqliteConnectOptions::from_str(url).ok())?;
    options.map(|options| options.get_filename().to_owned())
}

/// Looks whether the file is sound, and what it knows. Nothing is written: a damaged file stays as it is for whoever
/// can rescue something from it.
pub(crate) async fn examine(path: &Path) -> Result<Known> {
    let log = length_of(&beside(path, "-wal"));
    if length_of(path) == 0 {
        return if log > 0 { Err(damaged(path)) } else { Ok(Known::default()) };
    }
    match look(path).await {
        // A first start that ended before its tables were made leaves no log.
        Ok(seen) if seen.complaint.is_none() && (seen.has_tables || log == 0) => Ok(seen.known),
        Ok(seen) => {
            tracing::error!(complaint = seen.complaint, log_bytes = log, "the database is not sound");
            Err(damaged(path))
        }
        Err(error) if is_damage(&error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "the database is not sound");
            Err(damaged(path))
        }
        Err(error) => Err(error.into()),
    }
}

struct Seen {
    complaint: Option<String>,
    has_tables: bool,
    known: Known,
}

async fn look(path: &Path) -> std::result::Result<Seen, sqlx::Error> {
    let options = SqliteConnectOptions::new().filename(path).read_only(true).busy_timeout(PATIENCE);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let said: String = sqlx::query_scalar("pragma quick_check(1)").fetch_one(&mut connection).await?;
    let tables: Vec<String> =
        sqlx::query_scalar("select name from sqlite_master where type = 'table'").fetch_all(&mut connection).await?;
    let has = |table: &str| tables.iter().any(|name| name == table);
    let mut known = Known::default();
    if has("snapshots") {
        let files: Vec<String> =
            sqlx::query_scalar("select distinct sha256 from snapshots").fetch_all(&mut connection).await?;
        known.files = files.into_iter().collect();
    }
    if has("installation") {
        known.installation = sqlx::query_scalar("select id from installation").fetch_optional(&mut connection).await?;
    }
    connection.close().await?;
    Ok(Seen { complaint: (said != "ok").then_some(said), has_tables: !tables.is_empty(), known })
}

fn damaged(path: &Path) -> Error {
    let message = format!(
        "The database {0} is damaged, or the file {0}-wal next to it is. Mismatch does not start, so that nothing gets worse. \
         Keep copies of both, then restore the database from a backup and remove the -wal and -shm files.",
        path.display()
    );
    Problem::internal(message).into()
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn length_of(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |metadata| metadata.len())
}

impl Store {
    /// Writes the log into the database file, as far as nobody is reading or writing just now.
    pub async fn checkpoint(&self) -> Result<()> {
        if self.is_sqlite {
            sqlx::query("pragma wal_checkpoint(truncate)").execute(&self.side).await?;
        }
        Ok(())
    }

    /// As [`Store::checkpoint`], where failing means only that it is tried again later.
    pub(crate) async fn try_checkpoint(&self) {
        if let Err(error) = self.checkpoint().await {
            tracing::debug!(error = &error as &dyn std::error::Error, "the database's log can't be written back yet");
        }
    }

    /// Checkpoints now and then until the store is closed or `is_needed` says no.
    pub(crate) async fn keep_checkpointed(self, is_needed: impl Fn() -> bool) {
        while self.is_sqlite && is_needed() && !self.pool.is_closed() {
            self.try_checkpoint().await;
            tokio::time::sleep(CHECKPOINT_EVERY).await;
        }
    }
}
