//! What is true in a table's world and how a system answers in it, both known: models of the table's own label.

use std::collections::HashMap;

use stats::boosted_trees::{BinnedRows, Binning, BoostedTrees, Growth, Loss};
use stats::rng::Rng;

use crate::table::{Spread, Table, Values, shares};

/// The label of the world, and the system's predictions.
pub const LABEL: &str = "outcome";
pub const PREDICTION: &str = "predicted";
/// What is true is richer than what a system learns of a sample of it.
const TRUTH: Growth = Growth { trees: 120, learning_rate: 0.1, loss: Loss::Logistic };
const SYSTEM: Growth = Growth { trees: 100, learning_rate: 0.1, loss: Loss::Logistic };
/// Labelled rows that the system was trained on.
const TRAINED_ON: usize = 8_000;
/// How much the first two numbers add to the log odds for each standard deviation, smoothly: no binning of ours is the
/// world's.
const SMOOTH: [f64; 2] = [0.5, -0.4];

/// How each column becomes bins, learnt from one table and applied to others.
pub struct Bins(Vec<(String, Binning, HashMap<String, usize>)>);

impl Bins {
    pub fn learn(table: &Table) -> Self {
        let learnt = |(name, values): &(String, Values)| match values.numbers() {
            Some(numbers) => {
                let known: Vec<f64> = numbers.into_iter().flatten().collect();
                (name.clone(), Binning::of_numbers(&known), HashMap::new())
            }
            None => {
                let ranked = shares(&values.words()).into_iter().enumerate();
                (name.clone(), Binning::Categories, ranked.map(|(rank, (word, _))| (word, rank)).collect())
            }
        };
        Self(table.columns.iter().filter(|(name, _)| !is_answer(name)).map(learnt).collect())
    }

    pub fn apply(&self, table: &Table) -> BinnedRows {
        let features = self.0.iter().map(|(name, binning, codes)| {
            let Some(values) = table.get(name) else { return vec![0; table.rows] };
            if *binning != Binning::Categories {
                let numbers = values.numbers().unwrap_or_else(|| vec![None; table.rows]);
                return numbers.into_iter().map(|value| binning.bin(value.unwrap_or(f64::NAN))).collect();
            }
            let code = |word: &String| codes.get(word).map_or(f64::MAX, |code| *code as f64);
            values.words().iter().map(|word| binning.bin(word.as_ref().map_or(f64::NAN, code))).collect()
        });
        let categorical = self.0.iter().map(|(_, binning, _)| *binning == Binning::Categories).collect();
        BinnedRows { features: features.collect(), categorical, rows: table.rows }
    }
}

pub fn is_answer(name: &str) -> bool {
    name == LABEL || name == PREDICTION
}

/// A table whose label is drawn anew, with the chance of yes of each row, and a system trained on such rows.
pub struct World {
    pub table: Table,
    pub chance: Vec<f64>,
    bins: Bins,
    system: BoostedTrees,
}

impl World {
    /// `label` is yes where it is one of the rarer half of its values, or over its median.
    pub fn of(table: &Table, label: &str, seed: u64) -> Option<Self> {
        let yes = is_yes(table.get(label)?);
        let mut table = table.clone();
        table.remove(label);
        let bins = Bins::learn(&table);
        let binned = bins.apply(&table);
        let all: Vec<usize> = (0..table.rows).collect();
        let truth = BoostedTrees::grow(&binned, &yes, &all, TRUTH, seed);
        let smooth = smooth(&table);
        let chance: Vec<f64> = all
            .iter()
            .map(|row| {
                let p = truth.probability(&binned, *row).clamp(1e-6, 1.0 - 1e-6);
                logistic((p / (1.0 - p)).ln() + smooth[*row])
            })
            .collect();
        let mut rng = Rng::new(seed ^ 0x7ea);
        let learnt: Vec<usize> = (0..TRAINED_ON).map(|_| rng.below(table.rows)).collect();
        let drawn: Vec<f64> = chance.iter().map(|chance| f64::from(u8::from(rng.next_f64() < *chance))).collect();
        let system = BoostedTrees::grow(&binned, &drawn, &learnt, SYSTEM, seed + 1);
        Some(Self { table, chance, bins, system })
    }

    /// What the system answers for the rows of a table, whatever became of its columns.
    pub fn answers(&self, table: &Table) -> Vec<bool> {
        let binned = self.bins.apply(table);
        (0..table.rows).map(|row| self.system.probability(&binned, row) > 0.5).collect()
    }
}

fn is_yes(values: &Values) -> Vec<f64> {
    if let Some(numbers) = values.numbers()
        && let Some(spread) = Spread::of(&numbers)
        && spread.distinct > 2
    {
        let mut known: Vec<f64> = numbers.iter().flatten().copied().collect();
        known.sort_by(f64::total_cmp);
        let median = known[known.len() / 2];
        return numbers.iter().map(|value| f64::from(u8::from(value.is_some_and(|value| value > median)))).collect();
    }
    let words = values.words();
    let rare = shares(&words).last().map(|(word, _)| word.clone());
    words.iter().map(|word| f64::from(u8::from(*word == rare))).collect()
}

fn smooth(table: &Table) -> Vec<f64> {
    let mut sum = vec![0.0; table.rows];
    let numbers = table.columns.iter().filter_map(|(_, values)| values.numbers());
    let spread = numbers.filter_map(|numbers| Spread::of(&numbers).filter(|s| s.distinct > 20).map(|s| (numbers, s)));
    for ((numbers, spread), weight) in spread.zip(SMOOTH) {
        for (sum, value) in sum.iter_mut().zip(numbers) {
            *sum += weight * value.map_or(0.0, |value| ((value - spread.mean) / spread.std).clamp(-3.0, 3.0));
        }
    }
    sum
}

fn logistic(margin: f64) -> f64 {
    1.0 / (1.0 + (-margin).exp())
}
