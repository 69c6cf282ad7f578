//! The figures of a run by class and by slice.

use domain::EvaluationRun;
use domain::evaluation::{ClassMetrics, Metric, Slice};
use domain::number;
use domain::selection::{Condition, Selection, Side, Subject};
use domain::snapshot::SnapshotRole;
use leptos::prelude::*;

use super::metrics::figure_words;
use crate::address::Place;

/// Classes listed before the rest is folded away.
const SHOWN: usize = 12;

#[component]
pub fn Classes(per_class: Vec<ClassMetrics>) -> impl IntoView {
    (!per_class.is_empty()).then(|| {
        let mut shown = per_class;
        // Of many classes the weakest matter most.
        if shown.len() > SHOWN {
            shown.sort_by(|a, b| a.f1.value.total_cmp(&b.f1.value));
        }
        let rest = shown.split_off(SHOWN.min(shown.len()));
        let caption = (!rest.is_empty()).then_some("The lowest F1 first.");
        let more = number::count(rest.len() as u64);
        view! {
            <div class="stack">
                <h3>"By class"</h3>
                <ClassTable classes=shown caption label="Figures by class"/>
                {(!rest.is_empty()).then(|| view! {
                    <details class="disclosure">
                        <summary>{format!("{more} more classes")}</summary>
                        <ClassTable classes=rest caption=None label="Figures of the other classes"/>
                    </details>
                })}
            </div>
        }
    })
}

#[component]
fn ClassTable(classes: Vec<ClassMetrics>, caption: Option<&'static str>, label: &'static str) -> impl IntoView {
    let rows: Vec<_> = classes
        .into_iter()
        .map(|class| {
            view! {
                <tr>
                    <th scope="row"><code>{class.class}</code></th>
                    <td class="num">{number::count(class.support)}</td>
                    <Figure metric=class.precision/>
                    <Figure metric=class.recall/>
                    <Figure metric=class.f1/>
                </tr>
            }
        })
        .collect();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=label>
            <table class="table dense">
                {caption.map(|caption| view! { <caption>{caption}</caption> })}
                <thead><tr>
                    <th scope="col">"Class"</th>
                    <th scope="col" class="num">"Rows"</th>
                    <th scope="col" class="num">"Precision"</th>
                    <th scope="col" class="num">"Recall"</th>
                    <th scope="col" class="num">"F1"</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

#[component]
pub fn Figure(metric: Metric) -> impl IntoView {
    let interval = metric.low.zip(metric.high).map(|(low, high)| {
        view! { <span class="interval">{figure_words(low)} " to " {figure_words(high)}</span> }
    });
    view! { <td class="num">{figure_words(metric.value)} {interval}</td> }
}

#[component]
pub fn Slices(place: Place, run: EvaluationRun, slices: Vec<Slice>) -> impl IntoView {
    (!slices.is_empty()).then(|| view! {
        <div class="stack">
            <h3>"Weakest slices"</h3>
            <div class="table-scroll" tabindex="0" role="region" aria-label="Weakest slices">
                <table class="table dense">
                    <caption>
                        "Rows on which the model performs worse than on the rest. q is corrected for all slices that were tested. \
                         Follow a slice to see on Compare what is different about its rows."
                    </caption>
                    <thead><tr>
                        <th scope="col">"Rows where"</th>
                        <th scope="col" class="num">"Rows"</th>
                        <th scope="col">"Metric"</th>
                        <th scope="col" class="num">"There"</th>
                        <th scope="col" class="num">"Elsewhere"</th>
                        <th scope="col" class="num">"Certainty"</th>
                    </tr></thead>
                    <tbody>
                        {slices
                            .into_iter()
                            .map(|slice| view! {
                                <tr>
                                    <th scope="row" class="wrap">{rows_link(&place, &run, slice.description, slice.conditions)}</th>
                                    <td class="num">{number::count(slice.n)}</td>
                                    <td><code>{slice.metric.id()}</code></td>
                                    <Figure metric=Metric { value: slice.value, low: Some(slice.low), high: Some(slice.high) }/>
                                    <td class="num">{figure_words(slice.rest_value)}</td>
                                    <td class="num">{number::named_probability("q", slice.q)}</td>
                                </tr>
                            })
                            .collect_view()}
                    </tbody>
                </table>
            </div>
        </div>
    })
}

/// The words of a slice as a link to its rows on Compare; of an older diagnosis, which has no conditions, the words alone.
pub fn rows_link(place: &Place, run: &EvaluationRun, words: String, conditions: Vec<Condition>) -> AnyView {
    let column = conditions.iter().find_map(|condition| match &condition.subject {
        Subject::Column(name) => Some(name.clone()),
        Subject::Role(_) => None,
    });
    let Some(column) = column else { return words.into_any() };
    let side = match run.read_from {
        Some(SnapshotRole::Train) => Side::Train,
        Some(SnapshotRole::Serve) => Side::Serve,
        _ => Side::Both,
    };
    let selection = Selection { side, conditions }.to_text();
    let href = format!("{}#detail", place.compare(&[("column", column.as_str()), ("where", selection.as_str())]));
    view! { <a href=href>{words}</a> }.into_any()
}
