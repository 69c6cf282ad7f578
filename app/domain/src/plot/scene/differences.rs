//! How much each column differs between marked rows and the others, the most different first.

use super::super::format;
use super::{Axis, Hover, Key, Mark, Scene, Shape, Table, Tone, Value};
use crate::number::counted;
use crate::selection::{ColumnDifference, SelectionAnswer};

/// Its name in files. It belongs to rows that somebody marked, so no address of a diagnosis has it.
pub const ID: &str = "differences";

/// Columns that are drawn; the table has them all.
const DRAWN: usize = 8;

/// None where no column differs.
pub fn scene(answer: &SelectionAnswer) -> Option<Scene> {
    of_columns(&answer.columns, answer.selected, answer.rest)
}

/// The columns of so many rows against so many others; none where no column differs.
pub fn of_columns(columns: &[ColumnDifference], selected: u64, rest: u64) -> Option<Scene> {
    let different: Vec<&ColumnDifference> =
        columns.iter().filter(|column| column.contrast.is_some()).take(DRAWN).collect();
    let first = different.first()?;
    let rows = different.len();
    let names: Vec<String> = different.iter().map(|column| format::shortened(&column.column, 24)).collect();
    let words = |column: &ColumnDifference| {
        format!("{}: {}", column.column, column.contrast_words().unwrap_or_else(|| column.statement.clone()))
    };
    Some(Scene {
        title: "What is different about the marked rows".to_owned(),
        summary: format!("The most different: {}.", words(first)),
        marks: different.iter().enumerate().map(|(row, column)| bar(column, row, rows)).collect(),
        hovers: different.iter().enumerate().map(|(row, column)| hover(row, rows, words(column))).collect(),
        legend: vec![Key::new(
            Tone::Selected,
            format!("distance of {} from the other {}, 0 to 1", counted(selected, "row"), counted(rest, "row")),
        )],
        table: table(columns),
        ..Scene::on(ID, Shape::Rows(rows), Axis::none(), Axis::names_down(&names, ""))
    })
}

/// The middle of a row and half of its height.
fn row_at(row: usize, rows: usize) -> (f64, f64) {
    let height = 1.0 / rows.max(1) as f64;
    (1.0 - (row as f64 + 0.5) * height, 0.5 * height)
}

fn bar(column: &ColumnDifference, row: usize, rows: usize) -> Mark {
    /// Of the width, so that the figure at the end of a whole bar has its place.
    const WIDEST: f64 = 0.85;
    let (middle, half) = row_at(row, rows);
    let high = column.effect.clamp(0.0, 1.0) * WIDEST;
    let value = format::significant(column.effect, 2);
    Mark::Bar { tone: Tone::Selected, low: (0.0, middle - half * 0.6), high: (high, middle + half * 0.6), value }
}

fn hover(row: usize, rows: usize, words: String) -> Hover {
    let (middle, half) = row_at(row, rows);
    Hover { low: (0.0, middle - half), high: (1.0, middle + half), words }
}

fn table(columns: &[ColumnDifference]) -> Table {
    let rows = columns.iter().map(|column| {
        [
            Value::Text(column.column.clone()),
            Value::Text(column.contrast_words().unwrap_or_else(|| "no difference".to_owned())),
            Value::Text(column.effect_words().to_owned()),
            Value::Number(column.effect),
            Value::number(column.q),
        ]
    });
    Table::ours(["column", "difference", "distance", "value", "q"], rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::selection::Contrast;
    use crate::snapshot::ColumnKind;

    #[test]
    fn the_most_different_columns_are_bars_and_the_table_has_all() {
        let column = |name: &str, effect: f64, contrast| ColumnDifference {
            column: name.into(),
            kind: ColumnKind::Numeric,
            effect_name: "ks_statistic".into(),
            effect,
            q: Some(0.001),
            statement: "median 12 against 340".into(),
            contrast,
            nulls_selected: 0,
            nulls_rest: 0,
            chart: None,
        };
        let mut answer = SelectionAnswer {
            selected: 10,
            rest: 90,
            examined: 100,
            total: 100,
            tables: Vec::new(),
            condition_kinds: Vec::new(),
            columns: vec![
                column("age", 1.0, Some(Contrast::Median { selected: 12.0, rest: 340.0 })),
                column("city", 0.01, None),
            ],
        };
        let scene = scene(&answer).expect("one differs");
        assert_eq!((scene.marks.len(), scene.table.rows.len(), scene.shape), (1, 2, Shape::Rows(1)));
        assert_eq!(scene.summary, "The most different: age: median: 12 in these rows, 340 in the others.");
        answer.columns.remove(0);
        assert_eq!(super::scene(&answer), None);
    }
}
