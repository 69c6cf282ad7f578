//! Summaries: what is kept of a table by its content, so that a table that is known is not read again.

use std::collections::HashMap;
use std::io::{Cursor, Read, Write};
use std::sync::{Mutex, PoisonError};

use domain::snapshot::ReadNote;
use domain::{Problem, Profile};
use polars::prelude::{IpcReader, IpcWriter, SerReader, SerWriter};
use serde::{Deserialize, Serialize};

use crate::measured::{COMPRESSION_LEVEL, Measured};
use crate::profiled::Profiled;
use crate::sample::Sample;

/// A table's profile and sample, and what the reader noticed.
#[derive(Debug, Clone)]
pub struct Summary {
    pub profiled: Profiled,
    pub notes: Vec<ReadNote>,
}

/// Where summaries are kept, by the key of their profile, and what was measured of several tables together. Losing one
/// costs time only.
pub trait SummaryStore: Sync {
    fn get(&self, key: &str) -> Option<Summary>;
    fn put(&self, summary: &Summary);
    /// The profile of a kept summary, for those who need no rows.
    fn profile(&self, key: &str) -> Option<Profile>;
    fn measured(&self, key: &str) -> Option<Measured>;
    fn put_measured(&self, key: &str, measured: &Measured);
}

/// Keeps nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nowhere;

impl SummaryStore for Nowhere {
    fn get(&self, _key: &str) -> Option<Summary> {
        None
    }

    fn put(&self, _summary: &Summary) {}

    fn profile(&self, _key: &str) -> Option<Profile> {
        None
    }

    fn measured(&self, _key: &str) -> Option<Measured> {
        None
    }

    fn put_measured(&self, _key: &str, _measured: &Measured) {}
}

/// Keeps everything for as long as it lives.
#[derive(Debug, Default)]
pub struct InMemory {
    kept: Mutex<HashMap<String, Summary>>,
    measured: Mutex<HashMap<String, Measured>>,
}

impl SummaryStore for InMemory {
    fn get(&self, key: &str) -> Option<Summary> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    fn put(&self, summary: &Summary) {
        let key = summary.profiled.profile.key.clone();
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).insert(key, summary.clone());
    }

    fn profile(&self, key: &str) -> Option<Profile> {
        Some(self.get(key)?.profiled.profile)
    }

    fn measured(&self, key: &str) -> Option<Measured> {
        self.measured.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    fn put_measured(&self, key: &str, measured: &Measured) {
        self.measured.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), measured.clone());
    }
}

/// What stands before the sample in the bytes of a summary.
#[derive(Serialize, Deserialize)]
struct Head {
    profile: Profile,
    notes: Vec<ReadNote>,
    sampled_rows: u64,
}

impl Summary {
    /// The summary as bytes: a zstd frame with a checksum, in it the length of the head (u64, little-endian), the head as
    /// MessagePack (JSON has no NaN) and the sample as an Arrow IPC file.
    ///
    /// # Errors
    /// When the sample has a type that Arrow IPC can't hold; the internals are logged.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Problem> {
        self.written().map_err(|error| {
            tracing::error!(error = error.as_ref() as &dyn std::error::Error, "a summary can't be written");
            Problem::internal("The summary of a file can't be kept.")
        })
    }

    /// The summary that [`Summary::to_bytes`] wrote.
    ///
    /// # Errors
    /// When the bytes are damaged or of another version, with the reason.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let whole = zstd::decode_all(bytes)?;
        let mut rest = whole.as_slice();
        let mut length = [0_u8; 8];
        rest.read_exact(&mut length)?;
        let (head, sample) =
            rest.split_at_checked(usize::try_from(u64::from_le_bytes(length))?).ok_or("the head is cut off")?;
        let head: Head = rmp_serde::from_slice(head)?;
        let frame = IpcReader::new(Cursor::new(sample)).finish()?;
        let sample = Sample { frame, rows: head.sampled_rows };
        let profiled = Profiled { profile: head.profile, sample };
        Ok(Self { profiled, notes: head.notes })
    }

    /// The profile of a summary that [`Summary::to_bytes`] wrote; the sample behind it is not decoded.
    ///
    /// # Errors
    /// As [`Summary::from_bytes`]; damage behind the profile is not noticed.
    pub fn profile_from(bytes: impl Read) -> Result<Profile, Box<dyn std::error::Error + Send + Sync>> {
        let mut decoder = zstd::Decoder::new(bytes)?;
        let mut length = [0_u8; 8];
        decoder.read_exact(&mut length)?;
        let length = u64::from_le_bytes(length);
        let mut head = Vec::new();
        decoder.take(length).read_to_end(&mut head)?;
        if head.len() as u64 != length {
            return Err("the head is cut off".into());
        }
        Ok(rmp_serde::from_slice::<Head>(&head)?.profile)
    }

    fn written(&self) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
        let head = rmp_serde::to_vec_named(&Head {
            profile: self.profiled.profile.clone(),
            notes: self.notes.clone(),
            sampled_rows: self.profiled.sample.rows,
        })?;
        let mut encoder = zstd::Encoder::new(Vec::new(), COMPRESSION_LEVEL)?;
        encoder.include_checksum(true)?;
        encoder.write_all(&(head.len() as u64).to_le_bytes())?;
        encoder.write_all(&head)?;
        let mut frame = self.profiled.sample.frame.clone();
        IpcWriter::new(&mut encoder).finish(&mut frame)?;
        Ok(encoder.finish()?)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use polars::prelude::{Column, DataFrame, NamedFrom, Series, TimeUnit};

    use super::*;
    use crate::profile::tests::profiled;

    fn summary() -> Summary {
        let times = Series::new("at".into(), vec![Some(1_700_000_000_000_i64), None, Some(3)]);
        let columns = vec![
            Series::new("amount".into(), vec![Some(1.5), Some(f64::NAN), None]),
            Series::new("word".into(), vec![Some("a"), None, Some("größe")]),
            Series::new("yes".into(), vec![Some(true), Some(false), None]),
            times.cast(&polars::prelude::DataType::Datetime(TimeUnit::Milliseconds, None)).unwrap(),
        ];
        let note = ReadNote { column: Some("word".into()), message: "2 spellings of missing".into() };
        let frame = DataFrame::new(3, columns.into_iter().map(Column::from).collect()).unwrap();
        Summary { profiled: profiled(frame), notes: vec![note] }
    }

    #[test]
    fn a_summary_comes_back_as_it_was() {
        let one = summary();
        let back = Summary::from_bytes(&one.to_bytes().unwrap()).unwrap();
        assert!(back.profiled.sample.frame.equals_missing(&one.profiled.sample.frame));
        assert_eq!(format!("{:?}", back.profiled.profile), format!("{:?}", one.profiled.profile));
        assert_eq!((back.notes, back.profiled.sample.rows), (one.notes, 3));
    }

    #[test]
    fn damaged_bytes_are_no_summary() {
        let whole = summary().to_bytes().unwrap();
        for length in [0, 1, 9, whole.len() / 2, whole.len() - 1] {
            assert!(Summary::from_bytes(&whole[..length]).is_err(), "cut at {length}");
        }
        let mut flipped = whole.clone();
        let middle = flipped.len() / 2;
        flipped[middle] ^= 0x10;
        assert!(Summary::from_bytes(&flipped).is_err(), "the checksum notices a flipped bit");
    }
}
