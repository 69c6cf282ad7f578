//! What people said about an investigation: statuses per item, and notes.

use domain::investigation::{Grounds, HumanStatus, Note, Status};
use domain::{Actor, Item};
use sqlx::AnyConnection;

use super::along::write_along;
use super::row::row;
use super::{Along, Result, Store, from_word, new_id, now_ms, to_word};

row! {
    struct StatusRow {
        item: String,
        status: String,
        note: String,
        author: String,
        at_ms: i64,
        until_ms: Option<i64>,
    }
}

row! {
    struct NoteRow {
        id: String,
        author: String,
        text: String,
        at_ms: i64,
        reply_to: Option<String>,
    }
}

impl Store {
    /// Sets what people say about an item; what was said before is in the timeline.
    pub async fn set_status(
        &self,
        id: &str,
        item: Item,
        status: Status,
        grounds: &Grounds,
        along: &[Along<'_>],
    ) -> Result<()> {
        let Grounds { note, author, until_ms } = grounds.clone();
        let status = HumanStatus { item, status, note, author, at_ms: now_ms(), until_ms };
        let mut transaction = self.writers.begin().await?;
        put_status(&mut transaction, id, &status).await?;
        write_along(&mut transaction, along).await?;
        Ok(transaction.commit().await?)
    }

    pub async fn statuses(&self, investigation: &str) -> Result<Vec<HumanStatus>> {
        let rows = sqlx::query_as::<_, StatusRow>(
            "select item, status, note, author, at_ms, until_ms from item_statuses where investigation = $1 order by item",
        )
        .bind(investigation)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(HumanStatus {
                    item: from_word("item", &row.item)?,
                    status: from_word("status", &row.status)?,
                    note: row.note,
                    author: Actor::try_from(row.author)?,
                    at_ms: row.at_ms,
                    until_ms: row.until_ms,
                })
            })
            .collect()
    }

    pub async fn add_note(
        &self,
        investigation: &str,
        actor: &Actor,
        text: &str,
        reply_to: Option<&str>,
        along: &[Along<'_>],
    ) -> Result<Note> {
        let mut transaction = self.writers.begin().await?;
        let reply_to = reply_to.map(str::to_owned);
        let note = Note { id: new_id(), author: actor.clone(), text: text.to_owned(), at_ms: now_ms(), reply_to };
        put_note(&mut transaction, investigation, &note).await?;
        write_along(&mut transaction, along).await?;
        transaction.commit().await?;
        Ok(note)
    }

    /// Oldest first.
    pub async fn notes(&self, investigation: &str) -> Result<Vec<Note>> {
        let rows = sqlx::query_as::<_, NoteRow>(
            "select id, author, text, at_ms, reply_to from notes where investigation = $1 order by id",
        )
        .bind(investigation)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                let author = Actor::try_from(row.author)?;
                Ok(Note { id: row.id, author, text: row.text, at_ms: row.at_ms, reply_to: row.reply_to })
            })
            .collect()
    }
}

/// What was said of the item before is replaced.
pub(super) async fn put_status(
    connection: &mut AnyConnection,
    investigation: &str,
    status: &HumanStatus,
) -> Result<()> {
    sqlx::query(
        "insert into item_statuses (investigation, item, status, note, author, at_ms, until_ms)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (investigation, item) do update
         set status = excluded.status, note = excluded.note, author = excluded.author, at_ms = excluded.at_ms,
             until_ms = excluded.until_ms",
    )
    .bind(investigation)
    .bind(status.item.code())
    .bind(to_word("status", &status.status)?)
    .bind(&status.note)
    .bind(status.author.as_str())
    .bind(status.at_ms)
    .bind(status.until_ms)
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn put_note(connection: &mut AnyConnection, investigation: &str, note: &Note) -> Result<()> {
    sqlx::query("insert into notes (id, investigation, author, text, at_ms, reply_to) values ($1, $2, $3, $4, $5, $6)")
        .bind(&note.id)
        .bind(investigation)
        .bind(note.author.as_str())
        .bind(&note.text)
        .bind(note.at_ms)
        .bind(&note.reply_to)
        .execute(connection)
        .await?;
    Ok(())
}
