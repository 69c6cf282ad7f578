//! conda's `environment.yml`:
//! <https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html#create-env-file-manually>.
//! Of YAML only what conda itself writes is read: keys, and one item to a line.

use domain::Problem;
use domain::observation::Observations;

use super::packages::Packages;
use super::requirements::{Line, parse};
use crate::Connector;
use crate::refusal::bad;

pub(super) static CONNECTOR: Connector = Connector {
    id: "conda_environment",
    tool: "conda",
    words: "conda environment",
    proven_on: "the format of conda 24",
    takes: "packages, Python",
    leaves: "channels, variables",
    recognise: |seen| recognise(&seen.text),
    read: |given| Ok(read(&given.text()?, given.name)?.into()),
};

const KEYS: [&str; 6] = ["name", "channels", "dependencies", "prefix", "variables", "platforms"];

fn recognise(text: &str) -> bool {
    let mut keys = Vec::new();
    for line in text.lines().map(without_comment).filter(|line| !line.trim().is_empty() && *line != "---") {
        if line.starts_with([' ', '-']) {
            if keys.is_empty() {
                return false;
            }
            continue;
        }
        match line.split_once(':') {
            Some((key, _)) if KEYS.contains(&key) => keys.push(key),
            _ => return false,
        }
    }
    keys.contains(&"dependencies")
}

fn read(text: &str, name: &str) -> Result<Observations, Problem> {
    let mut packages = Packages::of(name);
    let mut python = None;
    let mut in_dependencies = false;
    // How far in the item `pip:` stands: what stands further in is a requirement of pip.
    let mut pip: Option<usize> = None;
    for (number, line) in text.lines().map(without_comment).enumerate() {
        let content = line.trim();
        if content.is_empty() || content == "---" {
            continue;
        }
        let unreadable = || {
            bad(name, &format!("line {} of the environment can't be read; write one dependency to a line", number + 1))
        };
        if !line.starts_with([' ', '-']) {
            in_dependencies = line.starts_with("dependencies:");
            if in_dependencies && !matches!(line.split_once(':'), Some((_, rest)) if matches!(rest.trim(), "" | "[]")) {
                return Err(unreadable());
            }
            continue;
        }
        if !in_dependencies {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        let item = content.strip_prefix('-').ok_or_else(unreadable)?.trim().trim_matches(['"', '\'']);
        if pip.is_some_and(|pip| indent > pip) {
            match parse(item).ok_or_else(unreadable)? {
                Line::Package { name, version, .. } => packages.add(&name, &version)?,
                Line::Other => {}
            }
            continue;
        }
        pip = (item == "pip:").then_some(indent);
        if pip.is_some() {
            continue;
        }
        let (package, version) = spec(item).ok_or_else(unreadable)?;
        if package == "python" {
            python = (!version.is_empty()).then_some(version);
        } else {
            packages.add(pip_name(package), &version)?;
        }
    }
    Ok(packages.into_observations(python))
}

fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with('#') {
        return "";
    }
    line.find(" #").map_or(line, |at| &line[..at]).trim_end()
}

/// Name and version of a match specification such as `conda-forge::numpy=1.26.4=py311_0`; an unpinned version is empty, and
/// one with fewer than three numbers stands for all that begin like it.
fn spec(item: &str) -> Option<(&str, String)> {
    let item = item.rsplit_once("::").map_or(item, |(_channel, spec)| spec).trim();
    let end =
        item.find(|letter: char| !(letter.is_ascii_alphanumeric() || "._-".contains(letter))).unwrap_or(item.len());
    let (name, rest) = item.split_at(end);
    if name.is_empty() {
        return None;
    }
    let is_version = |version: &str| {
        version.starts_with(|first: char| first.is_ascii_digit())
            && version.chars().all(|letter| letter.is_ascii_alphanumeric() || ".*+!_-".contains(letter))
    };
    let checked = |version: &str| if is_version(version) { version.to_owned() } else { String::new() };
    if let Some(exact) = rest.trim_start().strip_prefix("==") {
        return Some((name, checked(exact.trim())));
    }
    if let Some(fuzzy) = rest.trim_start().strip_prefix('=') {
        let (version, build) = fuzzy.trim().split_once('=').unwrap_or((fuzzy.trim(), ""));
        let version = checked(version.trim());
        let is_open =
            build.is_empty() && version.split('.').count() < 3 && !version.is_empty() && !version.ends_with('*');
        return Some((name, if is_open { format!("{version}.*") } else { version }));
    }
    // `numpy 1.26.*`, or bounds, which pin nothing.
    Some((name, checked(rest.split_whitespace().next().unwrap_or_default())))
}

/// conda's name for a package that pip knows by another.
pub(super) fn pip_name(package: &str) -> &str {
    match package {
        "pytorch" => "torch",
        "py-xgboost" => "xgboost",
        "opencv" | "py-opencv" => "opencv-python",
        other => other,
    }
}
