//! `uv.lock`: <https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile>.

use domain::Problem;
use domain::observation::Observations;
use toml::de::{DeTable, DeValue};

use super::packages::Packages;
use crate::Connector;
use crate::refusal::bad;

pub(super) static CONNECTOR: Connector = Connector {
    id: "uv_lock",
    tool: "uv",
    words: "uv lock",
    proven_on: "lock version 1",
    takes: "packages",
    leaves: "the project itself, hashes, markers",
    recognise: |seen| {
        let begins = |start: &str| seen.text.lines().any(|line| line.starts_with(start));
        begins("version = ") && begins("requires-python = ") && begins("[[package]]")
    },
    read: |given| Ok(read(&given.text()?, given.name)?.into()),
};

fn read(text: &str, name: &str) -> Result<Observations, Problem> {
    packages_of(text, name, |package| {
        // The project itself and its members are what the lock is for.
        let source = package.get("source").and_then(|source| source.get_ref().as_table());
        source.is_none_or(|source| !["virtual", "editable"].iter().any(|key| source.contains_key(*key)))
    })
}

/// The `[[package]]` tables of a lock file that `wanted` lets pass.
pub(super) fn packages_of(text: &str, name: &str, wanted: impl Fn(&DeTable) -> bool) -> Result<Observations, Problem> {
    let lock = DeTable::parse(text).map_err(|error| {
        bad(name, &format!("it is not a complete lock file ({}); lock again and give the new one", error.message()))
    })?;
    let mut packages = Packages::of(name);
    let listed = lock.get_ref().get("package").and_then(|listed| listed.get_ref().as_array());
    for package in listed.into_iter().flat_map(|listed| listed.iter()) {
        let Some(package) = package.get_ref().as_table() else { continue };
        let text = |key: &str| package.get(key).and_then(|value| DeValue::as_str(value.get_ref()));
        if let Some(package_name) = text("name").filter(|_| wanted(package)) {
            packages.add(package_name, text("version").unwrap_or_default())?;
        }
    }
    Ok(packages.into_observations(None))
}
