//! Building both halves, and running the demo.

use std::path::PathBuf;

use crate::Outcome;
use crate::assets;
use crate::process::{PRODUCT, announce, cargo, run, target};
use crate::wasm_toolchain::WasmToolchain;

/// How the server is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Quick to build; assets are read from the site folder.
    Dev,
    /// Optimised; assets are embedded.
    Release,
}

impl Profile {
    pub fn from_release_flag(release: bool) -> Self {
        if release { Profile::Release } else { Profile::Dev }
    }

    fn folder(self) -> &'static str {
        match self {
            Profile::Dev => "debug",
            Profile::Release => "release",
        }
    }
}

/// Builds both halves; the path of the binary.
pub fn everything(profile: Profile) -> Outcome<PathBuf> {
    let toolchain = WasmToolchain::ready()?;
    if profile == Profile::Release {
        // The optimised server has the assets inside.
        assets::build(&toolchain)?;
        return server(profile);
    }
    // Side by side: each half has stretches where one core waits for the other's longest crate.
    std::thread::scope(|scope| {
        let browser = scope.spawn(|| assets::build(&toolchain));
        let server = server(profile);
        // A panic of its own would have been printed.
        let stopped = || Err("the build of the browser's half stopped; see above.".to_owned());
        browser.join().unwrap_or_else(|_panic| stopped()).and(server)
    })
}

/// Builds the server's half; the path of the binary.
pub fn server(profile: Profile) -> Outcome<PathBuf> {
    let mut command = cargo();
    // With all packages named, as everywhere: for the server alone the pages would be built once more, with other features.
    command.arg("build").args(PRODUCT).args(["--bin", "mismatch"]);
    match profile {
        Profile::Dev => announce("Building the server (under 20 minutes the first time on two cores, then seconds)"),
        Profile::Release => {
            announce(
                "Building the optimised server with its assets inside (about 25 minutes the first time on two cores)",
            );
            command.arg("--release").env("MISMATCH_SITE", assets::site());
        }
    }
    run(&mut command)?;
    Ok(target().join(profile.folder()).join("mismatch"))
}

/// Builds everything and serves the demo until it is stopped.
pub fn run_demo(arguments: &[String]) -> Outcome {
    let binary = everything(Profile::Dev)?;
    announce("Serving the demo at http://127.0.0.1:3000 (stop with Ctrl+C)");
    run(std::process::Command::new(binary).arg("demo").args(arguments).env("LEPTOS_SITE_ROOT", assets::site()))
}
