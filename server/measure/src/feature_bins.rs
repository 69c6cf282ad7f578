//! Sampled rows as bins, for the checks that learn from all features at once.

use std::collections::{BTreeMap, HashMap};

use domain::{ColumnRole, Roles};
use polars::prelude::Series;
use stats::boosted_trees::{BinnedRows, Binning};

use crate::sample::Sample;
use crate::values::{codes, numbers, words};

/// Features learnt from: the ones that go most with the label, where there are more.
pub(crate) const FEATURES: usize = 30;
/// Text with more different values than this names rows rather than kinds.
pub(crate) const CATEGORIES: usize = 200;

/// How each feature becomes bins, learnt from the train rows.
pub struct FeatureBins {
    features: Vec<Feature>,
}

struct Feature {
    name: String,
    binning: Binning,
    /// Category numbers by frequency; empty for numbers.
    categories: HashMap<String, usize>,
}

impl FeatureBins {
    /// Learns from the features of a sample; `importance` chooses among many. `None` when no feature can be binned.
    pub fn learn(train: &Sample, roles: &Roles, importance: &BTreeMap<String, f64>) -> Option<Self> {
        let mut columns: Vec<&Series> = train
            .frame
            .columns()
            .iter()
            .filter(|column| roles.of(column.name()) == ColumnRole::Feature)
            .map(|column| column.as_materialized_series())
            .collect();
        let weight = |column: &Series| importance.get(column.name().as_str()).copied().unwrap_or(0.0);
        columns.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
        let features: Vec<Feature> = columns.into_iter().filter_map(Feature::learn).take(FEATURES).collect();
        (!features.is_empty()).then_some(Self { features })
    }

    /// The features, in the order of their bins.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.features.iter().map(|feature| feature.name.as_str())
    }

    /// The given rows of a sample as bins; a feature it lacks is missing in every row.
    pub fn apply(&self, sample: &Sample, rows: &[usize]) -> BinnedRows {
        let features = self.features.iter().map(|feature| feature.apply(sample.column(&feature.name), rows)).collect();
        let categorical = self.features.iter().map(|feature| feature.binning == Binning::Categories).collect();
        BinnedRows { features, categorical, rows: rows.len() }
    }
}

impl Feature {
    fn learn(column: &Series) -> Option<Self> {
        let name = column.name().to_string();
        if let Some(values) = numbers(column) {
            let values: Vec<f64> = values.into_iter().flatten().collect();
            return Some(Self { name, binning: Binning::of_numbers(&values), categories: HashMap::new() });
        }
        codes(column, CATEGORIES)?;
        let mut counts: HashMap<String, usize> = HashMap::new();
        for word in words(column)?.into_iter().flatten() {
            *counts.entry(word).or_insert(0) += 1;
        }
        let mut order: Vec<(String, usize)> = counts.into_iter().collect();
        order.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        let categories = order.into_iter().enumerate().map(|(place, (word, _))| (word, place)).collect();
        Some(Self { name, binning: Binning::Categories, categories })
    }

    fn apply(&self, column: Option<&Series>, rows: &[usize]) -> Vec<u8> {
        let missing = || vec![self.binning.bin(f64::NAN); rows.len()];
        let Some(column) = column else { return missing() };
        if self.binning != Binning::Categories {
            let Some(values) = numbers(column) else { return missing() };
            return rows.iter().map(|row| self.binning.bin(values[*row].unwrap_or(f64::NAN))).collect();
        }
        let Some(values) = words(column) else { return missing() };
        let code = |word: &String| self.categories.get(word).map_or(f64::MAX, |place| *place as f64);
        rows.iter().map(|row| self.binning.bin(values[*row].as_ref().map_or(f64::NAN, code))).collect()
    }
}
