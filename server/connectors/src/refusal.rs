//! Why a file is not read, as a sentence.

use domain::Problem;

/// A problem with an artifact: what and where, what to do.
pub(crate) fn bad(name: &str, what: &str) -> Problem {
    Problem::bad_input(format!("{name}: {what}."))
}
