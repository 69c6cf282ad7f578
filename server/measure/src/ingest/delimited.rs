//! Records of delimited text (CSV and its relatives).

use std::cell::Cell as Shared;
use std::io::Read;
use std::rc::Rc;

use domain::Problem;
use domain::snapshot::ReadNote;

use super::bytes::Source;
use super::cell::{Cell, Records};
use super::dialect::{Dialect, Header};
use super::names::unique_names;
use super::table::{counted, file_note};

/// Lines named in a note.
const LINES_NAMED: usize = 5;

/// Reads the records of a delimited text file, given as UTF-8.
pub(super) struct Delimited<'a, R> {
    source: Source<'a>,
    reader: csv::Reader<Guarded<R>>,
    watch: Rc<Watch>,
    record: csv::StringRecord,
    dialect: Dialect,
    names: Vec<String>,
    renamed: Vec<ReadNote>,
    rows: u64,
    short: OddRows,
    long: OddRows,
    /// The first record when it is data.
    pending: bool,
}

#[derive(Default)]
struct OddRows {
    count: u64,
    places: Vec<String>,
}

impl<'a, R: Read> Delimited<'a, R> {
    /// `text` starts at the beginning of the file.
    pub fn open(source: Source<'a>, mut text: R, dialect: Dialect) -> Result<Self, Problem> {
        let skipped = std::io::copy(&mut text.by_ref().take(dialect.skipped_bytes as u64), &mut std::io::sink());
        skipped.map_err(|error| source.unreadable(&error))?;
        let watch = Rc::new(Watch::default());
        let guarded = Guarded { inner: text, watch: Rc::clone(&watch), limit: source.limits.max_record_bytes };
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(dialect.delimiter)
            .quote(dialect.quote)
            .buffer_capacity(1 << 16)
            .from_reader(guarded);
        let mut opened = Delimited {
            source,
            reader,
            watch,
            record: csv::StringRecord::new(),
            dialect,
            names: Vec::new(),
            renamed: Vec::new(),
            rows: 0,
            short: OddRows::default(),
            long: OddRows::default(),
            pending: false,
        };
        opened.read_names()?;
        Ok(opened)
    }

    fn read_names(&mut self) -> Result<(), Problem> {
        if !self.advance()? {
            return Err(self.source.bad("it holds no rows; give a file with a header and data"));
        }
        let cells: Vec<String> = self.record.iter().map(str::to_owned).collect();
        let given = match self.dialect.header {
            Header::FirstRecord => cells,
            Header::FirstRecordWithoutRowNames => std::iter::once(String::new()).chain(cells).collect(),
            Header::Absent => {
                self.pending = true;
                (1..=cells.len()).map(|place| format!("column_{place}")).collect()
            }
        };
        if self.dialect.skipped_lines > 0
            && let Some(name) = given.first()
            && name.starts_with('#')
        {
            let bare = name.trim_start_matches('#').trim().to_owned();
            let rest = given.iter().skip(1).cloned();
            (self.names, self.renamed) = unique_names(std::iter::once(bare).chain(rest).collect());
        } else {
            (self.names, self.renamed) = unique_names(given);
        }
        self.source.check_names(&self.names)?;
        let most = self.source.limits.max_columns;
        if self.names.len() > most {
            return Err(self
                .source
                .too_large(format_args!("it has {} columns, more than the {most} allowed", self.names.len())));
        }
        Ok(())
    }

    fn advance(&mut self) -> Result<bool, Problem> {
        let line = self.reader.position().line() + self.dialect.skipped_lines;
        let more = self.reader.read_record(&mut self.record).map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(error) if error.get_ref().is_some_and(|inner| inner.is::<RecordTooLong>()) => {
                self.source.too_large(format_args!(
                    "the record that starts at line {line} is longer than {}; check for a quote that never closes, or split the record",
                    super::bytes::size(self.source.limits.max_record_bytes)
                ))
            }
            csv::ErrorKind::Io(error) => self.source.unreadable(&error),
            other => self.source.bad(format_args!("line {line} can't be read as delimited text ({other:?})")),
        })?;
        self.watch.since_record.set(0);
        Ok(more)
    }

    /// Where the record just read stands; files with bare CR line ends have no useful line numbers.
    fn place(&self) -> String {
        let line = self.record.position().map_or(0, csv::Position::line) + self.dialect.skipped_lines;
        if line >= self.rows { format!("row {} (line {line})", self.rows) } else { format!("row {}", self.rows) }
    }

    fn check_length(&mut self) {
        let (cells, names) = (self.record.len(), self.names.len());
        let surplus = self.record.iter().skip(names).any(|cell| !cell.trim().is_empty());
        if cells < names {
            let place = self.place();
            self.short.add(place);
        } else if surplus {
            let place = self.place();
            self.long.add(place);
        }
    }

    /// A quoted cell that swallowed line ends up to the end of the file, without a quote to close it.
    fn check_last_quote(&self) -> Result<(), Problem> {
        let last = self.record.iter().next_back().unwrap_or_default();
        if self.rows > 0 && last.contains(['\n', '\r']) && self.watch.last_byte.get() != self.dialect.quote {
            return Err(self.source.bad(format_args!(
                "a quote opens in {} and never closes, so the rest of the file became one cell; close it or double it",
                self.place()
            )));
        }
        Ok(())
    }
}

impl<R: Read> Records for Delimited<'_, R> {
    fn next_record(&mut self, take: &mut dyn FnMut(usize, Cell<'_>)) -> Result<bool, Problem> {
        if self.pending {
            self.pending = false;
        } else {
            let previous = self.record.position().cloned();
            // The reader clears the record at the end of the file, so the last quote is checked before it is known to be last.
            let last = std::mem::take(&mut self.record);
            if !self.advance()? {
                self.record = last;
                self.record.set_position(previous);
                self.check_last_quote()?;
                return Ok(false);
            }
        }
        self.rows += 1;
        self.check_length();
        for (column, cell) in self.record.iter().take(self.names.len()).enumerate() {
            take(column, Cell::Raw(cell));
        }
        Ok(true)
    }

    fn names(&self) -> &[String] {
        &self.names
    }

    fn notes(&self) -> Vec<ReadNote> {
        let mut notes = self.renamed.clone();
        match self.dialect.header {
            Header::Absent => notes.push(file_note("there is no header line; columns are named column_1, column_2, …")),
            Header::FirstRecordWithoutRowNames => {
                notes.push(file_note(
                    "the header has one name fewer than the rows have cells; the first column has no name",
                ));
            }
            Header::FirstRecord => {}
        }
        if self.dialect.skipped_lines > 0 {
            notes
                .push(file_note(format!("{} before the header left out", counted(self.dialect.skipped_lines, "line"))));
        }
        let columns = self.names.len();
        notes.extend(self.short.note(&format!("fewer than {columns} cells; the missing cells are read as empty")));
        notes.extend(self.long.note(&format!("more than {columns} cells; the extra cells were ignored")));
        notes
    }
}

impl OddRows {
    fn add(&mut self, place: String) {
        self.count += 1;
        if self.places.len() < LINES_NAMED {
            self.places.push(place);
        }
    }

    fn note(&self, what: &str) -> Option<ReadNote> {
        let verb = if self.count == 1 { "row has" } else { "rows have" };
        let more = if self.count > self.places.len() as u64 { ", …" } else { "" };
        (self.count > 0).then(|| file_note(format!("{} {verb} {what}: {}{more}", self.count, self.places.join(", "))))
    }
}

/// What the guard below has seen.
#[derive(Default)]
struct Watch {
    since_record: Shared<u64>,
    /// The last byte that is no line end.
    last_byte: Shared<u8>,
}

/// Stops a record from growing without bound, which an unclosed quote would make it do.
struct Guarded<R> {
    inner: R,
    watch: Rc<Watch>,
    limit: u64,
}

#[derive(Debug, thiserror::Error)]
#[error("a record is longer than allowed")]
struct RecordTooLong;

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let since = self.watch.since_record.get() + count as u64;
        if since > self.limit {
            return Err(std::io::Error::other(RecordTooLong));
        }
        self.watch.since_record.set(since);
        if let Some(byte) = buffer[..count].iter().rev().find(|byte| !matches!(byte, b'\n' | b'\r')) {
            self.watch.last_byte.set(*byte);
        }
        Ok(count)
    }
}
