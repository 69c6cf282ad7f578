//! Models: what people say of one, what its rows are compared with, and how it does over time.

use checks::unwatched::unwatched;
use domain::model::{
    Against, EditModel, Model, ModelLine, REFERENCE_ROLES, Trend, Unwatched, VERSION_CHARACTERS, WatchFacts,
};
use domain::related::{Related, RelatedBy};
use domain::snapshot::{Roles, SnapshotRole};
use domain::visitor::Sight;
use domain::{Actor, Item, Problem};

use crate::Service;
use crate::investigations::{checked_name, line};
use crate::related::related;
use crate::store::{ModelRow, now_ms};

/// Models that one list holds.
const MOST_MODELS: i64 = 500;
/// Windows of one trend.
const MOST_POINTS: i64 = 400;
/// Columns that people name roles for.
const MOST_NAMED_COLUMNS: usize = 2_000;

/// Where a reference is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceFrom<'a> {
    /// A file that arrived.
    Arrival(&'a str),
    /// The training, validation and test data of an investigation of the model.
    Investigation(&'a str),
}

impl Service {
    /// The models that somebody sees, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn models(&self, sight: &Sight) -> Result<Vec<ModelLine>, Problem> {
        Ok(self.inner.store.model_lines(MOST_MODELS, sight).await?)
    }

    /// # Errors
    /// `NotFound` for a model that neither an arrival nor an investigation has named.
    pub async fn model(&self, name: &str) -> Result<Model, Problem> {
        let store = &self.inner.store;
        let row = self.model_row(name).await?;
        Ok(Model {
            reference: store.references(&row.name).await?,
            versions: store.versions(&row.name).await?,
            name: row.name,
            task: row.task,
            owner: row.owner,
            roles: row.roles,
            created_by: row.created_by,
            created_at_ms: row.created_at_ms,
            changed_by: row.changed_by,
            changed_at_ms: row.changed_at_ms,
        })
    }

    pub(crate) async fn model_row(&self, name: &str) -> Result<ModelRow, Problem> {
        let row = self.inner.store.model(&model_name(name)?).await?;
        row.ok_or_else(no_model)
    }

    /// Keeps what people say of a model; one that nobody has named before is made.
    ///
    /// # Errors
    /// `BadInput` when a text is too long or not on one line.
    pub async fn edit_model(&self, name: &str, edit: EditModel) -> Result<Model, Problem> {
        let name = model_name(name)?;
        let _alone = self.inner.changing.lock().await;
        let before = self.inner.store.model(&name).await?;
        let (task, owner, roles) =
            before.map_or((None, String::new(), Roles::default()), |row| (row.task, row.owner, row.roles));
        let owner = edit.owner.map_or(Ok(owner), |owner| line("the owner's name", &owner))?;
        let roles = edit.roles.unwrap_or(roles);
        check_named(&roles)?;
        self.inner.store.set_model(&name, edit.task.or(task), &owner, &roles, &edit.author).await?;
        self.model(&name).await
    }

    /// Says what served rows are compared with from now on. Windows that were judged stay as they are; those that had nothing to
    /// be compared with are judged now.
    ///
    /// # Errors
    /// `NotFound` without the model, the arrival or the investigation; `BadInput` where it holds no training data.
    pub async fn pin_reference(&self, name: &str, from: ReferenceFrom<'_>, actor: &Actor) -> Result<Model, Problem> {
        let model = self.model_row(name).await?.name;
        let (version, pinned, files) = match from {
            ReferenceFrom::Arrival(id) => {
                let arrival = self.arrival_of(&model, id).await?.arrival;
                if !REFERENCE_ROLES.contains(&arrival.role) {
                    return Err(Problem::bad_input(format!(
                        "{} has the role {}. Only training, validation and test data can be the reference.",
                        arrival.snapshot.name,
                        arrival.role.id()
                    )));
                }
                (arrival.version, Some(arrival.id), vec![(arrival.role, arrival.snapshot.id)])
            }
            ReferenceFrom::Investigation(id) => (String::new(), None, self.training_of(&model, id).await?),
        };
        let of = (version.as_str(), pinned.as_deref());
        if !self.inner.store.set_references(&model, of, &files, actor).await? {
            return Err(no_arrival());
        }
        self.wake_workers();
        self.model(&model).await
    }

    /// The files of an investigation that come from training.
    async fn training_of(&self, model: &str, investigation: &str) -> Result<Vec<(SnapshotRole, String)>, Problem> {
        let row = self.require_investigation(investigation).await?;
        if row.model != model {
            return Err(crate::investigations::no_investigation());
        }
        let inputs = self.inner.store.inputs(investigation).await?.into_iter();
        let mut files: Vec<(SnapshotRole, String)> = Vec::new();
        for (role, stored) in inputs.filter(|(role, _)| REFERENCE_ROLES.contains(role)) {
            if files.iter().all(|(known, _)| *known != role) {
                files.push((role, stored.snapshot.id));
            }
        }
        match files.iter().any(|(role, _)| *role == SnapshotRole::Train) {
            true => Ok(files),
            false => Err(Problem::bad_input(
                "This investigation has no training data among its inputs. Choose another one, or send the training data.",
            )),
        }
    }

    /// What nobody watches of a model.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unwatched(&self, model: &Model) -> Result<Vec<Unwatched>, Problem> {
        let facts = WatchFacts {
            has_reference: model.reference.iter().any(|one| one.role == SnapshotRole::Train),
            has_owner: !model.owner.is_empty(),
            has_rules: !self.inner.store.rules_of(&model.name).await?.is_empty(),
            has_channels: self.channels_of(&model.name).await? > 0,
            ..self.inner.store.watch_facts(&model.name).await?
        };
        Ok(unwatched(&facts, now_ms()))
    }

    /// The investigations of a model that are listed, the last changed first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn investigations_of(&self, model: &str) -> Result<Vec<Related>, Problem> {
        // The id of no investigation: all of them are others.
        let others = self.inner.store.others_of_model("", model).await?;
        Ok(others.into_iter().map(|other| related(other, RelatedBy::Model)).collect())
    }

    /// What is known along time of an item, of one column or as a whole (an empty name), and of a metric.
    ///
    /// # Errors
    /// `NotFound` without the model.
    pub async fn trend(
        &self,
        model: &str,
        of: Option<(Item, &str)>,
        against: Against,
        metric: Option<&str>,
    ) -> Result<Trend, Problem> {
        let (store, model) = (&self.inner.store, self.model_row(model).await?.name);
        let results = match of {
            Some((item, column)) => store.trend(&model, item, column, against, MOST_POINTS).await?,
            None => Vec::new(),
        };
        let metric = match metric {
            Some(metric) => store.metric_trend(&model, metric, MOST_POINTS).await?,
            None => Vec::new(),
        };
        Ok(Trend { results, metric })
    }

    /// The columns of which an item said something in a window.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn columns_of(&self, arrival: &str, item: Item) -> Result<Vec<String>, Problem> {
        Ok(self.inner.store.columns_of(arrival, item).await?)
    }
}

pub(crate) fn no_arrival() -> Problem {
    Problem::not_found("The model has no such arrival. It may have been taken out.")
}

/// A model's name as it is kept.
pub(crate) fn model_name(name: &str) -> Result<String, Problem> {
    let name = checked_name(name)?;
    if name.is_empty() { Err(Problem::bad_input("Say which model.")) } else { Ok(name) }
}

/// A version's name as it is kept; empty for none.
pub(crate) fn version_name(version: &str) -> Result<String, Problem> {
    let version = line("the version", version)?;
    if version.chars().count() > VERSION_CHARACTERS {
        return Err(Problem::bad_input(format!("Shorten the version to at most {VERSION_CHARACTERS} characters.")));
    }
    Ok(version)
}

/// Which columns there will be is not known yet; their names have to be names.
fn check_named(roles: &Roles) -> Result<(), Problem> {
    if roles.iter().count() > MOST_NAMED_COLUMNS {
        return Err(Problem::bad_input(format!("Name roles for at most {MOST_NAMED_COLUMNS} columns.")));
    }
    for (_, column) in roles.iter() {
        line("the name of a column", column)?;
    }
    Ok(())
}

pub(crate) fn no_model() -> Problem {
    Problem::not_found("There is no such model. Send a file for it, or name it in an investigation.")
}
