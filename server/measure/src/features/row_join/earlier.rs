//! Served values that the offline side had earlier: late features.

use domain::measurements::row_join::{Relation, RowPattern};
use stats::distributions::binomial_upper;

use super::cells::Cells;

/// Rows that a served value may be behind by a fixed number.
const MOST_ROWS_BACK: usize = 200;
/// With fewer different values, one that came before comes again by chance.
const FEWEST_VALUES: usize = 20;
/// A number of rows that chance would find more often than this is not one.
const CHANCE: f64 = 0.0001;

/// Relations to earlier rows, in the order in which the rows are joined.
pub fn patterns(cells: &Cells) -> Vec<RowPattern> {
    if cells.distinct() < FEWEST_VALUES {
        return Vec::new();
    }
    let offline: Vec<Option<u32>> = cells.codes().map(|(_, offline)| offline).collect();
    let changed: Vec<(usize, u32)> = cells
        .differing()
        .zip(cells.codes())
        .enumerate()
        .filter_map(|(row, (differs, (serve, offline)))| Some((row, serve.filter(|_| differs && offline.is_some())?)))
        .collect();
    rows_back(&changed, &offline, cells.distinct())
        .into_iter()
        .chain(earlier_value(&changed, &offline, cells.distinct()))
        .collect()
}

/// The fixed number of rows that explains most. Rows too near the beginning to tell are not counted. `None` where as many
/// rows as that agree by chance: two rows have the same value as often as any two do, and every number of rows was tried.
fn rows_back(changed: &[(usize, u32)], offline: &[Option<u32>], distinct: usize) -> Option<RowPattern> {
    let tried = (1..=MOST_ROWS_BACK).map(|back| {
        let reachable = &changed[changed.partition_point(|(row, _)| *row < back)..];
        let rows = reachable.iter().filter(|(row, serve)| offline[row - back] == Some(*serve)).count() as u64;
        RowPattern { relation: Relation::RowsBack { rows: back as u32 }, rows, of: reachable.len() as u64 }
    });
    let best = tried.filter(|pattern| pattern.rows > 0).max_by_key(|pattern| pattern.rows)?;
    let by_chance = binomial_upper(best.rows, best.of, equal_by_chance(offline, distinct)) * MOST_ROWS_BACK as f64;
    (by_chance < CHANCE).then_some(best)
}

/// The share of pairs of rows that have the same value.
fn equal_by_chance(offline: &[Option<u32>], distinct: usize) -> f64 {
    let mut counts = vec![0.0_f64; distinct];
    offline.iter().flatten().for_each(|code| counts[*code as usize] += 1.0);
    let rows: f64 = counts.iter().sum();
    counts.iter().map(|count| (count / rows.max(1.0)).powi(2)).sum()
}

/// How many served values are found among earlier offline values only, and how many among later ones only.
fn earlier_value(changed: &[(usize, u32)], offline: &[Option<u32>], distinct: usize) -> Option<RowPattern> {
    let (mut first, mut last) = (vec![usize::MAX; distinct], vec![0; distinct]);
    for (row, code) in offline.iter().enumerate() {
        let Some(code) = code else { continue };
        first[*code as usize] = first[*code as usize].min(row);
        last[*code as usize] = row;
    }
    let known = changed.iter().map(|(row, code)| (*row, first[*code as usize], last[*code as usize]));
    let known = known.filter(|(_, first, _)| *first != usize::MAX);
    let earlier = known.clone().filter(|(row, _, last)| last < row).count() as u64;
    let later = known.filter(|(row, first, _)| first > row).count() as u64;
    let of = changed.len() as u64;
    (earlier > 0).then_some(RowPattern { relation: Relation::EarlierValue { later }, rows: earlier, of })
}
