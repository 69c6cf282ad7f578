//! A zip with several files: taken apart within bounds, each file for itself.

use std::fs::File;
use std::io::{BufReader, Read, Seek, Write};
use std::path::{Path, PathBuf};

use domain::{Problem, ProblemKind};
use serde::{Deserialize, Serialize};
use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use crate::artifacts;
use crate::ingest::ReadOptions;

/// Files of one archive: as many as an investigation can hold.
pub const MOST_FILES: usize = 50;
/// How much larger than the archive its files may be together. Text tables shrink to a twentieth, in rare cases to a hundredth.
const MOST_GROWTH: u64 = 300;
/// Files up to this size together are no burden, however small their archive is.
const HARMLESS_BYTES: u64 = 100_000_000;

/// A file that was taken out of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnpackedFile {
    /// The last part of its name in the archive.
    pub name: String,
    /// Where its bytes are now: a name of ours, never one from the archive.
    pub path: PathBuf,
}

/// Whether bytes begin as a zip with something in it does.
///
/// # Errors
/// When the file can't be read.
pub fn is_zip(path: &Path) -> std::io::Result<bool> {
    let mut start = Vec::with_capacity(4);
    File::open(path)?.take(4).read_to_end(&mut start)?;
    Ok(start == b"PK\x03\x04")
}

/// Writes the files of a zip into a folder, in the order of the archive. Folders and hidden files, as operating systems add them, are left out without a
/// word. `None` for a zip that is one document of another program, such as an Excel workbook,
/// or one folder of a tool that is read as a whole.
///
/// # Errors
/// When it is damaged, or its files are too many or too large together (`most_bytes`, and what an archive of this size may
/// reasonably hold).
pub fn unpack(path: &Path, name: &str, into: &Path, most_bytes: u64) -> Result<Option<Vec<UnpackedFile>>, Problem> {
    if artifacts::recognise(path, name, &ReadOptions::default())?.is_some() {
        return Ok(None);
    }
    let file = File::open(path).map_err(|error| unreadable(name, &error))?;
    let packed_bytes = file.metadata().map_err(|error| unreadable(name, &error))?.len();
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| damaged(name, &error))?;
    if archive.file_names_raw().any(|name| name == b"[Content_Types].xml" || name == b"mimetype") {
        return Ok(None);
    }
    let mut room = most_bytes.min(HARMLESS_BYTES.max(packed_bytes.saturating_mul(MOST_GROWTH)));
    let mut files = Vec::new();
    for place in 0..archive.len() {
        let mut member = archive.by_index(place).map_err(|error| damaged(name, &error))?;
        let Some(own) = visible_name(&member) else { continue };
        if files.len() == MOST_FILES {
            return Err(Problem::bad_input(format!(
                "`{name}` holds more than {MOST_FILES} files. Pack fewer of them, or give them one by one."
            )));
        }
        let to = into.join(place.to_string());
        room -= taken_out(&mut member, &to, room).map_err(|refusal| refusal.problem(name, &own))?;
        files.push(UnpackedFile { name: own, path: to });
    }
    Ok(Some(files))
}

/// The last part of the name of a file that a person put there.
fn visible_name<R: Read + Seek>(member: &ZipFile<'_, R>) -> Option<String> {
    let name = String::from_utf8_lossy(member.name_raw()).replace('\\', "/");
    let parts: Vec<&str> = name.split('/').collect();
    let is_hidden =
        parts.iter().any(|part| part.starts_with('.') && !matches!(*part, "." | "..") || *part == "__MACOSX");
    let last = parts.last().copied().unwrap_or_default();
    (member.is_file() && !is_hidden && !last.is_empty()).then(|| last.to_owned())
}

/// Why a file stays in its archive.
enum Refusal {
    TooLarge,
    Damaged(std::io::Error),
    Disk(std::io::Error),
}

impl Refusal {
    fn problem(self, archive: &str, file: &str) -> Problem {
        match self {
            Refusal::TooLarge => Problem::new(
                ProblemKind::TooLarge,
                format!(
                    "The files in `{archive}` are too large together, at `{file}`. Unpack it and give them one by one."
                ),
            ),
            Refusal::Damaged(error) => {
                tracing::info!(%error, archive, file, "a file in an archive is damaged");
                Problem::bad_input(format!(
                    "`{file}` in `{archive}` is damaged or encrypted. Pack it again without a password."
                ))
            }
            Refusal::Disk(error) => {
                tracing::error!(%error, "a file of an archive can't be written");
                Problem::internal("The files of the archive could not be written; the log says why.")
            }
        }
    }
}

/// Writes one file, as far as there is room. Its size.
fn taken_out(from: &mut impl Read, to: &Path, room: u64) -> Result<u64, Refusal> {
    let mut file = File::create(to).map_err(Refusal::Disk)?;
    let mut buffer = vec![0; 1 << 16];
    let mut size = 0;
    loop {
        let read = from.read(&mut buffer).map_err(Refusal::Damaged)?;
        if read == 0 {
            return Ok(size);
        }
        size += read as u64;
        if size > room {
            return Err(Refusal::TooLarge);
        }
        file.write_all(&buffer[..read]).map_err(Refusal::Disk)?;
    }
}

fn unreadable(name: &str, error: &std::io::Error) -> Problem {
    tracing::error!(%error, name, "an archive can't be opened");
    Problem::internal("The archive could not be opened; the log says why.")
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use zip::write::SimpleFileOptions;
    use zip::{CompressionMethod, ZipWriter};

    use super::*;

    fn packed(folder: &Path, files: &[(&str, &[u8])]) -> PathBuf {
        let path = folder.join("a.zip");
        let mut archive = ZipWriter::new(File::create(&path).unwrap());
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for (name, bytes) in files {
            archive.start_file(*name, options).unwrap();
            archive.write_all(bytes).unwrap();
        }
        archive.finish().unwrap();
        path
    }

    /// The names and the bytes of the files.
    type Named = Vec<(String, Vec<u8>)>;

    fn unpacked(files: &[(&str, &[u8])], most_bytes: u64) -> Result<Option<Named>, Problem> {
        let folder = tempfile::tempdir().unwrap();
        let path = packed(folder.path(), files);
        assert!(is_zip(&path).unwrap());
        let into = tempfile::tempdir().unwrap();
        let found = unpack(&path, "a.zip", into.path(), most_bytes)?;
        let names = |files: Vec<UnpackedFile>| {
            assert!(files.iter().all(|file| file.path.parent() == Some(into.path())));
            files.into_iter().map(|file| (file.name, std::fs::read(file.path).unwrap())).collect()
        };
        Ok(found.map(names))
    }

    #[test]
    fn files_keep_the_last_part_of_their_names_and_never_leave_the_folder() {
        let files: [(&str, &[u8]); 6] = [
            ("run/train.csv", b"a,b\n1,2\n"),
            ("../../etc/passwd", b"x"),
            ("__MACOSX/run/._train.csv", b"y"),
            ("run/.DS_Store", b"z"),
            ("C:\\data\\serve.csv", b"a,b\n3,4\n"),
            ("run/deep/", b""),
        ];
        let found = unpacked(&files, 1_000).unwrap().unwrap();
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["train.csv", "passwd", "serve.csv"]);
        assert_eq!(found[2].1, b"a,b\n3,4\n");
    }

    #[test]
    fn what_is_too_much_is_refused_before_the_disk_is_full() {
        let zeros = vec![b'0'; 300_000];
        let refused = |found: Result<Option<_>, Problem>| found.err().unwrap();
        let problem = refused(unpacked(&[("a.csv", &zeros), ("b.csv", &zeros)], 500_000));
        assert_eq!(problem.kind, ProblemKind::TooLarge, "{}", problem.message);
        let names: Vec<String> = (0..=MOST_FILES).map(|number| format!("{number}.csv")).collect();
        let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"a\n1\n"[..])).collect();
        let problem = refused(unpacked(&many, 500_000));
        assert!(problem.message.contains("more than 50 files"), "{}", problem.message);
    }

    #[test]
    fn a_workbook_is_one_document_and_a_damaged_archive_says_so() {
        assert_eq!(unpacked(&[("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"<x/>")], 1_000).unwrap(), None);
        let folder = tempfile::tempdir().unwrap();
        let path = packed(folder.path(), &[("a.csv", b"a,b\n1,2\n")]);
        let whole = std::fs::read(&path).unwrap();
        for end in 4..whole.len() {
            std::fs::write(&path, &whole[..end]).unwrap();
            let problem = unpack(&path, "a.zip", folder.path(), 1_000).err().unwrap();
            assert!(problem.message.contains("is damaged"), "{}", problem.message);
        }
        let mut flipped = whole.clone();
        flipped[40] ^= 0xFF;
        std::fs::write(&path, flipped).unwrap();
        let problem = unpack(&path, "a.zip", folder.path(), 1_000).err().unwrap();
        assert!(problem.message.contains("damaged"), "{}", problem.message);
    }
}
