//! Calibration by isotonic regression.

use super::quantiles::mean;

/// A step function that never falls: the share of hits by score.
#[derive(Debug, Clone, PartialEq)]
pub struct Isotonic {
    /// Of each step the lowest score and the share, ascending in both.
    steps: Vec<(f64, f64)>,
}

/// Rows that a step holds at least: a step of few rows is certain of what it can't know.
const FEWEST_ROWS: usize = 20;

impl Isotonic {
    /// The pool-adjacent-violators algorithm (Ayer et al. 1955; `sklearn.isotonic.IsotonicRegression`, with steps instead
    /// of lines between them), equal scores taken together and steps of at least twenty rows, so that no share is an
    /// extreme by a row or two. `None` without finite scores. O(n log n).
    pub fn fit(scores: &[f64], hits: &[bool]) -> Option<Self> {
        let mut rows: Vec<(f64, f64)> = scores
            .iter()
            .zip(hits)
            .filter(|(score, _)| score.is_finite())
            .map(|(score, hit)| (*score, f64::from(u8::from(*hit))))
            .collect();
        rows.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        // Lowest score, sum of hits, rows.
        let mut steps: Vec<(f64, f64, f64)> = Vec::new();
        for equal in grouped(&rows) {
            let hits: f64 = equal.iter().map(|row| row.1).sum();
            steps.push((equal[0].0, hits, equal.len() as f64));
            while let [.., before, last] = steps.as_slice() {
                if before.1 / before.2 < last.1 / last.2 {
                    break;
                }
                let pooled = (before.0, before.1 + last.1, before.2 + last.2);
                steps.truncate(steps.len() - 2);
                steps.push(pooled);
            }
        }
        let steps: Vec<(f64, f64)> = steps.into_iter().map(|(from, hits, rows)| (from, hits / rows)).collect();
        (!steps.is_empty()).then_some(Self { steps })
    }

    /// The share of hits at a score; that of the lowest step below it.
    pub fn at(&self, score: f64) -> f64 {
        let over = self.steps.partition_point(|(from, _)| *from <= score);
        self.steps.get(over.saturating_sub(1)).map_or(f64::NAN, |(_, share)| *share)
    }

    /// The calibrated scores' mean: the share of hits to expect.
    pub fn expected_share(&self, scores: &[f64]) -> f64 {
        mean(&scores.iter().map(|score| self.at(*score)).collect::<Vec<_>>())
    }
}

/// Ascending rows in groups of at least [`FEWEST_ROWS`], equal scores never apart; what is left over at the end joins the
/// last group.
fn grouped(rows: &[(f64, f64)]) -> Vec<&[(f64, f64)]> {
    let mut groups = Vec::new();
    let mut from = 0;
    while from < rows.len() {
        let mut to = (from + FEWEST_ROWS).min(rows.len());
        while to < rows.len() && rows[to].0 == rows[to - 1].0 {
            to += 1;
        }
        if rows.len() - to < FEWEST_ROWS {
            to = rows.len();
        }
        groups.push(&rows[from..to]);
        from = to;
    }
    groups
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn steps_rise_and_violators_are_pooled() {
        // Sixty rows in three groups of twenty with 4, 2 and 15 hits: the first two violate and become 6 of 40.
        let scores: Vec<f64> = (0..60).map(f64::from).collect();
        let hits: Vec<bool> = (0..60).map(|row| [4, 2, 15][row / 20] > row % 20).collect();
        let fitted = Isotonic::fit(&scores, &hits).unwrap();
        assert_eq!(fitted.steps, [(0.0, 0.15), (40.0, 0.75)]);
        assert_eq!((fitted.at(-9.0), fitted.at(39.0), fitted.at(40.0), fitted.at(1e9)), (0.15, 0.15, 0.75, 0.75));
        assert!((fitted.expected_share(&scores) - 21.0 / 60.0).abs() < 1e-12, "the hits themselves");
    }

    #[test]
    fn equal_scores_stay_together_and_no_scores_have_no_steps() {
        let fitted = Isotonic::fit(&[0.5; 30], &[true; 30]).unwrap();
        assert_eq!(fitted.steps, [(0.5, 1.0)]);
        assert_eq!(Isotonic::fit(&[], &[]), None);
        assert_eq!(Isotonic::fit(&[f64::NAN, f64::INFINITY], &[true, false]), None);
        assert_eq!(Isotonic::fit(&[0.2], &[true]).unwrap().at(0.7), 1.0);
    }
}
