//! The system as it runs, as far as the inputs show it: rows that serving and the training pipeline share, what is deployed and
//! with which limits, and the alert rules. Nothing is judged here.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::measurements::row_join::ValuePair;
use crate::observation::{AlertRule, Deployment, ModelArtifact, ResourceUse};

/// What serves, and how.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
pub struct Running {
    /// Serve rows joined by id with the rows of the training pipeline; null without such.
    #[schema(required)]
    pub joined: Option<JoinedRows>,
    /// Two versions that answered side by side; null where one version did all the time, or nothing says it.
    #[schema(required)]
    pub versions: Option<VersionTraffic>,
    /// The latest first; those without a time last.
    pub deployments: Vec<Release>,
    pub artifacts: Vec<ModelArtifact>,
    pub resources: Vec<ResourceUse>,
    pub rules: Vec<ReplayedRule>,
}

impl Running {
    pub fn is_empty(&self) -> bool {
        *self == Running::default()
    }
}

/// One release of a model.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
pub struct Release {
    /// The tool or file it is from.
    pub source: String,
    /// Milliseconds since 1970-01-01 UTC; null where nothing says it.
    #[schema(required)]
    pub at_ms: Option<i64>,
    #[schema(required)]
    pub model: Option<String>,
    /// The version, or else the digest.
    #[schema(required)]
    pub version: Option<String>,
    /// What it can be rolled back to.
    #[schema(required)]
    pub previous_version: Option<String>,
    /// Share of the traffic it gets, 0 to 1.
    #[schema(required, minimum = 0, maximum = 1)]
    pub traffic_share: Option<f64>,
    /// The configuration by name.
    pub settings: BTreeMap<String, String>,
}

impl From<Deployment> for Release {
    fn from(one: Deployment) -> Release {
        let Deployment { source, at_ms, model, version, digest, previous_version, traffic_share, settings } = one;
        Release { source, at_ms, model, version: version.or(digest), previous_version, traffic_share, settings }
    }
}

/// Rows with the same id in serve and offline. Counts are of rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct JoinedRows {
    /// The column that joins them.
    pub id: String,
    /// Rows whose id is there once on each side.
    pub matched: u64,
    pub only_serve: u64,
    pub only_offline: u64,
    /// Rows whose id is missing or comes more than once on their side.
    pub left_out: u64,
    /// Whether a side was too large to be looked at whole: ids on one side only then mean nothing.
    pub sampled: bool,
    /// Columns that both have: predictions and scores first, then those that differ in the most rows.
    pub columns: Vec<ComparedColumn>,
    /// Rows in which every shared feature agrees, and those of them with another answer; null without answers on both sides.
    #[schema(required)]
    pub same_features: Option<SameFeatures>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SameFeatures {
    pub rows: u64,
    pub other_answer: u64,
}

/// What a column is in joined rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ComparedAs {
    /// A prediction or a score.
    Answer,
    Feature,
}

/// A column in the joined rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ComparedColumn {
    pub column: String,
    #[serde(rename = "as")]
    pub compared_as: ComparedAs,
    /// Rows compared.
    pub rows: u64,
    /// Rows with a value on both sides, and not the same.
    pub changed: u64,
    /// Rows with a value offline and none at serving,
    pub missing_serve: u64,
    /// and the other way round.
    pub missing_offline: u64,
    /// Of numbers, the median size of the change, in standard deviations of the offline values.
    #[schema(required)]
    pub typical_change: Option<f64>,
    /// The most frequent pairs of values that differ.
    pub pairs: Vec<ValuePair>,
}

impl ComparedColumn {
    /// Rows that differ in any way.
    pub fn differing(&self) -> u64 {
        self.changed + self.missing_serve + self.missing_offline
    }

    /// The same as a share of the rows compared.
    pub fn differing_share(&self) -> f64 {
        if self.rows == 0 { 0.0 } else { self.differing() as f64 / self.rows as f64 }
    }
}

/// The two versions that answered side by side for the most requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VersionTraffic {
    pub main: String,
    pub other: String,
    /// When both answered. Milliseconds since 1970-01-01 UTC.
    pub from_ms: i64,
    pub to_ms: i64,
    /// Requests of that time that either answered,
    pub requests: u64,
    /// and those that the other one did.
    pub by_other: u64,
}

/// An alert rule, and when it fired or would have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReplayedRule {
    pub rule: AlertRule,
    /// Null where it can't be replayed.
    #[schema(required)]
    pub replay: Option<RuleReplay>,
}

/// What a rule would have done over the recorded time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RuleReplay {
    /// What it was replayed on, such as a series by its name.
    pub on: String,
    /// The recorded time. Milliseconds since 1970-01-01 UTC.
    pub from_ms: i64,
    pub to_ms: i64,
    /// How many times it would have fired,
    pub times: u64,
    /// and when for the first and the last time.
    #[schema(required)]
    pub first_ms: Option<i64>,
    #[schema(required)]
    pub last_ms: Option<i64>,
    /// How long altogether, in milliseconds.
    pub firing_ms: i64,
}
