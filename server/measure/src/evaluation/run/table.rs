//! What a run is measured from.

use domain::evaluation::Split;
use domain::snapshot::Roles;
use polars::prelude::DataFrame;

/// A table of rows with labels and answers of a model.
#[derive(Debug, Clone)]
pub struct EvaluationTable<'a> {
    /// The rows: all of them, or a sample of a large table.
    pub frame: &'a DataFrame,
    /// Which column of it plays which part.
    pub roles: &'a Roles,
    /// The file's name.
    pub name: &'a str,
    /// The split of all rows when there is no split column.
    pub split: Split,
    /// The threshold that turns scores into answers where the table holds no answers; 0.5 when it is not known.
    pub threshold: Option<f64>,
    /// The positive class, where somebody named it or another table of the same model has it.
    pub positive: Option<&'a str>,
}
