//! Each column along time: windows of equal numbers of rows, with their nulls and quartiles.

use std::collections::BTreeMap;

use domain::comparison::{Side, TimeChunk};
use domain::{ColumnRole, Roles};
use polars::prelude::{DataType, Series};
use rayon::prelude::*;

use crate::sample::Sample;
use crate::values::numbers;

/// Windows per side: enough to see a day's outage in a month, few enough for quartiles that hold still.
const CHUNKS: usize = 24;
/// Fewer rows than this have no quartiles worth drawing; there are fewer windows instead.
const FEWEST_ROWS: usize = 20;

/// The sampled rows of one side, ordered by time and cut into windows of equal numbers of rows. Per column and
/// window: rows `n`, how many of them are `nulls`, and the quartiles of the finite values (linear interpolation; booleans
/// count as 0 and 1; all three are 0 for text and where there is no value). Empty without a column of times.
pub fn chunks(side: Side, sample: &Sample, roles: &Roles) -> BTreeMap<String, Vec<TimeChunk>> {
    let Some(windows) = roles.time().and_then(|time| sample.column(time)).and_then(Windows::of) else {
        return BTreeMap::new();
    };
    let columns: Vec<&Series> = sample
        .frame
        .columns()
        .iter()
        .filter(|column| {
            matches!(
                roles.of(column.name()),
                ColumnRole::Feature | ColumnRole::Label | ColumnRole::Prediction | ColumnRole::Score
            )
        })
        .map(|column| column.as_materialized_series())
        .collect();
    columns.into_par_iter().map(|column| (column.name().to_string(), windows.along(side, column))).collect()
}

/// Windows of a sample with equal numbers of rows, in the order of time.
pub(super) struct Windows {
    rows: Vec<(i64, usize)>,
    count: usize,
}

/// One of them.
pub(super) struct Window<'a> {
    /// Time of the first and of the last row.
    pub from_ms: i64,
    pub to_ms: i64,
    /// Each row's time and place in the sample; at least one.
    pub rows: &'a [(i64, usize)],
}

impl Windows {
    /// `None` without times.
    pub fn of(time: &Series) -> Option<Self> {
        if !matches!(time.dtype(), DataType::Datetime(..)) {
            return None;
        }
        let times = time.datetime().ok()?;
        let mut rows: Vec<(i64, usize)> =
            times.physical().iter().enumerate().filter_map(|(row, time)| Some((time?, row))).collect();
        if rows.is_empty() {
            return None;
        }
        rows.sort_unstable();
        let count = (rows.len() / FEWEST_ROWS).clamp(1, CHUNKS);
        Some(Self { rows, count })
    }

    pub fn each(&self) -> impl Iterator<Item = Window<'_>> {
        (0..self.count).filter_map(|window| {
            let rows = &self.rows[window * self.rows.len() / self.count..(window + 1) * self.rows.len() / self.count];
            Some(Window { from_ms: rows.first()?.0, to_ms: rows.last()?.0, rows })
        })
    }

    fn along(&self, side: Side, column: &Series) -> Vec<TimeChunk> {
        let values = numbers(column);
        let missing = column.is_null();
        let chunk = |Window { from_ms, to_ms, rows }: Window<'_>| {
            let mut finite: Vec<f64> = match &values {
                Some(values) => rows.iter().filter_map(|(_, row)| values[*row].filter(|v| v.is_finite())).collect(),
                None => Vec::new(),
            };
            finite.sort_unstable_by(f64::total_cmp);
            TimeChunk {
                side,
                from_ms,
                to_ms,
                n: rows.len() as u64,
                nulls: rows.iter().filter(|(_, row)| missing.get(*row).unwrap_or(false)).count() as u64,
                q25: quantile(&finite, 0.25),
                median: quantile(&finite, 0.5),
                q75: quantile(&finite, 0.75),
            }
        };
        self.each().map(chunk).collect()
    }
}

/// As `numpy.quantile` with its default, linear interpolation; 0 for no values.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let place = share * last as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(last);
    sorted[below] + (sorted[above] - sorted[below]) * (place - below as f64)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use polars::prelude::{NamedFrom, TimeUnit};

    use super::*;

    #[test]
    fn rows_are_cut_by_time_whatever_their_order_in_the_file() {
        let hours: Vec<i64> = (0..240).rev().collect();
        let time = Series::new("at".into(), hours.iter().map(|hour| hour * 3_600_000).collect::<Vec<i64>>())
            .into_datetime(TimeUnit::Milliseconds, None);
        let load = Series::new(
            "load".into(),
            hours.iter().map(|hour| (*hour >= 120).then_some(*hour as f64)).collect::<Vec<_>>(),
        );
        let roles = Roles::from([(ColumnRole::Time, "at")]);
        let sample = Sample::new(vec![time, load], 240).unwrap();
        let by_column = chunks(Side::Serve, &sample, &roles);
        assert_eq!(by_column.keys().collect::<Vec<_>>(), ["load"]);
        let load = &by_column["load"];
        assert_eq!(load.len(), 12);
        assert!(load.iter().all(|chunk| chunk.n == 20 && chunk.side == Side::Serve));
        assert_eq!((load[0].nulls, load[0].median), (20, 0.0));
        assert_eq!((load[6].nulls, load[6].q25, load[6].median, load[6].q75), (0, 124.75, 129.5, 134.25));
        assert_eq!((load[11].from_ms, load[11].to_ms), (220 * 3_600_000, 239 * 3_600_000));
    }
}
