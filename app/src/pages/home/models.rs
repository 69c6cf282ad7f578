//! How each model stands.

use domain::listing::{ModelStanding, Shown};
use domain::{Layer, Mark, Verdict, number};
use leptos::prelude::*;

use super::asked::Asked;
use crate::address::{Place, model_page};
use crate::components::VerdictMark;

/// Each model with the layers of its latest investigation.
#[component]
pub fn Models(models: Vec<ModelStanding>) -> impl IntoView {
    (!models.is_empty()).then(|| view! {
        <section class="stack section" aria-labelledby="models">
            <h2 id="models">"Models"</h2>
            <div class="table-scroll" tabindex="0" role="region" aria-labelledby="models">
                <table class="table">
                    <thead><tr>
                        <th scope="col">"Model"</th>
                        {Layer::ALL.map(|layer| view! { <th scope="col" class="centred">{layer.text().title}</th> }).collect_view()}
                        <th scope="col" class="num">"Investigations"</th>
                        <th scope="col">"Latest"</th>
                    </tr></thead>
                    <tbody>{models.into_iter().map(|standing| view! { <ModelRow standing/> }).collect_view()}</tbody>
                </table>
            </div>
        </section>
    })
}

#[component]
fn ModelRow(standing: ModelStanding) -> impl IntoView {
    let ModelStanding { investigations, latest: summary } = standing;
    let all = Asked { search: summary.model.clone(), shown: Shown::All, ..Asked::default() }.address(0);
    let href = Place::Investigation(summary.id.clone()).map();
    let mark_of = move |layer| {
        summary.diagnosis.as_ref().map_or(Mark::Verdict(Verdict::NoEvidence), |diagnosis| diagnosis.mark(layer))
    };
    view! {
        <tr>
            <th scope="row"><a href=model_page(&summary.model)><code>{summary.model.clone()}</code></a></th>
            {Layer::ALL
                .map(|layer| view! {
                    <td class="centred"><VerdictMark verdict=mark_of(layer) subject=layer.text().title/></td>
                })
                .collect_view()}
            <td class="num"><a href=all aria-label=format!("{} of {}", number::counted(investigations, "investigation"), summary.model)>{number::count(investigations)}</a></td>
            <td class="latest"><a href=href>{summary.title}</a></td>
        </tr>
    }
}
