//! What must hold of any bytes: a file is read or refused in a sentence, and nothing panics, hangs or grows past its bounds.
//!
//! Each function is one target. `src/bin` hands them to the fuzzer, `tests/replay.rs` runs them over the kept files in every
//! test run.

use std::io::Write;
use std::path::Path;

use domain::Problem;
use measure::artifacts;
use measure::ingest::{BatchReader, Format, Limits, ReadOptions, Table};
use measure::progress::Unwatched;

/// The name in sentences.
const NAME: &str = "file";

/// Small enough that a file within them is read in a moment.
const SMALL: Limits = Limits {
    max_expanded_bytes: 4 << 20,
    max_ratio: 1_000,
    free_of_ratio: 1 << 20,
    max_columns: 500,
    max_name_chars: 1_000,
    max_record_bytes: 1 << 20,
    max_nesting: 100,
    max_text_in_memory: 4 << 20,
    batch_bytes: 1 << 20,
};

/// Text as what it seems to be, and as each text format although it may be none; plain or compressed.
pub fn text(bytes: &[u8]) {
    for format in [None, Some(Format::Csv), Some(Format::JsonLines), Some(Format::JsonArray)] {
        let options = ReadOptions { format, ..ReadOptions::default() };
        if let Some(table) = read(bytes, &options, &SMALL) {
            assert_eq!(table.frame.height() as u64, table.rows);
            assert_eq!(table.frame.width(), table.columns.len());
        }
    }
}

/// Text that is converted on disk in bounded memory is the table that it is in memory.
pub fn streamed(bytes: &[u8]) {
    let options = ReadOptions::default();
    let Some(whole) = read(bytes, &options, &SMALL) else { return };
    let streamed = read(bytes, &options, &Limits { max_text_in_memory: 0, ..SMALL });
    let Some(streamed) = streamed else { panic!("read in memory, and refused when it was converted") };
    assert_eq!((whole.rows, whole.columns.len()), (streamed.rows, streamed.columns.len()));
    for (a, b) in whole.columns.iter().zip(&streamed.columns) {
        assert_eq!(a.name, b.name);
    }
    assert!(whole.frame.equals_missing(&streamed.frame), "in memory {}, converted {}", whole.frame, streamed.frame);
}

/// Parquet, whose lengths are claims; what opens is read and profiled. Only replayed, not fuzzed: polars believes lengths,
/// and the allocation that then fails ends the process, which is all a fuzzer would find. The product reads files in a
/// child process for that reason (`service::isolation`).
pub fn columnar(bytes: &[u8]) {
    if !bytes.starts_with(b"PAR1") {
        return;
    }
    with_file(bytes, |path| {
        let opened = BatchReader::open(path, NAME, &ReadOptions::default(), &SMALL, None);
        if let Some(reader) = or_sentence(opened)
            && let Some(profiled) = or_sentence(measure::profile(&reader, "key", &Unwatched))
        {
            assert_eq!(profiled.profile.columns.len(), reader.columns().len());
        }
    });
}

/// Artifacts of other tools, by content.
pub fn artifact(bytes: &[u8]) {
    with_file(bytes, |path| {
        let options = ReadOptions::default();
        let known = or_sentence(artifacts::recognise(path, NAME, &options)).flatten();
        if let Some(artifact) = or_sentence(artifacts::read(path, NAME, &options)).flatten() {
            assert!(known.is_some_and(|known| known.id == artifact.connector.id));
            artifact.preview(50);
            artifact.notes();
        }
    });
}

fn read(bytes: &[u8], options: &ReadOptions, limits: &Limits) -> Option<Table> {
    with_file(bytes, |path| {
        or_sentence(BatchReader::open(path, NAME, options, limits, None).and_then(BatchReader::into_table))
    })
}

/// Readers take files; this one lives as long as `use_it`.
fn with_file<T>(bytes: &[u8], use_it: impl FnOnce(&Path) -> T) -> T {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file can be made");
    file.write_all(bytes).expect("a temporary file can be written");
    use_it(file.path())
}

/// What was read, or nothing where it was refused; a refusal names the file and is short enough to be shown.
fn or_sentence<T>(result: Result<T, Problem>) -> Option<T> {
    match result {
        Ok(read) => Some(read),
        Err(problem) => {
            assert!(problem.message.starts_with(NAME), "{problem}");
            assert!(problem.message.chars().count() < 4_000, "{problem}");
            None
        }
    }
}
