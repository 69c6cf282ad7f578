//! Confusion matrix: a table, as counts or as shares of its rows or columns; a cell can be asked about.

use domain::evaluation::ConfusionMatrix as Matrix;
use domain::plot::format;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the cells show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Shares {
    #[default]
    Counts,
    /// Of the true class: the diagonal is recall.
    OfTrue,
    /// Of the predicted class: the diagonal is precision.
    OfPredicted,
}

impl Shares {
    pub const ALL: [Shares; 3] = [Shares::Counts, Shares::OfTrue, Shares::OfPredicted];
    /// The value of `cells=` in addresses.
    pub fn id(self) -> &'static str {
        match self {
            Shares::Counts => "counts",
            Shares::OfTrue => "rows",
            Shares::OfPredicted => "columns",
        }
    }
    pub fn words(self) -> &'static str {
        match self {
            Shares::Counts => "Counts",
            Shares::OfTrue => "% of true",
            Shares::OfPredicted => "% of predicted",
        }
    }
    pub fn from_id(id: &str) -> Shares {
        Shares::ALL.into_iter().find(|one| one.id() == id).unwrap_or_default()
    }
}

/// The share of a cell: of its row, of its column, or of everything when counts are shown.
pub fn share_of(matrix: &Matrix, shares: Shares, truth: usize, predicted: usize) -> f64 {
    let cell = count(matrix, truth, predicted);
    let whole: u64 = match shares {
        Shares::OfTrue => matrix.counts.get(truth).map_or(0, |row| row.iter().sum()),
        Shares::OfPredicted => (0..matrix.counts.len()).map(|row| count(matrix, row, predicted)).sum(),
        Shares::Counts => matrix.counts.iter().flatten().sum(),
    };
    cell as f64 / whole.max(1) as f64
}

/// A confusion matrix. With `ask`, each cell is a link to what is different about its rows; the closure makes its address.
#[component]
pub fn ConfusionMatrix(
    matrix: Matrix,
    shares: Shares,
    #[prop(optional)] ask: Option<Callback<(usize, usize), String>>,
    /// Called instead of following the link, where a script runs.
    #[prop(optional)]
    on_ask: Option<Callback<(usize, usize)>>,
) -> impl IntoView {
    let size = matrix.labels.len();
    let heads: Vec<_> = matrix.labels.iter().map(|label| view! { <th scope="col">{label.clone()}</th> }).collect();
    let rows: Vec<_> = (0..size)
        .map(|truth| {
            let cells: Vec<_> =
                (0..size).map(|predicted| cell(&matrix, shares, (truth, predicted), ask, on_ask)).collect();
            view! { <tr><th scope="row">{matrix.labels[truth].clone()}</th>{cells}</tr> }
        })
        .collect();
    let n: u64 = matrix.counts.iter().flatten().sum();
    view! {
        <table class="confusion">
            <caption>{format!("Confusion matrix: true class against predicted class, {} rows", format::count(n))}</caption>
            <thead>
                <tr><td></td><th scope="colgroup" colspan=size.to_string()>"predicted"</th></tr>
                <tr><th scope="col">"true"</th>{heads}</tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn cell(
    matrix: &Matrix,
    shares: Shares,
    place: (usize, usize),
    ask: Option<Callback<(usize, usize), String>>,
    on_ask: Option<Callback<(usize, usize)>>,
) -> AnyView {
    let (truth, predicted) = place;
    let rows = count(matrix, truth, predicted);
    let share = share_of(matrix, shares, truth, predicted);
    let (main, small) = match shares {
        Shares::Counts => (format::count(rows), format::share(share)),
        _ => (format::share(share), format::count(rows)),
    };
    let kind = if truth == predicted { "right" } else { "wrong" };
    let class = format!("cell {kind} heat-{}", heat(share));
    let text = view! { <strong>{main}</strong><small>{small}</small> };
    match ask {
        None => view! { <td class=class>{text}</td> }.into_any(),
        Some(ask) => {
            let (actual, called) = (&matrix.labels[truth], &matrix.labels[predicted]);
            let label = format!("{rows} rows: true class {actual}, predicted {called}. What is different about them?");
            let click = move |event: leptos::ev::MouseEvent| {
                if let Some(on_ask) = on_ask {
                    event.prevent_default();
                    on_ask.run(place);
                }
            };
            view! { <td class=class><a href=ask.run(place) aria-label=label on:click=click>{text}</a></td> }.into_any()
        }
    }
}

fn count(matrix: &Matrix, truth: usize, predicted: usize) -> u64 {
    matrix.counts.get(truth).and_then(|row| row.get(predicted)).copied().unwrap_or(0)
}

/// Eleven steps of shading; the style sheet has a class for each.
fn heat(share: f64) -> u32 {
    (share.clamp(0.0, 1.0) * 10.0).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_show_recall_and_columns_precision() {
        let matrix = Matrix { labels: vec!["no".into(), "yes".into()], counts: vec![vec![6, 2], vec![1, 3]] };
        assert_eq!(share_of(&matrix, Shares::OfTrue, 1, 1), 0.75);
        assert_eq!(share_of(&matrix, Shares::OfPredicted, 1, 1), 0.6);
        assert_eq!(share_of(&matrix, Shares::Counts, 0, 0), 0.5);
    }
}
