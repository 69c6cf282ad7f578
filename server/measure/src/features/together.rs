//! What the other features say together about one: the linear prediction of its ranks.
//!
//! Of all combinations of the others it correlates most with the column, so it shows best whether rows were selected along
//! it. Each half of the train rows is predicted by the other one: a column that many others fit by chance would seem to go
//! with them.

use std::collections::HashMap;

use domain::{ColumnRole, Problem, Roles};
use polars::prelude::Series;
use stats::linear::{product, ridge};
use stats::regression::{pearson, ranks};

use super::differing::finite;
use super::scaled::scaled;
use crate::sample::Sample;
use crate::values::words;

/// Rows of each side: a shift of a tenth of a standard deviation is certain in these.
const MOST_ROWS: usize = 2_000;
/// Terms of the prediction: a number feature is one, a category is one.
const MOST_TERMS: usize = 80;
/// A category in fewer rows, or in nearly all, says little.
const CATEGORY: std::ops::RangeInclusive<f64> = 0.05..=0.95;
/// The penalty, in rows: with a few hundred rows and many features the weights would follow chance.
const PENALTY: f64 = 5.0;

/// A column and its prediction, row by row, in train and in serve.
pub struct Predicted {
    pub own: [Vec<Option<f64>>; 2],
    /// In standard deviations of the prediction in train.
    pub by_others: [Vec<Option<f64>>; 2],
    /// Of the prediction with the column's ranks, in train.
    pub correlation: f64,
}

/// A number feature, or whether a feature has one of its values: about 0 with a spread of 1 in train, 0 where it is missing.
struct Term {
    feature: String,
    train: Vec<f64>,
    serve: Vec<f64>,
}

pub struct Together {
    sides: [Sample; 2],
    terms: Vec<Term>,
    /// Of every two terms over the even rows of train, and over the odd ones.
    products: [Vec<Vec<f64>>; 2],
}

impl Together {
    /// # Errors
    /// When a drawn row is not there, which can't be.
    pub fn learn(train: &Sample, serve: &Sample, roles: &Roles) -> Result<Self, Problem> {
        let (train, serve) = (train.thinned(MOST_ROWS, "together train")?, serve.thinned(MOST_ROWS, "together serve")?);
        let mut terms: Vec<Term> = Vec::new();
        for column in train.frame.columns().iter().filter(|column| roles.of(column.name()) == ColumnRole::Feature) {
            let Some(served) = serve.column(column.name()) else { continue };
            terms.extend(terms_of(column.as_materialized_series(), served));
            if terms.len() >= MOST_TERMS {
                break;
            }
        }
        let products = [0, 1].map(|half| {
            let halves: Vec<Vec<f64>> = terms.iter().map(|term| every_other(&term.train, half)).collect();
            halves.iter().map(|a| halves.iter().map(|b| product(a, b)).collect()).collect()
        });
        Ok(Self { sides: [train, serve], terms, products })
    }

    /// The prediction of a number column by all other features; `None` without any.
    pub fn predict(&self, column: &str) -> Option<Predicted> {
        let side = |sample: &Sample| finite(sample.column(column)?);
        let own = [side(&self.sides[0])?, side(&self.sides[1])?];
        let others: Vec<usize> = (0..self.terms.len()).filter(|place| self.terms[*place].feature != column).collect();
        let target = centred_ranks(&own[0]);
        let weights = [self.weights(0, &others, &target)?, self.weights(1, &others, &target)?];
        let sum = |weights: &[f64], row: usize, values: fn(&Term) -> &[f64]| {
            let terms = others.iter().zip(weights);
            terms.map(|(place, weight)| weight * values(&self.terms[*place])[row]).sum::<f64>()
        };
        let train: Vec<f64> =
            (0..target.len()).map(|row| sum(&weights[1 - row % 2], row, |term| &term.train)).collect();
        let serve: Vec<f64> = (0..own[1].len())
            .map(|row| weights.iter().map(|weights| sum(weights, row, |term| &term.serve)).sum::<f64>() / 2.0)
            .collect();
        let known = |values: Vec<f64>, own: &[Option<f64>]| -> Vec<Option<f64>> {
            values.into_iter().zip(own).map(|(value, own)| own.map(|_| value)).collect()
        };
        let (train, serve) = (known(train, &own[0]), known(serve, &own[1]));
        let (predicted, wanted): (Vec<f64>, Vec<f64>) =
            train.iter().zip(&target).filter_map(|(predicted, wanted)| Some(((*predicted)?, *wanted))).unzip();
        let correlation = pearson(&predicted, &wanted)?;
        Some(Predicted { by_others: scaled(&train, &serve)?, correlation, own })
    }

    fn weights(&self, half: usize, others: &[usize], target: &[f64]) -> Option<Vec<f64>> {
        let products = &self.products[half];
        let among: Vec<Vec<f64>> = others.iter().map(|a| others.iter().map(|b| products[*a][*b]).collect()).collect();
        let target = every_other(target, half);
        let with_target =
            others.iter().map(|place| product(&every_other(&self.terms[*place].train, half), &target)).collect();
        ridge(among, with_target, PENALTY).filter(|weights| !weights.is_empty())
    }
}

fn every_other(values: &[f64], from: usize) -> Vec<f64> {
    values.iter().skip(from).step_by(2).copied().collect()
}

/// The ranks of the values as shares of the rows, less their mean; 0 where a value is missing.
fn centred_ranks(values: &[Option<f64>]) -> Vec<f64> {
    let known: Vec<f64> = values.iter().flatten().copied().collect();
    let n = known.len() as f64;
    let mut ranks = ranks(&known).into_iter();
    let rank = |value: &Option<f64>| value.and_then(|_| ranks.next()).map_or(0.0, |rank| (rank - (n + 1.0) / 2.0) / n);
    values.iter().map(rank).collect()
}

fn terms_of(train: &Series, serve: &Series) -> Vec<Term> {
    let feature = train.name().to_string();
    if let Some((train, serve)) = finite(train).zip(finite(serve)) {
        let term =
            |[train, serve]: [Vec<Option<f64>>; 2]| Term { feature, train: filled(&train), serve: filled(&serve) };
        return scaled(&train, &serve).map(term).into_iter().collect();
    }
    let Some((train, serve)) = words(train).zip(words(serve)) else { return Vec::new() };
    let mut counts: HashMap<&str, usize> = HashMap::new();
    train.iter().flatten().for_each(|word| *counts.entry(word).or_insert(0) += 1);
    let mut common: Vec<(&str, f64)> =
        counts.into_iter().map(|(word, rows)| (word, rows as f64 / train.len() as f64)).collect();
    common.retain(|(_, share)| CATEGORY.contains(share));
    common.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    let term = |(word, share): &(&str, f64)| {
        let spread = (share * (1.0 - share)).sqrt();
        let has = |words: &[Option<String>]| {
            let is = |other: &Option<String>| f64::from(u8::from(other.as_deref() == Some(*word)));
            words.iter().map(|other| (is(other) - share) / spread).collect()
        };
        Term { feature: feature.clone(), train: has(&train), serve: has(&serve) }
    };
    common.iter().map(term).collect()
}

fn filled(values: &[Option<f64>]) -> Vec<f64> {
    values.iter().map(|value| value.unwrap_or(0.0)).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use polars::prelude::NamedFrom;
    use stats::testing::{draws, normal};

    use super::*;

    fn sample(columns: Vec<Series>) -> Sample {
        let rows = columns[0].len();
        Sample::new(columns, rows).unwrap()
    }

    #[test]
    fn columns_of_chance_predict_nothing_and_a_copy_nearly_all() {
        let numbers = |name: &str, seed| Series::new(name.into(), draws(seed, 120, normal));
        let noise = || (0..40).map(|place| numbers(&format!("n{place}"), 10 + place)).collect::<Vec<_>>();
        let with = |columns: Vec<Series>| {
            let sample = sample(columns);
            let together = Together::learn(&sample, &sample, &Roles::default()).unwrap();
            together.predict("x").unwrap().correlation
        };
        let alone = with([vec![numbers("x", 1)], noise()].concat());
        assert!(alone.abs() < 0.3, "forty columns fit sixty rows: {alone}");
        let copied = with([vec![numbers("x", 1), numbers("copy", 1)], noise()].concat());
        assert!(copied > 0.7, "{copied}");
    }

    #[test]
    fn a_column_alone_has_no_prediction() {
        let sample = sample(vec![Series::new("x".into(), draws(1, 50, normal))]);
        assert!(Together::learn(&sample, &sample, &Roles::default()).unwrap().predict("x").is_none());
    }
}
