//! Rows, losses and their squares on both sides.

use super::super::{SIDES, Term};

/// Rows that a side's variance is held to that of a fair coin by: few rows without a loss are not certain to have none.
const HELD: f64 = 2.0;

/// What a set of rows adds up to, before and after.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Sums {
    pub sides: [Sum; SIDES],
    /// The variance of a row's loss that few rows are held to.
    pub usual: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Sum {
    pub rows: f64,
    pub loss: f64,
    pub squares: f64,
}

impl Sum {
    pub(super) fn add(&mut self, loss: f64) {
        self.rows += 1.0;
        self.loss += loss;
        self.squares += loss * loss;
    }

    fn plus(self, other: Self, sign: f64) -> Self {
        Self {
            rows: self.rows + sign * other.rows,
            loss: self.loss + sign * other.loss,
            squares: self.squares + sign * other.squares,
        }
    }

    pub(super) fn mean(self) -> f64 {
        self.loss / self.rows.max(1.0)
    }

    pub(super) fn variance(self) -> f64 {
        (self.squares / self.rows.max(1.0) - self.mean().powi(2)).max(0.0)
    }

    /// The mean with its error, which is never nothing for a few rows that happen to be alike.
    fn term(self, usual: f64) -> Term {
        let held = (self.rows * self.variance() + HELD * usual) / (self.rows + HELD);
        Term { value: self.mean(), error: (held / self.rows.max(1.0)).sqrt() }
    }
}

impl Sums {
    pub(super) fn plus(&self, other: &Self) -> Self {
        self.combined(other, 1.0)
    }

    pub(super) fn less(&self, other: &Self) -> Self {
        self.combined(other, -1.0)
    }

    fn combined(&self, other: &Self, sign: f64) -> Self {
        Self { sides: [0, 1].map(|side| self.sides[side].plus(other.sides[side], sign)), usual: self.usual }
    }

    pub(super) fn rows(&self) -> [usize; SIDES] {
        self.sides.map(|side| side.rows as usize)
    }

    /// The mean losses before and after, and how much they rose.
    pub(super) fn rise(&self) -> (Term, Term, Term) {
        let [before, after] = self.sides.map(|side| side.term(self.usual));
        let error = (before.error.powi(2) + after.error.powi(2)).sqrt();
        (before, after, Term { value: after.value - before.value, error })
    }

    /// By how many errors the loss rose more here than there.
    pub(super) fn errors_over(&self, there: &Self) -> f64 {
        let ((_, _, here), (_, _, there)) = (self.rise(), there.rise());
        let error = (here.error.powi(2) + there.error.powi(2)).sqrt();
        if error > 0.0 { (here.value - there.value) / error } else { 0.0 }
    }
}
