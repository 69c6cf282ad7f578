//! What the rules saw.

use domain::alert::Alert;
use domain::number;
use leptos::prelude::*;

use crate::address::{Place, alerts_page, model_page, query};
use crate::components::{Age, AuthorField, When};

#[component]
pub fn List(alerts: Vec<Alert>, model: String, can_change: bool, now_ms: i64) -> impl IntoView {
    let is_empty = alerts.is_empty();
    view! {
        <section class="stack" aria-labelledby="alerts">
            <h2 id="alerts">"What was seen"</h2>
            {match is_empty {
                true => view! { <p class="card pad muted">"No rule has fired."</p> }.into_any(),
                false => view! {
                    <ul class="plain rows card pad">
                        {alerts
                            .into_iter()
                            .map(|alert| view! { <Line alert model=model.clone() can_change now_ms/> })
                            .collect_view()}
                    </ul>
                }
                .into_any(),
            }}
        </section>
    }
}

#[component]
fn Line(alert: Alert, model: String, can_change: bool, now_ms: i64) -> impl IntoView {
    let lasts = alert.ended_at_ms.is_none();
    let windows = (alert.windows > 0).then(|| format!(", in {}", number::counted(u64::from(alert.windows), "window")));
    let raised = if alert.is_raised { ", raised" } else { "" };
    view! {
        <li class="stack tight" id=format!("alert-{}", alert.id)>
            <p class="row">
                <span class="pill" class:bad=lasts>{if lasts { "lasts" } else { "over" }}</span>
                <strong>{alert.statement.clone()}</strong>
            </p>
            <p class="faint small">
                {alert.severity.words()} {raised} ", when " {alert.watched.words()} "; first in rows of " <When ms=alert.first_at_ms/>
                {windows} ", fired " <Age ms=alert.fired_at_ms now_ms/>
                {alert.ended_at_ms.map(|ms| view! { ", over " <Age ms now_ms/> })}
                {alert.is_silenced.then_some(", silenced: nobody was notified")}
            </p>
            <Next alert=alert.clone() model can_change/>
        </li>
    }
}

/// The way from an alert to its cause.
#[component]
fn Next(alert: Alert, model: String, can_change: bool) -> impl IntoView {
    match (alert.investigation, alert.arrival) {
        (Some(id), _) => {
            view! { <p><a href=Place::Investigation(id).map()>"Go to its investigation"</a></p> }.into_any()
        }
        (None, Some(arrival)) if can_change => {
            let at = format!("{}/arrivals/{arrival}/investigation", model_page(&model));
            let words = format!("Open an investigation of: {}", alert.statement);
            view! {
                <form class="row" method="post" action=at>
                    <AuthorField id=format!("open-{}", alert.id)/>
                    <button aria-label=words>"Open an investigation"</button>
                </form>
            }
            .into_any()
        }
        (None, Some(arrival)) => {
            let href = format!("{}{}", alerts_page(&model), query(&[("window", &arrival)]));
            view! { <p><a href=href>"Its rows"</a></p> }.into_any()
        }
        (None, None) => ().into_any(),
    }
}
