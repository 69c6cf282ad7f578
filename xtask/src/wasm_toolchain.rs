//! A cargo that can build for `wasm32-unknown-unknown`: rustup's own where its standard library is there or can be
//! added; else Debian's second toolchain, whose standard library is compiled once from its source package.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::process::{announce, cargo, is_installed, output, run, wasm_target};

pub const TARGET: &str = "wasm32-unknown-unknown";

/// Which compiler builds the browser's half.
pub enum WasmToolchain {
    /// The one that runs xtask.
    Rustup,
    /// Debian's `rustc-web` and `cargo-web`, under /usr/bin.
    Debian,
}

impl WasmToolchain {
    /// Finds a toolchain, installing what is missing.
    ///
    /// # Errors
    /// A sentence that says what to install by hand when neither way works.
    pub fn ready() -> Outcome<Self> {
        if has_standard_library(&rustup_library_folder()) || rustup_target_add() {
            return Ok(WasmToolchain::Rustup);
        }
        debian()?;
        Ok(WasmToolchain::Debian)
    }

    /// Cargo with everything set to build for wasm, in its own target folder.
    pub fn cargo(&self) -> Command {
        let mut command = match self {
            WasmToolchain::Rustup => cargo(),
            WasmToolchain::Debian => debian_cargo(),
        };
        command.current_dir(crate::process::root()).env("CARGO_TARGET_DIR", wasm_target());
        command
    }
}

fn rustup_library_folder() -> PathBuf {
    let printed = output(Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]));
    PathBuf::from(printed.unwrap_or_default())
}

fn has_standard_library(folder: &Path) -> bool {
    let Ok(files) = fs::read_dir(folder) else { return false };
    files.flatten().any(|file| {
        let name = file.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    })
}

fn rustup_target_add() -> bool {
    if !is_installed("rustup") {
        return false;
    }
    announce("Adding the standard library for wasm with rustup (seconds)");
    run(Command::new("rustup").args(["target", "add", TARGET])).is_ok()
        && has_standard_library(&rustup_library_folder())
}

const DEBIAN_PACKAGES: [&str; 5] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "lld-22"];

fn debian() -> Outcome {
    if !is_debian_toolchain_there() {
        announce(
            "rustup could not add the wasm target; installing Debian's second Rust toolchain beside it (about a minute)",
        );
        apt_install(&DEBIAN_PACKAGES)?;
    }
    let library = debian_library_folder()?;
    if has_standard_library(&library) {
        return Ok(());
    }
    announce("Compiling the standard library for wasm, once (about two minutes)");
    compile_standard_library(&library)
}

fn is_debian_toolchain_there() -> bool {
    ["/usr/bin/rustc", "/usr/bin/cargo", "/usr/bin/wasm-ld-22"].iter().all(|path| Path::new(path).exists())
}

/// Installs Debian packages, as root or through sudo.
///
/// # Errors
/// Names the packages to install by hand when apt-get is not there or fails.
pub fn apt_install(packages: &[&str]) -> Outcome {
    let by_hand =
        || format!("please install these Debian packages by hand, then run this again: {}.", packages.join(" "));
    if !is_installed("apt-get") {
        return Err(by_hand());
    }
    let is_root = output(Command::new("id").arg("-u")).as_deref() == Some("0");
    let apt = |arguments: &[&str]| {
        let mut command = if is_root { Command::new("apt-get") } else { Command::new("sudo") };
        if !is_root {
            command.arg("apt-get");
        }
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdout(std::process::Stdio::null());
        run(&mut command)
    };
    apt(&["update", "-qq"])
        .and_then(|()| {
            let mut arguments = vec!["install", "-y", "-qq", "--no-install-recommends"];
            arguments.extend(packages);
            apt(&arguments)
        })
        .map_err(|reason| format!("{reason} Or {}", by_hand()))
}

fn debian_cargo() -> Command {
    let mut command = Command::new("/usr/bin/cargo");
    // The rustup proxy hands its own toolchain down in these; Debian's cargo must not see them.
    for variable in ["RUSTUP_TOOLCHAIN", "RUSTC", "RUSTDOC", "CARGO", "RUSTC_WRAPPER", "LD_LIBRARY_PATH"] {
        command.env_remove(variable);
    }
    command.env("RUSTC", "/usr/bin/rustc").env("RUSTDOC", "/usr/bin/rustdoc");
    command
}

fn debian_library_folder() -> Outcome<PathBuf> {
    let sysroot = output(Command::new("/usr/bin/rustc").args(["--print", "sysroot"]))
        .ok_or("Debian's rustc does not say where its sysroot is; reinstall the package rustc-web.")?;
    Ok(Path::new(&sysroot).join("lib/rustlib").join(TARGET).join("lib"))
}

fn compile_standard_library(library: &Path) -> Outcome {
    let folder = wasm_target().join("standard-library");
    let source = folder.join("src");
    let describe = |error: std::io::Error| format!("could not prepare {}: {error}.", folder.display());
    fs::create_dir_all(&source).map_err(describe)?;
    let manifest = "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[workspace]\n";
    fs::write(folder.join("Cargo.toml"), manifest).map_err(describe)?;
    fs::write(source.join("lib.rs"), "").map_err(describe)?;
    run(debian_cargo()
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("RUSTC_BOOTSTRAP", "1")
        .args(["build", "--quiet", "-Z", "build-std=std,panic_abort,proc_macro", "--release", "--target", TARGET]))?;
    fs::create_dir_all(library).map_err(describe)?;
    let built = folder.join("target").join(TARGET).join("release/deps");
    for file in fs::read_dir(built).map_err(describe)?.flatten() {
        let path = file.path();
        let is_standard = !file.file_name().to_string_lossy().starts_with("libempty");
        if is_standard && path.extension().is_some_and(|extension| extension == "rlib") {
            fs::copy(&path, library.join(file.file_name())).map_err(|error| {
                format!(
                    "could not write the wasm standard library to {}: {error}. Run this once as root.",
                    library.display()
                )
            })?;
        }
    }
    Ok(())
}
