//! Snapshots: one table of rows each, or one artifact of another tool; never changed once stored.

mod roles;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::number::count;

pub use roles::{ColumnRole, NamedRole, Roles};

/// The role of a snapshot in an investigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SnapshotRole {
    /// The rows the model was trained on: the reference of every comparison.
    Train,
    Validation,
    Test,
    /// The rows the model gets in serving.
    Serve,
    /// The training pipeline's values for the same rows as serve, joined by id.
    Offline,
    /// The model's answers to the served rows after what a suspect says was undone in them, joined by id.
    Repaired,
    /// Predictions with their labels: an evaluation run. Without labels, joined by id to the rows that were predicted.
    Predictions,
    /// Labels that came later, joined by id to the rows that they are about.
    Labels,
    /// One row per epoch: a learning curve.
    LearningCurve,
    /// One row per request: a serving log.
    ServingLog,
    /// A file of another tool: not a table, but facts that are read from it.
    Artifact,
}

impl SnapshotRole {
    pub const ALL: [SnapshotRole; 11] = [
        SnapshotRole::Train,
        SnapshotRole::Serve,
        SnapshotRole::Validation,
        SnapshotRole::Test,
        SnapshotRole::Offline,
        SnapshotRole::Repaired,
        SnapshotRole::Predictions,
        SnapshotRole::Labels,
        SnapshotRole::LearningCurve,
        SnapshotRole::ServingLog,
        SnapshotRole::Artifact,
    ];

    /// The name in JSON, forms and addresses.
    pub fn id(self) -> &'static str {
        match self {
            SnapshotRole::Train => "train",
            SnapshotRole::Validation => "validation",
            SnapshotRole::Test => "test",
            SnapshotRole::Serve => "serve",
            SnapshotRole::Offline => "offline",
            SnapshotRole::Repaired => "repaired",
            SnapshotRole::Predictions => "predictions",
            SnapshotRole::Labels => "labels",
            SnapshotRole::LearningCurve => "learningcurve",
            SnapshotRole::ServingLog => "servinglog",
            SnapshotRole::Artifact => "artifact",
        }
    }

    /// The words shown to people.
    pub fn words(self) -> &'static str {
        match self {
            SnapshotRole::Train => "Train",
            SnapshotRole::Validation => "Validation",
            SnapshotRole::Test => "Test",
            SnapshotRole::Serve => "Serve",
            SnapshotRole::Offline => "Offline features",
            SnapshotRole::Repaired => "Answers to repaired rows",
            SnapshotRole::Predictions => "Evaluation run",
            SnapshotRole::Labels => "Labels by id",
            SnapshotRole::LearningCurve => "Learning curve",
            SnapshotRole::ServingLog => "Serving log",
            SnapshotRole::Artifact => "Artifact of another tool",
        }
    }

    pub fn from_id(id: &str) -> Option<SnapshotRole> {
        SnapshotRole::ALL.into_iter().find(|role| role.id() == id)
    }

    /// Whether it is a table of rows. An artifact is not, so a file cannot change between the two kinds of role.
    pub fn is_table(self) -> bool {
        self != SnapshotRole::Artifact
    }

    /// Whether its columns are compared with those of others. Evaluation runs and learning curves are measured as they are.
    pub fn is_compared(self) -> bool {
        !matches!(
            self,
            SnapshotRole::Repaired
                | SnapshotRole::Predictions
                | SnapshotRole::Labels
                | SnapshotRole::LearningCurve
                | SnapshotRole::Artifact
        )
    }

    /// Whether several files of one investigation may have it. Several windows of served rows are read as one table.
    pub fn may_repeat(self) -> bool {
        self == SnapshotRole::Serve || (self != SnapshotRole::Repaired && !self.is_compared())
    }
}

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ColumnKind {
    Numeric,
    Categorical,
    Boolean,
    Datetime,
    /// Free text or identifiers: too many different values to compare as categories; its shape is compared.
    Text,
    /// Lists, structs, binary: stored and shown, not compared.
    Nested,
    /// Nothing but nulls.
    Empty,
}

impl ColumnKind {
    pub fn word(self) -> &'static str {
        match self {
            ColumnKind::Numeric => "numeric",
            ColumnKind::Categorical => "categorical",
            ColumnKind::Boolean => "boolean",
            ColumnKind::Datetime => "datetime",
            ColumnKind::Text => "text",
            ColumnKind::Nested => "nested",
            ColumnKind::Empty => "empty",
        }
    }
}

/// One column of a snapshot, as its reader understood it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Column {
    pub name: String,
    pub kind: ColumnKind,
    /// The guessed role; people may change it on the investigation.
    pub role: ColumnRole,
    /// What its values look like; null for what was stored before this was kept.
    #[serde(default)]
    #[schema(required)]
    pub glance: Option<Glance>,
}

/// What the values of a column look like, from the rows that were looked at when the file arrived.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Glance {
    /// Rows with a value.
    pub filled: u64,
    /// Different values.
    pub distinct: u64,
    /// All numbers are whole.
    pub whole: bool,
    /// Smallest number or time (in milliseconds since 1970-01-01 UTC); null for a column of neither.
    #[schema(required)]
    pub low: Option<f64>,
    /// Largest number or time.
    #[schema(required)]
    pub high: Option<f64>,
    /// The different values, where there are only a few.
    pub values: Vec<String>,
}

impl Glance {
    /// Different values up to which they are kept.
    pub const FEW: usize = 20;

    /// Nearly every row has its own value.
    pub fn is_key(&self) -> bool {
        self.filled > 1 && self.distinct * 100 >= self.filled * 95
    }
}

/// A note of the reader of a snapshot for people: what it detected, skipped or repaired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReadNote {
    /// The column it is about, if it is about one.
    #[schema(required)]
    pub column: Option<String>,
    pub message: String,
}

/// One stored table of rows, or one stored artifact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Snapshot {
    pub id: String,
    /// The name of the file it came in.
    pub name: String,
    /// Of its bytes, in hexadecimal.
    pub sha256: String,
    pub size_bytes: u64,
    /// Of an artifact, the number of observations.
    pub rows: u64,
    /// Empty for an artifact.
    pub columns: Vec<Column>,
    /// Where it came from, in words: "upload", a path, an address.
    pub origin: String,
    /// The file format, in words, such as `CSV, separator ";", decimal comma, Windows-1252`.
    pub format: String,
    pub notes: Vec<ReadNote>,
    /// The role guessed from its name and columns.
    pub guessed_role: SnapshotRole,
    /// Milliseconds since 1970-01-01 UTC, as every time in the contracts.
    pub created_at_ms: i64,
}

impl Snapshot {
    pub fn has_column(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column.name == name)
    }

    /// What its columns were guessed to be for when it arrived.
    pub fn guessed_roles(&self) -> Roles {
        self.columns.iter().map(|column| (column.role, column.name.as_str())).collect()
    }

    /// How much it holds: `50,000 × 12` (rows by columns), or of an artifact what it is.
    pub fn extent(&self) -> String {
        match self.guessed_role.is_table() {
            true => format!("{} × {}", count(self.rows), self.columns.len()),
            false => self.format.clone(),
        }
    }
}

/// The first rows of a snapshot as text, shown before anything is computed; of an artifact, the facts read from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Preview {
    pub columns: Vec<String>,
    /// One list per row, as long as `columns`; null is a missing value.
    pub rows: Vec<Vec<Option<String>>>,
}
