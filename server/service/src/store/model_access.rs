//! Who may do what with a model, and whose files are whose.

use std::collections::{BTreeMap, BTreeSet};

use domain::account::Role;
use domain::model_access::{ModelAccess, ModelRoles, Openness};
use domain::visitor::Sight;

use super::accounts::role_of;
use super::row::row;
use super::{Along, Result, Store, to_word};

/// Names of models that are listed.
const MOST_MODELS: i64 = 1_000;

/// Whether the account in a parameter sees the model that a column names; an empty one sees everything.
macro_rules! model_seen_by {
    ($model:literal, $account:literal) => {
        concat!(
            "(",
            $account,
            " = '' or not exists (select 1 from closed_models where closed_models.model = ",
            $model,
            ") or exists (select 1 from members where members.model = ",
            $model,
            " and members.account = ",
            $account,
            ")) "
        )
    };
}

/// The same of a row of `investigations`.
macro_rules! seen_by {
    ($account:literal) => {
        model_seen_by!("investigations.model", $account)
    };
}

/// Whether the account in a parameter sees a row of `snapshots`: by an investigation or a model that uses it, or because they
/// brought it.
macro_rules! snapshot_seen_by {
    ($account:literal) => {
        concat!(
            "(",
            $account,
            " = '' or not exists (select 1 from closed_models)
              or exists (select 1 from brought where brought.snapshot = snapshots.id and brought.account = ",
            $account,
            ") or exists (
                select 1 from investigation_inputs
                join investigations on investigations.id = investigation_inputs.investigation
                where investigation_inputs.snapshot = snapshots.id and ",
            seen_by!($account),
            ") or exists (
                select 1 from arrivals where arrivals.snapshot = snapshots.id and ",
            model_seen_by!("arrivals.model", $account),
            ") or exists (
                select 1 from model_references where model_references.snapshot = snapshots.id and ",
            model_seen_by!("model_references.model", $account),
            ")) "
        )
    };
}

pub(super) use {model_seen_by, seen_by, snapshot_seen_by};

/// The parameter of [`seen_by`].
pub(super) fn seeing(sight: &Sight) -> &str {
    match sight {
        Sight::All => "",
        Sight::Of(account) => account,
    }
}

row! {
    struct ModelRow {
        model: String,
    }
}

row! {
    struct MemberRow {
        id: String,
        role: String,
    }
}

row! {
    struct StandingRow {
        model: String,
        closed: i64,
        members: i64,
    }
}

row! {
    struct Count {
        count: i64,
    }
}

impl Store {
    /// What an account may do with models, where that differs from its role elsewhere.
    pub async fn model_roles(&self, account: &str) -> Result<ModelRoles> {
        let closed = self.closed_models().await?;
        let rows = sqlx::query_as::<_, MemberRow>("select model as id, role from members where account = $1")
            .bind(account)
            .fetch_all(&self.pool)
            .await?;
        let member: Result<BTreeMap<String, Role>> =
            rows.into_iter().map(|row| Ok((row.id, role_of(&row.role)?))).collect();
        Ok(ModelRoles { closed, member: member? })
    }

    /// The models that are for their members only.
    pub async fn closed_models(&self) -> Result<BTreeSet<String>> {
        let closed = sqlx::query_as::<_, ModelRow>("select model from closed_models").fetch_all(&self.pool).await?;
        Ok(closed.into_iter().map(|row| row.model).collect())
    }

    pub async fn model_access(&self, model: &str) -> Result<ModelAccess> {
        let closed = sqlx::query_as::<_, ModelRow>("select model from closed_models where model = $1")
            .bind(model)
            .fetch_optional(&self.pool)
            .await?;
        let rows = sqlx::query_as::<_, MemberRow>("select account as id, role from members where model = $1")
            .bind(model)
            .fetch_all(&self.pool)
            .await?;
        let members: Result<Vec<_>> = rows.into_iter().map(|row| Ok((row.id, role_of(&row.role)?))).collect();
        let openness = if closed.is_some() { Openness::Members } else { Openness::Everybody };
        Ok(ModelAccess { model: model.to_owned(), openness, members: members? })
    }

    /// Every model that there is or that somebody decided about: its name, who sees it, and how many members.
    pub async fn model_standings(&self) -> Result<Vec<(String, Openness, u64)>> {
        let rows = sqlx::query_as::<_, StandingRow>(
            "select named.model,
                    (select count(*) from closed_models where closed_models.model = named.model) as closed,
                    (select count(*) from members where members.model = named.model) as members
             from (select name as model from models union select model from closed_models
                   union select model from members) named
             order by named.model limit $1",
        )
        .bind(MOST_MODELS)
        .fetch_all(&self.pool)
        .await?;
        let openness = |closed| if closed > 0 { Openness::Members } else { Openness::Everybody };
        Ok(rows.into_iter().map(|row| (row.model, openness(row.closed), row.members as u64)).collect())
    }

    pub async fn set_openness(&self, model: &str, openness: Openness, along: &[Along<'_>]) -> Result<()> {
        let change = match openness {
            Openness::Everybody => "delete from closed_models where model = $1",
            Openness::Members => "insert into closed_models (model) values ($1) on conflict do nothing",
        };
        self.change(change, &[model], along).await?;
        Ok(())
    }

    /// Gives a role in a model; without one the account has the role that it has everywhere.
    pub async fn set_member(&self, model: &str, account: &str, role: Option<Role>, along: &[Along<'_>]) -> Result<()> {
        let Some(role) = role else {
            let change = "delete from members where model = $1 and account = $2";
            self.change(change, &[model, account], along).await?;
            return Ok(());
        };
        let change = "insert into members (model, account, role) values ($1, $2, $3)
                      on conflict (model, account) do update set role = excluded.role";
        self.change(change, &[model, account, &to_word("role", &role)?], along).await?;
        Ok(())
    }

    /// The name of the model that an investigation is about; `None` without the investigation.
    pub async fn model_of(&self, investigation: &str) -> Result<Option<String>> {
        let row = sqlx::query_as::<_, ModelRow>("select model from investigations where id = $1").bind(investigation);
        Ok(row.fetch_optional(&self.pool).await?.map(|row| row.model))
    }

    /// Whether somebody sees a snapshot; `false` where there is none.
    pub async fn sees_snapshot(&self, id: &str, sight: &Sight) -> Result<bool> {
        let found = sqlx::query_as::<_, Count>(concat!(
            "select count(*) as count from snapshots where id = $1 and ",
            snapshot_seen_by!("$2")
        ))
        .bind(id)
        .bind(seeing(sight))
        .fetch_one(&self.pool)
        .await?;
        Ok(found.count > 0)
    }

    /// Notes who brought a snapshot.
    pub async fn insert_brought(&self, snapshot: &str, account: &str) -> Result<()> {
        let change = "insert into brought (snapshot, account) values ($1, $2) on conflict do nothing";
        self.change(change, &[snapshot, account], &[]).await?;
        Ok(())
    }
}
