//! Artifacts of other tools as stored files: what a connector needs of them is read here.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use connectors::{Artifact, Connector, HEAD_BYTES};
use domain::{Problem, ProblemKind};

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
    Ok(connectors::recognise(&bytes))
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
    if whole {
        return connectors::read(&bytes, name);
    }
    connectors::recognise(&bytes).map_or(Ok(None), |connector| {
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

/// The file's bytes and whether these are all of them: of a larger file its beginning.
fn bytes_of(path: &Path, name: &str) -> Result<(Vec<u8>, bool), Problem> {
    let failed = |error: std::io::Error| Problem::bad_input(format!("{name}: the file can't be read ({error})."));
    let file = File::open(path).map_err(failed)?;
    let whole = file.metadata().map_err(failed)?.len() <= MOST_BYTES;
    let mut bytes = Vec::new();
    file.take(if whole { MOST_BYTES } else { HEAD_BYTES as u64 }).read_to_end(&mut bytes).map_err(failed)?;
    Ok((bytes, whole))
}
