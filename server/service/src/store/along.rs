//! What is written in one transaction with the thing it belongs to: after a crash all of it is there, or none.

use domain::Actor;
use domain::audit::AuditKind;
use domain::event::EventKind;
use domain::job::{Job, JobKind, JobState};
use sqlx::AnyConnection;

use super::audit::append;
use super::events::insert_event;
use super::{Result, Store, new_id, now_ms, to_word};

#[derive(Debug, Clone, Copy)]
pub enum Along<'a> {
    /// A line of an investigation's timeline.
    Event { investigation: &'a str, actor: &'a Actor, kind: &'a EventKind },
    /// A line of the audit log.
    Audit { actor: &'a Actor, from: &'a str, what: &'a AuditKind },
    /// Which investigation was opened of a window.
    Opened { arrival: &'a str, investigation: &'a str },
    /// Work on a snapshot or an investigation.
    Job { kind: JobKind, subject: &'a str },
}

pub(super) async fn write_along(connection: &mut AnyConnection, along: &[Along<'_>]) -> Result<()> {
    for one in along {
        match *one {
            Along::Event { investigation, actor, kind } => {
                insert_event(connection, investigation, actor, kind).await?;
            }
            Along::Audit { actor, from, what } => append(connection, actor, from, what).await?,
            Along::Opened { arrival, investigation } => {
                sqlx::query("update arrivals set investigation = $2 where id = $1")
                    .bind(arrival)
                    .bind(investigation)
                    .execute(&mut *connection)
                    .await?;
            }
            Along::Job { kind, subject } => {
                insert_job(connection, kind, subject).await?;
            }
        }
    }
    Ok(())
}

impl Store {
    /// Writes these things together.
    pub async fn write(&self, along: &[Along<'_>]) -> Result<()> {
        let mut transaction = self.writers.begin().await?;
        write_along(&mut transaction, along).await?;
        Ok(transaction.commit().await?)
    }

    /// Runs a `delete` of what an investigation ($1) keeps under a key ($2). Whether there was something to delete; without it,
    /// nothing else is written.
    pub(super) async fn delete_along(
        &self,
        delete: &'static str,
        investigation: &str,
        key: &str,
        along: &[Along<'_>],
    ) -> Result<bool> {
        self.change(delete, &[investigation, key], along).await
    }

    /// Runs one change of rows by texts ($1 and so on). Whether it changed something; without that, nothing else is written.
    pub(super) async fn change(&self, change: &'static str, parameters: &[&str], along: &[Along<'_>]) -> Result<bool> {
        let mut transaction = self.writers.begin().await?;
        let mut asked = sqlx::query(change);
        for parameter in parameters {
            asked = asked.bind(*parameter);
        }
        let is_changed = asked.execute(&mut *transaction).await?.rows_affected() > 0;
        if is_changed {
            write_along(&mut transaction, along).await?;
        }
        transaction.commit().await?;
        Ok(is_changed)
    }

    /// Runs an `update` that ends what has an id ($1) now ($2). Whether it had not ended before; without it nothing else is
    /// written.
    pub(super) async fn end_once(&self, update: &'static str, id: &str, along: &[Along<'_>]) -> Result<bool> {
        let mut transaction = self.writers.begin().await?;
        let done = sqlx::query(update).bind(id).bind(now_ms()).execute(&mut *transaction).await?;
        let had_not = done.rows_affected() > 0;
        if had_not {
            write_along(&mut transaction, along).await?;
        }
        transaction.commit().await?;
        Ok(had_not)
    }

    /// The same of what belongs to an account ($3).
    pub(super) async fn end_own(
        &self,
        update: &'static str,
        id: &str,
        account: &str,
        along: &[Along<'_>],
    ) -> Result<bool> {
        let mut transaction = self.writers.begin().await?;
        let done = sqlx::query(update).bind(id).bind(now_ms()).bind(account).execute(&mut *transaction).await?;
        let had_not = done.rows_affected() > 0;
        if had_not {
            write_along(&mut transaction, along).await?;
        }
        transaction.commit().await?;
        Ok(had_not)
    }

    pub async fn insert_job(&self, kind: JobKind, subject: &str) -> Result<Job> {
        let mut transaction = self.writers.begin().await?;
        let job = insert_job(&mut transaction, kind, subject).await?;
        transaction.commit().await?;
        Ok(job)
    }
}

async fn insert_job(connection: &mut AnyConnection, kind: JobKind, subject: &str) -> Result<Job> {
    let now = now_ms();
    let job = Job {
        id: new_id(),
        kind,
        subject: subject.to_owned(),
        state: JobState::Queued,
        stage: "waiting for its turn".to_owned(),
        progress: 0.0,
        error: None,
        attempts: 0,
        created_at_ms: now,
        updated_at_ms: now,
    };
    sqlx::query(
        "insert into jobs (id, kind, subject, state, stage, progress, error, attempts, created_at_ms, updated_at_ms, seq)
         values ($1, $2, $3, $4, $5, 0, null, 0, $6, $6,
                 (select coalesce(max(seq), 0) + 1 from jobs where subject = $3))",
    )
    .bind(&job.id)
    .bind(to_word("job kind", &job.kind)?)
    .bind(&job.subject)
    .bind(to_word("job state", &job.state)?)
    .bind(&job.stage)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(job)
}
