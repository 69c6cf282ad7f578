//! Packages and their versions, collected from a list.

use std::collections::BTreeMap;

use domain::Problem;
use domain::observation::{Environment, Observations};

use crate::refusal::bad;

/// Packages of one environment at most.
const MOST: usize = 20_000;
/// Longest name or version.
const LONGEST: usize = 200;

/// The packages of one environment on their way in.
pub(crate) struct Packages<'a> {
    /// The file, for sentences.
    file: &'a str,
    versions: BTreeMap<String, String>,
}

impl<'a> Packages<'a> {
    pub fn of(file: &'a str) -> Self {
        Self { file, versions: BTreeMap::new() }
    }

    /// Adds a package. One that comes twice with two versions (for two systems, say) has none that is sure.
    pub fn add(&mut self, package: &str, version: &str) -> Result<(), Problem> {
        if package.len() > LONGEST || version.len() > LONGEST {
            let start: String = package.chars().take(40).collect();
            return Err(bad(
                self.file,
                &format!("`{start}…` is not a package with its version; export the list again"),
            ));
        }
        let version = version.trim();
        self.versions
            .entry(normalised(package))
            .and_modify(|known| {
                if known != version {
                    known.clear();
                }
            })
            .or_insert_with(|| version.to_owned());
        if self.versions.len() > MOST {
            return Err(bad(self.file, &format!("it lists more than {MOST} packages; give one environment")));
        }
        Ok(())
    }

    /// The environment, with Python's version where the list tells it.
    pub fn into_observations(self, python: Option<String>) -> Observations {
        let environment = Environment { python, packages: self.versions, ..Environment::default() };
        Observations { environments: vec![environment], ..Observations::default() }
    }
}

/// One spelling for all ways of writing a package's name (PEP 503).
pub(crate) fn normalised(name: &str) -> String {
    let mut spelled = String::with_capacity(name.len());
    for letter in name.trim().chars() {
        if !matches!(letter, '-' | '_' | '.') {
            spelled.extend(letter.to_lowercase());
        } else if !spelled.ends_with('-') {
            spelled.push('-');
        }
    }
    spelled
}
