//! Does a quantity equal the earlier one times a factor, or plus an offset, where the same is expected?

use serde::{Deserialize, Serialize};

use super::quantiles::{even_quantiles, median};

/// Groups of rows of about the same expected value, and the rows of one at least on both sides.
const GROUPS: usize = 8;
const GROUP_ROWS: usize = 15;

/// How the medians of the quantity compare among rows of about the same expected value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LabelScale {
    /// The middle ratio of the medians, and how far the ratio of any group is from it, as a share of it.
    pub factor: f64,
    pub factor_spread: f64,
    /// The middle difference, and how far the difference of any group is from it, as a share of it.
    pub offset: f64,
    pub offset_spread: f64,
}

/// Values, and what is expected of each row in any unit. `None` with fewer than three groups.
pub fn label_scale(before: (&[f64], &[f64]), after: (&[f64], &[f64])) -> Option<LabelScale> {
    let mut expected = before.1.to_vec();
    expected.sort_unstable_by(f64::total_cmp);
    let edges = even_quantiles(&expected, GROUPS + 1);
    let (mut ratios, mut differences) = (Vec::new(), Vec::new());
    for edge in edges.windows(2) {
        let of = |(values, expected): (&[f64], &[f64])| {
            let inside = values.iter().zip(expected).filter(|(_, at)| **at > edge[0] && **at <= edge[1]);
            let mut inside: Vec<f64> = inside.map(|(value, _)| *value).collect();
            inside.sort_unstable_by(f64::total_cmp);
            (inside.len() >= GROUP_ROWS).then(|| median(&inside))
        };
        if let (Some(old), Some(new)) = (of(before), of(after)) {
            differences.push(new - old);
            if old != 0.0 {
                ratios.push(new / old);
            }
        }
    }
    let middle = |mut values: Vec<f64>| {
        values.sort_unstable_by(f64::total_cmp);
        let middle = median(&values);
        let far = values.iter().map(|value| (value - middle).abs()).fold(0.0, f64::max);
        (middle, if middle == 0.0 { f64::INFINITY } else { far / middle.abs() })
    };
    if ratios.len() < 3 {
        return None;
    }
    let ((factor, factor_spread), (offset, offset_spread)) = (middle(ratios), middle(differences));
    let finite = |value: f64| if value.is_finite() { value } else { f64::MAX };
    Some(LabelScale { factor, factor_spread: finite(factor_spread), offset, offset_spread: finite(offset_spread) })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_factor_and_an_offset_are_found_and_told_from_each_other() {
        let expected: Vec<f64> = (0..400).map(f64::from).collect();
        let values: Vec<f64> = expected.iter().map(|at| 100.0 + at).collect();
        let dearer: Vec<f64> = values.iter().map(|value| value * 1.25).collect();
        let found = label_scale((&values, &expected), (&dearer, &expected)).unwrap();
        assert!((found.factor - 1.25).abs() < 1e-9 && found.factor_spread < 1e-9);
        assert!(found.offset_spread > 0.3, "{found:?}");
        let later: Vec<f64> = values.iter().map(|value| value + 30.0).collect();
        let found = label_scale((&values, &expected), (&later, &expected)).unwrap();
        assert!((found.offset - 30.0).abs() < 1e-9 && found.offset_spread < 1e-9 && found.factor_spread > 0.03);
    }
}
