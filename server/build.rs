//! Writes the list of embedded assets: every file below the folder named by `MISMATCH_SITE`, or none without it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=MISMATCH_SITE");
    let mut list = String::from("const EMBEDDED: &[(&str, &[u8])] = &[\n");
    if let Some(site) = env::var_os("MISMATCH_SITE") {
        let site = PathBuf::from(site).canonicalize()?;
        println!("cargo::rerun-if-changed={}", site.display());
        let mut files = Vec::new();
        collect(&site, &mut files)?;
        files.sort();
        for file in files {
            let name = file.strip_prefix(&site).map_err(io::Error::other)?.to_string_lossy().into_owned();
            writeln!(list, "    ({name:?}, include_bytes!({:?})),", file.to_string_lossy())
                .map_err(io::Error::other)?;
        }
    }
    list.push_str("];\n");
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set; build with cargo"))?;
    fs::write(Path::new(&out).join("embedded_assets.rs"), list)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
