//! `.dvc/config`: where data and models are kept, in sections of git's kind:
//! <https://dvc.org/doc/user-guide/project-structure/configuration>.
//! Only settings that can't be secret are taken.

use domain::Problem;
use domain::number::counted;
use domain::tool_check::Source;
use domain::tool_facts::Setting;

use super::TOOL;
use crate::given::Given;
use crate::seen::Seen;
use crate::{Brought, Connector};

pub(in crate::data) static CONFIG: Connector = Connector {
    id: "dvc_config",
    tool: TOOL,
    words: ".dvc/config of DVC",
    proven_on: "3.67",
    takes: "remotes with their addresses, which of them is the default, a few other settings",
    leaves: "credentials, which are never kept; other settings",
    recognise,
    read,
};

/// Sections that DVC has, with what is taken of each.
const SECTIONS: [(&str, &[&str]); 11] = [
    ("core", &["remote", "autostage", "analytics", "check_update", "no_scm", "hardlink_lock"]),
    ("remote", &["url", "region", "endpointurl", "version_aware", "worktree", "verify"]),
    ("cache", &["type", "shared", "protected"]),
    ("db", &[]),
    ("exp", &[]),
    ("feature", &[]),
    ("hydra", &["enabled"]),
    ("machine", &[]),
    ("parsing", &[]),
    ("plots", &[]),
    ("state", &[]),
];

fn recognise(seen: &Seen<'_>) -> bool {
    // Settings of many programs have a section of that name: this one's keys tell.
    let is_core = seen.has_line("[core]")
        && entries(&seen.text).is_some_and(|all| {
            let mut of_core = all.iter().filter(|one| one.section == "core").peekable();
            let is_known = |one: &Entry<'_>| SECTIONS[0].1.contains(&one.key) || one.key == "checksum_jobs";
            of_core.peek().is_some() && of_core.all(is_known)
        });
    is_core || seen.has_line("['remote \"") && entries(&seen.text).is_some()
}

/// A line with a value.
struct Entry<'t> {
    section: &'t str,
    /// Of a section that has one: `['remote "storage"']`.
    name: Option<&'t str>,
    key: &'t str,
    value: &'t str,
}

/// Every entry; `None` where the text is anything else.
fn entries(text: &str) -> Option<Vec<Entry<'_>>> {
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let (mut section, mut name) = (None, None);
    let mut all = Vec::new();
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with(['#', ';'])) {
        if let Some(head) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let head = head.trim_matches('\'');
            let (kind, rest) = head.split_once(' ').unwrap_or((head, ""));
            SECTIONS.iter().find(|(known, _)| *known == kind)?;
            section = Some(kind);
            name = Some(rest.trim().trim_matches('"')).filter(|name| !name.is_empty());
            continue;
        }
        let (key, value) = line.split_once('=')?;
        all.push(Entry { section: section?, name, key: key.trim(), value: value.trim() });
    }
    Some(all)
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let text = given.text()?;
    let all = entries(&text)
        .ok_or_else(|| given.bad("it has other sections than the settings of DVC; copy .dvc/config again"))?;
    let is_taken =
        |one: &Entry<'_>| SECTIONS.iter().any(|(section, keys)| *section == one.section && keys.contains(&one.key));
    let mut brought = Brought::default();
    let (taken, left): (Vec<_>, Vec<_>) = all.iter().partition(|one| is_taken(one));
    brought.facts.settings = taken
        .into_iter()
        .map(|one| {
            let path: Vec<&str> = [Some(one.section), one.name, Some(one.key)].into_iter().flatten().collect();
            let name = path.join(".");
            let value = if one.key.ends_with("url") { without_secrets(one.value) } else { one.value.to_owned() };
            Setting { source: Source::of(TOOL, None, name.as_str()), stage: None, name, value }
        })
        .collect();
    brought.left.extend((!left.is_empty()).then(|| counted(left.len() as u64, "other setting")));
    let has_remote = all.iter().any(|one| one.section == "remote");
    let has_default = all.iter().any(|one| one.section == "core" && one.key == "remote");
    let warning = match (has_remote, has_default) {
        (true, true) | (false, true) => None,
        (true, false) => Some("No remote is set as the default: dvc pull and dvc push ask for one."),
        (false, false) => Some("It names no remote: data that is not here can't be fetched from one."),
    };
    brought.warnings.extend(warning.map(str::to_owned));
    Ok(brought)
}

/// An address without the user, the password and the query, which may hold a token.
fn without_secrets(address: &str) -> String {
    let address = address.split(['?', '#']).next().unwrap_or_default();
    match address.split_once("://") {
        Some((scheme, rest)) => {
            let end = rest.find('/').unwrap_or(rest.len());
            let (host, path) = rest.split_at(end);
            format!("{scheme}://{}{path}", host.rsplit('@').next().unwrap_or_default())
        }
        None => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> (Vec<String>, Brought) {
        assert!(recognise(&Seen::of(text.as_bytes())), "{text}");
        let brought = read(&Given::of(text.as_bytes(), "config")).unwrap_or_default();
        (brought.facts.settings.iter().map(|one| format!("{}={}", one.name, one.value)).collect(), brought)
    }

    #[test]
    fn secrets_are_never_kept() {
        let text = "[core]\n    remote = store\n['remote \"store\"']\n    url = https://me:pa55@host:8080/data?sig=t0ken\n    password = pa55\n    secret_access_key = k3y\n    connection_string = x\n";
        let (settings, brought) = told(text);
        assert_eq!(settings, ["core.remote=store", "remote.store.url=https://host:8080/data"]);
        assert_eq!((brought.left.as_slice(), brought.warnings.len()), (&["3 other settings".to_owned()][..], 0));
        let shown = format!("{brought:?}");
        assert!(["pa55", "t0ken", "k3y"].iter().all(|secret| !shown.contains(secret)), "{shown}");
    }

    #[test]
    fn a_default_that_is_not_set_is_said() {
        let (_, brought) = told("['remote \"a\"']\n    url = s3://bucket/data\n");
        assert!(brought.warnings[0].starts_with("No remote is set"));
        let (settings, brought) = told("[core]\n    analytics = false\n");
        assert_eq!(settings, ["core.analytics=false"]);
        assert!(brought.warnings[0].starts_with("It names no remote"));
    }

    #[test]
    fn other_settings_with_such_sections_are_left_alone() {
        let is = |text: &str| recognise(&Seen::of(text.as_bytes()));
        assert!(!is("[core]\n\trepositoryformatversion = 0\n[remote \"origin\"]\n\turl = git@host:a.git\n"));
        assert!(!is("[core]\ndags_folder = /dags\n"));
        assert!(!is("[core]\n"));
        assert!(!is("['remote \"a\"']\nurl = s3://b\n[other]\nx = 1\n"));
    }
}
