//! What the tests that run on Node need: its packages, and a Chromium for the browser tests.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::process::{announce, is_installed, output, root, run};
use crate::wasm_toolchain::apt_install;

/// Each of these is asked for by a test.
const PACKAGES: [&str; 3] = ["@playwright/test", "@axe-core/playwright", "oidc-provider"];

/// The folder of what runs on Node: the browser tests, and the provider that people sign in with.
pub fn folder() -> PathBuf {
    root().join("end2end")
}

/// Installs what is missing; the path of a Chromium.
///
/// # Errors
/// A sentence that says what to install by hand.
pub fn ready() -> Outcome<PathBuf> {
    packages()?;
    if let Some(found) = chromium() {
        return Ok(found);
    }
    announce("Installing Chromium (about a minute)");
    if apt_install(&["chromium", "fonts-liberation", "fonts-dejavu-core"]).is_err() {
        run(Command::new("npx").args(["playwright", "install", "chromium"]).current_dir(folder()))?;
    }
    chromium().ok_or_else(|| "no Chromium was found: install one, or name it in CHROMIUM, then run this again.".into())
}

/// Installs the packages of the lock file where one of them is missing.
///
/// # Errors
/// A sentence that says what to install by hand.
pub fn packages() -> Outcome {
    if !is_installed("node") || !is_installed("npm") {
        return Err("these tests need Node.js 20 or newer with npm: install it from your system or https://nodejs.org, then run this again.".into());
    }
    if PACKAGES.iter().all(|package| folder().join("node_modules").join(package).exists()) {
        return Ok(());
    }
    announce("Installing Playwright and other packages from the lock file (seconds)");
    // Browsers come from the system; Playwright's own download is not needed.
    run(Command::new("npm")
        .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .current_dir(folder()))
}

fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let known = [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];
    named.into_iter().chain(known.map(PathBuf::from)).find(|path| path.exists()).or_else(playwrights_own)
}

fn playwrights_own() -> Option<PathBuf> {
    let script = "console.log(require('@playwright/test').chromium.executablePath())";
    let printed = output(Command::new("node").args(["-e", script]).current_dir(folder()))?;
    Some(PathBuf::from(printed)).filter(|path| Path::exists(path))
}
