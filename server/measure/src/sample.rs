//! The rows that stand for a snapshot where values are needed rather than counts.

use std::collections::HashSet;

use domain::Problem;
use domain::profile::SAMPLE_ROWS;
use polars::prelude::{Column, DataFrame, IdxSize, Series};

/// Cells of a sample: with more columns than this allows at [`SAMPLE_ROWS`] rows, fewer rows are kept, so that a wide
/// snapshot stays within 128 MB.
const SAMPLE_CELLS: usize = 1 << 24;
/// Whatever the number of columns, at least this many rows are kept (or all of them, where there are fewer).
const FEWEST_ROWS: usize = 8_192;

/// The sampled rows of one snapshot; all rows where they are few enough.
#[derive(Debug, Clone)]
pub struct Sample {
    /// In the order of the file, with all its columns.
    pub frame: DataFrame,
    pub rows: u64,
}

impl Sample {
    /// # Errors
    /// When the columns differ in length, which is a fault of the reader.
    pub fn new(columns: Vec<Series>, rows: usize) -> Result<Self, Problem> {
        let columns = columns.into_iter().map(Column::from).collect();
        let frame = DataFrame::new(rows, columns).map_err(|error| {
            tracing::error!(%error, "the columns of a sample don't fit together");
            Problem::internal("The columns of the file have different numbers of rows.")
        })?;
        Ok(Self { frame, rows: rows as u64 })
    }

    /// The sampled values of a column.
    pub fn column(&self, name: &str) -> Option<&Series> {
        self.frame.column(name).ok().map(Column::as_materialized_series)
    }

    /// At most so many of its rows in their order, drawn uniformly with `key` as the seed: for what looks at many columns
    /// at once.
    ///
    /// # Errors
    /// When a drawn row is not there, which can't be.
    pub fn thinned(&self, most: usize, key: &str) -> Result<Self, Problem> {
        let rows = self.rows as usize;
        if rows <= most {
            return Ok(self.clone());
        }
        let mut random = SplitMix64::seeded(key);
        let mut order: Vec<IdxSize> = (0..rows as IdxSize).collect();
        for place in 0..most {
            let other = place + random.below((rows - place) as u64) as usize;
            order.swap(place, other);
        }
        order.truncate(most);
        order.sort_unstable();
        let columns: Result<Vec<Series>, Problem> = self
            .frame
            .columns()
            .iter()
            .map(|column| {
                column.as_materialized_series().take_slice(&order).map_err(|error| {
                    tracing::error!(%error, "a drawn row is outside the sample");
                    Problem::internal("The sample of a file can't be thinned out.")
                })
            })
            .collect();
        Self::new(columns?, most)
    }
}

/// Adds the next part of a column.
///
/// # Errors
/// When its type is another one, which is a fault of the reader.
pub fn append(values: &mut Series, part: Series) -> Result<(), Problem> {
    if values.is_empty() {
        *values = part;
        return Ok(());
    }
    let name = values.name().clone();
    values.append_owned(part).map(|_| ()).map_err(|error| {
        tracing::error!(column = %name, %error, "a batch has another type than its column began with");
        Problem::internal(format!("Column `{name}` changes its type within the file."))
    })
}

/// Which rows are in the sample: drawn uniformly without replacement, the same ones each time for the same seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampledRows {
    /// Ascending; `None` when it is every row.
    chosen: Option<Vec<u64>>,
    rows: u64,
}

impl SampledRows {
    /// Draws from `rows` rows of `columns` columns; `key` identifies the content and is the seed.
    pub fn draw(rows: u64, columns: usize, key: &str) -> Self {
        let wanted = (SAMPLE_CELLS / columns.max(1)).clamp(FEWEST_ROWS, SAMPLE_ROWS) as u64;
        if rows <= wanted {
            return Self { chosen: None, rows };
        }
        // Floyd's algorithm: Bentley & Floyd, "A sample of brilliance", CACM 30 (1987).
        let mut random = SplitMix64::seeded(key);
        let mut drawn = HashSet::with_capacity(wanted as usize);
        for last in rows - wanted..rows {
            let row = random.below(last + 1);
            if !drawn.insert(row) {
                drawn.insert(last);
            }
        }
        let mut chosen: Vec<u64> = drawn.into_iter().collect();
        chosen.sort_unstable();
        Self { chosen: Some(chosen), rows }
    }

    /// How many rows are in it.
    pub fn count(&self) -> u64 {
        self.chosen.as_ref().map_or(self.rows, |chosen| chosen.len() as u64)
    }

    /// The part of a batch that begins at row `from` which belongs to the sample.
    ///
    /// # Errors
    /// When a row is out of the batch, which can't be.
    pub fn of(&self, batch: &Series, from: u64) -> Result<Series, Problem> {
        let Some(chosen) = &self.chosen else { return Ok(batch.clone()) };
        let begin = chosen.partition_point(|row| *row < from);
        let end = chosen.partition_point(|row| *row < from + batch.len() as u64);
        let inside: Vec<IdxSize> = chosen[begin..end].iter().map(|row| (row - from) as IdxSize).collect();
        batch.take_slice(&inside).map_err(|error| {
            tracing::error!(%error, "a sampled row is outside its batch");
            Problem::internal("The file changed while it was being read.")
        })
    }
}

/// Steele, Lea & Flood, "Fast splittable pseudorandom number generators" (2014).
struct SplitMix64(u64);

impl SplitMix64 {
    fn seeded(key: &str) -> Self {
        Self(
            key.bytes()
                .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)),
        )
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in `0..bound`; the bias of the multiplication is below 2^-40 for any number of rows there can be.
    fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u64
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::NamedFrom;

    use super::*;

    #[test]
    fn few_rows_are_all_taken() {
        assert_eq!(SampledRows::draw(65_536, 10, "a"), SampledRows { chosen: None, rows: 65_536 });
    }

    #[test]
    fn a_thinned_sample_keeps_the_order_and_never_a_row_twice() {
        let numbers = Series::new("row".into(), (0..1_000_i64).collect::<Vec<_>>());
        let sample = Sample::new(vec![numbers], 1_000).unwrap_or_else(|problem| panic!("{problem}"));
        let thinned = sample.thinned(100, "a").unwrap_or_else(|problem| panic!("{problem}"));
        let rows: Vec<i64> = thinned
            .column("row")
            .and_then(|column| column.i64().ok())
            .map_or_else(Vec::new, |rows| rows.iter().flatten().collect());
        assert_eq!((thinned.rows, rows.len()), (100, 100));
        assert!(rows.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(sample.thinned(5_000, "a").map(|all| all.rows), Ok(1_000));
    }

    #[test]
    fn many_rows_are_drawn_uniformly_and_the_same_each_time() {
        let sampled = SampledRows::draw(1_000_000, 10, "content");
        assert_eq!(sampled, SampledRows::draw(1_000_000, 10, "content"));
        assert_ne!(sampled, SampledRows::draw(1_000_000, 10, "other content"));
        assert_eq!(sampled.count(), SAMPLE_ROWS as u64);
        let chosen = sampled.chosen.unwrap_or_default();
        assert!(chosen.windows(2).all(|pair| pair[0] < pair[1]));
        let first_half = chosen.iter().filter(|row| **row < 500_000).count() as f64;
        // Five standard deviations of a fair draw.
        assert!((first_half / SAMPLE_ROWS as f64 - 0.5).abs() < 5.0 * 0.5 / (SAMPLE_ROWS as f64).sqrt());
    }

    #[test]
    fn wide_snapshots_keep_fewer_rows() {
        assert_eq!(SampledRows::draw(1_000_000, 1_024, "a").count(), 16_384);
        assert_eq!(SampledRows::draw(1_000_000, 100_000, "a").count(), 8_192);
    }
}
