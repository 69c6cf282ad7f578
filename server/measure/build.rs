//! Hashes the sources that measuring is made of, and those of reading alone. What is kept of a table carries these hashes,
//! so that no version of the program ever shows figures that another one measured, and nobody has to remember to count a
//! version up. Converted text carries the hash of reading, so that a new measure does not mean to parse everything again.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::Hasher;
use std::io::Result;
use std::path::{Path, PathBuf};

const MEASURING: [&str; 4] = ["src", "../../app/domain/src", "../../app/stats/src", "../../Cargo.lock"];
const READING: [&str; 2] = ["src/ingest", "../../Cargo.lock"];

fn main() -> Result<()> {
    for (name, sources) in [("MEASURED_BY", &MEASURING[..]), ("READ_BY", &READING[..])] {
        let mut hasher = DefaultHasher::new();
        for source in sources {
            println!("cargo:rerun-if-changed={source}");
            for file in files(Path::new(source))? {
                hasher.write(file.to_string_lossy().as_bytes());
                hasher.write(&fs::read(&file)?);
            }
        }
        println!("cargo:rustc-env={name}={:016x}", hasher.finish());
    }
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
