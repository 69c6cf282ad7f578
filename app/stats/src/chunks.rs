//! How far a sample is from itself: each of its chunks against all the others.

use super::contingency::{chi_square, pool_sparse, share_distance};
use super::intervals::{Share, share_difference_p};
use super::two_sample::ks_pvalue_asymp;

/// The effect of one chunk against the rest, and its p value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChunkEffect {
    pub chunk: usize,
    pub effect: f64,
    pub p: f64,
}

/// The largest effect among the chunks of which chance is no explanation: p under `significance` after Bonferroni's
/// correction over the chunks. `None` when there is none: the sample holds still.
pub fn largest_certain(effects: &[ChunkEffect], significance: f64) -> Option<ChunkEffect> {
    let limit = significance / effects.len().max(1) as f64;
    effects.iter().filter(|chunk| chunk.p < limit).max_by(|a, b| a.effect.total_cmp(&b.effect)).copied()
}

/// The Kolmogorov-Smirnov statistic of each chunk against the rest (`scipy.stats.ks_2samp`). `values` are ascending, each
/// with the number of its chunk; chunks without values, or with all of them, are left out.
pub fn ks_of_chunks(values: &[(f64, usize)], chunks: usize) -> Vec<ChunkEffect> {
    let mut sizes = vec![0_usize; chunks];
    values.iter().for_each(|(_, chunk)| sizes[*chunk] += 1);
    let total = values.len();
    let mut seen = vec![0_usize; chunks];
    let mut largest = vec![0.0_f64; chunks];
    let mut before = 0;
    for ties in values.chunk_by(|a, b| a.0 == b.0) {
        ties.iter().for_each(|(_, chunk)| seen[*chunk] += 1);
        before += ties.len();
        for chunk in 0..chunks {
            let (inside, rest) = (sizes[chunk] as f64, (total - sizes[chunk]) as f64);
            let distance = seen[chunk] as f64 / inside - (before - seen[chunk]) as f64 / rest;
            largest[chunk] = largest[chunk].max(distance.abs());
        }
    }
    (0..chunks)
        .filter(|chunk| sizes[*chunk] > 0 && sizes[*chunk] < total)
        .map(|chunk| {
            let p = ks_pvalue_asymp(largest[chunk], sizes[chunk], total - sizes[chunk]);
            ChunkEffect { chunk, effect: largest[chunk], p }
        })
        .collect()
}

/// The Jensen-Shannon distance of each chunk's shares against those of the rest, less what chance gives for so many
/// categories ([`beyond_chance`]); `counts[chunk][category]`. The p value is that of the chi-square test.
pub fn shares_of_chunks(counts: &[Vec<u64>]) -> Vec<ChunkEffect> {
    let categories = counts.first().map_or(0, Vec::len);
    let all: Vec<u64> = (0..categories).map(|category| counts.iter().map(|chunk| chunk[category]).sum()).collect();
    let effect = |(chunk, inside): (usize, &Vec<u64>)| {
        let rest: Vec<u64> = all.iter().zip(inside).map(|(all, inside)| all - inside).collect();
        let (n, m) = (inside.iter().sum(), rest.iter().sum());
        let distance = share_distance(inside, &rest)?;
        let (a, b) = pool_sparse(inside, &rest);
        Some(ChunkEffect { chunk, effect: beyond_chance(distance, categories, n, m), p: chi_square(&a, &b)?.p })
    };
    counts.iter().enumerate().filter_map(effect).collect()
}

/// The difference of each chunk's share of hits from that of the rest.
pub fn rates_of_chunks(shares: &[Share]) -> Vec<ChunkEffect> {
    let (hits, n) = shares.iter().fold((0, 0), |sum, share| (sum.0 + share.hits, sum.1 + share.n));
    let effect = |(chunk, inside): (usize, &Share)| {
        let rest = Share::new(hits - inside.hits, n - inside.n);
        let effect = (inside.value() - rest.value()).abs();
        (inside.n > 0 && rest.n > 0).then(|| ChunkEffect { chunk, effect, p: share_difference_p(*inside, rest) })
    };
    shares.iter().enumerate().filter_map(effect).collect()
}

/// A Jensen-Shannon distance less what two samples of one population of `categories` show on average:
/// their divergence is then about `(categories - 1) (1/n + 1/m) / (8 ln 2)` bits.
pub fn beyond_chance(js: f64, categories: usize, n: u64, m: u64) -> f64 {
    let by_chance =
        (categories.saturating_sub(1)) as f64 * (1.0 / n as f64 + 1.0 / m as f64) / (8.0 * std::f64::consts::LN_2);
    (js * js - by_chance).max(0.0).sqrt()
}

/// A Kolmogorov-Smirnov statistic of samples of `n` and `m` values less what two samples of one population show: its square
/// times `n m / (n + m)` then has the mean π²/12 (that of Kolmogorov's distribution).
pub fn ks_beyond_chance(ks: f64, n: usize, m: usize) -> f64 {
    let by_chance = std::f64::consts::PI.powi(2) / 12.0 * (1.0 / n as f64 + 1.0 / m as f64);
    (ks * ks - by_chance).max(0.0).sqrt()
}

/// The difference of two shares less what two samples of one population show: its square then has the mean
/// `p (1 - p) (1/n + 1/m)`.
pub fn rate_beyond_chance(a: Share, b: Share) -> f64 {
    let together = Share::new(a.hits + b.hits, a.n + b.n).value();
    let by_chance = together * (1.0 - together) * (1.0 / a.n as f64 + 1.0 / b.n as f64);
    ((a.value() - b.value()).powi(2) - by_chance).max(0.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::two_sample::ks_statistic;

    #[test]
    fn each_chunk_is_held_against_the_others() {
        // Chunk 0 holds 1, 2, 3; chunk 1 holds 2, 4; chunk 2 holds 5, 6.
        let values = [(1.0, 0), (2.0, 0), (2.0, 1), (3.0, 0), (4.0, 1), (5.0, 2), (6.0, 2)];
        let found = ks_of_chunks(&values, 3);
        let expected = [
            ks_statistic(&[1.0, 2.0, 3.0], &[2.0, 4.0, 5.0, 6.0]),
            ks_statistic(&[2.0, 4.0], &[1.0, 2.0, 3.0, 5.0, 6.0]),
            ks_statistic(&[5.0, 6.0], &[1.0, 2.0, 2.0, 3.0, 4.0]),
        ];
        assert_eq!(found.iter().map(|chunk| Some(chunk.effect)).collect::<Vec<_>>(), expected);
        assert_eq!((found[0].effect, found[2].effect), (0.75, 1.0));
        assert!(ks_of_chunks(&[], 3).is_empty() && ks_of_chunks(&[(1.0, 0), (2.0, 0)], 3).is_empty());
    }

    #[test]
    fn a_chunk_of_another_kind_is_the_floor_and_chance_is_none() {
        let rates = [(50, 100), (48, 100), (90, 100), (52, 100)].map(|(hits, n)| Share::new(hits, n));
        let floor = largest_certain(&rates_of_chunks(&rates), 0.01);
        // 0.9 against (50 + 48 + 52) of 300.
        assert!(floor.is_some_and(|floor| floor.chunk == 2 && (floor.effect - 0.4).abs() < 1e-12));
        assert_eq!(largest_certain(&rates_of_chunks(&rates[..2]), 0.01), None);
        assert_eq!(largest_certain(&[], 0.01), None);
        let counts = [vec![50, 30, 20], vec![47, 33, 20], vec![5, 5, 90]];
        let floor = largest_certain(&shares_of_chunks(&counts), 0.01);
        assert!(floor.is_some_and(|floor| floor.chunk == 2 && floor.effect > 0.4), "{floor:?}");
        assert_eq!(largest_certain(&shares_of_chunks(&counts[..2]), 0.01), None);
    }

    #[test]
    fn what_chance_gives_is_taken_away_and_a_large_difference_stays() {
        // 0.2² - π²/12 (1/100 + 1/100) = 0.04 - 0.016449.
        assert!((ks_beyond_chance(0.2, 100, 100) - 0.153_462).abs() < 1e-5);
        assert_eq!(ks_beyond_chance(0.1, 100, 100), 0.0);
        // 0.2² - 0.4 0.6 (1/100 + 1/100) = 0.0352.
        let (a, b) = (Share::new(30, 100), Share::new(50, 100));
        assert!((rate_beyond_chance(a, b) - 0.187_617).abs() < 1e-5);
        assert_eq!(rate_beyond_chance(a, Share::new(31, 100)), 0.0);
    }
}
