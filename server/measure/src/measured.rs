//! What was measured of one set of tables, kept by their content: a second diagnosis of the same tables opens no file
//! and measures nothing; it judges and explains anew.

use domain::diagnosis::Input;
use domain::measurements::Measurements;
use domain::measurements::fingerprints::RowFingerprints;
use serde::{Deserialize, Serialize};

/// Identifies the code that measures (a hash of its sources, see `build.rs`): part of every key under which figures are kept.
pub const MEASURED_BY: &str = env!("MEASURED_BY");

/// zstd's lightest level: what is kept is read far more often than it is written.
pub(crate) const COMPRESSION_LEVEL: i32 = 1;

/// Measurements of a set of tables, without the profiles (each is in the summary of its table) and without what other
/// tools' artifacts say.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Measured {
    pub measurements: Measurements,
    /// The tables as a diagnosis lists them, in the order in which they were given.
    pub tables: Vec<Input>,
    /// The rows of the test snapshot, when there is one.
    pub test: Option<TestRows>,
    /// The key of the profile of each table: one that was read as the other tables show has another than its own.
    pub profile_keys: Vec<String>,
}

/// A test snapshot with the fingerprints of its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestRows {
    pub name: String,
    pub sha256: String,
    pub rows: RowFingerprints,
}

type Failed = Box<dyn std::error::Error + Send + Sync>;

impl Measured {
    /// As bytes: a zstd frame with a checksum, in it the key and the measurements as MessagePack (JSON has no NaN).
    ///
    /// # Errors
    /// When a value can't be written, which is a fault of ours.
    pub fn to_bytes(&self, key: &str) -> Result<Vec<u8>, Failed> {
        let mut encoder = zstd::Encoder::new(Vec::new(), COMPRESSION_LEVEL)?;
        encoder.include_checksum(true)?;
        rmp_serde::encode::write_named(&mut encoder, &(key, self))?;
        Ok(encoder.finish()?)
    }

    /// What [`Measured::to_bytes`] wrote under this key.
    ///
    /// # Errors
    /// When the bytes are damaged, of another version, or were written under another key.
    pub fn from_bytes(key: &str, bytes: &[u8]) -> Result<Self, Failed> {
        let (written_under, measured): (String, Self) = rmp_serde::from_slice(&zstd::decode_all(bytes)?)?;
        if written_under == key { Ok(measured) } else { Err("they were kept under another key".into()) }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn measurements_come_back_only_whole_and_under_their_own_key() {
        let mut measurements = Measurements { stated_threshold: Some(f64::NAN), ..Measurements::default() };
        measurements.importance.insert("größe".into(), 0.25);
        let one = Measured { measurements, tables: Vec::new(), test: None, profile_keys: Vec::new() };
        let bytes = one.to_bytes("a").unwrap();
        let back = Measured::from_bytes("a", &bytes).unwrap();
        assert!(back.measurements.stated_threshold.unwrap().is_nan());
        assert_eq!(back.measurements.importance, one.measurements.importance);
        assert!(Measured::from_bytes("b", &bytes).is_err());
        assert!(Measured::from_bytes("a", &bytes[..bytes.len() / 2]).is_err());
    }
}
