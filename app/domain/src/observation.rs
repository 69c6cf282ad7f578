//! Observations: facts read from other tools, logs and records, each with its source. Connectors make them, detectors read
//! them; nothing here knows which tool a fact came from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// All facts of one investigation. The same shape, written as JSON, is the native artifact.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Observations {
    pub environments: Vec<Environment>,
    pub artifacts: Vec<ModelArtifact>,
    pub deployments: Vec<Deployment>,
    pub resources: Vec<ResourceUse>,
    pub series: Vec<MetricSeries>,
    pub alert_rules: Vec<AlertRule>,
    pub cost_matrices: Vec<CostMatrix>,
}

/// The stage in the life of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Training,
    Evaluation,
    Serving,
}

/// The packages that a stage runs with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Environment {
    /// The file or tool it was read from; the file's name when left out.
    pub source: String,
    /// Null when neither the file nor its name says it.
    pub stage: Option<Stage>,
    pub python: Option<String>,
    /// Version by package, names normalised as in PEP 503; an empty version is a package without a pinned one.
    pub packages: BTreeMap<String, String>,
}

/// Where a model's file was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ArtifactPlace {
    Registered,
    Evaluated,
    Deployed,
}

/// One model file as it was seen in one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ModelArtifact {
    /// The tool or file it is from; the file's name when left out.
    #[serde(default)]
    pub source: String,
    pub place: ArtifactPlace,
    #[serde(default)]
    pub model: Option<String>,
    #[serde(default)]
    pub version: Option<String>,
    /// Of the file's bytes, with its algorithm where it is known: `sha256:…`, `md5:…`.
    #[serde(default)]
    pub digest: Option<String>,
}

/// One release of a model.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Deployment {
    /// The tool or file it is from; the file's name when left out.
    pub source: String,
    pub at_ms: Option<i64>,
    pub model: Option<String>,
    /// The tag or version it names; `latest` and similar tags name no fixed version.
    pub version: Option<String>,
    pub digest: Option<String>,
    /// What it can be rolled back to.
    pub previous_version: Option<String>,
    /// Share of the traffic it gets, 0 to 1.
    #[schema(minimum = 0, maximum = 1)]
    pub traffic_share: Option<f64>,
    /// The configuration, such as replicas or a strategy, by name; shown as it is.
    pub settings: BTreeMap<String, String>,
}

/// The resource limits of a process, what it used, and how often it was killed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ResourceUse {
    /// The tool or file it is from; the file's name when left out.
    pub source: String,
    /// The pod, container or endpoint.
    pub name: String,
    pub memory_limit_bytes: Option<f64>,
    pub memory_peak_bytes: Option<f64>,
    pub cpu_limit_cores: Option<f64>,
    pub cpu_peak_cores: Option<f64>,
    /// Share of the scheduling periods in which it was throttled, 0 to 1.
    #[schema(minimum = 0, maximum = 1)]
    pub cpu_throttled_share: Option<f64>,
    pub out_of_memory_kills: Option<u64>,
    pub restarts: Option<u64>,
}

/// What a signal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignalKind {
    Latency,
    Throughput,
    ErrorRate,
    Confidence,
    Memory,
    Cpu,
    InputDrift,
    MissingValues,
    PredictionDrift,
    LabelDrift,
    Performance,
    /// A business KPI: revenue, conversions, complaints.
    Kpi,
    Other,
}

impl SignalKind {
    /// A noun phrase for sentences.
    pub fn words(self) -> &'static str {
        match self {
            SignalKind::Latency => "latency",
            SignalKind::Throughput => "throughput",
            SignalKind::ErrorRate => "error rate",
            SignalKind::Confidence => "confidence",
            SignalKind::Memory => "memory",
            SignalKind::Cpu => "CPU",
            SignalKind::InputDrift => "input drift",
            SignalKind::MissingValues => "missing values",
            SignalKind::PredictionDrift => "prediction drift",
            SignalKind::LabelDrift => "label drift",
            SignalKind::Performance => "performance",
            SignalKind::Kpi => "business KPI",
            SignalKind::Other => "other signal",
        }
    }
}

/// One metric over time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MetricSeries {
    /// The tool or file it is from; the file's name when left out.
    #[serde(default)]
    pub source: String,
    pub signal: String,
    pub kind: SignalKind,
    #[serde(default)]
    pub unit: Option<String>,
    /// Null when nobody said.
    #[serde(default)]
    pub higher_is_better: Option<bool>,
    /// Milliseconds since 1970 and value, in the order of time. A gap has no point; a value may be NaN.
    pub points: Vec<(i64, f64)>,
}

/// When a rule fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Breach {
    Above,
    Below,
    /// The signal has no points.
    Absent,
}

/// An active alert rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AlertRule {
    /// The tool or file it is from; the file's name when left out.
    #[serde(default)]
    pub source: String,
    pub name: String,
    /// The series it watches, by its name.
    #[serde(default)]
    pub signal: String,
    pub kind: SignalKind,
    pub breach: Breach,
    /// In the unit of the signal; not read for `absent`.
    #[serde(default)]
    pub threshold: f64,
    /// How long the breach must last before the rule fires.
    #[serde(default)]
    pub for_ms: i64,
    #[serde(default)]
    pub muted: bool,
}

/// The cost of each kind of prediction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CostMatrix {
    /// The tool or file it is from; the file's name when left out.
    #[serde(default)]
    pub source: String,
    /// The classes, in the order of rows and columns.
    #[schema(min_items = 2)]
    pub labels: Vec<String>,
    /// Cost of one prediction, rows true, columns predicted; a gain is negative.
    pub costs: Vec<Vec<f64>>,
    #[serde(default)]
    pub unit: Option<String>,
}

/// The metric behind a signal, whatever is computed of it: `model_latency_seconds` of `p95(model_latency_seconds){version="v4"}`.
pub fn base_metric(signal: &str) -> &str {
    let without_labels = signal.split('{').next().unwrap_or(signal).trim();
    let inside = without_labels.rsplit('(').next().unwrap_or(without_labels);
    let inside = inside.trim_end_matches(')').trim();
    let endings = ["_bucket", "_sum", "_count", "_total"];
    endings.iter().find_map(|ending| inside.strip_suffix(ending)).unwrap_or(inside)
}

impl Observations {
    /// Adds the facts of another artifact.
    pub fn extend(&mut self, other: Observations) {
        self.environments.extend(other.environments);
        self.artifacts.extend(other.artifacts);
        self.deployments.extend(other.deployments);
        self.resources.extend(other.resources);
        self.series.extend(other.series);
        self.alert_rules.extend(other.alert_rules);
        self.cost_matrices.extend(other.cost_matrices);
    }

    /// How many facts there are.
    pub fn count(&self) -> usize {
        self.environments.len()
            + self.artifacts.len()
            + self.deployments.len()
            + self.resources.len()
            + self.series.len()
            + self.alert_rules.len()
            + self.cost_matrices.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_metric_is_known_by_whatever_is_computed_of_it() {
        let forms = [
            "model_latency_seconds_bucket",
            "p95(model_latency_seconds)",
            "rate(model_latency_seconds_sum){version=\"v4\"}",
        ];
        assert!(forms.iter().all(|form| base_metric(form) == "model_latency_seconds"));
        assert_ne!(base_metric("inference_duration_seconds_bucket"), base_metric(forms[0]));
    }
}
