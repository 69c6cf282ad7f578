//! The bytes of a file behind its compression, under a bound on how many there may be.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use domain::{Problem, ProblemKind};
use flate2::read::MultiGzDecoder;

use super::options::Limits;

/// How a file is compressed, seen from its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compression {
    None,
    Gzip,
    Zstd,
}

impl Compression {
    pub fn of(head: &[u8]) -> Compression {
        if head.starts_with(&[0x1f, 0x8b]) {
            Compression::Gzip
        } else if head.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
            Compression::Zstd
        } else {
            Compression::None
        }
    }

    pub fn words(self) -> Option<&'static str> {
        match self {
            Compression::None => None,
            Compression::Gzip => Some("gzip"),
            Compression::Zstd => Some("zstd"),
        }
    }
}

/// The file a reader is working on: where it is, and how a person calls it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    pub path: &'a Path,
    /// The name shown in messages.
    pub name: &'a str,
    pub limits: &'a Limits,
}

impl Source<'_> {
    /// A problem with this file: what and where, what to do.
    pub fn bad(&self, what: impl std::fmt::Display) -> Problem {
        Problem::bad_input(format!("{}: {what}", self.name))
    }

    pub fn too_large(&self, what: impl std::fmt::Display) -> Problem {
        Problem::new(ProblemKind::TooLarge, format!("{}: {what}", self.name))
    }

    /// Refuses a table with too long a column name.
    pub fn check_names(&self, names: &[String]) -> Result<(), Problem> {
        let most = self.limits.max_name_chars;
        let Some(long) = names.iter().position(|name| name.chars().nth(most).is_some()) else { return Ok(()) };
        let begins: String = names[long].chars().take(40).collect();
        Err(self.too_large(format_args!(
            "the name of a column is longer than {most} characters (it begins with {begins:?}); shorten it, or check that \
             the first record holds the names"
        )))
    }

    pub fn open(&self) -> Result<File, Problem> {
        File::open(self.path).map_err(|error| self.bad(format_args!("the file can't be opened ({error})")))
    }

    /// The first bytes as stored, at most `count`.
    pub fn head(&self, count: u64) -> Result<Vec<u8>, Problem> {
        let mut head = Vec::new();
        self.open()?.take(count).read_to_end(&mut head).map_err(|error| self.unreadable(&error))?;
        Ok(head)
    }

    /// Everything behind the compression.
    pub fn expand(&self, compression: Compression) -> Result<Expanded, Problem> {
        let file = BufReader::with_capacity(1 << 16, self.open()?);
        let inner: Box<dyn Read> = match compression {
            Compression::None => Box::new(file),
            Compression::Gzip => Box::new(MultiGzDecoder::new(file)),
            Compression::Zstd => Box::new(
                zstd::Decoder::with_buffer(file)
                    .map_err(|error| self.bad(format_args!("the zstd stream can't be read ({error})")))?,
            ),
        };
        let most = self.limits.max_expanded_bytes;
        if compression == Compression::None {
            return Ok(Expanded { inner, left: most, bound: TooMany::Bytes });
        }
        let stored = self.path.metadata().map_err(|error| self.unreadable(&error))?.len();
        let by_ratio = stored.saturating_mul(self.limits.max_ratio).max(self.limits.free_of_ratio);
        let bound = if by_ratio < most { TooMany::Ratio } else { TooMany::Bytes };
        Ok(Expanded { inner, left: most.min(by_ratio), bound })
    }

    /// What to say when reading on fails.
    pub fn unreadable(&self, error: &std::io::Error) -> Problem {
        match error.get_ref().and_then(|inner| inner.downcast_ref()) {
            Some(TooMany::Bytes) => {
                return self.too_large(format_args!(
                    "it holds more than {} of data after decompression; split it, or keep fewer columns or rows",
                    size(self.limits.max_expanded_bytes)
                ));
            }
            Some(TooMany::Ratio) => {
                return self.too_large(format_args!(
                    "it grows to more than {} times its size when it is decompressed, which tables hardly do; give it \
                     uncompressed if it is one",
                    self.limits.max_ratio
                ));
            }
            None => {}
        }
        match error.kind() {
            std::io::ErrorKind::UnexpectedEof => {
                self.bad("the compressed data ends too early; the file was cut off, so copy or export it again")
            }
            _ => self.bad(format_args!("reading stopped ({error}); the file is damaged, so copy or export it again")),
        }
    }
}

/// A stream that fails with [`TooMany`] instead of giving more bytes than it may.
pub(super) struct Expanded {
    inner: Box<dyn Read>,
    left: u64,
    /// What is met when nothing is left.
    bound: TooMany,
}

/// The bound on expanded bytes that was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum TooMany {
    #[error("more bytes than allowed")]
    Bytes,
    #[error("more bytes than allowed for the file's size")]
    Ratio,
}

impl Read for Expanded {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(count as u64).ok_or_else(|| std::io::Error::other(self.bound))?;
        Ok(count)
    }
}

/// A number of bytes in words.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} kB", bytes >> 10),
        1_048_576..1_073_741_824 => format!("{} MB", bytes >> 20),
        _ => format!("{} GB", bytes >> 30),
    }
}
