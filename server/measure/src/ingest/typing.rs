//! From what the first pass saw of a column to its type, and the notes a person should read about it.

use domain::snapshot::ReadNote;
use polars::prelude::{DataType, TimeUnit};

use super::moment::DateOrder;
use super::number::Notation;
use super::scan::ColumnScan;
use super::table::{TableColumn, column_note, counted};

/// The type of a column of a text format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ColumnType {
    Empty,
    Integer(Notation),
    Real { notation: Notation, nan: NanMeaning },
    Boolean,
    Moment(DateOrder),
    Text { likely_is_missing: bool },
}

/// What `nan` means in a column of numbers read from delimited text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NanMeaning {
    Missing,
    /// The result of a computation: the column holds infinities too.
    Value,
}

impl ColumnType {
    pub fn data_type(self) -> DataType {
        match self {
            ColumnType::Empty => DataType::Null,
            ColumnType::Integer(_) => DataType::Int64,
            ColumnType::Real { .. } => DataType::Float64,
            ColumnType::Boolean => DataType::Boolean,
            ColumnType::Moment(_) => DataType::Datetime(TimeUnit::Milliseconds, None),
            ColumnType::Text { .. } => DataType::String,
        }
    }

    fn word(self) -> &'static str {
        match self {
            ColumnType::Empty => "Null",
            ColumnType::Integer(_) => "Int64",
            ColumnType::Real { .. } => "Float64",
            ColumnType::Boolean => "Boolean",
            ColumnType::Moment(_) => "Datetime",
            ColumnType::Text { .. } => "String",
        }
    }
}

/// The notation of a whole file: a comma if a person says so, or if some column makes sense with a decimal comma only.
pub(super) fn file_notation(scans: &[ColumnScan], stated: Option<bool>) -> Notation {
    let comma = stated.unwrap_or_else(|| {
        scans.iter().any(|scan| {
            let values = scan.values - scan.likely_total();
            values > 0 && scan.comma.numbers == values && scan.point.numbers < values
        })
    });
    if comma { Notation::Comma } else { Notation::Point }
}

/// The type of a column, its description and the notes on it. `file` is the notation of the file as a whole, which
/// decides where a column can be read in both.
pub(super) fn decide(name: &str, scan: &ColumnScan, file: Notation) -> (ColumnType, TableColumn, Vec<ReadNote>) {
    let mut notes = Vec::new();
    let kind = kind(scan, file);
    describe(name, scan, kind, file, &mut notes);
    let null_spellings = null_spellings(scan, kind);
    if null_spellings.iter().any(|(spelling, _)| !spelling.is_empty()) {
        let list: Vec<String> =
            null_spellings.iter().map(|(spelling, count)| format!("{spelling:?} ({count})")).collect();
        notes.push(column_note(name, format!("read as missing: {}", list.join(", "))));
    }
    let column = TableColumn { name: name.to_owned(), stored_type: kind.word().to_owned(), null_spellings };
    (kind, column, notes)
}

fn kind(scan: &ColumnScan, file: Notation) -> ColumnType {
    let likely = scan.likely_total();
    let values = scan.values - likely;
    if values == 0 {
        return if scan.nan_tokens > 0 { real(scan, file) } else { ColumnType::Empty };
    }
    let other = match file {
        Notation::Point => Notation::Comma,
        Notation::Comma => Notation::Point,
    };
    // A column in the other notation (a decimal point in an otherwise German file) is still a column of numbers, but a
    // person's word or the file's own habit goes first.
    for notation in [file, other] {
        let counts = scan.numbers(notation);
        if counts.numbers < values {
            continue;
        }
        if scan.leading_zero.is_some() || counts.huge > 0 || counts.bare_exponents == values {
            return text(scan);
        }
        let whole = counts.integers + counts.grouped == values && scan.nan_tokens == 0;
        return if whole { ColumnType::Integer(notation) } else { real(scan, notation) };
    }
    if scan.booleans == values {
        return ColumnType::Boolean;
    }
    match scan.moments.order(values) {
        Some(order) => ColumnType::Moment(order),
        None => text(scan),
    }
}

fn real(scan: &ColumnScan, notation: Notation) -> ColumnType {
    let nan = if scan.infinities > 0 { NanMeaning::Value } else { NanMeaning::Missing };
    ColumnType::Real { notation, nan }
}

fn text(scan: &ColumnScan) -> ColumnType {
    let spellings = scan.sure.len() + scan.nan.len() + scan.likely.len();
    ColumnType::Text { likely_is_missing: spellings > 1 }
}

/// How missing values are spelled, most frequent first.
fn null_spellings(scan: &ColumnScan, kind: ColumnType) -> Vec<(String, u64)> {
    let mut spellings = scan.sure.clone();
    if !matches!(kind, ColumnType::Real { nan: NanMeaning::Value, .. }) {
        spellings.extend(scan.nan.iter().cloned());
    }
    if !matches!(kind, ColumnType::Text { likely_is_missing: false }) {
        spellings.extend(scan.likely.iter().cloned());
    }
    if matches!(kind, ColumnType::Text { .. }) && scan.nan_tokens > 0 {
        spellings.push(("NaN".to_owned(), scan.nan_tokens));
    }
    spellings.sort_by(|(a, many), (b, more)| more.cmp(many).then_with(|| a.cmp(b)));
    spellings
}

fn describe(name: &str, scan: &ColumnScan, kind: ColumnType, file: Notation, notes: &mut Vec<ReadNote>) {
    let values = scan.values - scan.likely_total();
    let mut note = |message: String| notes.push(column_note(name, message));
    match kind {
        ColumnType::Text { .. } => {
            if let Some(message) = why_text(scan, values, file) {
                note(message);
            }
        }
        ColumnType::Real { nan: NanMeaning::Value, .. } if scan.nan_total() > 0 => note(format!(
            "{} spelled \"nan\" in a column with infinities, kept as NaN and not as missing",
            counted(scan.nan_total(), "cell")
        )),
        ColumnType::Moment(order) => {
            if order != DateOrder::Year {
                let words = if order == DateOrder::Day { "day first" } else { "month first" };
                note(format!("dates are read with the {words}, the only order in which all of them exist"));
            }
            if scan.moments.zoned > 0 && scan.moments.naive > 0 {
                note(format!(
                    "{} times name their zone and {} do not; those without are taken as UTC",
                    scan.moments.zoned, scan.moments.naive
                ));
            }
        }
        ColumnType::Integer(_)
            if scan.epoch_seconds > 0
                && scan.epoch_milliseconds > 0
                && scan.epoch_seconds + scan.epoch_milliseconds == values =>
        {
            note(format!(
                "looks like Unix times in two units: {} in seconds and {} in milliseconds",
                scan.epoch_seconds, scan.epoch_milliseconds
            ));
        }
        _ => {}
    }
}

/// Why a column whose values look like something else is kept as text.
fn why_text(scan: &ColumnScan, values: u64, file: Notation) -> Option<String> {
    let counts = scan.numbers(file);
    if scan.nested > 0 {
        return Some(if scan.nested == values {
            "holds lists or objects, kept as their JSON text".to_owned()
        } else {
            format!("{} of {values} values are lists or objects, kept as their JSON text", scan.nested)
        });
    }
    if let Some((row, example)) = &scan.leading_zero
        && counts.numbers == values
    {
        return Some(format!("kept as text: leading zeros would be lost, first at row {row}: {example:?}"));
    }
    if counts.numbers == values && counts.huge > 0 {
        return Some(format!(
            "kept as text: {} beyond 64 bits, because digits would be lost",
            counted(counts.huge, "whole number")
        ));
    }
    if counts.numbers == values && counts.bare_exponents == values {
        return Some("kept as text: all values are digits, E, digits, as in codes such as 1E5".to_owned());
    }
    if scan.numbers_in_quotes == values {
        return Some("every value is a number stored as a string; kept as text".to_owned());
    }
    if scan.moments.ambiguous(values) {
        return Some(
            "kept as text: dates could be read with the day or the month first; write them as YYYY-MM-DD".to_owned(),
        );
    }
    let (numbers, others) = (counts.numbers, values - counts.numbers);
    if numbers > 0 && others > 0 {
        let (many, few, kind, example) = if numbers >= others {
            (counted(numbers, "number"), counted(others, "other"), "other", &scan.first_other)
        } else {
            (counted(others, "text"), counted(numbers, "number"), "number", &scan.first_number)
        };
        let first =
            example.as_ref().map(|(row, text)| format!(", first {kind} at row {row}: {text:?}")).unwrap_or_default();
        return Some(format!("mixed types, kept as text: {many}, {few}{first}"));
    }
    if scan.booleans > 0 && scan.texts > 0 {
        return Some(format!(
            "mixed types, kept as text: {}, {}",
            counted(scan.booleans, "boolean"),
            counted(values - scan.booleans, "other")
        ));
    }
    None
}
