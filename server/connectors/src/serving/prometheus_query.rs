//! Prometheus: answers of `/api/v1/query_range` and `/api/v1/query`:
//! <https://prometheus.io/docs/prometheus/latest/querying/api/#expression-queries>. Thanos, Mimir and VictoriaMetrics answer
//! in the same form.

use std::collections::BTreeMap;

use domain::Problem;
use domain::number::{count, counted};
use domain::observation::{ArtifactPlace, Deployment, MetricSeries, ModelArtifact, SignalKind};
use serde_json::Value;

use super::prometheus_joined::{Line, joined};
use super::prometheus_labels::{Labels, digest, distinguishing, failed, model, named, version};
use super::prometheus_snapshot::{self, Sample};
use super::{prometheus_resources, signal};
use crate::given::Given;
use crate::{Brought, Connector, json};

pub(super) static QUERY: Connector = Connector {
    id: "prometheus_query",
    tool: "Prometheus",
    words: "answer of a Prometheus query or range query, JSON",
    proven_on: "2.42 and the HTTP API v1 as described",
    takes: "each series with its points, rates of counters, the times at which a version label begins, memory by pod, targets that are down",
    leaves: "native histograms, buckets of classic histograms",
    recognise: |seen| {
        let result =
            ["matrix", "vector", "scalar", "string"].iter().any(|kind| seen.json.says("data.resultType", kind));
        let failed = seen.json.says("status", "error") && seen.json.has_all(&["errorType", "error"]);
        result && seen.json.has_all(&["status", "data.result"]) || failed
    },
    read,
};

/// Series of one answer at most.
const MOST_SERIES: usize = 2_000;
/// Points of one answer at most.
const MOST_POINTS: usize = 1_000_000;

/// One series of the answer.
struct Series {
    /// Prometheus drops it from everything that is computed.
    name: Option<String>,
    labels: Labels,
    points: Vec<(i64, f64)>,
    place: String,
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let answer = given.json()?;
    if json::text(&answer, &["status"]) == Some("error") {
        let kind = json::text(&answer, &["errorType"]).unwrap_or("error");
        let said = json::words(answer.get("error").unwrap_or(&Value::Null));
        return Err(given.bad(&format!(
            "Prometheus answered with an error instead of data ({kind}: {said}); correct the query and save its answer again"
        )));
    }
    let mut brought = Brought::default();
    brought
        .warnings
        .extend(json::list(&answer, &["warnings"]).map(|said| format!("Prometheus warns: {}.", json::words(said))));
    let kind = json::text(&answer, &["data", "resultType"]).unwrap_or_default();
    let all = match kind {
        "matrix" | "vector" => results(&answer, &mut brought),
        "scalar" => scalar(&answer).into_iter().collect(),
        other => {
            return Err(given
                .bad(&format!("its answer is a {other}, and only series are read; save the answer of another query")));
        }
    };
    if all.is_empty() {
        brought.warnings.push(
            "The answer holds no series: nothing has this name, or nothing was recorded in this time.".to_owned(),
        );
    }
    let fallback = given.name.split(['/', '\\']).next_back().unwrap_or_default();
    let fallback = fallback.rsplit_once('.').map_or(fallback, |(stem, _)| stem);
    if all.iter().any(|series| series.name.is_none()) {
        let note = "The answer does not name its metric, as Prometheus drops the name of what it computes: the series have the name of the file.";
        brought.warnings.push(note.to_owned());
    }
    if kind == "vector" {
        let samples = all.into_iter().filter_map(|series| {
            let (at_ms, value) = series.points.last().copied()?;
            let name = series.name.unwrap_or_else(|| fallback.to_owned());
            Some(Sample { name, labels: series.labels, value, at_ms: Some(at_ms), place: series.place })
        });
        prometheus_snapshot::bring(samples.collect(), &mut brought);
        return Ok(brought);
    }
    over_time(&all, fallback, &mut brought);
    if brought.count() == 0 && brought.warnings.is_empty() {
        brought.warnings.push("It holds no series that has values over time.".to_owned());
    }
    Ok(brought)
}

/// The series of a matrix or a vector.
fn results(answer: &Value, brought: &mut Brought) -> Vec<Series> {
    let all: Vec<&Value> = json::list(answer, &["data", "result"]).collect();
    if all.len() > MOST_SERIES {
        brought.left.push(format!("{} series over the first {MOST_SERIES}", count((all.len() - MOST_SERIES) as u64)));
    }
    let native = all.iter().filter(|one| one.get("histograms").or_else(|| one.get("histogram")).is_some()).count();
    if native > 0 {
        brought.left.push(counted(native as u64, "native histogram"));
    }
    let mut room = MOST_POINTS;
    let mut found = Vec::new();
    for (place, one) in all.into_iter().take(MOST_SERIES).enumerate() {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let mut labels: Labels =
            json::entries(one, &["metric"]).filter_map(|(key, value)| Some((key.clone(), text(value)?))).collect();
        let name = labels.remove("__name__");
        let listed = json::list(one, &["values"]).chain(one.get("value"));
        let mut points: Vec<(i64, f64)> = listed.filter_map(point).take(room).collect();
        points.sort_by_key(|(at, _)| *at);
        points.dedup_by_key(|(at, _)| *at);
        room -= points.len().min(room);
        found.push(Series { name, labels, points, place: format!("data.result[{place}]") });
    }
    if room == 0 {
        brought.warnings.push(format!("It has more than {MOST_POINTS} points; the first were read."));
    }
    found.into_iter().filter(|series| !series.points.is_empty()).collect()
}

fn scalar(answer: &Value) -> Option<Series> {
    let point = point(json::at(answer, &["data", "result"])?)?;
    Some(Series { name: None, labels: Labels::new(), points: vec![point], place: "data.result".to_owned() })
}

/// `[seconds, "value"]`; what is not finite is NaN.
fn point(pair: &Value) -> Option<(i64, f64)> {
    /// The last second of the year 9999.
    const LATEST: f64 = 253_402_300_799.0;
    let seconds = pair.get(0).and_then(json::finite).filter(|seconds| (0.0..LATEST).contains(seconds))?;
    let value = pair.get(1)?;
    let number: f64 = value.as_str().map_or_else(|| value.as_f64(), |text| text.parse().ok())?;
    Some(((seconds * 1_000.0).round() as i64, if number.is_finite() { number } else { f64::NAN }))
}

fn over_time(all: &[Series], fallback: &str, brought: &mut Brought) {
    let mut by_name: BTreeMap<&str, Vec<&Series>> = BTreeMap::new();
    for series in all {
        by_name.entry(series.name.as_deref().unwrap_or(fallback)).or_default().push(series);
    }
    let mut buckets = 0;
    for (name, group) in by_name {
        if name.ends_with("_bucket") && group.iter().any(|series| series.labels.contains_key("le")) {
            buckets += group.len();
            continue;
        }
        // Its value is always 1; its labels are read below.
        if name.ends_with("_info") {
            continue;
        }
        brought.observations.series.extend(signals(name, &group, &mut brought.warnings));
        let at = |series: &&&Series| series.points.last().copied();
        let up = group.iter().filter(|_| name == "up").filter_map(|series| {
            let (at_ms, value) = at(&series)?;
            let place = series.place.clone();
            Some(Sample { name: name.to_owned(), labels: series.labels.clone(), value, at_ms: Some(at_ms), place })
        });
        brought.facts.checks.extend(up.map(|sample| prometheus_snapshot::up(&sample)));
    }
    if buckets > 0 {
        brought.left.push(format!("{} of histograms", counted(buckets as u64, "bucket")));
    }
    let peaks = all.iter().filter_map(|series| {
        let values = series.points.iter().map(|(_, value)| *value).filter(|value| value.is_finite());
        Some((series.name.as_deref()?, &series.labels, values.fold(f64::NAN, f64::max)))
    });
    prometheus_resources::bring(peaks, &mut brought.observations.resources);
    let none = all.iter().filter(|series| is_without_values(series)).count();
    if none > 0 {
        brought.warnings.push(format!(
            "{none} of {} series have no value but NaN or infinity and are left out: a division by zero, or nothing was recorded.",
            count(all.len() as u64)
        ));
    }
    releases(all, brought);
}

fn is_without_values(series: &Series) -> bool {
    series.points.iter().all(|(_, value)| value.is_nan())
}

/// The series of one name, with those joined that follow each other.
fn signals(name: &str, group: &[&Series], warnings: &mut Vec<String>) -> Vec<MetricSeries> {
    let is_counter = ["_total", "_count", "_sum"].iter().any(|end| name.ends_with(end));
    let line = |series: &&&Series| {
        let points = if is_counter && series.points.len() > 1 { rate(&series.points) } else { series.points.clone() };
        (series.labels.clone(), points)
    };
    let apart: Vec<Line> =
        group.iter().filter(|series| !is_without_values(series)).map(|series| line(&series)).collect();
    let before = apart.len();
    let lines = joined(apart);
    if lines.len() < before {
        let now = if lines.len() == 1 { "one".to_owned() } else { count(lines.len() as u64) };
        warnings.push(format!("{before} series of {name} follow each other and are read as {now}."));
    }
    let labels: Vec<&Labels> = lines.iter().map(|(labels, _)| labels).collect();
    let keys = distinguishing(&labels);
    let named = |labels: &Labels| named(name, labels, &keys);
    let all = lines.iter().map(|(labels, points)| {
        let shown = named(labels);
        let kind = match signal::kind(name) {
            SignalKind::Throughput if failed(labels) == Some(true) => SignalKind::ErrorRate,
            kind => kind,
        };
        let (signal, unit) = match shown.strip_prefix(name).filter(|_| is_counter) {
            Some(labels) => (format!("rate({name}){labels}"), Some("per second".to_owned())),
            None => (shown, signal::unit(name).map(str::to_owned)),
        };
        MetricSeries { source: String::new(), signal, kind, unit, higher_is_better: None, points: points.clone() }
    });
    all.collect()
}

/// What a counter grew by per second; after a restart it counts from zero.
fn rate(points: &[(i64, f64)]) -> Vec<(i64, f64)> {
    let pairs = points.iter().zip(points.iter().skip(1));
    pairs
        .map(|((from, before), (to, value))| {
            let grown = if value < before { *value } else { value - before };
            (*to, grown / (to.saturating_sub(*from).max(1) as f64 / 1_000.0))
        })
        .collect()
}

/// The time from which a version is seen. One that is there from the beginning was deployed before.
fn releases(all: &[Series], brought: &mut Brought) {
    /// First and last time, the digest, and whether the series only says which version runs.
    struct Span(i64, i64, Option<String>, bool);
    let mut spans: BTreeMap<(Option<String>, String), Span> = BTreeMap::new();
    let begins = all.iter().filter_map(|series| series.points.first()).map(|(at, _)| *at).min();
    for series in all {
        let name = series.name.as_deref().unwrap_or_default();
        let is_runtime =
            ["python_", "go_", "process_", "prometheus_", "node_", "kube"].iter().any(|of| name.starts_with(of));
        let seen = series.points.first().zip(series.points.last());
        let (false, Some(version), Some((first, last))) = (is_runtime, version(&series.labels), seen) else { continue };
        let span = spans.entry((model(&series.labels), version)).or_insert(Span(first.0, last.0, None, false));
        *span = Span(
            span.0.min(first.0),
            span.1.max(last.0),
            span.2.take().or_else(|| digest(&series.labels)),
            span.3 || name.ends_with("_info"),
        );
    }
    let previous = |model: &Option<String>, start: i64| {
        let earlier = spans.iter().filter(|((of, _), span)| of == model && span.0 < start);
        earlier.max_by_key(|(_, span)| (span.1, span.0)).map(|((_, version), _)| version.clone())
    };
    for ((model, version), span) in &spans {
        let at_ms = (Some(span.0) != begins).then_some(span.0);
        if at_ms.is_none() && !span.3 {
            continue;
        }
        if let Some(digest) = &span.2 {
            brought.observations.artifacts.push(ModelArtifact {
                source: String::new(),
                place: ArtifactPlace::Deployed,
                model: model.clone(),
                version: Some(version.clone()),
                digest: Some(digest.clone()),
            });
        }
        brought.observations.deployments.push(Deployment {
            at_ms,
            model: model.clone(),
            version: Some(version.clone()),
            digest: span.2.clone(),
            previous_version: previous(model, span.0),
            ..Deployment::default()
        });
    }
    brought.observations.deployments.sort_by_key(|deployment| deployment.at_ms);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_that_restarts_counts_from_zero() {
        let points = [(0, 10.0), (1_000, 14.0), (3_000, 2.0), (4_000, f64::NAN)];
        let rates = rate(&points);
        assert_eq!(&rates[..2], [(1_000, 4.0), (3_000, 1.0)]);
        assert!(rates[2].1.is_nan());
    }

    #[test]
    fn times_that_no_calendar_has_are_no_points() {
        assert_eq!(
            point(&serde_json::json!([1.5, "+Inf"])).map(|(at, value)| (at, value.is_nan())),
            Some((1_500, true))
        );
        for odd in [
            serde_json::json!([1e300, "1"]),
            serde_json::json!([1]),
            serde_json::json!([1, "x"]),
            serde_json::json!("a"),
        ] {
            assert_eq!(point(&odd), None);
        }
    }
}
