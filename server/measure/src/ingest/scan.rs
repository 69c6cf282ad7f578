//! The first pass over a text format: what every value of a column looks like, so that its type is right for all of them.

use super::cell::Cell;
use super::missing::{Missing, missing};
use super::moment::{DateOrder, moment};
use super::number::{Notation, Shape, number};

/// At most so many spellings of "missing" are counted per column.
const SPELLINGS: usize = 40;
/// Characters of an example shown in a note.
const EXAMPLE: usize = 40;

/// A value shown in a note: the row it is in (from 1) and its beginning.
pub(super) type Example = Option<(u64, String)>;

/// Counts over every value of one column.
#[derive(Debug, Default)]
pub(super) struct ColumnScan {
    /// Cells that hold a value, or a spelling that is only likely to mean "missing".
    pub values: u64,
    pub sure: Vec<(String, u64)>,
    pub likely: Vec<(String, u64)>,
    /// Cells `nan`, and the `NaN` tokens of JSON.
    pub nan: Vec<(String, u64)>,
    pub nan_tokens: u64,
    pub point: NumberCounts,
    pub comma: NumberCounts,
    pub infinities: u64,
    /// `true` and `false`, in any letter case.
    pub booleans: u64,
    pub moments: MomentCounts,
    /// Padded like `007`.
    pub leading_zero: Example,
    /// JSON strings that read as numbers, but are not.
    pub numbers_in_quotes: u64,
    /// JSON arrays and objects.
    pub nested: u64,
    /// JSON strings.
    pub texts: u64,
    /// The first value that is not a number in either notation, and the first that is.
    pub first_other: Example,
    pub first_number: Example,
    /// What the values have in common as codes.
    pub codes: Codes,
    /// Whole numbers in the range of present-day Unix times, in seconds and in milliseconds.
    pub epoch_seconds: u64,
    pub epoch_milliseconds: u64,
}

/// Whether all values are codes of upper-case letters of one length, such as those of countries.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Codes {
    #[default]
    NoValues,
    OfLength(usize),
    Other,
}

impl Codes {
    fn see(&mut self, text: &str) {
        let length =
            code_length(text).filter(|length| matches!(self, Codes::NoValues) || *self == Codes::OfLength(*length));
        *self = length.map_or(Codes::Other, Codes::OfLength);
    }
}

/// The letters of a code of two or more upper-case letters.
pub(super) fn code_length(text: &str) -> Option<usize> {
    (text.len() > 1 && text.bytes().all(|byte| byte.is_ascii_uppercase())).then_some(text.len())
}

/// How many values are numbers in one notation, by shape.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct NumberCounts {
    pub numbers: u64,
    pub integers: u64,
    pub huge: u64,
    pub bare_exponents: u64,
    pub grouped: u64,
}

/// How many values are dates, by the order they can be read in.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct MomentCounts {
    pub year_first: u64,
    pub day_first: u64,
    pub month_first: u64,
    pub zoned: u64,
    pub naive: u64,
}

impl ColumnScan {
    /// Looks at one value; `row` counts from 1.
    pub fn see(&mut self, row: u64, cell: Cell<'_>) {
        match cell {
            Cell::Raw(text) => self.see_raw(row, text.trim()),
            Cell::Null => {}
            Cell::Number("NaN" | "-NaN") => self.nan_tokens += 1,
            Cell::Number(text) => {
                self.values += 1;
                self.see_number(row, text);
            }
            Cell::Boolean(_) => {
                self.values += 1;
                self.booleans += 1;
                note_first(&mut self.first_other, row, "a boolean");
            }
            Cell::Text(text) => {
                self.values += 1;
                self.texts += 1;
                let text = text.trim();
                self.see_moment(text);
                if number(text, Notation::Point).is_some() {
                    self.numbers_in_quotes += 1;
                }
                note_first(&mut self.first_other, row, text);
            }
            Cell::Nested(text) => {
                self.values += 1;
                self.nested += 1;
                note_first(&mut self.first_other, row, text);
            }
        }
    }

    fn see_raw(&mut self, row: u64, text: &str) {
        match missing(text) {
            Some(Missing::Sure) => return count(&mut self.sure, text),
            Some(Missing::NotANumber) => return count(&mut self.nan, text),
            Some(Missing::Likely) => {
                self.values += 1;
                return count(&mut self.likely, text);
            }
            None => {}
        }
        self.values += 1;
        self.codes.see(text);
        if self.see_number(row, text) {
            return;
        }
        if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") {
            self.booleans += 1;
        } else {
            self.see_moment(text);
        }
    }

    /// Whether it is a number in the usual notation.
    fn see_number(&mut self, row: u64, text: &str) -> bool {
        let point = number(text, Notation::Point);
        if let Some(number) = point {
            self.point.count(number.shape);
            if number.leading_zero {
                note_first(&mut self.leading_zero, row, text);
            }
            match number.shape {
                Shape::Infinite => self.infinities += 1,
                Shape::Integer => self.see_epoch(text),
                _ => {}
            }
            note_first(&mut self.first_number, row, text);
        } else {
            note_first(&mut self.first_other, row, text);
        }
        // Without a mark both notations agree.
        let comma = match point {
            Some(number) if !text.contains(['.', ',']) => Some(number),
            _ => number(text, Notation::Comma),
        };
        if let Some(number) = comma {
            self.comma.count(number.shape);
        }
        point.is_some()
    }

    fn see_epoch(&mut self, text: &str) {
        // 2001-09-09 to 2033-05-18, as ten digits of seconds or thirteen of milliseconds.
        match (text.len(), text.as_bytes()[0]) {
            (10, b'1') => self.epoch_seconds += 1,
            (13, b'1') => self.epoch_milliseconds += 1,
            _ => {}
        }
    }

    fn see_moment(&mut self, text: &str) {
        let Some(moment) = moment(text) else { return };
        let counts = &mut self.moments;
        counts.year_first += u64::from(moment.year_first.is_some());
        counts.day_first += u64::from(moment.day_first.is_some());
        counts.month_first += u64::from(moment.month_first.is_some());
        if moment.zoned { counts.zoned += 1 } else { counts.naive += 1 }
    }

    pub fn likely_total(&self) -> u64 {
        total(&self.likely)
    }

    pub fn nan_total(&self) -> u64 {
        total(&self.nan)
    }

    pub fn numbers(&self, notation: Notation) -> NumberCounts {
        match notation {
            Notation::Point => self.point,
            Notation::Comma => self.comma,
        }
    }
}

impl NumberCounts {
    fn count(&mut self, shape: Shape) {
        self.numbers += 1;
        match shape {
            Shape::Integer => self.integers += 1,
            Shape::HugeInteger => self.huge += 1,
            Shape::BareExponent => self.bare_exponents += 1,
            Shape::Grouped => self.grouped += 1,
            Shape::Real | Shape::Infinite => {}
        }
    }
}

impl MomentCounts {
    /// The one order in which all `values` are dates; `None` if there is no such order or more than one.
    pub fn order(&self, values: u64) -> Option<DateOrder> {
        if values == 0 {
            return None;
        }
        match (self.year_first == values, self.day_first == values, self.month_first == values) {
            (true, _, _) => Some(DateOrder::Year),
            (_, true, false) => Some(DateOrder::Day),
            (_, false, true) => Some(DateOrder::Month),
            _ => None,
        }
    }

    /// Every value is a date both with the day first and with the month first.
    pub fn ambiguous(&self, values: u64) -> bool {
        values > 0 && self.year_first < values && self.day_first == values && self.month_first == values
    }
}

fn count(spellings: &mut Vec<(String, u64)>, text: &str) {
    if let Some((_, count)) = spellings.iter_mut().find(|(spelling, _)| spelling == text) {
        *count += 1;
    } else if spellings.len() < SPELLINGS {
        spellings.push((text.to_owned(), 1));
    }
}

fn total(spellings: &[(String, u64)]) -> u64 {
    spellings.iter().map(|(_, count)| count).sum()
}

fn note_first(example: &mut Example, row: u64, text: &str) {
    if example.is_none() {
        *example = Some((row, text.chars().take(EXAMPLE).collect()));
    }
}
