//! Trends along time.

use super::distributions::student_two_sided;
use super::quantiles::mean;

/// A straight line through the means of stretches of equal numbers of rows, in the order of time.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Trend {
    /// Where the line ends less where it begins, in the unit of the values.
    pub change: f64,
    /// Two-sided p that the slope is 0 (Student, `n - 2` degrees of freedom): the scatter of the means about the line,
    /// not that of the rows, is the noise, so that slow swings count as noise.
    pub p: f64,
    /// Sum of squares that the line leaves,
    pub left_by_line: f64,
    /// and that the best single step leaves.
    pub left_by_step: f64,
}

/// The least-squares line through `means` at the times `at` (any unit, ascending). `None` for fewer than six, or where
/// all times are one.
pub fn trend(at: &[f64], means: &[f64]) -> Option<Trend> {
    let n = means.len();
    if n < 6 || at.len() != n {
        return None;
    }
    let (centre, level) = (mean(at), mean(means));
    let width: f64 = at.iter().map(|time| (time - centre).powi(2)).sum();
    if width <= 0.0 {
        return None;
    }
    let slope = at.iter().zip(means).map(|(time, value)| (time - centre) * (value - level)).sum::<f64>() / width;
    let left_by_line: f64 =
        at.iter().zip(means).map(|(time, value)| (value - level - slope * (time - centre)).powi(2)).sum();
    let freedom = (n - 2) as f64;
    let error = (left_by_line / freedom / width).sqrt();
    let p = if slope == 0.0 { 1.0 } else { student_two_sided(slope / error.max(f64::MIN_POSITIVE), freedom) };
    Some(Trend { change: slope * (at[n - 1] - at[0]), p, left_by_line, left_by_step: best_step(means) })
}

/// The sum of squares about two levels, one before and one after the best place to change between them.
fn best_step(means: &[f64]) -> f64 {
    let about_level = |part: &[f64]| {
        let level = mean(part);
        part.iter().map(|value| (value - level).powi(2)).sum::<f64>()
    };
    (1..means.len())
        .map(|place| about_level(&means[..place]) + about_level(&means[place..]))
        .fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn steps(n: usize) -> Vec<f64> {
        (0..n).map(|place| place as f64).collect()
    }

    #[test]
    fn the_line_is_scipys() {
        // scipy.stats.linregress([0..5], [1, 3, 2, 5, 4, 6]): slope 0.885714, p 0.018845
        let found = trend(&steps(6), &[1.0, 3.0, 2.0, 5.0, 4.0, 6.0]).unwrap();
        assert!((found.change - 5.0 * 31.0 / 35.0).abs() < 1e-12, "{found:?}");
        assert!((found.p - 0.018_845_481).abs() < 1e-6, "{found:?}");
    }

    #[test]
    fn a_line_leaves_less_than_a_step_where_it_is_a_line_and_more_where_it_is_a_step() {
        let line = trend(&steps(12), &steps(12)).unwrap();
        assert!(line.left_by_line < 1e-9 && line.left_by_step > 30.0, "{line:?}");
        let step: Vec<f64> = (0..12).map(|place| f64::from(u8::from(place >= 6))).collect();
        let found = trend(&steps(12), &step).unwrap();
        assert!(found.left_by_step < 1e-9 && found.left_by_line > 0.5, "{found:?}");
    }

    #[test]
    fn few_stretches_and_a_single_time_have_no_trend() {
        assert_eq!(trend(&steps(5), &steps(5)), None);
        assert_eq!(trend(&[1.0; 8], &steps(8)), None);
    }
}
