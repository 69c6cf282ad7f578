//! Where the loss rose more than elsewhere: slices of the rows, as conjunctions of conditions on their inputs.
//!
//! One half of the rows proposes, the other confirms (Cox 1975 for the split of the data): whatever was searched, what is
//! confirmed with Holm's correction (1979) is chance in one table of twenty at most, and the sizes of the confirming half
//! are not those of a winner. The search is that of SliceLine (Sagadeeva and Boehm 2021), with another score.

mod search;
mod sums;

use super::super::boosted_trees::BinnedRows;
use super::super::distributions::normal_sf;
use super::super::multiple::holm;
use super::super::rng::Rng;
use super::{SIDES, Term};

use search::{Half, believed, proposed};
pub use search::{MOST_CONDITIONS, MOST_PROPOSED};
use sums::Sums;

/// What is confirmed is chance in this share of tables at most.
pub const FAMILY_WISE: f64 = 0.05;
/// Rows that a half has on either side at least: a slice of a tenth of them is still known to a few points.
pub const FEWEST_IN_HALF: usize = 500;
/// Rows that a slice has in the confirming half on either side at least.
const FEWEST_CONFIRMING: usize = 30;

/// One side: its inputs, and what each row costs (never less than nothing).
#[derive(Debug, Clone, Copy)]
pub struct SlicedSide<'a> {
    pub features: &'a BinnedRows,
    pub losses: &'a [f64],
}

/// The bins of one feature from one to another, both included. Bin 0 is a missing value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BinRange {
    pub feature: usize,
    pub from: u8,
    pub to: u8,
}

impl BinRange {
    fn holds(self, bin: u8) -> bool {
        (self.from..=self.to).contains(&bin)
    }
}

/// A confirmed slice; every figure is that of the confirming half.
#[derive(Debug, Clone, PartialEq)]
pub struct Slice {
    /// All of them hold; in the order of the features.
    pub conditions: Vec<BinRange>,
    pub rows: [usize; SIDES],
    /// The mean losses of these rows, before and after.
    pub losses: [Term; SIDES],
    /// How much more they cost after than before.
    pub rise: Term,
    /// How much more that is than it is outside of the slice.
    pub surplus: Term,
    /// What the rise adds to the mean loss of all rows.
    pub adds: Term,
    /// One-sided for the surplus, after the correction for all that were proposed.
    pub p: f64,
}

/// What was confirmed; the slices with the largest surplus first, held back where it is of few rows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Slices {
    pub proposed: usize,
    /// Rows of the confirming half.
    pub rows: [usize; SIDES],
    /// How much the mean loss rose in the confirming half.
    pub rise: Term,
    pub confirmed: Vec<Slice>,
}

impl Slices {
    /// The same rows and seed always give the same slices. Nothing is proposed from halves of too few rows.
    pub fn find(sides: [SlicedSide<'_>; SIDES], seed: u64) -> Self {
        let halves = sides.map(|side| halved(side.losses.len(), seed));
        let half = |of: usize| Half::of([0, 1].map(|side| taken(sides[side], &halves[side][of])));
        let (proposing, confirming) = (half(0), half(1));
        let all = confirming.all();
        let (_, _, rise) = all.rise();
        let rows = all.rows();
        if rows.iter().chain(&proposing.all().rows()).any(|rows| *rows < FEWEST_IN_HALF) {
            return Self { rows, rise, ..Self::default() };
        }
        let proposed = proposed(&proposing);
        let tried: Vec<Slice> = proposed.iter().map(|slice| measured(slice, &confirming, &all)).collect();
        let p_values = holm(&tried.iter().map(|slice| slice.p).collect::<Vec<f64>>());
        let mut confirmed: Vec<Slice> = tried
            .into_iter()
            .zip(p_values)
            .filter(|(_, p)| *p <= FAMILY_WISE)
            .map(|(slice, p)| Slice { p, ..slice })
            .collect();
        let weight = |slice: &Slice| slice.surplus.value * believed(slice.rows.map(|rows| rows as f64));
        confirmed.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
        Self { proposed: proposed.len(), rows, rise, confirmed }
    }
}

/// The rows of one side in two halves, ascending.
fn halved(rows: usize, seed: u64) -> [Vec<usize>; 2] {
    let mut places: Vec<usize> = (0..rows).collect();
    Rng::new(seed).shuffle(&mut places);
    let mut second = places.split_off(rows / 2);
    places.sort_unstable();
    second.sort_unstable();
    [places, second]
}

fn taken(side: SlicedSide<'_>, rows: &[usize]) -> (BinnedRows, Vec<f64>) {
    (side.features.taken(rows), rows.iter().map(|row| side.losses[*row]).collect())
}

fn measured(slice: &[usize], half: &Half, all: &Sums) -> Slice {
    let inside = half.sums(slice);
    let outside = all.less(&inside);
    let (before, after, rise) = inside.rise();
    let (_, _, elsewhere) = outside.rise();
    let surplus =
        Term { value: rise.value - elsewhere.value, error: (rise.error.powi(2) + elsewhere.error.powi(2)).sqrt() };
    let rows = inside.rows();
    let known = rows.iter().chain(&outside.rows()).all(|rows| *rows >= FEWEST_CONFIRMING) && surplus.error > 0.0;
    let share = rows[1] as f64 / all.rows()[1].max(1) as f64;
    let of_share = rise.value.powi(2) * share * (1.0 - share) / all.rows()[1].max(1) as f64;
    Slice {
        conditions: half.conditions(slice),
        rows,
        losses: [before, after],
        rise,
        surplus,
        adds: Term { value: share * rise.value, error: ((share * rise.error).powi(2) + of_share).sqrt() },
        p: if known { normal_sf(surplus.value / surplus.error) } else { 1.0 },
    }
}

#[cfg(test)]
mod tests;
