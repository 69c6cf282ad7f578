//! Profiles: one pass over the batches of a snapshot, parallel over its columns.

use domain::profile::{ColumnProfile, Profile};
use domain::{ColumnRole, Problem, Roles};
use polars::prelude::{Column, PolarsResult, Series};
use rayon::prelude::*;

use crate::column::ColumnAccumulator;
use crate::ingest::guess::{facts_of, guess_roles};
use crate::profiled::Profiled;
use crate::progress::{Progress, go_on};
use crate::row_hashes;
use crate::row_source::{RowSource, SourceColumn};
use crate::sample::{Sample, SampledRows, append};

/// Rows that the guess of roles looks at.
const ROWS_LOOKED_AT: u64 = 20_000;

/// Profiles a snapshot. `key` identifies the bytes and how they were read.
///
/// # Errors
/// When the bytes can't be read, or somebody cancelled.
pub fn profile(source: &dyn RowSource, key: &str, progress: &dyn Progress) -> Result<Profiled, Problem> {
    let columns = source.columns();
    let rows = source.rows();
    let sampled = SampledRows::draw(rows, columns.len(), key);
    let mut gathered: Vec<Gathered> =
        columns.iter().enumerate().map(|(position, column)| Gathered::new(column, position)).collect();
    let cells = (rows as f64 * columns.len() as f64).max(1.0);
    let mut done = 0.0;
    source.for_each_batch(&mut |batch| {
        go_on(progress)?;
        let parts = batch.frame.columns();
        let mine = &mut gathered[batch.first_column..batch.first_column + parts.len()];
        mine.par_iter_mut()
            .zip(parts)
            .try_for_each(|(column, part)| column.take_in(part, batch.first_row, &sampled))?;
        done += parts.len() as f64 * batch.frame.height() as f64;
        progress.report(done / cells, "profiling");
        Ok(())
    })?;
    let finished: Vec<(ColumnProfile, Series)> =
        gathered.into_par_iter().map(Gathered::finish).collect::<Result<_, Problem>>()?;
    let (profiles, values): (Vec<ColumnProfile>, Vec<Series>) = finished.into_iter().unzip();
    let sample = Sample::new(values, sampled.count() as usize)?;
    let duplicate_rows = duplicates_in(&sample);
    Ok(Profiled {
        profile: Profile {
            key: key.to_owned(),
            rows,
            sampled_rows: sampled.count(),
            duplicate_rows,
            columns: profiles,
        },
        sample,
    })
}

/// Rows equal to an earlier one, but for what seems to be their id and their time.
fn duplicates_in(sample: &Sample) -> u64 {
    let roles = guessed(sample);
    let columns = sample.frame.columns().iter();
    let compared: Vec<&Series> = columns
        .filter(|column| !matches!(roles.of(column.name()), ColumnRole::Id | ColumnRole::Time))
        .map(Column::as_materialized_series)
        .collect();
    row_hashes::count(&compared, sample.rows as usize)
}

/// What the columns seem to be for, from their names and an even share of the sampled rows. A profile depends on its
/// table alone, so it asks nobody.
fn guessed(sample: &Sample) -> Roles {
    let every = sample.rows.div_ceil(ROWS_LOOKED_AT).max(1) as usize;
    let thinned = |column: &Column| column.as_materialized_series().gather_every(every, 0).map(Column::from);
    let columns = sample.frame.columns().par_iter();
    let facts: PolarsResult<Vec<_>> = columns.map(|column| Ok(facts_of(&thinned(column)?))).collect();
    match facts {
        Ok(facts) => guess_roles(&facts),
        Err(error) => {
            tracing::error!(%error, "a sample can't be thinned out");
            Roles::default()
        }
    }
}

/// A column on its way to a profile.
struct Gathered {
    all_rows: ColumnAccumulator,
    sample: Series,
}

impl Gathered {
    fn new(column: &SourceColumn<'_>, position: usize) -> Self {
        Self {
            all_rows: ColumnAccumulator::new(
                column.name,
                position,
                column.stored_type,
                column.null_spellings,
                &column.dtype,
            ),
            sample: Series::new_empty(column.name.into(), &column.dtype),
        }
    }

    fn take_in(&mut self, part: &Column, first_row: u64, sampled: &SampledRows) -> Result<(), Problem> {
        let part = part.as_materialized_series();
        self.all_rows.push(part)?;
        append(&mut self.sample, sampled.of(part, first_row)?)
    }

    fn finish(self) -> Result<(ColumnProfile, Series), Problem> {
        let sample = self.sample.rechunk();
        Ok((self.all_rows.finish(&sample)?, sample))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
pub mod tests {
    use domain::ColumnKind;
    use polars::prelude::{DataFrame, DataType, NamedFrom};

    use super::*;
    use crate::progress::Unwatched;
    use crate::table::MemoryTable;

    pub fn profiled(frame: DataFrame) -> Profiled {
        profile(&MemoryTable { frame, batch_rows: 7 }, "key", &Unwatched).unwrap()
    }

    #[test]
    fn figures_are_those_of_all_rows_however_they_were_cut_into_batches() {
        let rows = 100;
        let amount: Vec<Option<f64>> = (0..rows)
            .map(|i| match i {
                3 => None,
                4 => Some(f64::NAN),
                5 => Some(f64::INFINITY),
                _ => Some(f64::from(i) / 4.0 - 2.0),
            })
            .collect();
        let columns = vec![
            Series::new("amount".into(), amount).into(),
            Series::new("age".into(), (0..rows).map(|i| i64::from(i % 5)).collect::<Vec<_>>()).into(),
            Series::new(
                "city".into(),
                (0..rows).map(|i| ["Oslo", " oslo", "Bergen", ""][i as usize % 4]).collect::<Vec<_>>(),
            )
            .into(),
            Series::new("new".into(), (0..rows).map(|i| (i != 9).then_some(i % 2 == 0)).collect::<Vec<_>>()).into(),
            Series::full_null("nothing".into(), rows as usize, &DataType::Null).into(),
        ];
        let profiled = profiled(DataFrame::new(rows as usize, columns).unwrap());
        let profile = &profiled.profile;
        assert_eq!((profile.rows, profile.sampled_rows, profiled.sample.rows), (100, 100, 100));

        let amount = profile.column("amount").unwrap();
        let numbers = amount.numeric.as_ref().unwrap();
        assert_eq!(
            (amount.kind, amount.nulls, numbers.finite, numbers.nan, numbers.positive_infinity),
            (ColumnKind::Numeric, 1, 97, 1, 1)
        );
        assert_eq!(
            (numbers.min, numbers.max, numbers.zeros, numbers.negatives, numbers.decimals),
            (-2.0, 22.75, 1, 5, 2)
        );
        let finite: Vec<f64> = (0..100).filter(|i| !(3..=5).contains(i)).map(|i| f64::from(i) / 4.0 - 2.0).collect();
        let mean = finite.iter().sum::<f64>() / 97.0;
        let variance = finite.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 96.0;
        assert!((numbers.mean - mean).abs() < 1e-12 && (numbers.std - variance.sqrt()).abs() < 1e-12);
        assert_eq!((numbers.sorted.len(), numbers.integers), (97, false));

        let age = profile.column("age").unwrap();
        assert!(age.numeric.as_ref().unwrap().integers);
        assert_eq!(age.categories.as_ref().unwrap().counts[0], ("0".to_owned(), 20));
        assert_eq!(age.numeric.as_ref().unwrap().modes[0], (0.0, 0.2));

        let city = profile.column("city").unwrap();
        let text = city.text.as_ref().unwrap();
        assert_eq!(
            (city.kind, city.distinct, text.blank, text.max_length, text.mean_length),
            (ColumnKind::Categorical, 4, 25, 6, 3.75)
        );
        assert_eq!(
            profile.column("new").unwrap().categories.as_ref().unwrap().counts,
            [("true".to_owned(), 50), ("false".to_owned(), 49)]
        );
        let nothing = profile.column("nothing").unwrap();
        assert_eq!((nothing.kind, nothing.nulls), (ColumnKind::Empty, 100));
        assert_eq!(profile.duplicate_rows, 0);
    }
}
