//! The timeline: what happened, as a kind and its fields. Only ever appended to.

use domain::Actor;
use domain::event::{Event, EventKind};
use serde_json::{Map, Value};
use sqlx::AnyConnection;

use super::row::row;
use super::{Result, Store, from_json, new_id, now_ms, to_json};
use crate::error::Error;

/// Rows of an earlier version that are read in one transaction.
const AT_ONCE: i64 = 500;

row! {
    struct Row {
        author: String,
        text: String,
        kind: Option<String>,
        fields: String,
        at_ms: i64,
    }
}

impl Row {
    fn into_event(self) -> Result<Event> {
        let kind = match self.kind {
            Some(kind) => from_columns(kind, &self.fields)?,
            None => EventKind::of_words(&self.text),
        };
        Ok(Event { at_ms: self.at_ms, author: Actor::try_from(self.author)?, kind })
    }
}

/// Events of one investigation that its pages show, besides how it was closed.
const SHOWN: i64 = 300;

impl Store {
    /// The latest, and each time that it was closed and opened again, in the order in which they happened: a script can make
    /// thousands of others.
    pub async fn latest_events(&self, investigation: &str) -> Result<Vec<Event>> {
        let rows = sqlx::query_as::<_, Row>(
            "select author, text, kind, fields, at_ms from events
             where investigation = $1 and (kind in ('closed', 'reopened')
                   or seq > (select coalesce(max(last.seq), 0) from events last where last.investigation = $1) - $2)
             order by seq, id",
        )
        .bind(investigation)
        .bind(SHOWN)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(Row::into_event).collect()
    }

    /// In the order in which they happened.
    pub async fn events(&self, investigation: &str) -> Result<Vec<Event>> {
        let rows = sqlx::query_as::<_, Row>(
            "select author, text, kind, fields, at_ms from events where investigation = $1 order by seq, id",
        )
        .bind(investigation)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(Row::into_event).collect()
    }

    /// Gives events of a version that stored sentences their kind. The sentence stays where it is.
    pub(super) async fn type_old_events(&self) -> Result<()> {
        loop {
            let rows: Vec<(String, String)> =
                sqlx::query_as("select id, text from events where kind is null order by id limit $1")
                    .bind(AT_ONCE)
                    .fetch_all(&self.pool)
                    .await?;
            if rows.is_empty() {
                return Ok(());
            }
            let mut transaction = self.writers.begin().await?;
            for (id, words) in rows {
                let (kind, fields) = to_columns(&EventKind::of_words(&words))?;
                sqlx::query("update events set kind = $2, fields = $3 where id = $1")
                    .bind(id)
                    .bind(kind)
                    .bind(fields)
                    .execute(&mut *transaction)
                    .await?;
            }
            transaction.commit().await?;
        }
    }
}

/// Everything that is said or decided has its event, so the investigation's count and its last change are kept here.
pub(super) async fn insert_event(
    connection: &mut AnyConnection,
    investigation: &str,
    actor: &Actor,
    kind: &EventKind,
) -> Result<()> {
    let now = now_ms();
    put_event(connection, investigation, &Event { at_ms: now, author: actor.clone(), kind: kind.clone() }).await?;
    count_change(connection, investigation, now).await
}

/// Behind what is there. `text` is what earlier versions wrote; it stays empty.
pub(super) async fn put_event(connection: &mut AnyConnection, investigation: &str, event: &Event) -> Result<()> {
    let (kind, fields) = to_columns(&event.kind)?;
    sqlx::query(
        "insert into events (id, investigation, author, text, kind, fields, at_ms, seq)
         values ($1, $2, $3, '', $4, $5, $6,
                 (select coalesce(max(seq), 0) + 1 from events where investigation = $2))",
    )
    .bind(new_id())
    .bind(investigation)
    .bind(event.author.as_str())
    .bind(kind)
    .bind(fields)
    .bind(event.at_ms)
    .execute(&mut *connection)
    .await?;
    Ok(())
}

/// Whatever was made from the investigation before is out of date.
pub(super) async fn count_change(connection: &mut AnyConnection, investigation: &str, at_ms: i64) -> Result<()> {
    sqlx::query("update investigations set changes = changes + 1, updated_at_ms = $2 where id = $1")
        .bind(investigation)
        .bind(at_ms)
        .execute(connection)
        .await?;
    Ok(())
}

/// The tag of the kind, and its other fields as a JSON object.
fn to_columns(kind: &EventKind) -> Result<(String, String)> {
    let mut fields: Map<String, Value> = from_json(WHAT, &to_json(WHAT, kind)?)?;
    let tag = fields.remove("kind").unwrap_or_default();
    let tag = serde_json::from_value(tag).map_err(Error::stored(WHAT))?;
    Ok((tag, to_json(WHAT, &fields)?))
}

fn from_columns(kind: String, fields: &str) -> Result<EventKind> {
    let mut fields: Map<String, Value> = from_json(WHAT, fields)?;
    fields.insert("kind".to_owned(), Value::String(kind));
    serde_json::from_value(Value::Object(fields)).map_err(Error::stored(WHAT))
}

const WHAT: &str = "event";
