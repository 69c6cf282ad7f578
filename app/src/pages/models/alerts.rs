//! What people want to be told of a model, and what came of it.

mod list;
mod rule_form;
mod rules;

use domain::account::Role;
use domain::alert::RuleFields;
use domain::model::Arrival;
use domain::number;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use self::list::List;
use self::rule_form::RuleForm;
use self::rules::Rules;
use crate::address::{Place, model_page};
use crate::api::alerts::{ModelAlerts, find_model_alerts};
use crate::components::{AuthorField, When, loaded};
use crate::visitor::Reader;

#[component]
pub fn AlertsPage() -> impl IntoView {
    let name = use_params_map().with_untracked(|params| params.get("name")).unwrap_or_default();
    let query = use_query_map();
    let asked = move |key: &str| query.with_untracked(|query| query.get(key));
    let fields = RuleFields::of(|field| asked(field).unwrap_or_default());
    loaded(find_model_alerts(name, asked("window"), fields), |alerts| view! { <OfModel alerts/> })
}

#[component]
pub(crate) fn OfModel(alerts: ModelAlerts) -> impl IntoView {
    let ModelAlerts { model, alerts, rules, window, channels, fields, preview, days, now_ms, reader } = alerts;
    let can_change = reader >= Role::Editor;
    let title = format!("Alerts of {model}");
    view! {
        <Title text=title/>
        <header class="page-head">
            <p class="crumbs"><a href="/models">"Models"</a> " / " <a href=model_page(&model)><code>{model.clone()}</code></a></p>
            <h1>"Alerts"</h1>
            <Told channels/>
        </header>
        <div class="stack wide-gap">
            {window.map(|window| view! { <LedTo window model=model.clone() can_change/> })}
            <List alerts model=model.clone() can_change now_ms/>
            <Rules rules model=model.clone() can_change now_ms/>
            {can_change.then(|| view! { <RuleForm model fields preview days/> })}
        </div>
    }
}

/// Who is told: without anybody, an alert is only seen by who looks here.
#[component]
fn Told(channels: u64) -> impl IntoView {
    let words = match channels {
        0 => "No channel is notified of this model: alerts are only seen here. ".to_owned(),
        many => format!(
            "{} notified of this model. ",
            match many {
                1 => "1 channel is".to_owned(),
                more => format!("{} are", number::counted(more, "channel")),
            }
        ),
    };
    view! {
        <p class="lead">
            {words}
            {Reader::may(Role::Admin).then(|| view! { <a href="/channels">"Channels"</a> })}
        </p>
    }
}

/// The window that a message led to: from here one click opens its investigation.
#[component]
fn LedTo(window: Arrival, model: String, can_change: bool) -> impl IntoView {
    let at = format!("{}/arrivals/{}", model_page(&model), window.id);
    let suspect = window.window.as_ref().and_then(|window| window.suspect.clone());
    let is_judged = window.window.is_some();
    view! {
        <section class="card pad stack notice" aria-labelledby="led-to">
            <h2 id="led-to">"Rows of " <When ms=window.at_ms/></h2>
            <p>
                {suspect.unwrap_or_else(|| "Nothing that could be checked has changed.".to_owned())} " "
                <span class="faint small">{format!("{}, {}", window.snapshot.name, number::counted(window.snapshot.rows, "row"))}</span>
            </p>
            {match window.investigation.clone() {
                Some(id) => view! { <p><a class="button primary" href=Place::Investigation(id).map()>"Go to its investigation"</a></p> }.into_any(),
                None if can_change && is_judged => view! {
                    <form class="row" method="post" action=format!("{at}/investigation")>
                        <AuthorField id="open-led-to"/>
                        <button class="primary">"Open an investigation"</button>
                    </form>
                }
                .into_any(),
                None => ().into_any(),
            }}
        </section>
    }
}
