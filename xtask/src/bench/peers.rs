//! Other tools on the same files, each in its own virtual environment from a pinned list.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::measure::{Cost, cost_of};
use super::{folder, pair};
use crate::Outcome;
use crate::process::{announce, run};

pub struct Peer {
    pub name: &'static str,
    /// Names the list of requirements and the virtual environment.
    id: &'static str,
    script: &'static str,
    /// Says for each case of a corpus which columns it flags.
    judge: &'static str,
}

pub const ALL: &[Peer] = &[
    Peer {
        name: "Evidently, drift preset",
        id: "evidently",
        script: "evidently_drift.py",
        judge: "evidently_cases.py",
    },
    Peer {
        name: "Deepchecks, feature drift (samples 100,000 rows)",
        id: "deepchecks",
        script: "deepchecks_drift.py",
        judge: "deepchecks_cases.py",
    },
    Peer { name: "NannyML, univariate drift", id: "nannyml", script: "nannyml_drift.py", judge: "nannyml_cases.py" },
];

impl Peer {
    /// # Errors
    /// When Python or the package is not to be had, or the program fails.
    pub fn run(&self, data: &Path) -> Outcome<Cost> {
        let python = self.python()?;
        cost_of(Command::new(python).arg(folder().join(self.script)).args(pair(data)))
    }

    /// Writes what it flags in each case into the corpus.
    ///
    /// # Errors
    /// When Python or the package is not to be had, or the program fails.
    pub fn judge(&self, corpus: &Path) -> Outcome {
        run(Command::new(self.python()?).arg(folder().join(self.judge)).arg(corpus))
    }

    fn python(&self) -> Outcome<PathBuf> {
        python_with(self.id)
    }
}

/// Python with the packages of `requirements-<id>.txt`, in a virtual environment of its own.
///
/// # Errors
/// When Python or a package is not to be had.
pub fn python_with(id: &str) -> Outcome<PathBuf> {
    let environment = folder().join(format!(".venv-{id}"));
    let python = environment.join("bin/python");
    let marker = environment.join("ready");
    if !marker.exists() {
        announce(&format!("Installing {id} into its own virtual environment (a minute or two)"));
        run(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
        let list = folder().join(format!("requirements-{id}.txt"));
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(list))?;
        std::fs::write(&marker, "").map_err(|error| format!("could not write {}: {error}.", marker.display()))?;
    }
    Ok(python)
}
