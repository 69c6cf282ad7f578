//! The start page: what is being looked into, and how each model stands.

mod asked;
mod filter;
mod line;
mod models;

use domain::account::Role;
use domain::listing::Listed;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::api::investigations::investigations;
use crate::components::{Examples, VerdictLegend, loaded};
use crate::visitor::Reader;

pub(super) use asked::Asked;
use filter::{Count, Filter, Pages};
use line::{Line, ListHead};
use models::Models;

#[component]
pub fn HomePage() -> impl IntoView {
    let asked = Asked::from_address();
    loaded(investigations(asked.query()), move |listed| view! { <Home asked listed/> })
}

#[component]
pub(super) fn Home(asked: Asked, listed: Listed) -> impl IntoView {
    let Listed { investigations, total, of, owners, models, now_ms } = listed;
    let nothing_yet = of == 0;
    let is_empty = investigations.is_empty();
    view! {
        <Title text="Investigations"/>
        <header class="page-head">
            <h1>"Investigations"</h1>
            {nothing_yet.then(|| view! {
                <p class="lead">
                    "When a model fails, two things that should agree no longer do: training and serving, data and "
                    "assumption, metric and business. Add the files to see which two."
                </p>
            })}
        </header>
        {(nothing_yet && Reader::here().may_somewhere(Role::Editor)).then(|| view! { <Invitation/> <Examples/> })}
        {(!nothing_yet).then(|| view! {
            <Filter asked=asked.clone() owners/>
            <section class="stack section" aria-label="List of investigations">
                <div class="row spread"><Count asked=asked.clone() total/> <VerdictLegend/></div>
                {(!is_empty).then(|| view! {
                    <div class="card list">
                        <ListHead/>
                        <ul class="plain">
                            {investigations.into_iter().map(|summary| view! { <Line summary now_ms/> }).collect_view()}
                        </ul>
                    </div>
                })}
                <Pages asked total/>
            </section>
            <Models models/>
        })}
    }
}

/// What a newcomer sees before there is anything to list.
#[component]
fn Invitation() -> impl IntoView {
    view! {
        <section class="card pad stack invitation" aria-labelledby="begin">
            <h2 id="begin">"No investigations yet"</h2>
            <p class="lead">
                "Add the training data and the data the model sees now, as CSV, JSON Lines, Parquet or Arrow. "
                "With an evaluation run or a learning curve, more can be checked. Nothing leaves this machine."
            </p>
            <p><a class="button primary" href="/investigations/new">"Start an investigation"</a></p>
        </section>
    }
}
