//! How well change points agree with those that several people marked: F1 and covering, as van den Burg and Williams 2020
//! ("An evaluation of change point detection algorithms", section 3) define them. Places count from 0.

use std::collections::BTreeSet;

/// How far a change may be from where it was marked.
const MARGIN: usize = 5;

/// The harmonic mean of precision against all that was marked by anybody and of the mean recall of each person. The first
/// point counts as a change of everybody, so that nothing found where nothing was marked is right.
pub fn f1(marked: &[Vec<usize>], found: &[usize]) -> f64 {
    let with_first = |places: &[usize]| places.iter().copied().chain([0]).collect::<BTreeSet<usize>>();
    let people: Vec<BTreeSet<usize>> = marked.iter().map(|places| with_first(places)).collect();
    let found = with_first(found);
    let anybody: BTreeSet<usize> = people.iter().flatten().copied().collect();
    let precision = matched(&anybody, &found) as f64 / found.len() as f64;
    let recalls = people.iter().map(|person| matched(person, &found) as f64 / person.len() as f64);
    let recall = recalls.sum::<f64>() / people.len() as f64;
    2.0 * precision * recall / (precision + recall)
}

/// How many marked changes have a found one within the margin; none is used twice. In the order of time each takes the
/// nearest one that is left, of two as near the earlier one.
fn matched(marked: &BTreeSet<usize>, found: &BTreeSet<usize>) -> usize {
    let mut left = found.clone();
    let mut matched = 0;
    for place in marked {
        let near = left.range(place.saturating_sub(MARGIN)..=place + MARGIN);
        if let Some(nearest) = near.min_by_key(|other| other.abs_diff(*place)).copied() {
            left.remove(&nearest);
            matched += 1;
        }
    }
    matched
}

/// The mean over the people of how well their segments of `points` points are covered (Arbeláez and others 2011): of each
/// segment the largest overlap with a found one (shared points over all points of both), weighted by its points.
pub fn covering(marked: &[Vec<usize>], found: &[usize], points: usize) -> f64 {
    let found = segments(found, points);
    let covered = |places: &Vec<usize>| {
        let of_segment = |segment: &(usize, usize)| {
            let best = found.iter().map(|other| overlap(*segment, *other)).fold(0.0, f64::max);
            (segment.1 - segment.0) as f64 * best
        };
        segments(places, points).iter().map(of_segment).sum::<f64>() / points as f64
    };
    marked.iter().map(covered).sum::<f64>() / marked.len() as f64
}

/// From and to of each segment between changes.
fn segments(places: &[usize], points: usize) -> Vec<(usize, usize)> {
    let inside = places.iter().copied().filter(|place| *place < points);
    let ends: BTreeSet<usize> = inside.chain([0, points]).collect();
    ends.iter().copied().zip(ends.iter().copied().skip(1)).collect()
}

fn overlap(one: (usize, usize), other: (usize, usize)) -> f64 {
    let shared = one.1.min(other.1).saturating_sub(one.0.max(other.0));
    shared as f64 / ((one.1 - one.0) + (other.1 - other.0) - shared) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(one: f64, other: f64) -> bool {
        (one - other).abs() < 1e-12
    }

    #[test]
    fn f1_by_hand() {
        // Found 0 and 10. Marked by anybody 0, 10, 50: both found are right. Recalls 1/1, 2/2, 1/2: 5/6.
        let marked = [vec![], vec![10], vec![50]];
        assert!(close(f1(&marked, &[10]), 2.0 * (5.0 / 6.0) / (1.0 + 5.0 / 6.0)));
        // Nothing found: 1/1, 1/2, 1/2.
        assert!(close(f1(&marked, &[]), 2.0 * (2.0 / 3.0) / (1.0 + 2.0 / 3.0)));
        // One of three found is right, and one of the two marked is found.
        assert!(close(f1(&[vec![40]], &[20, 60]), 2.0 * (1.0 / 3.0) * 0.5 / (1.0 / 3.0 + 0.5)));
    }

    #[test]
    fn a_change_is_right_within_the_margin_and_once() {
        assert_eq!(f1(&[vec![30]], &[35]), 1.0);
        assert_eq!(f1(&[vec![30]], &[25]), 1.0);
        assert!(f1(&[vec![30]], &[36]) < 1.0);
        let set = |places: &[usize]| places.iter().copied().collect::<BTreeSet<usize>>();
        assert_eq!(matched(&set(&[1, 10, 20, 23]), &set(&[3, 8, 20])), 3);
        assert_eq!(matched(&set(&[1, 10, 20, 23]), &set(&[1, 3, 5, 8, 20])), 3);
        assert_eq!((matched(&set(&[]), &set(&[1])), matched(&set(&[1]), &set(&[]))), (0, 0));
    }

    #[test]
    fn covering_by_hand() {
        // Six points, 0-1, 2-3, 4-5 against 0-2, 3-5: of 0-2 the best is 2/3, of 3-5 as well.
        assert!(close(covering(&[vec![3]], &[2, 4], 6), 2.0 / 3.0));
        // One segment against 0, 1, 2, 3-5: 3/6. The other way: (1/6 + 1/6 + 1/6 + 3 · 1/2) / 6.
        assert!(close(covering(&[vec![]], &[1, 2, 3], 6), 0.5));
        assert!(close(covering(&[vec![1, 2, 3]], &[], 6), 2.0 / 6.0));
        assert_eq!(covering(&[vec![], vec![0]], &[], 6), 1.0);
    }

    #[test]
    fn the_reference_gives_the_same() {
        // The examples in `analysis/scripts/metrics.py` of TCPDBench.
        assert_eq!(f1(&[vec![10, 20], vec![11, 20], vec![10], vec![0, 5]], &[10, 20]), 1.0);
        assert!(close(f1(&[vec![], vec![10], vec![50]], &[10]), 0.9090909090909091));
        assert!(close(f1(&[vec![], vec![10], vec![50]], &[]), 0.8));
        assert!(close(covering(&[vec![10, 20], vec![10], vec![0, 5]], &[10, 20], 45), 0.7962962962962963));
        assert!(close(covering(&[vec![], vec![10], vec![40]], &[10], 45), 0.7954144620811286));
        assert!(close(covering(&[vec![], vec![10], vec![40]], &[], 45), 0.8189300411522634));
    }
}
