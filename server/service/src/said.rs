//! What people write, on its way in.

use domain::Problem;
use serde_json::Value;

/// Notes and verdicts.
const TEXT_CHARACTERS: usize = 20_000;

pub(crate) fn text(what: &str, value: &str) -> Result<String, Problem> {
    let value = value.trim();
    if value.chars().count() > TEXT_CHARACTERS {
        return Err(Problem::bad_input(format!("{what} is longer than {TEXT_CHARACTERS} characters. Shorten it.")));
    }
    // PostgreSQL can't store it in text, and nothing shows it.
    Ok(value.replace('\0', ""))
}

/// Whether a text of the document holds the character U+0000: PostgreSQL can't store it in text, and nothing shows it.
pub fn has_nul(document: &Value) -> bool {
    match document {
        Value::String(text) => text.contains('\0'),
        Value::Array(all) => all.iter().any(has_nul),
        Value::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
        _ => false,
    }
}
