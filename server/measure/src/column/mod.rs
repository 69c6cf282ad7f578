//! One accumulator per kind of stored column: pushed batch by batch over all rows, finished with the sample.

mod boolean;
mod distinct;
mod numeric;
mod text;
mod time;

use domain::profile::ColumnProfile;
use domain::{ColumnKind, Problem};
use polars::prelude::{DataType, Series};

use boolean::BooleanColumn;
use numeric::NumericColumn;
use text::TextColumn;
use time::TimeColumn;

/// Sums up one column over all its rows, in bounded memory.
pub struct ColumnAccumulator {
    name: String,
    position: usize,
    stored_type: String,
    null_spellings: Vec<(String, u64)>,
    rows: u64,
    nulls: u64,
    values: Values,
}

enum Values {
    Numeric(Box<NumericColumn>),
    Text(Box<TextColumn>),
    Boolean(BooleanColumn),
    Time(Box<TimeColumn>),
    /// Lists, structs, binary: counted, not looked into.
    Nested,
    /// A type that holds nulls only.
    Nothing,
}

impl Values {
    fn of(dtype: &DataType) -> Self {
        match dtype {
            DataType::Float64 | DataType::Int64 => Values::Numeric(Box::default()),
            DataType::String => Values::Text(Box::default()),
            DataType::Boolean => Values::Boolean(BooleanColumn::default()),
            DataType::Datetime(..) => Values::Time(Box::default()),
            DataType::Null => Values::Nothing,
            _ => Values::Nested,
        }
    }
}

impl ColumnAccumulator {
    pub fn new(
        name: &str,
        position: usize,
        stored_type: &str,
        null_spellings: &[(String, u64)],
        dtype: &DataType,
    ) -> Self {
        Self {
            name: name.to_owned(),
            position,
            stored_type: stored_type.to_owned(),
            null_spellings: null_spellings.to_vec(),
            rows: 0,
            nulls: 0,
            values: Values::of(dtype),
        }
    }

    /// Takes in the next rows.
    ///
    /// # Errors
    /// When the batch has another type than the column began with, which is a fault of the reader.
    pub fn push(&mut self, batch: &Series) -> Result<(), Problem> {
        self.rows += batch.len() as u64;
        self.nulls += batch.null_count() as u64;
        match &mut self.values {
            Values::Numeric(values) => values.push(batch),
            Values::Text(values) => values.push(batch),
            Values::Boolean(values) => values.push(batch),
            Values::Time(values) => values.push(batch),
            Values::Nested | Values::Nothing => Ok(()),
        }
        .map_err(|error| {
            tracing::error!(column = %self.name, %error, "a batch has another type than its column began with");
            Problem::internal(format!(
                "Column `{}` changes its type within the file; read it with one type.",
                self.name
            ))
        })
    }

    /// The profile, given the column's values in the rows of the sample.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub fn finish(self, sample: &Series) -> Result<ColumnProfile, Problem> {
        let mut profile = ColumnProfile {
            name: self.name,
            position: self.position,
            kind: ColumnKind::Empty,
            stored_type: self.stored_type,
            rows: self.rows,
            nulls: self.nulls,
            null_spellings: self.null_spellings,
            distinct: 0,
            numeric: None,
            categories: None,
            text: None,
            time: None,
        };
        let nothing_there = self.rows == self.nulls;
        let finished = match self.values {
            Values::Numeric(values) => values.finish(sample, &mut profile),
            Values::Text(values) => values.finish(sample, &mut profile),
            Values::Boolean(values) => {
                values.finish(&mut profile);
                Ok(())
            }
            Values::Time(values) => values.finish(sample, &mut profile),
            Values::Nested => {
                profile.kind = ColumnKind::Nested;
                Ok(())
            }
            Values::Nothing => Ok(()),
        };
        if nothing_there {
            profile.kind = ColumnKind::Empty;
        }
        finished.map_err(|error| {
            tracing::error!(column = %profile.name, %error, "the sample has another type than its column");
            Problem::internal(format!(
                "Column `{}` changes its type within the file; read it with one type.",
                profile.name
            ))
        })?;
        Ok(profile)
    }
}
