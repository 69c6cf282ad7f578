//! How far train is from itself along time, column by column: the noise floor of drift, of features and of the label.

use std::collections::{BTreeMap, HashMap};

use domain::measurements::TrainVariation;
use domain::{ColumnKind, ColumnRole, Problem, Roles};
use polars::prelude::Series;
use rayon::prelude::*;
use stats::chunks::{ChunkEffect, ks_of_chunks, largest_certain, rates_of_chunks, shares_of_chunks};
use stats::intervals::Share;

use crate::monitoring::time_windows::InOrder;
use crate::profiled::Profiled;
use crate::values::{numbers, words};

/// Rows looked at: a chunk of 2,500 differs from the rest by less than 0.04 by chance.
const ROWS: usize = 20_000;
/// Stretches train is cut into, and the fewest rows of one.
pub(crate) const CHUNKS: usize = 8;
const FEWEST_ROWS: usize = 50;
/// A stretch counts only if chance is no explanation.
const SIGNIFICANCE: f64 = 0.01;
/// More categories than this are not compared chunk by chunk.
const CATEGORIES: usize = 200;
/// A label with more different values is a quantity.
const CLASSES: usize = 20;

/// Cuts the train rows by time and holds each stretch against the others. Empty without a column of times, or with too
/// few rows for two stretches.
///
/// # Errors
/// When the sample can't be thinned out, which can't be.
pub fn train_variation(train: &Profiled, roles: &Roles) -> Result<BTreeMap<String, TrainVariation>, Problem> {
    let Some(time) = roles.time().filter(|time| train.sample.column(time).is_some()) else {
        return Ok(BTreeMap::new());
    };
    let sample = train.sample.thinned(ROWS, "variation")?;
    let Some(stretches) = sample.column(time).and_then(Stretches::of) else { return Ok(BTreeMap::new()) };
    let kinds: HashMap<&str, ColumnKind> =
        train.profile.columns.iter().map(|column| (column.name.as_str(), column.kind)).collect();
    Ok(sample
        .frame
        .columns()
        .par_iter()
        .filter(|column| matches!(roles.of(column.name()), ColumnRole::Feature | ColumnRole::Label))
        .filter_map(|column| {
            let kind = *kinds.get(column.name().as_str())?;
            let values = column.as_materialized_series();
            let variation = match roles.of(column.name()) {
                ColumnRole::Label => stretches.largest(&stretches.of_label(values)?)?,
                _ => stretches.variation(values, kind)?,
            };
            Some((column.name().to_string(), variation))
        })
        .collect())
}

/// The stretch of each row with a time.
struct Stretches {
    of_row: Vec<Option<usize>>,
    bounds: Vec<(i64, i64)>,
}

impl Stretches {
    fn of(time: &Series) -> Option<Self> {
        let InOrder(rows) = InOrder::of(time)?;
        let count = (rows.len() / FEWEST_ROWS).min(CHUNKS);
        if count < 2 {
            return None;
        }
        let mut of_row = vec![None; time.len()];
        let mut bounds = Vec::with_capacity(count);
        for chunk in 0..count {
            let inside = &rows[chunk * rows.len() / count..(chunk + 1) * rows.len() / count];
            inside.iter().for_each(|(_, row)| of_row[*row] = Some(chunk));
            bounds.push((inside[0].0, inside[inside.len() - 1].0));
        }
        Some(Self { of_row, bounds })
    }

    fn variation(&self, column: &Series, kind: ColumnKind) -> Option<TrainVariation> {
        let effects = match kind {
            ColumnKind::Numeric => self.of_numbers(column)?,
            ColumnKind::Categorical => self.of_categories(column)?,
            ColumnKind::Boolean => self.of_rates(column)?,
            ColumnKind::Datetime | ColumnKind::Text | ColumnKind::Nested | ColumnKind::Empty => return None,
        };
        self.largest(&effects)
    }

    fn largest(&self, effects: &[ChunkEffect]) -> Option<TrainVariation> {
        let largest = largest_certain(effects, SIGNIFICANCE)?;
        let (from_ms, to_ms) = self.bounds[largest.chunk];
        Some(TrainVariation { effect: largest.effect, chunks: self.bounds.len() as u32, from_ms, to_ms })
    }

    /// The difference of the rate of each class; Kolmogorov-Smirnov for a label with more values than classes.
    fn of_label(&self, label: &Series) -> Option<Vec<ChunkEffect>> {
        let labels = words(label)?;
        let mut counts: HashMap<&str, Vec<u64>> = HashMap::new();
        let mut rows = vec![0_u64; self.bounds.len()];
        for (word, chunk) in labels.iter().zip(&self.of_row) {
            let (Some(word), Some(chunk)) = (word, chunk) else { continue };
            rows[*chunk] += 1;
            counts.entry(word).or_insert_with(|| vec![0; self.bounds.len()])[*chunk] += 1;
            if counts.len() > CLASSES {
                return self.of_numbers(label);
            }
        }
        let rates = |hits: &Vec<u64>| {
            let shares: Vec<Share> = hits.iter().zip(&rows).map(|(hits, n)| Share::new(*hits, *n)).collect();
            rates_of_chunks(&shares)
        };
        Some(counts.values().flat_map(rates).collect())
    }

    fn of_numbers(&self, column: &Series) -> Option<Vec<ChunkEffect>> {
        let values = numbers(column)?;
        let mut values: Vec<(f64, usize)> = values
            .iter()
            .zip(&self.of_row)
            .filter_map(|(value, chunk)| Some((value.filter(|value| value.is_finite())?, (*chunk)?)))
            .collect();
        values.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        Some(ks_of_chunks(&values, self.bounds.len()))
    }

    fn of_categories(&self, column: &Series) -> Option<Vec<ChunkEffect>> {
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut rows: Vec<(usize, usize)> = Vec::new();
        for (word, chunk) in words(column)?.into_iter().zip(&self.of_row) {
            let (Some(word), Some(chunk)) = (word, chunk) else { continue };
            let next = places.len();
            rows.push((*chunk, *places.entry(word).or_insert(next)));
            if places.len() > CATEGORIES {
                return None;
            }
        }
        let mut counts = vec![vec![0; places.len()]; self.bounds.len()];
        rows.into_iter().for_each(|(chunk, category)| counts[chunk][category] += 1);
        Some(shares_of_chunks(&counts))
    }

    fn of_rates(&self, column: &Series) -> Option<Vec<ChunkEffect>> {
        let mut shares = vec![Share::new(0, 0); self.bounds.len()];
        for (value, chunk) in numbers(column)?.into_iter().zip(&self.of_row) {
            let (Some(value), Some(chunk)) = (value, chunk) else { continue };
            shares[*chunk].n += 1;
            shares[*chunk].hits += u64::from(value > 0.5);
        }
        Some(rates_of_chunks(&shares))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use polars::prelude::{Column, DataFrame, NamedFrom, TimeUnit};
    use stats::rng::Rng;

    use super::*;
    use crate::profile::tests::profiled;

    #[test]
    fn a_season_in_train_is_its_floor_and_a_steady_column_has_none() {
        let mut rng = Rng::new(5);
        let time = Series::new("at".into(), (0..800_i64).map(|hour| hour * 3_600_000).collect::<Vec<_>>())
            .into_datetime(TimeUnit::Milliseconds, None);
        // The last eighth is a whole range higher.
        let warm: Vec<f64> = (0..800).map(|hour| rng.next_f64() + if hour >= 700 { 1.0 } else { 0.0 }).collect();
        let steady: Vec<f64> = (0..800).map(|_| rng.next_f64()).collect();
        let holiday: Vec<bool> = (0..800).map(|hour| hour < 100).collect();
        let city: Vec<&str> =
            (0..800).map(|hour| if hour / 100 == 3 { "Oslo" } else { ["Bergen", "Oslo"][hour % 2] }).collect();
        let columns = vec![
            time,
            Series::new("warm".into(), warm),
            Series::new("steady".into(), steady),
            Series::new("holiday".into(), holiday),
            Series::new("city".into(), city),
        ];
        let roles = Roles::from([(ColumnRole::Time, "at")]);
        let train = profiled(DataFrame::new(800, columns.into_iter().map(Column::from).collect()).unwrap());
        let found = train_variation(&train, &roles).unwrap();
        assert_eq!(found.keys().collect::<Vec<_>>(), ["city", "holiday", "warm"]);
        assert_eq!((found["warm"].effect, found["warm"].chunks, found["warm"].from_ms), (1.0, 8, 700 * 3_600_000));
        assert_eq!(found["holiday"].effect, 1.0);
        assert!(found["city"].effect > 0.3 && found["city"].from_ms == 300 * 3_600_000, "{:?}", found["city"]);
        assert!(train_variation(&train, &Roles::default()).unwrap().is_empty());
    }
}
