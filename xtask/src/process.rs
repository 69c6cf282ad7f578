//! Running other programs, and where things are.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Outcome;

/// The checkout, as the cargo that runs this program says: a target folder that two checkouts share may hold it as it was
/// built for the other one.
pub fn root() -> PathBuf {
    let folder = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&folder).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// The target folder of the native half: `CARGO_TARGET_DIR`, or `target` in the checkout.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from).unwrap_or_else(|| root().join("target"))
}

/// The target folder of the browser's half. Its own, because another compiler may build it, and two compilers in one
/// folder rebuild each other's work for ever.
pub fn wasm_target() -> PathBuf {
    target().join("browser")
}

/// Says what a long step does and roughly how long it takes.
pub fn announce(what: &str) {
    println!("\n▸ {what}");
}

/// The cargo that runs this program.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    // Set for this program by the cargo that runs it; some build scripts would take them for a change and build again.
    let own = std::env::vars()
        .map(|(name, _)| name)
        .filter(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"));
    for name in own {
        command.env_remove(name);
    }
    command
}

/// The packages of the product, for one cargo command. xtask is always built by itself: its dependencies turn on features
/// that polars' dependencies would otherwise inherit, and polars would be compiled a second time for it.
pub const PRODUCT: [&str; 26] = [
    "--package",
    "server",
    "--package",
    "service",
    "--package",
    "engine",
    "--package",
    "measure",
    "--package",
    "connectors",
    "--package",
    "sources",
    "--package",
    "guards",
    "--package",
    "identity",
    "--package",
    "openid",
    "--package",
    "app",
    "--package",
    "checks",
    "--package",
    "domain",
    "--package",
    "stats",
];

/// Runs a command to its end; an exit code other than 0 is an error that names it.
pub fn run(command: &mut Command) -> Outcome {
    let status = command.status().map_err(|error| format!("could not start {}: {error}.", words(command)))?;
    if status.success() { Ok(()) } else { Err(format!("{} ended with {status}.", words(command))) }
}

/// What a command prints on standard output, if it ends well.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Whether a program is there and answers `--version`.
pub fn is_installed(program: &str) -> bool {
    output(Command::new(program).arg("--version")).is_some()
}

fn words(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|argument| argument.to_string_lossy().into_owned()));
    format!("`{}`", words.join(" "))
}
