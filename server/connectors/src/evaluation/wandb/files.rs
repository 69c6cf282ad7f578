//! The other files of a run folder: `config.yaml`, `wandb-summary.json`, `wandb-metadata.json`; and a history that somebody
//! exported.

use domain::Problem;
use domain::observation::Stage;
use domain::tool_check::Source;
use domain::tool_facts::Setting;
use serde_json::{Map, Value};

use super::{Rows, TOOL, settings, summary, warn};
use crate::given::Given;
use crate::{Brought, Connector, json};

pub(crate) static CONFIG: Connector = Connector {
    id: "wandb_config",
    tool: TOOL,
    words: "Weights & Biases config.yaml",
    proven_on: "0.16 and 0.31",
    takes: "every setting of the run",
    leaves: "what the tool keeps of itself",
    recognise: |seen| {
        seen.has_line("wandb_version:")
            || (seen.has_line("_wandb:") && (seen.has_line("  value:") || seen.has_line("    value:")))
    },
    read: read_config,
};

pub(crate) static SUMMARY: Connector = Connector {
    id: "wandb_summary",
    tool: TOOL,
    words: "Weights & Biases wandb-summary.json",
    proven_on: "0.16 and 0.31",
    takes: "the last figures of the run",
    leaves: "histograms, tables and other media",
    recognise: |seen| {
        let is_row = seen.json.has_all(&["_step", "_runtime", "_timestamp"]);
        (seen.json.has("_wandb") || seen.json.has("_wandb/runtime") || is_row) && !is_several(&seen.text)
    },
    read: read_summary,
};

pub(crate) static METADATA: Connector = Connector {
    id: "wandb_metadata",
    tool: TOOL,
    words: "Weights & Biases wandb-metadata.json",
    proven_on: "the layout of 0.16 to 0.31",
    takes: "the commit, the program with its arguments, the version of Python",
    leaves: "the machine",
    recognise: |seen| {
        seen.json.has_all(&["os", "python", "startedAt"]) && (seen.json.has("program") || seen.json.has("executable"))
    },
    read: read_metadata,
};

pub(crate) static HISTORY: Connector = Connector {
    id: "wandb_history",
    tool: TOOL,
    words: "Weights & Biases history, JSON Lines or a JSON list",
    proven_on: "0.16 and 0.31",
    takes: "the learning curve",
    leaves: "histograms and media",
    recognise: |seen| {
        let has_all = |keys: &[&str]| seen.json.has_all(keys);
        has_all(&["_step", "_runtime", "_timestamp"]) && is_several(&seen.text)
            || has_all(&["[]._step", "[]._runtime", "[]._timestamp"])
    },
    read: read_history,
};

/// Whether the text has a second document after the first, as JSON Lines do.
fn is_several(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.next().is_some_and(|line| line.ends_with('}')) && lines.next().is_some_and(|line| line.starts_with('{'))
}

fn read_config(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.yaml()?.into_iter().next().unwrap_or_default();
    // Each setting is an object of its description and its value.
    let values: Map<String, Value> = json::entries(&document, &[])
        .filter_map(|(name, setting)| Some((name.clone(), setting.get("value")?.clone())))
        .collect();
    let version = json::text(&document, &["_wandb", "value", "cli_version"]).map(str::to_owned);
    let mut brought = Brought { tool_version: version, ..Brought::default() };
    brought.facts.settings = settings("", &values);
    if brought.facts.settings.is_empty() {
        brought.warnings.push("The run has no settings of its own.".to_owned());
    }
    Ok(brought)
}

fn read_summary(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let mut brought = Brought::default();
    let all = document.as_object().cloned().unwrap_or_default();
    let not_finite = summary("", None, &all, &mut brought.facts.metrics);
    brought.warnings.extend(warn(given.name, &not_finite));
    let media = all.values().filter(|value| value.get("_type").is_some()).count();
    if media > 0 {
        brought
            .left
            .push(format!("{} that hold a histogram or a table", domain::number::counted(media as u64, "value")));
    }
    if brought.count() == 0 && brought.warnings.is_empty() {
        brought.warnings.push("It holds the time of the run only; the figures are in the .wandb file.".to_owned());
    }
    Ok(brought)
}

fn read_metadata(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let kept = [
        ("program", vec!["program"]),
        ("args", vec!["args"]),
        ("git.commit", vec!["git", "commit"]),
        ("git.remote", vec!["git", "remote"]),
        ("python", vec!["python"]),
        ("host", vec!["host"]),
        ("gpu", vec!["gpu"]),
    ];
    let mut brought = Brought::default();
    for (name, keys) in kept {
        let Some(value) = json::at(&document, &keys).filter(|value| !value.is_null()) else { continue };
        let source = Source::of(TOOL, None, name);
        let (name, value) = (name.to_owned(), json::words(value));
        brought.facts.settings.push(Setting { source, stage: Some(Stage::Training), name, value });
    }
    Ok(brought)
}

fn read_history(given: &Given<'_>) -> Result<Brought, Problem> {
    let is_list = given.text()?.trim_start().starts_with('[');
    let (rows, broken) = match is_list {
        true => (json::list(&given.json()?, &[]).cloned().collect(), 0),
        false => given.json_lines()?,
    };
    let rows =
        Rows(rows.into_iter().filter_map(|row| if let Value::Object(row) = row { Some(row) } else { None }).collect());
    let mut brought = Brought { curves: rows.history().curve(given.name).into_iter().collect(), ..Brought::default() };
    if broken > 0 {
        brought.left.push(domain::number::counted(broken as u64, "line that is not JSON"));
    }
    if brought.curves.is_empty() {
        brought.warnings.push("It holds no loss or score over at least two steps.".to_owned());
    }
    Ok(brought)
}
