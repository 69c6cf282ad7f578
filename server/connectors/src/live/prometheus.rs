//! Prometheus and what answers like it (Thanos, Mimir, VictoriaMetrics):
//! <https://prometheus.io/docs/prometheus/latest/querying/api/>. Asked are rules, alerts, targets, and the course of the
//! metrics that are about a model, its service or its resources; of a link to a graph only what that graph shows.

use domain::markup::percent_encoded;
use domain::observation::SignalKind;

use super::{Answer, Asked, LiveSource, Question, Window, each_by_itself};
use crate::serving::promql::Expression;
use crate::{json, signals};

pub(super) static PROMETHEUS: LiveSource = LiveSource {
    id: "prometheus",
    tool: "Prometheus",
    proven_on: "2.42",
    takes: "rules, alerts, targets, names of all metrics, the course of those about a model, its service or its resources",
    leaves: "exemplars, native histograms, metrics of machines and of Prometheus itself",
    pages: &["/graph", "/query", "/alerts", "/targets", "/rules", "/classic"],
    knock: "/api/v1/status/buildinfo",
    is_it: |answer| version_of(answer).is_some(),
    version: version_of,
    questions,
    joined: each_by_itself,
};

/// Metrics whose course is asked.
const MOST_METRICS: usize = 40;
/// Points of one series.
const POINTS: i64 = 480;
/// The shortest step, in seconds: scraping is not faster.
const SHORTEST_STEP_S: i64 = 15;

fn version_of(answer: &Answer) -> Option<String> {
    json::text(&answer.json()?, &["data", "version"]).map(str::to_owned)
}

fn questions(asked: &Asked<'_>) -> Vec<Question> {
    let mut all = vec![
        Question::evidence("rules", "/api/v1/rules"),
        Question::evidence("alerts", "/api/v1/alerts"),
        Question::evidence("targets", "/api/v1/targets?state=active"),
        Question::evidence("names", "/api/v1/label/__name__/values"),
    ];
    if let Some(shown) = asked.address.parameter("g0.expr").filter(|shown| !shown.trim().is_empty()) {
        let name = Expression::of(&shown).signal().unwrap_or_else(|| "graph".to_owned());
        all.push(range(&name, &shown, asked.window));
        return all;
    }
    all.extend(metrics(asked).into_iter().map(|name| match name.strip_suffix("_bucket") {
        // The name is put back: Prometheus drops it from what it computes.
        Some(histogram) => {
            let named = format!("{histogram}_p95");
            let quantile =
                format!("histogram_quantile(0.95, sum by (le, job) (rate({name}[{}s])))", rate_s(asked.window));
            range(&named, &format!("label_replace({quantile}, \"__name__\", \"{named}\", \"\", \"\")"), asked.window)
        }
        None => range(&name, &name, asked.window),
    }));
    all
}

fn range(name: &str, expression: &str, window: Window) -> Question {
    let (from, until) = (window.from_ms / 1_000, window.until_ms / 1_000);
    let query = format!("query={}&start={from}&end={until}&step={}", percent_encoded(expression), step_s(window));
    Question::evidence(name, format!("/api/v1/query_range?{query}"))
}

fn step_s(window: Window) -> i64 {
    let seconds = (window.until_ms.saturating_sub(window.from_ms)) / 1_000;
    (seconds / POINTS).max(SHORTEST_STEP_S)
}

/// Rates look back over several scrapes, and leave no time between two steps out.
fn rate_s(window: Window) -> i64 {
    step_s(window).max(SHORTEST_STEP_S * 20)
}

/// The metrics worth a question, those that rules watch first, then those about a model.
fn metrics(asked: &Asked<'_>) -> Vec<String> {
    let Some(names) = asked.json("names") else { return Vec::new() };
    let rules = asked.json("rules");
    let groups = rules.iter().flat_map(|rules| json::list(rules, &["data", "groups"]));
    let rules = groups.flat_map(|group| json::list(group, &["rules"]));
    let watched: Vec<String> = rules
        .filter_map(|rule| json::text(rule, &["query"]))
        .flat_map(|query| Expression::of(query).metrics().into_iter().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let mut found: Vec<(u8, &str)> = json::list(&names, &["data"])
        .filter_map(|name| name.as_str())
        .filter_map(|name| Some((rank(name, watched.iter().any(|one| one == name))?, name)))
        .collect();
    found.sort_unstable();
    found.into_iter().take(MOST_METRICS).map(|(_, name)| name.to_owned()).collect()
}

/// Metrics that every exporter has about itself.
const OWN: [&str; 8] =
    ["prometheus_", "promhttp_", "scrape_", "go_", "python_gc_", "alertmanager_", "net_conntrack_", "mismatch_"];
/// Of those that machines and containers have by the hundred, the ones that tell why a service fails.
const RESOURCES: [&str; 6] = [
    "process_resident_memory_bytes",
    "process_start_time_seconds",
    "container_memory_working_set_bytes",
    "container_spec_memory_limit_bytes",
    "kube_pod_container_status_restarts_total",
    "kube_pod_container_resource_limits",
];
const MACHINES: [&str; 4] = ["node_", "container_", "kube_", "process_"];

/// How early a metric is asked, 0 first; `None` for those that are not.
fn rank(name: &str, is_watched: bool) -> Option<u8> {
    let begins = |starts: &[&str]| starts.iter().any(|start| name.starts_with(start));
    let is_part = name.ends_with("_sum") || name.ends_with("_count") || name.ends_with("_created");
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b':');
    match () {
        () if !is_plain || begins(&OWN) || name == "ALERTS_FOR_STATE" || name == "ALERTS" => None,
        () if is_watched => Some(0),
        () if is_part => None,
        () if RESOURCES.contains(&name) || name == "up" => Some(2),
        () if begins(&MACHINES) => None,
        () if ["model", "predict", "feature", "inference", "score"].iter().any(|word| name.contains(word)) => Some(1),
        () if name.ends_with("_info") => Some(3),
        () if signals::kind_of(name, None) != SignalKind::Other => Some(3),
        () => None,
    }
}
