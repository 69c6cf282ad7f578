//! What `conda list --json` prints: <https://docs.conda.io/projects/conda/en/stable/commands/list.html>.

use domain::Problem;
use domain::observation::Observations;
use serde::Deserialize;

use super::conda_environment::pip_name;
use super::packages::Packages;
use super::pip_list::looks_like_packages;
use crate::Connector;
use crate::refusal::bad;

pub(super) static CONNECTOR: Connector = Connector {
    id: "conda_list",
    tool: "conda",
    words: "conda list, JSON",
    proven_on: "conda 24",
    takes: "packages, Python",
    leaves: "builds, channels",
    recognise: |seen| rows(&seen.text).is_some_and(|rows| !rows.is_empty()),
    read: |given| Ok(read(&given.text()?, given.name)?.into()),
};

/// Build and channel are what only conda's list has.
#[derive(Deserialize)]
struct Row {
    name: String,
    version: String,
    #[serde(rename = "build_string")]
    _build: String,
    #[serde(rename = "channel")]
    _channel: String,
}

/// `None` when it is anything else.
fn rows(text: &str) -> Option<Vec<Row>> {
    if !looks_like_packages(text) {
        return None;
    }
    serde_json::from_str(text).ok()
}

fn read(text: &str, name: &str) -> Result<Observations, Problem> {
    let rows = rows(text).ok_or_else(|| bad(name, "it is not a list of packages; run conda list --json again"))?;
    let mut packages = Packages::of(name);
    let mut python = None;
    for row in rows {
        if row.name == "python" {
            python = Some(row.version);
        } else {
            packages.add(pip_name(&row.name), &row.version)?;
        }
    }
    Ok(packages.into_observations(python))
}
