//! What waits for one person.

use domain::Actor;
use domain::mine::{InvestigationName, MOST_LINES, Mention, OpenTask};
use domain::visitor::Sight;

use super::model_access::{model_seen_by, seeing, seen_by};
use super::row::row;
use super::{Result, Store, to_json};

row! {
    struct TitleRow {
        id: String,
        title: String,
    }
}

row! {
    struct TaskRow {
        id: String,
        title: String,
        task: String,
        due: Option<String>,
    }
}

row! {
    struct MentionRow {
        id: String,
        title: String,
        note: String,
        author: String,
        text: String,
        at_ms: i64,
    }
}

/// Text as it stands within a pattern of `like … escape '!'`.
fn literal(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

impl Store {
    /// Open investigations that somebody cares for, the last changed first.
    pub async fn cared_for(&self, name: &Actor, sight: &Sight) -> Result<Vec<InvestigationName>> {
        let rows = sqlx::query_as::<_, TitleRow>(concat!(
            "select id, title from investigations
                 where state = 'open' and archived_at_ms is null and incident like $1 escape '!' and ",
            seen_by!("$3"),
            "order by updated_at_ms desc limit $2"
        ))
        .bind(format!("%\"assignee\":{}%", literal(&to_json("name", &name.as_str())?)))
        .bind(MOST_LINES as i64)
        .bind(seeing(sight))
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(|row| InvestigationName { id: row.id, title: row.title }).collect())
    }

    /// What somebody has to do, what is due first first.
    pub async fn open_tasks(&self, owner: &Actor, sight: &Sight) -> Result<Vec<OpenTask>> {
        let rows = sqlx::query_as::<_, TaskRow>(concat!(
            "select investigations.id, investigations.title, follow_ups.task, follow_ups.due from follow_ups
                 join investigations on investigations.id = follow_ups.investigation
                 where follow_ups.owner = $1 and follow_ups.done_at_ms is null and ",
            seen_by!("$3"),
            "order by coalesce(follow_ups.due, '9999'), follow_ups.id limit $2"
        ))
        .bind(owner.as_str())
        .bind(MOST_LINES as i64)
        .bind(seeing(sight))
        .fetch_all(&self.pool)
        .await?;
        let task = |row: TaskRow| OpenTask {
            investigation: InvestigationName { id: row.id, title: row.title },
            task: row.task,
            due: row.due,
        };
        Ok(rows.into_iter().map(task).collect())
    }

    /// Notes that hold a name behind an at sign, the last first; some may go on with other letters.
    pub async fn naming(&self, called: &str, sight: &Sight) -> Result<Vec<Mention>> {
        let rows = sqlx::query_as::<_, MentionRow>(concat!(
            "select investigations.id, investigations.title, notes.id as note, notes.author, notes.text, notes.at_ms
                 from notes join investigations on investigations.id = notes.investigation
                 where lower(notes.text) like $1 escape '!' and ",
            seen_by!("$3"),
            "order by notes.id desc limit $2"
        ))
        .bind(format!("%@{}%", literal(&called.to_lowercase())))
        .bind(MOST_LINES as i64)
        .bind(seeing(sight))
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(Mention {
                    investigation: InvestigationName { id: row.id, title: row.title },
                    note: row.note,
                    author: Actor::try_from(row.author)?,
                    text: row.text,
                    at_ms: row.at_ms,
                })
            })
            .collect()
    }
}
