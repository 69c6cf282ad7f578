//! Equal rows, by a hash over all columns.

use polars::prelude::{DataType, PlHashSet, Series};

const MISSING: u64 = 0x9e37_79b9_7f4a_7c15;

/// How many of `rows` rows are equal to an earlier one in every column. Two rows that differ are taken for equal with
/// a chance below `rows² / 2^65`. Lists and structs are left out. None are counted without columns to compare.
pub fn count(columns: &[&Series], rows: usize) -> u64 {
    let Some(hashes) = row_hashes(columns, rows) else { return 0 };
    let mut seen = PlHashSet::default();
    hashes.into_iter().filter(|hash| !seen.insert(*hash)).count() as u64
}

/// A 64-bit hash per row; `None` when there is no column that can be hashed.
pub fn row_hashes(columns: &[&Series], rows: usize) -> Option<Vec<u64>> {
    let mut hashes = vec![0_u64; rows];
    let mut any = false;
    for column in columns {
        any |= mix_in(&mut hashes, column);
    }
    any.then_some(hashes)
}

fn mix_in(hashes: &mut [u64], column: &Series) -> bool {
    match column.dtype() {
        DataType::Float64 => column.f64().map(|values| fold(hashes, values.iter(), |value| (value + 0.0).to_bits())),
        DataType::Int64 => column.i64().map(|values| fold(hashes, values.iter(), i64::cast_unsigned)),
        DataType::Boolean => column.bool().map(|values| fold(hashes, values.iter(), u64::from)),
        DataType::Datetime(..) => {
            column.datetime().map(|values| fold(hashes, values.physical().iter(), i64::cast_unsigned))
        }
        DataType::String => column.str().map(|values| fold(hashes, values.iter(), hash_text)),
        _ => return false,
    }
    .is_ok()
}

fn fold<T>(hashes: &mut [u64], values: impl Iterator<Item = Option<T>>, bits: impl Fn(T) -> u64) {
    for (hash, value) in hashes.iter_mut().zip(values) {
        *hash = mix(*hash ^ value.map_or(MISSING, |value| mix(bits(value))));
    }
}

pub(super) fn hash_text(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// The finaliser of SplitMix64 on an offset value, so that zero doesn't stay zero.
pub(super) fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use polars::prelude::NamedFrom;

    use super::*;

    #[test]
    fn rows_are_duplicates_only_when_every_column_agrees() {
        let amount = Series::new("amount".into(), [Some(1.5), Some(1.5), None, None, Some(1.5)]);
        let city = Series::new("city".into(), ["Oslo", "Oslo", "Oslo", "Oslo", "Bergen"]);
        assert_eq!(count(&[&amount, &city], 5), 2);
        assert_eq!(count(&[&city, &amount], 5), 2);
        assert_eq!(count(&[], 5), 0);
    }
}
