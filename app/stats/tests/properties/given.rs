//! What the properties are tried on.

use proptest::prelude::*;

/// Finite values, many of them equal, some far away.
pub fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => (-8_i32..8).prop_map(f64::from),
        3 => -100.0..100.0_f64,
        1 => -1e7..1e7_f64,
        1 => Just(0.0),
    ]
}

/// In no order.
pub fn values(size: std::ops::Range<usize>) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(value(), size)
}

/// Ascending.
pub fn sample(size: std::ops::Range<usize>) -> impl Strategy<Value = Vec<f64>> {
    values(size).prop_map(|mut values| {
        values.sort_by(f64::total_cmp);
        values
    })
}

/// Scores 0 to 1 with ties, and which rows are positive.
pub fn scored(size: std::ops::Range<usize>) -> impl Strategy<Value = Vec<(f64, bool)>> {
    let score = prop_oneof![(0_u8..=10).prop_map(|tenth| f64::from(tenth) / 10.0), 0.0..1.0_f64];
    prop::collection::vec((score, any::<bool>()), size)
}

/// The same rows in another order.
pub fn reordered<T: Clone>(rows: &[T], seed: u64) -> Vec<T> {
    let mut rows = rows.to_vec();
    stats::rng::Rng::new(seed).shuffle(&mut rows);
    rows
}

/// Equal but for rounding, relative above one.
pub fn close(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0) || (a.is_nan() && b.is_nan())
}

/// [`close`], where there is a figure on both sides or on none.
pub fn both_close(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => close(a, b),
        (None, None) => true,
        _ => false,
    }
}
