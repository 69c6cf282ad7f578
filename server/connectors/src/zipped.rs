//! A folder as one file: the small files in a zip, within bounds.

use std::io::{Cursor, Read};

use zip::ZipArchive;

/// Files of one folder at most.
const MOST_FILES: usize = 5_000;
/// A larger file is no note of a tracker: a model, an image. It is left out.
const MOST_BYTES_EACH: u64 = 2 << 20;
/// All together, unpacked.
const MOST_BYTES: u64 = 48 << 20;

/// A file in the folder.
pub(crate) struct Member {
    /// Its parts, from the folder down; never used as a path of this machine.
    pub path: Vec<String>,
    pub bytes: Vec<u8>,
}

/// Whether bytes begin as a zip does.
pub(crate) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// The paths in a zip, each in parts; `None` where it can't be opened or holds too many files.
pub(crate) fn paths(bytes: &[u8]) -> Option<Vec<Vec<String>>> {
    let archive = open(bytes)?;
    Some(archive.file_names_raw().map(parts).collect())
}

/// The files of a zip and how many were left out, for their size or because they can't be read.
pub(crate) fn members(bytes: &[u8]) -> Option<(Vec<Member>, usize)> {
    let mut archive = open(bytes)?;
    let (mut members, mut left_out, mut room) = (Vec::new(), 0, MOST_BYTES);
    for place in 0..archive.len() {
        let Ok(file) = archive.by_index(place) else {
            left_out += 1;
            continue;
        };
        if !file.is_file() {
            continue;
        }
        let path = parts(file.name_raw());
        let most = MOST_BYTES_EACH.min(room);
        let mut bytes = Vec::new();
        // One byte more than is allowed shows that there are more: the size that the archive tells may be wrong.
        match file.take(most + 1).read_to_end(&mut bytes) {
            Ok(read) if read as u64 <= most => {
                room -= read as u64;
                members.push(Member { path, bytes });
            }
            _ => left_out += 1,
        }
    }
    Some((members, left_out))
}

fn open(bytes: &[u8]) -> Option<ZipArchive<Cursor<&[u8]>>> {
    let archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    (archive.len() <= MOST_FILES).then_some(archive)
}

fn parts(name: &[u8]) -> Vec<String> {
    let name = String::from_utf8_lossy(name);
    name.split(['/', '\\']).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
