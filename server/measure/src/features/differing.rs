//! The number features that differ from training, row by row.

use domain::{ColumnRole, Roles};
use polars::prelude::Series;
use rayon::prelude::*;
use stats::two_sample::difference_p;

use crate::sample::Sample;
use crate::values::numbers;

/// Fewer rows have no distribution.
pub const FEWEST_ROWS: usize = 20;
/// A column that differs less certainly than this is as in training.
const DIFFERS: f64 = 0.01;

/// A number column on both sides, row by row.
pub struct Differing {
    pub name: String,
    pub train: Vec<Option<f64>>,
    pub serve: Vec<Option<f64>>,
    /// Ascending.
    pub train_sorted: Vec<f64>,
}

/// The features whose distribution certainly differs.
pub fn differing(train: &Sample, serve: &Sample, roles: &Roles) -> Vec<Differing> {
    let columns = train.frame.columns().par_iter().filter(|column| roles.of(column.name()) == ColumnRole::Feature);
    columns.filter_map(|column| Differing::of(column.as_materialized_series(), serve.column(column.name())?)).collect()
}

impl Differing {
    /// `None` for columns without numbers, with too few rows, and for those that are as in training.
    fn of(train: &Series, serve: &Series) -> Option<Self> {
        let (name, train, serve) = (train.name().to_string(), finite(train)?, finite(serve)?);
        let train_sorted = sorted(train.iter().flatten().copied());
        let serve_sorted = sorted(serve.iter().flatten().copied());
        let enough = train_sorted.len().min(serve_sorted.len()) >= FEWEST_ROWS;
        let differs = difference_p(&train_sorted, &serve_sorted)? < DIFFERS;
        (enough && differs).then_some(Self { name, train, serve, train_sorted })
    }
}

/// The finite numbers of a column, row by row; `None` for words.
pub fn finite(column: &Series) -> Option<Vec<Option<f64>>> {
    Some(numbers(column)?.into_iter().map(|value| value.filter(|value| value.is_finite())).collect())
}

pub fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    values
}
