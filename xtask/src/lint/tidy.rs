//! House rules that no compiler checks: where `cfg` may stand, how long a file may be, that every detector, chart and
//! connector is registered, and which crate may use what.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Outcome;

const LONGEST_FILE_LINES: usize = 420;

/// Folders in which a file without a `mod` line beside it is a thing somebody forgot to register.
const REGISTERED: [&str; 23] = [
    "app/checks/src/detectors/data",
    "app/checks/src/detectors/features",
    "app/checks/src/detectors/training",
    "app/checks/src/detectors/evaluation",
    "app/checks/src/detectors/serving",
    "app/checks/src/detectors/deployment",
    "app/checks/src/detectors/monitoring",
    "server/engine/src/figures",
    "server/connectors/src/data",
    "server/connectors/src/features",
    "server/connectors/src/training",
    "server/connectors/src/evaluation",
    "server/connectors/src/serving",
    "server/connectors/src/deployment",
    "server/connectors/src/monitoring",
    "server/connectors/src/environments",
    "server/guards/src/formats",
    "server/measure/src/data",
    "server/measure/src/features",
    "server/measure/src/training",
    "server/measure/src/evaluation",
    "server/measure/src/serving",
    "server/measure/src/monitoring",
];

/// The floors: which packages of this workspace a package may depend on, outside its tests. An arrow that is not here is
/// a breach, so a new one is added on purpose.
const FLOORS: [(&str, &[&str]); 15] = [
    ("app/stats", &[]),
    ("app/domain", &["stats"]),
    ("app/checks", &["stats", "domain"]),
    ("app", &["domain", "checks", "guards", "service"]),
    ("server/connectors", &["domain"]),
    ("server/guards", &["domain"]),
    ("server/identity", &["domain"]),
    ("server/notices", &["domain"]),
    ("server/openid", &["domain", "identity"]),
    ("server/sources", &["domain", "connectors"]),
    ("server/measure", &["stats", "domain", "connectors"]),
    ("server/measure/fuzz", &["domain", "measure"]),
    ("server/engine", &["stats", "domain", "checks", "connectors", "measure"]),
    (
        "server/service",
        &["stats", "domain", "checks", "connectors", "sources", "identity", "notices", "openid", "measure", "engine"],
    ),
    (
        "server",
        &["app", "domain", "checks", "connectors", "sources", "guards", "openid", "measure", "engine", "service"],
    ),
];

/// What a manifest must not name: the judging half is pure, the libraries bring no runtime and no database, and the
/// browser's half never sees their libraries.
const FORBIDDEN: [(&str, &[&str]); 12] = [
    ("app/stats", IMPURE),
    ("app/domain", IMPURE),
    ("app/checks", IMPURE),
    ("app", &["tokio", "polars", "sqlx", "plotters"]),
    ("server/connectors", &["tokio", "polars", "sqlx", "axum", "leptos", "ureq", "sources"]),
    ("server/guards", &["tokio", "polars", "sqlx", "axum", "leptos", "ureq", "sources"]),
    ("server/identity", &["tokio", "polars", "sqlx", "axum", "leptos", "ureq"]),
    ("server/notices", &["tokio", "polars", "sqlx", "axum", "leptos", "ureq", "sources"]),
    ("server/openid", &["tokio", "polars", "sqlx", "axum", "leptos"]),
    ("server/sources", &["polars", "sqlx", "axum", "leptos"]),
    ("server/measure", &["tokio", "sqlx", "axum", "leptos"]),
    ("server/engine", &["tokio", "sqlx", "axum", "leptos"]),
];
const IMPURE: &[&str] = &["tokio", "polars", "sqlx", "leptos", "axum", "rand", "chrono", "jiff", "tracing"];

/// Every breach found in the checkout, as sentences.
pub fn check(root: &Path) -> Outcome {
    let mut breaches = Vec::new();
    let files = rust_files(root);
    breaches.extend(files.iter().filter_map(|file| too_long(root, file)));
    breaches.extend(cfg_features(root, &files));
    breaches.extend(documentation_tests(root, &files));
    breaches.extend(super::words::breaches(root, &files));
    breaches.extend(super::circles::breaches(root, &files));
    for folder in REGISTERED {
        breaches.extend(unregistered(&root.join(folder)));
    }
    for (package, names) in FORBIDDEN {
        let manifest = fs::read_to_string(root.join(package).join("Cargo.toml")).unwrap_or_default();
        breaches.extend(forbidden(package, &manifest, names));
    }
    for (package, floor) in FLOORS {
        let manifest = fs::read_to_string(root.join(package).join("Cargo.toml")).unwrap_or_default();
        breaches.extend(above_its_floor(package, &manifest, floor));
    }
    if breaches.is_empty() { Ok(()) } else { Err(format!("house rules:\n  {}", breaches.join("\n  "))) }
}

fn rust_files(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = ["app", "server", "xtask"].iter().map(|name| root.join(name)).collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn too_long(root: &Path, file: &Path) -> Option<String> {
    let lines = fs::read_to_string(file).ok()?.lines().count();
    let name = file.strip_prefix(root).unwrap_or(file).display();
    (lines > LONGEST_FILE_LINES)
        .then(|| format!("{name} has {lines} lines, of {LONGEST_FILE_LINES}: split it by idea."))
}

fn cfg_features(root: &Path, files: &[PathBuf]) -> Option<String> {
    let needle = concat!("cfg(", "feature");
    let places: Vec<String> = files
        .iter()
        .flat_map(|file| {
            let text = fs::read_to_string(file).unwrap_or_default();
            let name = file.strip_prefix(root).unwrap_or(file).display().to_string();
            let count = text.matches(needle).count();
            std::iter::repeat_n(name, count)
        })
        .collect();
    let allowed = ["app/src/lib.rs"];
    (places != allowed)
        .then(|| format!("one `cfg` line on a feature is allowed, in app/src/lib.rs; found in: {}.", places.join(", ")))
}

/// `cargo xtask test` leaves documentation tests out, because it takes a minute to find that there are none.
fn documentation_tests(root: &Path, files: &[PathBuf]) -> Vec<String> {
    let is_code = |line: &str| {
        let line = line.trim_start();
        (line.starts_with("///") || line.starts_with("//!")) && line.trim_end().ends_with("```")
    };
    let with_code = files.iter().filter(|file| fs::read_to_string(file).unwrap_or_default().lines().any(is_code));
    let name = |file: &PathBuf| file.strip_prefix(root).unwrap_or(file).display().to_string();
    with_code
        .map(|file| format!("{} has a documentation test, which nothing runs: write a test.", name(file)))
        .collect()
}

fn unregistered(folder: &Path) -> Vec<String> {
    let list = fs::read_to_string(folder.join("mod.rs")).unwrap_or_default();
    let is_listed = |module: &str| list.lines().any(|line| line.trim_end().ends_with(&format!("mod {module};")));
    fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .filter_map(|path| {
            let module = path.file_stem()?.to_string_lossy().into_owned();
            (module != "mod" && !is_listed(&module))
                .then(|| format!("{} has no `mod` line in its folder's mod.rs.", path.display()))
        })
        .collect()
}

fn forbidden(package: &str, manifest: &str, names: &[&str]) -> Vec<String> {
    let named = dependencies(manifest);
    names
        .iter()
        .filter(|name| named.contains(name))
        .map(|name| format!("{package} must not depend on {name}."))
        .collect()
}

fn above_its_floor(package: &str, manifest: &str, floor: &[&str]) -> Vec<String> {
    let own = |name: &&str| FLOORS.iter().any(|(other, _)| other.rsplit('/').next() == Some(*name));
    dependencies(manifest)
        .into_iter()
        .filter(own)
        .filter(|name| !floor.contains(name))
        .map(|name| format!("{package} must not depend on {name}: see FLOORS in xtask/src/lint/tidy.rs."))
        .collect()
}

/// The names in a manifest's `[dependencies]`.
fn dependencies(manifest: &str) -> Vec<&str> {
    manifest
        .lines()
        .skip_while(|line| line.trim() != "[dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .filter(|name| !name.is_empty() && !name.starts_with('#'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_checkout_keeps_the_house_rules() {
        assert_eq!(check(&crate::process::root()), Ok(()));
    }

    #[test]
    fn an_arrow_that_is_not_on_the_floor_plan_is_found() {
        let manifest = "[dependencies]\nstats.workspace = true\nchecks = { path = \"../checks\" }\ntokio = \"1\"\n\n[dev-dependencies]\nservice.workspace = true\n";
        assert_eq!(
            above_its_floor("server/measure", manifest, &["stats", "domain"]).len(),
            1,
            "checks is above measure"
        );
        assert!(above_its_floor("server/measure", manifest, &["stats", "checks"]).is_empty(), "tests may look up");
        assert_eq!(
            forbidden("server/measure", manifest, &["tokio", "sqlx"]),
            ["server/measure must not depend on tokio."]
        );
    }

    #[test]
    fn a_file_without_its_mod_line_is_found() {
        let folder = std::env::temp_dir().join(format!("tidy-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a temporary folder can be made");
        fs::write(folder.join("mod.rs"), "pub mod listed;\n").expect("a file can be written");
        fs::write(folder.join("listed.rs"), "").expect("a file can be written");
        fs::write(folder.join("forgotten.rs"), "").expect("a file can be written");
        let found = unregistered(&folder);
        fs::remove_dir_all(&folder).expect("the folder can be removed");
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("forgotten.rs"));
    }
}
