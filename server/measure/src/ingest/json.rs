//! Records of JSON: one object per line, or the objects of one array.

use std::collections::HashMap;
use std::io::Read;

use domain::Problem;
use domain::snapshot::ReadNote;

use super::bytes::Source;
use super::cell::{Cell, Records};
use super::json_layout::JsonLayout;
use super::json_object::{Fault, Value, object};
use super::json_split::{Piece, Splitter};
use super::table::{column_note, counted, file_note};

/// Reads the objects of a JSON file, given as UTF-8.
pub(super) struct JsonRecords<'a, R> {
    source: Source<'a>,
    splitter: Splitter<R>,
    layout: JsonLayout,
    names: Vec<String>,
    places: HashMap<String, usize>,
    /// Per column, the record it was last met in, and where it stands in `cells`.
    met: Vec<(u64, usize)>,
    cells: Vec<(usize, Value)>,
    piece: Vec<u8>,
    pieces: u64,
    records: u64,
    /// Per column, how many records give it twice.
    twice: HashMap<usize, u64>,
    broken: u64,
    broken_places: Vec<String>,
}

/// Broken lines named in a note.
const NAMED: usize = 5;

impl<'a, R: Read> JsonRecords<'a, R> {
    /// `text` starts at the beginning of the file.
    pub fn open(source: Source<'a>, text: R, layout: JsonLayout) -> Self {
        JsonRecords {
            source,
            splitter: Splitter::new(text, layout, source.limits),
            layout,
            names: Vec::new(),
            places: HashMap::new(),
            met: Vec::new(),
            cells: Vec::new(),
            piece: Vec::new(),
            pieces: 0,
            records: 0,
            twice: HashMap::new(),
            broken: 0,
            broken_places: Vec::new(),
        }
    }

    fn place(&self) -> String {
        match self.layout {
            JsonLayout::Lines => format!("line {}", self.splitter.record_line()),
            JsonLayout::Array | JsonLayout::Sequence => {
                format!("element {} (line {})", self.pieces, self.splitter.record_line())
            }
        }
    }

    fn split_problem(&self, piece: Piece) -> Problem {
        let place = self.place();
        match piece {
            Piece::Failed(error) => self.source.unreadable(&error),
            Piece::TooLong => self.source.too_large(format_args!(
                "{place} is longer than {}; most likely a string or a bracket is not closed",
                super::bytes::size(self.source.limits.max_record_bytes)
            )),
            Piece::TooDeep => self.source.bad(format_args!(
                "{place} is nested more than {} levels deep; flatten it before giving it",
                self.source.limits.max_nesting
            )),
            Piece::Unfinished => self
                .source
                .bad(format_args!("the JSON ends in the middle of {place}; the file was cut off, so export it again")),
            Piece::Stray(byte) => self
                .source
                .bad(format_args!("{:?} is not expected after {place}; the file is not valid JSON", char::from(byte))),
            Piece::Record | Piece::End => Problem::internal(format!("{}: {place} could not be read", self.source.name)),
        }
    }

    /// Parses the piece at hand into `cells`.
    fn parse(&mut self) -> Result<(), Fault> {
        self.cells.clear();
        let text = std::str::from_utf8(&self.piece)
            .map_err(|error| Fault { at: error.valid_up_to(), what: "is not UTF-8" })?;
        let record = self.records + 1;
        let (names, places, met, cells, twice) =
            (&mut self.names, &mut self.places, &mut self.met, &mut self.cells, &mut self.twice);
        object(text, self.source.limits.max_nesting, &mut |name, value| {
            let column = match places.get(name.as_ref()) {
                Some(&column) => column,
                None => {
                    names.push(name.to_string());
                    places.insert(name.into_owned(), names.len() - 1);
                    met.push((0, 0));
                    names.len() - 1
                }
            };
            let (last, place) = met[column];
            if last == record {
                cells[place].1 = value;
                *twice.entry(column).or_default() += 1;
            } else {
                met[column] = (record, cells.len());
                cells.push((column, value));
            }
        })
    }

    fn reject(&mut self, fault: &Fault) -> Result<(), Problem> {
        let place = self.place();
        if self.layout != JsonLayout::Lines {
            return Err(self.source.bad(format_args!("{place} {} (at character {})", fault.what, fault.at + 1)));
        }
        self.broken += 1;
        // The columns met in a broken line stay; what it said about them is forgotten.
        for (column, _) in self.cells.drain(..) {
            self.met[column] = (0, 0);
        }
        if self.broken_places.len() < NAMED {
            self.broken_places.push(format!("{place} {} at character {}", fault.what, fault.at + 1));
        }
        Ok(())
    }

    fn check_end(&self) -> Result<(), Problem> {
        let first = self.broken_places.first().map(String::as_str).unwrap_or_default();
        if self.broken > 0 && self.broken >= self.records.max(1) {
            return Err(self.source.bad(format_args!("{} of its lines are not JSON objects: {first}", self.broken)));
        }
        if self.records == 0 {
            return Err(self.source.bad("it holds no objects; give one JSON object per row"));
        }
        Ok(())
    }
}

impl<R: Read> Records for JsonRecords<'_, R> {
    fn next_record(&mut self, take: &mut dyn FnMut(usize, Cell<'_>)) -> Result<bool, Problem> {
        loop {
            self.pieces += 1;
            match self.splitter.next(&mut self.piece) {
                Piece::Record => {}
                Piece::End => return self.check_end().map(|()| false),
                failed => return Err(self.split_problem(failed)),
            }
            let known = self.names.len();
            match self.parse() {
                Ok(()) => {
                    self.source.check_names(&self.names[known..])?;
                    break;
                }
                Err(fault) => self.reject(&fault)?,
            }
        }
        self.records += 1;
        let most = self.source.limits.max_columns;
        if self.names.len() > most {
            return Err(self.source.too_large(format_args!("its objects have more than {most} different keys")));
        }
        for (column, value) in &self.cells {
            take(*column, value.cell(&self.piece));
        }
        Ok(true)
    }

    fn names(&self) -> &[String] {
        &self.names
    }

    fn notes(&self) -> Vec<ReadNote> {
        let mut notes = Vec::new();
        if self.broken > 0 {
            let verb = if self.broken == 1 { "line is" } else { "lines are" };
            let more = if self.broken > self.broken_places.len() as u64 { "; …" } else { "" };
            notes.push(file_note(format!(
                "{} {verb} not valid JSON and left out: {}{more}",
                self.broken,
                self.broken_places.join("; ")
            )));
        }
        let mut twice: Vec<_> = self.twice.iter().collect();
        twice.sort();
        for (&column, records) in twice {
            notes.push(column_note(
                &self.names[column],
                format!("given more than once in {}; the last value counts", counted(*records, "record")),
            ));
        }
        notes
    }
}
