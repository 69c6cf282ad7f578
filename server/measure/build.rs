//! Hashes the sources that measuring is made of. What is kept of a table carries this hash, so that no version of the
//! program ever shows figures that another one measured, and nobody has to remember to count a version up.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::Hasher;
use std::io::Result;
use std::path::{Path, PathBuf};

const SOURCES: [&str; 4] = ["src", "../../app/domain/src", "../../app/stats/src", "../../Cargo.lock"];

fn main() -> Result<()> {
    let mut hasher = DefaultHasher::new();
    for source in SOURCES {
        println!("cargo:rerun-if-changed={source}");
        for file in files(Path::new(source))? {
            hasher.write(file.to_string_lossy().as_bytes());
            hasher.write(&fs::read(&file)?);
        }
    }
    println!("cargo:rustc-env=MEASURED_BY={:016x}", hasher.finish());
    Ok(())
}

/// A file, or all files below a folder, in the order of their names.
fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut entries = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    entries.sort();
    let below = entries.iter().map(|entry| files(entry)).collect::<Result<Vec<_>>>()?;
    Ok(below.into_iter().flatten().collect())
}
