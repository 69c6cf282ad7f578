//! Bins put together into fewer, wider ones. Bins are only ever merged whole, so every count stays exact.

use super::format::value_among;
use crate::snapshot::ColumnKind;

/// Counts per bin on both sides, between ascending edges.
#[derive(Debug, Clone, PartialEq)]
pub struct Bins {
    /// One more than there are bins.
    pub edges: Vec<f64>,
    pub reference: Vec<u64>,
    pub current: Vec<u64>,
}

impl Bins {
    pub fn len(&self) -> usize {
        self.edges.len().saturating_sub(1)
    }
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of an edge in words, as all of its bins' are.
    pub fn edge_words(&self, edge: usize, kind: ColumnKind) -> String {
        let range = self.edges.first().copied().zip(self.edges.last().copied()).unwrap_or_default();
        self.edges.get(edge).map_or_else(String::new, |value| value_among(*value, kind, range))
    }

    /// Rows of the reference and of the current side in the bins `first..end`.
    pub fn inside(&self, first: usize, end: usize) -> (u64, u64) {
        let sum = |counts: &[u64]| counts.iter().take(end).skip(first).sum();
        (sum(&self.reference), sum(&self.current))
    }

    /// The same counts in about `wanted` bins: each new one holds the same number of old ones, the last maybe fewer.
    pub fn regrouped(&self, wanted: usize) -> Bins {
        let size = self.len().div_ceil(wanted.max(1)).max(1);
        let merged = |counts: &[u64]| counts.chunks(size).map(|chunk| chunk.iter().sum()).collect();
        let mut edges: Vec<f64> = self.edges.iter().copied().take(self.len()).step_by(size).collect();
        edges.extend(self.edges.last());
        Bins { edges, reference: merged(&self.reference), current: merged(&self.current) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_last_bin_takes_what_is_left() {
        let bins = Bins { edges: vec![0.0, 1.0, 2.0, 3.0], reference: vec![1, 2, 3], current: vec![4, 5, 6] };
        let two = bins.regrouped(2);
        assert_eq!(two, Bins { edges: vec![0.0, 2.0, 3.0], reference: vec![3, 3], current: vec![9, 6] });
        assert_eq!(bins.inside(1, 3), (5, 11));
    }

    proptest! {
        #[test]
        fn nothing_is_lost(counts in prop::collection::vec((0..1000u64, 0..1000u64), 1..80), wanted in 0..100usize) {
            let (reference, current): (Vec<u64>, Vec<u64>) = counts.iter().copied().unzip();
            let edges = (0..=counts.len()).map(|edge| edge as f64).collect();
            let bins = Bins { edges, reference, current };
            let fewer = bins.regrouped(wanted);
            prop_assert_eq!(fewer.edges.len(), fewer.reference.len() + 1);
            prop_assert!(fewer.len() <= wanted.max(1).max(1));
            prop_assert_eq!(fewer.inside(0, fewer.len()), bins.inside(0, bins.len()));
            prop_assert_eq!(fewer.edges.last(), bins.edges.last());
        }
    }
}
