//! Rows of two splits that are the same but for rounding, spelling or one cell.

use std::collections::HashMap;

use domain::measurements::near_duplicates::NearDuplicates;
use domain::{ColumnRole, Problem, Roles, SnapshotRole};
use polars::prelude::{DataType, Series};
use stats::intervals::Share;
use stats::quantiles::standard_deviation;

use crate::profiled::Profiled;
use crate::row_hashes::{hash_text, mix, row_hashes};
use crate::values::{numbers, words};

/// Rows of each side that are looked up.
pub(crate) const PROBES: usize = 5_000;
/// Groups the columns are dealt into: rows that differ in one cell agree in all the others.
pub(crate) const BLOCKS: usize = 3;
/// Rows of one group of equal cells that are held against each other; a larger group says little.
pub(crate) const CANDIDATES: usize = 32;
/// Fewer columns than this can't tell a twin from another row.
pub(crate) const FEWEST_COLUMNS: usize = 4;
/// Numbers this close, in standard deviations of the column, are equal but for rounding.
pub(crate) const ROUNDING: f64 = 0.01;
/// Width of the steps by which numbers are grouped, in standard deviations: a rounded number seldom crosses one.
const STEP: f64 = 0.25;

/// Looks each pair of splits up, in the order train, validation, test. Pairs with too few columns in common are left out.
///
/// # Errors
/// When the samples can't be thinned out, which can't be.
pub fn near_duplicates(splits: &[(SnapshotRole, &Profiled)], roles: &Roles) -> Result<Vec<NearDuplicates>, Problem> {
    let mut found = Vec::new();
    for (place, (later_role, later)) in splits.iter().enumerate() {
        for (earlier_role, earlier) in &splits[..place] {
            found.extend(of_pair((*earlier_role, earlier), (*later_role, later), roles)?);
        }
    }
    Ok(found)
}

fn of_pair(
    (earlier_role, earlier): (SnapshotRole, &Profiled),
    (later_role, later): (SnapshotRole, &Profiled),
    roles: &Roles,
) -> Result<Option<NearDuplicates>, Problem> {
    let later_sample = later.sample.thinned(PROBES, "near twins")?;
    let compared = |name: &str| matches!(roles.of(name), ColumnRole::Feature | ColumnRole::Label);
    let columns: Vec<(&Series, &Series)> = earlier
        .sample
        .frame
        .columns()
        .iter()
        .filter(|column| compared(column.name()))
        .filter_map(|column| Some((column.as_materialized_series(), later_sample.column(column.name())?)))
        .filter(|(before, after)| before.dtype() == after.dtype())
        .collect();
    let (before, after): (Vec<&Series>, Vec<&Series>) = columns.iter().copied().unzip();
    let (n, m) = (earlier.sample.rows as usize, later_sample.rows as usize);
    let (Some(exact_before), Some(exact_after)) = (row_hashes(&before, n), row_hashes(&after, m)) else {
        return Ok(None);
    };
    let cells: Vec<(&str, Cells, Cells)> = columns
        .iter()
        .filter_map(|(before, after)| {
            let (before_cells, after_cells) = Cells::of(before, after)?;
            Some((before.name().as_str(), before_cells, after_cells))
        })
        .collect();
    if cells.len() < FEWEST_COLUMNS {
        return Ok(None);
    }
    let names: Vec<&str> = cells.iter().map(|(name, _, _)| *name).collect();
    let (before, after): (Vec<Cells>, Vec<Cells>) = cells.into_iter().map(|(_, before, after)| (before, after)).unzip();
    let reference = Reference::of(&before, &exact_before);
    let mut differing = vec![0_u64; names.len()];
    let mut shared = 0;
    for (row, exact) in exact_after.iter().enumerate() {
        if let Some(difference) = reference.twin(&after, row, *exact, None) {
            shared += 1;
            difference.into_iter().for_each(|column| differing[column] += 1);
        }
    }
    // Every so many of the earlier rows, so that as many are looked up.
    let every = n.div_ceil(PROBES).max(1);
    let looked_up = (0..n).step_by(every);
    let by_nature =
        looked_up.clone().filter(|row| reference.twin(&before, *row, exact_before[*row], Some(*row)).is_some());
    let by_nature = Share::new(by_nature.count() as u64, looked_up.count() as u64);
    let mut differing: Vec<(String, u64)> = names
        .iter()
        .zip(differing)
        .filter(|(_, rows)| *rows > 0)
        .map(|(name, rows)| ((*name).to_owned(), rows))
        .collect();
    differing.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
    Ok(Some(NearDuplicates {
        earlier: earlier_role,
        later: later_role,
        columns: names.into_iter().map(str::to_owned).collect(),
        shared: Share::new(shared, m as u64),
        by_nature,
        looked_at: earlier.sample.rows as f64 / earlier.profile.rows.max(1) as f64,
        differing,
    }))
}

/// The cells of one column, ready to be compared.
enum Cells {
    /// In standard deviations of the earlier rows; missing is NaN.
    Numbers(Vec<f64>),
    /// Hashes of the words in lower case with single spaces; 0 is missing.
    Words(Vec<u64>),
}

impl Cells {
    /// Both sides of a column, in the same measure. `None` for what is neither numbers nor words nor times.
    fn of(before: &Series, after: &Series) -> Option<(Self, Self)> {
        let as_numbers = |column: &Series| match column.dtype() {
            DataType::Datetime(..) => {
                Some(column.datetime().ok()?.physical().iter().map(|time| time.map(|time| time as f64)).collect())
            }
            _ => numbers(column),
        };
        if let (Some(before), Some(after)) = (as_numbers(before), as_numbers(after)) {
            let finite: Vec<f64> = before.iter().flatten().copied().filter(|value| value.is_finite()).collect();
            let spread = standard_deviation(&finite);
            let unit = if spread > 0.0 { spread } else { 1.0 };
            let scaled = |values: Vec<Option<f64>>| {
                Cells::Numbers(values.into_iter().map(|value| value.map_or(f64::NAN, |value| value / unit)).collect())
            };
            return Some((scaled(before), scaled(after)));
        }
        Some((Cells::Words(spellings(before)?), Cells::Words(spellings(after)?)))
    }

    /// What rows are grouped by.
    fn block(&self, row: usize) -> u64 {
        match self {
            Cells::Numbers(values) if !values[row].is_finite() => 0,
            Cells::Numbers(values) => (values[row] / STEP).round().to_bits(),
            Cells::Words(words) => words[row],
        }
    }

    /// The same but for rounding, case and spaces.
    fn alike(&self, row: usize, other: &Cells, other_row: usize) -> bool {
        match (self, other) {
            (Cells::Numbers(a), Cells::Numbers(b)) => {
                let (a, b) = (a[row], b[other_row]);
                (a - b).abs() <= ROUNDING || a == b || (a.is_nan() && b.is_nan())
            }
            (Cells::Words(a), Cells::Words(b)) => a[row] == b[other_row],
            _ => false,
        }
    }
}

fn spellings(column: &Series) -> Option<Vec<u64>> {
    let plain = |word: String| {
        let lower = word.to_lowercase();
        hash_text(&lower.split_whitespace().collect::<Vec<_>>().join(" ")).max(1)
    };
    Some(words(column)?.into_iter().map(|word| word.map_or(0, plain)).collect())
}

/// The rows in which twins are looked for.
struct Reference<'a> {
    cells: &'a [Cells],
    exact: &'a [u64],
    /// Rows with each exact hash.
    copies: HashMap<u64, u32>,
    /// Per group of columns, the first rows of each group of equal cells.
    blocks: Vec<HashMap<u64, Vec<u32>>>,
}

impl<'a> Reference<'a> {
    fn of(cells: &'a [Cells], exact: &'a [u64]) -> Self {
        let mut copies = HashMap::new();
        exact.iter().for_each(|hash| *copies.entry(*hash).or_insert(0) += 1);
        let blocks = (0..BLOCKS)
            .map(|block| {
                let mut rows: HashMap<u64, Vec<u32>> = HashMap::new();
                for row in 0..exact.len() {
                    let group = rows.entry(block_hash(cells, block, row)).or_default();
                    if group.len() < CANDIDATES {
                        group.push(row as u32);
                    }
                }
                rows
            })
            .collect();
        Self { cells, exact, copies, blocks }
    }

    /// The columns in which a row differs from its near twin (none: in rounding or spelling only); `None` when it has no
    /// twin, or an exact copy. `itself` is the row's own place, when it is one of these.
    fn twin(&self, cells: &[Cells], row: usize, exact: u64, itself: Option<usize>) -> Option<Vec<usize>> {
        let copies = self.copies.get(&exact).copied().unwrap_or(0);
        if copies > u32::from(itself.is_some()) {
            return None;
        }
        let candidates = self
            .blocks
            .iter()
            .enumerate()
            .filter_map(|(block, rows)| rows.get(&block_hash(cells, block, row)))
            .flatten()
            .map(|candidate| *candidate as usize)
            .filter(|candidate| Some(*candidate) != itself && self.exact[*candidate] != exact);
        candidates.filter_map(|candidate| self.difference(cells, row, candidate)).min_by_key(Vec::len)
    }

    /// The columns that differ, when it is at most one.
    fn difference(&self, cells: &[Cells], row: usize, candidate: usize) -> Option<Vec<usize>> {
        let mut differing = Vec::new();
        for (column, (mine, theirs)) in cells.iter().zip(self.cells).enumerate() {
            if !mine.alike(row, theirs, candidate) {
                if !differing.is_empty() {
                    return None;
                }
                differing.push(column);
            }
        }
        Some(differing)
    }
}

/// A hash of the cells of every third column.
fn block_hash(cells: &[Cells], block: usize, row: usize) -> u64 {
    cells.iter().skip(block).step_by(BLOCKS).fold(block as u64, |hash, cells| mix(hash ^ mix(cells.block(row))))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use polars::prelude::{DataFrame, NamedFrom};
    use stats::rng::Rng;

    use super::*;
    use crate::profile::tests::profiled;

    type Row = (f64, f64, f64, String, bool);

    fn drawn(seed: u64, rows: usize) -> Vec<Row> {
        let mut rng = Rng::new(seed);
        let mut number = || (rng.next_f64() + rng.next_f64()) * 100.0;
        (0..rows)
            .map(|_| (number(), number(), number(), format!("Street {}", number() as i64), number() > 90.0))
            .collect()
    }

    fn split(rows: &[Row]) -> Profiled {
        let number = |name: &str, of: fn(&Row) -> f64| {
            Series::new(name.into(), rows.iter().map(of).collect::<Vec<f64>>()).into()
        };
        let columns = vec![
            number("a", |row| row.0),
            number("b", |row| row.1),
            number("c", |row| row.2),
            Series::new("street".into(), rows.iter().map(|row| row.3.clone()).collect::<Vec<_>>()).into(),
            Series::new("paid".into(), rows.iter().map(|row| row.4).collect::<Vec<_>>()).into(),
        ];
        profiled(DataFrame::new(rows.len(), columns).unwrap())
    }

    fn found(train: &[Row], test: &[Row]) -> NearDuplicates {
        let roles = Roles::from([(ColumnRole::Label, "paid")]);
        let (train, test) = (split(train), split(test));
        let splits = [(SnapshotRole::Train, &train), (SnapshotRole::Test, &test)];
        near_duplicates(&splits, &roles).unwrap().pop().unwrap()
    }

    #[test]
    fn rounded_respelled_and_edited_copies_are_twins_and_exact_ones_are_not() {
        let train = drawn(1, 1_000);
        let mut test = drawn(2, 600);
        test[0] = train[0].clone();
        for row in 10..40 {
            let twin = train[row].clone();
            test[row] = match row % 3 {
                0 => ((twin.0 * 10.0).round() / 10.0, twin.1.round(), twin.2, twin.3, twin.4),
                1 => (twin.0, twin.1, twin.2, twin.3.to_uppercase().replace(' ', "  "), twin.4),
                _ => (twin.0, twin.1 + 77.0, twin.2, twin.3, twin.4),
            };
        }
        let found = found(&train, &test);
        // A rounded number may cross a step in each group of columns; that is seldom.
        assert!((28..=30).contains(&found.shared.hits), "{found:?}");
        assert_eq!(found.by_nature, Share::new(0, 1_000));
        assert!(found.differing.iter().any(|(column, rows)| column == "b" && *rows >= 9), "{found:?}");
    }

    #[test]
    fn coarse_rows_are_alike_by_nature_on_both_sides() {
        let coarse = |seed, rows| {
            let round = |x: f64| (x / 50.0).round();
            drawn(seed, rows)
                .into_iter()
                .enumerate()
                .map(|(row, (a, b, c, _, paid))| (round(a), round(b), c.round(), format!("{}", row % 3), paid))
                .collect::<Vec<Row>>()
        };
        let found = found(&coarse(1, 800), &coarse(2, 500));
        assert!(
            found.by_nature.value() > 0.3 && (found.shared.value() - found.by_nature.value()).abs() < 0.1,
            "{found:?}"
        );
    }

    #[test]
    fn too_few_columns_are_not_compared_and_empty_ones_do_no_harm() {
        let narrow = profiled(DataFrame::new(3, vec![Series::new("a".into(), [1.0, 2.0, 3.0]).into()]).unwrap());
        let splits = [(SnapshotRole::Train, &narrow), (SnapshotRole::Test, &narrow)];
        assert!(near_duplicates(&splits, &Roles::default()).unwrap().is_empty());
        let mut empty = drawn(1, 20);
        empty.iter_mut().for_each(|row| (row.0, row.1, row.2) = (f64::NAN, f64::INFINITY, 5.0));
        assert_eq!(found(&empty, &empty).shared.hits, 0);
    }
}
