//! Grafana: dashboards, exported or of `/api/dashboards/uid/…`, and annotations:
//! <https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/>.

use domain::Problem;
use domain::number::{counted, number};
use domain::observation::{AlertRule, Breach, Deployment, SignalKind};
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck};
use serde_json::Value;

use super::promql::Expression;
use super::signal;
use crate::given::Given;
use crate::{Brought, Connector, json, numbers};

const TOOL: &str = "Grafana";

pub(super) static DASHBOARD: Connector = Connector {
    id: "grafana_dashboard",
    tool: TOOL,
    words: "Grafana dashboard, exported or from the API, JSON",
    proven_on: "dashboard schema 39",
    takes: "panels with the metrics that they query and their thresholds, alerts of panels, annotations that are off",
    leaves: "panels without a query, layout",
    recognise: |seen| {
        ["", "dashboard.", "spec."].iter().any(|prefix| {
            let has = |key: &str| seen.json.has(&format!("{prefix}{key}"));
            has("schemaVersion") && (has("panels") || has("rows")) && has("title")
        })
    },
    read: read_dashboard,
};

pub(super) static ANNOTATIONS: Connector = Connector {
    id: "grafana_annotations",
    tool: TOOL,
    words: "annotations of Grafana, JSON",
    proven_on: "GET /api/annotations as described",
    takes: "deployments by their tag, alerts with their state",
    leaves: "other annotations, which are counted",
    recognise: |seen| {
        seen.json.has_all(&["[].time", "[].text", "[].tags"])
            && ["[].dashboardUID", "[].dashboardId", "[].panelId", "[].newState"].iter().any(|key| seen.json.has(key))
    },
    read: read_annotations,
};

/// What a dashboard of a served model is expected to show.
const WANTED: [SignalKind; 8] = [
    SignalKind::Latency,
    SignalKind::Throughput,
    SignalKind::ErrorRate,
    SignalKind::InputDrift,
    SignalKind::PredictionDrift,
    SignalKind::Confidence,
    SignalKind::MissingValues,
    SignalKind::Performance,
];
/// Panels of one dashboard at most, and rows within rows.
const MOST_PANELS: usize = 2_000;
const DEEPEST: usize = 4;

struct Panel<'v> {
    value: &'v Value,
    place: String,
}

fn read_dashboard(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let within = |key: &str| document.get(key).filter(|inner| inner.get("schemaVersion").is_some());
    let (dashboard, prefix) = match (within("dashboard"), within("spec")) {
        (Some(dashboard), _) => (dashboard, "dashboard."),
        (None, Some(dashboard)) => (dashboard, "spec."),
        (None, None) => (&document, ""),
    };
    let version = json::number(dashboard, &["schemaVersion"]).map(|version| format!("schema {version}"));
    let mut panels = Vec::new();
    collect(dashboard, prefix, 0, &mut panels);
    let mut brought = Brought { tool_version: version.clone(), ..Brought::default() };
    let mut shown = Vec::new();
    let mut silent = 0_u64;
    for panel in &panels {
        match watched(panel, &mut shown) {
            Some(check) => brought.facts.checks.push(check),
            None => silent += 1,
        }
        brought.observations.alert_rules.extend(alert(panel));
    }
    brought.facts.checks.extend(gaps(dashboard, &shown));
    brought.facts.checks.extend(annotations(dashboard, prefix));
    let url = json::text(&document, &["meta", "url"]).filter(|url| url.starts_with("http"));
    for check in &mut brought.facts.checks {
        check.source.tool_version.clone_from(&version);
        check.source.url = url.map(str::to_owned);
    }
    if silent > 0 {
        brought.left.push(format!("{} without a query", counted(silent, "panel")));
    }
    if brought.count() == 0 {
        brought.warnings.push("The dashboard has no panel that queries anything.".to_owned());
    }
    Ok(brought)
}

/// Panels, also those of collapsed rows and of the old layout.
fn collect<'v>(of: &'v Value, prefix: &str, depth: usize, panels: &mut Vec<Panel<'v>>) {
    for key in ["panels", "rows"] {
        for (number, value) in json::list(of, &[key]).enumerate() {
            let place = format!("{prefix}{key}[{number}]");
            if depth < DEEPEST {
                collect(value, &format!("{place}."), depth + 1, panels);
            }
            let is_row = key == "rows" || json::text(value, &["type"]) == Some("row");
            if !is_row && panels.len() < MOST_PANELS {
                panels.push(Panel { value, place });
            }
        }
    }
}

fn title<'v>(panel: &Panel<'v>) -> &'v str {
    json::text(panel.value, &["title"]).filter(|title| !title.is_empty()).unwrap_or("panel without a title")
}

/// The texts of the queries, whatever the data source calls them.
fn queries<'v>(panel: &Panel<'v>) -> Vec<&'v str> {
    let of_target = |target: &'v Value| {
        ["expr", "query", "rawSql", "expression", "metricName", "target"]
            .iter()
            .find_map(|key| json::text(target, &[key]))
    };
    json::list(panel.value, &["targets"]).filter_map(of_target).filter(|query| !query.trim().is_empty()).collect()
}

/// What a panel shows; `None` for one without a query.
fn watched(panel: &Panel<'_>, shown: &mut Vec<SignalKind>) -> Option<ToolCheck> {
    let queries = queries(panel);
    if queries.is_empty() {
        return None;
    }
    let of_prometheus = json::list(panel.value, &["targets"]).filter_map(|target| json::text(target, &["expr"]));
    let mut metrics: Vec<String> = Vec::new();
    for query in of_prometheus {
        metrics.extend(Expression::of(query).metrics().into_iter().map(str::to_owned));
    }
    metrics.dedup();
    let by_title = signal::kind(title(panel));
    shown.push(by_title);
    shown.extend(metrics.iter().map(|metric| signal::kind(metric)));
    let thresholds: Vec<String> = json::list(panel.value, &["fieldConfig", "defaults", "thresholds", "steps"])
        .filter_map(|step| json::number(step, &["value"]))
        .map(number)
        .collect();
    let unit = json::text(panel.value, &["fieldConfig", "defaults", "unit"]).unwrap_or_default();
    let said = format!("panel “{}” shows {}", cut(title(panel)), cut(&queries.join("; ")));
    let source = Source::of(TOOL, None, panel.place.clone());
    let check = ToolCheck::new(source, title(panel), CheckSubject::Dashboard, metrics, CheckOutcome::Passed)
        .with_observed(said);
    Some(match thresholds.is_empty() {
        true => check,
        false => check.with_expected(format!("threshold {} {unit}", thresholds.join(", ")).trim_end().to_owned()),
    })
}

fn cut(text: &str) -> String {
    json::words(&Value::String(text.split_whitespace().collect::<Vec<_>>().join(" ")))
}

/// The alert of a panel, as Grafana had them before version 9.
fn alert(panel: &Panel<'_>) -> Option<AlertRule> {
    let alert = panel.value.get("alert")?;
    let condition = json::list(alert, &["conditions"]).next()?;
    let threshold = json::list(condition, &["evaluator", "params"]).find_map(json::finite);
    let (breach, threshold) = match (json::text(condition, &["evaluator", "type"])?, threshold) {
        ("gt", Some(threshold)) => (Breach::Above, threshold),
        ("lt", Some(threshold)) => (Breach::Below, threshold),
        ("no_value", _) => (Breach::Absent, 0.0),
        _ => return None,
    };
    let name = json::text(alert, &["name"]).unwrap_or(title(panel));
    let reference = json::list(condition, &["query", "params"]).find_map(Value::as_str);
    let target = json::list(panel.value, &["targets"]).find(|target| json::text(target, &["refId"]) == reference);
    let expression = target.and_then(|target| json::text(target, &["expr"])).unwrap_or_default();
    let metric = Expression::of(expression).signal().unwrap_or_default();
    let kind = match signal::kind(name) {
        SignalKind::Other => signal::kind(&metric),
        kind => kind,
    };
    let for_ms = json::text(alert, &["for"]).and_then(signal::duration_ms).unwrap_or(0);
    let source = format!("{TOOL}, {}", panel.place);
    Some(AlertRule { source, name: name.to_owned(), signal: metric, kind, breach, threshold, for_ms, muted: false })
}

/// Signals of a served model that no panel shows, where the dashboard is one of a served model.
fn gaps(dashboard: &Value, shown: &[SignalKind]) -> Option<ToolCheck> {
    if !WANTED.iter().any(|kind| shown.contains(kind)) {
        return None;
    }
    let lacking: Vec<&str> = WANTED.iter().filter(|kind| !shown.contains(kind)).map(|kind| kind.words()).collect();
    let (outcome, said) = match lacking.is_empty() {
        true => (CheckOutcome::Passed, "each signal of a served model has a panel".to_owned()),
        // Another dashboard may show them.
        false => (CheckOutcome::Warned, format!("no panel for {}", lacking.join(", "))),
    };
    let name = json::text(dashboard, &["title"]).unwrap_or("dashboard");
    let check = ToolCheck::new(
        Source::of(TOOL, None, "panels"),
        "panels",
        CheckSubject::Dashboard,
        vec![name.to_owned()],
        outcome,
    );
    Some(check.with_observed(said))
}

/// Annotations that would show releases, and whether they are on.
fn annotations(dashboard: &Value, prefix: &str) -> Vec<ToolCheck> {
    let listed = json::list(dashboard, &["annotations", "list"]).enumerate();
    listed
        .filter(|(_, one)| one.get("builtIn").is_none())
        .filter_map(|(place, one)| {
            let name = json::text(one, &["name"])?;
            let asked = json::text(one, &["expr"]).or_else(|| json::text(one, &["query"])).unwrap_or_default();
            let words = domain::naming::words(&format!("{name} {asked}"));
            let of_release =
                ["deploy", "deploys", "deployment", "deployments", "release", "releases", "version", "info", "rollout"];
            let about_release = words.iter().any(|word| of_release.contains(&word.as_str()));
            let enabled = one.get("enable").and_then(Value::as_bool) != Some(false);
            let (outcome, said) = match (enabled, about_release) {
                (true, _) => (CheckOutcome::Passed, "the annotations are on"),
                (false, true) => (
                    CheckOutcome::Warned,
                    "the annotations of releases are off: a change can't be seen next to the curves",
                ),
                (false, false) => (CheckOutcome::Warned, "the annotations are off"),
            };
            let source = Source::of(TOOL, None, format!("{prefix}annotations.list[{place}]"));
            Some(
                ToolCheck::new(source, name, CheckSubject::Dashboard, vec![name.to_owned()], outcome)
                    .with_observed(said),
            )
        })
        .collect()
}

fn read_annotations(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let mut brought = Brought::default();
    let mut others = 0_u64;
    for (place, one) in json::list(&document, &[]).enumerate() {
        let text = json::text(one, &["text"]).unwrap_or_default();
        let at_ms = one.get("time").and_then(numbers::time);
        let tags: Vec<&str> = json::list(one, &["tags"]).filter_map(Value::as_str).collect();
        let of_release =
            |word: &str| ["deploy", "release", "rollout"].iter().any(|start| word.to_lowercase().starts_with(start));
        if let Some(state) = json::text(one, &["newState"]).filter(|state| !state.is_empty()) {
            let source = Source::of(TOOL, None, format!("[{place}]"));
            brought.facts.checks.extend(alerted(one, source, state, text, at_ms));
        } else if tags.iter().any(|tag| of_release(tag)) || text.split_whitespace().next().is_some_and(of_release) {
            brought.observations.deployments.push(Deployment {
                at_ms,
                model: tags.iter().find(|tag| !of_release(tag)).map(|tag| (*tag).to_owned()),
                version: text.split_whitespace().find(|word| is_version(word)).map(str::to_owned),
                settings: [("annotation".to_owned(), cut(text))].into(),
                ..Deployment::default()
            });
        } else {
            others += 1;
        }
    }
    if others > 0 {
        brought.left.push(counted(others, "other annotation"));
    }
    if brought.count() == 0 {
        brought.warnings.push("No annotation tells of a release or an alert.".to_owned());
    }
    Ok(brought)
}

/// `v4`, `1.2.0`, `v1.2`.
fn is_version(word: &str) -> bool {
    let number = word.strip_prefix('v').unwrap_or(word);
    number.starts_with(|c: char| c.is_ascii_digit()) && (word.starts_with('v') || number.contains('.'))
}

fn alerted(one: &Value, source: Source, state: &str, text: &str, at_ms: Option<i64>) -> Option<ToolCheck> {
    let outcome = match state.to_lowercase().as_str() {
        "alerting" | "firing" => CheckOutcome::Failed,
        "pending" => CheckOutcome::Warned,
        "ok" | "normal" => CheckOutcome::Passed,
        "nodata" | "no_data" | "error" => CheckOutcome::NotRun,
        _ => return None,
    };
    let ended = one.get("timeEnd").and_then(numbers::time);
    let minutes = at_ms.zip(ended).map(|(from, to)| to.saturating_sub(from) / 60_000).filter(|minutes| *minutes > 0);
    let lasted =
        minutes.map(|minutes| format!(", for {}", counted(minutes.unsigned_abs(), "minute"))).unwrap_or_default();
    let check = ToolCheck::new(source, "annotation", CheckSubject::Alert, Vec::new(), outcome);
    Some(check.with_observed(format!("{}: {state}{lasted}", cut(text))).with_time(at_ms))
}
