//! The values of a sampled column as numbers or as words, row by row.

use polars::prelude::{DataType, Series};

/// Numbers (NaN and infinities stay what they are), booleans as 0 and 1; `None` for columns of anything else.
pub fn numbers(column: &Series) -> Option<Vec<Option<f64>>> {
    match column.dtype() {
        DataType::Float64 => column.f64().ok().map(|values| values.iter().collect()),
        DataType::Int64 => column.i64().ok().map(|values| values.iter().map(|value| value.map(|v| v as f64)).collect()),
        DataType::Boolean => {
            column.bool().ok().map(|values| values.iter().map(|value| value.map(|v| f64::from(u8::from(v)))).collect())
        }
        _ => None,
    }
}

/// Text as it is, booleans as `true` and `false`, numbers in their shortest form, so that 1 and 1.0 are one word; `None`
/// for columns of anything else.
pub fn words(column: &Series) -> Option<Vec<Option<String>>> {
    match column.dtype() {
        DataType::String => {
            column.str().ok().map(|values| values.iter().map(|value| value.map(str::to_owned)).collect())
        }
        DataType::Boolean => {
            column.bool().ok().map(|values| values.iter().map(|value| value.map(|v| v.to_string())).collect())
        }
        DataType::Float64 | DataType::Int64 => Some(
            numbers(column)?
                .into_iter()
                .map(|value| value.filter(|v| !v.is_nan()).map(|v| (v + 0.0).to_string()))
                .collect(),
        ),
        _ => None,
    }
}

/// A class number per row, counted up in the order in which the words appear, and how many there are; `None` for columns
/// that have no words or more than `most` of them.
pub fn codes(column: &Series, most: usize) -> Option<(Vec<Option<u32>>, usize)> {
    let mut known = std::collections::HashMap::new();
    let mut codes = Vec::with_capacity(column.len());
    for word in words(column)? {
        let next = known.len() as u32;
        codes.push(word.map(|word| *known.entry(word).or_insert(next)));
        if known.len() > most {
            return None;
        }
    }
    Some((codes, known.len()))
}
