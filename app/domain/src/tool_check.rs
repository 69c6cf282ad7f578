//! What another tool checked and concluded: facts that support, contradict or add to what is measured here.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Cause, Item};

/// Where a fact was read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct Source {
    /// The tool's name as it writes it.
    pub tool: String,
    /// Null where the file does not say it.
    #[serde(default)]
    pub tool_version: Option<String>,
    /// The file's name.
    #[serde(default)]
    pub file: String,
    /// The place within the file, such as `results[3].result`; empty for the whole.
    #[serde(default)]
    pub path: String,
    /// Where the tool shows it, when the file holds an address.
    #[serde(default)]
    pub url: Option<String>,
}

impl Source {
    /// A place in a file of a tool; the file's name is filled in by who reads it.
    pub fn of(tool: &str, tool_version: Option<&str>, path: impl Into<String>) -> Self {
        Self {
            tool: tool.to_owned(),
            tool_version: tool_version.map(str::to_owned),
            path: path.into(),
            ..Self::default()
        }
    }

    /// The tool with its version: `Evidently 0.7.23`.
    pub fn tool_words(&self) -> String {
        match &self.tool_version {
            Some(version) => format!("{} {version}", self.tool),
            None => self.tool.clone(),
        }
    }

    /// The file and the place in it: `report.json, metrics[2]`.
    pub fn place(&self) -> String {
        match self.path.as_str() {
            "" => self.file.clone(),
            path => format!("{}, {path}", self.file),
        }
    }
}

/// What the check of another tool concluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckOutcome {
    Passed,
    /// It only warns, or what it found is a statistic against a limit that somebody chose.
    Warned,
    Failed,
    /// It could not be made: an exception, an input that was absent.
    NotRun,
}

/// Who made a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckedBy {
    /// The tool itself, or its rule on the tables that are here.
    #[default]
    Tool,
    /// Two facts of other tools were compared here.
    Comparison,
    /// The course of a signal of another tool was looked at here.
    Course,
}

/// A figure beside the limit that the other tool judged it by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Measured {
    /// The statistic as the tool names it.
    pub name: String,
    pub value: f64,
    #[serde(default)]
    pub limit: Option<f64>,
    /// On which side of the limit it is worse; null where the file does not tell.
    #[serde(default)]
    pub worse: Option<Worse>,
}

/// The side of its limit on which a figure is worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Worse {
    /// A distance, a share of what is wrong, an error.
    Higher,
    /// A p-value, a score, a share of what must be there.
    Lower,
}

macro_rules! subjects {
    ($($variant:ident $item:ident $cause:expr, $words:literal, $fault:literal;)*) => {
        /// What a check of another tool is about. It decides on which item of the map it stands.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum CheckSubject { $($variant,)* }

        impl CheckSubject {
            pub const ALL: &'static [CheckSubject] = &[$(CheckSubject::$variant,)*];
            /// The item of the map whose question it answers.
            pub fn item(self) -> Item { match self { $(CheckSubject::$variant => Item::$item,)* } }
            /// The cause that a failed check indicates, where there is one that it can mean.
            pub fn cause(self) -> Option<Cause> { match self { $(CheckSubject::$variant => $cause,)* } }
            /// What was checked, as a noun phrase.
            pub fn words(self) -> &'static str { match self { $(CheckSubject::$variant => $words,)* } }
            /// What is wrong when the check failed, as a noun phrase before the columns.
            pub fn fault(self) -> &'static str { match self { $(CheckSubject::$variant => $fault,)* } }
        }
    };
}

subjects! {
    Drift D1 Some(Cause::DistributionShift), "drift", "drift";
    JointDrift D1 Some(Cause::DistributionShift), "drift of all columns together", "drift of all columns together";
    PredictionDrift D1 None, "drift of predictions", "drift of the predictions";
    LabelDrift D1 Some(Cause::PriorShift), "drift of the label", "drift of the label";
    Columns D2 Some(Cause::ColumnMissing), "columns", "other columns than expected";
    Types D2 Some(Cause::TypeChange), "types", "another type than expected";
    DataVersion D2 None, "version of the data", "another version of the data";
    RowCount D2 None, "number of rows", "another number of rows than expected";
    MissingValues D3 Some(Cause::NullSurge), "missing values", "missing values";
    NewValues D3 Some(Cause::UnseenCategory), "values", "values that are not among those expected";
    Range D3 Some(Cause::OutOfRange), "range of values", "values outside the expected range";
    Summary D3 Some(Cause::DistributionShift), "summary statistics", "a summary statistic outside its expected range";
    Pattern D3 Some(Cause::InconsistentCategories), "form of values", "values of another form than expected";
    Duplicates D3 None, "duplicates", "duplicates";
    Consistency D3 None, "consistency of values", "inconsistent values";
    Leakage D4 Some(Cause::LabelLeakage), "leakage", "leakage of the label";
    OnlineOffline F1 Some(Cause::OfflineOnlineMismatch), "online and offline values", "different values online and offline";
    OnlineStore F1 None, "entities of the online store", "entities that the online store lacks";
    Preprocessing F1 None, "preprocessing", "a failed test of the preprocessing";
    Scaling F2 Some(Cause::UnitScale), "scale", "another scale";
    EdgeCases F3 None, "edge cases", "a failed test of edge cases";
    FeatureImportance F3 None, "importance of features", "another importance of features";
    ClassBalance T1 None, "balance of classes", "unbalanced classes";
    Labels T2 Some(Cause::ConflictingLabels), "labels", "labels that contradict each other";
    Splits T3 Some(Cause::RowOverlap), "splits", "rows shared between splits";
    Overfit T4 Some(Cause::Overfitting), "overfitting", "overfitting";
    Performance E1 None, "performance", "a performance below its limit";
    EstimatedPerformance M1 None, "estimated performance", "an estimated performance below its limit";
    PerformanceOverTime M1 None, "performance over time", "a performance below its limit over time";
    DriftOverTime M1 Some(Cause::GradualDrift), "drift over time", "drift over time";
    MissingOverTime M1 Some(Cause::NullSurge), "missing values over time", "more missing values over time";
    NewValuesOverTime M1 Some(Cause::UnseenCategory), "unseen values over time", "unseen values over time";
    Documentation E1 None, "documentation", "incomplete documentation";
    Threshold E2 Some(Cause::ThresholdMisset), "threshold", "another threshold";
    Experiment E3 Some(Cause::KpiMismatch), "experiment", "an experiment whose result does not hold";
    ServedTypes S1 None, "validation at serving", "requests that break the schema";
    Logging S2 Some(Cause::MissingLogging), "logging", "requests without a log";
    Shadow S3 Some(Cause::OfflineOnlineMismatch), "shadow predictions", "other predictions in shadow mode";
    ModelVersion P1 Some(Cause::WrongModelVersion), "version of the model", "another version of the model";
    Release P2 None, "release", "a release that did not go as planned";
    Rollback P2 Some(Cause::NoRollback), "rollback", "nothing to roll back to";
    Configuration P2 None, "configuration", "another configuration";
    Health P3 None, "health of the service", "an unhealthy service";
    Latency P3 Some(Cause::LatencySpike), "latency", "a slower service";
    Errors P3 Some(Cause::ErrorRate), "failed requests", "more failed requests";
    Memory P3 None, "memory", "more memory in use";
    Traffic M2 None, "throughput", "another throughput";
    Capacity P3 Some(Cause::UnderProvisioned), "capacity", "too few resources";
    Freshness M1 Some(Cause::StaleFeature), "freshness", "values that are no longer refreshed";
    Alert M3 None, "alert", "an alert that fires";
    Dashboard M3 Some(Cause::UnmonitoredSignal), "dashboard", "a signal without a panel";
    Panel M3 None, "panel", "a panel without a signal";
    Telemetry M2 None, "telemetry", "a signal that is not logged";
}

/// One check that another tool made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ToolCheck {
    pub source: Source,
    #[serde(default)]
    pub by: CheckedBy,
    /// The tool's own name of the check, such as `expect_column_values_to_not_be_null`.
    pub name: String,
    pub about: CheckSubject,
    /// The columns it is about, or whatever else has a name: a pod, a series, a test. Empty for the whole.
    #[serde(default)]
    pub columns: Vec<String>,
    pub outcome: CheckOutcome,
    #[serde(default)]
    pub measured: Option<Measured>,
    /// What the tool expected, in a few words: `0 to 30`.
    #[serde(default)]
    pub expected: Option<String>,
    /// What it saw instead, in a few words.
    #[serde(default)]
    pub observed: Option<String>,
    /// When it was checked, in milliseconds since 1970.
    #[serde(default)]
    pub at_ms: Option<i64>,
    /// How likely chance explains it, corrected for the number of tests; null where it was counted, or is the tool's to say.
    #[serde(default)]
    pub q: Option<f64>,
}

impl ToolCheck {
    /// A check about columns; figures and words are added by the `with_…` methods.
    pub fn new(source: Source, name: &str, about: CheckSubject, columns: Vec<String>, outcome: CheckOutcome) -> Self {
        let name = name.to_owned();
        Self {
            source,
            by: CheckedBy::Tool,
            name,
            about,
            columns,
            outcome,
            measured: None,
            expected: None,
            observed: None,
            at_ms: None,
            q: None,
        }
    }

    /// The same, made by somebody else than the tool.
    pub fn made_by(self, by: CheckedBy) -> Self {
        Self { by, ..self }
    }

    /// With its statistic and the limit it was judged by.
    pub fn with_measured(mut self, name: &str, value: f64, limit: Option<f64>) -> Self {
        self.measured = Some(Measured { name: name.to_owned(), value, limit, worse: None });
        self
    }

    /// With the side of the limit on which its figure is worse, where that is known.
    pub fn worse_when(mut self, worse: impl Into<Option<Worse>>) -> Self {
        if let Some(figure) = &mut self.measured {
            figure.worse = worse.into();
        }
        self
    }

    /// With what the tool expected, in a few words.
    pub fn with_expected(mut self, words: impl Into<String>) -> Self {
        self.expected = Some(words.into());
        self
    }

    /// With what it saw, in a few words.
    pub fn with_observed(mut self, words: impl Into<String>) -> Self {
        self.observed = Some(words.into());
        self
    }

    /// With how likely chance explains it, corrected for the number of tests.
    pub fn with_q(self, q: f64) -> Self {
        Self { q: Some(q), ..self }
    }

    /// With the time of the check, in milliseconds since 1970.
    pub fn with_time(mut self, at_ms: Option<i64>) -> Self {
        self.at_ms = at_ms;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_that_was_kept_before_it_had_a_side_is_still_read() {
        let kept: Result<Measured, _> = serde_json::from_str(r#"{"name": "ks p-value", "value": 0.01, "limit": 0.05}"#);
        assert_eq!(kept.map(|figure| figure.worse).ok(), Some(None));
        let check = ToolCheck::new(Source::default(), "ks", CheckSubject::Drift, Vec::new(), CheckOutcome::Warned)
            .with_measured("ks p-value", 0.01, Some(0.05))
            .worse_when(Worse::Lower);
        let written = serde_json::to_string(&check).unwrap_or_default();
        assert!(written.contains(r#""worse":"lower""#), "{written}");
        assert_eq!(serde_json::from_str::<ToolCheck>(&written).ok(), Some(check));
    }

    #[test]
    fn a_source_names_the_tool_its_version_and_the_place() {
        let source = Source { file: "report.json".into(), ..Source::of("Evidently", Some("0.7.23"), "metrics[2]") };
        assert_eq!(
            (source.tool_words().as_str(), source.place().as_str()),
            ("Evidently 0.7.23", "report.json, metrics[2]")
        );
        let whole = Source { file: "a.json".into(), ..Source::of("DVC", None, "") };
        assert_eq!((whole.tool_words().as_str(), whole.place().as_str()), ("DVC", "a.json"));
    }
}
