//! The rows of a selection themselves: in order, a window at a time, and as CSV.

use std::cmp::Ordering;

use domain::selection::{MOST_ROWS, RowOrder, RowsAsked, SelectedColumn, SelectedRow, SelectedRows, Selection};
use domain::snapshot::{ColumnKind, ColumnRole};
use domain::{Problem, ProblemKind};
use polars::prelude::IdxSize;

use super::values::{Values, shown};
use super::{Masks, Table, count};
use crate::csv::{push_row, text};

/// Cells and bytes of text of one window, so that wide tables and long texts stay bounded too.
const MOST_CELLS: usize = 1 << 20;
const MOST_BYTES: usize = 32 << 20;

/// One selected row: its table and its place in it.
type Place = (usize, IdxSize);

/// The window of the selected rows that was asked for.
///
/// # Errors
/// `NotFound` without a column that the selection or the order names; `TooLarge` when the cells hold too much text.
pub fn list(tables: &[Table], selection: &Selection, asked: &RowsAsked) -> Result<SelectedRows, Problem> {
    let Masks { sides, selected } = Masks::of(tables, selection)?;
    let mut places = places(&selected);
    if let Some(column) = &asked.sort {
        sort(tables, column, asked.order, &mut places)?;
    }
    let mut columns = columns(tables, selection)?;
    let all_columns = columns.len();
    columns.truncate(asked.columns.clamp(1, MOST_CELLS));
    let most = asked.rows.min(MOST_ROWS).min(MOST_CELLS / columns.len().max(1));
    let window: Vec<Place> = places.into_iter().skip(asked.skip).take(most).collect();
    Ok(SelectedRows {
        selected: count(&selected) as u64,
        examined: count(&sides) as u64,
        total: tables.iter().map(|table| table.rows.total).sum(),
        skipped: asked.skip as u64,
        all_columns: all_columns as u64,
        rows: rows(tables, &columns, &window)?,
        columns,
    })
}

fn places(selected: &[Vec<bool>]) -> Vec<Place> {
    let of_table = |(table, mask): (usize, &Vec<bool>)| {
        let chosen = mask.iter().enumerate().filter(|(_, chosen)| **chosen);
        chosen.map(|(row, _)| (table, row as IdxSize)).collect::<Vec<Place>>()
    };
    selected.iter().enumerate().flat_map(of_table).collect()
}

/// Rows without a value come last in either order; rows of equal value keep the order of the file.
fn sort(tables: &[Table], column: &str, order: RowOrder, places: &mut [Place]) -> Result<(), Problem> {
    if tables.iter().all(|table| table.rows.column(column).is_none()) {
        return Err(Problem::not_found(format!("There is no column {column:?} to sort by.")));
    }
    let kind = tables.iter().map(|table| table.kind(column)).find(|kind| *kind != ColumnKind::Nested);
    let values = tables.iter().map(|table| {
        let kind = kind.filter(|kind| *kind != ColumnKind::Text).unwrap_or(ColumnKind::Categorical);
        table.rows.column(column).map(|series| Values::of(series, kind))
    });
    let values: Vec<Option<Values>> = values.collect();
    places.sort_by(|a, b| compared(&values, *a, *b, order));
    Ok(())
}

fn compared(values: &[Option<Values>], a: Place, b: Place, order: RowOrder) -> Ordering {
    let directed = |found: Ordering| if order == RowOrder::Descending { found.reverse() } else { found };
    let [number_a, number_b] = [a, b].map(|place| number(values, place));
    let [word_a, word_b] = [a, b].map(|place| word(values, place));
    match (number_a, number_b, word_a, word_b) {
        (Some(a), Some(b), ..) => directed(a.total_cmp(&b)),
        (.., Some(a), Some(b)) => directed(a.cmp(b)),
        // Numbers before words before nothing, where the tables differ in what they have.
        _ => (number_b.is_some(), word_b.is_some()).cmp(&(number_a.is_some(), word_a.is_some())),
    }
}

fn number(values: &[Option<Values>], (table, row): Place) -> Option<f64> {
    match values.get(table)? {
        Some(Values::Numbers(numbers)) => *numbers.get(row as usize)?,
        _ => None,
    }
}

fn word(values: &[Option<Values>], (table, row): Place) -> Option<&str> {
    match values.get(table)? {
        Some(Values::Words(words)) => words.get(row as usize)?.as_deref(),
        _ => None,
    }
}

/// The columns of all tables that can be shown: those of the conditions, then those with a role, then the features.
fn columns(tables: &[Table], selection: &Selection) -> Result<Vec<SelectedColumn>, Problem> {
    let mut asked = Vec::new();
    for table in tables {
        for condition in &selection.conditions {
            asked.push(table.column_of(&condition.subject)?);
        }
    }
    let mut found: Vec<(u8, SelectedColumn)> = Vec::new();
    let mut known = std::collections::HashSet::new();
    for table in tables {
        for (name, kind) in table.kinds.iter().filter(|(_, kind)| *kind != ColumnKind::Nested) {
            let is_new = table.rows.column(name).is_some() && known.insert(name.as_str());
            let rank = match table.roles.of(name) {
                _ if asked.contains(&name.as_str()) => 0,
                ColumnRole::Feature | ColumnRole::Ignore => 2,
                _ => 1,
            };
            if is_new {
                found.push((rank, SelectedColumn { name: name.clone(), kind: *kind }));
            }
        }
    }
    found.sort_by_key(|(rank, _)| *rank);
    Ok(found.into_iter().map(|(_, column)| column).collect())
}

fn rows(tables: &[Table], columns: &[SelectedColumn], window: &[Place]) -> Result<Vec<SelectedRow>, Problem> {
    let mut rows: Vec<SelectedRow> = window
        .iter()
        .map(|(table, _)| SelectedRow { table: tables[*table].role, cells: vec![None; columns.len()] })
        .collect();
    let mut bytes = 0;
    for (index, table) in tables.iter().enumerate() {
        let (at, of_table): (Vec<usize>, Vec<IdxSize>) =
            window.iter().enumerate().filter(|(_, place)| place.0 == index).map(|(at, place)| (at, place.1)).unzip();
        for (cell, column) in columns.iter().enumerate() {
            let Some(series) = table.rows.column(&column.name) else { continue };
            let picked = series.take_slice(&of_table).map_err(|error| {
                tracing::error!(%error, "a selected row is outside the sample");
                Problem::internal("The rows of the selection can't be read.")
            })?;
            for (at, value) in at.iter().zip(shown(&picked)) {
                bytes += value.as_ref().map_or(0, String::len);
                rows[*at].cells[cell] = value;
            }
            if bytes > MOST_BYTES {
                return Err(Problem::new(
                    ProblemKind::TooLarge,
                    "The texts of these rows are too long to be handed out at once. Narrow the selection.",
                ));
            }
        }
    }
    Ok(rows)
}

/// The rows with a header, each with the table that it is from. Cells are quoted where they need it (RFC 4180), and none
/// begins like a formula.
pub fn csv(rows: &SelectedRows) -> String {
    let mut out = String::new();
    let names = rows.columns.iter().map(|column| text(&column.name));
    push_row(&mut out, std::iter::once("table".to_owned()).chain(names));
    for row in &rows.rows {
        let cells = row.cells.iter().map(|cell| cell.as_deref().map_or_else(String::new, written));
        push_row(&mut out, std::iter::once(row.table.id().to_owned()).chain(cells));
    }
    out
}

/// A number stays one, with its minus; whatever else begins like a formula is made text.
pub(crate) fn written(cell: &str) -> String {
    if cell.parse::<f64>().is_ok() { cell.to_owned() } else { text(cell) }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use domain::selection::{Condition, Side, Test, UpperEnd};
    use domain::snapshot::{Roles, SnapshotRole};
    use polars::prelude::{NamedFrom, Series};

    use super::super::Rows;
    use super::*;

    /// Three rows with an amount, and what somebody wrote about each.
    fn table(role: SnapshotRole, amounts: [Option<f64>; 3]) -> Table {
        let notes = ["=1+1", "two, \"quoted\"", "-3"];
        let columns = vec![Series::new("note".into(), notes), Series::new("amount".into(), amounts)];
        let kinds = [("note", ColumnKind::Text), ("amount", ColumnKind::Numeric)];
        Table {
            role,
            rows: Rows::of_columns(columns, 3),
            roles: Roles::default(),
            kinds: kinds.map(|(name, kind)| (name.to_owned(), kind)).to_vec(),
        }
    }

    fn both() -> [Table; 2] {
        [
            table(SnapshotRole::Train, [Some(5.0), Some(-7.0), None]),
            table(SnapshotRole::Serve, [Some(6.0), Some(1.0), Some(9.0)]),
        ]
    }

    fn from_one() -> Selection {
        let test = Test::Range { from: -10.0, to: 8.0, upper: UpperEnd::Excluded };
        Selection::of(Side::Both).narrowed(Condition::on_column("amount", test))
    }

    fn asked(sort: Option<&str>, order: RowOrder) -> RowsAsked {
        RowsAsked { sort: sort.map(str::to_owned), order, skip: 0, rows: 10, columns: 10 }
    }

    fn amounts(rows: &SelectedRows) -> Vec<&str> {
        rows.rows.iter().map(|row| row.cells[0].as_deref().unwrap_or("–")).collect()
    }

    #[test]
    fn rows_come_in_the_order_of_the_files_or_of_a_column() {
        let list = |sort, order| list(&both(), &from_one(), &asked(sort, order)).unwrap();
        let in_files = list(None, RowOrder::Ascending);
        assert_eq!((in_files.selected, in_files.examined), (4, 6));
        // The column of the condition comes first.
        assert_eq!(in_files.columns[0].name, "amount");
        assert_eq!(amounts(&in_files), ["5", "-7", "6", "1"]);
        assert_eq!(amounts(&list(Some("amount"), RowOrder::Ascending)), ["-7", "1", "5", "6"]);
        assert_eq!(amounts(&list(Some("amount"), RowOrder::Descending)), ["6", "5", "1", "-7"]);
    }

    #[test]
    fn missing_values_come_last_in_either_order() {
        let everything = Selection::of(Side::Both);
        for order in [RowOrder::Ascending, RowOrder::Descending] {
            let rows = list(&both(), &everything, &asked(Some("amount"), order)).unwrap();
            let last = rows.rows.last().unwrap();
            assert_eq!((last.table, &last.cells[1]), (SnapshotRole::Train, &None), "{order:?}");
        }
    }

    #[test]
    fn a_window_is_bounded_in_rows_and_columns() {
        let window = RowsAsked { skip: 1, rows: 2, columns: 1, ..asked(None, RowOrder::Ascending) };
        let rows = list(&both(), &from_one(), &window).unwrap();
        assert_eq!(amounts(&rows), ["-7", "6"]);
        assert_eq!((rows.columns.len(), rows.all_columns, rows.skipped, rows.selected), (1, 2, 1, 4));
    }

    #[test]
    fn a_file_has_no_formula_and_keeps_its_numbers() {
        let rows = list(&both(), &from_one(), &asked(None, RowOrder::Ascending)).unwrap();
        let lines: Vec<String> = csv(&rows).lines().map(str::to_owned).collect();
        assert_eq!(lines[..3], ["table,amount,note", "train,5,'=1+1", "train,-7,\"two, \"\"quoted\"\"\""]);
    }

    #[test]
    fn a_column_that_is_nowhere_can_not_sort() {
        let problem = list(&both(), &from_one(), &asked(Some("gone"), RowOrder::Ascending)).unwrap_err();
        assert_eq!(problem.kind, ProblemKind::NotFound);
    }
}
