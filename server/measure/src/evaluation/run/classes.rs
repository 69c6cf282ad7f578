//! The classes of a table: true, predicted, scored.

use domain::evaluation::PositiveBy;

/// Classes are numbered in their natural order: by value for numbers, by alphabet for words.
pub(crate) struct Classes {
    pub names: Vec<String>,
    pub truth: Vec<Option<u32>>,
    pub predicted: Option<Vec<Option<u32>>>,
    /// The positive class, when there are two.
    pub positive: Option<usize>,
    /// What decided which class is positive.
    pub positive_by: Option<PositiveBy>,
    /// The score of the positive class.
    pub score: Option<Vec<Option<f64>>>,
    /// Per class; empty unless every class has its column.
    pub probabilities: Vec<Vec<Option<f64>>>,
    pub probability_columns: Vec<String>,
}

impl Classes {
    /// Nothing that is measured is missing in this row.
    pub fn is_complete(&self, row: usize) -> bool {
        self.truth[row].is_some()
            && self.predicted.as_ref().is_none_or(|codes| codes[row].is_some())
            && self.score.as_ref().is_none_or(|scores| scores[row].is_some_and(f64::is_finite))
            && self.probabilities.iter().all(|column| column[row].is_some_and(f64::is_finite))
    }
}
