//! Columns whose served values are the offline values of another column.

use domain::measurements::row_join::{JoinedColumn, Relation, RowPattern};

use super::cells::Cells;

/// Every two have to be compared.
const MOST_COLUMNS: usize = 60;
/// The other column must hold the served values this much better than chance: where both columns hold mostly one value, two
/// values agree in most rows anyway.
const LEAST_MISSED: f64 = 0.5;

/// Adds, to each column of `changed` (its place in `columns`, and its cells), the other of them whose offline values are the
/// served ones in most of the rows that changed.
pub fn find(changed: &[(usize, Cells)], columns: &mut [JoinedColumn]) {
    let changed = &changed[..changed.len().min(MOST_COLUMNS)];
    for (place, cells) in changed {
        let served = served_where_changed(cells);
        let best = changed
            .iter()
            .filter(|(other, _)| other != place)
            .filter_map(|(other, source)| Some((*other, agreement(&served, source)?)))
            .max_by_key(|(other, rows)| (*rows, std::cmp::Reverse(*other)));
        if let Some((other, rows)) = best.filter(|(_, rows)| *rows > 0) {
            let relation = Relation::OtherColumn { column: columns[other].column.clone() };
            columns[*place].patterns.push(RowPattern { relation, rows, of: served.len() as u64 });
        }
    }
}

/// The rows that changed, with the served value as text.
fn served_where_changed(cells: &Cells) -> Vec<(usize, String)> {
    let rows = cells.differing().zip(cells.codes()).enumerate();
    rows.filter_map(|(row, (differs, (serve, _)))| differs.then(|| Some((row, cells.name(serve?)))).flatten()).collect()
}

/// In how many of the rows the other column's offline value is the served value; `None` if that is no more than two columns
/// with these values give by chance.
fn agreement(served: &[(usize, String)], source: &Cells) -> Option<u64> {
    let offline: Vec<Option<u32>> = source.codes().map(|(_, offline)| offline).collect();
    let mut counts: std::collections::HashMap<&str, (f64, f64)> = std::collections::HashMap::new();
    let mut rows = 0;
    let names: Vec<Option<String>> = served.iter().map(|(row, _)| Some(source.name(offline[*row]?))).collect();
    for ((_, value), other) in served.iter().zip(&names) {
        rows += u64::from(other.as_deref() == Some(value));
        counts.entry(value).or_default().0 += 1.0;
        if let Some(other) = other {
            counts.entry(other).or_default().1 += 1.0;
        }
    }
    let n = served.len().max(1) as f64;
    let by_chance: f64 = counts.values().map(|(here, there)| here / n * there / n).sum();
    let missed = 1.0 - rows as f64 / n;
    (by_chance < 1.0 && missed <= LEAST_MISSED * (1.0 - by_chance)).then_some(rows)
}
