//! Facts of other tools that are compared with each other and with the tables here.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::constraint::Constraint;
use crate::observation::Stage;
use crate::tool_check::{Source, ToolCheck};

/// All of one investigation.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ToolFacts {
    /// What the other tool checked and concluded.
    pub checks: Vec<ToolCheck>,
    /// What must hold of the data, as it is written down there.
    pub constraints: Vec<Constraint>,
    pub settings: Vec<Setting>,
    pub metrics: Vec<ReportedMetric>,
    pub importances: Vec<Importance>,
    /// The features of a model, for what has none of their names.
    #[serde(default)]
    pub feature_names: Vec<FeatureNames>,
    pub digests: Vec<DataDigest>,
    pub signatures: Vec<Signature>,
}

/// A setting that something ran with: a parameter, a threshold, a variable of the environment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Setting {
    pub source: Source,
    /// Null when nothing says it.
    pub stage: Option<Stage>,
    /// As the tool names it, such as `evaluate.threshold` or `TZ`.
    pub name: String,
    pub value: String,
}

/// A figure of a model as another tool keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReportedMetric {
    pub source: Source,
    pub model: Option<String>,
    /// The version or the run.
    pub version: Option<String>,
    /// Whether this is the version that serves, where the tool says so (an alias, a stage).
    pub is_deployed: Option<bool>,
    /// As the tool names it, such as `test_accuracy`.
    pub metric: String,
    pub value: f64,
    pub at_ms: Option<i64>,
}

/// How much each feature counts for the predictions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Importance {
    pub source: Source,
    pub stage: Option<Stage>,
    /// How it was found, such as `mean |SHAP value|`.
    pub method: String,
    /// How many rows it is the mean of, where the file tells.
    #[serde(default)]
    pub rows: Option<u64>,
    /// Not negative, in the unit of the method.
    pub by_feature: Vec<(String, f64)>,
    /// The same of a file without names, by the places of its features; null where a feature has no number.
    #[serde(default)]
    pub by_place: Vec<Option<f64>>,
    /// Null where the file itself has the names.
    #[serde(default)]
    pub named_by: Option<NamedBy>,
}

impl Importance {
    /// With the names of its features still to come.
    pub fn is_unnamed(&self) -> bool {
        self.by_feature.is_empty() && !self.by_place.is_empty()
    }
}

/// What names the features of a file that has no names, place by place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NamedBy {
    /// A file with the list of features.
    List(String),
    /// The features of the train table, which are as many.
    TrainColumns,
}

impl NamedBy {
    /// As words after "named by".
    pub fn words(&self) -> &str {
        match self {
            NamedBy::List(file) => file,
            NamedBy::TrainColumns => "the columns of train",
        }
    }
}

/// The names of a model's features in their order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FeatureNames {
    pub source: Source,
    pub names: Vec<String>,
}

/// A file of data as another tool saw it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DataDigest {
    pub source: Source,
    /// The path or the name of the data.
    pub name: String,
    /// Where it was used, where the tool says so.
    pub stage: Option<Stage>,
    /// With its algorithm: `md5:…`. Null where only the size is known.
    pub digest: Option<String>,
    pub bytes: Option<u64>,
    pub rows: Option<u64>,
}

/// The inputs that a model takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Signature {
    pub source: Source,
    pub model: Option<String>,
    pub version: Option<String>,
    /// Whether this is the model that serves, where the tool says so.
    pub is_deployed: Option<bool>,
    /// Name and, where it is said, type of each input.
    pub inputs: Vec<(String, Option<String>)>,
}

impl ToolFacts {
    /// How many facts there are.
    pub fn count(&self) -> usize {
        let Self { checks, constraints, settings, metrics, importances, feature_names, digests, signatures } = self;
        checks.len()
            + constraints.len()
            + settings.len()
            + metrics.len()
            + importances.len()
            + feature_names.len()
            + digests.len()
            + signatures.len()
    }

    /// Adds the facts of another artifact.
    pub fn extend(&mut self, other: ToolFacts) {
        let ToolFacts { checks, constraints, settings, metrics, importances, feature_names, digests, signatures } =
            other;
        self.checks.extend(checks);
        self.constraints.extend(constraints);
        self.settings.extend(settings);
        self.metrics.extend(metrics);
        self.importances.extend(importances);
        self.feature_names.extend(feature_names);
        self.digests.extend(digests);
        self.signatures.extend(signatures);
    }

    /// The kinds with their counts, in plural words.
    pub fn kinds(&self) -> [(&'static str, usize); 8] {
        [
            ("checks", self.checks.len()),
            ("constraints", self.constraints.len()),
            ("settings", self.settings.len()),
            ("metrics", self.metrics.len()),
            ("importances of features", self.importances.len()),
            ("lists of feature names", self.feature_names.len()),
            ("digests of data", self.digests.len()),
            ("signatures of models", self.signatures.len()),
        ]
    }

    /// The source of each fact.
    pub fn sources_mut(&mut self) -> impl Iterator<Item = &mut Source> {
        let Self { checks, constraints, settings, metrics, importances, feature_names, digests, signatures } = self;
        let checks = checks.iter_mut().map(|fact| &mut fact.source);
        let constraints = constraints.iter_mut().map(|fact| &mut fact.source);
        let settings = settings.iter_mut().map(|fact| &mut fact.source);
        let metrics = metrics.iter_mut().map(|fact| &mut fact.source);
        let importances = importances.iter_mut().map(|fact| &mut fact.source);
        let feature_names = feature_names.iter_mut().map(|fact| &mut fact.source);
        let digests = digests.iter_mut().map(|fact| &mut fact.source);
        let signatures = signatures.iter_mut().map(|fact| &mut fact.source);
        checks
            .chain(constraints)
            .chain(settings)
            .chain(metrics)
            .chain(importances)
            .chain(feature_names)
            .chain(digests)
            .chain(signatures)
    }
}
