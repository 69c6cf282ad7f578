//! All models, each with its last window.

use domain::account::Role;
use domain::model::ModelLine;
use domain::{Layer, number};
use leptos::prelude::*;
use leptos_meta::Title;

use super::figure_words;
use crate::address::{model_page, weekly};
use crate::api::models::{Models, find_models};
use crate::components::{Age, VerdictLegend, VerdictMark, loaded};
use crate::visitor::Reader;

#[component]
pub fn ModelsPage() -> impl IntoView {
    loaded(find_models(), |models| view! { <All models/> })
}

#[component]
pub(crate) fn All(models: Models) -> impl IntoView {
    let Models { lines, now_ms } = models;
    let is_empty = lines.is_empty();
    view! {
        <Title text="Models"/>
        <header class="page-head">
            <div class="row spread">
                <h1>"Models"</h1>
                <a class="button" href=weekly("")>"This week"</a>
            </div>
            <p class="lead">"What arrived for each model last, and what the checks said of it."</p>
        </header>
        {match is_empty {
            true => view! { <Empty/> }.into_any(),
            false => view! {
                <div class="stack">
                    <VerdictLegend/>
                    <div class="table-scroll" tabindex="0" role="region" aria-label="Models">
                        <table class="table">
                            <thead><tr>
                                <th scope="col">"Model"</th>
                                {Layer::ALL.map(|layer| view! { <th scope="col" class="centred">{layer.text().title}</th> }).collect_view()}
                                <th scope="col">"Performance"</th>
                                <th scope="col">"Last rows"</th>
                                <th scope="col" class="num">"Windows"</th>
                                <th scope="col" class="num">"Investigations"</th>
                                <th scope="col">"Owner"</th>
                            </tr></thead>
                            <tbody>{lines.into_iter().map(|line| view! { <Line line now_ms/> }).collect_view()}</tbody>
                        </table>
                    </div>
                </div>
            }
            .into_any(),
        }}
    }
}

#[component]
fn Empty() -> impl IntoView {
    view! {
        <section class="card pad stack" aria-labelledby="begin">
            <h2 id="begin">"No models yet"</h2>
            <p>
                "A model is made when the first file for it arrives, or when an investigation names it. "
                "Send the training data once, then the rows of each day:"
            </p>
            {Reader::here().may_somewhere(Role::Editor).then(|| view! {
                <pre class="command"><code>"mismatch push churn train.parquet --role train\nmismatch push churn today.parquet"</code></pre>
            })}
        </section>
    }
}

#[component]
fn Line(line: ModelLine, now_ms: i64) -> impl IntoView {
    let ModelLine { name, task: _, owner, has_reference, windows, investigations, last_at_ms, window } = line;
    let cells = match window.clone() {
        Some(window) => Layer::ALL
            .map(|layer| {
                view! {
                    <td class="centred"><VerdictMark verdict=window.mark(layer) subject=layer.text().title/></td>
                }
            })
            .collect_view()
            .into_any(),
        None => {
            let why = match (windows, has_reference) {
                (0, _) => "no served rows arrived",
                (_, false) => "no reference yet",
                (_, true) => "not checked yet",
            };
            view! { <td class="faint" colspan="7">{why}</td> }.into_any()
        }
    };
    let figure = window.and_then(|window| window.figure);
    view! {
        <tr>
            <th scope="row"><a href=model_page(&name)><code>{name.clone()}</code></a></th>
            {cells}
            <td>{figure.map(|figure| figure_words(&figure))}</td>
            <td>{last_at_ms.map(|ms| view! { <Age ms now_ms/> })}</td>
            <td class="num">{number::count(windows)}</td>
            <td class="num">{number::count(investigations)}</td>
            <td>{owner}</td>
        </tr>
    }
}
