//! The confusion matrix of a run without a threshold: its controls, the most confused classes, and its cells, which can
//! be asked about.

use domain::EvaluationRun;
use domain::evaluation::{ClassOrder, ConfusionMatrix as Counts};
use domain::number;
use domain::plot::scene::confusion::{MOST_CLASSES, arranged, usual_order};
use domain::plot::scene::{Scene, Shares, ThresholdSettings};
use domain::selection::{Condition, Selection, Subject, Test};
use domain::snapshot::{ColumnKind, ColumnRole};
use leptos::prelude::*;

use super::asked::Asked;
use super::links::{Asking, Links};
use crate::address::Place;
use crate::charts::{ConfusionMatrix, files};

/// Pairs that are listed.
const PAIRS: usize = 10;

/// To what is different about the rows of one class that were taken for another.
fn to_rows(links: &Links, truth: &str, predicted: &str) -> String {
    let is = |role, class: &str| Condition { subject: Subject::Role(role), test: Test::OneOf(vec![class.to_owned()]) };
    let conditions = vec![is(ColumnRole::Label, truth), is(ColumnRole::Prediction, predicted)];
    links.with(Some(Selection { side: links.side(), conditions }))
}

#[component]
pub fn Matrix(
    place: Place,
    run: EvaluationRun,
    baseline: Option<EvaluationRun>,
    asked: Asked,
    has_prediction: bool,
) -> impl IntoView {
    let matrix = run.confusion_matrix.clone()?;
    // The kind of a column plays no role for classes, and the other columns are named with theirs in the answer.
    let kind = ColumnKind::Categorical;
    let links = Links { place: place.clone(), run, baseline, asked: asked.clone(), anchor: "matrix", kind };
    let scene = arranged(&matrix, asked.settings.shares, asked.order);
    let pairs = links.pairs(&Asked { selection: None, ..asked.clone() });
    let files = files(place.clone(), move || pairs.clone());
    let note = (!scene.note.is_empty()).then(|| view! { <p class="note">{scene.note.clone()}</p> });
    let cells = Shares::ALL.into_iter().map(|shares| {
        let settings = ThresholdSettings { shares, ..asked.settings };
        choice(shares.words(), links.to(&Asked { settings, ..asked.clone() }), shares == asked.settings.shares)
    });
    let cells: Vec<_> = cells.collect();
    let has_order = matrix.labels.len() > 2;
    let shown = asked.order.unwrap_or_else(|| usual_order(matrix.labels.len()));
    let orders = ClassOrder::ALL
        .into_iter()
        .map(|order| choice(order.words(), links.to(&Asked { order: Some(order), ..asked.clone() }), order == shown));
    let orders: Vec<_> = orders.collect();
    let pairs = has_order.then(|| view! { <MostConfused matrix=matrix.clone() links=links.clone() has_prediction/> });
    let selection = asked.selection.clone();
    Some(view! {
        <div class="stack" id="matrix">
            {pairs}
            <div class="row">
                <nav class="segments" aria-label="Cells">{cells}</nav>
                {has_order.then(|| view! { <nav class="segments" aria-label="Order of the classes">{orders}</nav> })}
            </div>
            {note}
            {painted(scene, files, links.clone(), has_prediction)}
            {selection.map(|selection| view! { <Asking links selection/> })}
        </div>
    })
}

fn painted(scene: Scene, files: crate::charts::Files, links: Links, has_prediction: bool) -> AnyView {
    let labels: Vec<String> = scene.x.ticks.iter().map(|tick| tick.label.clone()).collect();
    let classes = links.run.confusion_matrix.as_ref().map_or(0, |matrix| matrix.labels.len());
    // The classes that are drawn as one have no single value to select by.
    let named = if classes > MOST_CLASSES { MOST_CLASSES - 1 } else { classes };
    if !has_prediction {
        return view! { <ConfusionMatrix scene files/> }.into_any();
    }
    let ask = Callback::new(move |(truth, predicted): (usize, usize)| {
        let (actual, called) = (labels.get(truth)?, labels.get(predicted)?);
        (truth < named && predicted < named).then(|| to_rows(&links, actual, called))
    });
    view! {
        <ConfusionMatrix scene files ask/>
        <p class="note">"Follow a cell to see what is different about its rows."</p>
    }
    .into_any()
}

fn choice(words: &'static str, href: String, is_chosen: bool) -> AnyView {
    view! { <a href=href aria-current=is_chosen.then_some("true")>{words}</a> }.into_any()
}

/// The pairs of classes with the most confused rows.
#[component]
fn MostConfused(matrix: Counts, links: Links, has_prediction: bool) -> impl IntoView {
    let pairs = matrix.confused_pairs(PAIRS);
    if pairs.is_empty() {
        return view! { <p class="notice">"No class is taken for another."</p> }.into_any();
    }
    let wrong: u64 = (0..matrix.labels.len())
        .map(|class| matrix.counts[class].iter().sum::<u64>() - matrix.counts[class][class])
        .sum();
    let listed: u64 = pairs.iter().map(|pair| pair.rows).sum();
    let rows: Vec<_> = pairs
        .into_iter()
        .map(|pair| {
            let (truth, predicted) = (matrix.labels[pair.truth].clone(), matrix.labels[pair.predicted].clone());
            let interval = pair.share.low.zip(pair.share.high).map(|(low, high)| {
                view! { <span class="interval">{number::percent(low)} " to " {number::percent(high)}</span> }
            });
            let count = number::count(pair.rows);
            let count = if has_prediction {
                view! { <a href=to_rows(&links, &truth, &predicted)>{count}</a> }.into_any()
            } else {
                count.into_any()
            };
            view! {
                <tr>
                    <th scope="row"><code>{truth}</code></th>
                    <td><code>{predicted}</code></td>
                    <td class="num">{count}</td>
                    <td class="num">{number::percent(pair.share.value)} {interval}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Most confused classes">
            <table class="table dense">
                <caption>{format!(
                    "Most confused classes: these pairs are {} of the {} wrong predictions.",
                    number::percent_of(listed, wrong),
                    number::count(wrong),
                )}</caption>
                <thead><tr>
                    <th scope="col">"True class"</th>
                    <th scope="col">"Predicted"</th>
                    <th scope="col" class="num">"Rows"</th>
                    <th scope="col" class="num">"Of the true class"</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
