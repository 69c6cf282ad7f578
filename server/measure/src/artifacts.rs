//! Artifacts of other tools as stored files: what a connector needs of them is read here.

mod shap_table;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use connectors::{Artifact, BroughtTable, Connector, HEAD_BYTES};
use domain::{Problem, ProblemKind, SnapshotRole};
use serde::{Deserialize, Serialize};

use crate::ingest::ReadOptions;

/// Artifacts are small; what is larger is told so instead of being read.
const MOST_BYTES: u64 = 16 << 20;

/// Which artifact the file is; `None` when it is none that is known, or when somebody said how it is to be read as a table.
///
/// # Errors
/// When the file can't be read.
pub fn recognise(path: &Path, name: &str, options: &ReadOptions) -> Result<Option<&'static Connector>, Problem> {
    if *options != ReadOptions::default() {
        return Ok(None);
    }
    let (bytes, _) = bytes_of(path, name)?;
    Ok(connectors::recognise(&bytes).or_else(|| shap_table::connector_by_name(name)))
}

/// What an artifact says; `None` as for [`recognise`].
///
/// # Errors
/// One sentence naming the file and what to do, when it was recognised and can't be read, or is too large.
pub fn read(path: &Path, name: &str, options: &ReadOptions) -> Result<Option<Artifact>, Problem> {
    if *options != ReadOptions::default() {
        return Ok(None);
    }
    let (bytes, whole) = bytes_of(path, name)?;
    let by_bytes = if whole { connectors::read(&bytes, name)? } else { None };
    if by_bytes.is_some() {
        return Ok(by_bytes);
    }
    let recognised = connectors::recognise(&bytes);
    if recognised.is_none() && shap_table::connector_by_name(name).is_some() {
        return shap_table::read(path, name).map(Some);
    }
    recognised.map_or(Ok(None), |connector| {
        Err(Problem::new(
            ProblemKind::TooLarge,
            format!(
                "{name}: it is an artifact ({}) of more than {} MB, which is not read; leave out what is not about this model.",
                connector.words,
                MOST_BYTES >> 20
            ),
        ))
    })
}

/// A table that an artifact holds, as a file of JSON Lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableFile {
    /// What people call it: its part, what it holds, and the artifact.
    pub name: String,
    pub path: PathBuf,
    pub role: SnapshotRole,
}

/// The tables of an artifact that tell their part and name all their columns, written into a folder.
///
/// # Errors
/// As [`read`], and when the folder can't be written.
pub fn write_tables(path: &Path, name: &str, into: &Path) -> Result<Vec<TableFile>, Problem> {
    let Some(artifact) = read(path, name, &ReadOptions::default())? else { return Ok(Vec::new()) };
    let mut files = Vec::new();
    for (table, role) in readable(&artifact) {
        let path = into.join(files.len().to_string());
        std::fs::write(&path, table.json_lines()).map_err(|error| {
            tracing::error!(%error, name, "the rows of an artifact can't be written");
            Problem::internal(format!("The rows in {name} could not be written; the log says why."))
        })?;
        files.push(TableFile { name: format!("{} in {name} ({}).jsonl", table.name, role.id()), path, role });
    }
    Ok(files)
}

/// How many tables [`write_tables`] would write.
pub fn count_tables(artifact: &Artifact) -> u64 {
    readable(artifact).count() as u64
}

/// A table without a part may be anything, and inputs without names can't be compared with any column.
fn readable(artifact: &Artifact) -> impl Iterator<Item = (&BroughtTable, SnapshotRole)> {
    let tables = artifact.brought.tables.iter().filter(|table| table.rows() > 0 && table.inputs_by_place() == 0);
    tables.filter_map(|table| Some((table, table.role?)))
}

/// The file's bytes and whether these are all of them: of a larger file its beginning.
fn bytes_of(path: &Path, name: &str) -> Result<(Vec<u8>, bool), Problem> {
    let failed = |error: std::io::Error| Problem::bad_input(format!("{name}: the file can't be read ({error})."));
    let file = File::open(path).map_err(failed)?;
    let whole = file.metadata().map_err(failed)?.len() <= MOST_BYTES;
    let mut bytes = Vec::new();
    file.take(if whole { MOST_BYTES } else { HEAD_BYTES as u64 }).read_to_end(&mut bytes).map_err(failed)?;
    Ok((bytes, whole))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn the_rows_of_an_artifact_become_a_table_of_their_part() {
        let answer = r#"{"metadata":{"feature_names":["driver_id","trips"]},"results":[
            {"values":["a","b"],"statuses":["PRESENT","PRESENT"],"event_timestamps":["2026-05-01T00:00:00Z","2026-05-01T00:00:00Z"]},
            {"values":[1.5,2.5],"statuses":["PRESENT","PRESENT"],"event_timestamps":["2026-05-01T00:00:00Z","2026-05-01T00:00:00Z"]}]}"#;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("online.json");
        std::fs::write(&path, answer).unwrap();
        let tables = write_tables(&path, "online.json", folder.path()).unwrap();
        assert_eq!(tables.len(), 1, "{tables:?}");
        assert_eq!((tables[0].role, tables[0].name.contains("online.json")), (SnapshotRole::Serve, true));
        let written = std::fs::read_to_string(&tables[0].path).unwrap();
        assert!(written.lines().next().unwrap().contains("\"trips\":1.5"), "{written}");
        assert_eq!(write_tables(&tables[0].path, "rows.jsonl", folder.path()).unwrap(), []);
    }
}
