//! Text formats: two passes over the records, the first to find the types, the second to build the columns.

use std::io::Read;

use domain::Problem;
use domain::snapshot::ReadNote;
use encoding_rs::UTF_8;
use polars::prelude::{DataFrame, Schema};

use super::build::{ColumnBuilder, take_frame};
use super::bytes::{Compression, Expanded, Source};
use super::cell::Records;
use super::delimited::Delimited;
use super::dialect::{self, Dialect};
use super::encoding::{TextSurvey, Utf8Reader, survey};
use super::json::JsonRecords;
use super::json_layout::JsonLayout;
use super::number::Notation;
use super::options::{ColumnOptions, Format, ReadOptions};
use super::scan::ColumnScan;
use super::table::{Table, TableColumn, counted, file_note};
use super::typing::{ColumnType, Habits, decide};

/// Bytes of text that the layout is detected from.
const SAMPLE: u64 = 256 << 10;
/// Cells built at a time; a frame of them is handed on before the next is begun.
const CELLS: usize = 4 << 20;

/// A text file that has been looked over once: what it is and what types its columns have.
pub(super) struct TextFile<'a> {
    source: Source<'a>,
    survey: TextSurvey,
    layout: Layout,
    types: Vec<TypedColumn>,
    pub rows: u64,
    pub columns: Vec<TableColumn>,
    pub notes: Vec<ReadNote>,
    pub format: String,
}

/// The type of a column, with the spellings of a missing value that are values in it.
struct TypedColumn {
    kind: ColumnType,
    values: Vec<String>,
}

#[derive(Debug, Clone, Copy)]
enum Layout {
    Delimited(Dialect),
    Json(JsonLayout),
}

type Text = Utf8Reader<Expanded>;

fn text(source: &Source<'_>, survey: &TextSurvey) -> Result<Text, Problem> {
    Ok(Utf8Reader::new(source.expand(survey.compression)?, survey.encoding))
}

fn records<'a>(source: Source<'a>, survey: &TextSurvey, layout: Layout) -> Result<Box<dyn Records + 'a>, Problem> {
    let text = text(&source, survey)?;
    Ok(match layout {
        Layout::Delimited(dialect) => Box::new(Delimited::open(source, text, dialect)?),
        Layout::Json(layout) => Box::new(JsonRecords::open(source, text, layout)),
    })
}

impl<'a> TextFile<'a> {
    /// The first pass: the encoding over all bytes, the layout from the beginning, the types over all values.
    pub fn inspect(
        source: Source<'a>,
        compression: Compression,
        format: Format,
        options: &ReadOptions,
    ) -> Result<Self, Problem> {
        let survey = survey(&source, compression, options.encoding.as_deref())?;
        let mut sample = Vec::new();
        text(&source, &survey)?.take(SAMPLE).read_to_end(&mut sample).map_err(|error| source.unreadable(&error))?;
        if sample.trim_ascii().is_empty() {
            return Err(source.bad("it is empty; give a file with a header and data"));
        }
        let complete = (sample.len() as u64) < SAMPLE;
        let layout = match format {
            Format::JsonLines | Format::JsonArray => Layout::Json(JsonLayout::detect(&sample, format)),
            Format::Csv | Format::Parquet | Format::ArrowIpc => {
                Layout::Delimited(dialect::detect(&source, &sample, complete, options)?)
            }
        };
        let mut records = records(source, &survey, layout)?;
        let mut scans: Vec<ColumnScan> = Vec::new();
        let mut rows = 0;
        loop {
            let more = records.next_record(&mut |column, cell| {
                if column >= scans.len() {
                    scans.resize_with(column + 1, ColumnScan::default);
                }
                scans[column].see(rows + 1, cell);
            })?;
            if !more {
                break;
            }
            rows += 1;
        }
        scans.resize_with(records.names().len(), ColumnScan::default);
        let habits = Habits::of(&scans, options.decimal_comma);
        let notation = habits.notation;
        let usual = ColumnOptions::default();
        let mut notes = survey_notes(&survey);
        notes.extend(records.notes());
        let mut types = Vec::new();
        let mut columns = Vec::new();
        for (name, scan) in records.names().iter().zip(&scans) {
            let of_column = options.columns.get(name).unwrap_or(&usual);
            let decided = decide(name, scan, &habits, of_column);
            types.push(TypedColumn { kind: decided.kind, values: decided.values });
            columns.push(decided.column);
            notes.extend(decided.notes);
        }
        let format = format_words(format, layout, &survey, notation);
        drop(records);
        Ok(TextFile { source, survey, layout, types, rows, columns, notes, format })
    }

    /// Bytes of text after decompression.
    pub fn bytes(&self) -> u64 {
        self.survey.bytes
    }

    pub fn schema(&self) -> Schema {
        let field =
            |(column, typed): (&TableColumn, &TypedColumn)| (column.name.as_str().into(), typed.kind.data_type());
        self.columns.iter().zip(&self.types).map(field).collect()
    }

    /// The second pass: hands the rows on, a frame at a time; at least one frame, even without rows.
    pub fn frames(&self, take: &mut dyn FnMut(DataFrame) -> Result<(), Problem>) -> Result<(), Problem> {
        let mut records = records(self.source, &self.survey, self.layout)?;
        let mut builders: Vec<ColumnBuilder> = self
            .columns
            .iter()
            .zip(&self.types)
            .map(|(column, typed)| ColumnBuilder::new(&column.name, typed.kind, typed.values.clone()))
            .collect();
        let rows_at_a_time = (CELLS / builders.len().max(1)).clamp(1_000, 512 * 512);
        let mut handed = false;
        let mut rows = 0;
        loop {
            let more = records.next_record(&mut |column, cell| {
                if let Some(builder) = builders.get_mut(column) {
                    builder.put(rows, cell);
                }
            })?;
            rows += usize::from(more);
            if rows == rows_at_a_time || (!more && (rows > 0 || !handed)) {
                let frame = take_frame(&mut builders, rows).map_err(|error| self.internal(&error))?;
                take(frame)?;
                handed = true;
                rows = 0;
            }
            if !more {
                return Ok(());
            }
        }
    }

    /// The whole file as one table.
    pub fn table(self) -> Result<Table, Problem> {
        let mut whole: Option<DataFrame> = None;
        self.frames(&mut |frame| match &mut whole {
            Some(whole) => whole.vstack_mut_owned(frame).map_err(|error| self.internal(&error)).map(|_| ()),
            None => {
                whole = Some(frame);
                Ok(())
            }
        })?;
        let mut frame = whole.unwrap_or_default();
        frame.rechunk_mut_par();
        Ok(Table { frame, rows: self.rows, columns: self.columns, notes: self.notes, format: self.format })
    }

    fn internal(&self, error: &polars::error::PolarsError) -> Problem {
        tracing::error!(%error, "a text file could not be turned into columns");
        Problem::internal(format!("{}: the columns could not be built; the log says why", self.source.name))
    }
}

fn survey_notes(survey: &TextSurvey) -> Vec<ReadNote> {
    let mut notes = Vec::new();
    if survey.invalid > 0 {
        notes.push(file_note(format!(
            "{} not valid {}, shown as \u{fffd}; set the encoding if it is another one",
            counted(survey.invalid, "place"),
            survey.encoding.name()
        )));
    } else if survey.encoding != UTF_8 && !survey.byte_order_mark {
        notes.push(file_note(format!("the text is not UTF-8; it was read as {}", survey.encoding.name())));
    }
    notes
}

fn format_words(format: Format, layout: Layout, survey: &TextSurvey, notation: Notation) -> String {
    let mut words = vec![format.words().to_owned()];
    if let Layout::Delimited(dialect) = layout {
        match dialect.delimiter {
            b',' => {}
            b'\t' => words.push("separated by tabs".to_owned()),
            delimiter => words.push(format!("separator {:?}", char::from(delimiter))),
        }
        if dialect.quote != b'"' {
            words.push(format!("quote {:?}", char::from(dialect.quote)));
        }
        if notation == Notation::Comma {
            words.push("decimal comma".to_owned());
        }
    }
    if survey.encoding != UTF_8 {
        words.push(survey.encoding.name().to_owned());
    }
    words.extend(survey.compression.words().map(str::to_owned));
    words.join(", ")
}
