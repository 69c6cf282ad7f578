//! Stretches of consecutive rows in which something happens far more often than elsewhere.

use super::intervals::Share;

/// The densest stretch of a sequence of marks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    /// The first row of it,
    pub from: usize,
    /// and the one after its last.
    pub to: usize,
    pub inside: Share,
    /// The other rows of the sequence, without the background.
    pub outside: Share,
    /// Log-likelihood ratio of the stretch, in nats: marks with the share expected inside against marks as elsewhere.
    pub score: f64,
    /// Chance of a stretch with that score or more anywhere in a sequence without any: at most
    /// `n share_inside exp(-score)`. The scores are log-likelihood ratios, so that the exponential of their sum is a
    /// martingale (Karlin and Altschul 1990, PNAS 87); a stretch begins with a mark, of which there are `n share_elsewhere`,
    /// and each begins with the score `ln(share_inside / share_elsewhere)`.
    pub p: f64,
}

/// Passes until the share elsewhere, which depends on the stretch, holds still.
const PASSES: usize = 6;

/// The stretch of `marks`, in the order of time, with the largest log-likelihood ratio of `share_inside` against the share
/// elsewhere; elsewhere is the rest of the sequence and `background` (rows known to be sound, `0 of 0` when there are
/// none), one half-certain row of each kind added. `None` when there is no mark, or marks are common everywhere.
/// O(n).
pub fn densest_stretch(marks: &[bool], share_inside: f64, background: Share) -> Option<Stretch> {
    let n = marks.len() as u64;
    let hits = marks.iter().filter(|mark| **mark).count() as u64;
    let mut outside = Share::new(hits, n);
    let mut last = None;
    for _ in 0..PASSES {
        let elsewhere = (outside.hits + background.hits + 1) as f64 / (outside.n + background.n + 2) as f64;
        if elsewhere >= share_inside {
            return None;
        }
        let hit = (share_inside / elsewhere).ln();
        let miss = ((1.0 - share_inside) / (1.0 - elsewhere)).ln();
        let (from, to, score) = largest_sum(marks, hit, miss)?;
        let inside = Share::new(marks[from..to].iter().filter(|mark| **mark).count() as u64, (to - from) as u64);
        outside = Share::new(hits - inside.hits, n - inside.n);
        let found =
            Stretch { from, to, inside, outside, score, p: (n as f64 * share_inside * (-score).exp()).min(1.0) };
        if last == Some(found) {
            break;
        }
        last = Some(found);
    }
    last
}

/// How many of the most marked stretches of a reference tell how it goes on.
const TOP_STRETCHES: usize = 10;

/// Chance that marks which come in stretches as those of `reference` do give one of `score` or more among `n` rows, where
/// `stretch` was scored against `background`. Marks may come in bunches by nature; then single rows are no measure.
/// The scores of the ten most marked stretches of the reference over the last of them are taken for exponential (peaks
/// over a threshold: Davison and Smith 1990, JRSS B 52), with a mean of at least one nat, which is what independent marks
/// have. 0 without a stretch in the reference.
pub fn chance_beside(stretch: &Stretch, reference: &[bool], share_inside: f64, background: Share, n: usize) -> f64 {
    let outside = stretch.outside;
    let elsewhere = (outside.hits + background.hits + 1) as f64 / (outside.n + background.n + 2) as f64;
    let mut scores = peaks(reference, (share_inside / elsewhere).ln(), ((1.0 - share_inside) / (1.0 - elsewhere)).ln());
    scores.sort_by(|a, b| b.total_cmp(a));
    scores.truncate(TOP_STRETCHES);
    let Some(least) = scores.last().copied() else { return 0.0 };
    let above = scores.iter().map(|score| score - least).sum::<f64>();
    let mean = (above / (scores.len() as f64 - 1.0).max(1.0)).max(1.0);
    let expected = scores.len() as f64 * n as f64 / reference.len().max(1) as f64;
    (expected * (-(stretch.score - least) / mean).exp()).min(1.0)
}

/// The largest sum of each stretch, from a mark to where the sum is used up.
fn peaks(marks: &[bool], hit: f64, miss: f64) -> Vec<f64> {
    let mut peaks = Vec::new();
    let (mut sum, mut peak) = (0.0_f64, 0.0_f64);
    for mark in marks {
        sum += if *mark { hit } else { miss };
        peak = peak.max(sum);
        if sum <= 0.0 {
            if peak > 0.0 {
                peaks.push(peak);
            }
            (sum, peak) = (0.0, 0.0);
        }
    }
    if peak > 0.0 {
        peaks.push(peak);
    }
    peaks
}

/// The consecutive rows with the largest sum (Kadane's algorithm); `None` when no sum is positive.
fn largest_sum(marks: &[bool], hit: f64, miss: f64) -> Option<(usize, usize, f64)> {
    let mut best: Option<(usize, usize, f64)> = None;
    let (mut from, mut sum) = (0, 0.0);
    for (row, mark) in marks.iter().enumerate() {
        if sum <= 0.0 {
            (from, sum) = (row, 0.0);
        }
        sum += if *mark { hit } else { miss };
        if sum > best.map_or(0.0, |(_, _, most)| most) {
            best = Some((from, row + 1, sum));
        }
    }
    best
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::rng::Rng;

    const NOTHING: Share = Share { hits: 0, n: 0 };

    #[test]
    fn a_window_is_found_with_its_ends() {
        let marks: Vec<bool> = (0..1_000).map(|row| (600..620).contains(&row) || row == 100).collect();
        let found = densest_stretch(&marks, 0.9, NOTHING).unwrap();
        assert_eq!((found.from, found.to), (600, 620));
        assert_eq!((found.inside, found.outside), (Share::new(20, 20), Share::new(1, 980)));
        // 20 ln(0.9 / (2 / 982)), and 1000 times its exponential.
        assert!((found.score - 20.0 * (0.9_f64 * 491.0).ln()).abs() < 1e-9 && found.p < 1e-40);
    }

    #[test]
    fn marks_that_are_spread_evenly_have_no_certain_stretch() {
        let mut least: f64 = 1.0;
        for seed in 0..200 {
            let mut rng = Rng::new(seed);
            let marks: Vec<bool> = (0..500).map(|_| rng.next_f64() < 0.1).collect();
            least = least.min(densest_stretch(&marks, 0.8, NOTHING).map_or(1.0, |found| found.p));
        }
        assert!(least > 0.0005, "200 sequences without a stretch: {least}");
    }

    /// Rows of which some lack a value in bunches of one to a dozen, as flights of a stormy day do.
    fn bunched(seed: u64) -> Vec<bool> {
        let mut rng = Rng::new(seed);
        let mut marks = vec![false; 3_000];
        for _ in 0..30 {
            let from = rng.below(marks.len() - 40);
            let length = (-4.0 * (1.0 - rng.next_f64()).ln()) as usize + 1;
            marks[from..from + length.min(40)].fill(true);
        }
        marks
    }

    #[test]
    fn bunches_like_those_of_the_reference_are_no_surprise_and_a_window_still_is() {
        let mut surprising = 0;
        for seed in 0..200 {
            let (here, reference) = (bunched(2 * seed), bunched(2 * seed + 1));
            let background = Share::new(reference.iter().filter(|mark| **mark).count() as u64, 3_000);
            let found = densest_stretch(&here, 0.9, background).unwrap();
            assert!(found.p < 1e-4, "against single rows every bunch is certain");
            surprising += usize::from(chance_beside(&found, &reference, 0.9, background, 3_000) < 1e-4);
        }
        assert!(surprising <= 1, "{surprising} of 200");
        let (mut here, reference) = (bunched(1), bunched(2));
        here[1_000..1_150].fill(true);
        let found = densest_stretch(&here, 0.9, NOTHING).unwrap();
        assert!(chance_beside(&found, &reference, 0.9, NOTHING, 3_000) < 1e-4);
        assert_eq!(chance_beside(&found, &[false; 100], 0.9, NOTHING, 3_000), 0.0);
    }

    #[test]
    fn peaks_are_those_of_each_stretch() {
        let marks = [true, true, false, false, false, false, true, false, true];
        // 2, 4, 3, 2, 1, 0; then 2, 1, 3.
        assert_eq!(peaks(&marks, 2.0, -1.0), [4.0, 3.0]);
        assert_eq!(peaks(&[false, false], 2.0, -1.0), Vec::<f64>::new());
    }

    #[test]
    fn no_marks_and_marks_everywhere_are_no_stretch() {
        assert_eq!(densest_stretch(&[false; 50], 0.9, NOTHING), None);
        assert_eq!(densest_stretch(&[true; 50], 0.9, NOTHING), None);
        assert_eq!(densest_stretch(&[], 0.9, NOTHING), None);
    }
}
