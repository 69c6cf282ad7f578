//! Watches, and what was taken from them.

use std::collections::BTreeMap;

use domain::model::{Watch, WatchRun};
use domain::{Actor, Problem};
use sqlx::AnyConnection;

use super::row::row;
use super::{Result, Store, from_json, from_word, to_json, to_word};

/// One thing that was found at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenThing {
    pub watch: String,
    pub name: String,
    /// What changes with its content.
    pub mark: String,
}

row! {
    struct Row {
        id: String,
        model: String,
        target: String,
        role: Option<String>,
        version: String,
        schedule: String,
        created_by: String,
        created_at_ms: i64,
        next_at_ms: i64,
        last: Option<String>,
    }
}

impl Row {
    fn into_watch(self) -> Result<Watch> {
        Ok(Watch {
            id: self.id,
            model: self.model,
            target: self.target,
            role: self.role.map(|role| from_word("snapshot role", &role)).transpose()?,
            version: self.version,
            schedule: self.schedule,
            created_by: Actor::try_from(self.created_by)?,
            created_at_ms: self.created_at_ms,
            next_at_ms: self.next_at_ms,
            last: self.last.map(|last| from_json("look at a watch", &last)).transpose()?,
        })
    }
}

impl Store {
    /// Unless the model has that many already. `account` is whose it is.
    pub async fn insert_watch(&self, watch: &Watch, account: Option<&str>, most: i64) -> Result<bool> {
        let role = watch.role.map(|role| to_word("snapshot role", &role)).transpose()?;
        let done = sqlx::query(
            "insert into watches (id, model, target, role, version, schedule, created_by, created_at_ms, next_at_ms, last,
                                  account)
             select $1, $2, $3, $4, $5, $6, $7, $8, $9, null, $11
             where (select count(*) from watches where model = $2) < $10",
        )
        .bind(&watch.id)
        .bind(&watch.model)
        .bind(&watch.target)
        .bind(role)
        .bind(&watch.version)
        .bind(&watch.schedule)
        .bind(watch.created_by.as_str())
        .bind(watch.created_at_ms)
        .bind(watch.next_at_ms)
        .bind(most)
        .bind(account)
        .execute(&self.writers)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// The account of whoever made a watch, where there are accounts; `None` where the watch is gone.
    pub async fn maker_of_watch(&self, watch: &str) -> Result<Option<Option<String>>> {
        let found = sqlx::query_scalar("select account from watches where id = $1");
        Ok(found.bind(watch).fetch_optional(&self.pool).await?)
    }

    /// Of one model, the oldest first.
    pub async fn watches_of(&self, model: &str) -> Result<Vec<Watch>> {
        let rows = sqlx::query_as::<_, Row>("select * from watches where model = $1 order by created_at_ms, id");
        rows.bind(model).fetch_all(&self.pool).await?.into_iter().map(Row::into_watch).collect()
    }

    /// Those whose time has come, the longest due first.
    pub async fn due_watches(&self, now_ms: i64, limit: i64) -> Result<Vec<Watch>> {
        let rows =
            sqlx::query_as::<_, Row>("select * from watches where next_at_ms <= $1 order by next_at_ms, id limit $2");
        rows.bind(now_ms).bind(limit).fetch_all(&self.pool).await?.into_iter().map(Row::into_watch).collect()
    }

    /// Writes how a look went, and when the next one is.
    pub async fn set_watched(&self, watch: &str, run: &WatchRun, next_at_ms: i64) -> Result<()> {
        sqlx::query("update watches set last = $2, next_at_ms = $3 where id = $1")
            .bind(watch)
            .bind(to_json("look at a watch", run)?)
            .bind(next_at_ms)
            .execute(&self.writers)
            .await?;
        Ok(())
    }

    /// Has a watch looked at now. Whether it was there.
    pub async fn look_now(&self, model: &str, watch: &str, now_ms: i64) -> Result<bool> {
        let done = sqlx::query("update watches set next_at_ms = $3 where id = $2 and model = $1 and next_at_ms > $3")
            .bind(model)
            .bind(watch)
            .bind(now_ms)
            .execute(&self.writers)
            .await?;
        if done.rows_affected() > 0 {
            return Ok(true);
        }
        Ok(self.watches_of(model).await?.iter().any(|one| one.id == watch))
    }

    /// Takes a watch away; what arrived stays. Whether it was there.
    pub async fn delete_watch(&self, model: &str, watch: &str) -> Result<bool> {
        let mut transaction = self.writers.begin().await?;
        let gone = sqlx::query("delete from watches where id = $2 and model = $1").bind(model).bind(watch);
        let is_gone = gone.execute(&mut *transaction).await?.rows_affected() > 0;
        if is_gone {
            sqlx::query("delete from watch_seen where watch = $1").bind(watch).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(is_gone)
    }

    /// What was taken from a watch, by name.
    pub async fn seen_of(&self, watch: &str) -> Result<BTreeMap<String, String>> {
        let rows: Vec<(String, String)> = sqlx::query_as("select name, mark from watch_seen where watch = $1")
            .bind(watch)
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.into_iter().collect())
    }

    /// Notes what could not be read, so that it is not tried again until it changes.
    pub async fn note_seen(&self, seen: &SeenThing) -> Result<()> {
        let mut transaction = self.writers.begin().await?;
        put_seen(&mut transaction, seen).await?;
        Ok(transaction.commit().await?)
    }
}

/// # Errors
/// `NotFound` where the watch is gone: then what was found is not taken in either.
pub(super) async fn put_seen(connection: &mut AnyConnection, seen: &SeenThing) -> Result<()> {
    let put = sqlx::query(
        "insert into watch_seen (watch, name, mark) select $1, $2, $3 where exists (select 1 from watches where id = $1)
         on conflict (watch, name) do update set mark = excluded.mark",
    )
    .bind(&seen.watch)
    .bind(&seen.name)
    .bind(&seen.mark)
    .execute(connection)
    .await?;
    match put.rows_affected() {
        0 => Err(Problem::not_found("The watch was removed meanwhile.").into()),
        _ => Ok(()),
    }
}
