//! The tools of others that tests ask and have read what is written here: Debian's Prometheus, the rest from PyPI, in an
//! environment of its own that stays between runs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::process::{announce, is_installed, root, run, target};
use crate::wasm_toolchain::apt_install;

/// What is installed, with exact versions.
const REQUIREMENTS: &str = "server/tests/real_tools/requirements.txt";

/// Installs what is missing; the path of the Python that has the packages.
///
/// # Errors
/// A sentence that says what to install by hand.
pub fn ready() -> Outcome<PathBuf> {
    if !is_installed("prometheus") || !is_installed("promtool") {
        announce("Installing Prometheus for the tests (about a minute)");
        apt_install(&["prometheus"])?;
    }
    let folder = target().join("other-tools");
    let python = folder.join("bin/python");
    let wanted = std::fs::read_to_string(root().join(REQUIREMENTS))
        .map_err(|error| format!("could not read {REQUIREMENTS}: {error}."))?;
    let installed = folder.join("installed.txt");
    if std::fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    announce("Installing MLflow and other tools of PyPI for the tests (about three minutes)");
    install(&folder, &python)?;
    std::fs::write(&installed, wanted).map_err(|error| format!("could not write {}: {error}.", installed.display()))?;
    Ok(python)
}

fn install(folder: &Path, python: &Path) -> Outcome {
    let environment = || {
        let mut command = Command::new("python3");
        command.args(["-m", "venv"]).arg(folder).stdout(Stdio::null());
        command
    };
    if run(&mut environment()).is_err() {
        apt_install(&["python3-venv"])?;
        run(&mut environment())?;
    }
    let requirements = root().join(REQUIREMENTS);
    run(Command::new(python)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
        .arg(requirements))
}
