//! Correction for looking at many things at once.

/// Benjamini-Hochberg q values, in the order given (`scipy.stats.false_discovery_control`, method `bh`). NaN is treated as 1.
pub fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    let p = |index: usize| if p_values[index].is_nan() { 1.0 } else { p_values[index] };
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|a, b| p(*b).total_cmp(&p(*a)));
    let tests = p_values.len() as f64;
    let mut q_values = vec![1.0; p_values.len()];
    let mut smallest: f64 = 1.0;
    for (place, index) in order.into_iter().enumerate() {
        let rank = (p_values.len() - place) as f64;
        smallest = smallest.min(p(index) * tests / rank);
        q_values[index] = smallest;
    }
    q_values
}

/// The same for discrete tests that are judged at `level` or stricter. `least` is the smallest p that each test can have,
/// whatever the outcome: those that can't be under the level raise no false alarm and are left out of the family (Tarone
/// 1990; Gilbert 2005); their q is 1. A column without a single missing value tests nothing.
pub fn benjamini_hochberg_of_discrete(p_values: &[f64], least: &[f64], level: f64) -> Vec<f64> {
    let tests: Vec<usize> =
        (0..p_values.len()).filter(|test| least.get(*test).is_none_or(|least| *least < level)).collect();
    let of_tests: Vec<f64> = tests.iter().map(|test| p_values[*test]).collect();
    let mut q_values = vec![1.0; p_values.len()];
    for (test, q) in tests.into_iter().zip(benjamini_hochberg(&of_tests)) {
        q_values[test] = q;
    }
    q_values
}

/// Holm's adjusted p values (Holm 1979), in the order given (R `p.adjust`, method `holm`): at or under a level they keep the
/// chance of any false one below it. NaN is treated as 1.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let p = |index: usize| if p_values[index].is_nan() { 1.0 } else { p_values[index] };
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|a, b| p(*a).total_cmp(&p(*b)));
    let mut adjusted = vec![1.0; p_values.len()];
    let mut largest: f64 = 0.0;
    for (place, index) in order.into_iter().enumerate() {
        let left = (p_values.len() - place) as f64;
        largest = largest.max((left * p(index)).min(1.0));
        adjusted[index] = largest;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_values_after_holm_are_those_of_r() {
        // p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")
        let adjusted = holm(&[0.01, 0.04, 0.03, 0.005]);
        let expected = [0.03, 0.06, 0.06, 0.02];
        for (value, expected) in adjusted.iter().zip(expected) {
            assert!((value - expected).abs() < 1e-12, "{adjusted:?}");
        }
        assert_eq!(holm(&[f64::NAN]), [1.0]);
        assert!(holm(&[]).is_empty());
    }

    #[test]
    fn q_values_are_scipys() {
        let q = benjamini_hochberg(&[0.01, 0.5, 0.03, 0.002, 0.03, 1.0]);
        let expected = [0.03, 0.6, 0.045, 0.012, 0.045, 1.0];
        for (value, expected) in q.iter().zip(expected) {
            assert!((value - expected).abs() < 1e-12, "{q:?}");
        }
    }

    #[test]
    fn one_test_is_not_corrected_and_none_gives_none() {
        assert_eq!(benjamini_hochberg(&[0.04]), [0.04]);
        assert!(benjamini_hochberg(&[]).is_empty());
        assert_eq!(benjamini_hochberg(&[f64::NAN]), [1.0]);
    }

    #[test]
    fn tests_that_can_t_be_certain_are_no_family() {
        let p = [0.004, 1.0, 1.0, 0.3, 0.02];
        assert_eq!(
            benjamini_hochberg_of_discrete(&p, &[1e-9, 1.0, 1.0, 0.25, 1e-5], 0.01),
            [0.008, 1.0, 1.0, 1.0, 0.02]
        );
        assert_eq!(benjamini_hochberg_of_discrete(&p, &[0.0; 5], 0.01), benjamini_hochberg(&p));
    }
}
