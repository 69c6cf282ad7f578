//! Findings that people muted.

use domain::Actor;
use domain::mute::Mute;
use sqlx::AnyConnection;

use super::along::write_along;
use super::row::row;
use super::{Along, Result, Store, from_word, to_word};

row! {
    struct Row {
        finding: String,
        item: String,
        verdict: String,
        over_threshold: f64,
        note: String,
        author: String,
        at_ms: i64,
        until_ms: Option<i64>,
    }
}

impl Row {
    fn into_mute(self) -> Result<Mute> {
        Ok(Mute {
            finding: self.finding,
            item: from_word("item", &self.item)?,
            verdict: from_word("verdict", &self.verdict)?,
            over_threshold: self.over_threshold,
            note: self.note,
            author: Actor::try_from(self.author)?,
            at_ms: self.at_ms,
            until_ms: self.until_ms,
        })
    }
}

impl Store {
    /// Mutes findings, or says anew why and until when: all of them or none.
    pub async fn set_mutes(&self, investigation: &str, mutes: &[Mute], along: &[Along<'_>]) -> Result<()> {
        let mut transaction = self.writers.begin().await?;
        for mute in mutes {
            put_mute(&mut transaction, investigation, mute).await?;
        }
        write_along(&mut transaction, along).await?;
        Ok(transaction.commit().await?)
    }

    /// Whether there was one to remove; without one, nothing else is written.
    pub async fn remove_mute(&self, investigation: &str, finding: &str, along: &[Along<'_>]) -> Result<bool> {
        let delete = "delete from mutes where investigation = $1 and finding = $2";
        self.delete_along(delete, investigation, finding, along).await
    }

    /// Oldest first, those whose time is over among them.
    pub async fn mutes(&self, investigation: &str) -> Result<Vec<Mute>> {
        let rows = sqlx::query_as::<_, Row>("select * from mutes where investigation = $1 order by at_ms, finding")
            .bind(investigation)
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter().map(Row::into_mute).collect()
    }
}

pub(super) async fn put_mute(connection: &mut AnyConnection, investigation: &str, mute: &Mute) -> Result<()> {
    sqlx::query(
        "insert into mutes (investigation, finding, item, verdict, over_threshold, note, author, at_ms, until_ms)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (investigation, finding) do update
         set item = excluded.item, verdict = excluded.verdict, over_threshold = excluded.over_threshold,
             note = excluded.note, author = excluded.author, at_ms = excluded.at_ms, until_ms = excluded.until_ms",
    )
    .bind(investigation)
    .bind(&mute.finding)
    .bind(mute.item.code())
    .bind(to_word("verdict", &mute.verdict)?)
    .bind(mute.over_threshold)
    .bind(&mute.note)
    .bind(mute.author.as_str())
    .bind(mute.at_ms)
    .bind(mute.until_ms)
    .execute(connection)
    .await?;
    Ok(())
}
