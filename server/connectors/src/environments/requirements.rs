//! What `pip freeze` prints and `requirements.txt` holds: <https://pip.pypa.io/en/stable/reference/requirements-file-format/>,
//! with the requirements of PEP 508.

use domain::Problem;
use domain::observation::Observations;

use super::packages::Packages;
use crate::Connector;

pub(super) static CONNECTOR: Connector = Connector {
    id: "requirements",
    tool: "pip",
    words: "pip freeze or requirements",
    proven_on: "pip 24, PEP 508",
    takes: "packages",
    leaves: "options, hashes, markers",
    recognise: |seen| recognise(&seen.text),
    read: |given| Ok(read(&given.text()?, given.name)?.into()),
};

/// What one line says.
pub(super) enum Line {
    Package {
        name: String,
        /// Empty when it is not pinned.
        version: String,
        /// Nothing but a requirement is written like this; a name alone could be any word.
        is_plain: bool,
    },
    /// An option of pip, or a place without a name.
    Other,
}

/// Every line is one of the format's, and at least one is so beyond doubt.
fn recognise(text: &str) -> bool {
    let mut plain = false;
    for line in lines(text) {
        match parse(&line) {
            None => return false,
            Some(Line::Package { is_plain, .. }) => plain |= is_plain,
            Some(Line::Other) => {}
        }
    }
    plain
}

fn read(text: &str, name: &str) -> Result<Observations, Problem> {
    let mut packages = Packages::of(name);
    for line in lines(text) {
        if let Some(Line::Package { name, version, .. }) = parse(&line) {
            packages.add(&name, &version)?;
        }
    }
    Ok(packages.into_observations(None))
}

/// The lines that say something: joined where they go on, without comments.
fn lines(text: &str) -> impl Iterator<Item = String> {
    let mut physical = text.lines();
    std::iter::from_fn(move || {
        let mut line = physical.next()?.trim_end().to_owned();
        while let Some(begun) = line.strip_suffix('\\') {
            let Some(next) = physical.next() else { break };
            line = format!("{} {}", begun.trim_end(), next.trim());
        }
        Some(line)
    })
    .map(|line| without_comment(&line).trim().to_owned())
    .filter(|line| !line.is_empty())
}

fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with('#') {
        return "";
    }
    [" #", "\t#"].iter().filter_map(|mark| line.find(mark)).min().map_or(line, |at| &line[..at])
}

/// `None` when it is no line of the format.
pub(super) fn parse(line: &str) -> Option<Line> {
    if line.starts_with('-') {
        return option(line);
    }
    // Hashes and other options of the one requirement.
    let line = line.split(" --").next().unwrap_or(line).trim();
    if let Some((named, place)) = line.split_once('@').filter(|(named, _)| !named.contains([':', '/', '='])) {
        let (name, rest) = split_name(named)?;
        let place = place.split(';').next().unwrap_or_default().trim();
        let is_place = place.contains("://") || place.starts_with("file:") || place.starts_with(['/', '.']);
        return (rest.trim().is_empty() && is_place).then(|| Line::Package {
            version: wheel(place).map(|(_, version)| version).unwrap_or_default(),
            name,
            is_plain: true,
        });
    }
    if line.contains("://") {
        return Some(place(line));
    }
    let requirement = line.split(';').next().unwrap_or(line).trim();
    let (name, rest) = split_name(requirement)?;
    let rest = rest.trim();
    let rest = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(rest);
    if rest.is_empty() {
        return Some(Line::Package { name, version: String::new(), is_plain: false });
    }
    let mut pinned = String::new();
    for specifier in rest.split(',') {
        let (operator, version) = specified(specifier)?;
        if operator.starts_with("==") {
            version.clone_into(&mut pinned);
        }
    }
    Some(Line::Package { name, version: pinned, is_plain: true })
}

fn option(line: &str) -> Option<Line> {
    let (option, value) = line.split_once([' ', '=']).unwrap_or((line, ""));
    match option {
        "-e" | "--editable" => Some(match egg(value) {
            Some(name) => Line::Package { name, version: String::new(), is_plain: true },
            None => Line::Other,
        }),
        "-r" | "-c" | "-i" | "-f" => Some(Line::Other),
        long => {
            let word = long.strip_prefix("--")?;
            let is_word = word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
            (is_word && !word.starts_with('-')).then_some(Line::Other)
        }
    }
}

/// An address that stands for a package.
fn place(address: &str) -> Line {
    if let Some(name) = egg(address) {
        return Line::Package { name, version: String::new(), is_plain: true };
    }
    match wheel(address) {
        Some((name, version)) => Line::Package { name, version, is_plain: true },
        None => Line::Other,
    }
}

/// The name behind `#egg=`.
fn egg(address: &str) -> Option<String> {
    let (_, fragment) = address.split_once("#egg=").or_else(|| address.split_once("&egg="))?;
    let (name, _) = split_name(fragment)?;
    Some(name)
}

/// Name and version of a wheel (PEP 427) at the end of an address.
fn wheel(address: &str) -> Option<(String, String)> {
    let address = address.split(['#', '?']).next()?;
    let file = address.rsplit('/').next()?.strip_suffix(".whl")?;
    let mut parts = file.split('-');
    let (name, version) = (parts.next()?, parts.next()?);
    // Platform, interpreter and ABI follow.
    (parts.count() >= 3).then(|| (name.to_owned(), version.replace("%2B", "+")))
}

/// A package's name and what follows it and its extras.
fn split_name(text: &str) -> Option<(String, &str)> {
    let text = text.trim();
    let end =
        text.find(|letter: char| !(letter.is_ascii_alphanumeric() || "._-".contains(letter))).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let is_name = name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.ends_with(|last: char| last.is_ascii_alphanumeric())
        && name.bytes().any(|byte| byte.is_ascii_alphabetic());
    if !is_name {
        return None;
    }
    let rest = rest.trim_start();
    match rest.strip_prefix('[') {
        None => Some((name.to_owned(), rest)),
        Some(extras) => {
            let (extras, rest) = extras.split_once(']')?;
            let is_extra = |letter: char| letter.is_ascii_alphanumeric() || "._-, ".contains(letter);
            extras.chars().all(is_extra).then(|| (name.to_owned(), rest))
        }
    }
}

/// Operator and version of one specifier.
fn specified(specifier: &str) -> Option<(&'static str, &str)> {
    const OPERATORS: [&str; 8] = ["===", "==", "~=", "!=", ">=", "<=", ">", "<"];
    let specifier = specifier.trim();
    let (operator, version) =
        OPERATORS.into_iter().find_map(|operator| Some((operator, specifier.strip_prefix(operator)?.trim())))?;
    let version = version.trim_matches(['"', '\'']);
    let begins = version.strip_prefix('v').unwrap_or(version).starts_with(|first: char| first.is_ascii_digit());
    let is_version = |letter: char| letter.is_ascii_alphanumeric() || ".*+!_-".contains(letter);
    (begins && version.chars().all(is_version)).then_some((operator, version))
}
