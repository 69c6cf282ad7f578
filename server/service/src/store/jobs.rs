//! The durable queue.

use domain::job::{Job, JobState};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::row::row;
use super::{Result, Store, from_word, now_ms, to_word};

row! {
    struct Row {
        id: String,
        kind: String,
        subject: String,
        state: String,
        stage: String,
        progress: f64,
        error: Option<String>,
        attempts: i64,
        created_at_ms: i64,
        updated_at_ms: i64,
    }
}

/// The columns of the last job of something, for a query that has joined it as `jobs`.
macro_rules! job_columns {
    () => {
        "jobs.id as job_id, jobs.kind as job_kind, jobs.state as job_state, jobs.stage as job_stage,
         jobs.progress as job_progress, jobs.error as job_error, jobs.attempts as job_attempts,
         jobs.created_at_ms as job_created_at_ms, jobs.updated_at_ms as job_updated_at_ms"
    };
}

macro_rules! join_last_job {
    () => {
        join_last_job!("investigations.id")
    };
    ($id:literal) => {
        concat!(
            " left join jobs on jobs.subject = ",
            $id,
            " and jobs.seq = (select max(last.seq) from jobs last where last.subject = ",
            $id,
            ") "
        )
    };
}

pub(super) use {job_columns, join_last_job};

/// The job in a row with `job_columns!()`.
pub(super) fn joined(row: &AnyRow, subject: &str) -> std::result::Result<Option<JoinedJob>, sqlx::Error> {
    let Some(id) = row.try_get("job_id")? else { return Ok(None) };
    Ok(Some(JoinedJob(Row {
        id,
        subject: subject.to_owned(),
        kind: row.try_get("job_kind")?,
        state: row.try_get("job_state")?,
        stage: row.try_get("job_stage")?,
        progress: row.try_get("job_progress")?,
        error: row.try_get("job_error")?,
        attempts: row.try_get("job_attempts")?,
        created_at_ms: row.try_get("job_created_at_ms")?,
        updated_at_ms: row.try_get("job_updated_at_ms")?,
    })))
}

/// A job as its row has it.
pub(super) struct JoinedJob(Row);

impl JoinedJob {
    pub fn into_job(self) -> Result<Job> {
        self.0.into_job()
    }
}

impl Row {
    fn into_job(self) -> Result<Job> {
        Ok(Job {
            id: self.id,
            kind: from_word("job kind", &self.kind)?,
            subject: self.subject,
            state: from_word("job state", &self.state)?,
            stage: self.stage,
            progress: self.progress,
            error: self.error,
            attempts: self.attempts,
            created_at_ms: self.created_at_ms,
            updated_at_ms: self.updated_at_ms,
        })
    }
}

/// Which jobs a worker takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    Everything,
    /// Hundreds of windows may arrive at once: somebody is there for the rest.
    AllButWindows,
}

impl Store {
    pub async fn job(&self, id: &str) -> Result<Option<Job>> {
        sqlx::query_as::<_, Row>("select * from jobs where id = $1")
            .bind(id)
            .fetch_optional(&self.pool)
            .await?
            .map(Row::into_job)
            .transpose()
    }

    /// The job made last for a snapshot, an investigation or an arrival.
    pub async fn latest_job(&self, subject: &str) -> Result<Option<Job>> {
        sqlx::query_as::<_, Row>("select * from jobs where subject = $1 order by seq desc, id desc limit 1")
            .bind(subject)
            .fetch_optional(&self.pool)
            .await?
            .map(Row::into_job)
            .transpose()
    }

    /// Takes the oldest job that may run and marks it running; `None` when there is none.
    /// A diagnosis waits until its snapshots are profiled, so that no profile is computed twice at the same time; so does an
    /// arrival. What is worked on is not begun a second time.
    /// Windows that arrived come after what people wait for, and one that `takes` nothing else never waits behind them.
    pub async fn claim_job(&self, takes: Takes) -> Result<Option<Job>> {
        loop {
            let next = sqlx::query_as::<_, Row>(
                "select * from jobs where state = 'queued' and kind <> $1 and not exists (
                     select 1 from investigation_inputs input join jobs profile on profile.subject = input.snapshot
                     where input.investigation = jobs.subject and profile.state in ('queued', 'running'))
                 and not exists (
                     select 1 from arrivals join jobs profile on profile.subject = arrivals.snapshot
                     where arrivals.id = jobs.subject and profile.state in ('queued', 'running'))
                 and not exists (
                     select 1 from jobs earlier where earlier.subject = jobs.subject and earlier.state = 'running')
                 order by case kind when 'judge' then 1 else 0 end, id limit 1",
            )
            .bind(match takes {
                Takes::Everything => "",
                Takes::AllButWindows => "judge",
            })
            .fetch_optional(&self.pool)
            .await?;
            let Some(row) = next else { return Ok(None) };
            let claimed = sqlx::query(
                "update jobs set state = 'running', stage = 'starting', attempts = attempts + 1, updated_at_ms = $2
                 where id = $1 and state = 'queued'",
            )
            .bind(&row.id)
            .bind(now_ms())
            .execute(&self.writers)
            .await?;
            // Somebody else may have taken or cancelled it since it was read.
            if claimed.rows_affected() == 1 {
                return self.job(&row.id).await;
            }
        }
    }

    /// Writes how far a running job is; says nothing about one that is over.
    pub async fn set_job_progress(&self, id: &str, progress: f64, stage: &str) -> Result<()> {
        sqlx::query(
            "update jobs set progress = $2, stage = $3, updated_at_ms = $4 where id = $1 and state = 'running'",
        )
        .bind(id)
        .bind(progress)
        .bind(stage)
        .bind(now_ms())
        .execute(&self.writers)
        .await?;
        Ok(())
    }

    /// Ends a job that is not over yet; `true` when this call ended it.
    pub async fn finish_job(&self, id: &str, state: JobState, stage: &str, error: Option<&str>) -> Result<bool> {
        let done = sqlx::query(
            "update jobs set state = $2, stage = $3, error = $4,
                             progress = case when $2 = 'done' then 1.0 else progress end, updated_at_ms = $5
             where id = $1 and state in ('queued', 'running')",
        )
        .bind(id)
        .bind(to_word("job state", &state)?)
        .bind(stage)
        .bind(error)
        .bind(now_ms())
        .execute(&self.writers)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Queues a running job again, as if it had not been started: the process ends for reasons of its own.
    pub async fn put_job_back(&self, id: &str) -> Result<()> {
        sqlx::query(
            "update jobs set state = 'queued', stage = 'waiting for the next start', attempts = attempts - 1,
                             updated_at_ms = $2
             where id = $1 and state = 'running'",
        )
        .bind(id)
        .bind(now_ms())
        .execute(&self.writers)
        .await?;
        Ok(())
    }

    /// After a restart: what was running is queued again, unless it was started `limit` times already; then it has
    /// failed with the sentence given. Returns how many were queued again.
    pub async fn requeue_running_jobs(&self, limit: i64, give_up: &str) -> Result<u64> {
        let now = now_ms();
        sqlx::query(
            "update jobs set state = 'failed', stage = 'given up', error = $1, updated_at_ms = $2
             where state = 'running' and attempts >= $3",
        )
        .bind(give_up)
        .bind(now)
        .bind(limit)
        .execute(&self.writers)
        .await?;
        let queued = sqlx::query(
            "update jobs set state = 'queued', stage = 'waiting for its turn after a restart', updated_at_ms = $1
             where state = 'running'",
        )
        .bind(now)
        .execute(&self.writers)
        .await?;
        Ok(queued.rows_affected())
    }

    /// Jobs that are not over, of one subject.
    pub async fn open_jobs(&self, subject: &str) -> Result<Vec<Job>> {
        let rows = sqlx::query_as::<_, Row>(
            "select * from jobs where subject = $1 and state in ('queued', 'running') order by id",
        )
        .bind(subject)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(Row::into_job).collect()
    }

    /// How many jobs are in each state, for the metrics.
    pub async fn count_jobs(&self) -> Result<Vec<(String, i64)>> {
        Ok(sqlx::query_as::<_, (String, i64)>("select state, count(*) from jobs group by state order by state")
            .fetch_all(&self.pool)
            .await?)
    }
}
