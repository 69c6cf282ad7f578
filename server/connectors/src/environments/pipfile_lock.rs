//! `Pipfile.lock` of Pipenv, whose packages for development are left out:
//! <https://pipenv.pypa.io/en/stable/pipfile.html#pipfile-lock>.

use std::collections::BTreeMap;

use domain::Problem;
use domain::observation::Observations;
use serde::Deserialize;

use super::packages::Packages;
use crate::Connector;
use crate::refusal::bad;

pub(super) static CONNECTOR: Connector = Connector {
    id: "pipfile_lock",
    tool: "Pipenv",
    words: "Pipfile lock",
    proven_on: "pipfile-spec 6",
    takes: "packages, Python",
    leaves: "packages for development, hashes",
    recognise: |seen| {
        let text = seen.text.trim_start();
        text.starts_with('{') && text.contains("\"pipfile-spec\"") && lock(text).is_ok()
    },
    read: |given| Ok(read(&given.text()?, given.name)?.into()),
};

#[derive(Deserialize)]
struct Lock {
    #[serde(rename = "_meta")]
    meta: Meta,
    default: BTreeMap<String, Entry>,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(rename = "pipfile-spec")]
    _version: u32,
    #[serde(default)]
    requires: Requires,
}

#[derive(Deserialize, Default)]
struct Requires {
    python_version: Option<String>,
    python_full_version: Option<String>,
}

/// Packages from a folder or a repository have no version.
#[derive(Deserialize)]
struct Entry {
    version: Option<String>,
}

fn lock(text: &str) -> Result<Lock, serde_json::Error> {
    serde_json::from_str(text)
}

fn read(text: &str, name: &str) -> Result<Observations, Problem> {
    let Lock { meta, default } = lock(text)
        .map_err(|error| bad(name, &format!("it is not the JSON that Pipenv writes ({error}); lock it again")))?;
    let mut packages = Packages::of(name);
    for (package, entry) in default {
        let version = entry.version.unwrap_or_default();
        packages.add(&package, version.trim_start_matches('='))?;
    }
    Ok(packages.into_observations(meta.requires.python_full_version.or(meta.requires.python_version)))
}
