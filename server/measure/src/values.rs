//! The values of a sampled column as numbers or as words, row by row.

use polars::prelude::{DataType, PlHashMap, Series};

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

/// A class number per row, counted up in the order in which the values appear, and how many there are; `None` for columns
/// that have no words or more than `most` of them, which is known as soon as one too many appears.
pub fn codes(column: &Series, most: usize) -> Option<(Vec<Option<u32>>, usize)> {
    match column.dtype() {
        DataType::String => coded(column.str().ok()?.iter(), most),
        DataType::Boolean => coded(column.bool().ok()?.iter(), most),
        DataType::Int64 => coded(column.i64().ok()?.iter(), most),
        DataType::Float64 => {
            let values = column.f64().ok()?.iter();
            coded(values.map(|value| value.filter(|v| !v.is_nan()).map(|v| (v + 0.0).to_bits())), most)
        }
        _ => None,
    }
}

fn coded<T: Eq + std::hash::Hash>(
    values: impl Iterator<Item = Option<T>>,
    most: usize,
) -> Option<(Vec<Option<u32>>, usize)> {
    let mut known = PlHashMap::default();
    let mut codes = Vec::with_capacity(values.size_hint().0);
    for value in values {
        let next = known.len() as u32;
        codes.push(value.map(|value| *known.entry(value).or_insert(next)));
        if known.len() > most {
            return None;
        }
    }
    Some((codes, known.len()))
}

#[cfg(test)]
mod tests {
    use polars::prelude::NamedFrom;

    use super::*;

    #[test]
    fn equal_values_share_a_code_and_one_value_too_many_is_none() {
        let numbers = Series::new("x".into(), [Some(0.0), Some(-0.0), Some(f64::NAN), None, Some(7.5)]);
        assert_eq!(codes(&numbers, 2), Some((vec![Some(0), Some(0), None, None, Some(1)], 2)));
        assert_eq!(codes(&numbers, 1), None);
        let words = Series::new("x".into(), [Some("b"), Some("a"), None, Some("b")]);
        assert_eq!(codes(&words, 5), Some((vec![Some(0), Some(1), None, Some(0)], 2)));
    }
}
