//! Several files as one table: the rows of the first, then those of the next, as windows of served rows follow each other.

use std::collections::HashMap;
use std::ops::Range;

use domain::Problem;
use domain::naming::name;
use domain::snapshot::ReadNote;
use polars::prelude::{Column, DataFrame, DataType, NamedFrom, PolarsError, Series};

use super::Rows;
use crate::row_source::{Batch, RowSource, SourceColumn};
use crate::values::words;

/// All rows, one file after the other. The columns are those of the first file, then those that later files add; a column has
/// no value in the rows of a file that lacks it.
#[derive(Debug)]
pub(super) struct StackedRows {
    files: Vec<PlacedFile>,
    columns: Vec<StackedColumn>,
    notes: Vec<ReadNote>,
}

#[derive(Debug)]
struct PlacedFile {
    rows: Box<dyn Rows>,
    /// Row of the whole table at which it starts.
    first_row: usize,
    /// For each column of the whole table its place in this file.
    places: Vec<Option<usize>>,
}

#[derive(Debug)]
struct StackedColumn {
    name: String,
    dtype: DataType,
    stored_type: String,
    null_spellings: Vec<(String, u64)>,
}

impl StackedRows {
    /// `files` are named for people; at least one.
    ///
    /// # Errors
    /// When a column is a list or a structure in one file and something else in another.
    pub(super) fn open(files: Vec<(String, Box<dyn Rows>)>) -> Result<Self, Problem> {
        let mut columns: Vec<StackedColumn> = Vec::new();
        for (file, rows) in &files {
            for column in rows.columns() {
                match columns.iter_mut().find(|known| known.name == column.name) {
                    Some(known) => known.take_in(&column, file)?,
                    None => columns.push(StackedColumn::of(&column)),
                }
            }
        }
        let notes = files.iter().flat_map(|(file, rows)| absences(file, rows.as_ref(), &columns)).collect();
        let mut first_row = 0;
        let placed = files.into_iter().map(|(_, rows)| {
            let at_home: HashMap<String, usize> =
                rows.columns().iter().enumerate().map(|(place, column)| (column.name.to_owned(), place)).collect();
            let places = columns.iter().map(|column| at_home.get(&column.name).copied()).collect();
            let here = first_row;
            first_row += rows.rows() as usize;
            PlacedFile { rows, first_row: here, places }
        });
        Ok(Self { files: placed.collect(), columns, notes })
    }
}

impl StackedColumn {
    fn of(column: &SourceColumn<'_>) -> Self {
        Self {
            name: column.name.to_owned(),
            dtype: column.dtype.clone(),
            stored_type: column.stored_type.to_owned(),
            null_spellings: column.null_spellings.to_vec(),
        }
    }

    fn take_in(&mut self, column: &SourceColumn<'_>, file: &str) -> Result<(), Problem> {
        self.dtype = common_type(&self.dtype, &column.dtype).ok_or_else(|| {
            Problem::bad_input(format!(
                "Column {} is nested in one file and not in the other, so `{file}` and the files before it can't be read as \
                 one table. Leave one of them out.",
                name(&self.name)
            ))
        })?;
        if self.stored_type != column.stored_type {
            self.stored_type = format!("{} / {}", self.stored_type, column.stored_type);
        }
        for (spelling, count) in column.null_spellings {
            match self.null_spellings.iter_mut().find(|(known, _)| known == spelling) {
                Some((_, known)) => *known += count,
                None => self.null_spellings.push((spelling.clone(), *count)),
            }
        }
        Ok(())
    }
}

/// Which columns one file lacks. What its reader noticed is said of the file itself.
fn absences(file: &str, rows: &dyn Rows, columns: &[StackedColumn]) -> Vec<ReadNote> {
    let own = rows.columns();
    let absent = columns.iter().filter(|column| own.iter().all(|known| known.name != column.name));
    let absent = absent.map(|column| ReadNote {
        column: Some(column.name.clone()),
        message: format!("It is not in `{file}`: these rows have no value."),
    });
    absent.collect()
}

/// The type that holds the values of both; `None` where one of them is nested.
fn common_type(one: &DataType, other: &DataType) -> Option<DataType> {
    let is_nested = |dtype: &DataType| {
        !matches!(
            dtype,
            DataType::Float64 | DataType::Int64 | DataType::Boolean | DataType::String | DataType::Datetime(..)
        )
    };
    match (one, other) {
        _ if one == other => Some(one.clone()),
        (DataType::Null, known) | (known, DataType::Null) => Some(known.clone()),
        (DataType::Int64, DataType::Float64) | (DataType::Float64, DataType::Int64) => Some(DataType::Float64),
        _ if is_nested(one) || is_nested(other) => None,
        _ => Some(DataType::String),
    }
}

impl StackedColumn {
    /// A column of a file in the type of the whole table.
    fn cast(&self, values: &Column) -> Result<Column, Problem> {
        if *values.dtype() == self.dtype {
            return Ok(values.clone());
        }
        // Numbers as words in their shortest form, as everywhere.
        let series = values.as_materialized_series();
        if self.dtype == DataType::String
            && let Some(words) = words(series)
        {
            return Ok(Column::from(Series::new(self.name.as_str().into(), words)));
        }
        values.cast(&self.dtype).map_err(|error| put_together_failed(&error))
    }

    fn absent(&self, rows: usize) -> Column {
        Column::full_null(self.name.as_str().into(), rows, &self.dtype)
    }
}

fn put_together_failed(error: &PolarsError) -> Problem {
    tracing::error!(%error, "the columns of several files can't be put together");
    Problem::internal("The rows of several files could not be put together; the log says why.")
}

impl PlacedFile {
    fn range(&self) -> Range<usize> {
        self.first_row..self.first_row + self.rows.rows() as usize
    }

    /// The given columns of the whole table, in rows of this file.
    fn read(&self, all: &[StackedColumn], columns: &[usize], rows: Range<usize>) -> Result<Vec<Column>, Problem> {
        let own: Vec<usize> = columns.iter().filter_map(|column| self.places[*column]).collect();
        let frame = self.rows.read(&own, rows.clone())?;
        let mut found = frame.columns().iter();
        let column = |place: &usize| match self.places[*place] {
            // As many as were asked for, in their order.
            Some(_) => {
                found.next().map_or_else(|| Ok(all[*place].absent(rows.len())), |values| all[*place].cast(values))
            }
            None => Ok(all[*place].absent(rows.len())),
        };
        columns.iter().map(column).collect()
    }
}

impl RowSource for StackedRows {
    fn rows(&self) -> u64 {
        self.files.iter().map(|file| file.rows.rows()).sum()
    }

    fn columns(&self) -> Vec<SourceColumn<'_>> {
        let columns = self.columns.iter().map(|column| SourceColumn {
            name: &column.name,
            stored_type: &column.stored_type,
            null_spellings: &column.null_spellings,
            dtype: column.dtype.clone(),
        });
        columns.collect()
    }

    fn for_each_batch(&self, visit: &mut dyn FnMut(Batch<'_>) -> Result<(), Problem>) -> Result<(), Problem> {
        for file in &self.files {
            let mut place_of = vec![None; file.rows.columns().len()];
            for (place, own) in file.places.iter().enumerate() {
                if let Some(own) = own {
                    place_of[*own] = Some(place);
                }
            }
            file.rows.for_each_batch(&mut |batch| {
                let first_row = file.first_row as u64 + batch.first_row;
                let columns = batch.frame.columns().iter().enumerate();
                let placed = columns.map(|(own, values)| (place_of[batch.first_column + own], values));
                for (first_column, frame) in self.blocks(placed)? {
                    visit(Batch { first_column, first_row, frame: &frame })?;
                }
                Ok(())
            })?;
            for place in (0..self.columns.len()).filter(|place| file.places[*place].is_none()) {
                let frame = one_column(self.columns[place].absent(file.rows.rows() as usize))?;
                visit(Batch { first_column: place, first_row: file.first_row as u64, frame: &frame })?;
            }
        }
        Ok(())
    }
}

impl StackedRows {
    /// The columns of a batch in the order and the types of the whole table: each block of them with its first place.
    fn blocks<'a>(
        &self,
        placed: impl Iterator<Item = (Option<usize>, &'a Column)>,
    ) -> Result<Vec<(usize, DataFrame)>, Problem> {
        let mut blocks: Vec<(usize, Vec<Column>)> = Vec::new();
        for (place, values) in placed {
            // Each column of a file is one of the whole.
            let Some(place) = place else { continue };
            let column = self.columns[place].cast(values)?;
            match blocks.last_mut() {
                Some((first, block)) if *first + block.len() == place => block.push(column),
                _ => blocks.push((place, vec![column])),
            }
        }
        let framed = |(first, block): (usize, Vec<Column>)| {
            let height = block.first().map_or(0, Column::len);
            Ok((first, DataFrame::new(height, block).map_err(|error| put_together_failed(&error))?))
        };
        blocks.into_iter().map(framed).collect()
    }
}

fn one_column(column: Column) -> Result<DataFrame, Problem> {
    DataFrame::new(column.len(), vec![column]).map_err(|error| put_together_failed(&error))
}

impl Rows for StackedRows {
    fn notes(&self) -> &[ReadNote] {
        &self.notes
    }

    fn read(&self, columns: &[usize], rows: Range<usize>) -> Result<DataFrame, Problem> {
        let last = self.rows() as usize;
        let rows = rows.start.min(last)..rows.end.min(last);
        let mut whole: Option<DataFrame> = None;
        for file in &self.files {
            let range = file.range();
            let (from, to) = (rows.start.max(range.start), rows.end.min(range.end));
            // Of no rows the first file still gives the columns.
            if from >= to && !(rows.is_empty() && whole.is_none()) {
                continue;
            }
            let own = from.max(range.start) - range.start..to.max(from) - range.start;
            let height = own.len();
            let read = file.read(&self.columns, columns, own)?;
            let part = DataFrame::new(height, read).map_err(|error| put_together_failed(&error))?;
            match &mut whole {
                None => whole = Some(part),
                Some(whole) => {
                    whole.vstack_mut(&part).map_err(|error| put_together_failed(&error))?;
                }
            }
        }
        let mut whole = whole.unwrap_or_else(DataFrame::empty);
        whole.rechunk_mut();
        Ok(whole)
    }
}
