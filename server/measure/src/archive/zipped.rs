//! Zips.

use std::fs::File;
use std::io::BufReader;

use domain::Problem;
use zip::ZipArchive;
use zip::result::ZipError;

use super::Taken;

/// The names of its files; `None` for a document of another program.
pub(super) fn names(file: File, name: &str) -> Result<Option<Vec<Vec<u8>>>, Problem> {
    let archive = ZipArchive::new(BufReader::new(file)).map_err(|error| damaged(name, &error))?;
    let names: Vec<Vec<u8>> = archive.file_names_raw().map(<[u8]>::to_vec).collect();
    let is_document = names.iter().any(|name| name == b"[Content_Types].xml" || name == b"mimetype");
    Ok((!is_document).then_some(names))
}

pub(super) fn take_apart(file: File, taken: &mut Taken<'_>) -> Result<(), Problem> {
    let name = taken.archive;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| damaged(name, &error))?;
    for place in 0..archive.len() {
        let mut member = archive.by_index(place).map_err(|error| damaged(name, &error))?;
        if member.is_file() {
            let whole_name = member.name_raw().to_vec();
            taken.take(&whole_name, &mut member)?;
        }
    }
    Ok(())
}

fn damaged(name: &str, error: &ZipError) -> Problem {
    tracing::info!(%error, name, "an archive can't be read");
    let why = if matches!(error, ZipError::UnsupportedArchive(_) | ZipError::InvalidPassword) {
        "is encrypted or packed in a way that is not supported"
    } else {
        "is damaged"
    };
    Problem::bad_input(format!("The ZIP archive `{name}` {why}. Pack it again, or give the files themselves."))
}
