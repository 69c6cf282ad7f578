//! Archives with several files, a zip or a tar: taken apart within bounds, each file for itself.

mod folder;
mod tarred;
mod zipped;

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use domain::{Problem, ProblemKind};
use flate2::read::MultiGzDecoder;
use serde::{Deserialize, Serialize};

use crate::artifacts;
use crate::ingest::ReadOptions;
use folder::Folder;

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

/// How an archive is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packing {
    Zip,
    Tar,
    TarGz,
}

/// Whether bytes begin as an archive with something in it does.
///
/// # Errors
/// When the file can't be read.
pub fn is_archive(path: &Path) -> std::io::Result<bool> {
    Ok(packing(path)?.is_some())
}

fn packing(path: &Path) -> std::io::Result<Option<Packing>> {
    let mut start = Vec::with_capacity(BLOCK_BYTES);
    File::open(path)?.take(BLOCK_BYTES as u64).read_to_end(&mut start)?;
    if start.starts_with(b"PK\x03\x04") {
        return Ok(Some(Packing::Zip));
    }
    if is_tar(&start) {
        return Ok(Some(Packing::Tar));
    }
    if !start.starts_with(b"\x1f\x8b") {
        return Ok(None);
    }
    let mut unpacked = Vec::with_capacity(BLOCK_BYTES);
    // Bounded before it is unpacked too: a gzip may go on for long without holding a byte.
    let beginning = File::open(path)?.take(PACKED_BEGINNING);
    let read = MultiGzDecoder::new(beginning).take(BLOCK_BYTES as u64).read_to_end(&mut unpacked);
    if let Err(error) = read {
        // Whoever reads it as a table says what is wrong with it.
        tracing::debug!(%error, "the beginning of a gzip is damaged");
    }
    Ok(is_tar(&unpacked).then_some(Packing::TarGz))
}

/// A tar is made of such blocks; the first one is a header.
const BLOCK_BYTES: usize = 512;

/// Of a gzip, as much is looked at to see whether a tar is in it.
const PACKED_BEGINNING: u64 = 1 << 16;

/// The mark of POSIX and GNU tar.
fn is_tar(block: &[u8]) -> bool {
    block.get(257..262) == Some(b"ustar")
}

/// Writes the files of an archive into a folder, in the order of the archive. Folders and hidden files, as operating systems
/// add them, are left out without a word. `None` for a zip that is one document of another program, such as an Excel workbook,
/// and for an archive that is one folder of a tool that is read as a whole.
///
/// # Errors
/// When it is damaged, or its files are too many or too large together (`most_bytes`, and what an archive of this size may
/// reasonably hold).
pub fn unpack(path: &Path, name: &str, into: &Path, most_bytes: u64) -> Result<Option<Vec<UnpackedFile>>, Problem> {
    let Some(packing) = packing(path).map_err(|error| unreadable(name, &error))? else { return Ok(None) };
    let open = || File::open(path).map_err(|error| unreadable(name, &error));
    let packed_bytes = open()?.metadata().map_err(|error| unreadable(name, &error))?.len();
    let room = most_bytes.min(HARMLESS_BYTES.max(packed_bytes.saturating_mul(MOST_GROWTH)));
    let Some(names) = names(packing, open()?, name, room)? else { return Ok(None) };
    let folder = Folder::among(&names);
    let is_whole = folder.as_ref().is_none_or(|folder| folder.holds_all(&names));
    if packing == Packing::Zip && is_whole && artifacts::recognise(path, name, &ReadOptions::default())?.is_some() {
        return Ok(None);
    }
    let mut taken = Taken { archive: name, into, room, files: Vec::new(), folder };
    match packing {
        Packing::Zip => zipped::take_apart(open()?, &mut taken)?,
        Packing::Tar => tarred::take_apart(open()?, &mut taken)?,
        Packing::TarGz => tarred::take_apart(MultiGzDecoder::new(open()?), &mut taken)?,
    }
    taken.ended().map(Some)
}

/// The names of all visible files; `None` for one document of another program.
fn names(packing: Packing, file: File, name: &str, room: u64) -> Result<Option<Vec<Vec<String>>>, Problem> {
    let names = match packing {
        Packing::Zip => zipped::names(file, name)?,
        Packing::Tar => Some(tarred::names(file, name, room)?),
        Packing::TarGz => Some(tarred::names(MultiGzDecoder::new(file), name, room)?),
    };
    Ok(names.map(|names| names.iter().filter_map(|name| visible_path(name)).collect()))
}

/// What came out so far, and for how much more there is room.
struct Taken<'a> {
    archive: &'a str,
    into: &'a Path,
    room: u64,
    files: Vec<UnpackedFile>,
    /// A folder of a tool in it, which is read as a whole.
    folder: Option<Folder>,
}

impl Taken<'_> {
    /// The files, with the folder as the last one.
    fn ended(mut self) -> Result<Vec<UnpackedFile>, Problem> {
        if let Some(folder) = self.folder {
            let name = folder.name();
            let path = self.into.join(self.files.len().to_string());
            folder.write(&path).map_err(|refusal| refusal.problem(self.archive, &name))?;
            self.files.push(UnpackedFile { name, path });
        }
        Ok(self.files)
    }

    /// Takes out one file, by its whole name in the archive; hidden ones stay.
    fn take(&mut self, whole_name: &[u8], from: &mut impl Read) -> Result<(), Problem> {
        let Some(parts) = visible_path(whole_name) else { return Ok(()) };
        let name = parts.last().cloned().unwrap_or_default();
        if let Some(folder) = self.folder.as_mut().filter(|folder| folder.holds(&parts)) {
            let size = folder.take(&parts, from, self.room).map_err(|refusal| refusal.problem(self.archive, &name))?;
            self.room -= size;
            return Ok(());
        }
        if self.files.len() == MOST_FILES {
            return Err(Problem::bad_input(format!(
                "`{}` holds more than {MOST_FILES} files. Pack fewer of them, or give them one by one.",
                self.archive
            )));
        }
        let path = self.into.join(self.files.len().to_string());
        self.room -= taken_out(from, &path, self.room).map_err(|refusal| refusal.problem(self.archive, &name))?;
        self.files.push(UnpackedFile { name, path });
        Ok(())
    }
}

/// The parts of the name of a file that a person put there; never a step up.
fn visible_path(whole_name: &[u8]) -> Option<Vec<String>> {
    let name = String::from_utf8_lossy(whole_name).replace('\\', "/");
    let parts: Vec<&str> = name.split('/').filter(|part| !matches!(*part, "." | "..")).collect();
    let is_hidden = parts.iter().any(|part| part.starts_with('.') || *part == "__MACOSX");
    let is_file = parts.last().is_some_and(|last| !last.is_empty());
    (!is_hidden && is_file).then(|| parts.into_iter().filter(|part| !part.is_empty()).map(str::to_owned).collect())
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use flate2::write::GzEncoder;
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
        assert!(is_archive(&path).unwrap());
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

    /// A tar of files, written by the library that reads it.
    fn tarred(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = tar::Builder::new(Vec::new());
        for (name, bytes) in files {
            let mut header = tar::Header::new_ustar();
            header.set_size(bytes.len() as u64);
            header.set_entry_type(tar::EntryType::Regular);
            // The library refuses to write what leads out of a folder; others do not.
            header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_cksum();
            archive.append(&header, *bytes).unwrap();
        }
        archive.into_inner().unwrap()
    }

    fn gzipped(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn untarred(bytes: &[u8], most_bytes: u64) -> Result<Option<Vec<String>>, Problem> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.tar");
        std::fs::write(&path, bytes).unwrap();
        let found = unpack(&path, "a.tar", folder.path(), most_bytes)?;
        let said = |file: UnpackedFile| {
            format!("{}: {}", file.name, String::from_utf8_lossy(&std::fs::read(file.path).unwrap()))
        };
        Ok(found.map(|files| files.into_iter().map(said).collect()))
    }

    #[test]
    fn a_tar_is_taken_apart_plain_and_packed() {
        let plain = tarred(&[("run/train.csv", b"a\n1\n"), ("../../etc/passwd", b"x"), ("run/.hidden", b"y")]);
        for bytes in [plain.clone(), gzipped(&plain)] {
            let found = untarred(&bytes, 1_000).unwrap().unwrap();
            assert_eq!(found, ["train.csv: a\n1\n", "passwd: x"]);
        }
        // A single packed table is not an archive.
        assert_eq!(untarred(&gzipped(b"a,b\n1,2\n"), 1_000).unwrap(), None);
    }

    #[test]
    fn a_folder_of_a_tool_stays_whole_between_other_files() {
        let run = "incident/mlruns/0/abc";
        let named = |rest: &str| format!("{run}/{rest}");
        let (meta, loss, threshold) = (named("meta.yaml"), named("metrics/loss"), named("params/threshold"));
        let of_run: [(&str, &[u8]); 3] =
            [(&meta, b"run_id: abc\n"), (&loss, b"1 0.5 0\n2 0.4 1\n3 0.3 2\n"), (&threshold, b"0.5")];
        let with_others = [&[("incident/train.csv", &b"a,b\n1,2\n"[..])], &of_run[..]].concat();
        let folder = tempfile::tempdir().unwrap();
        let packed_as_zip = std::fs::read(packed(folder.path(), &with_others)).unwrap();
        for bytes in [gzipped(&tarred(&with_others)), packed_as_zip] {
            let path = folder.path().join("incident");
            std::fs::write(&path, bytes).unwrap();
            let into = tempfile::tempdir().unwrap();
            let files = unpack(&path, "incident", into.path(), 100_000).unwrap().unwrap();
            let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
            assert_eq!(names, ["train.csv", "mlruns.zip"]);
            let artifact = artifacts::read(&files[1].path, "mlruns.zip", &ReadOptions::default()).unwrap().unwrap();
            assert_eq!(artifact.connector.id, "mlflow_folder");
        }
        // A zip of nothing else is read as it is, a tar of nothing else as if it had been a zip.
        assert_eq!(unpacked(&of_run, 100_000).unwrap(), None);
        assert_eq!(untarred(&tarred(&of_run), 100_000).unwrap().unwrap().len(), 1);
    }

    #[test]
    fn a_damaged_or_swollen_tar_is_refused_in_a_sentence() {
        let whole = gzipped(&tarred(&[("a.csv", &b"a,b\n1,2\n".repeat(500))]));
        for end in whole.len() / 2..whole.len() {
            match untarred(&whole[..end], 100_000) {
                Err(problem) => assert!(problem.message.contains("damaged"), "{}", problem.message),
                // Only what fills the last block is missing, or so much that no archive shows: a table says that it is cut.
                Ok(found) => assert!(found.is_none_or(|files| files.len() == 1)),
            }
        }
        let zeros = vec![b'0'; 300_000];
        let problem = untarred(&gzipped(&tarred(&[("a.csv", &zeros), ("b.csv", &zeros)])), 500_000).err().unwrap();
        assert_eq!(problem.kind, ProblemKind::TooLarge, "{}", problem.message);
    }
}
