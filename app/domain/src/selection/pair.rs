//! Two columns at once: how many rows lie where, side by side.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Condition, Test, UpperEnd};
use crate::snapshot::{ColumnKind, SnapshotRole};

/// What two columns show together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PairAnswer {
    pub x: PairAxis,
    pub y: PairAxis,
    /// Train and serve, those of them that have both columns.
    pub sides: Vec<PairSide>,
}

/// How the values of one column are put into cells, the same on all sides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PairAxis {
    pub column: String,
    pub kind: ColumnKind,
    pub cells: PairCells,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PairCells {
    /// Ascending edges, one more than there are cells: numbers, times in milliseconds, lengths of text. What lies beyond an end is
    /// counted in the cell there.
    Edges(Vec<f64>),
    /// The most frequent values; where `others` is true the last cell holds all other ones.
    Values { values: Vec<String>, others: bool },
}

/// The rows of one side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PairSide {
    pub role: SnapshotRole,
    /// Rows that were looked at, of so many.
    pub examined: u64,
    pub total: u64,
    /// Rows that lack a value of either column, which are in no cell.
    pub missing: u64,
    /// Rows in each cell, by `y` and then by `x`.
    pub rows: Vec<Vec<u64>>,
    /// Of these, the marked ones; absent where nothing is marked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub marked: Option<Vec<Vec<u64>>>,
    /// How strongly the two go together; absent where that is not defined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub association: Option<Association>,
}

/// How strongly two columns go together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Association {
    pub by: AssociationBy,
    pub value: f64,
    /// The 95 % interval; absent where none is defined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub low: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub high: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssociationBy {
    /// Spearman's rank correlation of two columns of numbers, -1 to 1.
    Spearman,
    /// Cramér's V, corrected for chance (Bergsma 2013), 0 to 1; numbers are put into tenths of the side's rows.
    CramersV,
}

impl AssociationBy {
    pub fn words(self) -> &'static str {
        match self {
            AssociationBy::Spearman => "Spearman's correlation",
            AssociationBy::CramersV => "Cramér's V",
        }
    }
}

impl PairAxis {
    /// How many cells there are.
    pub fn len(&self) -> usize {
        match &self.cells {
            PairCells::Edges(edges) => edges.len().saturating_sub(1),
            PairCells::Values { values, others } => values.len() + usize::from(*others),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows of one cell.
    pub fn condition(&self, cell: usize) -> Option<Condition> {
        let test = match &self.cells {
            PairCells::Edges(edges) => {
                let last = self.len().checked_sub(1)?;
                let (from, to) = (*edges.get(cell)?, *edges.get(cell + 1)?);
                // What lies beyond an end is in the cell there.
                Test::Range {
                    from: if cell == 0 { f64::MIN } else { from },
                    to: if cell == last { f64::MAX } else { to },
                    upper: if cell == last { UpperEnd::Included } else { UpperEnd::Excluded },
                }
            }
            PairCells::Values { values, .. } => match values.get(cell) {
                Some(value) => Test::OneOf(vec![value.clone()]),
                None if cell < self.len() => Test::NoneOf(values.clone()),
                None => return None,
            },
        };
        Some(Condition::on_column(&self.column, test))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cells_at_the_ends_hold_what_lies_beyond() {
        let axis = |cells| PairAxis { column: "a".into(), kind: ColumnKind::Numeric, cells };
        let numbers = axis(PairCells::Edges(vec![0.0, 1.0, 2.0]));
        let test = |axis: &PairAxis, cell| axis.condition(cell).map(|condition| condition.test);
        let range = |from, to, upper| Some(Test::Range { from, to, upper });
        assert_eq!(test(&numbers, 0), range(f64::MIN, 1.0, UpperEnd::Excluded));
        assert_eq!(test(&numbers, 1), range(1.0, f64::MAX, UpperEnd::Included));
        assert_eq!(test(&numbers, 2), None);
        let words = axis(PairCells::Values { values: vec!["x".into()], others: true });
        assert_eq!(test(&words, 0), Some(Test::OneOf(vec!["x".into()])));
        assert_eq!(test(&words, 1), Some(Test::NoneOf(vec!["x".into()])));
        assert_eq!((words.len(), test(&words, 2)), (2, None));
        assert_eq!(axis(PairCells::Edges(Vec::new())).condition(0), None);
    }
}
