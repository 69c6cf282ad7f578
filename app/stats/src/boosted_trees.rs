//! A small gradient-boosted tree classifier for checks that need to know what the features say about a class: wrong
//! labels, changed labels, rows that can be told apart. Newton boosting of the logistic loss on binned features
//! (Friedman 2001; Chen and Guestrin 2016), complete trees of depth 3.

use super::rng::Rng;

/// Bins per feature; the first one holds missing values.
pub const BINS: usize = 33;
const DEPTH: usize = 3;
const LEAVES: usize = 1 << DEPTH;
const INNER: usize = LEAVES - 1;
/// Added to every sum of second derivatives: keeps leaves of few rows close to zero.
const SHRINKAGE: f64 = 2.0;
/// A split must leave this much second derivative (about four times as many undecided rows) on either side.
const SMALLEST_CHILD: f64 = 2.0;
/// Share of the rows each tree sees.
const ROWS_PER_TREE: f64 = 0.8;

/// How the values of one feature become bins, learnt from a reference sample.
#[derive(Debug, Clone, PartialEq)]
pub enum Binning {
    /// Upper edges of the bins, ascending: at most 31 quantiles of the values.
    Numbers(Vec<f64>),
    /// Category numbers below 31 have their own bin, the others share the last.
    Categories,
}

impl Binning {
    /// Quantile bins of the finite values.
    pub fn of_numbers(values: &[f64]) -> Self {
        let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let mut edges: Vec<f64> =
            (1..BINS - 1).filter_map(|i| sorted.get(i * sorted.len() / (BINS - 1)).copied()).collect();
        edges.dedup();
        Binning::Numbers(edges)
    }

    /// The bin of a value: a number, or a category number counted from 0 by frequency; not finite is missing.
    pub fn bin(&self, value: f64) -> u8 {
        if !value.is_finite() {
            return 0;
        }
        match self {
            Binning::Numbers(edges) => 1 + edges.partition_point(|edge| *edge <= value) as u8,
            Binning::Categories => 1 + value.clamp(0.0, (BINS - 2) as f64) as u8,
        }
    }
}

/// Binned rows, feature by feature.
#[derive(Debug, Clone, Default)]
pub struct BinnedRows {
    pub features: Vec<Vec<u8>>,
    /// Which of the features are categories: their bins are put in the order of the class's rate before each fit.
    pub categorical: Vec<bool>,
    pub rows: usize,
}

impl BinnedRows {
    /// These rows alone, in this order.
    pub fn taken(&self, rows: &[usize]) -> Self {
        let features = self.features.iter().map(|bins| rows.iter().map(|row| bins[*row]).collect()).collect();
        Self { features, categorical: self.categorical.clone(), rows: rows.len() }
    }

    /// The same rows without some of their features.
    pub fn without(&self, features: &[usize]) -> Self {
        let kept = || (0..self.features.len()).filter(|place| !features.contains(place));
        Self {
            features: kept().map(|place| self.features[place].clone()).collect(),
            categorical: kept().map(|place| self.categorical[place]).collect(),
            rows: self.rows,
        }
    }
}

/// How many trees are grown, how much of its step each takes, and on which loss.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Growth {
    pub trees: usize,
    pub learning_rate: f64,
    pub loss: Loss,
}

/// What is made small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// Of targets from 0 to 1: a probability is expected.
    Logistic,
    /// Of any number; best of about unit variance, so that leaves of few rows are held back as for the other loss.
    Squares,
}

impl Growth {
    /// What a check needs that asks whether something can be learnt at all.
    pub const QUICK: Self = Self { trees: 40, learning_rate: 0.15, loss: Loss::Logistic };
}

/// A fitted classifier of yes and no, or the expectation of a number.
#[derive(Debug, Clone)]
pub struct BoostedTrees {
    /// Per feature, the rank of each bin in the order that splits use.
    ranks: Vec<[u8; BINS]>,
    prior: f64,
    trees: Vec<Tree>,
    loss: Loss,
}

#[derive(Debug, Clone)]
struct Tree {
    /// Per inner node in heap order: the feature, and the highest rank that goes left. A node that does not split
    /// sends every row left.
    splits: [(usize, u8); INNER],
    leaves: [f64; LEAVES],
}

/// First and second derivative of the loss.
type Slopes = (f64, f64);

impl BoostedTrees {
    /// Fits to the rows numbered `rows`; `yes` is the answer of every row of `data`. The same inputs and seed always give
    /// the same trees.
    pub fn fit(data: &BinnedRows, yes: &[bool], rows: &[usize], seed: u64) -> Self {
        let targets: Vec<f64> = yes.iter().map(|yes| f64::from(u8::from(*yes))).collect();
        Self::fit_shares(data, &targets, rows, seed)
    }

    /// Fits to targets from 0 to 1 (a probability, or the rank of a quantity): the same loss with a share of each answer, so
    /// that a far outlier pulls no harder than the largest rank.
    pub fn fit_shares(data: &BinnedRows, targets: &[f64], rows: &[usize], seed: u64) -> Self {
        Self::grow(data, targets, rows, Growth::QUICK, seed)
    }

    /// Fits to targets as the growth says.
    pub fn grow(data: &BinnedRows, targets: &[f64], rows: &[usize], growth: Growth, seed: u64) -> Self {
        let sum: f64 = rows.iter().map(|row| targets[*row]).sum();
        let prior = match growth.loss {
            Loss::Logistic => ((sum + 0.5) / (rows.len() as f64 - sum + 0.5)).ln(),
            Loss::Squares => sum / (rows.len() as f64).max(1.0),
        };
        let ranks: Vec<[u8; BINS]> = data
            .features
            .iter()
            .zip(&data.categorical)
            .map(|(bins, categorical)| if *categorical { ranks_by_rate(bins, targets, rows) } else { bins_in_order() })
            .collect();
        let ranked: Vec<Vec<u8>> = data
            .features
            .iter()
            .zip(&ranks)
            .map(|(bins, ranks)| bins.iter().map(|bin| ranks[*bin as usize]).collect())
            .collect();
        let mut rng = Rng::new(seed);
        let mut margins = vec![prior; data.rows];
        let mut trees = Vec::with_capacity(growth.trees);
        for _ in 0..growth.trees {
            let chosen: Vec<usize> = rows.iter().copied().filter(|_| rng.next_f64() < ROWS_PER_TREE).collect();
            let slopes: Vec<Slopes> =
                chosen.iter().map(|row| growth.loss.slopes(margins[*row], targets[*row])).collect();
            let tree = Tree::grow(&ranked, &chosen, &slopes, growth.learning_rate);
            for row in rows {
                margins[*row] += tree.margin(|feature| ranked[feature][*row]);
            }
            trees.push(tree);
        }
        Self { ranks, prior, trees, loss: growth.loss }
    }

    /// The probability of yes for one row of bins; for the loss of squares, the number expected.
    pub fn probability(&self, data: &BinnedRows, row: usize) -> f64 {
        let rank = |feature: usize| self.ranks[feature][data.features[feature][row] as usize];
        self.loss.expected(self.prior + self.trees.iter().map(|tree| tree.margin(rank)).sum::<f64>())
    }
}

impl Loss {
    fn expected(self, margin: f64) -> f64 {
        match self {
            Loss::Logistic => logistic(margin),
            Loss::Squares => margin,
        }
    }

    fn slopes(self, margin: f64, target: f64) -> Slopes {
        let expected = self.expected(margin);
        match self {
            Loss::Logistic => (expected - target, expected * (1.0 - expected)),
            Loss::Squares => (expected - target, 1.0),
        }
    }
}

impl Tree {
    fn grow(ranked: &[Vec<u8>], rows: &[usize], slopes: &[Slopes], learning_rate: f64) -> Tree {
        let mut tree = Tree { splits: [(0, u8::MAX); INNER], leaves: [0.0; LEAVES] };
        let mut node_of = vec![0_usize; rows.len()];
        for depth in 0..DEPTH {
            let first = (1 << depth) - 1;
            let nodes = 1 << depth;
            let mut best = vec![(0.0, (0, u8::MAX)); nodes];
            for (feature, ranks) in ranked.iter().enumerate() {
                let mut sums = vec![[(0.0, 0.0); BINS]; nodes];
                for ((row, node), (first_order, second_order)) in rows.iter().zip(&node_of).zip(slopes) {
                    let cell = &mut sums[*node][ranks[*row] as usize];
                    cell.0 += first_order;
                    cell.1 += second_order;
                }
                for (best, sums) in best.iter_mut().zip(&sums) {
                    if let Some((gain, rank)) = best_split(sums)
                        && gain > best.0
                    {
                        *best = (gain, (feature, rank));
                    }
                }
            }
            for (place, (_, split)) in best.iter().enumerate() {
                tree.splits[first + place] = *split;
            }
            for (row, node) in rows.iter().zip(&mut node_of) {
                let (feature, rank) = best[*node].1;
                *node = 2 * *node + usize::from(ranked.get(feature).is_some_and(|ranks| ranks[*row] > rank));
            }
        }
        let mut sums = [(0.0, 0.0); LEAVES];
        for (leaf, (first_order, second_order)) in node_of.iter().zip(slopes) {
            sums[*leaf].0 += first_order;
            sums[*leaf].1 += second_order;
        }
        for (leaf, (first_order, second_order)) in tree.leaves.iter_mut().zip(sums) {
            *leaf = -learning_rate * first_order / (second_order + SHRINKAGE);
        }
        tree
    }

    fn margin(&self, rank: impl Fn(usize) -> u8) -> f64 {
        let mut node = 0;
        for _ in 0..DEPTH {
            let (feature, highest_left) = self.splits[node];
            // An unsplit node has the highest rank there is as its bound, whatever the feature.
            let right = highest_left != u8::MAX && rank(feature) > highest_left;
            node = 2 * node + 1 + usize::from(right);
        }
        self.leaves[node - INNER]
    }
}

/// The split with the largest gain, and that gain; `None` when no split leaves enough on both sides.
fn best_split(sums: &[Slopes; BINS]) -> Option<(f64, u8)> {
    let total = sums.iter().fold((0.0, 0.0), |all, bin| (all.0 + bin.0, all.1 + bin.1));
    let score = |(first_order, second_order): Slopes| first_order * first_order / (second_order + SHRINKAGE);
    let mut left = (0.0, 0.0);
    let mut best: Option<(f64, u8)> = None;
    for (rank, bin) in sums.iter().enumerate().take(BINS - 1) {
        left = (left.0 + bin.0, left.1 + bin.1);
        let right = (total.0 - left.0, total.1 - left.1);
        if left.1 < SMALLEST_CHILD || right.1 < SMALLEST_CHILD {
            continue;
        }
        let gain = score(left) + score(right) - score(total);
        if best.is_none_or(|(most, _)| gain > most) {
            best = Some((gain, rank as u8));
        }
    }
    best
}

fn bins_in_order() -> [u8; BINS] {
    std::array::from_fn(|bin| bin as u8)
}

/// Categories have no order of their own: putting them in the order of their rate of yes makes every useful split one of
/// neighbours (Fisher 1958). Rates of few rows are drawn towards the common one.
fn ranks_by_rate(bins: &[u8], targets: &[f64], rows: &[usize]) -> [u8; BINS] {
    let mut counts = [(0.0, 0.0); BINS];
    for row in rows {
        let cell = &mut counts[bins[*row] as usize];
        cell.0 += targets[*row];
        cell.1 += 1.0;
    }
    let common = counts.iter().map(|cell| cell.0).sum::<f64>() / (rows.len() as f64).max(1.0);
    let rate = |bin: u8| (counts[bin as usize].0 + 5.0 * common) / (counts[bin as usize].1 + 5.0);
    let mut order: [u8; BINS] = bins_in_order();
    order.sort_by(|a, b| rate(*a).total_cmp(&rate(*b)));
    let mut ranks = [0; BINS];
    for (rank, bin) in order.into_iter().enumerate() {
        ranks[bin as usize] = rank as u8;
    }
    ranks
}

fn logistic(margin: f64) -> f64 {
    1.0 / (1.0 + (-margin).exp())
}

/// The probability of yes for every row, each from trees that have not seen it: `folds` parts in random order, dealt out
/// separately among yes and no so that each part has its share of both.
pub fn out_of_fold(data: &BinnedRows, yes: &[bool], folds: usize, seed: u64) -> Vec<f64> {
    let fold_of = stratified_folds(yes, folds, seed);
    let mut probabilities = vec![0.0; data.rows];
    for fold in 0..folds {
        let rows: Vec<usize> = (0..data.rows).filter(|row| fold_of[*row] != fold).collect();
        let trees = BoostedTrees::fit(data, yes, &rows, seed.wrapping_add(fold as u64));
        for row in (0..data.rows).filter(|row| fold_of[*row] == fold) {
            probabilities[row] = trees.probability(data, row);
        }
    }
    probabilities
}

/// The fold of each row: dealt out in random order, separately among yes and no.
pub fn stratified_folds(yes: &[bool], folds: usize, seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..yes.len()).collect();
    Rng::new(seed).shuffle(&mut order);
    let mut fold_of = vec![0; yes.len()];
    let mut dealt = [0_usize; 2];
    for row in order {
        let next = &mut dealt[usize::from(yes[row])];
        fold_of[row] = *next % folds;
        *next += 1;
    }
    fold_of
}

#[cfg(test)]
mod tests {
    use super::*;

    fn binned(columns: &[(Vec<f64>, bool)]) -> BinnedRows {
        let features = columns
            .iter()
            .map(|(values, categorical)| {
                let binning = if *categorical { Binning::Categories } else { Binning::of_numbers(values) };
                values.iter().map(|value| binning.bin(*value)).collect()
            })
            .collect();
        let categorical = columns.iter().map(|(_, categorical)| *categorical).collect();
        BinnedRows { features, categorical, rows: columns[0].0.len() }
    }

    #[test]
    fn values_at_an_edge_go_up_and_missing_has_its_own_bin() {
        let binning = Binning::Numbers(vec![1.0, 5.0]);
        assert_eq!([0.0, 1.0, 4.9, 5.0, f64::NAN, f64::INFINITY].map(|value| binning.bin(value)), [1, 2, 2, 3, 0, 0]);
        assert_eq!([0.0, 30.0, 31.0, 500.0].map(|value| Binning::Categories.bin(value)), [1, 31, 32, 32]);
        assert_eq!(Binning::of_numbers(&[3.0; 9]), Binning::Numbers(vec![3.0]));
    }

    #[test]
    fn an_interaction_no_single_feature_shows_is_learnt_out_of_fold() {
        let mut rng = Rng::new(3);
        let a: Vec<f64> = (0..1_200).map(|_| rng.next_f64()).collect();
        let b: Vec<f64> = (0..1_200).map(|_| rng.next_f64()).collect();
        let yes: Vec<bool> = a.iter().zip(&b).map(|(a, b)| (*a > 0.4) != (*b > 0.6)).collect();
        let probabilities = out_of_fold(&binned(&[(a, false), (b, false)]), &yes, 4, 1);
        let right = probabilities.iter().zip(&yes).filter(|(p, yes)| (**p > 0.5) == **yes).count();
        assert!(right > 1_120, "{right} of 1,200");
    }

    #[test]
    fn categories_are_told_apart_whatever_their_order_and_noise_is_not_learnt() {
        let mut rng = Rng::new(4);
        let category: Vec<f64> = (0..1_000).map(|_| rng.below(10) as f64).collect();
        let yes: Vec<bool> = category.iter().map(|category| [1.0, 4.0, 6.0, 9.0].contains(category)).collect();
        let data = binned(&[(category, true)]);
        let probabilities = out_of_fold(&data, &yes, 4, 1);
        assert!(probabilities.iter().zip(&yes).all(|(p, yes)| (*p > 0.5) == *yes));
        let coin: Vec<bool> = (0..1_000).map(|_| rng.next_f64() < 0.5).collect();
        let probabilities = out_of_fold(&data, &coin, 4, 1);
        let right = probabilities.iter().zip(&coin).filter(|(p, yes)| (**p > 0.5) == **yes).count();
        assert!((430..570).contains(&right), "{right} of 1,000");
        assert_eq!(probabilities, out_of_fold(&data, &coin, 4, 1));
    }

    #[test]
    fn a_rare_class_without_features_keeps_its_rate() {
        let yes: Vec<bool> = (0..400).map(|row| row % 20 == 0).collect();
        let data = BinnedRows { rows: 400, ..BinnedRows::default() };
        let probabilities = out_of_fold(&data, &yes, 4, 1);
        assert!(probabilities.iter().all(|p| (*p - 0.05).abs() < 0.01), "{:?}", &probabilities[..5]);
    }
}
