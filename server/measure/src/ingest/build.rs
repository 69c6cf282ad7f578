//! The second pass over a text format: values into typed columns.

use polars::prelude::{
    BooleanChunkedBuilder, ChunkedBuilder, Column, DataFrame, Float64Type, Int64Type, IntoSeries, PlSmallStr,
    PolarsResult, PrimitiveChunkedBuilder, Series, StringChunkedBuilder, TimeUnit,
};

use super::cell::Cell;
use super::missing::{Missing, missing};
use super::moment::moment;
use super::number::{Notation, value};
use super::typing::{ColumnType, NanMeaning};

/// Builds one column of the type that the first pass decided on.
pub(super) struct ColumnBuilder {
    name: PlSmallStr,
    kind: ColumnType,
    /// Spellings of a missing value that are values.
    kept: Vec<String>,
    rows: usize,
    values: Values,
}

enum Values {
    Empty,
    Integer(PrimitiveChunkedBuilder<Int64Type>),
    Real(PrimitiveChunkedBuilder<Float64Type>),
    Boolean(BooleanChunkedBuilder),
    Text(StringChunkedBuilder),
}

impl Values {
    fn new(name: PlSmallStr, kind: ColumnType) -> Self {
        match kind {
            ColumnType::Empty => Values::Empty,
            ColumnType::Integer(_) | ColumnType::Moment(_) => Values::Integer(PrimitiveChunkedBuilder::new(name, 0)),
            ColumnType::Real { .. } => Values::Real(PrimitiveChunkedBuilder::new(name, 0)),
            ColumnType::Boolean => Values::Boolean(BooleanChunkedBuilder::new(name, 0)),
            ColumnType::Text { .. } => Values::Text(StringChunkedBuilder::new(name, 0)),
        }
    }

    fn put_missing(&mut self) {
        match self {
            Values::Empty => {}
            Values::Integer(values) => values.append_null(),
            Values::Real(values) => values.append_null(),
            Values::Boolean(values) => values.append_null(),
            Values::Text(values) => values.append_null(),
        }
    }
}

impl ColumnBuilder {
    pub fn new(name: &str, kind: ColumnType, kept: Vec<String>) -> Self {
        let name = PlSmallStr::from_str(name);
        ColumnBuilder { values: Values::new(name.clone(), kind), name, kind, kept, rows: 0 }
    }

    /// Puts a value at `row`; the rows before it that had none are missing.
    pub fn put(&mut self, row: usize, cell: Cell<'_>) {
        self.pad(row);
        self.rows += 1;
        match (&mut self.values, self.kind) {
            (Values::Integer(values), ColumnType::Moment(order)) => {
                values.append_option(text_of(cell).and_then(|text| moment(text)?.in_order(order)));
            }
            (Values::Integer(values), ColumnType::Integer(notation)) => values.append_option(integer(cell, notation)),
            (Values::Real(values), ColumnType::Real { notation, nan }) => {
                values.append_option(real(cell, notation, nan))
            }
            (Values::Boolean(values), _) => values.append_option(boolean(cell)),
            (Values::Text(values), ColumnType::Text { likely_is_missing }) => match cell {
                Cell::Raw(text) if is_kept(&self.kept, text) => values.append_value(text),
                cell => put_text(values, cell, likely_is_missing),
            },
            (values, _) => values.put_missing(),
        }
    }

    /// Fills up with missing values to `rows` rows.
    pub fn pad(&mut self, rows: usize) {
        while self.rows < rows {
            self.values.put_missing();
            self.rows += 1;
        }
    }

    /// The column so far; the builder starts again from its first row.
    pub fn take(&mut self) -> Column {
        let values = std::mem::replace(&mut self.values, Values::new(self.name.clone(), self.kind));
        let rows = std::mem::take(&mut self.rows);
        let series = match values {
            Values::Empty => Series::new_null(self.name.clone(), rows),
            Values::Integer(values) if matches!(self.kind, ColumnType::Moment(_)) => {
                values.finish().into_datetime(TimeUnit::Milliseconds, None).into_series()
            }
            Values::Integer(values) => values.finish().into_series(),
            Values::Real(values) => values.finish().into_series(),
            Values::Boolean(values) => values.finish().into_series(),
            Values::Text(values) => values.finish().into_series(),
        };
        series.into()
    }
}

/// All columns as one frame of `rows` rows.
pub(super) fn take_frame(builders: &mut [ColumnBuilder], rows: usize) -> PolarsResult<DataFrame> {
    let columns = builders
        .iter_mut()
        .map(|builder| {
            builder.pad(rows);
            builder.take()
        })
        .collect();
    DataFrame::new(rows, columns)
}

fn text_of(cell: Cell<'_>) -> Option<&str> {
    match cell {
        Cell::Raw(text) | Cell::Text(text) => Some(text.trim()),
        Cell::Null | Cell::Number(_) | Cell::Boolean(_) | Cell::Nested(_) => None,
    }
}

fn integer(cell: Cell<'_>, notation: Notation) -> Option<i64> {
    let (Cell::Raw(text) | Cell::Number(text)) = cell else { return None };
    let text = text.trim();
    let group = if notation == Notation::Point { ',' } else { '.' };
    text.parse().ok().or_else(|| text.replace(group, "").parse().ok())
}

fn real(cell: Cell<'_>, notation: Notation, nan: NanMeaning) -> Option<f64> {
    match cell {
        Cell::Number("NaN" | "-NaN") => Some(f64::NAN),
        Cell::Number(text) => value(text, Notation::Point),
        Cell::Raw(text) => match missing(text.trim()) {
            Some(Missing::NotANumber) if nan == NanMeaning::Value => Some(f64::NAN),
            Some(_) => None,
            None => value(text.trim(), notation),
        },
        Cell::Null | Cell::Text(_) | Cell::Boolean(_) | Cell::Nested(_) => None,
    }
}

fn boolean(cell: Cell<'_>) -> Option<bool> {
    match cell {
        Cell::Boolean(value) => Some(value),
        Cell::Raw(text) if text.trim().eq_ignore_ascii_case("true") => Some(true),
        Cell::Raw(text) if text.trim().eq_ignore_ascii_case("false") => Some(false),
        Cell::Raw(_) | Cell::Null | Cell::Number(_) | Cell::Text(_) | Cell::Nested(_) => None,
    }
}

fn is_kept(kept: &[String], text: &str) -> bool {
    !kept.is_empty() && kept.iter().any(|spelling| spelling == text.trim())
}

fn put_text(values: &mut StringChunkedBuilder, cell: Cell<'_>, likely_is_missing: bool) {
    match cell {
        Cell::Raw(text) => match missing(text.trim()) {
            Some(Missing::Likely) if !likely_is_missing => values.append_value(text),
            Some(_) => values.append_null(),
            None => values.append_value(text),
        },
        Cell::Null | Cell::Number("NaN" | "-NaN") => values.append_null(),
        Cell::Text(text) | Cell::Number(text) | Cell::Nested(text) => values.append_value(text),
        Cell::Boolean(value) => values.append_value(if value { "true" } else { "false" }),
    }
}
