//! What people decided about suspects.

use domain::Actor;
use domain::decision::Decision;
use sqlx::AnyConnection;

use super::along::write_along;
use super::row::row;
use super::{Along, Result, Store, from_word, to_word};

row! {
    struct Row {
        suspect: String,
        statement: String,
        ruling: String,
        note: String,
        author: String,
        at_ms: i64,
    }
}

impl Row {
    fn into_decision(self) -> Result<Decision> {
        Ok(Decision {
            suspect: self.suspect,
            statement: self.statement,
            ruling: from_word("ruling", &self.ruling)?,
            note: self.note,
            author: Actor::try_from(self.author)?,
            at_ms: self.at_ms,
        })
    }
}

impl Store {
    /// Decides about a suspect, or decides anew.
    pub async fn set_decision(&self, investigation: &str, decision: &Decision, along: &[Along<'_>]) -> Result<()> {
        let mut transaction = self.writers.begin().await?;
        put_decision(&mut transaction, investigation, decision).await?;
        write_along(&mut transaction, along).await?;
        Ok(transaction.commit().await?)
    }

    /// Whether there was one to remove; without one, nothing else is written.
    pub async fn remove_decision(&self, investigation: &str, suspect: &str, along: &[Along<'_>]) -> Result<bool> {
        let delete = "delete from decisions where investigation = $1 and suspect = $2";
        self.delete_along(delete, investigation, suspect, along).await
    }

    /// Oldest first.
    pub async fn decisions(&self, investigation: &str) -> Result<Vec<Decision>> {
        let rows = sqlx::query_as::<_, Row>("select * from decisions where investigation = $1 order by at_ms, suspect")
            .bind(investigation)
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter().map(Row::into_decision).collect()
    }
}

pub(super) async fn put_decision(
    connection: &mut AnyConnection,
    investigation: &str,
    decision: &Decision,
) -> Result<()> {
    sqlx::query(
        "insert into decisions (investigation, suspect, statement, ruling, note, author, at_ms)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (investigation, suspect) do update
         set statement = excluded.statement, ruling = excluded.ruling, note = excluded.note,
             author = excluded.author, at_ms = excluded.at_ms",
    )
    .bind(investigation)
    .bind(&decision.suspect)
    .bind(&decision.statement)
    .bind(to_word("ruling", &decision.ruling)?)
    .bind(&decision.note)
    .bind(decision.author.as_str())
    .bind(decision.at_ms)
    .execute(connection)
    .await?;
    Ok(())
}
