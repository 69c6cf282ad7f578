//! Lists of the signals that exist: Prometheus' answers of `/api/v1/series`, `/labels`, `/label/…/values` and `/metadata`, and
//! CloudWatch's of `list-metrics`: <https://prometheus.io/docs/prometheus/latest/querying/api/#querying-metadata>,
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html>.

use std::collections::{BTreeMap, BTreeSet};

use domain::Problem;
use domain::number::counted;
use domain::observation::{SignalKind, base_metric};
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck};
use serde_json::Value;

use super::signal;
use crate::given::Given;
use crate::seen::Seen;
use crate::{Brought, Connector, json, signals};

pub(super) static PROMETHEUS: Connector = Connector {
    id: "prometheus_signals",
    tool: "Prometheus",
    words: "answer of Prometheus /api/v1/series, /labels, /label/…/values or /metadata, JSON",
    proven_on: "2.42",
    takes: "which signals of a served model exist",
    leaves: "values: an answer of query_range has them; labels, and signals of another kind, which are counted",
    recognise: is_of_prometheus,
    read: read_prometheus,
};

pub(super) static CLOUDWATCH: Connector = Connector {
    id: "cloudwatch_signals",
    tool: "CloudWatch",
    words: "CloudWatch answer of list-metrics, JSON",
    proven_on: "botocore 1.44",
    takes: "which signals of a served model exist",
    leaves: "values: an answer of get-metric-data has them",
    recognise: |seen| seen.json.has_all(&["Metrics[].Namespace", "Metrics[].MetricName"]),
    read: read_cloudwatch,
};

/// Names in one check at most.
const SHOWN: usize = 20;

/// The keys of an answer and nothing else, as other programs have `status` and `data` too.
fn is_of_prometheus(seen: &Seen<'_>) -> bool {
    let top = |path: &str| !path.contains(['.', '[']);
    let only =
        seen.json.paths().filter(|path| top(path)).all(|key| ["status", "data", "warnings", "infos"].contains(&key));
    // Metadata by metric: the name of the first one is in the path.
    let is_metadata = || {
        let kinds = ["counter", "gauge", "histogram", "summary", "unknown", "info", "stateset", "gaugehistogram"];
        let of_metric = |path: &str| path.strip_prefix("data.")?.strip_suffix("[].type").map(str::to_owned);
        seen.json.paths().any(|path| {
            of_metric(path).is_some_and(|metric| {
                seen.json.word(path).is_some_and(|word| kinds.contains(&word))
                    && seen.json.has(&format!("data.{metric}[].help"))
            })
        })
    };
    let is_list = || seen.json.word("data[]").is_some();
    only && seen.json.says("status", "success") && (seen.json.has("data[].__name__") || is_list() || is_metadata())
}

fn read_prometheus(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let listed = || json::list(&document, &["data"]);
    let of_series = listed().filter_map(|series| json::text(series, &["__name__"]));
    let metrics: Vec<&str> =
        of_series.chain(json::entries(&document, &["data"]).map(|(name, _)| name.as_str())).collect();
    let mut brought = exist("Prometheus", &metrics, signal::kind);
    let words: Vec<&str> = listed().filter_map(Value::as_str).collect();
    if !words.is_empty() {
        // The values of `__name__` are the metrics; other lists are names or values of labels.
        let metrics: Vec<&str> = words.iter().copied().filter(|word| word.contains('_')).collect();
        brought = exist("Prometheus", &metrics, signal::kind);
        if brought.count() == 0 {
            let shown = domain::naming::values(&words);
            brought.warnings.push(format!(
                "It lists {shown}: names or values of labels. The answers of series, metadata and query_range say more."
            ));
        }
    } else if brought.count() == 0 {
        brought.warnings.push("None of its signals is one of a served model.".to_owned());
    }
    Ok(brought)
}

fn read_cloudwatch(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let metrics: Vec<&str> =
        json::list(&document, &["Metrics"]).filter_map(|metric| json::text(metric, &["MetricName"])).collect();
    let mut brought = exist("CloudWatch", &metrics, |name| signals::kind_of(name, None));
    if document.get("NextToken").is_some_and(|token| !token.is_null()) {
        brought.warnings.push("It is the first page of several; later signals are missing.".to_owned());
    } else if brought.count() == 0 {
        brought.warnings.push("None of its signals is one of a served model.".to_owned());
    }
    Ok(brought)
}

/// One check for each kind of signal that is there. What is absent here may be in another list.
fn exist(tool: &str, metrics: &[&str], kind: impl Fn(&str) -> SignalKind) -> Brought {
    let mut by_kind: BTreeMap<SignalKind, BTreeSet<&str>> = BTreeMap::new();
    for metric in metrics {
        by_kind.entry(kind(metric)).or_default().insert(base_metric(metric));
    }
    let others = by_kind.remove(&SignalKind::Other).map_or(0, |others| others.len());
    let check = |(kind, names): (SignalKind, BTreeSet<&str>)| {
        let listed: Vec<&str> = names.iter().copied().collect();
        let said = format!("{} is recorded as {}", kind.words(), domain::naming::names(&listed));
        let columns = names.iter().take(SHOWN).map(|name| (*name).to_owned()).collect();
        let source = Source::of(tool, None, "");
        ToolCheck::new(source, kind.words(), CheckSubject::Telemetry, columns, CheckOutcome::Passed).with_observed(said)
    };
    let mut brought = Brought::from(by_kind.into_iter().map(check).collect::<Vec<_>>());
    if others > 0 {
        brought.left.push(format!("{} of another kind", counted(others as u64, "signal")));
    }
    brought
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_answer_with_a_status_is_not_taken() {
        let is = |text: &str| is_of_prometheus(&Seen::of(text.as_bytes()));
        assert!(is(r#"{"status": "success", "data": ["a_total"]}"#));
        assert!(is(r#"{"status": "success", "data": {"a": [{"type": "gauge", "help": "", "unit": ""}]}}"#));
        assert!(!is(r#"{"status": "success", "data": [{"id": 1}]}"#) && !is(r#"{"status": "success", "data": []}"#));
        assert!(!is(r#"{"status": "success", "data": ["a"], "total": 1}"#));
        assert!(!is(r#"{"status": "success", "data": {"a": [{"type": "house", "help": ""}]}}"#));
    }
}
