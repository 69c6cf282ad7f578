//! The order of suspects where it is known what each costs.

use std::cmp::Ordering;

use domain::Suspect;

/// The points that a suspect certainly costs.
pub(super) fn cost(suspect: &Suspect) -> Option<f64> {
    suspect.points.filter(|points| points.low > 0.0).map(|points| points.points)
}

/// Puts suspects of changes that certainly cost something first, the most expensive one before the others; the rest stays in
/// its order behind them, and weaknesses that stood before stay last. The likelihood of each stays what it was.
pub fn put_costly_first(suspects: &mut [Suspect]) {
    suspects.sort_by(|a, b| {
        let by_cost = match (cost(a), cost(b)) {
            (Some(a), Some(b)) => b.total_cmp(&a),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        };
        a.standing.cmp(&b.standing).then(by_cost)
    });
    for (suspect, rank) in suspects.iter_mut().zip(1..) {
        suspect.rank = rank;
    }
}
