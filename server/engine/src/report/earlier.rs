//! An earlier report of the same pipeline, as it is compared with.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use domain::diagnosis::VERSION;
use domain::{Diagnosis, Finding, Problem};
use serde::Deserialize;

/// A report of thousands of columns takes less, in bytes.
const MOST_BYTES: u64 = 256 << 20;

/// What is needed of it.
#[derive(Deserialize)]
struct Earlier {
    version: u32,
    findings: Vec<Finding>,
}

/// Says of a diagnosis what is new, worse, as it was or gone since the report in a file.
///
/// # Errors
/// When the file is not a report that `diagnose --format json` wrote.
pub fn compare_with(diagnosis: &mut Diagnosis, path: &Path) -> Result<(), Problem> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let earlier = read(path)?;
    diagnosis.against = Some(checks::against::against(&name, &earlier.findings, &diagnosis.findings));
    Ok(())
}

fn read(path: &Path) -> Result<Earlier, Problem> {
    let bad = |what: String| Problem::bad_input(format!("`{}` can't be compared with: {what}.", path.display()));
    let file = File::open(path).map_err(|error| bad(error.to_string()))?;
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|error| bad(error.to_string()))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(bad(format!("it is larger than {} MB", MOST_BYTES >> 20)));
    }
    let earlier: Earlier = serde_json::from_slice(&bytes)
        .map_err(|error| bad(format!("it is not a report that `mismatch diagnose --format json` wrote ({error})")))?;
    if earlier.version > VERSION {
        return Err(bad("a newer version of Mismatch wrote it".to_owned()));
    }
    Ok(earlier)
}
