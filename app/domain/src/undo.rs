//! What undoes a fault in a column of the served rows, so that its values are as in training.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::measurements::group_shifts::RowGroup;

/// How the served values of a column become what training has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Undo {
    pub column: String,
    #[serde(flatten)]
    pub by: UndoBy,
    /// The rows that are concerned, where others are as in training.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub within: Option<RowGroup>,
}

/// The way back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "undo", rename_all = "snake_case")]
pub enum UndoBy {
    /// A served value is `scale` times what training has, plus `offset`.
    Line { scale: f64, offset: f64 },
    /// Hours of the day that were moved around the clock.
    Clock { hours: f64 },
    /// Served values that stand for other values of training.
    Values { pairs: Vec<ValuePair> },
    /// The values stand under the name of another column.
    Column { from: String },
}

/// A served value and the training value that it stands for, as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ValuePair {
    pub served: String,
    pub trained: String,
}

impl Undo {
    pub fn new(column: &str, by: UndoBy) -> Self {
        Self { column: column.to_owned(), by, within: None }
    }

    pub fn line(column: &str, scale: f64, offset: f64) -> Self {
        Self::new(column, UndoBy::Line { scale, offset })
    }
}

impl UndoBy {
    /// The number that training would have, where numbers are moved; `None` where it takes more than the number.
    pub fn number(&self, served: f64) -> Option<f64> {
        match self {
            UndoBy::Line { scale, offset } if *scale != 0.0 => Some((served - offset) / scale),
            UndoBy::Clock { hours } => Some((served - hours).rem_euclid(24.0)),
            UndoBy::Line { .. } | UndoBy::Values { .. } | UndoBy::Column { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_and_a_clock_are_undone_and_keep_their_json() {
        let line = Undo::line("car_value", 1_000.0, 0.0);
        assert_eq!(line.by.number(5_000.0), Some(5.0));
        assert_eq!(UndoBy::Clock { hours: 2.0 }.number(1.0), Some(23.0));
        assert_eq!(UndoBy::Line { scale: 0.0, offset: 1.0 }.number(3.0), None);
        let json = serde_json::to_value(&line).expect("it is JSON");
        assert_eq!(json, serde_json::json!({"column": "car_value", "undo": "line", "scale": 1000.0, "offset": 0.0}));
        assert_eq!(serde_json::from_value::<Undo>(json).expect("and opens"), line);
    }
}
