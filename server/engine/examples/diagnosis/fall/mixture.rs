//! A seeded mixture of who arrives, what a fault makes the system answer, and what is true; and what each truly costs.

use stats::rng::Rng;

use super::world::{LABEL, PREDICTION, World};
use crate::scene::changed_numbers;
use crate::table::{Spread, Table, Values, shares};

/// What became of a column of the served rows.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// Every value times a factor: it can be undone.
    Factor(f64),
    /// A share of the values is a sentinel: it can't.
    Sentinel(f64),
    /// A share of the values is missing: nor can it.
    Missing(f64),
}

/// One draw of what changed.
pub struct Mixture {
    /// The weight of each row of the table among those that arrive.
    weights: Vec<f64>,
    pub fault: Option<(String, Fault)>,
    /// The share of labels that are the other way round, row by row.
    flipped: Vec<f64>,
    rng: Rng,
}

/// In points of accuracy lost.
#[derive(Clone, Copy, Debug, Default)]
pub struct Truth {
    pub fall: f64,
    pub mix: f64,
    pub scoring: f64,
    pub concept: f64,
}

/// Rows from before and after, with label and prediction.
pub struct Pair {
    pub before: Table,
    pub after: Table,
}

/// Of four mixtures, one lacks each mechanism.
const LACKED: f64 = 0.25;
const FACTORS: [f64; 4] = [1_000.0, 0.001, 100.0, 12.0];
const SHARES: [f64; 3] = [0.3, 0.6, 1.0];

impl Mixture {
    pub fn draw(world: &World, seed: u64, untouched: bool) -> Self {
        let mut rng = Rng::new(seed);
        let rows = world.table.rows;
        let mut mixture = Self { weights: vec![1.0; rows], fault: None, flipped: vec![0.0; rows], rng: rng.clone() };
        if !untouched {
            if rng.next_f64() >= LACKED {
                mixture.weights = weights(world, &mut rng);
            }
            if rng.next_f64() >= LACKED {
                mixture.fault = fault(world, &mut rng);
            }
            if rng.next_f64() >= LACKED {
                mixture.flipped = flipped(world, &mut rng);
            }
        }
        mixture.rng = rng;
        mixture
    }

    /// What truly is lost: Shapley over the world itself, on all of its rows.
    pub fn truth(&mut self, world: &World) -> Truth {
        let whole = world.answers(&world.table);
        let broken = self.fault.as_ref().map(|(column, fault)| world.answers(&broken(&world.table, column, fault)));
        let share = match self.fault {
            Some((_, Fault::Sentinel(share) | Fault::Missing(share))) => share,
            _ => 1.0,
        };
        let loss = |mix: bool, scoring: bool, concept: bool| {
            let (mut sum, mut all) = (0.0, 0.0);
            for row in 0..world.table.rows {
                let chance = world.chance[row];
                let flip = if concept { self.flipped[row] } else { 0.0 };
                let p = chance + flip * (1.0 - 2.0 * chance);
                let of = |answer: bool| if answer { 1.0 - p } else { p };
                let loss = match (&broken, scoring) {
                    (Some(broken), true) => share * of(broken[row]) + (1.0 - share) * of(whole[row]),
                    _ => of(whole[row]),
                };
                let weight = if mix { self.weights[row] } else { 1.0 };
                (sum, all) = (sum + weight * loss, all + weight);
            }
            100.0 * sum / all
        };
        let v: Vec<f64> = (0..8).map(|c| loss(c & 1 == 1, c >> 1 & 1 == 1, c >> 2 & 1 == 1)).collect();
        let part = |bit: usize| -> f64 {
            let others = (0..8_usize).filter(|c| c & bit == 0);
            others.map(|c| (v[c | bit] - v[c]) * if c.count_ones() == 1 { 1.0 / 6.0 } else { 1.0 / 3.0 }).sum()
        };
        Truth { fall: v[7] - v[0], mix: part(1), scoring: part(2), concept: part(4) }
    }

    /// Rows that the system may have been trained on: as those before, without predictions.
    pub fn train(&mut self, world: &World, rows: usize) -> Table {
        let drawn: Vec<usize> = (0..rows).map(|_| self.rng.below(world.table.rows)).collect();
        let chances: Vec<f64> = drawn.iter().map(|row| world.chance[*row]).collect();
        let mut table = self.answered(world, world.table.take(&drawn), &chances);
        table.remove(PREDICTION);
        table
    }

    /// Rows of both sides.
    pub fn rows(&mut self, world: &World, rows: usize) -> Pair {
        let before: Vec<usize> = (0..rows).map(|_| self.rng.below(world.table.rows)).collect();
        let after = self.weighted(rows);
        let (first, second) = (world.table.take(&before), world.table.take(&after));
        let broken = match &self.fault {
            None => second,
            Some((column, fault)) => {
                let touched: Vec<bool> = (0..rows).map(|_| self.rng.next_f64() < share_of(fault)).collect();
                touch(&second, column, fault, |row| touched[row])
            }
        };
        let chance = |row: usize, flip: f64| world.chance[row] + flip * (1.0 - 2.0 * world.chance[row]);
        let before_chances: Vec<f64> = before.iter().map(|row| chance(*row, 0.0)).collect();
        let after_chances: Vec<f64> = after.iter().map(|row| chance(*row, self.flipped[*row])).collect();
        Pair {
            before: self.answered(world, first, &before_chances),
            after: self.answered(world, broken, &after_chances),
        }
    }

    fn answered(&mut self, world: &World, mut table: Table, chances: &[f64]) -> Table {
        let answers = world.answers(&table);
        let whole = |yes: Vec<bool>| Values::Whole(yes.into_iter().map(|yes| Some(i64::from(yes))).collect());
        let labels = chances.iter().map(|chance| self.rng.next_f64() < *chance).collect();
        table.set(LABEL, whole(labels));
        table.set(PREDICTION, whole(answers));
        table
    }

    fn weighted(&mut self, rows: usize) -> Vec<usize> {
        let mut sums: Vec<f64> = Vec::with_capacity(self.weights.len());
        let mut sum = 0.0;
        for weight in &self.weights {
            sum += weight;
            sums.push(sum);
        }
        (0..rows)
            .map(|_| {
                let at = self.rng.next_f64() * sum;
                sums.partition_point(|below| *below <= at).min(sums.len() - 1)
            })
            .collect()
    }
}

fn share_of(fault: &Fault) -> f64 {
    match fault {
        Fault::Factor(_) => 1.0,
        Fault::Sentinel(share) | Fault::Missing(share) => *share,
    }
}

fn broken(table: &Table, column: &str, fault: &Fault) -> Table {
    touch(table, column, fault, |_| true)
}

fn touch(table: &Table, column: &str, fault: &Fault, is_touched: impl Fn(usize) -> bool) -> Table {
    let mut table = table.clone();
    match fault {
        Fault::Factor(factor) => {
            changed_numbers(&mut table, column, |row, value| if is_touched(row) { value * factor } else { value });
        }
        Fault::Sentinel(_) => {
            changed_numbers(&mut table, column, |row, value| if is_touched(row) { -999.0 } else { value });
        }
        Fault::Missing(_) => {
            if let Some(values) = table.get_mut(column) {
                values.blank(is_touched);
            }
        }
    }
    table
}

/// Rows weighted along one column: exponentially in a number, by chance in categories.
fn weights(world: &World, rng: &mut Rng) -> Vec<f64> {
    let (_, values) = &world.table.columns[rng.below(world.table.columns.len())];
    let strength = (0.4 + 0.8 * rng.next_f64()) * if rng.next_f64() < 0.5 { -1.0 } else { 1.0 };
    match values.numbers().and_then(|numbers| Spread::of(&numbers).map(|spread| (numbers, spread))) {
        Some((numbers, spread)) if spread.std > 0.0 => numbers
            .iter()
            .map(|value| {
                let z = value.map_or(0.0, |value| ((value - spread.mean) / spread.std).clamp(-2.5, 2.5));
                (strength * z).exp()
            })
            .collect(),
        _ => {
            let words = values.words();
            let levels = shares(&words);
            let of_level: Vec<f64> = levels.iter().map(|_| (2.0 * strength * (rng.next_f64() - 0.5)).exp()).collect();
            let weight = |word: &Option<String>| {
                levels.iter().position(|(level, _)| Some(level) == word.as_ref()).map_or(1.0, |at| of_level[at])
            };
            words.iter().map(weight).collect()
        }
    }
}

/// One of the numbers that the system's answers depend on most.
fn fault(world: &World, rng: &mut Rng) -> Option<(String, Fault)> {
    let whole = world.answers(&world.table);
    let numbers = world.table.columns.iter().filter(|(_, values)| values.numbers().is_some());
    let mut telling: Vec<(String, usize)> = numbers
        .map(|(name, _)| {
            let answers = world.answers(&broken(&world.table, name, &Fault::Missing(1.0)));
            (name.clone(), answers.iter().zip(&whole).filter(|(a, b)| a != b).count())
        })
        .collect();
    telling.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    telling.truncate(2);
    if telling.is_empty() {
        return None;
    }
    let column = telling[rng.below(telling.len())].0.clone();
    let share = SHARES[rng.below(SHARES.len())];
    let fault = match rng.below(4) {
        0 => Fault::Sentinel(share),
        1 => Fault::Missing(share.min(0.6)),
        _ => Fault::Factor(FACTORS[rng.below(FACTORS.len())]),
    };
    Some((column, fault))
}

/// Labels the other way round in half of the values of a column.
fn flipped(world: &World, rng: &mut Rng) -> Vec<f64> {
    let (_, values) = &world.table.columns[rng.below(world.table.columns.len())];
    let share = 0.1 + 0.25 * rng.next_f64();
    match values.numbers().and_then(|numbers| Spread::of(&numbers).map(|spread| (numbers, spread))) {
        Some((numbers, spread)) => {
            numbers.iter().map(|v| if v.is_some_and(|v| v > spread.mean) { share } else { 0.0 }).collect()
        }
        None => {
            let words = values.words();
            let chosen: Vec<String> =
                shares(&words).into_iter().filter(|_| rng.next_f64() < 0.5).map(|(word, _)| word).collect();
            words.iter().map(|w| if w.as_ref().is_some_and(|w| chosen.contains(w)) { share } else { 0.0 }).collect()
        }
    }
}
