//! Results of WhyLabs's monitors: one record for each analysis of a batch, as its API and the source that was published give
//! them (`AnalyzerResult`): <https://github.com/whylabs/whylabs-oss>.

use std::collections::BTreeMap;

use domain::Problem;
use domain::number::{count, counted};
use domain::observation::{MetricSeries, SignalKind};
use domain::plot::format::time;
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck, Worse};
use serde_json::{Map, Value};

use crate::given::Given;
use crate::seen::Seen;
use crate::{Brought, Connector, json, numbers};

const TOOL: &str = "WhyLabs";

pub(crate) static RESULTS: Connector = Connector {
    id: "whylabs_results",
    tool: TOOL,
    words: "results of WhyLabs's monitors, JSON or JSON Lines",
    proven_on: "the record of an analysis in the published source",
    takes: "each analysis of a column with its figure, its limit and its anomalies; the course of the figure",
    leaves: "settings of monitors, who was notified, the counts of rows",
    recognise,
    read,
};

/// Fields that such a record has, and of the last two one.
const FIELDS: [&str; 3] = ["analyzerId", "analyzerType", "datasetTimestamp"];
const VERDICTS: [&str; 2] = ["anomalyCount", "isAnomaly"];

fn recognise(seen: &Seen<'_>) -> bool {
    let prefixes = seen.json.paths().filter_map(|path| path.strip_suffix(FIELDS[0]));
    let is_record = |prefix: &str| {
        let has = |key: &&str| seen.json.has(&format!("{prefix}{key}"));
        FIELDS.iter().all(has) && VERDICTS.iter().any(has)
    };
    prefixes.into_iter().any(is_record)
}

/// One analysis of one batch.
struct Analysis<'v> {
    record: &'v Map<String, Value>,
    at_ms: Option<i64>,
    value: Option<f64>,
    limit: Option<(f64, Worse)>,
    is_anomaly: bool,
}

/// What is analysed: the analyzer, the column, the metric, the segment.
type Key<'v> = (&'v str, &'v str, &'v str, &'v str);

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let text = given.text()?;
    let is_whole = serde_json::from_str::<Value>(&numbers::quoted(text.trim_start_matches('\u{feff}')));
    let (documents, broken) = match is_whole {
        Ok(document) => (vec![document], 0),
        Err(_) => given.json_lines()?,
    };
    let mut groups: BTreeMap<Key<'_>, Vec<Analysis<'_>>> = BTreeMap::new();
    for document in &documents {
        json::each_object(document, &mut |_, record| {
            let is_record = FIELDS.iter().all(|key| record.contains_key(*key));
            if is_record && VERDICTS.iter().any(|key| record.contains_key(*key)) {
                groups.entry(key(record)).or_default().push(analysis(record));
            }
        });
    }
    if groups.is_empty() {
        return Err(given.bad("it ends before the first whole analysis, or has none; export the results again"));
    }
    let mut brought = Brought::default();
    if broken > 0 {
        brought.warnings.push(format!("{} could not be read.", counted(broken as u64, "line")));
    }
    for ((analyzer, column, metric, segment), mut analyses) in groups {
        // An analysis that was made again comes after the first.
        let made = |one: &Analysis<'_>| json_time(one.record, "creationTimestamp");
        analyses.sort_by_key(|one| (one.at_ms, made(one)));
        analyses.reverse();
        analyses.dedup_by_key(|one| one.at_ms);
        analyses.reverse();
        let group = Group { analyzer, column, metric, segment, analyses };
        brought.facts.checks.extend(group.check());
        brought.observations.series.extend(group.series());
    }
    Ok(brought)
}

fn text<'v>(record: &'v Map<String, Value>, key: &str) -> &'v str {
    record.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn json_time(record: &Map<String, Value>, key: &str) -> Option<i64> {
    record.get(key).and_then(numbers::time)
}

fn key(record: &Map<String, Value>) -> Key<'_> {
    (text(record, "analyzerId"), text(record, "column"), text(record, "metric"), text(record, "segment"))
}

fn analysis(record: &Map<String, Value>) -> Analysis<'_> {
    let figure = |key: &str| record.get(key).and_then(json::finite);
    let value = ["drift_metricValue", "diff_metricValue", "threshold_metricValue"].iter().find_map(|key| figure(key));
    let bound = |end: &str| {
        figure(&format!("threshold_absolute{end}")).or_else(|| figure(&format!("threshold_calculated{end}")))
    };
    // This test has a p-value; the other measures of drift are distances.
    let of_drift = if text(record, "algorithm").eq_ignore_ascii_case("ks") { Worse::Lower } else { Worse::Higher };
    let low = bound("Lower").map(|low| (low, Worse::Lower));
    let high = bound("Upper").map(|high| (high, Worse::Higher));
    let is_low = value.zip(low).is_some_and(|(value, (low, _))| value < low);
    let limit = figure("drift_threshold")
        .map(|limit| (limit, of_drift))
        .or_else(|| figure("diff_threshold").map(|limit| (limit, Worse::Higher)))
        .or(if is_low { low } else { high.or(low) });
    let verdict = record.get("isAnomaly").and_then(Value::as_bool);
    let is_anomaly = verdict.unwrap_or_else(|| figure("anomalyCount").is_some_and(|anomalies| anomalies > 0.0));
    Analysis { record, at_ms: json_time(record, "datasetTimestamp"), value, limit, is_anomaly }
}

/// The analyses of one thing along time.
struct Group<'v> {
    analyzer: &'v str,
    column: &'v str,
    metric: &'v str,
    segment: &'v str,
    analyses: Vec<Analysis<'v>>,
}

impl Group<'_> {
    /// A single anomaly may be chance: it fails when a quarter of its analyses and at least two of them are one.
    fn check(&self) -> Option<ToolCheck> {
        let last = self.analyses.last()?;
        let anomalies: Vec<&Analysis<'_>> = self.analyses.iter().filter(|one| one.is_anomaly).collect();
        let shown = anomalies.first().copied().unwrap_or(last);
        let by_p_value = text(shown.record, "algorithm").eq_ignore_ascii_case("ks");
        let is_many = anomalies.len() >= 2 && anomalies.len() * 4 >= self.analyses.len();
        let failure = text(last.record, "failureExplanation");
        let failure = if failure.is_empty() { text(last.record, "failureType") } else { failure };
        let outcome = match anomalies.len() {
            0 if !failure.is_empty() => CheckOutcome::NotRun,
            0 => CheckOutcome::Passed,
            _ if is_many && !by_p_value => CheckOutcome::Failed,
            _ => CheckOutcome::Warned,
        };
        let columns = self.column().into_iter().collect();
        let source = Source::of(TOOL, None, self.analyzer);
        let mut check = ToolCheck::new(source, self.analyzer, self.about().0, columns, outcome);
        if let Some(value) = shown.value {
            let (limit, worse) = shown.limit.unzip();
            check = check.with_measured(&self.statistic(), value, limit).worse_when(worse);
        }
        let since = anomalies.first().and_then(|first| first.at_ms);
        let first = since.map(|since| format!(", the first on {}", time(since))).unwrap_or_default();
        let of = if self.segment.is_empty() { String::new() } else { format!(" in the segment {}", self.segment) };
        let (some, all) = (count(anomalies.len() as u64), counted(self.analyses.len() as u64, "batch"));
        let are = if anomalies.len() == 1 { "is an anomaly" } else { "are anomalies" };
        let seen = match outcome {
            CheckOutcome::NotRun => json::words(&failure.into()),
            _ => format!("{some} of {all}{of} {are}{first}"),
        };
        Some(check.with_observed(seen).with_time(since))
    }

    fn series(&self) -> Option<MetricSeries> {
        let points: Vec<(i64, f64)> = self.analyses.iter().filter_map(|one| Some((one.at_ms?, one.value?))).collect();
        let (_, kind, higher_is_better) = self.about();
        let of = [self.column(), Some(self.statistic())].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let signal = if self.segment.is_empty() { of } else { format!("{of} ({})", self.segment) };
        (points.len() > 1).then(|| MetricSeries {
            source: String::new(),
            signal,
            kind,
            unit: None,
            higher_is_better,
            points,
        })
    }

    /// A metric of the whole data has a column that is none.
    fn column(&self) -> Option<String> {
        (!self.column.is_empty() && !self.column.starts_with("__internal__")).then(|| self.column.to_owned())
    }

    fn last(&self, key: &str) -> String {
        self.analyses.last().map(|one| text(one.record, key).to_lowercase()).unwrap_or_default()
    }

    fn statistic(&self) -> String {
        let (metric, algorithm) = (self.metric.to_lowercase(), self.last("algorithm"));
        match self.last("analyzerType").as_str() {
            "drift" if !algorithm.is_empty() => algorithm,
            "drift" => "drift".to_owned(),
            "diff" => format!("difference of {metric}"),
            _ if metric.is_empty() => "value".to_owned(),
            _ => metric,
        }
    }

    /// By the kind of analysis, else by the metric.
    fn about(&self) -> (CheckSubject, SignalKind, Option<bool>) {
        let kind = self.last("analyzerType").replace('_', "");
        let metric = self.metric.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| metric.contains(word));
        let other = |about| (about, SignalKind::Other, None);
        match kind.as_str() {
            "drift" => return (CheckSubject::DriftOverTime, SignalKind::InputDrift, None),
            "columnlist" => return other(CheckSubject::Columns),
            "listcomparison" | "frequentstringcomparison" => return other(CheckSubject::NewValuesOverTime),
            _ => {}
        }
        let performance = |better| (CheckSubject::PerformanceOverTime, SignalKind::Performance, Some(better));
        match () {
            () if has(&["mse", "mae", "squared_error", "absolute_error", "fpr"]) => performance(false),
            () if has(&["accuracy", "precision", "recall", "_f1", "auc", "auroc"]) => performance(true),
            () if has(&["null"]) && kind != "diff" => (CheckSubject::MissingOverTime, SignalKind::MissingValues, None),
            () if has(&["null"]) => other(CheckSubject::MissingOverTime),
            () if has(&["type", "integral", "fractional", "bool", "string"]) => other(CheckSubject::Types),
            () if has(&["lastupload", "ingestion", "missingdatapoint"]) => other(CheckSubject::Telemetry),
            () if metric == "count" => other(CheckSubject::RowCount),
            () => other(CheckSubject::Summary),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn brought(document: &Value) -> Brought {
        let text = document.to_string();
        assert!(recognise(&Seen::of(text.as_bytes())), "{text}");
        read(&Given::of(text.as_bytes(), "results.json")).unwrap_or_default()
    }

    fn record(column: &str, kind: &str, day: i64, anomalies: u64, more: Value) -> Value {
        let mut record = json!({"analyzerId": format!("a-{kind}"), "analyzerType": kind, "column": column,
            "datasetTimestamp": 1_700_000_000_000_i64 + day * 86_400_000, "anomalyCount": anomalies, "metric": "histogram"});
        for (key, value) in more.as_object().into_iter().flatten() {
            record[key] = value.clone();
        }
        record
    }

    #[test]
    fn anomalies_are_counted_and_the_first_is_shown() {
        let drift = |day, anomalies, value: f64, algorithm: &str| {
            let more = json!({"drift_metricValue": value, "drift_threshold": 0.7, "algorithm": algorithm});
            record("age", "drift", day, anomalies, more)
        };
        let read = brought(&json!([
            drift(2, 1, 0.9, "hellinger"),
            drift(1, 1, 0.8, "hellinger"),
            drift(0, 0, 0.1, "hellinger")
        ]));
        let check = &read.facts.checks[0];
        assert_eq!((check.outcome, check.about), (CheckOutcome::Failed, CheckSubject::DriftOverTime));
        let figure = check.measured.as_ref().map(|one| (one.name.as_str(), one.value, one.limit, one.worse));
        assert_eq!(figure, Some(("hellinger", 0.8, Some(0.7), Some(Worse::Higher))));
        assert_eq!(check.observed.as_deref(), Some("2 of 3 batches are anomalies, the first on 2023-11-15 22:13:20"));
        assert_eq!(read.observations.series[0].points.len(), 3);
        let of_p_values = brought(&json!([drift(0, 1, 0.01, "ks"), drift(1, 1, 0.02, "ks")]));
        let check = &of_p_values.facts.checks[0];
        assert_eq!(check.outcome, CheckOutcome::Warned);
        assert_eq!(check.measured.as_ref().and_then(|one| one.worse), Some(Worse::Lower));
    }

    #[test]
    fn limits_have_a_side_and_an_analysis_made_again_replaces_the_first() {
        let nulls = |day, made: u64, anomalies, value: f64| {
            record(
                "age",
                "fixed",
                day,
                anomalies,
                json!({"metric": "COUNT_NULL_RATIO", "threshold_metricValue": value,
                "threshold_absoluteUpper": 0.05, "threshold_absoluteLower": "-Infinity", "creationTimestamp": made}),
            )
        };
        let read = brought(
            &json!({"data": {"analysisResults": [nulls(0, 2, 0, 0.01), nulls(0, 1, 1, 0.9), nulls(1, 1, 1, 0.2)]}}),
        );
        let check = &read.facts.checks[0];
        assert_eq!((check.about, check.outcome), (CheckSubject::MissingOverTime, CheckOutcome::Warned));
        assert_eq!(
            check.measured.as_ref().map(|one| (one.value, one.limit, one.worse)),
            Some((0.2, Some(0.05), Some(Worse::Higher)))
        );
        let low = record(
            "__internal__.datasetMetrics",
            "stddev",
            0,
            1,
            json!({"metric": "classification.accuracy",
            "threshold_metricValue": 0.6, "threshold_calculatedLower": 0.8, "threshold_calculatedUpper": 0.95}),
        );
        let read = brought(&low);
        let check = &read.facts.checks[0];
        assert_eq!((check.about, check.columns.len()), (CheckSubject::PerformanceOverTime, 0));
        assert_eq!(check.measured.as_ref().map(|one| (one.limit, one.worse)), Some((Some(0.8), Some(Worse::Lower))));
    }

    #[test]
    fn an_analysis_that_failed_was_not_run() {
        let more = json!({"failureType": "BaselineTooSmall", "failureExplanation": "No baseline", "metric": "mean"});
        let read = brought(&record("age", "stddev", 0, 0, more));
        let check = &read.facts.checks[0];
        assert_eq!((check.outcome, check.observed.as_deref()), (CheckOutcome::NotRun, Some("No baseline")));
        assert!(!recognise(&Seen::of(br#"[{"analyzerId": "a", "analyzerType": "drift", "config": {}}]"#)));
    }
}
