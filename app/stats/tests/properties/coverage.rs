//! Every public function of the crate has a property, or a reason to have none.

use std::path::{Path, PathBuf};

/// Without a property of their own: function, and why.
const WITHOUT: [(&str, &str); 3] =
    [("draws", "a helper of tests"), ("normal", "a helper of tests"), ("exponential", "a helper of tests")];

fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    // Folders hold a module's own tests.
    files.filter(|path| path.is_file()).map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
}

fn is_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// The names after `pub fn`, up to the file's own tests.
fn public_functions(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let declared = code.lines().filter_map(|line| line.trim_start().strip_prefix("pub fn "));
    declared.map(|rest| rest.chars().take_while(|letter| is_name(*letter)).collect()).collect()
}

/// The names that a text uses: its words, without those of the imports.
fn words(text: &str) -> Vec<String> {
    let statements = text.split_inclusive(';').filter(|statement| !statement.trim_start().starts_with("use "));
    let used: String = statements.collect();
    used.split(|letter| !is_name(letter)).map(str::to_owned).collect()
}

#[test]
fn every_public_function_has_a_property() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let used: Vec<String> = sources(&root.join("tests/properties"))
        .iter()
        .filter(|(path, _)| !path.ends_with("coverage.rs"))
        .flat_map(|(_, text)| words(text))
        .collect();
    let mut missing = Vec::new();
    for (path, text) in sources(&root.join("src")) {
        for name in public_functions(&text) {
            let excused = WITHOUT.iter().any(|(excused, _)| *excused == name);
            if !excused && !used.contains(&name) {
                missing.push(format!("{}: {name}", path.display()));
            }
        }
    }
    assert!(missing.is_empty(), "functions without a property in app/stats/tests/properties: {missing:#?}");
}

#[test]
fn every_excuse_is_needed() {
    let all: Vec<String> = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
        .iter()
        .flat_map(|(_, text)| public_functions(text))
        .collect();
    for (name, _) in WITHOUT {
        assert!(all.iter().any(|function| function == name), "{name} is gone");
    }
}
