//! What a connector reads: the bytes of one file, and the usual ways to look into them.

use std::borrow::Cow;

use domain::Problem;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::numbers;
use crate::refusal::bad;
use crate::seen::text_of;

/// A whole file.
pub(crate) struct Given<'a> {
    pub name: &'a str,
    pub bytes: &'a [u8],
}

impl<'a> Given<'a> {
    pub fn of(bytes: &'a [u8], name: &'a str) -> Self {
        Self { name, bytes }
    }

    /// # Errors
    /// When it is no text.
    pub fn text(&self) -> Result<Cow<'a, str>, Problem> {
        text_of(self.bytes).ok_or_else(|| self.bad("it is not a text in UTF-8 or UTF-16; export it again"))
    }

    /// The document, with `NaN` and `Infinity` (as Python writes them) as texts.
    ///
    /// # Errors
    /// When it is not JSON, or ends early.
    pub fn json(&self) -> Result<Value, Problem> {
        self.typed_json()
    }

    /// The document as a type.
    ///
    /// # Errors
    /// As [`Given::json`], or when something in it has another shape.
    pub fn typed_json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let text = self.text()?;
        serde_json::from_str(&numbers::quoted(text.trim_start_matches('\u{feff}')))
            .map_err(|error| self.bad(&format!("it is not valid JSON ({error}); export it again")))
    }

    /// The documents of JSON Lines; a line that is none is counted and left out.
    ///
    /// # Errors
    /// When it is no text.
    pub fn json_lines(&self) -> Result<(Vec<Value>, usize), Problem> {
        let text = self.text()?;
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let read: Vec<Option<Value>> = lines.map(|line| serde_json::from_str(&numbers::quoted(line)).ok()).collect();
        let broken = read.iter().filter(|line| line.is_none()).count();
        Ok((read.into_iter().flatten().collect(), broken))
    }

    /// The documents of a YAML file as JSON values.
    ///
    /// # Errors
    /// When it is not YAML, or larger or more nested than settings are.
    pub fn yaml(&self) -> Result<Vec<Value>, Problem> {
        let text = self.text()?;
        serde_saphyr::from_multiple(&text).map_err(|error| {
            self.bad(&format!("it is not valid YAML ({}); export it again", first_line(&error.to_string())))
        })
    }

    /// A problem with this file: what and where, what to do.
    pub fn bad(&self, what: &str) -> Problem {
        bad(self.name, what)
    }
}

/// An error of a parser may show the lines around it.
fn first_line(error: &str) -> &str {
    error.lines().next().unwrap_or_default()
}
