//! From what the first pass saw of a column to its type, and the notes a person should read about it.

use domain::profile::DECIMAL_COMMA;
use domain::snapshot::ReadNote;
use polars::prelude::{DataType, TimeUnit};

use super::moment::DateOrder;
use super::number::Notation;
use super::options::ColumnOptions;
use super::scan::{Codes, ColumnScan, code_length};
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
            ColumnType::Real { notation: Notation::Comma, .. } => DECIMAL_COMMA,
            ColumnType::Real { .. } => "Float64",
            ColumnType::Boolean => "Boolean",
            ColumnType::Moment(order) => order.stored_type(),
            ColumnType::Text { .. } => "String",
        }
    }
}

/// The notation of a whole file: a comma if a person says so, or if some column makes sense with a decimal comma only.
fn file_notation(scans: &[ColumnScan], stated: Option<bool>) -> Notation {
    let comma = stated.unwrap_or_else(|| {
        scans.iter().any(|scan| {
            let values = scan.values - scan.likely_total();
            values > 0 && scan.comma.numbers == values && scan.point.numbers < values
        })
    });
    if comma { Notation::Comma } else { Notation::Point }
}

/// What is known of a file as a whole, which decides where a column can be read in two ways.
#[derive(Debug)]
pub(super) struct Habits<'a> {
    pub notation: Notation,
    /// The spellings of a missing value in columns in which they can't be anything else.
    missing: Vec<&'a str>,
}

impl<'a> Habits<'a> {
    pub fn of(scans: &'a [ColumnScan], decimal_comma: Option<bool>) -> Self {
        let plain = scans.iter().filter(|scan| !matches!(scan.codes, Codes::OfLength(_)));
        let missing = plain.flat_map(|scan| &scan.sure).map(|(spelling, _)| spelling.as_str()).collect();
        Habits { notation: file_notation(scans, decimal_comma), missing }
    }

    /// The spellings of a missing value that are values of this column: those that are said to be, and those that have
    /// the form of all its other values (`NA` beside `DE` and `FR`), unless the file spells missing values so elsewhere.
    pub fn values(&self, scan: &ColumnScan, options: &ColumnOptions) -> Vec<String> {
        let Codes::OfLength(length) = scan.codes else { return options.values.clone() };
        let coded = scan.sure.iter().map(|(spelling, _)| spelling);
        let coded = coded.filter(|spelling| code_length(spelling) == Some(length));
        let kept = coded.filter(|spelling| !self.missing.contains(&spelling.as_str())).cloned();
        let mut values: Vec<String> = kept.chain(options.values.iter().cloned()).collect();
        values.sort();
        values.dedup();
        values
    }
}

/// What was decided about a column.
pub(super) struct Decided {
    pub kind: ColumnType,
    pub column: TableColumn,
    /// Spellings of a missing value that are values.
    pub values: Vec<String>,
    pub notes: Vec<ReadNote>,
}

/// The type of a column, its description and the notes on it.
pub(super) fn decide(name: &str, scan: &ColumnScan, habits: &Habits<'_>, options: &ColumnOptions) -> Decided {
    let mut notes = Vec::new();
    let file = habits.notation;
    let kind = kind(scan, file, options.dates);
    describe(name, scan, kind, file, &mut notes);
    let values = if matches!(kind, ColumnType::Text { .. }) { habits.values(scan, options) } else { Vec::new() };
    let mut null_spellings = null_spellings(scan, kind);
    null_spellings.retain(|(spelling, _)| !values.contains(spelling));
    if null_spellings.iter().any(|(spelling, _)| !spelling.is_empty()) {
        let list: Vec<String> =
            null_spellings.iter().map(|(spelling, count)| format!("{spelling:?} ({count})")).collect();
        notes.push(column_note(name, format!("read as missing: {}", list.join(", "))));
    }
    let column = TableColumn { name: name.to_owned(), stored_type: kind.word().to_owned(), null_spellings };
    Decided { kind, column, values, notes }
}

fn kind(scan: &ColumnScan, file: Notation, dates: Option<DateOrder>) -> ColumnType {
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
    match scan.moments.order(values).or_else(|| dates.filter(|_| scan.moments.ambiguous(values))) {
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
                let why = if scan.moments.ambiguous(values) {
                    "as in another file"
                } else {
                    "the only order in which all of them exist"
                };
                note(format!("dates are read with {}, {why}", order.words()));
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
