//! A table with columns of other files, row by row by an id.

use std::collections::HashMap;
use std::ops::Range;

use domain::Problem;
use domain::naming::name;
use domain::number::{count, counted};
use domain::snapshot::ReadNote;
use polars::prelude::{Column, DataFrame, IdxCa, IdxSize, NamedFrom, Series};
use serde::{Deserialize, Serialize};

use super::{Rows, StoredFile, TableSource};
use crate::row_ids::{ids, rows_by_id};
use crate::row_source::{Batch, RowSource, SourceColumn};

/// Ids of a file that is joined: they are kept in memory, about 100 bytes each.
const MOST_IDS: usize = 5_000_000;
/// Rows whose ids are looked up at a time.
const ROWS_AT_A_TIME: usize = 1 << 16;

/// Columns of another file that stand in a table as if they were its own.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Attachment {
    pub file: StoredFile,
    /// The column of that file with the ids.
    pub id: String,
    /// The column of the table with the same ids.
    pub of: String,
    pub columns: Vec<AttachedColumn>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachedColumn {
    /// In its own file.
    pub name: String,
    /// In the table.
    pub as_name: String,
}

/// The rows of a table with what was found for them in other files. A row whose id is missing, unknown there, or there more
/// than once has no value.
#[derive(Debug)]
pub(super) struct JoinedRows {
    base: Box<dyn Rows>,
    /// Columns of the base.
    own: usize,
    sources: Vec<Source>,
    notes: Vec<ReadNote>,
}

/// One file that was joined, in memory: its ids and the columns that are wanted.
#[derive(Debug)]
struct Source {
    /// Place of the ids among the columns of the table.
    base_id: usize,
    row_of: HashMap<String, Option<usize>>,
    columns: Vec<Found>,
}

/// A column that was found in another file.
#[derive(Debug)]
struct Found {
    values: Series,
    stored_type: String,
    null_spellings: Vec<(String, u64)>,
}

impl JoinedRows {
    /// # Errors
    /// When a file can't be read, has too many rows, or lacks a column that was there.
    pub(super) fn open(base: Box<dyn Rows>, attachments: &[Attachment]) -> Result<Self, Problem> {
        let sources = attachments.iter().map(|attachment| Source::read(attachment, base.as_ref()));
        let sources = sources.collect::<Result<Vec<_>, Problem>>()?;
        let mut notes = base.notes().to_vec();
        for (attachment, source) in attachments.iter().zip(&sources) {
            let found = source.found_in(base.as_ref())?;
            notes.extend(source.notes(attachment, found, base.rows()));
        }
        Ok(Self { own: base.columns().len(), base, sources, notes })
    }

    /// The sources, each with the places of its columns, which come after those of the base.
    fn placed(&self) -> impl Iterator<Item = (&Source, Range<usize>)> {
        self.sources.iter().scan(self.own, |next, source| {
            let from = std::mem::replace(next, *next + source.columns.len());
            Some((source, from..*next))
        })
    }
}

impl Source {
    fn read(attachment: &Attachment, base: &dyn Rows) -> Result<Self, Problem> {
        let Attachment { file, id, of, columns } = attachment;
        let reader = file.open()?;
        let rows = reader.rows() as usize;
        if rows > MOST_IDS {
            return Err(Problem::bad_input(format!(
                "`{}` has {} rows; up to {} can be joined by id. Leave out the rows that are not needed.",
                file.name,
                count(rows as u64),
                count(MOST_IDS as u64)
            )));
        }
        let wanted = std::iter::once(id).chain(columns.iter().map(|column| &column.name));
        let at_home = reader.columns();
        let places = wanted.map(|name| place(&at_home, name, &file.name)).collect::<Result<Vec<_>, Problem>>()?;
        let frame = reader.read(&places, 0..rows)?;
        let known = ids(frame.columns()[0].as_materialized_series()).ok_or_else(|| {
            Problem::bad_input(format!("The ids in column {} of `{}` are not numbers or text.", name(id), file.name))
        })?;
        let found = columns.iter().zip(&places[1..]).zip(&frame.columns()[1..]).map(|((column, place), values)| {
            let (at_home, mut values) = (&at_home[*place], values.as_materialized_series().clone());
            values.rename(column.as_name.as_str().into());
            let (stored_type, null_spellings) = (at_home.stored_type.to_owned(), at_home.null_spellings.to_vec());
            Found { values, stored_type, null_spellings }
        });
        Ok(Self {
            base_id: place(&base.columns(), of, "the table")?,
            row_of: rows_by_id(&known).into_iter().map(|(id, row)| (id.to_owned(), row)).collect(),
            columns: found.collect(),
        })
    }

    /// Where the rows of the table are found.
    fn rows(&self, base: &dyn Rows, rows: Range<usize>) -> Result<Vec<Option<usize>>, Problem> {
        let frame = base.read(&[self.base_id], rows)?;
        let known = ids(frame.columns()[0].as_materialized_series()).unwrap_or_else(|| vec![None; frame.height()]);
        Ok(known.iter().map(|id| self.row_of.get(id.as_ref()?).copied().flatten()).collect())
    }

    fn found_in(&self, base: &dyn Rows) -> Result<u64, Problem> {
        let mut found = 0;
        for rows in parts(base.rows()) {
            found += self.rows(base, rows)?.iter().flatten().count() as u64;
        }
        Ok(found)
    }

    fn notes(&self, attachment: &Attachment, found: u64, rows: u64) -> Vec<ReadNote> {
        let twice = self.row_of.values().filter(|row| row.is_none()).count() as u64;
        let left_out = match twice {
            0 => String::new(),
            ids => format!(" {} there more than once and are left out.", are(ids)),
        };
        let note = |column: &AttachedColumn| ReadNote {
            column: Some(column.as_name.clone()),
            message: format!(
                "It is column {} of `{}`, joined by {}: {} of {} have a row there.{left_out}",
                name(&column.name),
                attachment.file.name,
                name(&attachment.of),
                count(found),
                counted(rows, "row"),
            ),
        };
        attachment.columns.iter().map(note).collect()
    }
}

fn are(ids: u64) -> String {
    if ids == 1 { "1 id is".to_owned() } else { format!("{} ids are", count(ids)) }
}

fn place(columns: &[SourceColumn], column: &str, file: &str) -> Result<usize, Problem> {
    columns.iter().position(|own| own.name == column).ok_or_else(|| {
        Problem::bad_input(format!("There is no column {} in {file}, by which rows are joined.", name(column)))
    })
}

fn parts(rows: u64) -> impl Iterator<Item = Range<usize>> {
    let rows = rows as usize;
    (0..rows).step_by(ROWS_AT_A_TIME).map(move |from| from..rows.min(from + ROWS_AT_A_TIME))
}

impl Found {
    fn of_rows(&self, rows: &[Option<usize>]) -> Result<Column, Problem> {
        let places: Vec<Option<IdxSize>> = rows.iter().map(|row| row.map(|row| row as IdxSize)).collect();
        let places = IdxCa::new("row".into(), places);
        self.values.take(&places).map(Column::from).map_err(|error| {
            tracing::error!(%error, "a row that was joined is outside its file");
            Problem::internal("The rows of two files could not be joined; the log says why.")
        })
    }
}

impl RowSource for JoinedRows {
    fn rows(&self) -> u64 {
        self.base.rows()
    }

    fn columns(&self) -> Vec<SourceColumn<'_>> {
        let mut columns = self.base.columns();
        let attached = self.sources.iter().flat_map(|source| &source.columns).map(|found| SourceColumn {
            name: found.values.name(),
            stored_type: &found.stored_type,
            null_spellings: &found.null_spellings,
            dtype: found.values.dtype().clone(),
        });
        columns.extend(attached);
        columns
    }

    fn for_each_batch(&self, visit: &mut dyn FnMut(Batch<'_>) -> Result<(), Problem>) -> Result<(), Problem> {
        self.base.for_each_batch(visit)?;
        for rows in parts(self.base.rows()) {
            for (_, places) in self.placed() {
                let frame = self.read(&places.clone().collect::<Vec<_>>(), rows.clone())?;
                visit(Batch { first_column: places.start, first_row: rows.start as u64, frame: &frame })?;
            }
        }
        Ok(())
    }
}

impl Rows for JoinedRows {
    fn notes(&self) -> &[ReadNote] {
        &self.notes
    }

    fn read(&self, columns: &[usize], rows: Range<usize>) -> Result<DataFrame, Problem> {
        let last = self.base.rows() as usize;
        let rows = rows.start.min(last)..rows.end.min(last);
        let own: Vec<usize> = columns.iter().copied().filter(|column| *column < self.own).collect();
        let mut own = self.base.read(&own, rows.clone())?.columns().to_vec().into_iter();
        let wanted = |source: &Range<usize>| columns.iter().any(|column| source.contains(column));
        let mut found = HashMap::new();
        for (source, places) in self.placed().filter(|(_, places)| wanted(places)) {
            let rows = source.rows(self.base.as_ref(), rows.clone())?;
            for (column, place) in source.columns.iter().zip(places) {
                if columns.contains(&place) {
                    found.insert(place, column.of_rows(&rows)?);
                }
            }
        }
        let picked: Vec<Column> = columns
            .iter()
            .filter_map(|column| if *column < self.own { own.next() } else { found.get(column).cloned() })
            .collect();
        DataFrame::new(rows.len(), picked).map_err(|error| {
            tracing::error!(%error, "joined columns differ in length");
            Problem::internal("The rows of two files could not be put together; the log says why.")
        })
    }
}
