use super::*;
use crate::rng::Rng;

/// Rows of two numbers in bins and one category, with losses of 0 and 1.
fn half(rows: usize, seed: u64) -> Half {
    let mut rng = Rng::new(seed);
    let mut side = || {
        let features = vec![
            (0..rows).map(|_| 1 + rng.below(8) as u8).collect(),
            (0..rows).map(|_| rng.below(5) as u8).collect(),
            (0..rows).map(|_| 1 + rng.below(3) as u8).collect(),
        ];
        let losses = (0..rows).map(|_| f64::from(u8::from(rng.next_f64() < 0.3))).collect();
        (BinnedRows { features, categorical: vec![false, false, true], rows }, losses)
    };
    Half::of([side(), side()])
}

fn search(half: &Half) -> Search<'_> {
    Search { half, all: half.all(), fewest: 5.0 }
}

#[test]
fn conditions_are_categories_missing_values_and_ranges_of_groups() {
    let of = |bins: &[u8], is_categorical| {
        of_feature(0, bins, is_categorical).into_iter().map(|one| (one.from, one.to)).collect::<Vec<_>>()
    };
    assert_eq!(of(&[1, 2, 2, SHARED], true), [(1, 1), (2, 2)]);
    // Both values together are all rows, unless some are missing.
    assert_eq!(of(&[1, 2, 2], false), [(1, 1), (2, 2)]);
    assert_eq!(of(&[0, 1, 2, 2], false), [(0, 0), (1, 1), (1, 2), (2, 2)]);
    let many: Vec<u8> = (1..=32).collect();
    assert_eq!(of(&many, false).len(), GROUPS * (GROUPS + 1) / 2 - 1);
    assert_eq!(of(&many, false)[0], (1, 4));
}

#[test]
fn nothing_inside_a_slice_scores_more_than_its_bound() {
    for seed in 0..20 {
        let half = half(120, seed);
        let search = search(&half);
        let every: Vec<usize> = (0..half.losses.len()).collect();
        for outer in search.narrowed(&Vec::new(), &every) {
            let bound = search.bound(&outer.sums);
            for inner in search.narrowed(&outer.slice, &half.rows(&outer.slice)) {
                assert!(inner.score <= bound + 1e-12, "{} over {bound}", inner.score);
                for innermost in search.narrowed(&inner.slice, &half.rows(&inner.slice)) {
                    assert!(innermost.score <= bound + 1e-12 && innermost.score <= search.bound(&inner.sums) + 1e-12);
                }
            }
        }
    }
}

#[test]
fn sums_of_a_narrowed_slice_are_those_of_its_rows() {
    let half = half(200, 3);
    let search = search(&half);
    let every: Vec<usize> = (0..half.losses.len()).collect();
    for node in search.narrowed(&Vec::new(), &every) {
        assert_eq!(node.sums, half.sums(&node.slice));
        for inner in search.narrowed(&node.slice, &half.rows(&node.slice)) {
            assert_eq!(inner.sums, half.sums(&inner.slice));
        }
    }
}

#[test]
fn the_score_is_what_is_worked_out_by_hand() {
    // Of category 1, 200 rows a side: 20 wrong before, 80 after. Of category 2, 200 rows a side: 20 wrong on both.
    let losses = |wrong: [usize; 2]| -> Vec<f64> {
        wrong.iter().flat_map(|wrong| (0..200).map(move |row| f64::from(u8::from(row < *wrong)))).collect()
    };
    let bins: Vec<u8> = [1, 2].into_iter().flat_map(|bin| [bin; 200]).collect();
    let side = |wrong| (BinnedRows { features: vec![bins.clone()], categorical: vec![true], rows: 400 }, losses(wrong));
    let half = Half::of([side([20, 20]), side([80, 20])]);
    let search = search(&half);
    let found = best(search.narrowed(&Vec::new(), &(0..800).collect::<Vec<usize>>()));
    // 0.4 - 0.1 inside, nothing outside; 200 rows a side are 100 in the mean of both: believed by half.
    assert!((found[0].score - 0.15).abs() < 1e-12 && (found[1].score + 0.15).abs() < 1e-12, "{found:?}");
    assert_eq!(proposed(&half), [vec![0]]);
}
