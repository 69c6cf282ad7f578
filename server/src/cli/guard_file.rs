//! `--guard FORMAT=FILE`: what would have caught it, for another tool.

use std::path::PathBuf;
use std::str::FromStr;

use domain::{Diagnosis, Guard, Problem};
use guards::GuardFormat;

/// A format and where its file goes.
#[derive(Clone)]
pub struct GuardFile {
    format: &'static GuardFormat,
    path: PathBuf,
}

impl std::fmt::Debug for GuardFile {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}={}", self.format.id, self.path.display())
    }
}

impl FromStr for GuardFile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (id, path) = text
            .split_once('=')
            .ok_or_else(|| format!("{text:?} names no file; write FORMAT=FILE, such as dbt=guard.sql"))?;
        let ids = || guards::all().map(|format| format.id).collect::<Vec<_>>().join(", ");
        let format = guards::find(id).ok_or_else(|| format!("{id:?} is not a format; the formats are {}", ids()))?;
        Ok(GuardFile { format, path: PathBuf::from(path) })
    }
}

impl GuardFile {
    /// # Errors
    /// When the format can say nothing of the guard, or the file can't be written.
    pub fn write(&self, diagnosis: &Diagnosis) -> Result<(), Problem> {
        let guard = Guard { title: "mismatch diagnose".to_owned(), ..Guard::clone(&diagnosis.guard) };
        let text = (self.format.write)(&guard)?;
        std::fs::write(&self.path, text).map_err(|error| {
            Problem::bad_input(format!("The guard can't be written to `{}`: {error}.", self.path.display()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_named_with_its_file() {
        for format in guards::all() {
            assert!(format!("{}=x", format.id).parse::<GuardFile>().is_ok(), "{}", format.id);
        }
        for wrong in ["", "dbt", "none=x"] {
            assert!(wrong.parse::<GuardFile>().is_err(), "{wrong}");
        }
    }
}
