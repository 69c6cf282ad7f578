//! A part of the rows of a table.

use std::ops::Range;

use domain::Problem;
use domain::naming::name;
use domain::snapshot::ReadNote;
use polars::prelude::{Column, DataFrame, DataType, IdxCa, IdxSize, NamedFrom, Series, TimeUnit};

use super::Rows;
use crate::ingest::RowCut;
use crate::row_source::{Batch, RowSource, SourceColumn};
use crate::values::words;

/// Rows whose values are looked at together.
const ROWS_AT_A_TIME: usize = 1 << 18;

/// The chosen rows, in their order, as if the others were not there.
#[derive(Debug)]
pub(super) struct CutRows {
    all: Box<dyn Rows>,
    /// Ascending.
    chosen: Vec<IdxSize>,
}

impl CutRows {
    /// # Errors
    /// When the rows can't be read, the column is not there or is not of the kind that the cut needs, or no row is left.
    pub(super) fn open(all: Box<dyn Rows>, cut: &RowCut, file: &str) -> Result<Self, Problem> {
        let place = all.columns().iter().position(|column| column.name == cut.column()).ok_or_else(|| {
            Problem::bad_input(format!("`{file}` has no column {}, by which its rows are cut.", name(cut.column())))
        })?;
        let mut chosen = Vec::new();
        let rows = all.rows() as usize;
        for from in (0..rows).step_by(ROWS_AT_A_TIME) {
            let frame = all.read(&[place], from..rows.min(from + ROWS_AT_A_TIME))?;
            let inside = inside(frame.columns()[0].as_materialized_series(), cut, file)?;
            let here = inside.iter().enumerate().filter(|(_, inside)| **inside);
            chosen.extend(here.map(|(row, _)| (from + row) as IdxSize));
        }
        if chosen.is_empty() {
            let column = name(cut.column());
            return Err(Problem::bad_input(format!(
                "No row of `{file}` has the values of {column} that are asked for."
            )));
        }
        Ok(Self { all, chosen })
    }
}

/// Which values are inside the cut; a missing one is not.
fn inside(values: &Series, cut: &RowCut, file: &str) -> Result<Vec<bool>, Problem> {
    let of_kind = |kind: &str| {
        let column = name(cut.column());
        Problem::bad_input(format!("Column {column} of `{file}` has no {kind}, so its rows can't be cut by it."))
    };
    match cut {
        RowCut::Values { values: wanted, .. } => {
            let words = words(values).ok_or_else(|| of_kind("values to choose from"))?;
            Ok(words.iter().map(|word| word.as_ref().is_some_and(|word| wanted.contains(word))).collect())
        }
        RowCut::Times { from_ms, before_ms, .. } => {
            let times = times_ms(values).ok_or_else(|| of_kind("times"))?;
            let is_inside =
                |at: i64| from_ms.is_none_or(|from| at >= from) && before_ms.is_none_or(|before| at < before);
            Ok(times.iter().map(|at| at.is_some_and(is_inside)).collect())
        }
    }
}

fn times_ms(values: &Series) -> Option<Vec<Option<i64>>> {
    let times = values.cast(&DataType::Datetime(TimeUnit::Milliseconds, None)).ok();
    let times = times.filter(|_| matches!(values.dtype(), DataType::Datetime(..)))?;
    Some(times.datetime().ok()?.physical().iter().collect())
}

/// The rows of a block at these places of it.
fn picked(frame: &DataFrame, places: Vec<IdxSize>) -> Result<DataFrame, Problem> {
    let height = places.len();
    let places = IdxCa::new("row".into(), places);
    let columns = frame.columns().iter().map(|column| column.as_materialized_series().take(&places).map(Column::from));
    let put_together = columns.collect::<Result<Vec<_>, _>>().and_then(|columns| DataFrame::new(height, columns));
    put_together.map_err(|error| {
        tracing::error!(%error, "a chosen row is outside its block");
        Problem::internal("The file changed while it was being read.")
    })
}

impl RowSource for CutRows {
    fn rows(&self) -> u64 {
        self.chosen.len() as u64
    }

    fn columns(&self) -> Vec<SourceColumn<'_>> {
        self.all.columns()
    }

    fn for_each_batch(&self, visit: &mut dyn FnMut(Batch<'_>) -> Result<(), Problem>) -> Result<(), Problem> {
        self.all.for_each_batch(&mut |batch| {
            let end = batch.first_row + batch.frame.height() as u64;
            let begin = self.chosen.partition_point(|row| u64::from(*row) < batch.first_row);
            let end = self.chosen.partition_point(|row| u64::from(*row) < end);
            if begin == end {
                return Ok(());
            }
            let places = self.chosen[begin..end].iter().map(|row| (u64::from(*row) - batch.first_row) as IdxSize);
            let frame = picked(batch.frame, places.collect())?;
            visit(Batch { first_column: batch.first_column, first_row: begin as u64, frame: &frame })
        })
    }
}

impl Rows for CutRows {
    fn notes(&self) -> &[ReadNote] {
        self.all.notes()
    }

    fn read(&self, columns: &[usize], rows: Range<usize>) -> Result<DataFrame, Problem> {
        let chosen = &self.chosen[rows.start.min(self.chosen.len())..rows.end.min(self.chosen.len())];
        let (Some(first), Some(last)) = (chosen.first(), chosen.last()) else { return self.all.read(columns, 0..0) };
        let block = self.all.read(columns, *first as usize..*last as usize + 1)?;
        picked(&block, chosen.iter().map(|row| row - first).collect())
    }
}
