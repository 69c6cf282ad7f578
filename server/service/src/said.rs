//! What people write, on its way in.

use domain::Problem;

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
