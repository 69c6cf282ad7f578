//! A confusion matrix as a table; a cell can be asked about.

use domain::plot::scene::{Mark, Scene};
use leptos::prelude::*;

use super::figure::{Files, file_links};

/// Classes of a matrix whose cells hold two numbers.
const ROOMY: usize = 12;

/// Paints the scene of a confusion matrix. With `ask`, each cell is a link to what is different about its rows; the
/// closure makes its address from the true and the predicted class, if these rows can be asked about.
#[component]
pub fn ConfusionMatrix(
    scene: Scene,
    files: Files,
    #[prop(optional)] ask: Option<Callback<(usize, usize), Option<String>>>,
    /// Called instead of following the link, where a script runs.
    #[prop(optional)]
    on_ask: Option<Callback<(usize, usize)>>,
) -> impl IntoView {
    let labels: Vec<String> = scene.x.ticks.iter().map(|tick| tick.label.clone()).collect();
    let heads: Vec<_> = labels.iter().map(|label| view! { <th scope="col">{label.clone()}</th> }).collect();
    let rows: Vec<_> = labels
        .iter()
        .enumerate()
        .map(|(truth, label)| {
            let in_row = scene.marks.iter().filter(|mark| matches!(mark, Mark::Cell { row, .. } if *row == truth));
            let cells: Vec<_> = in_row.filter_map(|mark| cell(mark, &labels, ask, on_ask)).collect();
            view! { <tr><th scope="row">{label.clone()}</th>{cells}</tr> }
        })
        .collect();
    // Cells of many classes have room for one number.
    let class = if labels.len() > ROOMY { "confusion compact" } else { "confusion" };
    view! {
        <div class="stack">
            <div class="matrix-scroll" tabindex="0" role="region" aria-label="Confusion matrix">
            <table class=class>
                <caption>{scene.title}</caption>
                <thead>
                    <tr><td></td><th scope="colgroup" colspan=labels.len().to_string()>{scene.x.name}</th></tr>
                    <tr><th scope="col">{scene.y.name}</th>{heads}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            </div>
            {file_links(scene.id, files)}
        </div>
    }
}

fn cell(
    mark: &Mark,
    labels: &[String],
    ask: Option<Callback<(usize, usize), Option<String>>>,
    on_ask: Option<Callback<(usize, usize)>>,
) -> Option<AnyView> {
    let Mark::Cell { row, column, share, is_right, main, small } = mark else { return None };
    let place = (*row, *column);
    let kind = if *is_right { "right" } else { "wrong" };
    if main.is_empty() {
        return Some(view! { <td class="cell"></td> }.into_any());
    }
    let class = format!("cell {kind} heat-{}", heat(*share));
    let text = view! { <strong>{main.clone()}</strong><small>{small.clone()}</small> };
    let (actual, called) = (labels.get(*row)?, labels.get(*column)?);
    let Some(href) = ask.and_then(|ask| ask.run(place)) else {
        let title = format!("true class {actual}, predicted {called}: {main}, {small}");
        return Some(view! { <td class=class title=title>{text}</td> }.into_any());
    };
    let label =
        format!("{main}, {small}: true class {actual}, predicted {called}. What is different about these rows?");
    let click = move |event: leptos::ev::MouseEvent| {
        if let Some(on_ask) = on_ask {
            event.prevent_default();
            on_ask.run(place);
        }
    };
    Some(
        view! { <td class=class><a href=href aria-label=label.clone() title=label on:click=click>{text}</a></td> }
            .into_any(),
    )
}

/// Eleven steps of shading; the style sheet has a class for each. Whatever is not zero is seen.
fn heat(share: f64) -> u32 {
    (share.clamp(0.0, 1.0) * 10.0).ceil() as u32
}
