//! What a connector is.

use domain::Problem;
use domain::observation::Observations;

/// One kind of artifact.
pub struct Connector {
    /// Stable.
    pub id: &'static str,
    /// The format in words.
    pub words: &'static str,
    /// Whether the text is of this kind. Sees the file's name too, but must not decide by it.
    pub(super) recognise: fn(text: &str, name: &str) -> bool,
    /// Reads what was recognised; a sentence when it can't.
    pub(super) read: fn(text: &str, name: &str) -> Result<Observations, Problem>,
}

/// A problem with an artifact: what and where, what to do.
pub(super) fn bad(name: &str, what: &str) -> Problem {
    Problem::bad_input(format!("{name}: {what}."))
}
