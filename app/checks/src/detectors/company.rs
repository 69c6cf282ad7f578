//! Whether the columns that go with a column moved with it: a selection of rows moves them, a change of its values does not.

use crate::thresholds::{COMPANION_EXPECTED, COMPANION_STAYED, SIGNIFICANCE};
use domain::measurements::Measurements;
use domain::measurements::companions::Companion;
use stats::distributions::normal_two_sided;

/// The strongest companion of a column that stayed where it was, although rows selected along the column would have moved it;
/// `None` where there is none, or where another one moved as expected.
pub fn that_stayed<'a>(measurements: &'a Measurements, column: &str) -> Option<&'a Companion> {
    let telling = || measurements.companions.iter().filter(|one| one.column == column && is_telling(one));
    telling().all(stayed).then(|| telling().next()).flatten()
}

/// A selection would have moved it, by more than chance. That the column changed is certain already; its companions only
/// say which explanation is left.
fn is_telling(companion: &Companion) -> bool {
    companion.expected.abs() >= COMPANION_EXPECTED && chance(companion.expected, companion.error) < SIGNIFICANCE
}

fn stayed(companion: &Companion) -> bool {
    companion.found.abs() <= COMPANION_STAYED * companion.expected.abs()
        && chance(companion.found - companion.expected, companion.error) < SIGNIFICANCE
}

fn chance(difference: f64, error: f64) -> f64 {
    normal_two_sided(difference / error.max(f64::MIN_POSITIVE))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stays(companions: &[(f64, f64)]) -> bool {
        let companions = companions
            .iter()
            .map(|(expected, found)| Companion {
                column: "minutes".into(),
                other: Some("charge".into()),
                correlation: 0.9,
                expected: *expected,
                found: *found,
                error: 0.03,
            })
            .collect();
        that_stayed(&Measurements { companions, ..Measurements::default() }, "minutes").is_some()
    }

    #[test]
    fn all_that_would_have_moved_must_have_stayed() {
        assert!(stays(&[(0.5, 0.02), (-0.3, 0.01)]));
        assert!(!stays(&[(0.5, 0.48)]), "it moved along");
        assert!(!stays(&[(0.5, 0.02), (0.4, 0.41)]), "one of two moved along");
        assert!(!stays(&[(0.05, 0.0)]), "nothing to see");
        assert!(!stays(&[]));
    }
}
