//! How well two sets of rows can be told apart by a classifier that has not seen them, and by which features.

use super::boosted_trees::{BinnedRows, BoostedTrees};
use super::ranking::Ranked;
use super::rng::Rng;

/// Trees fitted fold by fold: each row has a probability from trees that did not see it.
#[derive(Debug, Clone)]
pub struct CrossValidated {
    fold_of: Vec<usize>,
    trees: Vec<BoostedTrees>,
    probabilities: Vec<f64>,
}

/// An area under the ROC curve with its standard error.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Area {
    pub value: f64,
    pub standard_error: f64,
}

impl CrossValidated {
    /// `fold_of` names the fold of each row, counted from 0. The same inputs and seed always give the same trees.
    pub fn fit(data: &BinnedRows, yes: &[bool], fold_of: Vec<usize>, seed: u64) -> Self {
        let trees = (0..folds(&fold_of)).map(|fold| Self::without(fold, data, yes, &fold_of, seed)).collect();
        Self::assemble(data, fold_of, trees)
    }

    /// The trees of all rows but those of a fold, for who fits several at the same time; see [`Self::assemble`].
    pub fn without(fold: usize, data: &BinnedRows, yes: &[bool], fold_of: &[usize], seed: u64) -> BoostedTrees {
        let rows: Vec<usize> = (0..data.rows).filter(|row| fold_of[*row] != fold).collect();
        BoostedTrees::fit(data, yes, &rows, seed.wrapping_add(fold as u64))
    }

    /// Puts together the trees of [`Self::without`], in the order of the [`folds`].
    pub fn assemble(data: &BinnedRows, fold_of: Vec<usize>, trees: Vec<BoostedTrees>) -> Self {
        let mut fitted = Self { fold_of, trees, probabilities: Vec::new() };
        fitted.probabilities = fitted.answers(data);
        fitted
    }

    fn answers(&self, data: &BinnedRows) -> Vec<f64> {
        (0..data.rows).map(|row| self.trees[self.fold_of[row]].probability(data, row)).collect()
    }

    /// The area under the ROC curve of the out-of-fold probabilities, with `DeLong`'s standard error. That error takes the
    /// rows for independent; probabilities of one fold share their trees, so judge it beside a floor measured the same way.
    /// `None` when all rows are of one side.
    pub fn area(&self, yes: &[bool]) -> Option<Area> {
        area(&self.probabilities, yes)
    }

    /// Per feature, what the area loses when the feature's values are shuffled among the rows and the trees are left as
    /// they are (permutation importance: Breiman 2001; `sklearn.inspection.permutation_importance` with one repeat).
    pub fn losses(&self, data: &BinnedRows, yes: &[bool], seed: u64) -> Vec<f64> {
        let Some(full) = self.area(yes) else { return vec![0.0; data.features.len()] };
        let mut shuffled = data.clone();
        let mut rng = Rng::new(seed);
        (0..data.features.len())
            .map(|feature| {
                rng.shuffle(&mut shuffled.features[feature]);
                let without = area(&self.answers(&shuffled), yes);
                shuffled.features[feature].clone_from(&data.features[feature]);
                without.map_or(0.0, |without| full.value - without.value)
            })
            .collect()
    }
}

/// How many folds there are.
pub fn folds(fold_of: &[usize]) -> usize {
    fold_of.iter().max().map_or(0, |last| last + 1)
}

/// The area under the ROC curve of these probabilities; `None` when all rows are of one side.
pub fn area(probabilities: &[f64], yes: &[bool]) -> Option<Area> {
    let ranked = Ranked::new(probabilities, yes);
    ranked.has_both_classes().then(|| Area { value: ranked.roc_auc(), standard_error: ranked.roc_auc_standard_error() })
}

/// Folds in which all rows of a group are together, dealt out at random group by group; where a row has no group it is one
/// of its own.
pub fn grouped_folds(groups: &[Option<u64>], folds: usize, seed: u64) -> Vec<usize> {
    let mut rng = Rng::new(seed);
    let mut known = std::collections::HashMap::new();
    groups
        .iter()
        .map(|group| {
            let drawn = rng.below(folds);
            group.map_or(drawn, |group| *known.entry(group).or_insert(drawn))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boosted_trees::{Binning, stratified_folds};
    use crate::testing::normal;

    /// Two correlated numbers; on the second side `broken` puts the second one in another row.
    fn sides(seed: u64, rows: usize, broken: fn(f64, f64) -> f64) -> (BinnedRows, Vec<bool>) {
        let mut rng = Rng::new(seed);
        let (mut a, mut b, mut noise) = (Vec::new(), Vec::new(), Vec::new());
        for row in 0..2 * rows {
            let common = normal(&mut rng);
            let own = normal(&mut rng);
            a.push(common);
            b.push(if row < rows { 0.95 * common + 0.3 * own } else { broken(common, own) });
            noise.push(normal(&mut rng));
        }
        let features = [a, b, noise]
            .iter()
            .map(|values| {
                let binning = Binning::of_numbers(&values[..rows]);
                values.iter().map(|value| binning.bin(*value)).collect()
            })
            .collect();
        let data = BinnedRows { features, categorical: vec![false; 3], rows: 2 * rows };
        (data, (0..2 * rows).map(|row| row >= rows).collect())
    }

    #[test]
    fn a_broken_relation_is_seen_though_every_column_looks_alike() {
        let (data, second) = sides(1, 1_000, |_, own| own);
        let fitted = CrossValidated::fit(&data, &second, stratified_folds(&second, 5, 1), 1);
        let found = fitted.area(&second).map_or(0.0, |area| area.value);
        assert!(found > 0.8, "{found}");
        let losses = fitted.losses(&data, &second, 1);
        assert!(losses[0] > 0.2 && losses[1] > 0.2 && losses[2].abs() < 0.02, "{losses:?}");
    }

    #[test]
    fn two_draws_of_one_population_are_not_told_apart() {
        let mut furthest: f64 = 0.0;
        for seed in 0..12 {
            let (data, second) = sides(seed, 400, |common, own| 0.95 * common + 0.3 * own);
            let fitted = CrossValidated::fit(&data, &second, stratified_folds(&second, 5, seed), seed);
            let area = fitted.area(&second).unwrap_or(Area { value: 1.0, standard_error: 1.0 });
            furthest = furthest.max((area.value - 0.5) / area.standard_error);
        }
        assert!(furthest < 3.0, "{furthest}");
    }

    #[test]
    fn one_side_alone_has_no_area_and_groups_stay_together() {
        let (data, _) = sides(1, 30, |_, own| own);
        let all = vec![true; 60];
        assert!(CrossValidated::fit(&data, &all, vec![0; 60], 1).area(&all).is_none());
        let groups: Vec<Option<u64>> = (0..60).map(|row| (row % 3 != 0).then_some(row % 5)).collect();
        let folds = grouped_folds(&groups, 4, 7);
        assert!(folds.iter().all(|fold| *fold < 4));
        for group in 0..5 {
            let of_group = |row: &usize| groups[*row] == Some(group);
            let mut rows = (0..60).filter(of_group).map(|row| folds[row]);
            let first = rows.next();
            assert!(rows.all(|fold| Some(fold) == first));
        }
    }
}
