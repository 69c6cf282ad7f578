//! One value of a text format, before its column's type is known, and where a source of records gives them.

use domain::Problem;
use domain::snapshot::ReadNote;

/// One value as it stands in the file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell<'a> {
    /// Delimited text: anything, including a spelling of "missing".
    Raw(&'a str),
    /// JSON's null.
    Null,
    /// A JSON number as written, or one of Python's `NaN`, `Infinity`, `-Infinity`.
    Number(&'a str),
    Boolean(bool),
    /// A JSON string, unescaped.
    Text(&'a str),
    /// A JSON array or object as written.
    Nested(&'a str),
}

/// Records of a text format, one after another.
pub(super) trait Records {
    /// Reads the next record and hands each of its cells to `take` with the number of its column; columns that are
    /// not handed over are missing in this record. `false` when there are no more.
    fn next_record(&mut self, take: &mut dyn FnMut(usize, Cell<'_>)) -> Result<bool, Problem>;
    /// The columns' names met so far, in order.
    fn names(&self) -> &[String];
    /// What was noticed so far about the file (not about its values).
    fn notes(&self) -> Vec<ReadNote>;
}
