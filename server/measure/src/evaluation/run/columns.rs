//! Columns as numbers or as classes.

use std::collections::HashMap;

use polars::prelude::{DataType, Series};

use crate::values;

/// Numbers and booleans (0 and 1); NaN is missing. `None` for other columns.
pub(crate) fn numbers(column: &Series) -> Option<Vec<Option<f64>>> {
    let all = values::numbers(column)?;
    Some(all.into_iter().map(|value| value.filter(|number| !number.is_nan())).collect())
}

/// A column whose different values are few enough to be classes.
#[derive(Debug, Clone)]
pub(super) struct Coded {
    /// In the order in which they appear.
    pub names: Vec<String>,
    /// Per row, the index of its name.
    pub codes: Vec<Option<u32>>,
}

impl Coded {
    /// `None` for columns that are no classes or hold more than `most` different values.
    pub fn of(column: &Series, most: usize) -> Option<Self> {
        match column.dtype() {
            DataType::String => {
                let values = column.str().ok()?;
                code(values.iter(), most, |name: &str| name.to_owned())
            }
            DataType::Boolean => code(column.bool().ok()?.iter(), most, |truth: bool| truth.to_string()),
            DataType::Int64 => code(column.i64().ok()?.iter(), most, |number: i64| number.to_string()),
            DataType::Float64 => {
                // Adding zero makes one of the two zeros; NaN is missing.
                let values = column.f64().ok()?.iter();
                let bits =
                    values.map(|value| value.filter(|number| !number.is_nan()).map(|number| (number + 0.0).to_bits()));
                code(bits, most, |bits: u64| f64::from_bits(bits).to_string())
            }
            _ => None,
        }
    }
}

fn code<T: std::hash::Hash + Eq + Copy>(
    values: impl Iterator<Item = Option<T>>,
    most: usize,
    name: impl Fn(T) -> String,
) -> Option<Coded> {
    let mut known: HashMap<T, u32> = HashMap::new();
    let mut coded = Coded { names: Vec::new(), codes: Vec::new() };
    for value in values {
        let code = value.map(|value| {
            *known.entry(value).or_insert_with(|| {
                coded.names.push(name(value));
                coded.names.len() as u32 - 1
            })
        });
        if coded.names.len() > most {
            return None;
        }
        coded.codes.push(code);
    }
    Some(coded)
}
