//! The repaired rows of a sample: the first ones before and after, and all of them as CSV.

use domain::repair::{Repair, RepairedRow, RepairedRows, SHOWN_ROWS};
use domain::{Problem, ProblemKind};
use polars::prelude::{Column, DataFrame};

use super::cells::cells;
use super::ways::Ways;
use crate::csv::value as written;
use crate::csv::{push_row, text};
use crate::selection::Rows;

/// Bytes of a table that is handed out at once.
const MOST_BYTES: usize = 64 << 20;

/// The first rows that change, before and after.
///
/// # Errors
/// As [`Ways::learn`].
pub fn repaired_rows(
    repair: &Repair,
    trained: Option<&Rows>,
    served: &Rows,
    time: Option<&str>,
) -> Result<RepairedRows, Problem> {
    let frame = served.frame();
    let ways = Ways::learn(repair, trained.map(Rows::frame), frame, time)?;
    let repaired = ways.apply(frame)?;
    let columns = ways.columns();
    let chosen: Vec<usize> =
        (0..frame.height()).filter(|row| repaired.changed[*row] || !repaired.kept[*row]).take(SHOWN_ROWS).collect();
    let before = of_columns(frame, &columns);
    let after = of_columns(&repaired.frame, &columns);
    // A row's place among those that are kept.
    let place = |row: usize| repaired.kept[..row].iter().filter(|kept| **kept).count();
    let first = chosen.iter().map(|row| RepairedRow {
        row: *row as u64 + 1,
        before: before.iter().map(|column| column[*row].clone()).collect(),
        after: repaired.kept[*row].then(|| after.iter().map(|column| column[place(*row)].clone()).collect()),
    });
    Ok(RepairedRows {
        steps: repair.steps(),
        repair: repair.clone(),
        examined: frame.height() as u64,
        total: served.total,
        changed: repaired.changed.iter().zip(&repaired.kept).filter(|(changed, kept)| **changed && **kept).count()
            as u64,
        left_out: repaired.kept.iter().filter(|kept| !**kept).count() as u64,
        first: first.collect(),
        columns,
    })
}

/// The repaired rows with a header. Cells are quoted where they need it (RFC 4180), and none begins like a formula.
///
/// # Errors
/// As [`Ways::learn`]; `TooLarge` when the rows are more than are handed out at once.
pub fn repaired_csv(
    repair: &Repair,
    trained: Option<&Rows>,
    served: &Rows,
    time: Option<&str>,
) -> Result<String, Problem> {
    let frame = served.frame();
    let repaired = Ways::learn(repair, trained.map(Rows::frame), frame, time)?.apply(frame)?;
    let mut out = header(&repaired.frame);
    push_rows(&mut out, &repaired.frame, MOST_BYTES)?;
    Ok(out)
}

pub(super) fn header(frame: &DataFrame) -> String {
    let mut out = String::new();
    push_row(&mut out, frame.columns().iter().map(|column| text(column.name())));
    out
}

/// Adds the rows of a frame, as long as there is room for them.
pub(super) fn push_rows(out: &mut String, frame: &DataFrame, most_bytes: usize) -> Result<(), Problem> {
    let columns: Vec<Vec<Option<String>>> = frame.columns().iter().map(of_column).collect();
    for row in 0..frame.height() {
        push_row(out, columns.iter().map(|cells| cells[row].as_deref().map_or_else(String::new, written)));
        if out.len() > most_bytes {
            return Err(Problem::new(
                ProblemKind::TooLarge,
                "The repaired table is too large to be handed out at once. Make it with `mismatch undo`, which has no such \
                 limit.",
            ));
        }
    }
    Ok(())
}

fn of_columns(frame: &DataFrame, columns: &[String]) -> Vec<Vec<Option<String>>> {
    columns.iter().filter_map(|name| frame.column(name).ok()).map(of_column).collect()
}

fn of_column(column: &Column) -> Vec<Option<String>> {
    cells(column.as_materialized_series())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use domain::Undo;
    use domain::measurements::group_shifts::RowGroup;
    use polars::prelude::{NamedFrom, Series};

    use super::*;

    fn rows() -> Rows {
        let columns = vec![
            Series::new("=amount".into(), [1_000.0, 2_000.0, 3_000.0]),
            Series::new("note".into(), ["=1+1", "two, three", "x"]),
        ];
        Rows::of_columns(columns, 3)
    }

    fn repair() -> Repair {
        let group = RowGroup::Values { column: "note".into(), values: vec!["x".into()] };
        let undo = vec![Undo::line("=amount", 1_000.0, 0.0)];
        Repair { suspect: "unit_scale(=amount)".into(), undo, left_out: vec![group] }
    }

    #[test]
    fn the_first_rows_are_shown_before_and_after() {
        let found = repaired_rows(&repair(), None, &rows(), None).unwrap();
        assert_eq!((found.examined, found.changed, found.left_out), (3, 2, 1));
        assert_eq!(found.columns, ["=amount"]);
        let cell = |text: &str| vec![Some(text.to_owned())];
        assert_eq!(found.first[1], RepairedRow { row: 2, before: cell("2000"), after: Some(cell("2")) });
        assert_eq!(found.first[2], RepairedRow { row: 3, before: cell("3000"), after: None });
        assert_eq!(found.steps.len(), 2);
    }

    #[test]
    fn a_file_has_no_formula_and_only_the_rows_that_are_kept() {
        let csv = repaired_csv(&repair(), None, &rows(), None).unwrap();
        assert_eq!(csv.lines().collect::<Vec<_>>(), ["'=amount,note", "1,'=1+1", "2,\"two, three\""]);
        let mut out = String::new();
        let problem = push_rows(&mut out, rows().frame(), 10).unwrap_err();
        assert_eq!(problem.kind, ProblemKind::TooLarge);
    }
}
