//! Everything that was measured for one investigation: plain numbers, the only thing detectors look at.

pub mod calendar;
pub mod companions;
pub mod coverage;
pub mod drift_windows;
pub mod exchanged_rows;
pub mod fall_rows;
pub mod fingerprints;
pub mod gained_levels;
pub mod group_shifts;
pub mod joint_shift;
pub mod labels;
pub mod leakage;
pub mod near_duplicates;
pub mod overlap;
pub mod performance;
pub mod row_join;
pub mod serving_log;
pub mod time_windows;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::comparison::{Comparison, TimeChunk};
use crate::evaluation::{EvaluationRun, Task};
use crate::learning_curve::LearningCurve;
use crate::observation::Observations;
use crate::profile::Profile;
use crate::reading::Reading;
use crate::snapshot::{Roles, SnapshotRole};
use crate::tool_facts::ToolFacts;

/// Inputs that are absent are `None` or empty; a detector that needs one says so.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Measurements {
    pub roles: Roles,
    pub task: Option<Task>,
    /// The profile of each snapshot given. Kept with each table, not with what was measured of several.
    #[serde(skip)]
    pub profiles: BTreeMap<SnapshotRole, Profile>,
    /// Train against serve, column by column (columns present on both sides).
    pub comparisons: Vec<Comparison>,
    /// Per column, the chunks of train and serve in time order; empty without a time column.
    pub over_time: BTreeMap<String, Vec<TimeChunk>>,
    /// Per column of categories, the same chunks with the rows whose value serving has more often than training.
    #[serde(default)]
    pub gained_levels: BTreeMap<String, Vec<gained_levels::GainedChunk>>,
    /// Per train column, how far it is from itself along time: its noise floor. Columns that hold still have none.
    pub train_variation: BTreeMap<String, TrainVariation>,
    /// Train against serve by all features together; `None` without enough rows and features on both.
    pub joint_shift: Option<joint_shift::JointShift>,
    /// Groups that serving sees more often than train had them; `None` as for `joint_shift`.
    pub coverage: Option<coverage::CoverageMeasures>,
    /// How strongly each train column goes with the label, 0 (not at all) to 1; empty without a label.
    pub importance: BTreeMap<String, f64>,
    /// How the model does on serve rows outside the training range or with unseen categories, per column.
    pub edge_rows: Vec<EdgeRows>,
    /// Number columns that differ from training in a group of rows.
    #[serde(default)]
    pub group_shifts: Vec<group_shifts::GroupShift>,
    /// Features that go with a column that differs from training, and whether they moved with it.
    #[serde(default)]
    pub companions: Vec<companions::Companion>,
    /// Two features whose values only fit the other way round in some serve rows.
    #[serde(default)]
    pub exchanged_rows: Vec<exchanged_rows::ExchangedRows>,
    /// Features that in training are a part of the row's own time.
    #[serde(default)]
    pub calendar: Vec<calendar::CalendarColumn>,
    pub evaluations: Vec<EvaluationRun>,
    pub learning_curves: Vec<LearningCurve>,
    /// How each train feature goes with the label, and what is left of that later; `None` without a label.
    pub leakage: Option<leakage::LeakageMeasures>,
    /// Whether the train labels can be believed; `None` without a label.
    pub labels: Option<labels::LabelMeasures>,
    /// What train, validation and test share, pair by pair.
    pub split_overlaps: Vec<overlap::SplitOverlap>,
    /// Rows of a later split that are nearly those of an earlier one, pair by pair.
    pub near_duplicates: Vec<near_duplicates::NearDuplicates>,
    /// Test sets of earlier diagnoses whose rows train may hold; empty without a history.
    pub touched_tests: Vec<fingerprints::TouchedTest>,
    /// Serve and offline joined by id; `None` without an offline snapshot or a shared id column.
    pub row_join: Option<row_join::RowJoin>,
    /// Serve along time; `None` without a column of times.
    pub time_windows: Option<time_windows::TimeWindows>,
    /// How far the windows of serve are from train, in the columns that differ or move most; empty without a column of times.
    #[serde(default)]
    pub drift_windows: Vec<drift_windows::DriftWindows>,
    /// The model's performance on serve along time; `None` without a column of times.
    pub performance: Option<performance::PerformanceOverTime>,
    /// Labelled rows with predictions of both sides; `None` where one lacks them.
    #[serde(default)]
    pub fall_rows: Option<fall_rows::FallRows>,
    /// `None` without a serving log.
    pub serving_log: Option<serving_log::ServingLogMeasures>,
    /// What was read from the artifacts of other tools; read anew each time.
    #[serde(skip)]
    pub observations: Observations,
    /// What else other tools say; read anew each time.
    #[serde(skip)]
    pub tool_facts: ToolFacts,
    /// How the files were read where they can be read in several ways.
    pub readings: Vec<Reading>,
    /// The threshold the user says is in use.
    pub stated_threshold: Option<f64>,
}

impl Measurements {
    /// The profile of a snapshot that has rows: nothing is said of one without.
    pub fn profile(&self, role: SnapshotRole) -> Option<&Profile> {
        self.profiles.get(&role).filter(|profile| profile.rows > 0)
    }

    /// The snapshots that were given without a single row.
    pub fn without_rows(&self) -> impl Iterator<Item = SnapshotRole> {
        self.profiles.iter().filter(|(_, profile)| profile.rows == 0).map(|(role, _)| *role)
    }

    /// Whether a column only follows the time of its row: which values it has says which time the rows are from.
    pub fn follows_time(&self, column: &str) -> bool {
        self.calendar.iter().any(|one| one.column == column && one.follows_time())
    }

    /// Train and serve, when both are there and have rows.
    pub fn train_and_serve(&self) -> Option<(&Profile, &Profile)> {
        Some((self.profile(SnapshotRole::Train)?, self.profile(SnapshotRole::Serve)?))
    }
}

/// The stretch of train that differs most from the rest of train, of those that differ certainly.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TrainVariation {
    /// Kolmogorov-Smirnov for numbers, the Jensen-Shannon distance beyond chance for categories, the difference of the
    /// rates for yes/no columns.
    pub effect: f64,
    /// Stretches of equal numbers of rows that train was cut into.
    pub chunks: u32,
    pub from_ms: i64,
    pub to_ms: i64,
}

/// Serve rows at the edge of what training saw in one column, and how the model does on them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EdgeRows {
    pub column: String,
    pub edge: Edge,
    pub rows: u64,
    pub serve_rows: u64,
    /// Up to five examples of the values, most frequent first.
    pub examples: Vec<String>,
    /// Correct answers among the edge rows and among the others, where labels and predictions are there.
    pub performance: Option<EdgePerformance>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edge {
    BelowTrainingRange,
    AboveTrainingRange,
    UnseenCategory,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EdgePerformance {
    pub edge_correct: u64,
    pub edge_rows: u64,
    pub rest_correct: u64,
    pub rest_rows: u64,
}

/// How much of the map had what it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct Coverage {
    pub checked_items: u32,
    pub items: u32,
}

impl Coverage {
    /// `14 of 23 items checked`
    pub fn words(self) -> String {
        format!("{} of {} items checked", self.checked_items, self.items)
    }
}
