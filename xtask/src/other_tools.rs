//! The tools of others that tests ask and have read what is written here: Debian's Prometheus, the rest from PyPI, in an
//! environment of its own that stays between runs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::process::{announce, is_installed, root, run, target};
use crate::wasm_toolchain::apt_install;

/// What is installed, with exact versions: the servers that are asked, and the tools that read exported guards.
const REQUIREMENTS: [&str; 2] = ["server/tests/real_tools/requirements.txt", "server/guards/tests/requirements.txt"];

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
    let wanted = wanted()?;
    let installed = folder.join("installed.txt");
    if std::fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    announce("Installing MLflow and other tools of PyPI for the tests (about three minutes)");
    install(&folder, &python)?;
    std::fs::write(&installed, wanted).map_err(|error| format!("could not write {}: {error}.", installed.display()))?;
    Ok(python)
}

fn wanted() -> Outcome<String> {
    let read = |file: &str| {
        std::fs::read_to_string(root().join(file)).map_err(|error| format!("could not read {file}: {error}."))
    };
    REQUIREMENTS.into_iter().map(read).collect()
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
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    for file in REQUIREMENTS {
        pip.arg("--requirement").arg(root().join(file));
    }
    run(&mut pip)
}
