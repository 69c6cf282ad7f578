//! Rows in order: chunks, stretches and gaps.

use proptest::prelude::*;
use stats::arrivals::longest_gap;
use stats::chunks::{
    ChunkEffect, beyond_chance, ks_beyond_chance, ks_of_chunks, largest_certain, rate_beyond_chance, rates_of_chunks,
    shares_of_chunks,
};
use stats::intervals::Share;
use stats::scan::{chance_beside, densest_stretch};

use crate::given::{close, value};

const NOTHING: Share = Share { hits: 0, n: 0 };
const WEEK: i64 = 7 * 24 * 3_600_000;

fn in_range(effects: &[ChunkEffect]) -> bool {
    effects.iter().all(|chunk| (0.0..=1.0).contains(&chunk.effect) && (0.0..=1.0).contains(&chunk.p))
}

/// The effect of each chunk after the chunks were numbered from behind.
fn renumbered(effects: &[ChunkEffect], chunks: usize) -> Vec<ChunkEffect> {
    effects.iter().rev().map(|effect| ChunkEffect { chunk: chunks - 1 - effect.chunk, ..*effect }).collect()
}

fn same(a: &[ChunkEffect], b: &[ChunkEffect]) -> bool {
    let close_to = |(a, b): (&ChunkEffect, &ChunkEffect)| {
        a.chunk == b.chunk && (a.effect - b.effect).abs() < 1e-6 && close(a.p, b.p)
    };
    a.len() == b.len() && a.iter().zip(b).all(close_to)
}

proptest! {
    #[test]
    fn chunks_of_numbers_have_no_numbers_of_their_own(mut rows in prop::collection::vec((value(), 0_usize..4), 0..60)) {
        rows.sort_by(|a, b| a.0.total_cmp(&b.0));
        let found = ks_of_chunks(&rows, 4);
        prop_assert!(in_range(&found));
        let turned: Vec<(f64, usize)> = rows.iter().map(|(value, chunk)| (*value, 3 - chunk)).collect();
        prop_assert!(same(&renumbered(&found, 4), &ks_of_chunks(&turned, 4)));
    }

    #[test]
    fn chunks_of_categories_and_rates_have_no_numbers_of_their_own(counts in prop::collection::vec(prop::collection::vec(0_u64..40, 3), 2..6)) {
        let turned: Vec<Vec<u64>> = counts.iter().rev().cloned().collect();
        let found = shares_of_chunks(&counts);
        prop_assert!(in_range(&found) && same(&renumbered(&found, counts.len()), &shares_of_chunks(&turned)));
        let share = |chunk: &Vec<u64>| Share::new(chunk[0], chunk[0] + chunk[1]);
        let found = rates_of_chunks(&counts.iter().map(share).collect::<Vec<_>>());
        let again = rates_of_chunks(&turned.iter().map(share).collect::<Vec<_>>());
        prop_assert!(in_range(&found) && same(&renumbered(&found, counts.len()), &again));
    }

    #[test]
    fn the_largest_certain_effect_is_certain_and_the_largest(effects in prop::collection::vec((0.0..1.0_f64, 0.0..0.02_f64), 0..10)) {
        let effects: Vec<ChunkEffect> =
            effects.into_iter().enumerate().map(|(chunk, (effect, p))| ChunkEffect { chunk, effect, p }).collect();
        let limit = 0.01 / effects.len().max(1) as f64;
        let certain = effects.iter().filter(|effect| effect.p < limit);
        let most = certain.map(|effect| effect.effect).fold(f64::NEG_INFINITY, f64::max);
        prop_assert_eq!(largest_certain(&effects, 0.01).map_or(f64::NEG_INFINITY, |found| found.effect), most);
    }

    #[test]
    fn chance_is_taken_off_and_less_of_it_from_more_rows(js in 0.0..=1.0_f64, categories in 0_usize..40, n in 1_u64..5_000, more in 1_u64..5_000) {
        let found = beyond_chance(js, categories, n, n);
        prop_assert!(0.0 <= found && found <= js && found <= beyond_chance(js, categories, n + more, n));
        prop_assert!(close(beyond_chance(js, categories, n, n + more), beyond_chance(js, categories, n + more, n)));
        prop_assert!(close(beyond_chance(js, 1, n, n), js));
    }

    #[test]
    fn chance_is_taken_off_statistics_and_rates_too(ks in 0.0..=1.0_f64, n in 1_usize..5_000, more in 1_usize..5_000) {
        let found = ks_beyond_chance(ks, n, n);
        prop_assert!(0.0 <= found && found <= ks && found <= ks_beyond_chance(ks, n + more, n));
        prop_assert!(close(ks_beyond_chance(ks, n, n + more), ks_beyond_chance(ks, n + more, n)));
        let (a, b) = (Share::new((ks * n as f64) as u64, n as u64), Share::new(0, more as u64));
        let rate = rate_beyond_chance(a, b);
        prop_assert!(0.0 <= rate && rate <= a.value() && close(rate, rate_beyond_chance(b, a)));
    }

    #[test]
    fn a_stretch_turns_with_its_rows(marks in prop::collection::vec(prop::bool::weighted(0.15), 0..150)) {
        let found = densest_stretch(&marks, 0.9, NOTHING);
        let turned: Vec<bool> = marks.iter().rev().copied().collect();
        let mirror = densest_stretch(&turned, 0.9, NOTHING);
        prop_assert_eq!(found.is_some(), mirror.is_some());
        if let (Some(found), Some(mirror)) = (found, mirror) {
            prop_assert!(found.from < found.to && found.to <= marks.len() && found.score > 0.0);
            prop_assert!((0.0..=1.0).contains(&found.p));
            prop_assert!(marks[found.from] && marks[found.to - 1], "it begins and ends with a mark: {:?}", found);
            let hits = marks.iter().filter(|mark| **mark).count() as u64;
            prop_assert_eq!((found.inside.hits + found.outside.hits, found.inside.n + found.outside.n), (hits, marks.len() as u64));
            // Of equally dense ones either may be named.
            prop_assert!(mirror.from == marks.len() - found.to || close(found.score, mirror.score) || found.score != mirror.score);
            let beside = chance_beside(&found, &marks, 0.9, NOTHING, marks.len());
            prop_assert!((0.0..=1.0).contains(&beside));
            prop_assert_eq!(chance_beside(&found, &[], 0.9, NOTHING, 10), 0.0);
        }
        prop_assert!(densest_stretch(&vec![false; marks.len()], 0.9, NOTHING).is_none());
    }

    #[test]
    fn a_known_background_makes_a_stretch_rarer(before in 60_usize..100, long in 3_usize..20, rows in 1_u64..5_000) {
        let marks: Vec<bool> = (0..200).map(|row| (before..before + long).contains(&row)).collect();
        let alone = densest_stretch(&marks, 0.9, NOTHING).unwrap();
        let beside = densest_stretch(&marks, 0.9, Share::new(0, rows)).unwrap();
        prop_assert_eq!((alone.from, alone.to, beside.from, beside.to), (before, before + long, before, before + long));
        prop_assert!(beside.score >= alone.score && beside.p <= alone.p);
    }

    #[test]
    fn a_gap_is_where_it_is_whenever_that_was(gaps in prop::collection::vec(1_i64..9_000_000, 80..160), weeks in -3_000_i64..3_000, long in 1_i64..40) {
        let mut times: Vec<i64> = gaps.iter().scan(0, |at, gap| { *at += gap; Some(*at) }).collect();
        let place = times.len() / 2;
        times[place..].iter_mut().for_each(|time| *time += long * 3_600_000);
        let found = longest_gap(&times, &[]);
        let moved: Vec<i64> = times.iter().map(|time| time + weeks * WEEK).collect();
        let again = longest_gap(&moved, &[]);
        prop_assert_eq!(found.is_some(), times[times.len() - 1] - times[0] >= 3 * 24 * 3_600_000);
        if let (Some(found), Some(again)) = (found, again) {
            prop_assert!((0.0..=1.0).contains(&found.p) && found.from_ms < found.to_ms && found.expected_rows >= found.longest_other.min(found.expected_rows));
            prop_assert_eq!((found.from_ms + weeks * WEEK, found.to_ms + weeks * WEEK), (again.from_ms, again.to_ms));
            prop_assert!(close(found.p, again.p) && close(found.expected_rows, again.expected_rows));
            // Each time may come several times.
            let twice: Vec<i64> = times.iter().flat_map(|time| [*time, *time]).collect();
            prop_assert_eq!(Some(found), longest_gap(&twice, &[]));
        }
    }
}
