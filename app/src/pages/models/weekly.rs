//! All models in one week next to the week before.

use domain::alert::Alert;
use domain::model::Week;
use domain::model::weekly::{LayerWeek, ModelWeek, WeekStanding, Weekly};
use domain::{Layer, number};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{figure_words, value_words};
use crate::address::{alerts_page, digest_of, model_page, weekly as address};
use crate::api::models::{WeekView, find_week};
use crate::components::{Age, VerdictLegend, VerdictMark, When, loaded};

#[component]
pub fn WeeklyPage() -> impl IntoView {
    let week = use_query_map().with_untracked(|query| query.get("week"));
    loaded(find_week(week), |week| view! { <InWeek week/> })
}

#[component]
pub(crate) fn InWeek(week: WeekView) -> impl IntoView {
    let WeekView { weekly: Weekly { week, from_ms, models, .. }, alerts, now_ms } = week;
    let (this, present) = (Week::of(from_ms), Week::of(now_ms));
    let after = (this < present).then(|| this.after().name());
    let is_empty = models.is_empty();
    let counts: Vec<String> = WeekStanding::ALL
        .into_iter()
        .filter_map(|standing| {
            let many = models.iter().filter(|model| model.standing == standing).count() as u64;
            (many > 0).then(|| format!("{} {}", number::count(many), standing.words()))
        })
        .collect();
    view! {
        <Title text=format!("Week {week}")/>
        <header class="page-head">
            <p class="crumbs"><a href="/models">"Models"</a></p>
            <div class="row spread">
                <h1>{format!("Week {week}")}</h1>
                <nav class="row" aria-label="Weeks">
                    <a class="button" rel="external" href=digest_of(&this.name())>"As Markdown"</a>
                    <a class="button" href=address(&this.before().name())>"Week before"</a>
                    {after.map(|name| view! { <a class="button" href=address(&name)>"Week after"</a> })}
                </nav>
            </div>
            <p class="lead">{this.words()} {(!counts.is_empty()).then(|| format!(": {}.", counts.join(", ")))}</p>
        </header>
        {(!alerts.is_empty()).then(|| view! { <OpenAlerts alerts now_ms/> })}
        {match is_empty {
            true => view! { <p class="card pad muted">"There was no model in this week."</p> }.into_any(),
            false => view! {
                <div class="stack">
                    <VerdictLegend/>
                    <div class="table-scroll" tabindex="0" role="region" aria-label="Models in this week">
                        <table class="table">
                            <caption>"Each layer: the most urgent sign of the week before, then of this week."</caption>
                            <thead><tr>
                                <th scope="col">"Model"</th>
                                <th scope="col">"This week"</th>
                                {Layer::ALL.map(|layer| view! { <th scope="col" class="centred">{layer.text().title}</th> }).collect_view()}
                                <th scope="col">"Performance"</th>
                                <th scope="col">"Owner"</th>
                            </tr></thead>
                            <tbody>{models.into_iter().map(|model| view! { <Row model/> }).collect_view()}</tbody>
                        </table>
                    </div>
                </div>
            }
            .into_any(),
        }}
    }
}

/// What lasts now, in all models.
#[component]
fn OpenAlerts(alerts: Vec<Alert>, now_ms: i64) -> impl IntoView {
    view! {
        <section class="card pad stack week-alerts" aria-labelledby="open-alerts">
            <h2 id="open-alerts">"Open alerts"</h2>
            <ul class="plain rows">
                {alerts
                    .into_iter()
                    .map(|alert| {
                        let href = format!("{}#alert-{}", alerts_page(&alert.model), alert.id);
                        view! {
                            <li>
                                <a href=href><code>{alert.model}</code></a> " " {alert.statement} " "
                                <span class="faint small">{alert.severity.words()} ", " <Age ms=alert.fired_at_ms now_ms/></span>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </section>
    }
}

#[component]
fn Row(model: ModelWeek) -> impl IntoView {
    let ModelWeek { model, owner, standing, layers, windows, suspect, figure, figure_before, last_at_ms } = model;
    let is_alarm = matches!(standing, WeekStanding::Regressed | WeekStanding::New | WeekStanding::Continuing);
    let performance = figure.map(|now| match figure_before.filter(|before| before.metric == now.metric) {
        Some(before) => format!("{} (before: {})", figure_words(&now), value_words(&before.metric, before.value)),
        None => figure_words(&now),
    });
    view! {
        <tr>
            <th scope="row"><a href=model_page(&model)><code>{model.clone()}</code></a></th>
            <td class="wrap">
                <strong class=format!("week-standing {}", if is_alarm { "alarm" } else { "" }) title=standing.meaning()>{standing.words()}</strong>
                {suspect.filter(|_| is_alarm || standing == WeekStanding::Passed).map(|suspect| view! { <span>": " {suspect}</span> })}
                " "
                {match (windows, last_at_ms) {
                    (0, Some(ms)) => view! { <span class="faint small">"Last rows " <When ms/> "."</span> }.into_any(),
                    (0, None) => view! { <span class="faint small">"No rows arrived."</span> }.into_any(),
                    (many, _) => view! { <span class="faint small">{format!("{}.", number::counted(many, "window"))}</span> }.into_any(),
                }}
            </td>
            {layers.into_iter().map(|layer| view! { <Cell layer/> }).collect_view()}
            <td class="wrap">{performance}</td>
            <td>{owner}</td>
        </tr>
    }
}

/// The sign of the week before, small, and that of the week; with a word for what became of it.
#[component]
fn Cell(layer: LayerWeek) -> impl IntoView {
    let title = layer.layer.text().title;
    view! {
        <td class="centred week-cell">
            {match (layer.before, layer.now) {
                (None, None) => view! { <Nothing words=format!("{title}: no rows in either week")/> }.into_any(),
                (before, now) => view! {
                    <span class="before">
                        {before.map_or_else(
                            || view! { <Nothing words=format!("{title} in the week before: no rows")/> }.into_any(),
                            |mark| view! { <VerdictMark verdict=mark subject=format!("{title} in the week before")/> }.into_any(),
                        )}
                    </span>
                    " "
                    {now.map_or_else(
                        || view! { <Nothing words=format!("{title} in this week: no rows")/> }.into_any(),
                        |mark| view! { <VerdictMark verdict=mark subject=format!("{title} in this week")/> }.into_any(),
                    )}
                }
                .into_any(),
            }}
            {layer.change.map(|change| view! { <span class="change small">{change.words()}</span> })}
        </td>
    }
}

/// A dash, which is read as what it stands for.
#[component]
fn Nothing(words: String) -> impl IntoView {
    view! { <span class="faint" aria-hidden="true">"–"</span> <span class="hidden">{words}</span> }
}
