//! A rate on two sides: how much it changed, as a difference and as a ratio, and whether chance explains it.
//!
//! Rare events are judged by their ratio: a fraud rate that goes from 0.2 % to 0.4 % has doubled, though the difference
//! is 0.002.

use crate::detectors::report::Bands;
use crate::thresholds::{RATE_DIFFERENCE, RATE_DIFFERENCE_POSSIBLE, RATE_RATIO, RATE_RATIO_POSSIBLE};
use domain::Verdict;
use domain::finding::Effect;
use domain::number::significant;
use stats::intervals::{Estimate, Share, share_difference_p, share_ratio};

/// A rate in a reference and a current sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateChange {
    pub reference: Share,
    pub current: Share,
    /// Two-sided p that the two shares are equal.
    pub p: f64,
}

impl RateChange {
    /// Events among rows, before and after.
    pub fn new(reference: Share, current: Share) -> Self {
        Self { reference, current, p: share_difference_p(reference, current) }
    }

    /// Share of events before.
    pub fn before(&self) -> f64 {
        share(self.reference)
    }

    /// Share of events after.
    pub fn after(&self) -> f64 {
        share(self.current)
    }

    /// Share after minus share before.
    pub fn difference(&self) -> f64 {
        self.after() - self.before()
    }

    /// Share after over share before with its 95 % interval; finite even when one of them is 0.
    pub fn ratio(&self) -> Estimate {
        share_ratio(self.reference, self.current)
    }

    /// The same, seen from the other side.
    pub fn reversed(&self) -> Self {
        Self { reference: self.current, current: self.reference, p: self.p }
    }

    /// The same of the rows without the event.
    pub fn complement(&self) -> Self {
        let without = |of: Share| Share::new(of.n - of.hits, of.n);
        Self { reference: without(self.reference), current: without(self.current), p: self.p }
    }

    /// How many times as frequent it became, or how many times as rare, whichever is over 1.
    pub fn fold(&self) -> f64 {
        let ratio = self.ratio().value;
        ratio.max(1.0 / ratio)
    }

    /// The fold change of the event or of its absence, whichever is the rarer of the two.
    pub fn rare_fold(&self) -> f64 {
        if self.before() + self.after() > 1.0 { self.complement().fold() } else { self.fold() }
    }

    /// In words: `ratio 0.50, 95 % interval 0.45 to 0.56`.
    pub fn ratio_in_words(&self) -> String {
        let ratio = self.ratio();
        if self.reference.hits == 0 {
            return format!("none before; the ratio is at least {}", short(ratio.low));
        }
        format!("ratio {}, 95 % interval {} to {}", short(ratio.value), short(ratio.low), short(ratio.high))
    }

    /// Judges the change by its difference and, for rare events, by its ratio; the effect reported is the one that decided.
    pub fn judge(&self, q: f64) -> (Verdict, Effect) {
        let bands = |possible, mismatch| Bands { possible, mismatch };
        let by_difference = bands(RATE_DIFFERENCE_POSSIBLE, RATE_DIFFERENCE).verdict(self.difference().abs(), q);
        let by_ratio = bands(RATE_RATIO_POSSIBLE, RATE_RATIO).verdict(self.rare_fold(), q);
        if by_ratio > by_difference {
            let ratio = if self.before() + self.after() > 1.0 { self.complement().ratio() } else { self.ratio() };
            (by_ratio, Effect::new("ratio", ratio.value, RATE_RATIO).with_interval(ratio.low, ratio.high))
        } else {
            (by_difference, Effect::new("rate_difference", self.difference(), RATE_DIFFERENCE))
        }
    }
}

fn share(of: Share) -> f64 {
    if of.n == 0 { 0.0 } else { of.value() }
}

fn short(ratio: f64) -> String {
    significant(ratio, 3)
}

/// Chance that `count` rows fall into the current sample and none into the reference, when each row is as likely in
/// either: `(current / (current + reference)) ^ count`. Values that only the current sample has are judged by this.
pub fn chance_of_absence(count: u64, reference_rows: u64, current_rows: u64) -> f64 {
    if reference_rows + current_rows == 0 {
        return 1.0;
    }
    (current_rows as f64 / (current_rows + reference_rows) as f64).powf(count as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_doubled_rare_rate_is_judged_by_its_ratio() {
        let change = RateChange::new(Share::new(200, 100_000), Share::new(400, 100_000));
        assert!((change.ratio().value - 2.0).abs() < 1e-12 && (change.difference() - 0.002).abs() < 1e-12);
        let (verdict, effect) = change.judge(change.p);
        assert_eq!((verdict, effect.name.as_str()), (Verdict::Mismatch, "ratio"));
        // The absence of a common event is what changes by a factor.
        let common = RateChange::new(Share::new(99_800, 100_000), Share::new(99_600, 100_000));
        assert!((common.rare_fold() - 2.0).abs() < 1e-9);
    }

    #[test]
    fn a_small_change_in_many_rows_stays_clear() {
        let change = RateChange::new(Share::new(500_000, 1_000_000), Share::new(510_000, 1_000_000));
        assert!(change.p < 1e-12);
        assert_eq!(change.judge(change.p).0, Verdict::Clear);
    }

    #[test]
    fn events_from_nowhere_have_a_finite_ratio_and_the_text_says_so() {
        let change = RateChange::new(Share::new(0, 1200), Share::new(30, 900));
        assert!(change.ratio().value.is_finite() && change.ratio().low > 3.0 && change.p < 1e-8);
        assert!(change.ratio_in_words().starts_with("none before"));
        assert!((chance_of_absence(2, 1200, 900) - (900.0_f64 / 2100.0).powi(2)).abs() < 1e-12);
    }

    #[test]
    fn no_rows_are_no_change() {
        let change = RateChange::new(Share::new(0, 0), Share::new(0, 0));
        assert_eq!((change.difference(), change.p), (0.0, 1.0));
        assert_eq!(change.judge(change.p).0, Verdict::Clear);
    }
}
