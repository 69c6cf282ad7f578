//! Windows that wait to be judged: for the first time, or again.

use domain::job::JobKind;
use sqlx::AnyConnection;

use super::along::write_along;
use super::{Along, Result, Store};

/// Windows that waited for a reference and are judged when there is one.
const MOST_WAITING: i64 = 1_000;

impl Store {
    /// Queues the judging of a window again.
    pub async fn judge_again(&self, arrival: &str) -> Result<()> {
        let mut transaction = self.writers.begin().await?;
        judge_again(&mut transaction, arrival).await?;
        Ok(transaction.commit().await?)
    }
}

/// Queues the windows that were never judged, where there is training data now.
pub(super) async fn judge_what_waited(connection: &mut AnyConnection, model: &str) -> Result<()> {
    let waiting: Vec<String> = sqlx::query_scalar(
        "select id from arrivals
         where model = $1 and role = 'serve' and diagnosis is null
               and not exists (select 1 from jobs where jobs.subject = arrivals.id)
               and exists (select 1 from model_references
                           where model_references.model = arrivals.model and model_references.role = 'train')
         order by at_ms, id limit $2",
    )
    .bind(model)
    .bind(MOST_WAITING)
    .fetch_all(&mut *connection)
    .await?;
    let jobs: Vec<Along<'_>> =
        waiting.iter().map(|arrival| Along::Job { kind: JobKind::Judge, subject: arrival }).collect();
    write_along(connection, &jobs).await
}

/// Once, however many ask for it before it begins.
pub(super) async fn judge_again(connection: &mut AnyConnection, arrival: &str) -> Result<()> {
    // A write first: see `super`.
    let waits = sqlx::query("update jobs set state = state where subject = $1 and state = 'queued'")
        .bind(arrival)
        .execute(&mut *connection)
        .await?;
    if waits.rows_affected() > 0 {
        return Ok(());
    }
    let there: Option<String> = sqlx::query_scalar("select id from arrivals where id = $1")
        .bind(arrival)
        .fetch_optional(&mut *connection)
        .await?;
    if there.is_none() {
        return Ok(());
    }
    write_along(connection, &[Along::Job { kind: JobKind::Judge, subject: arrival }]).await
}

/// Keeps an arrival from being taken out until the transaction ends. Whether it is there.
pub(super) async fn hold_arrival(connection: &mut AnyConnection, arrival: &str) -> Result<bool> {
    let held = sqlx::query("update arrivals set version = version where id = $1").bind(arrival);
    Ok(held.execute(connection).await?.rows_affected() > 0)
}
