//! What relates served values to the offline ones in the rows that differ.

use std::collections::HashMap;

use domain::measurements::row_join::{JoinedKind, Relation, RowPattern};

use super::cells::{Cells, Codes};
use super::earlier;

const QUARTER_HOUR_MS: f64 = 900_000.0;
/// The time zones are at most this far from UTC.
const FARTHEST_ZONE_MS: f64 = 14.0 * 3_600_000.0;
/// Clocks of two logs agree this far.
const SAME_TIME_MS: f64 = 1_000.0;
/// Decimals a value may have been rounded to.
const DECIMALS: std::ops::RangeInclusive<i32> = -9..=9;
/// With more different values a column holds no codes.
const MOST_CODES: usize = 200;
/// Fewer different values lie on some line by chance.
const FEWEST_OF_A_LINE: usize = 10;
/// How often a code comes, in the mean, before what stands for it is called its replacement.
const OFTEN: usize = 2;
/// Two codes may become one: a category that an encoder was fitted without.
const MOST_MERGED: usize = 1;

/// Every relation that was tried and holds for a row at least, each with how many rows it holds for.
pub fn patterns(cells: &Cells) -> Vec<RowPattern> {
    let numbers: Vec<(f64, f64)> = cells.changed_numbers().collect();
    let mut found = match cells.kind() {
        JoinedKind::Words => Vec::new(),
        JoinedKind::Times => vec![time_zone(&numbers), offset(&numbers, SAME_TIME_MS)],
        JoinedKind::Numbers => number_patterns(cells, &numbers),
    };
    let served = one_value(cells, |(serve, _)| serve);
    found.push(served.and_then(|(value, rows, of)| pattern(Relation::OneValue { value }, rows, of)));
    let offline = one_value(cells, |(_, offline)| offline);
    found.push(offline.and_then(|(value, rows, of)| pattern(Relation::OneOfflineValue { value }, rows, of)));
    found.push(recoded(cells));
    found.into_iter().flatten().chain(earlier::patterns(cells)).filter(|pattern| pattern.rows > 0).collect()
}

fn number_patterns(cells: &Cells, changed: &[(f64, f64)]) -> Vec<Option<RowPattern>> {
    let middle = middle_of(changed.iter().map(|(serve, offline)| serve - offline));
    let slack = middle.map_or(0.0, |middle| 1e-6 * middle.abs());
    vec![
        clock_offset(cells, changed),
        offset(changed, slack),
        factor(changed),
        affine(changed),
        rounded(changed, |value| value.round(), |decimals| Relation::Rounded { decimals }),
        rounded(changed, |value| value.trunc(), |decimals| Relation::CutOff { decimals }),
    ]
}

fn pattern(relation: Relation, rows: usize, of: usize) -> Option<RowPattern> {
    (rows > 0).then_some(RowPattern { relation, rows: rows as u64, of: of as u64 })
}

fn middle_of(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// The median difference: if one is that of most rows, it is this.
fn offset(changed: &[(f64, f64)], slack: f64) -> Option<RowPattern> {
    let by = middle_of(changed.iter().map(|(serve, offline)| serve - offline))?;
    // What storing both numbers leaves of their difference.
    let stored = |serve: f64, offline: f64| 1e-9 * serve.abs().max(offline.abs());
    let holds = changed.iter().filter(|(s, o)| (s - o - by).abs() <= slack.max(stored(*s, *o))).count();
    pattern(Relation::Offset { by }, holds, changed.len())
}

fn factor(changed: &[(f64, f64)]) -> Option<RowPattern> {
    let by = middle_of(changed.iter().filter(|(_, offline)| *offline != 0.0).map(|(serve, offline)| serve / offline))?;
    let holds = changed.iter().filter(|(s, o)| (s - o * by).abs() <= 1e-6 * s.abs().max(f64::MIN_POSITIVE)).count();
    pattern(Relation::Factor { by }, holds, changed.len())
}

/// A line: its slope is the median of the slopes between rows that are half of the rows apart in the order of the offline
/// values (Theil 1950), its offset the median of what is left. What storing the values with a few decimals leaves is no
/// difference.
fn affine(changed: &[(f64, f64)]) -> Option<RowPattern> {
    let mut by_offline = changed.to_vec();
    by_offline.sort_by(|a, b| a.1.total_cmp(&b.1));
    let half = by_offline.len() / 2;
    let far_apart = by_offline.iter().zip(by_offline.get(half..)?).filter(|(near, far)| far.1 > near.1);
    let slopes: Vec<f64> = far_apart.map(|(near, far)| (far.0 - near.0) / (far.1 - near.1)).collect();
    if slopes.len() < FEWEST_OF_A_LINE {
        return None;
    }
    let scale = middle_of(slopes.into_iter())?;
    let offset = middle_of(changed.iter().map(|(serve, offline)| serve - scale * offline))?;
    let step = |side: fn(&(f64, f64)) -> f64| 0.5 * 10f64.powi(-decimals(changed.iter().map(side)));
    let stored = step(|(serve, _)| *serve) + scale.abs() * step(|(_, offline)| *offline);
    let slack = stored + 1e-6 * changed.iter().map(|(serve, _)| serve.abs()).fold(0.0, f64::max);
    // Next to a coarse grid of few values, any change is near some line.
    let differences = by_offline.chunk_by(|a, b| a.1 == b.1).count();
    let range = by_offline.last()?.1 - by_offline.first()?.1;
    if differences < FEWEST_OF_A_LINE || slack * FEWEST_OF_A_LINE as f64 > scale.abs() * range || scale == 0.0 {
        return None;
    }
    let holds = changed.iter().filter(|(s, o)| (s - scale * o - offset).abs() <= slack).count();
    pattern(Relation::Affine { scale, offset }, holds, changed.len())
}

/// The most decimals that a value needs, up to nine.
fn decimals(values: impl Iterator<Item = f64>) -> i32 {
    let needed = |value: f64| {
        let whole = |places: &i32| {
            let scaled = value * 10f64.powi(*places);
            (scaled - scaled.round()).abs() <= 1e-6
        };
        (0..9).find(whole).unwrap_or(9)
    };
    values.map(needed).max().unwrap_or(0)
}

/// Hours of the day that are late or early all round the clock.
fn clock_offset(cells: &Cells, changed: &[(f64, f64)]) -> Option<RowPattern> {
    let hour = |value: f64| value.fract() == 0.0 && (0.0..24.0).contains(&value);
    let offline = cells.offline_numbers();
    let spans = |test: fn(f64) -> bool| offline.iter().any(|value| test(*value));
    let is_clock = offline.iter().all(|value| hour(*value)) && changed.iter().all(|(serve, _)| hour(*serve));
    if !is_clock || !spans(|hour| hour < 8.0) || !spans(|hour| hour > 15.0) {
        return None;
    }
    let mut counts = [0_usize; 24];
    changed.iter().for_each(|(serve, offline)| counts[(serve - offline).rem_euclid(24.0) as usize] += 1);
    let (turn, rows) = counts.into_iter().enumerate().max_by_key(|(_, rows)| *rows)?;
    let hours = if turn > 12 { turn as i32 - 24 } else { turn as i32 };
    pattern(Relation::ClockOffset { hours }, rows, changed.len())
}

/// Differences of whole quarters of an hour: another zone, with or without daylight saving.
fn time_zone(changed: &[(f64, f64)]) -> Option<RowPattern> {
    let quarters = |(serve, offline): &(f64, f64)| {
        let difference = serve - offline;
        let quarters = (difference / QUARTER_HOUR_MS).round();
        let whole = (difference - quarters * QUARTER_HOUR_MS).abs() <= SAME_TIME_MS;
        (whole && quarters != 0.0 && difference.abs() <= FARTHEST_ZONE_MS).then_some(quarters as i64)
    };
    let mut counts: HashMap<i64, usize> = HashMap::new();
    changed.iter().filter_map(quarters).for_each(|quarters| *counts.entry(quarters).or_insert(0) += 1);
    let (most, _) = counts.iter().max_by_key(|(quarters, rows)| (**rows, **quarters))?;
    pattern(Relation::TimeZone { by_ms: most * QUARTER_HOUR_MS as i64 }, counts.values().sum(), changed.len())
}

/// The number of decimals that explains most, the larger one of two that explain as much.
fn rounded(changed: &[(f64, f64)], cut: fn(f64) -> f64, relation: fn(i32) -> Relation) -> Option<RowPattern> {
    let first = changed.first()?.0;
    // Rounded far enough, anything becomes nought.
    if changed.iter().all(|(serve, _)| *serve == first) {
        return None;
    }
    let holds = |decimals: i32| {
        let scale = 10f64.powi(decimals);
        let fits = |(serve, offline): &&(f64, f64)| {
            let (served, exact) = (serve * scale, offline * scale);
            // A share of the value itself: next to a coarse grid, every small number would be as good as nought.
            let on_grid = (served - served.round()).abs() <= 1e-6 * served.abs();
            // Halves may go either way.
            let near = (served - cut(exact)).abs() < 1e-6 * served.abs().max(1.0)
                || (cut(0.75) == 1.0 && ((served - exact).abs() - 0.5).abs() < 1e-6);
            on_grid && near
        };
        changed.iter().filter(fits).count()
    };
    let (decimals, rows) = DECIMALS.map(|decimals| (decimals, holds(decimals))).max_by_key(|(_, rows)| *rows)?;
    pattern(relation(decimals), rows, changed.len())
}

/// The most frequent value that one side has in rows that differ, whatever the other has there, with how many of how many
/// rows have it.
fn one_value(cells: &Cells, side: impl Fn(Codes) -> Option<u32>) -> Option<(String, usize, usize)> {
    let mut counts: HashMap<u32, usize> = HashMap::new();
    let of_side = cells.differing().zip(cells.codes()).filter(|(differs, _)| *differs);
    of_side.filter_map(|(_, codes)| side(codes)).for_each(|code| *counts.entry(code).or_insert(0) += 1);
    let (code, rows) = counts.iter().max_by_key(|(code, rows)| (**rows, **code))?;
    Some((cells.name(*code), *rows, counts.values().sum()))
}

/// Each offline value with its most frequent served value, where no two share one, except for one that is lost.
fn recoded(cells: &Cells) -> Option<RowPattern> {
    if cells.distinct() > MOST_CODES {
        return None;
    }
    let mut counts: HashMap<(u32, u32), usize> = HashMap::new();
    let both = cells.codes().filter_map(|(serve, offline)| Some((offline?, serve?)));
    both.for_each(|pair| *counts.entry(pair).or_insert(0) += 1);
    let mut most: HashMap<u32, (usize, u32)> = HashMap::new();
    for ((offline, serve), rows) in &counts {
        let best = most.entry(*offline).or_insert((0, 0));
        *best = (*best).max((*rows, *serve));
    }
    let own: std::collections::HashSet<u32> = most.values().map(|(_, serve)| *serve).collect();
    if own.len() + MOST_MERGED < most.len() || own.len() < 2 {
        return None;
    }
    let changed = counts.iter().filter(|((offline, serve), _)| offline != serve);
    let of = changed.clone().map(|(_, rows)| rows).sum();
    let maps = changed.filter(|((offline, serve), _)| most.get(offline).is_some_and(|(_, own)| own == serve));
    let (values, rows) = maps.fold((0, 0), |(values, sum), (_, rows)| (values + 1, sum + rows));
    // What came once, another value stands for in any case.
    (rows >= OFTEN * values as usize).then(|| pattern(Relation::Recoded { values }, rows, of))?
}
