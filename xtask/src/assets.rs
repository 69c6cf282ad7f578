//! The site folder: the wasm bundle, its JavaScript glue and the style sheet.

use std::fs;
use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use crate::Outcome;
use crate::process::{announce, root, run, target, wasm_target};
use crate::wasm_toolchain::{TARGET, WasmToolchain};

/// Where the server finds (or embeds) what the browser fetches.
pub fn site() -> PathBuf {
    target().join("site")
}

/// Builds the browser's half and the style sheet into [`site`].
pub fn build(toolchain: &WasmToolchain) -> Outcome {
    announce("Building the browser's half (about four minutes the first time)");
    run(toolchain
        .cargo()
        .args(["build", "--package", "app", "--lib", "--no-default-features", "--features", "hydrate"])
        .args(["--target", TARGET, "--profile", "wasm-release"]))?;
    let package = site().join("pkg");
    fs::create_dir_all(&package).map_err(|error| format!("could not make {}: {error}.", package.display()))?;
    bindgen(&wasm_target().join(TARGET).join("wasm-release/app.wasm"), &package)?;
    style(&package)?;
    copy_static()
}

/// Files served as they are, such as the icon.
fn copy_static() -> Outcome {
    let from = root().join("style/static");
    let describe = |error: std::io::Error| format!("could not copy {}: {error}.", from.display());
    for file in fs::read_dir(&from).map_err(describe)?.flatten() {
        fs::copy(file.path(), site().join(file.file_name())).map_err(describe)?;
    }
    Ok(())
}

fn bindgen(wasm: &Path, package: &Path) -> Outcome {
    let describe = |error: &dyn std::fmt::Display| format!("wasm-bindgen could not read {}: {error}.", wasm.display());
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(wasm)
        .out_name("mismatch")
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true);
    bindgen.web(true).map_err(|error| describe(&error))?;
    bindgen.generate(package).map_err(|error| describe(&error))
}

/// Compiles the style sheet alone.
pub fn style(package: &Path) -> Outcome {
    let source = root().join("style/main.scss");
    let options = grass::Options::default().style(grass::OutputStyle::Compressed);
    let css = grass::from_path(&source, &options).map_err(|error| format!("the style sheet has an error: {error}"))?;
    let to = package.join("mismatch.css");
    fs::write(&to, css).map_err(|error| format!("could not write {}: {error}.", to.display()))
}
