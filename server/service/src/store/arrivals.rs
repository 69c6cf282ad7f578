//! What arrived for a model: a row is written once, and what was judged of it stands next to it.

use domain::Actor;
use domain::job::Job;
use domain::model::{Arrival, ArrivalState, NamedSnapshot, REFERENCE_ROLES, WatchFacts, Window};
use domain::snapshot::SnapshotRole;
use sqlx::any::AnyRow;
use sqlx::{FromRow, Row as _};

use super::along::write_along;
use super::jobs::{JoinedJob, job_columns, join_last_job, joined};
use super::models::{ensure_model, pin_first};
use super::row::row;
use super::waiting::{hold_arrival, judge_again, judge_what_waited};
use super::watches::{SeenThing, put_seen};
use super::{Along, Result, Store, from_json, from_word, to_word};

/// Windows by whose times it is known how often rows come.
const LAST_WINDOWS: i64 = 30;

/// A file on its way into a model.
#[derive(Debug, Clone)]
pub struct NewArrival<'a> {
    pub id: &'a str,
    pub model: &'a str,
    pub role: SnapshotRole,
    pub snapshot: &'a str,
    /// What makes it the same arrival when it comes again.
    pub once: &'a str,
    pub version: &'a str,
    pub at_ms: i64,
    pub received_at_ms: i64,
    pub author: &'a Actor,
    /// Windows that it has something to say about: they are judged again.
    pub concerns: &'a [String],
    /// What it is at a watch: noted with it, once.
    pub seen: Option<&'a SeenThing>,
}

/// What became of a file that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inserted {
    New,
    /// It was there already: nothing was written.
    Known,
}

/// An arrival with what is kept next to it.
#[derive(Debug, Clone)]
pub struct StoredArrival {
    pub arrival: Arrival,
    /// What it was judged with.
    pub inputs: Vec<(SnapshotRole, String)>,
    /// The id of its diagnosis.
    pub diagnosis: Option<String>,
}

row! {
    struct Row {
        id: String,
        model: String,
        role: String,
        snapshot: String,
        file: String,
        sha256: String,
        row_count: i64,
        version: String,
        at_ms: i64,
        received_at_ms: i64,
        author: String,
        inputs: Option<String>,
        diagnosis: Option<String>,
        judged: Option<String>,
        investigation: Option<String>,
        pinned: i64,
    }
}

struct ArrivalRow {
    row: Row,
    job: Option<JoinedJob>,
}

impl FromRow<'_, AnyRow> for ArrivalRow {
    fn from_row(row: &AnyRow) -> std::result::Result<Self, sqlx::Error> {
        Ok(ArrivalRow { row: Row::from_row(row)?, job: joined(row, row.try_get("id")?)? })
    }
}

impl ArrivalRow {
    fn into_stored(self) -> Result<StoredArrival> {
        let ArrivalRow { row, job } = self;
        let job: Option<Job> = job.map(JoinedJob::into_job).transpose()?;
        let role = from_word("snapshot role", &row.role)?;
        let window: Option<Window> = row.judged.map(|judged| from_json("judged window", &judged)).transpose()?;
        let state = ArrivalState::of(role, row.pinned > 0, window.is_some(), job.as_ref().map(|job| job.state));
        let arrival = Arrival {
            id: row.id,
            model: row.model,
            role,
            snapshot: NamedSnapshot {
                id: row.snapshot,
                name: row.file,
                sha256: row.sha256,
                rows: row.row_count as u64,
            },
            version: row.version,
            at_ms: row.at_ms,
            received_at_ms: row.received_at_ms,
            author: Actor::try_from(row.author)?,
            state,
            window,
            investigation: row.investigation,
            job,
        };
        let inputs = row.inputs.map(|inputs| from_json("list of inputs", &inputs)).transpose()?.unwrap_or_default();
        Ok(StoredArrival { arrival, inputs, diagnosis: row.diagnosis })
    }
}

macro_rules! arrivals {
    ($end:literal) => {
        concat!(
            "select arrivals.id, arrivals.model, arrivals.role, arrivals.snapshot, snapshots.name as file, snapshots.sha256,
                    snapshots.row_count, arrivals.version, arrivals.at_ms, arrivals.received_at_ms, arrivals.author,
                    arrivals.inputs, arrivals.diagnosis, arrivals.judged, arrivals.investigation,
                    (select count(*) from model_references
                     where model_references.model = arrivals.model and model_references.snapshot = arrivals.snapshot
                           and model_references.role = arrivals.role) as pinned, ",
            job_columns!(),
            " from arrivals join snapshots on snapshots.id = arrivals.snapshot ",
            join_last_job!("arrivals.id"),
            $end
        )
    };
}

/// What belongs to an arrival, in an order in which nothing refers to what is gone already.
const OF_ARRIVAL: [&str; 4] = [
    "update alerts set arrival = null where arrival = $1",
    "delete from window_results where arrival = $1",
    "delete from window_metrics where arrival = $1",
    "delete from jobs where subject = $1",
];

impl Store {
    /// Takes a file in, once. The first training data of a version becomes the reference; served rows are judged where there is
    /// one.
    pub async fn insert_arrival(&self, new: &NewArrival<'_>) -> Result<Inserted> {
        let mut transaction = self.writers.begin().await?;
        ensure_model(&mut transaction, new.model, new.author, new.received_at_ms).await?;
        let inserted = sqlx::query(
            "insert into arrivals (id, model, role, snapshot, once, version, at_ms, received_at_ms, author)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (model, role, once) do nothing",
        )
        .bind(new.id)
        .bind(new.model)
        .bind(to_word("snapshot role", &new.role)?)
        .bind(new.snapshot)
        .bind(new.once)
        .bind(new.version)
        .bind(new.at_ms)
        .bind(new.received_at_ms)
        .bind(new.author.as_str())
        .execute(&mut *transaction)
        .await?;
        if let Some(seen) = new.seen {
            put_seen(&mut transaction, seen).await?;
        }
        if inserted.rows_affected() == 0 {
            transaction.commit().await?;
            return Ok(Inserted::Known);
        }
        if REFERENCE_ROLES.contains(&new.role) {
            let file = (new.version, new.role, new.snapshot);
            pin_first(&mut transaction, new.model, file, (new.author, new.received_at_ms)).await?;
        }
        judge_what_waited(&mut transaction, new.model).await?;
        for window in new.concerns {
            judge_again(&mut transaction, window).await?;
        }
        transaction.commit().await?;
        Ok(Inserted::New)
    }

    pub async fn arrival(&self, id: &str) -> Result<Option<StoredArrival>> {
        let found = sqlx::query_as::<_, ArrivalRow>(arrivals!("where arrivals.id = $1")).bind(id);
        found.fetch_optional(&self.pool).await?.map(ArrivalRow::into_stored).transpose()
    }

    /// The first arrival of these bytes in a role; with a time, only the one that was given it.
    pub async fn arrival_once(&self, model: &str, role: SnapshotRole, once: &str) -> Result<Option<StoredArrival>> {
        let found = sqlx::query_as::<_, ArrivalRow>(arrivals!(
            "where arrivals.model = $1 and arrivals.role = $2 and (once = $3 or once like $4)
             order by arrivals.received_at_ms, arrivals.id limit 1"
        ))
        .bind(model)
        .bind(to_word("snapshot role", &role)?)
        .bind(once)
        .bind(format!("{once}@%"));
        found.fetch_optional(&self.pool).await?.map(ArrivalRow::into_stored).transpose()
    }

    /// The newest arrivals of a model, those of later times first; of one role, and before another one where that is asked for.
    pub async fn arrivals(
        &self,
        model: &str,
        role: Option<SnapshotRole>,
        before: Option<&Arrival>,
        limit: i64,
    ) -> Result<Vec<StoredArrival>> {
        let role = role.map_or(Ok(String::new()), |role| to_word("snapshot role", &role))?;
        let rows = sqlx::query_as::<_, ArrivalRow>(arrivals!(
            "where arrivals.model = $1 and ($2 = '' or arrivals.role = $2)
                   and (arrivals.at_ms < $3 or (arrivals.at_ms = $3 and arrivals.id < $4))
             order by arrivals.at_ms desc, arrivals.id desc limit $5"
        ))
        .bind(model)
        .bind(role)
        .bind(before.map_or(i64::MAX, |before| before.at_ms))
        .bind(before.map_or("", |before| before.id.as_str()))
        .bind(limit)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(ArrivalRow::into_stored).collect()
    }

    /// When the next window after a time begins.
    pub async fn next_window_at(&self, model: &str, at_ms: i64) -> Result<Option<i64>> {
        let next = sqlx::query_scalar(
            "select at_ms from arrivals where model = $1 and role = 'serve' and at_ms > $2 order by at_ms limit 1",
        );
        Ok(next.bind(model).bind(at_ms).fetch_optional(&self.pool).await?)
    }

    /// What came for a time and is neither served rows, nor from training, nor labels: the log, predictions, artifacts.
    pub async fn companions(&self, model: &str, from_ms: i64, to_ms: i64, limit: i64) -> Result<Vec<StoredArrival>> {
        let rows = sqlx::query_as::<_, ArrivalRow>(arrivals!(
            "where arrivals.model = $1 and arrivals.at_ms >= $2 and arrivals.at_ms < $3
                   and arrivals.role not in ('serve', 'train', 'validation', 'test', 'learningcurve', 'labels')
             order by arrivals.at_ms desc, arrivals.id desc limit $4"
        ))
        .bind(model)
        .bind(from_ms)
        .bind(to_ms)
        .bind(limit)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(ArrivalRow::into_stored).collect()
    }

    /// Takes an arrival out, with what was judged of it and what it was pinned for, unless the same file arrived twice. Its file
    /// stays. The id of the diagnosis that it had in the end.
    pub async fn delete_arrival(&self, arrival: &Arrival, along: &[Along<'_>]) -> Result<Option<String>> {
        let mut transaction = self.writers.begin().await?;
        // First, so that nobody pins it meanwhile.
        hold_arrival(&mut transaction, &arrival.id).await?;
        sqlx::query(
            "delete from model_references
             where model = $1 and snapshot = $2 and role = $3 and version = $4
                   and not exists (select 1 from arrivals other
                                   where other.model = $1 and other.snapshot = $2 and other.role = $3
                                         and other.version = $4 and other.id <> $5)",
        )
        .bind(&arrival.model)
        .bind(&arrival.snapshot.id)
        .bind(to_word("snapshot role", &arrival.role)?)
        .bind(&arrival.version)
        .bind(&arrival.id)
        .execute(&mut *transaction)
        .await?;
        for delete in OF_ARRIVAL {
            sqlx::query(delete).bind(&arrival.id).execute(&mut *transaction).await?;
        }
        let gone: Option<Option<String>> = sqlx::query_scalar("delete from arrivals where id = $1 returning diagnosis")
            .bind(&arrival.id)
            .fetch_optional(&mut *transaction)
            .await?;
        if gone.is_some() {
            write_along(&mut transaction, along).await?;
        }
        transaction.commit().await?;
        Ok(gone.flatten())
    }

    /// What is known of a model's arrivals, but for its owner and its reference.
    pub async fn watch_facts(&self, model: &str) -> Result<WatchFacts> {
        let mut times: Vec<i64> = sqlx::query_scalar(
            "select at_ms from arrivals where model = $1 and role = 'serve' order by at_ms desc limit $2",
        )
        .bind(model)
        .bind(LAST_WINDOWS)
        .fetch_all(&self.pool)
        .await?;
        times.reverse();
        let is_any = async |select: &'static str| -> Result<bool> {
            let found: Option<String> = sqlx::query_scalar(select).bind(model).fetch_optional(&self.pool).await?;
            Ok(found.is_some())
        };
        let has_figures = is_any("select arrival from window_metrics where model = $1 limit 1").await?;
        let labels = "select id from arrivals where model = $1 and role = 'labels' limit 1";
        Ok(WatchFacts {
            windows_at_ms: times,
            has_labels: has_figures || is_any(labels).await?,
            has_figures,
            has_logs: is_any("select id from arrivals where model = $1 and role = 'servinglog' limit 1").await?,
            has_versions: is_any("select id from arrivals where model = $1 and version <> '' limit 1").await?,
            ..WatchFacts::default()
        })
    }
}
