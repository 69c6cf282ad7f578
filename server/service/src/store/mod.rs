//! The database: one file per table group, row structs private to it, domain nouns in and out.
//!
//! Architecture invariant: one SQL text for SQLite and PostgreSQL (`$1` placeholders; TEXT, BIGINT and DOUBLE PRECISION
//! only), proven by `tests/store_story.rs` on both. A transaction begins with a write, because SQLite can't turn a
//! reading transaction into a writing one while somebody else writes.

mod accounts;
mod alert_rules;
mod alerts;
mod along;
mod arrivals;
mod audit;
mod channels;
mod credentials;
mod decisions;
mod deleting;
mod deliveries;
mod diagnoses;
mod erasing;
mod events;
mod evidence;
mod hypotheses;
mod importing;
mod incidents;
mod installation;
mod investigations;
mod invitations;
mod jobs;
mod listings;
mod migrations;
mod mine;
mod model_access;
mod models;
mod mutes;
mod name_looks;
mod people;
mod related;
mod repair;
mod row;
mod share_links;
mod sights;
mod snapshots;
pub(crate) mod sqlite;
mod test_fingerprints;
mod waiting;
mod watches;
mod weekly;
mod windows;

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::any::AnyPoolOptions;
use sqlx::{AnyConnection, AnyPool, Connection};

use crate::error::Error;

pub use accounts::MadeBy;
pub use alerts::AlertNow;
pub use along::Along;
pub use arrivals::{Inserted, NewArrival, StoredArrival};
pub use channels::StoredChannel;
pub use deleting::{TooOld, User};
pub use deliveries::{DueDelivery, NewDelivery};
pub use diagnoses::StoredDiagnosis;
pub use investigations::InvestigationRow;
pub use jobs::Takes;
pub use listings::{Listing, ListingParts, StaleListing};
pub use models::ModelRow;
pub use related::{DecidedElsewhere, Other};
pub use share_links::StoredShareLink;
pub use snapshots::StoredSnapshot;
pub use watches::SeenThing;
pub use windows::JudgedWindow;

type Result<T> = std::result::Result<T, Error>;

/// Connections to the database that holds everything but the bytes.
#[derive(Debug, Clone)]
pub struct Store {
    pool: AnyPool,
    /// For what is written: those who wait for a lock here keep nobody from reading.
    writers: AnyPool,
    /// One connection that does not wait long: for what is better put off than waited for.
    side: AnyPool,
    is_sqlite: bool,
}

/// Of a statement that binds a `None` of a double, for `persistent`. sqlx's `Any` declares it to PostgreSQL as a float of four
/// bytes (sqlx-core 0.9, `any/arguments.rs` exchanges the two), and a statement that is kept would refuse the eight bytes of the next
/// value.
const KEPT_WITH_NULL_DOUBLES: bool = false;

/// Connections of each kind. On SQLite only one writes at a time; the others wait for it.
const READERS: u32 = 8;
const WRITERS: u32 = 4;

impl Store {
    /// Opens the database at a URL such as `postgres://…` or the one of [`sqlite_url`] and brings its tables up to date.
    pub async fn open(url: &str) -> Result<Store> {
        sqlx::any::install_default_drivers();
        // Alone first: a pool tries again and again what fails here, and in the end says only that time is up.
        let mut first = AnyConnection::connect(url).await?;
        prepare(&mut first, PATIENT).await?;
        let is_sqlite = is_sqlite(&first);
        first.close().await?;
        let patient = |most: u32| {
            AnyPoolOptions::new()
                .max_connections(most)
                .acquire_timeout(Duration::from_secs(15))
                .after_connect(|connection, _| Box::pin(prepare(connection, PATIENT)))
                .after_release(|connection, _| Box::pin(is_at_rest(connection)))
        };
        let pool = patient(READERS).connect(url).await?;
        let writers = patient(WRITERS).connect_lazy(url)?;
        let side = AnyPoolOptions::new()
            .max_connections(1)
            .acquire_timeout(Duration::from_secs(3))
            .after_connect(|connection, _| Box::pin(prepare(connection, IMPATIENT)))
            .after_release(|connection, _| Box::pin(is_at_rest(connection)))
            .connect_lazy(url)?;
        migrations::migrator().run(&pool).await?;
        let store = Store { pool, writers, side, is_sqlite };
        store.type_old_events().await?;
        store.take_looks_of_old_names().await?;
        store.try_checkpoint().await;
        Ok(store)
    }

    pub async fn close(&self) {
        self.try_checkpoint().await;
        self.side.close().await;
        self.writers.close().await;
        self.pool.close().await;
    }

    /// Writes a row: a database that only answers is of no use to somebody who wants to keep something.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query(
            "insert into readiness (id, at_ms) values (1, $1) on conflict (id) do update set at_ms = excluded.at_ms",
        )
        .bind(now_ms())
        .execute(&self.side)
        .await?;
        Ok(())
    }
}

/// How long a connection waits for a lock that another one holds, in each dialect.
struct Patience {
    sqlite: &'static str,
    postgres: &'static str,
}

const PATIENT: Patience = Patience { sqlite: "pragma busy_timeout = 10000", postgres: "set lock_timeout = '10s'" };
const IMPATIENT: Patience = Patience { sqlite: "pragma busy_timeout = 500", postgres: "set lock_timeout = '500ms'" };

/// Nobody waits for a lock without end. On SQLite, readers don't wait for the writer, and a second writer waits instead of
/// failing.
async fn prepare(connection: &mut AnyConnection, patience: Patience) -> std::result::Result<(), sqlx::Error> {
    if !is_sqlite(connection) {
        sqlx::query(patience.postgres).execute(&mut *connection).await?;
    } else {
        // What is deleted is overwritten, so that it is gone from the disk too.
        for pragma in
            [patience.sqlite, "pragma journal_mode = wal", "pragma foreign_keys = on", "pragma secure_delete = on"]
        {
            sqlx::query(pragma).execute(&mut *connection).await?;
        }
    }
    Ok(())
}

/// Whether a connection that is given back has no transaction open, and believes to have none. SQLite ends a transaction by itself
/// where the disk is full; the connection then counts one that is no more, and what is written later would be a part of it that
/// is never committed. Such a connection is closed, and another one opened.
async fn is_at_rest(connection: &mut AnyConnection) -> std::result::Result<bool, sqlx::Error> {
    // A rollback may still be on its way: the answer comes after it.
    connection.ping().await?;
    let at_rest = !connection.is_in_transaction();
    if !at_rest {
        tracing::warn!("a transaction did not end as it should; its connection to the database is closed");
    }
    Ok(at_rest)
}

fn is_sqlite(connection: &AnyConnection) -> bool {
    connection.backend_name() == "SQLite"
}

/// The address of the SQLite file at an absolute path, which is created if need be.
pub fn sqlite_url(path: &Path) -> String {
    let path = path.to_string_lossy().replace('%', "%25").replace('?', "%3F").replace('#', "%23");
    format!("sqlite://{path}?mode=rwc")
}

/// Milliseconds since 1970-01-01 UTC.
pub fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}

/// A UUIDv7: ids sort by the time they were made.
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

fn to_json<T: Serialize>(what: &'static str, value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(Error::stored(what))
}

fn from_json<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(Error::stored(what))
}

/// The name serde gives a variant without fields: the same word in JSON and in the database.
fn to_word<T: Serialize>(what: &'static str, value: &T) -> Result<String> {
    from_json(what, &to_json(what, value)?)
}

fn from_word<T: DeserializeOwned>(what: &'static str, word: &str) -> Result<T> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).map_err(Error::stored(what))
}
