//! Prometheus' configuration: what is scraped, which rules are loaded and where alerts go:
//! <https://prometheus.io/docs/prometheus/latest/configuration/configuration/>.

use domain::Problem;
use domain::observation::Stage;
use domain::tool_check::Source;
use domain::tool_facts::Setting;
use serde_json::Value;

use crate::given::Given;
use crate::{Brought, Connector, json};

const TOOL: &str = "Prometheus";

pub(super) static CONFIG: Connector = Connector {
    id: "prometheus_config",
    tool: TOOL,
    words: "prometheus.yml",
    proven_on: "2.42",
    takes: "jobs with their targets and intervals, files of rules, alert managers",
    leaves: "credentials, relabelling, how targets are discovered",
    recognise: |seen| {
        let has_job = || seen.text.contains("job_name:") || seen.text.contains("\"job_name\"");
        seen.has_line("scrape_configs:") && has_job() && !seen.has_line("```") && !seen.has_line("kind:")
    },
    read,
};

/// Targets of one job that are shown.
const SHOWN: usize = 20;

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let documents = given.yaml()?;
    let document = documents.first().cloned().unwrap_or_default();
    let mut brought = Brought::default();
    let mut set = |path: String, name: String, value: String| {
        brought.facts.settings.push(Setting {
            source: Source::of(TOOL, None, path),
            stage: Some(Stage::Serving),
            name,
            value,
        });
    };
    for key in ["scrape_interval", "evaluation_interval"] {
        if let Some(value) = json::at(&document, &["global", key]) {
            set(format!("global.{key}"), key.to_owned(), json::words(value));
        }
    }
    for (place, job) in json::list(&document, &["scrape_configs"]).enumerate() {
        let Some(name) = json::text(job, &["job_name"]) else { continue };
        let path = format!("scrape_configs[{place}]");
        set(path.clone(), format!("targets of job {name}"), targets(job));
        if let Some(interval) = job.get("scrape_interval") {
            set(path, format!("scrape_interval of job {name}"), json::words(interval));
        }
    }
    let rules: Vec<String> = json::list(&document, &["rule_files"]).map(json::words).collect();
    set("rule_files".to_owned(), "rule_files".to_owned(), or_none(&rules));
    let managers: Vec<String> =
        json::list(&document, &["alerting", "alertmanagers"]).map(targets).filter(|one| one != "none").collect();
    set("alerting".to_owned(), "alertmanagers".to_owned(), or_none(&managers));
    Ok(brought)
}

fn or_none(listed: &[String]) -> String {
    if listed.is_empty() { "none".to_owned() } else { listed.join(", ") }
}

/// The addresses that are written down; a service that finds others is named.
fn targets(job: &Value) -> String {
    let fixed = json::list(job, &["static_configs"]).flat_map(|group| json::list(group, &["targets"]));
    // An address may carry who asks.
    let fixed = fixed.filter_map(Value::as_str).map(|address| address.rsplit('@').next().unwrap_or(address).to_owned());
    let found = json::entries(job, &[]).filter_map(|(key, _)| key.strip_suffix("_sd_configs"));
    let all: Vec<String> = fixed.chain(found.map(|service| format!("found by {service}"))).take(SHOWN).collect();
    or_none(&all)
}
