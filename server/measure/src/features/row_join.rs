//! Serve joined with offline by id: in which rows the training pipeline gives other values, and what relates the two.

pub(crate) mod cells;
mod earlier;
mod exchange;
mod patterns;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use domain::measurements::row_join::{JoinedColumn, JoinedKind, MOST_PAIRS, RowJoin, ValuePair};
use domain::{ColumnRole, Roles};
use stats::intervals::Share;
use stats::quantiles::{median, standard_deviation};

use crate::profiled::Profiled;
use crate::row_ids::{ids, rows_by_id};
use crate::sample::Sample;
use cells::{Cells, times};

/// Joins the samples of both by the id column; `None` without such a column in both, or with one of another type than
/// numbers and text.
pub fn row_join(serve: &Profiled, offline: &Profiled, roles: &Roles) -> Option<RowJoin> {
    let id = roles.id()?;
    let (serve_ids, offline_ids) = (ids(serve.sample.column(id)?)?, ids(offline.sample.column(id)?)?);
    let (serve_rows, offline_rows) = (rows_by_id(&serve_ids), rows_by_id(&offline_ids));
    let once = |rows: &HashMap<&str, Option<usize>>| rows.values().flatten().count() as u64;
    let mut matched: Vec<(usize, usize)> = serve_rows
        .iter()
        .filter_map(|(id, serve_row)| Some(((*serve_row)?, offline_rows.get(id).copied().flatten()?)))
        .collect();
    matched.sort_unstable();
    let in_time_order = put_in_order(&mut matched, &serve.sample, &offline.sample, roles);
    let only = |here: &HashMap<&str, Option<usize>>, there: &HashMap<&str, Option<usize>>| {
        here.iter().filter(|(id, row)| row.is_some() && !there.contains_key(*id)).count() as u64
    };
    let left_out = serve_ids.len() as u64 - once(&serve_rows) + offline_ids.len() as u64 - once(&offline_rows);
    let sampled = [serve, offline].into_iter().any(|side| side.sample.rows < side.profile.rows);
    let (columns, answers_differ_on_equal_features) = columns(&matched, &serve.sample, &offline.sample, roles);
    Some(RowJoin {
        id: id.to_owned(),
        matched: matched.len() as u64,
        only_serve: only(&serve_rows, &offline_rows),
        only_offline: only(&offline_rows, &serve_rows),
        left_out,
        sampled,
        in_time_order,
        columns,
        answers_differ_on_equal_features,
    })
}

/// Sorts by the time column, offline's before serve's (serve's may be what is wrong); says whether there was one.
fn put_in_order(matched: &mut [(usize, usize)], serve: &Sample, offline: &Sample, roles: &Roles) -> bool {
    let time = |sample: &Sample| times(sample.column(roles.time()?)?);
    match (time(offline), time(serve)) {
        (Some(times), _) => matched.sort_by_key(|(_, row)| times[*row]),
        (None, Some(times)) => matched.sort_by_key(|(row, _)| times[*row]),
        (None, None) => return false,
    }
    true
}

/// Compares every column that both have, and counts other answers on equal features.
fn columns(
    matched: &[(usize, usize)],
    serve: &Sample,
    offline: &Sample,
    roles: &Roles,
) -> (Vec<JoinedColumn>, Option<Share>) {
    let mut compared = Vec::new();
    let mut changed: Vec<(usize, Cells)> = Vec::new();
    let (mut feature_differs, mut answer_differs) = (vec![false; matched.len()], vec![false; matched.len()]);
    let (mut features, mut answers) = (0, 0);
    for column in serve.frame.columns() {
        let name = column.name().as_str();
        let role = roles.of(name);
        if matches!(role, ColumnRole::Id | ColumnRole::Label | ColumnRole::Split | ColumnRole::Ignore) {
            continue;
        }
        let Some(other) = offline.column(name) else { continue };
        let Some(cells) = Cells::joined(column.as_materialized_series(), other, matched) else { continue };
        let (differs, count) = match role {
            ColumnRole::Feature => (&mut feature_differs, &mut features),
            ColumnRole::Prediction | ColumnRole::Score => (&mut answer_differs, &mut answers),
            _ => (&mut Vec::new(), &mut 0),
        };
        *count += 1;
        differs.iter_mut().zip(cells.differing()).for_each(|(any, here)| *any |= here);
        compared.push(compare(name, &cells));
        if role == ColumnRole::Feature && compared.last().is_some_and(|column| column.changed > 0) {
            changed.push((compared.len() - 1, cells));
        }
    }
    exchange::find(&changed, &mut compared);
    let equal = feature_differs.iter().zip(&answer_differs).filter(|(feature, _)| !**feature);
    let hits = equal.clone().filter(|(_, answer)| **answer).count() as u64;
    let share = (features > 0 && answers > 0).then(|| Share::new(hits, equal.count() as u64));
    (compared, share)
}

fn compare(name: &str, cells: &Cells) -> JoinedColumn {
    let (mut changed, mut missing_serve, mut missing_offline) = (0, 0, 0);
    for (differs, (serve, offline)) in cells.differing().zip(cells.codes()) {
        match (serve, offline) {
            (Some(_), Some(_)) if differs => changed += 1,
            (None, Some(_)) => missing_serve += 1,
            (Some(_), None) => missing_offline += 1,
            _ => {}
        }
    }
    JoinedColumn {
        column: name.to_owned(),
        kind: cells.kind(),
        rows: cells.rows() as u64,
        changed,
        missing_serve,
        missing_offline,
        typical_change: typical_change(cells),
        patterns: if changed + missing_offline > 0 { patterns::patterns(cells) } else { Vec::new() },
        pairs: pairs(cells),
    }
}

/// The median size of the changes over the standard deviation of the offline values.
fn typical_change(cells: &Cells) -> Option<f64> {
    if cells.kind() != JoinedKind::Numbers {
        return None;
    }
    let mut sizes: Vec<f64> = cells.changed_numbers().map(|(serve, offline)| (serve - offline).abs()).collect();
    sizes.sort_by(f64::total_cmp);
    let spread = standard_deviation(&cells.offline_numbers());
    (!sizes.is_empty() && spread > 0.0).then(|| (median(&sizes) / spread).min(f64::MAX))
}

/// The most frequent pairs of values in differing rows.
fn pairs(cells: &Cells) -> Vec<ValuePair> {
    let mut counts: HashMap<(Option<u32>, Option<u32>), u64> = HashMap::new();
    for (_, codes) in cells.differing().zip(cells.codes()).filter(|(differs, _)| *differs) {
        *counts.entry(codes).or_insert(0) += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let named = |code: Option<u32>| code.map(|code| cells.name(code));
    let most = counts.into_iter().take(MOST_PAIRS);
    most.map(|((serve, offline), rows)| ValuePair { offline: named(offline), serve: named(serve), rows }).collect()
}
