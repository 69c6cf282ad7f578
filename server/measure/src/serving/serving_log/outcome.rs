//! Whether requests succeeded, from a column of codes, words or yes and no.

use polars::prelude::{DataType, Series};

use crate::values::words;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Succeeded,
    /// The caller's fault (HTTP 4xx): neither a failure of the service nor to be logged in full.
    Refused,
    Failed,
    Unknown,
}

const GOOD: [&str; 9] = ["ok", "success", "successful", "succeeded", "completed", "complete", "done", "pass", "passed"];
const BAD: [&str; 9] =
    ["error", "failed", "failure", "fail", "timeout", "exception", "unavailable", "crashed", "internal_error"];

/// One per row; `None` when the column's values are no outcomes.
pub(super) fn outcomes(column: &Series) -> Option<Vec<Outcome>> {
    let name = column.name().to_lowercase();
    let of_failure = ["error", "fail"].iter().any(|word| name.contains(word));
    let of_value = |value: &str| match column.dtype() {
        DataType::Boolean if (value == "true") == of_failure => Outcome::Failed,
        DataType::Boolean => Outcome::Succeeded,
        _ => of_code(value),
    };
    let outcomes: Vec<Outcome> =
        words(column)?.iter().map(|value| value.as_deref().map_or(Outcome::Unknown, of_value)).collect();
    let known = outcomes.iter().filter(|outcome| **outcome != Outcome::Unknown).count();
    (known * 10 >= outcomes.len() * 9 && known > 0).then_some(outcomes)
}

/// HTTP codes (RFC 9110, section 15) and words.
fn of_code(value: &str) -> Outcome {
    let value = value.trim().to_lowercase();
    match value.parse::<u32>() {
        Ok(100..=399) => Outcome::Succeeded,
        Ok(400..=499) => Outcome::Refused,
        Ok(500..=599) => Outcome::Failed,
        Ok(_) => Outcome::Unknown,
        Err(_) if GOOD.contains(&value.as_str()) => Outcome::Succeeded,
        Err(_) if BAD.contains(&value.as_str()) => Outcome::Failed,
        Err(_) => Outcome::Unknown,
    }
}
