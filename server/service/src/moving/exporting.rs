//! Writes an investigation into a zip.

use std::fs::File;
use std::io::{BufWriter, Write, copy};

use domain::Problem;
use domain::investigation::Investigation;
use tempfile::TempPath;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{DOCUMENT, Document, FORMAT, MovedFile};
use crate::Service;
use crate::blobs::Blobs;
use crate::blocking::blocking;
use crate::durable::begin;
use crate::error::Error;
use crate::store::now_ms;

/// A zip that is gone when this is dropped.
#[derive(Debug)]
pub struct Export {
    pub path: TempPath,
    /// What it is called, such as `approvals-fell.mismatch.zip`.
    pub name: String,
}

impl Service {
    /// An investigation with its files, evidence and everything that people said, as one file.
    ///
    /// # Errors
    /// `NotFound`; when a file of it or the disk can't be read or written.
    pub async fn export(&self, id: &str) -> Result<Export, Problem> {
        let investigation =
            Investigation { events: self.inner.store.events(id).await?, ..self.investigation(id).await? };
        let name = format!("{}.mismatch.zip", file_name(&investigation.title));
        let (mut files, mut blobs): (Vec<MovedFile>, Vec<(String, String)>) = (Vec::new(), Vec::new());
        for (index, (_, stored)) in self.inner.store.inputs(id).await?.into_iter().enumerate() {
            // Two inputs may have the same name.
            let file = format!("{:02}-{}", index + 1, file_name(&stored.snapshot.name));
            blobs.push((file.clone(), stored.snapshot.sha256));
            files.push(MovedFile { snapshot: stored.snapshot.id, file, options: stored.options });
        }
        let mut exhibits = Vec::new();
        for piece in &investigation.evidence {
            if let Some(json) = self.inner.store.exhibit(id, &piece.id).await? {
                exhibits.push((piece.id.clone(), json));
            }
        }
        let document = Document {
            mismatch_investigation: FORMAT,
            tool: concat!("mismatch ", env!("CARGO_PKG_VERSION")).to_owned(),
            exported_at_ms: now_ms(),
            investigation,
            files,
            exhibits,
        };
        let (stored, tmp) = (self.inner.blobs.clone(), self.inner.folder.tmp());
        blocking(move || {
            let file = begin(&tmp)?;
            written(file.as_file(), &document, &blobs, &stored)?;
            Ok(Export { path: file.into_temp_path(), name })
        })
        .await
    }
}

fn written(into: &File, document: &Document, files: &[(String, String)], blobs: &Blobs) -> Result<(), Problem> {
    let broken = |error: zip::result::ZipError| Problem::internal(format!("the zip can't be written: {error}"));
    let mut zip = ZipWriter::new(BufWriter::new(into));
    let text = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    zip.start_file(DOCUMENT, text).map_err(broken)?;
    let json = serde_json::to_vec_pretty(document).map_err(|error| Problem::internal(error.to_string()))?;
    zip.write_all(&json).map_err(Error::file("writing", std::path::Path::new(DOCUMENT)))?;
    for (name, sha256) in files {
        let file = blobs.file(sha256)?;
        let mut from = File::open(&file.path).map_err(Error::file("opening", &file.path))?;
        let large = from.metadata().is_ok_and(|about| about.len() >= u64::from(u32::MAX));
        zip.start_file(name.as_str(), text.large_file(large)).map_err(broken)?;
        copy(&mut from, &mut zip).map_err(Error::file("copying", &file.path))?;
    }
    let mut rest = zip.finish().map_err(broken)?;
    Ok(rest.flush().map_err(Error::file("writing", std::path::Path::new(DOCUMENT)))?)
}

/// Letters, digits, points and dashes: whatever unpacks it, it stays where it is put.
fn file_name(text: &str) -> String {
    let safe = |letter: char| if letter.is_alphanumeric() || letter == '.' { letter } else { '-' };
    let words: String = text.to_lowercase().chars().map(safe).collect();
    let name: Vec<&str> = words.split('-').filter(|word| !word.is_empty()).collect();
    let name: String = name.join("-").trim_matches('.').chars().take(80).collect();
    if name.is_empty() { "file".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_the_zip_leads_nowhere_else() {
        assert_eq!(file_name("Approvals fell (May)"), "approvals-fell-may");
        assert!(!file_name("../../etc/passwd").contains('/') && !file_name("../../etc/passwd").starts_with('.'));
        assert_eq!(file_name("größe.csv"), "größe.csv");
        assert_eq!(file_name("\\..\\"), "file");
        assert!(file_name(&"a".repeat(500)).len() <= 80);
    }
}
