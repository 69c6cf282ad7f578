//! Versions that answer side by side.

use std::collections::HashMap;

use domain::measurements::serving_log::VersionMix;
use stats::intervals::Share;

use super::requests::Requests;
use crate::values::words;

/// The most frequent versions, of which each pair is looked at.
const MOST_VERSIONS: usize = 8;
/// Columns that say which model a request was for: versions of different models may well answer side by side.
const MODELS: [&str; 4] = ["model", "model_name", "model_id", "endpoint"];

pub(super) fn mix(requests: &Requests<'_>) -> Option<VersionMix> {
    let version = requests.columns.version.as_ref()?;
    let values = words(requests.column(Some(version))?)?;
    let of_one_model = rows_of_the_main_model(requests, version);
    let answered: Vec<(i64, &str)> = requests
        .order
        .iter()
        .filter(|(_, row)| of_one_model.as_ref().is_none_or(|rows| rows[*row]))
        .filter_map(|(time, row)| Some((*time, values[*row].as_deref()?)))
        .collect();
    let versions = most_frequent(answered.iter().map(|(_, version)| *version));
    let pairs = versions.iter().enumerate().flat_map(|(place, first)| {
        versions[place + 1..].iter().filter_map(|second| side_by_side(&answered, first, second))
    });
    pairs.max_by_key(|mix| mix.answered_by_other.hits)
}

fn rows_of_the_main_model(requests: &Requests<'_>, version: &str) -> Option<Vec<bool>> {
    let name = MODELS.iter().find(|name| **name != version && requests.sample.column(name).is_some())?;
    let models = words(requests.sample.column(name)?)?;
    let main = most_frequent(models.iter().flatten().map(String::as_str)).first()?.to_string();
    Some(models.iter().map(|model| model.as_deref() == Some(&main)).collect())
}

fn most_frequent<'a>(values: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut counts: HashMap<&str, u64> = HashMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    let mut values: Vec<(&str, u64)> = counts.into_iter().collect();
    values.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    values.into_iter().take(MOST_VERSIONS).map(|(value, _)| value).collect()
}

/// The time in which both answered; `None` when one had ended before the other began.
fn side_by_side(answered: &[(i64, &str)], first: &str, second: &str) -> Option<VersionMix> {
    let of_either: Vec<(i64, bool)> = answered
        .iter()
        .filter(|(_, version)| *version == first || *version == second)
        .map(|(time, version)| (*time, *version == second))
        .collect();
    let start = of_either.iter().position(|row| !row.1)?.max(of_either.iter().position(|row| row.1)?);
    let end = of_either.iter().rposition(|row| !row.1)?.min(of_either.iter().rposition(|row| row.1)?);
    if start >= end {
        return None;
    }
    let both = &of_either[start..=end];
    let n = both.len() as u64;
    let of_second = both.iter().filter(|row| row.1).count() as u64;
    let (main, other, hits) =
        if of_second * 2 <= n { (first, second, of_second) } else { (second, first, n - of_second) };
    let share = hits as f64 / n as f64;
    Some(VersionMix {
        main: main.to_owned(),
        other: other.to_owned(),
        from_ms: both[0].0,
        to_ms: both[both.len() - 1].0,
        answered_by_other: Share::new(hits, n),
        changes: both.windows(2).filter(|pair| pair[0].1 != pair[1].1).count() as u64,
        changes_by_chance: 2.0 * share * (1.0 - share) * (n - 1) as f64,
    })
}
