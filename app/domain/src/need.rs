//! What a check lacks, as a type. The sentence people read ([`Need::words`]) and the offer of what to bring (`offer.rs` in
//! checks) both come from it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::evaluation::Task;
use crate::observation::SignalKind;
use crate::snapshot::{ColumnRole, SnapshotRole};

mod words;

pub use words::in_words;

/// One thing that a check lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Need {
    /// Rows of any kind.
    AnyTable,
    Tables(Tables),
    /// More rows in a table that is there.
    MoreRows(MoreRows),
    /// Nobody said which column has this role.
    ColumnName {
        role: ColumnRole,
        /// The tables that must have it, each with its alternatives; empty where any table will do.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tables: Vec<Vec<SnapshotRole>>,
    },
    /// The same rows in serve and offline.
    Joined(Joined),
    Run(Run),
    /// The decision threshold in use.
    Threshold,
    LearningCurve,
    ServingLog {
        /// The columns it must have.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        columns: Vec<LogField>,
    },
    Fact(Fact),
    /// An earlier diagnosis with a test set of the same columns.
    EarlierTestSet,
    /// Features that say more about the label, or more rows than these.
    ClearerLabel {
        rows: u64,
    },
    /// Labelled rows from before serving that are like the served ones.
    RowsLikeServed,
    /// The check does not cover this task.
    OtherTask {
        found: Task,
        covered: Vec<Task>,
    },
    AllOf {
        #[schema(no_recursion)]
        needs: Vec<Need>,
    },
    AnyOf {
        #[schema(no_recursion)]
        needs: Vec<Need>,
    },
}

/// Snapshots of rows and what they must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Tables {
    /// All of these, each with its alternatives.
    pub snapshots: Vec<Vec<SnapshotRole>>,
    /// All of these columns, each with its alternatives.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Vec<ColumnRole>>,
    /// The smallest number of rows of each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// The smallest and the largest number of classes of the label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classes: Option<(u32, u32)>,
    /// What all of them must have in common.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared: Option<Shared>,
}

/// A table that is there and has too few rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MoreRows {
    pub snapshot: SnapshotRole,
    pub found: u64,
    /// This many rows would do.
    pub needed: u64,
    /// What they would show, as a noun phrase; absent where fewer rows show nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub to_see: Option<String>,
}

/// How many columns several tables must share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Shared {
    pub count: u32,
    pub of: SharedColumns,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SharedColumns {
    Columns,
    Features,
    NumericFeatures,
    CategoricalFeatures,
}

/// What the join of serve with offline must give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Joined {
    /// The training pipeline's values for the served rows.
    Values,
    /// Predictions of both sides.
    Predictions,
    /// A column by which the rows can be joined.
    Key,
    Rows {
        key: String,
        needed: u64,
        found: u64,
    },
}

/// Evaluation runs and what they must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Run {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<Task>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with: Option<RunPart>,
    /// The splits whose rows it must have, each with its alternatives.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub splits: Vec<Vec<SnapshotRole>>,
    /// How many runs on the same rows, where one is not enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runs: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunPart {
    Scores,
    /// Scores from 0 to 1.
    Probabilities,
    Classes,
    /// The task that the served rows have.
    TaskOfServe,
}

/// A column of a serving log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogField {
    Time,
    Latency,
    Status,
    Version,
    Confidence,
}

/// What other tools know: a kind of observation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    CostMatrix {
        /// The classes each pair of which must have a finite cost; empty where there is no matrix at all.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        classes: Vec<String>,
    },
    Series {
        /// One series of each; empty for any.
        kinds: Vec<SignalKind>,
        /// The smallest number of points each, over the same time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        points: Option<u32>,
    },
    /// Whether a higher value of this signal is better.
    Direction {
        signal: String,
    },
    AlertRules,
    Deployments,
    ResourceUse,
    ModelDigests,
    Environments,
    /// What other tools checked.
    ToolChecks,
}

impl Need {
    pub fn train_and_serve() -> Need {
        Tables::all([SnapshotRole::Train, SnapshotRole::Serve]).into()
    }

    /// Training rows and held-out rows.
    pub fn splits() -> Need {
        Tables::all([SnapshotRole::Train]).and_one_of([SnapshotRole::Test, SnapshotRole::Validation]).into()
    }

    pub fn labelled_train() -> Need {
        Tables::all([SnapshotRole::Train]).with([ColumnRole::Label]).into()
    }

    pub fn timed_serve() -> Need {
        Tables::all([SnapshotRole::Serve]).with([ColumnRole::Time]).into()
    }

    pub fn column(role: ColumnRole) -> Need {
        Need::ColumnName { role, tables: Vec::new() }
    }

    pub fn serving_log<const N: usize>(columns: [LogField; N]) -> Need {
        Need::ServingLog { columns: columns.to_vec() }
    }

    pub fn series<const N: usize>(kinds: [SignalKind; N]) -> Need {
        Need::Fact(Fact::Series { kinds: kinds.to_vec(), points: None })
    }

    pub fn cost_matrix() -> Need {
        Need::Fact(Fact::CostMatrix { classes: Vec::new() })
    }

    pub fn any_of<const N: usize>(needs: [Need; N]) -> Need {
        Need::AnyOf { needs: needs.into() }
    }

    pub fn all_of<const N: usize>(needs: [Need; N]) -> Need {
        Need::AllOf { needs: needs.into() }
    }
}

impl Tables {
    /// Each of these.
    pub fn all<const N: usize>(roles: [SnapshotRole; N]) -> Tables {
        Tables { snapshots: roles.map(|role| vec![role]).into(), ..Tables::default() }
    }

    /// Any one of these.
    pub fn one_of<const N: usize>(roles: [SnapshotRole; N]) -> Tables {
        Tables::default().and_one_of(roles)
    }

    pub fn and_one_of<const N: usize>(mut self, roles: [SnapshotRole; N]) -> Tables {
        self.snapshots.push(roles.into());
        self
    }

    /// With a column of one of these roles.
    pub fn with<const N: usize>(mut self, roles: [ColumnRole; N]) -> Tables {
        self.columns.push(roles.into());
        self
    }

    pub fn rows(self, rows: u64) -> Tables {
        Tables { rows: Some(rows), ..self }
    }

    pub fn classes(self, fewest: u32, most: u32) -> Tables {
        Tables { classes: Some((fewest, most)), ..self }
    }

    pub fn sharing(self, count: u32, of: SharedColumns) -> Tables {
        Tables { shared: Some(Shared { count, of }), ..self }
    }
}

impl Run {
    pub fn any() -> Run {
        Run::default()
    }

    pub fn of(task: Task) -> Run {
        Run { task: Some(task), ..Run::default() }
    }

    pub fn with(self, part: RunPart) -> Run {
        Run { with: Some(part), ..self }
    }

    /// With rows of one of these splits.
    pub fn on<const N: usize>(mut self, splits: [SnapshotRole; N]) -> Run {
        self.splits.push(splits.into());
        self
    }

    pub fn at_least(self, runs: u32) -> Run {
        Run { runs: Some(runs), ..self }
    }
}

impl From<Tables> for Need {
    fn from(tables: Tables) -> Need {
        Need::Tables(tables)
    }
}

impl From<Run> for Need {
    fn from(run: Run) -> Need {
        Need::Run(run)
    }
}

impl From<Joined> for Need {
    fn from(joined: Joined) -> Need {
        Need::Joined(joined)
    }
}

impl From<Fact> for Need {
    fn from(fact: Fact) -> Need {
        Need::Fact(fact)
    }
}
