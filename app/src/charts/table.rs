//! The table behind a chart: the same figures for those who read numbers, a screen reader, or copy them.

use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Default)]
pub struct DataTable {
    pub head: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl DataTable {
    pub fn new<const N: usize>(head: [&str; N]) -> DataTable {
        DataTable { head: head.map(str::to_owned).to_vec(), rows: Vec::new() }
    }

    pub fn with<const N: usize>(mut self, rows: impl IntoIterator<Item = [String; N]>) -> DataTable {
        self.rows.extend(rows.into_iter().map(|row| row.to_vec()));
        self
    }
}

/// Folded away until asked for.
pub fn table_behind(table: DataTable) -> impl IntoView {
    let head: Vec<_> = table.head.into_iter().map(|name| view! { <th scope="col">{name}</th> }).collect();
    let rows: Vec<_> = table
        .rows
        .into_iter()
        .map(|row| {
            let cells: Vec<_> = row.into_iter().map(|cell| view! { <td>{cell}</td> }).collect();
            view! { <tr>{cells}</tr> }
        })
        .collect();
    view! {
        <details class="behind">
            <summary>"Show the numbers"</summary>
            <div class="scroll" tabindex="0" role="region" aria-label="The numbers behind the chart">
                <table>
                    <thead><tr>{head}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
}
