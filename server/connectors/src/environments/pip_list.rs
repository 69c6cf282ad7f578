//! What `pip list --format=json` prints: <https://pip.pypa.io/en/stable/cli/pip_list/>.

use domain::Problem;
use domain::observation::Observations;
use serde::Deserialize;

use super::packages::Packages;
use crate::Connector;
use crate::refusal::bad;

pub(super) static CONNECTOR: Connector = Connector {
    id: "pip_list",
    tool: "pip",
    words: "pip list, JSON",
    proven_on: "pip 24",
    takes: "packages",
    leaves: "where they are installed from",
    recognise: |seen| rows(&seen.text).is_some_and(|rows| are_packages(&rows)),
    read: |given| Ok(read(&given.text()?, given.name)?.into()),
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    version: String,
    #[serde(default, rename = "editable_project_location")]
    _location: Option<String>,
    #[serde(default, rename = "location")]
    _folder: Option<String>,
    #[serde(default, rename = "installer")]
    _installer: Option<String>,
    #[serde(default, rename = "latest_version")]
    _latest: Option<String>,
    #[serde(default, rename = "latest_filetype")]
    _filetype: Option<String>,
}

/// `None` when it is anything else.
fn rows(text: &str) -> Option<Vec<Row>> {
    if !looks_like_packages(text) {
        return None;
    }
    serde_json::from_str(text).ok()
}

/// A first look that costs nothing on a large table.
pub(super) fn looks_like_packages(text: &str) -> bool {
    const LOOKED_AT: usize = 4096;
    let head: String = text.chars().take(LOOKED_AT).collect();
    head.trim_start().starts_with('[') && head.contains("\"name\"") && head.contains("\"version\"")
}

/// A table of names and versions of other things has words or plain counts for versions; of packages few are counted so.
fn are_packages(rows: &[Row]) -> bool {
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    let is_package = |row: &Row| {
        !row.name.is_empty()
            && row.name.chars().all(is_name)
            && row.version.starts_with(|first: char| first.is_ascii_digit())
    };
    let dotted = rows.iter().filter(|row| row.version.contains('.')).count();
    rows.iter().all(is_package) && dotted * 2 > rows.len()
}

fn read(text: &str, name: &str) -> Result<Observations, Problem> {
    let rows = rows(text).ok_or_else(|| bad(name, "it is not a list of packages; run pip list --format=json again"))?;
    let mut packages = Packages::of(name);
    for row in rows {
        packages.add(&row.name, &row.version)?;
    }
    Ok(packages.into_observations(None))
}
