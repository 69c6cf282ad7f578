//! Tables as plain typed columns: easy to change a value in, and to write as Parquet.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use domain::Roles;
use measure::ingest::guess::{facts_of, guess_roles};
use measure::ingest::{Limits, ReadOptions, read_table};
use polars::prelude::{Column as Stored, DataFrame, DataType, ParquetCompression, ParquetWriter, TimeUnit};

use crate::Outcome;

/// The values of one column; `None` is a missing one.
#[derive(Clone)]
pub enum Values {
    Numbers(Vec<Option<f64>>),
    Whole(Vec<Option<i64>>),
    Words(Vec<Option<String>>),
    Truths(Vec<Option<bool>>),
    /// Milliseconds since 1970.
    Moments(Vec<Option<i64>>),
}

fn picked<T: Clone>(values: &[Option<T>], rows: &[usize]) -> Vec<Option<T>> {
    rows.iter().map(|&row| values[row].clone()).collect()
}

impl Values {
    fn take(&self, rows: &[usize]) -> Self {
        match self {
            Values::Numbers(values) => Values::Numbers(picked(values, rows)),
            Values::Whole(values) => Values::Whole(picked(values, rows)),
            Values::Words(values) => Values::Words(picked(values, rows)),
            Values::Truths(values) => Values::Truths(picked(values, rows)),
            Values::Moments(values) => Values::Moments(picked(values, rows)),
        }
    }

    /// The values as numbers, where they are numbers.
    pub fn numbers(&self) -> Option<Vec<Option<f64>>> {
        match self {
            Values::Numbers(values) => Some(values.clone()),
            Values::Whole(values) => Some(values.iter().map(|value| value.map(|value| value as f64)).collect()),
            Values::Words(_) | Values::Truths(_) | Values::Moments(_) => None,
        }
    }

    /// Every value as text.
    pub fn words(&self) -> Vec<Option<String>> {
        fn shown<T: ToString>(values: &[Option<T>]) -> Vec<Option<String>> {
            values.iter().map(|value| value.as_ref().map(ToString::to_string)).collect()
        }
        match self {
            Values::Numbers(values) => shown(values),
            Values::Whole(values) | Values::Moments(values) => shown(values),
            Values::Words(values) => values.clone(),
            Values::Truths(values) => shown(values),
        }
    }

    /// Leaves the values of the chosen rows out.
    pub fn blank(&mut self, is_blank: impl Fn(usize) -> bool) {
        fn clear<T>(values: &mut [Option<T>], is_blank: impl Fn(usize) -> bool) {
            for (row, value) in values.iter_mut().enumerate() {
                if is_blank(row) {
                    *value = None;
                }
            }
        }
        match self {
            Values::Numbers(values) => clear(values, is_blank),
            Values::Whole(values) | Values::Moments(values) => clear(values, is_blank),
            Values::Words(values) => clear(values, is_blank),
            Values::Truths(values) => clear(values, is_blank),
        }
    }

    /// Numbers in the type of this column where they still fit it: whole numbers stay whole.
    pub fn like(&self, numbers: Vec<Option<f64>>) -> Values {
        let fits = numbers.iter().flatten().all(|number| number.fract() == 0.0);
        match self {
            Values::Whole(_) if fits => {
                Values::Whole(numbers.into_iter().map(|number| number.map(|number| number as i64)).collect())
            }
            _ => Values::Numbers(numbers),
        }
    }

    fn stored(&self, name: &str) -> Outcome<Stored> {
        let name = name.into();
        Ok(match self {
            Values::Numbers(values) => Stored::new(name, values),
            Values::Whole(values) => Stored::new(name, values),
            Values::Words(values) => Stored::new(name, values),
            Values::Truths(values) => Stored::new(name, values),
            Values::Moments(values) => Stored::new(name, values)
                .cast(&DataType::Datetime(TimeUnit::Milliseconds, None))
                .map_err(|error| format!("times can't be written: {error}."))?,
        })
    }
}

/// A table whose columns are in the order of its file.
#[derive(Clone)]
pub struct Table {
    pub columns: Vec<(String, Values)>,
    pub rows: usize,
}

impl Table {
    /// Reads a file of any format the product reads, with what its columns seem to be for. Nested columns are left out.
    pub fn read(path: &Path) -> Outcome<(Table, Roles)> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let table = read_table(path, &name, &ReadOptions::default(), &Limits::default())
            .map_err(|problem| problem.to_string())?;
        let facts: Vec<_> = table.frame.columns().iter().map(facts_of).collect();
        let columns = table.frame.columns().iter().filter_map(values_of).collect();
        Ok((Table { columns, rows: table.frame.height() }, guess_roles(&facts)))
    }

    pub fn get(&self, name: &str) -> Option<&Values> {
        self.columns.iter().find(|(column, _)| column == name).map(|(_, values)| values)
    }

    pub fn get_mut(&mut self, name: &str) -> Option<&mut Values> {
        self.columns.iter_mut().find(|(column, _)| column == name).map(|(_, values)| values)
    }

    /// Replaces the column of that name, or adds it at the end.
    pub fn set(&mut self, name: &str, values: Values) {
        match self.get_mut(name) {
            Some(place) => *place = values,
            None => self.columns.push((name.to_owned(), values)),
        }
    }

    pub fn remove(&mut self, name: &str) {
        self.columns.retain(|(column, _)| column != name);
    }

    pub fn take(&self, rows: &[usize]) -> Table {
        let columns = self.columns.iter().map(|(name, values)| (name.clone(), values.take(rows))).collect();
        Table { columns, rows: rows.len() }
    }

    /// This table's rows followed by the other's, which has the same columns.
    pub fn followed_by(&self, other: &Table) -> Table {
        let mut columns = self.columns.clone();
        for (name, values) in &mut columns {
            match (values, other.get(name)) {
                (Values::Numbers(mine), Some(Values::Numbers(theirs))) => mine.extend(theirs.iter().copied()),
                (Values::Whole(mine), Some(Values::Whole(theirs))) => mine.extend(theirs.iter().copied()),
                (Values::Words(mine), Some(Values::Words(theirs))) => mine.extend(theirs.iter().cloned()),
                (Values::Truths(mine), Some(Values::Truths(theirs))) => mine.extend(theirs.iter().copied()),
                (Values::Moments(mine), Some(Values::Moments(theirs))) => mine.extend(theirs.iter().copied()),
                _ => {}
            }
        }
        Table { columns, rows: self.rows + other.rows }
    }

    pub fn write(&self, path: &Path) -> Outcome {
        let failed = |error: &dyn std::fmt::Display| format!("{} can't be written: {error}.", path.display());
        let columns = self.columns.iter().map(|(name, values)| values.stored(name)).collect::<Outcome<Vec<_>>>()?;
        let mut frame = DataFrame::new(self.rows, columns).map_err(|error| failed(&error))?;
        let file = File::create(path).map_err(|error| failed(&error))?;
        let writer = ParquetWriter::new(file).with_compression(ParquetCompression::Uncompressed);
        writer.finish(&mut frame).map(|_| ()).map_err(|error| failed(&error))
    }
}

fn values_of(column: &Stored) -> Option<(String, Values)> {
    let name = column.name().to_string();
    let values = match column.dtype() {
        DataType::Float64 => Values::Numbers(column.f64().ok()?.iter().collect()),
        DataType::Int64 => Values::Whole(column.i64().ok()?.iter().collect()),
        DataType::Boolean => Values::Truths(column.bool().ok()?.iter().collect()),
        DataType::String => Values::Words(column.str().ok()?.iter().map(|word| word.map(str::to_owned)).collect()),
        DataType::Datetime(..) => Values::Moments(column.cast(&DataType::Int64).ok()?.i64().ok()?.iter().collect()),
        _ => return None,
    };
    Some((name, values))
}

/// The figures by which a column is chosen for a fault.
pub struct Spread {
    pub mean: f64,
    pub std: f64,
    pub min: f64,
    pub max: f64,
    pub distinct: usize,
}

impl Spread {
    /// `None` without two finite numbers.
    pub fn of(numbers: &[Option<f64>]) -> Option<Spread> {
        let mut known: Vec<f64> = numbers.iter().flatten().copied().filter(|number| number.is_finite()).collect();
        if known.len() < 2 {
            return None;
        }
        known.sort_by(f64::total_cmp);
        let count = known.len() as f64;
        let mean = known.iter().sum::<f64>() / count;
        let std = (known.iter().map(|number| (number - mean).powi(2)).sum::<f64>() / (count - 1.0)).sqrt();
        let (min, max) = (known[0], known[known.len() - 1]);
        known.dedup();
        Some(Spread { mean, std, min, max, distinct: known.len() })
    }
}

/// How often each value occurs, the most frequent first.
pub fn shares(words: &[Option<String>]) -> Vec<(String, f64)> {
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    for word in words.iter().flatten() {
        *counts.entry(word).or_default() += 1;
    }
    let all = counts.values().sum::<usize>().max(1) as f64;
    let mut shares: Vec<(String, f64)> =
        counts.into_iter().map(|(word, count)| (word.clone(), count as f64 / all)).collect();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    shares
}
