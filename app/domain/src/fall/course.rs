//! A fall along the time of the served rows: which part of it grew when.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Fall, Mechanism};
use crate::number::counted;
use crate::plot::format::time;
use crate::points::{Points, tenths};

/// A part that reaches this share of its highest level is there.
const GROWN: f64 = 0.5;

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

impl FallWindow {
    /// The points of a part; none where it is not certain of the whole fall.
    pub fn of(&self, mechanism: Mechanism) -> Option<f64> {
        self.parts.iter().find(|part| part.mechanism == mechanism).map(|part| part.points)
    }
}

impl Fall {
    /// When the largest part grew, where it was not there from the first served row on; empty without times.
    pub fn course_sentence(&self) -> String {
        let Some(part) = self.parts.first() else { return String::new() };
        let course: Vec<(i64, f64)> =
            self.over_time.iter().filter_map(|window| Some((window.from_ms, window.of(part.mechanism)?))).collect();
        let highest = course.iter().map(|(_, points)| *points).fold(0.0, f64::max);
        // The first window from which on it stays.
        let since = course.iter().rposition(|(_, points)| *points < GROWN * highest).map_or(0, |place| place + 1);
        let (Some((from_ms, _)), true) = (course.get(since), since > 0) else { return String::new() };
        let mean = |of: &[(i64, f64)]| of.iter().map(|(_, points)| points).sum::<f64>() / of.len().max(1) as f64;
        format!(
            "Along time: {} cost {} {} until {}, and {} since.",
            part.mechanism.words(),
            tenths(mean(&course[..since])),
            self.metric.unit(),
            time(*from_ms),
            tenths(mean(&course[since..]))
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
    use crate::fall::tests::{split, window};

    #[test]
    fn what_came_during_serving_has_a_date_and_what_was_always_there_has_none() {
        let levels = [0.0, 0.2, 0.1, 6.0, 5.8, 6.2];
        let over_time = (0..).zip(levels).map(|(day, points)| window(day, points)).collect();
        let came = Fall { over_time, ..split(&[(Mechanism::Scoring, 3.1)]) };
        assert_eq!(
            came.course_sentence(),
            "Along time: different predictions for the same inputs cost 0.1 points until 1970-01-04, and 6.0 since."
        );
        let over_time = (0..6).map(|day| window(day, 3.0)).collect();
        assert_eq!(Fall { over_time, ..split(&[(Mechanism::Scoring, 3.0)]) }.course_sentence(), "");
        assert_eq!(split(&[(Mechanism::Scoring, 3.0)]).course_sentence(), "");
    }
}
