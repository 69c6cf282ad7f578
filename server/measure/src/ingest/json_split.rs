//! Cuts a stream of JSON into its records without building it in memory.

use std::io::{BufRead, BufReader, Read};

use super::json_layout::JsonLayout;
use super::options::Limits;

/// What the next step through the stream gave.
#[derive(Debug)]
pub(super) enum Piece {
    Record,
    End,
    Failed(std::io::Error),
    TooLong,
    TooDeep,
    /// The stream ended inside a record or an array.
    Unfinished,
    /// A byte that belongs to no record.
    Stray(u8),
}

/// Cuts lines, or the elements of an array, or values that follow each other.
pub(super) struct Splitter<R> {
    input: BufReader<R>,
    layout: JsonLayout,
    max_bytes: u64,
    max_nesting: usize,
    /// The line the last record begins on, and the one the stream is at.
    record_line: u64,
    line: u64,
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    BeforeArray,
    BeforeFirst,
    BeforeNext,
    AfterValue,
    AfterArray,
}

impl<R: Read> Splitter<R> {
    pub fn new(text: R, layout: JsonLayout, limits: &Limits) -> Self {
        Splitter {
            input: BufReader::with_capacity(1 << 16, text),
            layout,
            max_bytes: limits.max_record_bytes,
            max_nesting: limits.max_nesting,
            record_line: 1,
            line: 1,
            place: if layout == JsonLayout::Array { Place::BeforeArray } else { Place::BeforeFirst },
        }
    }

    /// The line the last record begins on, from 1.
    pub fn record_line(&self) -> u64 {
        self.record_line
    }

    /// Puts the next record's bytes into `record`.
    pub fn next(&mut self, record: &mut Vec<u8>) -> Piece {
        record.clear();
        match self.layout {
            JsonLayout::Lines => self.next_line(record),
            JsonLayout::Array | JsonLayout::Sequence => self.next_value(record),
        }
    }

    fn next_line(&mut self, record: &mut Vec<u8>) -> Piece {
        loop {
            record.clear();
            self.record_line = self.line;
            match (&mut self.input).take(self.max_bytes + 1).read_until(b'\n', record) {
                Err(error) => return Piece::Failed(error),
                Ok(0) => return Piece::End,
                Ok(count) if count as u64 > self.max_bytes => return Piece::TooLong,
                Ok(_) => self.line += 1,
            }
            if !record.trim_ascii().is_empty() {
                return Piece::Record;
            }
        }
    }

    fn byte(&mut self) -> Result<Option<u8>, std::io::Error> {
        let byte = self.input.fill_buf()?.first().copied();
        if let Some(byte) = byte {
            self.input.consume(1);
            self.line += u64::from(byte == b'\n');
        }
        Ok(byte)
    }

    fn next_value(&mut self, record: &mut Vec<u8>) -> Piece {
        loop {
            let byte = match self.byte() {
                Err(error) => return Piece::Failed(error),
                Ok(None) if self.layout == JsonLayout::Array && self.place != Place::AfterArray => {
                    return Piece::Unfinished;
                }
                Ok(None) => return Piece::End,
                Ok(Some(byte)) => byte,
            };
            match (byte, self.place) {
                (b' ' | b'\t' | b'\n' | b'\r', _) => {}
                (b'[', Place::BeforeArray) => self.place = Place::BeforeFirst,
                (b',', Place::AfterValue) => self.place = Place::BeforeNext,
                (b']', Place::BeforeFirst | Place::AfterValue) if self.layout == JsonLayout::Array => {
                    self.place = Place::AfterArray
                }
                (_, Place::AfterValue) if self.layout == JsonLayout::Array => return Piece::Stray(byte),
                (_, Place::BeforeArray | Place::AfterArray) | (b',' | b']' | b'}', _) => return Piece::Stray(byte),
                _ => {
                    self.record_line = self.line;
                    self.place = Place::AfterValue;
                    return self.rest_of_value(byte, record);
                }
            }
        }
    }

    /// The rest of a value that begins with `first`.
    fn rest_of_value(&mut self, first: u8, record: &mut Vec<u8>) -> Piece {
        let mut depth = 0_usize;
        let mut quoting = Quoting::Outside;
        let mut byte = first;
        loop {
            record.push(byte);
            if record.len() as u64 > self.max_bytes {
                return Piece::TooLong;
            }
            quoting = quoting.after(byte);
            if quoting == Quoting::Outside {
                match byte {
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                if depth > self.max_nesting {
                    return Piece::TooDeep;
                }
                let ends = matches!(byte, b'}' | b']' | b'"');
                if depth == 0 && (ends || self.next_ends_a_word()) {
                    return Piece::Record;
                }
            }
            byte = match self.byte() {
                Err(error) => return Piece::Failed(error),
                Ok(None) => return Piece::Unfinished,
                Ok(Some(byte)) => byte,
            };
        }
    }

    /// A bare word or number ends before a separator; a reading error shows at the next step.
    fn next_ends_a_word(&mut self) -> bool {
        let next = self.input.fill_buf().ok().and_then(|buffer| buffer.first().copied());
        matches!(next, None | Some(b',' | b']' | b'}' | b' ' | b'\t' | b'\n' | b'\r'))
    }
}

/// Where a byte stands with regard to strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quoting {
    Outside,
    Inside,
    Escaped,
}

impl Quoting {
    fn after(self, byte: u8) -> Quoting {
        match (self, byte) {
            (Quoting::Outside, b'"') => Quoting::Inside,
            (Quoting::Inside, b'"') => Quoting::Outside,
            (Quoting::Inside, b'\\') => Quoting::Escaped,
            (Quoting::Escaped, _) => Quoting::Inside,
            (state, _) => state,
        }
    }
}
