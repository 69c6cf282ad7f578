//! House rules that no compiler checks: where `cfg` may stand, how long a file may be, that every detector, chart and
//! connector is registered, and which crate may use what.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Outcome;

const LONGEST_FILE_LINES: usize = 420;

/// Folders in which a file without a `mod` line beside it is a thing somebody forgot to register.
const REGISTERED: [&str; 10] = [
    "app/domain/src/detectors/data",
    "app/domain/src/detectors/features",
    "app/domain/src/detectors/training",
    "app/domain/src/detectors/evaluation",
    "app/domain/src/detectors/serving",
    "app/domain/src/detectors/deployment",
    "app/domain/src/detectors/monitoring",
    "server/engine/src/connectors",
    "server/engine/src/figures",
    "server/engine/src/measure",
];

/// What a crate's manifest must not name: the domain is pure, and the browser's half never sees the engine's libraries.
const FORBIDDEN: [(&str, &[&str]); 2] = [
    ("app/domain/Cargo.toml", &["tokio", "polars", "sqlx", "leptos", "axum", "rand", "chrono"]),
    ("app/Cargo.toml", &["tokio", "polars", "sqlx", "plotters"]),
];

/// Every breach found in the checkout, as sentences.
pub fn check(root: &Path) -> Outcome {
    let mut breaches = Vec::new();
    let files = rust_files(root);
    breaches.extend(files.iter().filter_map(|file| too_long(root, file)));
    breaches.extend(cfg_features(root, &files));
    for folder in REGISTERED {
        breaches.extend(unregistered(&root.join(folder)));
    }
    for (manifest, names) in FORBIDDEN {
        breaches.extend(forbidden(root, manifest, names));
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

fn forbidden(root: &Path, manifest: &str, names: &[&str]) -> Vec<String> {
    let text = fs::read_to_string(root.join(manifest)).unwrap_or_default();
    let names_it = |name: &str| {
        text.lines().any(|line| line.starts_with(&format!("{name}.")) || line.starts_with(&format!("{name} ")))
    };
    names.iter().filter(|name| names_it(name)).map(|name| format!("{manifest} must not depend on {name}.")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_checkout_keeps_the_house_rules() {
        assert_eq!(check(&crate::process::root()), Ok(()));
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
