//! What people pinned. An exhibit is written once; everything around it may change.

use domain::Actor;
use domain::evidence::{Evidence, Remark};
use sqlx::AnyConnection;

use super::along::write_along;
use super::events::count_change;
use super::row::row;
use super::{Along, Result, Store, from_json, now_ms, to_json};

row! {
    struct Row {
        id: String,
        title: String,
        pinned: String,
        inputs: String,
        sha256: String,
        caption: String,
        links: String,
        author: String,
        at_ms: i64,
    }
}

impl Row {
    fn into_evidence(self) -> Result<Evidence> {
        Ok(Evidence {
            id: self.id,
            title: self.title,
            pinned: from_json("pinned view", &self.pinned)?,
            inputs: from_json("inputs of the evidence", &self.inputs)?,
            sha256: self.sha256,
            caption: self.caption,
            links: from_json("links of the evidence", &self.links)?,
            author: Actor::try_from(self.author)?,
            at_ms: self.at_ms,
        })
    }
}

impl Store {
    /// Adds a piece at the end. `exhibit` is the JSON of what is frozen.
    pub async fn insert_evidence(
        &self,
        investigation: &str,
        new: &Evidence,
        exhibit: &str,
        along: &[Along<'_>],
    ) -> Result<()> {
        let mut transaction = self.writers.begin().await?;
        put_evidence(&mut transaction, investigation, new, exhibit).await?;
        write_along(&mut transaction, along).await?;
        Ok(transaction.commit().await?)
    }

    /// In their order, without what was taken out.
    pub async fn evidence(&self, investigation: &str) -> Result<Vec<Evidence>> {
        let rows = sqlx::query_as::<_, Row>(
            "select id, title, pinned, inputs, sha256, caption, links, author, at_ms from evidence
             where investigation = $1 and removed_at_ms is null order by position, id",
        )
        .bind(investigation)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(Row::into_evidence).collect()
    }

    /// The JSON of what is frozen, also of a piece that was taken out.
    pub async fn exhibit(&self, investigation: &str, id: &str) -> Result<Option<String>> {
        let exhibit = sqlx::query_scalar("select exhibit from evidence where investigation = $1 and id = $2");
        Ok(exhibit.bind(investigation).bind(id).fetch_optional(&self.pool).await?)
    }

    /// Says something else about a piece. Whether it is there.
    pub async fn set_remark(&self, investigation: &str, id: &str, remark: &Remark) -> Result<bool> {
        let mut transaction = self.writers.begin().await?;
        let done = sqlx::query(
            "update evidence set caption = $3, links = $4 where investigation = $1 and id = $2 and removed_at_ms is null",
        )
        .bind(investigation)
        .bind(id)
        .bind(&remark.caption)
        .bind(to_json("links of the evidence", &remark.links)?)
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() > 0 {
            count_change(&mut transaction, investigation, now_ms()).await?;
        }
        transaction.commit().await?;
        Ok(done.rows_affected() > 0)
    }

    /// Puts the pieces into this order.
    pub async fn order_evidence(&self, investigation: &str, ids: &[String]) -> Result<()> {
        let mut transaction = self.writers.begin().await?;
        for (index, id) in ids.iter().enumerate() {
            sqlx::query("update evidence set position = $3 where investigation = $1 and id = $2")
                .bind(investigation)
                .bind(id)
                .bind(index as i64 + 1)
                .execute(&mut *transaction)
                .await?;
        }
        count_change(&mut transaction, investigation, now_ms()).await?;
        Ok(transaction.commit().await?)
    }

    /// Takes a piece out. Whether it was there.
    pub async fn remove_evidence(&self, investigation: &str, id: &str, along: &[Along<'_>]) -> Result<bool> {
        let mut transaction = self.writers.begin().await?;
        let done = sqlx::query(
            "update evidence set removed_at_ms = $3 where investigation = $1 and id = $2 and removed_at_ms is null",
        )
        .bind(investigation)
        .bind(id)
        .bind(now_ms())
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() > 0 {
            write_along(&mut transaction, along).await?;
        }
        transaction.commit().await?;
        Ok(done.rows_affected() > 0)
    }
}

/// Behind the pieces that are there.
pub(super) async fn put_evidence(
    connection: &mut AnyConnection,
    investigation: &str,
    new: &Evidence,
    exhibit: &str,
) -> Result<()> {
    sqlx::query(
        "insert into evidence (id, investigation, position, title, pinned, inputs, exhibit, sha256, caption, links,
                               author, at_ms)
         values ($1, $2, (select coalesce(max(position), 0) + 1 from evidence where investigation = $2),
                 $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(&new.id)
    .bind(investigation)
    .bind(&new.title)
    .bind(to_json("pinned view", &new.pinned)?)
    .bind(to_json("inputs of the evidence", &new.inputs)?)
    .bind(exhibit)
    .bind(&new.sha256)
    .bind(&new.caption)
    .bind(to_json("links of the evidence", &new.links)?)
    .bind(new.author.as_str())
    .bind(new.at_ms)
    .execute(connection)
    .await?;
    Ok(())
}
