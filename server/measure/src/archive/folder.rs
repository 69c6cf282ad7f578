//! A folder of a tool among other files: its files belong together, so they become one zip, which is how such a folder is read.

use std::fs::File;
use std::io::{Cursor, Read, Write};
use std::path::Path;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::Refusal;

/// A tracking folder has a file for each parameter of each run.
const MOST_FILES: usize = 5_000;

/// What is in it so far, in memory: such folders hold notes, and are bounded by the room of their archive.
pub(super) struct Folder {
    root: Vec<String>,
    writer: ZipWriter<Cursor<Vec<u8>>>,
    files: usize,
}

/// Of one file: notes are small, models and tables that lie among them are not read.
const MOST_BYTES: u64 = 4 << 20;

impl Folder {
    /// The folder that is read as a whole, if there is one.
    pub fn among(names: &[Vec<String>]) -> Option<Self> {
        let root = connectors::whole_folder(names)?;
        Some(Self { root, writer: ZipWriter::new(Cursor::new(Vec::new())), files: 0 })
    }

    pub fn holds(&self, name: &[String]) -> bool {
        name.starts_with(&self.root)
    }

    pub fn holds_all(&self, names: &[Vec<String>]) -> bool {
        names.iter().all(|name| self.holds(name))
    }

    /// The name of its zip.
    pub fn name(&self) -> String {
        format!("{}.zip", self.root.last().map_or("mlruns", String::as_str))
    }

    /// Takes in one file, if it is a note. Its size.
    pub fn take(&mut self, name: &[String], from: &mut impl Read, room: u64) -> Result<u64, Refusal> {
        let mut bytes = Vec::new();
        from.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(Refusal::Damaged)?;
        if bytes.len() as u64 > MOST_BYTES {
            return Ok(0);
        }
        if bytes.len() as u64 > room || self.files == MOST_FILES {
            return Err(Refusal::TooLarge);
        }
        self.files += 1;
        let options = SimpleFileOptions::default();
        self.writer.start_file(name.join("/"), options).map_err(|error| Refusal::Disk(error.into()))?;
        self.writer.write_all(&bytes).map_err(Refusal::Disk)?;
        Ok(bytes.len() as u64)
    }

    pub fn write(self, path: &Path) -> Result<(), Refusal> {
        let bytes = self.writer.finish().map_err(|error| Refusal::Disk(error.into()))?.into_inner();
        File::create(path).and_then(|mut file| file.write_all(&bytes)).map_err(Refusal::Disk)
    }
}
