//! Rows that a file of another tool holds, such as captured requests: a table where none was given for their part.

use domain::{Problem, SnapshotRole};
use engine::diagnose::DiagnoseInput;
use measure::artifacts::{TableFile, write_tables};
use tempfile::TempDir;

/// Adds them. They are in files of their own, gone when what is returned is dropped.
///
/// # Errors
/// When an artifact can't be read, or the temporary folder can't be written.
pub fn add(inputs: &mut Vec<DiagnoseInput>) -> Result<TempDir, Problem> {
    let folder = tempfile::tempdir().map_err(|error| not_kept(&error))?;
    let artifacts: Vec<DiagnoseInput> =
        inputs.iter().filter(|input| input.role == SnapshotRole::Artifact).cloned().collect();
    for (place, artifact) in artifacts.iter().enumerate() {
        let into = folder.path().join(place.to_string());
        std::fs::create_dir(&into).map_err(|error| not_kept(&error))?;
        for TableFile { name, path, role } in write_tables(&artifact.path, &artifact.name, &into)? {
            if inputs.iter().all(|input| input.role != role) {
                let sha256 = super::digest::sha256(&path).map_err(|error| not_kept(&error))?;
                inputs.push(DiagnoseInput::of_file(role, &name, &path, &sha256));
            }
        }
    }
    Ok(folder)
}

fn not_kept(error: &std::io::Error) -> Problem {
    Problem::bad_input(format!("The rows of an artifact can't be kept in the temporary folder: {error}."))
}
