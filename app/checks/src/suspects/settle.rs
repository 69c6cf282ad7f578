//! The one check that would settle a suspicion.

use crate::detectors::words::names;
use domain::Cause;

/// The check, with the suspect's columns in it.
pub fn check(cause: Cause, columns: &[String]) -> String {
    let which = if columns.is_empty() { "the column".to_owned() } else { names(columns) };
    cause.facts().settle.replace("{columns}", &which)
}
