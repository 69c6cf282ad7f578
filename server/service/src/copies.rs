//! Text that was converted to Parquet when it arrived: kept by its content, so that nobody parses the same text twice.

use std::path::PathBuf;

use domain::Problem;
use engine::diagnose::reading_key;
use measure::ingest::{ReadOptions, checksum_of};

use crate::blobs::sha256_hex;
use crate::durable::{list, removed};
use crate::error::Error;
use crate::folder::DataFolder;

/// The bytes of copies that are kept; the ones that were used last stay. What is lost is made again.
const COPY_BYTES: u64 = 50_000_000_000;

#[derive(Debug, Clone)]
pub(crate) struct Copies(PathBuf);

impl Copies {
    pub fn new(folder: &DataFolder) -> Copies {
        Copies(folder.converted())
    }

    /// Where the copy of these bytes, read in this way, is or would be. Only text gets one.
    pub fn of(&self, sha256: &str, options: &ReadOptions) -> Result<PathBuf, Problem> {
        let key = sha256_hex(reading_key(sha256, options)?.as_bytes());
        Ok(self.0.join(format!("{sha256}.{}.parquet", &key[..16])))
    }

    /// Removes what was made of these bytes, however they were read.
    pub fn remove(&self, sha256: &str) -> Result<(), Error> {
        let is_of = |name: &str| name.strip_prefix(sha256).is_some_and(|rest| rest.starts_with('.'));
        let files = list(&self.0)?;
        let mut of_it = files.iter().filter(|file| file.file_name().is_some_and(|name| is_of(&name.to_string_lossy())));
        of_it.try_for_each(|file| removed(file))
    }

    /// Makes room where there is too little. Failing to costs disk, not correctness: it is logged.
    pub fn make_room(&self) {
        if let Err(error) = self.kept_to(COPY_BYTES) {
            tracing::warn!(error = &error as &dyn std::error::Error, "converted copies can't be removed");
        }
    }

    /// A copy goes together with its checksum.
    fn kept_to(&self, most: u64) -> Result<(), Error> {
        let mut copies = Vec::new();
        for file in list(&self.0)?.into_iter().filter(|file| file.extension().is_some_and(|end| end == "parquet")) {
            let about = file.metadata().map_err(Error::file("reading", &file))?;
            copies.push((about.modified().map_err(Error::file("reading", &file))?, about.len(), file));
        }
        copies.sort();
        let mut kept = 0;
        for (_, bytes, copy) in copies.iter().rev() {
            kept += bytes;
            if kept > most {
                removed(copy)?;
                removed(&checksum_of(copy))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use std::fs;
    use std::time::{Duration, SystemTime};

    use super::*;

    #[test]
    fn the_copies_that_were_used_last_stay_when_there_is_too_much() {
        let folder = tempfile::tempdir().unwrap();
        let copies = Copies::new(&DataFolder::open(folder.path()).unwrap());
        let paths = ["a", "b", "c"].map(|name| copies.of(name, &ReadOptions::default()).unwrap());
        for (path, at) in paths.iter().zip([30, 10, 20]) {
            fs::write(path, [0; 40]).unwrap();
            fs::write(checksum_of(path), "00").unwrap();
            let at = SystemTime::UNIX_EPOCH + Duration::from_secs(at);
            fs::File::options().write(true).open(path).unwrap().set_modified(at).unwrap();
        }
        copies.kept_to(80).unwrap();
        assert_eq!(paths.clone().map(|path| path.exists()), [true, false, true]);
        assert_eq!(paths.map(|path| checksum_of(&path).exists()), [true, false, true]);
    }

    #[test]
    fn what_was_made_of_a_file_goes_with_it_in_every_way_of_reading() {
        let folder = tempfile::tempdir().unwrap();
        let copies = Copies::new(&DataFolder::open(folder.path()).unwrap());
        let comma = ReadOptions { decimal_comma: Some(true), ..ReadOptions::default() };
        let [one, other, longer] = [("ab", &ReadOptions::default()), ("ab", &comma), ("abc", &comma)]
            .map(|(sha256, options)| copies.of(sha256, options).unwrap());
        assert_ne!(one, other);
        for path in [&one, &other, &longer] {
            fs::write(path, "").unwrap();
        }
        copies.remove("ab").unwrap();
        assert_eq!([one.exists(), other.exists(), longer.exists()], [false, false, true]);
    }
}
