//! What the browser fetches besides pages: the wasm bundle, its JavaScript glue, the style sheet, the icon.

use std::fs;
use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use crate::Outcome;
use crate::process::{announce, root, run, target, wasm_target};
use crate::site::{Site, hash_of};
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
    let mut site = Site::at(site());
    bundle(&wasm_target().join(TARGET).join("wasm-release/app.wasm"), &mut site)?;
    site.put_hashed("pkg/mismatch.css", style()?.as_bytes())?;
    put_static(&mut site)?;
    site.remove_others()
}

/// Files served as they are, such as the icon.
fn put_static(site: &mut Site) -> Outcome {
    let from = root().join("style/static");
    let describe = |error: std::io::Error| format!("could not read {}: {error}.", from.display());
    for file in fs::read_dir(&from).map_err(describe)? {
        let file = file.map_err(describe)?;
        let content = fs::read(file.path()).map_err(describe)?;
        site.put_hashed(&file.file_name().to_string_lossy(), &content)?;
    }
    Ok(())
}

/// The wasm and its glue, with one hash in both names: the glue says how the wasm is called, and the page's script makes
/// both names of one.
fn bundle(wasm: &Path, site: &mut Site) -> Outcome {
    let folder = wasm_target().join("bindgen");
    bindgen(wasm, &folder)?;
    let describe = |error: std::io::Error| format!("could not read {}: {error}.", folder.display());
    if folder.join("snippets").exists() {
        return Err("a library brings JavaScript files of its own, which are not copied to the site folder.".into());
    }
    let glue = fs::read_to_string(folder.join("mismatch.js")).map_err(describe)?;
    let wasm = fs::read(folder.join("mismatch_bg.wasm")).map_err(describe)?;
    let name = format!("mismatch-{}", hash_of(&[glue.as_bytes(), &wasm]));
    let glue = glue.replace("mismatch_bg.wasm", &format!("{name}_bg.wasm"));
    site.put(&format!("pkg/{name}.js"), glue.as_bytes())?;
    site.put(&format!("pkg/{name}_bg.wasm"), &wasm)
}

fn bindgen(wasm: &Path, folder: &Path) -> Outcome {
    let describe = |error: &dyn std::fmt::Display| format!("wasm-bindgen could not read {}: {error}.", wasm.display());
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(wasm)
        .out_name("mismatch")
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true);
    bindgen.web(true).map_err(|error| describe(&error))?;
    bindgen.generate(folder).map_err(|error| describe(&error))
}

fn style() -> Outcome<String> {
    let options = grass::Options::default().style(grass::OutputStyle::Compressed);
    grass::from_path(root().join("style/main.scss"), &options)
        .map_err(|error| format!("the style sheet has an error: {error}"))
}
