//! Docker containers as `docker ps` and `docker stats` list them with `--format json`:
//! <https://docs.docker.com/reference/cli/docker/container/ls/#format>.

use std::collections::BTreeMap;

use domain::Problem;
use domain::observation::ResourceUse;
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck};
use serde_json::Value;

use super::docker_containers::Container;
use super::docker_images::{self as images, TOOL};
use crate::given::Given;
use crate::{Brought, Connector, json};

pub(super) static LINES: Connector = Connector {
    id: "docker_ps",
    tool: TOOL,
    words: "docker ps or docker stats with --format json, JSON Lines",
    proven_on: "20.10",
    takes: "state, exit code, health, image and labels, memory and CPU in use",
    leaves: "ports, networks, sizes",
    recognise: |seen| {
        seen.json.has_all(&["Image", "Names", "Status", "Command", "RunningFor"])
            || seen.json.has_all(&["Container", "MemUsage", "CPUPerc", "PIDs"])
    },
    read: read_lines,
};

fn read_lines(given: &Given<'_>) -> Result<Brought, Problem> {
    let (lines, broken) = given.json_lines()?;
    let mut brought = Brought::default();
    for (place, line) in lines.iter().enumerate() {
        let source = Source::of(TOOL, None, format!("line {}", place + 1));
        match json::text(line, &["MemUsage"]) {
            Some(usage) => brought.observations.resources.push(used(line, usage)),
            None => listed(line, source, &mut brought),
        }
    }
    images::broken_lines(broken, &mut brought);
    if brought.count() == 0 {
        return Err(given.bad("it holds no container; save the answer of docker ps --all --format json again"));
    }
    Ok(brought)
}

/// A line of `docker stats`: `692KiB / 256MiB`, `0.50%`.
fn used(line: &Value, usage: &str) -> ResourceUse {
    let (used, limit) = usage.split_once('/').unwrap_or((usage, ""));
    let percent = json::text(line, &["CPUPerc"]).and_then(|text| text.trim_end_matches('%').trim().parse::<f64>().ok());
    ResourceUse {
        name: json::text(line, &["Name"]).or_else(|| json::text(line, &["Container"])).unwrap_or_default().to_owned(),
        memory_peak_bytes: images::bytes(used),
        memory_limit_bytes: images::bytes(limit).filter(|limit| *limit > 0.0),
        cpu_peak_cores: percent.map(|percent| percent / 100.0).filter(|cores| cores.is_finite()),
        ..ResourceUse::default()
    }
}

/// A line of `docker ps`: `Up 12 seconds (healthy)`, `Exited (137) 11 seconds ago`.
fn listed(line: &Value, source: Source, brought: &mut Brought) {
    let Some(status) = json::text(line, &["Status"]) else { return };
    let name = json::text(line, &["Names"]).unwrap_or("container").to_owned();
    let code =
        status.split_once('(').and_then(|(_, rest)| rest.split(')').next()).and_then(|code| code.parse::<f64>().ok());
    let outcome = match code {
        _ if status.contains("unhealthy") || status.starts_with("Restarting") || status.starts_with("Dead") => {
            CheckOutcome::Failed
        }
        Some(code) if code != 0.0 => CheckOutcome::Failed,
        _ => CheckOutcome::Passed,
    };
    let why = if code == Some(137.0) { ": it was killed, which running out of memory does" } else { "" };
    let check = ToolCheck::new(source, "Status", CheckSubject::Health, vec![name.clone()], outcome);
    let check = check.with_observed(format!("{status}{why}"));
    brought.facts.checks.push(match code {
        Some(code) => check.with_measured("exit code", code, Some(0.0)),
        None => check,
    });
    let labels = json::text(line, &["Labels"]).unwrap_or_default();
    Container {
        name,
        image: json::text(line, &["Image"]).unwrap_or_default(),
        image_digest: None,
        labels: labels.split(',').filter_map(|label| label.split_once('=')).collect(),
        started: json::text(line, &["CreatedAt"]).and_then(images::time),
        settings: BTreeMap::new(),
    }
    .bring(brought);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn use_is_read_in_bytes_and_cores() {
        let used = used(&json!({"Name": "a", "CPUPerc": "150.00%"}), "1GiB / 2GiB");
        assert_eq!((used.memory_peak_bytes, used.cpu_peak_cores), (Some(1_073_741_824.0), Some(1.5)));
    }
}
