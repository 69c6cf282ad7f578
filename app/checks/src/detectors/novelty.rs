//! Categories that are in serving but not in training: which of them are more than the rare values of any new sample.

use std::collections::HashSet;

use crate::detectors::rates::chance_of_absence;
use crate::detectors::sides::Pair;
use crate::thresholds::CERTAINTY;
use domain::profile::CategoryProfile;

/// A category that is in serving but not in training.
#[derive(Debug, Clone, PartialEq)]
pub struct NewCategory {
    pub value: String,
    pub rows: u64,
    /// Chance that all rows of the category are in serve, times the number of new categories tested.
    pub p: f64,
}

/// The categories that are in serving but not in training, most frequent first. Empty when training's were not all kept by
/// name, because then their absence is not certain.
pub fn new_categories(pair: &Pair) -> Vec<NewCategory> {
    let Some((train, serve)) = pair.categories() else { return Vec::new() };
    if train.other > 0 {
        return Vec::new();
    }
    let known: HashSet<&str> = train.counts.iter().map(|(value, _)| value.as_str()).collect();
    let new = serve.counts.iter().filter(|(value, _)| !known.contains(value.as_str()) && !value.trim().is_empty());
    let tried = new.clone().count() as f64;
    new.map(|(value, rows)| {
        let p = (chance_of_absence(*rows, pair.train.non_null(), pair.serve.non_null()) * tried).min(1.0);
        NewCategory { value: value.clone(), rows: *rows, p }
    })
    .collect()
}

/// The categories that chance does not explain.
pub fn certain(new: &[NewCategory]) -> Vec<&NewCategory> {
    new.iter().filter(|category| category.p < CERTAINTY).collect()
}

/// Share of serve rows with a value that is not in training; a large share means that the codes themselves changed.
pub fn unknown_share(train: &CategoryProfile, serve: &CategoryProfile) -> f64 {
    let known: HashSet<&str> = train.counts.iter().map(|(value, _)| value.as_str()).collect();
    let total: u64 = serve.counts.iter().map(|(_, count)| count).sum();
    let unknown: u64 =
        serve.counts.iter().filter(|(value, _)| !known.contains(value.as_str())).map(|(_, count)| count).sum();
    unknown as f64 / total.max(1) as f64
}
