//! Models, and what their rows are compared with.

use domain::Actor;
use domain::evaluation::Task;
use domain::model::{ModelLine, NamedSnapshot, Reference};
use domain::snapshot::{Roles, SnapshotRole};
use domain::visitor::Sight;
use sqlx::AnyConnection;

use super::model_access::{model_seen_by, seeing};
use super::row::row;
use super::waiting::{hold_arrival, judge_what_waited};
use super::{Result, Store, from_json, from_word, now_ms, to_json, to_word};

/// Versions of one model that are named.
const MOST_VERSIONS: i64 = 50;

/// A model's own columns.
#[derive(Debug, Clone)]
pub struct ModelRow {
    pub name: String,
    pub task: Option<Task>,
    pub owner: String,
    pub roles: Roles,
    pub created_by: Actor,
    pub created_at_ms: i64,
    pub changed_by: Actor,
    pub changed_at_ms: i64,
}

row! {
    struct Row {
        name: String,
        task: Option<String>,
        owner: String,
        roles: String,
        created_by: String,
        created_at_ms: i64,
        changed_by: String,
        changed_at_ms: i64,
    }
}

impl Row {
    fn into_model(self) -> Result<ModelRow> {
        Ok(ModelRow {
            name: self.name,
            task: task_of(self.task.as_deref())?,
            owner: self.owner,
            roles: from_json("column roles", &self.roles)?,
            created_by: Actor::try_from(self.created_by)?,
            created_at_ms: self.created_at_ms,
            changed_by: Actor::try_from(self.changed_by)?,
            changed_at_ms: self.changed_at_ms,
        })
    }
}

fn task_of(word: Option<&str>) -> Result<Option<Task>> {
    word.map(|word| from_word("task", word)).transpose()
}

row! {
    struct ReferenceRow {
        version: String,
        role: String,
        snapshot: String,
        file: String,
        sha256: String,
        row_count: i64,
        author: String,
        at_ms: i64,
    }
}

impl ReferenceRow {
    fn into_reference(self) -> Result<Reference> {
        Ok(Reference {
            version: self.version,
            role: from_word("snapshot role", &self.role)?,
            snapshot: NamedSnapshot {
                id: self.snapshot,
                name: self.file,
                sha256: self.sha256,
                rows: self.row_count as u64,
            },
            author: Actor::try_from(self.author)?,
            at_ms: self.at_ms,
        })
    }
}

row! {
    struct LineRow {
        name: String,
        task: Option<String>,
        owner: String,
        trains: i64,
        windows: i64,
        investigations: i64,
        last_at_ms: Option<i64>,
        judged: Option<String>,
    }
}

impl LineRow {
    fn into_line(self) -> Result<ModelLine> {
        Ok(ModelLine {
            name: self.name,
            task: task_of(self.task.as_deref())?,
            owner: self.owner,
            has_reference: self.trains > 0,
            windows: self.windows as u64,
            investigations: self.investigations as u64,
            last_at_ms: self.last_at_ms,
            window: self.judged.map(|judged| from_json("judged window", &judged)).transpose()?,
        })
    }
}

impl Store {
    /// Makes a model's row where there is none.
    pub async fn ensure_named_model(&self, name: &str, by: &Actor) -> Result<()> {
        let mut transaction = self.writers.begin().await?;
        ensure_model(&mut transaction, name, by, now_ms()).await?;
        Ok(transaction.commit().await?)
    }
}

/// Makes sure that a model has its row, and that nobody else writes what belongs to it until the transaction ends. No name is
/// no model.
pub(super) async fn ensure_model(connection: &mut AnyConnection, name: &str, by: &Actor, at_ms: i64) -> Result<()> {
    if name.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "insert into models (name, task, owner, roles, created_by, created_at_ms, changed_by, changed_at_ms)
         values ($1, null, '', $2, $3, $4, $3, $4)
         on conflict (name) do update set changed_at_ms = models.changed_at_ms",
    )
    .bind(name)
    .bind(to_json("column roles", &Roles::default())?)
    .bind(by.as_str())
    .bind(at_ms)
    .execute(connection)
    .await?;
    Ok(())
}

/// Pins a snapshot where nothing has its role in the version yet; whether nothing had.
pub(super) async fn pin_first(
    connection: &mut AnyConnection,
    model: &str,
    (version, role, snapshot): (&str, SnapshotRole, &str),
    (author, at_ms): (&Actor, i64),
) -> Result<bool> {
    let pinned = sqlx::query(
        "insert into model_references (model, version, role, snapshot, author, at_ms) values ($1, $2, $3, $4, $5, $6)
         on conflict (model, version, role) do nothing",
    )
    .bind(model)
    .bind(version)
    .bind(to_word("snapshot role", &role)?)
    .bind(snapshot)
    .bind(author.as_str())
    .bind(at_ms)
    .execute(connection)
    .await?;
    Ok(pinned.rows_affected() == 1)
}

impl Store {
    pub async fn model(&self, name: &str) -> Result<Option<ModelRow>> {
        let row = sqlx::query_as::<_, Row>("select * from models where name = $1").bind(name);
        row.fetch_optional(&self.pool).await?.map(Row::into_model).transpose()
    }

    /// Keeps what people say of a model, which is made where there is none.
    pub async fn set_model(
        &self,
        name: &str,
        task: Option<Task>,
        owner: &str,
        roles: &Roles,
        by: &Actor,
    ) -> Result<()> {
        let mut transaction = self.writers.begin().await?;
        ensure_model(&mut transaction, name, by, now_ms()).await?;
        sqlx::query(
            "update models set task = $2, owner = $3, roles = $4, changed_by = $5, changed_at_ms = $6 where name = $1",
        )
        .bind(name)
        .bind(task.map(|task| to_word("task", &task)).transpose()?)
        .bind(owner)
        .bind(to_json("column roles", roles)?)
        .bind(by.as_str())
        .bind(now_ms())
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// The models that somebody sees, by name, each with its last window.
    pub async fn model_lines(&self, limit: i64, sight: &Sight) -> Result<Vec<ModelLine>> {
        let rows = sqlx::query_as::<_, LineRow>(concat!(
            "select models.name, models.task, models.owner,
                    (select count(*) from model_references
                     where model_references.model = models.name and model_references.role = 'train') as trains,
                    (select count(*) from arrivals where arrivals.model = models.name and arrivals.role = 'serve')
                        as windows,
                    (select count(*) from investigations
                     where investigations.model = models.name and archived_at_ms is null) as investigations,
                    (select max(at_ms) from arrivals where arrivals.model = models.name and arrivals.role = 'serve')
                        as last_at_ms,
                    (select judged from arrivals
                     where arrivals.model = models.name and arrivals.role = 'serve' and judged is not null
                     order by at_ms desc, id desc limit 1) as judged
             from models where ",
            model_seen_by!("models.name", "$2"),
            "order by lower(models.name), models.name limit $1"
        ))
        .bind(limit)
        .bind(seeing(sight))
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(LineRow::into_line).collect()
    }

    /// What the rows of a model are compared with, the one pinned last first.
    pub async fn references(&self, model: &str) -> Result<Vec<Reference>> {
        let rows = sqlx::query_as::<_, ReferenceRow>(
            "select version, role, snapshot, snapshots.name as file, snapshots.sha256, snapshots.row_count,
                    model_references.author, model_references.at_ms
             from model_references join snapshots on snapshots.id = model_references.snapshot
             where model_references.model = $1 order by model_references.at_ms desc, version, role",
        )
        .bind(model)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(ReferenceRow::into_reference).collect()
    }

    /// Puts these files in the place of what has their roles in a version. Windows that had nothing to be compared with are
    /// judged now. `false`, with nothing changed, where the arrival that they are of was taken out meanwhile.
    pub async fn set_references(
        &self,
        model: &str,
        (version, arrival): (&str, Option<&str>),
        files: &[(SnapshotRole, String)],
        by: &Actor,
    ) -> Result<bool> {
        let mut transaction = self.writers.begin().await?;
        if let Some(arrival) = arrival
            && !hold_arrival(&mut transaction, arrival).await?
        {
            transaction.rollback().await?;
            return Ok(false);
        }
        let now = now_ms();
        ensure_model(&mut transaction, model, by, now).await?;
        for (role, snapshot) in files {
            sqlx::query("delete from model_references where model = $1 and version = $2 and role = $3")
                .bind(model)
                .bind(version)
                .bind(to_word("snapshot role", role)?)
                .execute(&mut *transaction)
                .await?;
            pin_first(&mut transaction, model, (version, *role, snapshot), (by, now)).await?;
        }
        judge_what_waited(&mut transaction, model).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// The versions that arrivals named, the one seen last first.
    pub async fn versions(&self, model: &str) -> Result<Vec<String>> {
        let rows: Vec<(String,)> = sqlx::query_as(
            "select version from arrivals where model = $1 and version <> '' group by version
             order by max(at_ms) desc, version limit $2",
        )
        .bind(model)
        .bind(MOST_VERSIONS)
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(|(version,)| version).collect())
    }
}
