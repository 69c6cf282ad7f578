//! Values of a column in words, by its kind.

use domain::plot::format;
use domain::snapshot::ColumnKind;

/// A number, or the moment it stands for.
pub fn value(number: f64, kind: ColumnKind) -> String {
    match kind {
        ColumnKind::Datetime if number.is_finite() => format::time(number as i64),
        _ => format::number(number),
    }
}

/// The same, or a dash where there is none.
pub fn maybe(number: Option<f64>, words: fn(f64) -> String) -> String {
    number.map_or_else(|| "–".to_owned(), words)
}
