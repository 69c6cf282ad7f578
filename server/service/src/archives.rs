//! A zip or a tar of several files becomes these files, each as if it had come by itself. The archive is not kept.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use domain::Problem;
use domain::snapshot::{ReadNote, Snapshot};
use measure::archive::{UnpackedFile, is_archive};
use measure::artifacts::TableFile;
use measure::ingest::ReadOptions;
use measure::inspect::Inspected;

use crate::Service;
use crate::blobs::{Blob, Blobs};
use crate::blocking::blocking;
use crate::error::Error;
use crate::isolation::{Unpack, WriteTables};
use crate::snapshots::Unnamed;
use crate::uploads::label_of;

/// Bytes that are handed on at a time.
const PIECE_BYTES: usize = 1 << 20;

impl Service {
    /// Stores durable bytes: as the snapshot that they are, or, of an archive, as one for each file in it that is a table or
    /// an artifact. What else is in the archive stands in the notes of the first.
    ///
    /// # Errors
    /// As [`Service::keep`]; of an archive in which nothing can be read, the problem of its first file.
    pub(crate) async fn keep_all(
        &self,
        mut unnamed: Unnamed,
        name: &str,
        origin: &str,
    ) -> Result<Vec<Snapshot>, Problem> {
        let (blobs, sha256) = (self.inner.blobs.clone(), unnamed.blob().sha256.clone());
        let file = blocking(move || Ok(blobs.file(&sha256)?)).await?;
        let path = file.path.clone();
        let holds_files = blocking(move || Ok(is_archive(&path).map_err(Error::file("reading", &path))?)).await?;
        if holds_files {
            let tmp = self.inner.folder.tmp();
            let folder = tempfile::tempdir_in(&tmp).map_err(Error::file("making", &tmp))?;
            let task = Unpack {
                path: file.path.clone(),
                name: name.to_owned(),
                into: folder.path().to_owned(),
                most_bytes: self.inner.blobs.max_bytes(),
            };
            if let Some(files) = self.inner.isolation.ask(task).await? {
                return self.keep_each(files, name).await;
            }
        }
        let read = self.understood(&mut unnamed, name, &ReadOptions::default()).await?;
        if read.guessed_role.is_table() && is_program(name) {
            unnamed.discard().await?;
            return Err(Problem::bad_input(format!(
                "{name}: by its name it is a program or a text for people, not a table of rows. Leave it out, or give it another ending."
            )));
        }
        self.keep_with_tables(unnamed, read, name, origin).await
    }

    async fn keep_each(&self, files: Vec<UnpackedFile>, archive: &str) -> Result<Vec<Snapshot>, Problem> {
        let options = ReadOptions::default();
        let (mut understood, mut left_out) = (Vec::with_capacity(files.len()), Vec::new());
        for UnpackedFile { name, path } in files {
            let (blobs, label) = (self.inner.blobs.clone(), label_of(&name));
            if is_document(&label) {
                left_out.push((label, Problem::bad_input("By its name it is a text for people or a program.")));
                continue;
            }
            let mut unnamed = Unnamed::of(self, blocking(move || stored(&path, &blobs)).await?);
            match self.understood(&mut unnamed, &label, &options).await {
                Ok(read) => understood.push((label, unnamed, read)),
                Err(problem) => left_out.push((label, problem)),
            }
        }
        let Some((_, _, first)) = understood.first_mut() else {
            let nothing = || Problem::bad_input(format!("The archive `{archive}` holds no file."));
            return Err(left_out.into_iter().next().map_or_else(nothing, |(_, problem)| problem));
        };
        first.notes.extend(left_out.into_iter().map(|(label, problem)| ReadNote {
            column: None,
            message: format!("`{label}`, also in `{archive}`, was left out: {}", problem.message),
        }));
        let mut kept = Vec::with_capacity(understood.len());
        for (label, unnamed, read) in understood {
            kept.extend(self.keep_with_tables(unnamed, read, &label, archive).await?);
        }
        Ok(kept)
    }

    /// One file that was understood, and the tables in it where it is one of another tool that holds rows.
    async fn keep_with_tables(
        &self,
        unnamed: Unnamed,
        read: Inspected,
        name: &str,
        origin: &str,
    ) -> Result<Vec<Snapshot>, Problem> {
        let has_tables = read.tables > 0;
        let snapshot = self.keep_understood(unnamed, read, name, origin, ReadOptions::default()).await?;
        let tables = if has_tables { self.keep_tables(&snapshot).await? } else { Vec::new() };
        Ok([vec![snapshot], tables].concat())
    }

    /// The rows of an artifact are read like those of any table, in the part that the artifact tells.
    async fn keep_tables(&self, artifact: &Snapshot) -> Result<Vec<Snapshot>, Problem> {
        let (blobs, sha256) = (self.inner.blobs.clone(), artifact.sha256.clone());
        let file = blocking(move || Ok(blobs.file(&sha256)?)).await?;
        let tmp = self.inner.folder.tmp();
        let folder = tempfile::tempdir_in(&tmp).map_err(Error::file("making", &tmp))?;
        let (name, into) = (artifact.name.clone(), folder.path().to_owned());
        let tables = self.inner.isolation.ask(WriteTables { path: file.path.clone(), name, into }).await?;
        let mut kept = Vec::with_capacity(tables.len());
        for TableFile { name, path, role } in tables {
            let (blobs, options) = (self.inner.blobs.clone(), ReadOptions::default());
            let mut unnamed = Unnamed::of(self, blocking(move || stored(&path, &blobs)).await?);
            let mut read = self.understood(&mut unnamed, &name, &options).await?;
            read.guessed_role = role;
            kept.push(self.keep_understood(unnamed, read, &name, &artifact.name, options).await?);
        }
        Ok(kept)
    }
}

/// Texts and programs lie next to data, and some of them can be read as a table of one row.
fn is_document(name: &str) -> bool {
    is_program(name) || ends_with(name, &["log"])
}

fn is_program(name: &str) -> bool {
    ends_with(name, &["md", "rst", "tex", "py", "r", "sql", "sh", "ipynb"])
}

fn ends_with(name: &str, endings: &[&str]) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| endings.contains(&ending.as_str()))
}

/// A file's bytes, durable in the store.
pub(crate) fn stored(path: &Path, blobs: &Blobs) -> Result<Blob, Problem> {
    let mut file = File::open(path).map_err(Error::file("opening", path))?;
    let mut incoming = blobs.begin()?;
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        match file.read(&mut piece).map_err(Error::file("reading", path))? {
            0 => return Ok(incoming.finish()?),
            read => incoming.write(&piece[..read])?,
        }
    }
}
