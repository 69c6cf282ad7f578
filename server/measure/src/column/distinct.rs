//! Counting different values exactly up to a cap, in bounded memory.

use domain::profile::DISTINCT_CAP;
use polars::prelude::PlHashMap;

/// Counts of each of the different values, until there are more than [`DISTINCT_CAP`] of them.
#[derive(Default)]
pub struct Distinct {
    counts: PlHashMap<u64, u64>,
    overflown: bool,
}

impl Distinct {
    /// Takes in one value, as bits that are equal exactly when the values are.
    pub fn add(&mut self, bits: u64) {
        if self.overflown {
            return;
        }
        *self.counts.entry(bits).or_insert(0) += 1;
        if self.counts.len() as u64 > DISTINCT_CAP {
            self.overflown = true;
            self.counts = PlHashMap::default();
        }
    }

    /// Takes in all of them; stops looking once there are too many.
    pub fn extend(&mut self, bits: impl Iterator<Item = u64>) {
        for bits in bits {
            if self.overflown {
                return;
            }
            self.add(bits);
        }
    }

    pub fn count(&self) -> u64 {
        if self.overflown { DISTINCT_CAP } else { self.counts.len() as u64 }
    }

    /// The counts over all rows; `None` when there were more values than the cap.
    pub fn counts(&self) -> Option<&PlHashMap<u64, u64>> {
        (!self.overflown).then_some(&self.counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_exact_up_to_the_cap_and_the_cap_beyond_it() {
        let mut few = Distinct::default();
        few.extend([3, 1, 3, 3].into_iter());
        assert_eq!((few.count(), few.counts().and_then(|counts| counts.get(&3)).copied()), (2, Some(3)));
        let mut many = Distinct::default();
        many.extend(0..DISTINCT_CAP);
        assert_eq!(many.count(), DISTINCT_CAP);
        assert!(many.counts().is_some());
        many.add(DISTINCT_CAP + 7);
        assert_eq!(many.count(), DISTINCT_CAP);
        assert!(many.counts().is_none());
    }
}
