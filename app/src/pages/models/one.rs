//! One model: how it does, what arrived, what nobody watches.

use domain::account::Role;
use domain::alert::Alert;
use domain::investigation::InvestigationState;
use domain::model::{Arrival, Window};
use domain::related::Related;
use domain::visitor::Visitor;
use domain::{Layer, number};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::about::{About, References};
use super::arrivals::{Arrivals, Send};
use super::figure_words;
use super::trends::Trends;
use super::unwatched::Gaps;
use super::watches::Watches;
use crate::address::{Place, access_page, alerts_page};
use crate::api::models::{ModelHealth, find_model_health};
use crate::components::{Age, StatePill, VerdictBadge, loaded};
use crate::visitor::Reader;

#[component]
pub fn ModelHealthPage() -> impl IntoView {
    let name = use_params_map().with_untracked(|params| params.get("name")).unwrap_or_default();
    let asked = |key: &'static str| use_query_map().with_untracked(|query| query.get(key));
    let asked = |key| asked(key).filter(|value| !value.is_empty());
    let column = asked("column").unwrap_or_default();
    loaded(find_model_health(name, asked("before"), asked("item"), column), |health| view! { <One health/> })
}

#[component]
pub(crate) fn One(health: ModelHealth) -> impl IntoView {
    let ModelHealth {
        model,
        unwatched,
        windows,
        arrivals,
        older,
        is_older,
        investigations,
        trend,
        alerts,
        watches,
        now_ms,
        reader,
    } = health;
    let can_change = reader >= Role::Editor;
    let last = windows.iter().find(|arrival| arrival.window.is_some()).cloned();
    let task = model.task.map(|task| format!("predicts {}", task.label()));
    let owner = (!model.owner.is_empty()).then(|| format!("cared for by {}", model.owner));
    let lead: Vec<String> = task.into_iter().chain(owner).collect();
    let no_reference = model.reference.is_empty();
    view! {
        <Title text=model.name.clone()/>
        <header class="page-head">
            <p class="crumbs"><a href="/models">"Models"</a></p>
            <h1><code>{model.name.clone()}</code></h1>
            {(!lead.is_empty()).then(|| view! { <p class="lead">{lead.join(", ")}</p> })}
            <References reference=model.reference.clone()/>
            {administers().then(|| view! { <p><a href=access_page(&model.name)>"Who sees this model"</a></p> })}
        </header>
        <div class="stack wide-gap model">
            <Health last now_ms/>
            <OpenAlerts model=model.name.clone() alerts now_ms/>
            <Gaps model=model.name.clone() unwatched investigations=investigations.clone() can_change no_reference/>
            <Trends model=model.name.clone() windows trend/>
            <Arrivals model=model.clone() arrivals older is_older can_change/>
            {can_change.then(|| view! { <Send model=model.name.clone()/> })}
            <Watches model=model.name.clone() watches can_change now_ms/>
            <Investigations investigations/>
            {can_change.then(|| view! { <About model/> })}
        </div>
    }
}

/// Whether the reader decides who sees a model.
fn administers() -> bool {
    matches!(Reader::here(), Visitor::SignedIn(_)) && Reader::may(Role::Admin)
}

/// The seven layers of the last window.
#[component]
fn Health(last: Option<Arrival>, now_ms: i64) -> impl IntoView {
    let judged = last.and_then(|arrival| {
        let window = arrival.window.clone()?;
        Some((arrival, window))
    });
    view! {
        <section class="card pad stack" aria-labelledby="health">
            <h2 id="health">"Latest health"</h2>
            {match judged {
                Some((arrival, window)) => view! { <Latest arrival window now_ms/> }.into_any(),
                None => view! { <p class="muted">"No served rows were checked so far."</p> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn Latest(arrival: Arrival, window: Window, now_ms: i64) -> impl IntoView {
    let signs = Layer::ALL.map(|layer| (layer, window.mark(layer)));
    view! {
        <p>
            {window.suspect.clone().map_or_else(
                || view! { <strong>"Nothing that could be checked has changed."</strong> }.into_any(),
                |suspect| view! { <strong>{suspect}</strong> }.into_any(),
            )}
        </p>
        <ul class="plain layer-signs">
            {signs
                .map(|(layer, mark)| view! {
                    <li><span class="layer-name">{layer.text().title}</span> <VerdictBadge verdict=mark/></li>
                })
                .collect_view()}
        </ul>
        <p class="faint small">
            {number::counted(arrival.snapshot.rows, "row")} " of " <Age ms=arrival.at_ms now_ms/> " ("
            <a href=format!("#arrival-{}", arrival.id)>{arrival.snapshot.name}</a> ")"
            {window.figure.as_ref().map(|figure| format!(", {} on {}", figure_words(figure), number::counted(figure.rows, "labelled row")))}
        </p>
    }
}

/// The alerts that last, and the way to all of them and to the rules.
#[component]
fn OpenAlerts(model: String, alerts: Vec<Alert>, now_ms: i64) -> impl IntoView {
    let lasting: Vec<Alert> = alerts.into_iter().filter(|alert| alert.ended_at_ms.is_none()).collect();
    let is_empty = lasting.is_empty();
    view! {
        <section class="card pad stack" aria-labelledby="open-alerts">
            <div class="row spread">
                <h2 id="open-alerts">"Alerts"</h2>
                <a href=alerts_page(&model)>"Alerts and rules"</a>
            </div>
            {match is_empty {
                true => view! { <p class="muted">"No alert is open."</p> }.into_any(),
                false => view! {
                    <ul class="plain rows">
                        {lasting.into_iter().map(|alert| view! { <AlertLine alert now_ms/> }).collect_view()}
                    </ul>
                }
                .into_any(),
            }}
        </section>
    }
}

#[component]
fn AlertLine(alert: Alert, now_ms: i64) -> impl IntoView {
    let href = format!("{}#alert-{}", alerts_page(&alert.model), alert.id);
    view! {
        <li>
            <a href=href>{alert.statement}</a> " "
            <span class="faint small">{alert.severity.words()} ", " <Age ms=alert.fired_at_ms now_ms/></span>
        </li>
    }
}

#[component]
fn Investigations(investigations: Vec<Related>) -> impl IntoView {
    (!investigations.is_empty()).then(|| view! {
        <section class="stack" aria-labelledby="investigations">
            <h2 id="investigations">"Investigations"</h2>
            <ul class="card pad plain rows">
                {investigations
                    .into_iter()
                    .map(|one| {
                        let closed = one.state == InvestigationState::Closed;
                        view! {
                            <li>
                                <StatePill state=one.state archived=false regressed=false/> " "
                                <a href=Place::Investigation(one.id).map()>{one.title}</a>
                                {one.verdict.filter(|_| closed).map(|verdict| view! { <span class="muted">" " {verdict}</span> })}
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </section>
    })
}
