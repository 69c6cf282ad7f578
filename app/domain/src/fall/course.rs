//! A fall along the time of the served rows: which part of it grew when.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Fall, Mechanism};
use crate::number::counted;
use crate::plot::format::time;
use crate::points::{Points, tenths};

/// Consecutive served rows with label and prediction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FallWindow {
    pub from_ms: i64,
    pub to_ms: i64,
    pub rows: u64,
    /// How much worse these rows are than those before serving, in the points of the fall.
    pub fall: Points,
    /// What the certain parts of the fall are in these rows, in the order of the parts.
    pub parts: Vec<PartInWindow>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PartInWindow {
    pub mechanism: Mechanism,
    /// More is worse.
    pub points: f64,
}

/// The largest part where its level certainly changed during serving, and lastingly.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PartChanged {
    pub mechanism: Mechanism,
    /// From when on.
    pub from_ms: i64,
    /// Mean points of the windows before,
    pub before: f64,
    /// and from then on.
    pub after: f64,
}

impl FallWindow {
    /// The points of a part; none where it is not certain of the whole fall.
    pub fn of(&self, mechanism: Mechanism) -> Option<f64> {
        self.parts.iter().find(|part| part.mechanism == mechanism).map(|part| part.points)
    }
}

impl Fall {
    /// When the largest part changed; empty where it certainly did not.
    pub fn course_sentence(&self) -> String {
        let Some(changed) = self.changed else { return String::new() };
        format!(
            "Along time: {} cost {} {} until {}, and {} since.",
            changed.mechanism.words(),
            tenths(changed.before),
            self.metric.unit(),
            time(changed.from_ms),
            tenths(changed.after)
        )
    }
}

/// `120 rows from 2026-03-01 to 2026-03-08`
pub fn rows_and_time(window: &FallWindow) -> String {
    format!("{} from {} to {}", counted(window.rows, "row"), time(window.from_ms), time(window.to_ms))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fall::tests::split;

    #[test]
    fn what_came_during_serving_has_a_date_and_what_was_always_there_has_none() {
        let changed = PartChanged { mechanism: Mechanism::Scoring, from_ms: 3 * 86_400_000, before: 0.1, after: 6.0 };
        let came = Fall { changed: Some(changed), ..split(&[(Mechanism::Scoring, 3.1)]) };
        assert_eq!(
            came.course_sentence(),
            "Along time: different predictions for the same inputs cost 0.1 points until 1970-01-04, and 6.0 since."
        );
        assert!(came.basis().contains("Along time"), "{}", came.basis());
        assert_eq!(split(&[(Mechanism::Scoring, 3.0)]).course_sentence(), "");
    }
}
