//! The table behind a chart: the same figures for those who read numbers, a screen reader, or copy them.

use domain::number;
use domain::plot::scene::{Table, Value};
use leptos::prelude::*;

/// Folded away until asked for.
pub fn table_behind(table: &Table) -> AnyView {
    let head: Vec<_> = table.heads.iter().map(|head| view! { <th scope="col">{head.words.clone()}</th> }).collect();
    let (every, shown) = table.for_page();
    let rows: Vec<_> = shown
        .map(|row| {
            let cells: Vec<_> = row.iter().map(|cell| view! { <td>{Value::words(cell)}</td> }).collect();
            view! { <tr>{cells}</tr> }
        })
        .collect();
    let thinned = (every > 1).then(|| {
        let all = number::counted(table.rows.len() as u64, "row");
        view! { <p class="note">{format!("One row in {every} is shown. The CSV file has all {all}.")}</p> }
    });
    view! {
        <details class="behind">
            <summary>"Show the numbers"</summary>
            <div class="scroll" tabindex="0" role="region" aria-label="The numbers behind the chart">
                <table>
                    <thead><tr>{head}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {thinned}
        </details>
    }
    .into_any()
}
