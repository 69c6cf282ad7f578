//! Which format a file is in, told from its bytes and never from its name.

use std::io::Read;

use domain::Problem;

use super::bytes::{Compression, Source};
use super::options::{Format, ReadOptions};

/// Bytes looked at.
const HEAD: u64 = 4096;

/// The format and compression of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Recognised {
    pub format: Format,
    pub compression: Compression,
}

pub(super) fn recognise(source: &Source<'_>, options: &ReadOptions) -> Result<Recognised, Problem> {
    let stored = source.head(HEAD)?;
    if stored.is_empty() {
        return Err(source.bad("it is empty (0 bytes); export it again"));
    }
    let compression = Compression::of(&stored);
    let mut head = Vec::new();
    source.expand(compression)?.take(HEAD).read_to_end(&mut head).map_err(|error| source.unreadable(&error))?;
    if let Some(what) = refused(&head) {
        return Err(source.bad(what));
    }
    let format = match options.format {
        Some(format) => format,
        None => by_content(&head).ok_or_else(|| {
            source.bad("it is not text or a known format; give CSV, JSON Lines, JSON, Parquet or Arrow IPC, plain or as gzip or zstd")
        })?,
    };
    Ok(Recognised { format, compression })
}

/// Files that are taken for data by mistake, each with what to do instead.
fn refused(head: &[u8]) -> Option<&'static str> {
    let start = head.trim_ascii_start();
    let begins = |text: &[u8]| start.get(..text.len()).is_some_and(|start| start.eq_ignore_ascii_case(text));
    if begins(b"<!doctype html") || begins(b"<html") {
        return Some("it is a web page, not data (a login page, for example); sign in and download the file itself");
    }
    if begins(b"<?xml") {
        return Some("it is XML, which is not supported; export it as CSV, JSON Lines or Parquet");
    }
    let magics: [(&[u8], &str); 12] = [
        (
            b"PK\x03\x04",
            "it is a ZIP archive (an Excel workbook is one too); unpack it or save it as CSV, and give the file inside",
        ),
        (b"PK\x05\x06", "it is an empty ZIP archive; give the file itself"),
        (b"\xd0\xcf\x11\xe0", "it is an old Excel workbook; save it as CSV"),
        (b"\x89PNG", "it is a picture (PNG), not a table; give the data it was made from"),
        (b"\xff\xd8\xff", "it is a picture (JPEG), not a table; give the data it was made from"),
        (b"GIF8", "it is a picture (GIF), not a table; give the data it was made from"),
        (b"%PDF", "it is a PDF document; give the table as CSV, JSON Lines or Parquet"),
        (b"SQLite format 3", "it is an SQLite database; export the table as CSV or Parquet"),
        (b"\x89HDF", "it is an HDF5 file; export the table as Parquet"),
        (b"Obj\x01", "it is an Avro file; convert it to Parquet"),
        (b"ORC", "it is an ORC file; convert it to Parquet"),
        (b"FEA1", "it is a Feather version 1 file; write it again as Feather version 2 or Parquet"),
    ];
    if let Some((_, what)) = magics.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(what);
    }
    // A pickle of protocol 2 or later.
    matches!(head, [0x80, 2..=5, ..])
        .then_some("it is a Python pickle, which could run code when opened; write the table as Parquet or CSV")
}

fn by_content(head: &[u8]) -> Option<Format> {
    if head.starts_with(b"PAR1") {
        return Some(Format::Parquet);
    }
    // An IPC stream begins with a continuation marker and the length of its schema.
    if head.starts_with(b"ARROW1") || (head.starts_with(&[0xff; 4]) && head.get(7) == Some(&0)) {
        return Some(Format::ArrowIpc);
    }
    if is_binary(head) {
        return None;
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let text: Vec<u8> = text.iter().copied().filter(|byte| *byte != 0 && !byte.is_ascii_whitespace()).take(2).collect();
    Some(match text.as_slice() {
        [b'{', b'"' | b'}'] => Format::JsonLines,
        [b'[', b'{' | b'[' | b']'] => Format::JsonArray,
        _ => Format::Csv,
    })
}

/// Text has hardly any control characters; in UTF-16 every other byte may be zero.
fn is_binary(head: &[u8]) -> bool {
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return false;
    }
    let controls = head
        .iter()
        .filter(|&&byte| byte < 0x20 && !matches!(byte, 0 | 1 | b'\t' | b'\n' | b'\r' | 0x0c | 0x1b))
        .count();
    // Control characters and nothing else are not text, however few they are.
    if head.contains(&0) && head.iter().all(|&byte| byte < 0x20) {
        return true;
    }
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let zeros_like_utf_16 = even * 10 < head.len() / 2 || odd * 10 < head.len() / 2;
    head.len() >= 32 && (controls * 20 > head.len() || ((even + odd) * 10 > head.len() && !zeros_like_utf_16))
}
