//! How bad it is, who cares for it, and when it began, was noticed and was over.

use domain::clock::moment_field;
use domain::incident::{Incident, IncidentLink, Severity, duration_words};
use domain::markup::escaped;
use domain::seen::{SEEN, seen};
use leptos::prelude::*;

use crate::api::investigations::Opened;
use crate::components::{SignedRow, When};

#[component]
pub fn IncidentCard(opened: Opened) -> impl IntoView {
    let incident = opened.investigation.incident.clone();
    let is_said = incident != Incident::default();
    let action = format!("{}/incident", opened.place.map());
    let editing = opened.can_say().then(|| view! { <Editing incident=incident.clone() action is_said/> });
    view! {
        <div class="incident" data-live="incident">
            {is_said.then(|| view! { <Facts incident/> })}
        </div>
        {editing}
    }
}

#[component]
fn Facts(incident: Incident) -> impl IntoView {
    let detect = incident.time_to_detect_ms().map(duration_words);
    let resolve = incident.time_to_resolve_ms().map(duration_words);
    let moment = |name: &'static str, ms: Option<i64>, after: Option<String>| {
        ms.map(|ms| view! {
            <dt>{name}</dt>
            <dd><When ms/> " UTC" {after.map(|after| view! { <span class="faint">{format!(", {after} after it began")}</span> })}</dd>
        })
    };
    let assignee = incident.has_assignee().then(|| incident.assignee.to_string());
    view! {
        <dl class="facts">
            {incident.severity.map(|severity| view! {
                <dt>"Severity"</dt>
                <dd><span class=format!("severity {}", severity.id())>{severity.words()}</span></dd>
            })}
            {assignee.map(|name| view! { <dt>"Cared for by"</dt> <dd>{name}</dd> })}
            {moment("Began", incident.started_at_ms, None)}
            {moment("Noticed", incident.detected_at_ms, detect)}
            {moment("Over", incident.resolved_at_ms, resolve)}
            {(!incident.links.is_empty()).then(|| view! {
                <dt>"Elsewhere"</dt>
                <dd><ul class="plain">{incident.links.iter().cloned().map(|link| view! { <Elsewhere link/> }).collect_view()}</ul></dd>
            })}
        </dl>
    }
}

#[component]
fn Elsewhere(link: IncidentLink) -> impl IntoView {
    let words = link.label().to_owned();
    match IncidentLink::new(&link.words, &link.url) {
        Ok(link) => view! { <li><a href=link.url rel="noopener noreferrer">{words}</a></li> }.into_any(),
        // What an earlier version took in: shown, and leading nowhere.
        Err(_not_of_the_web) => view! { <li>{words}</li> }.into_any(),
    }
}

#[component]
fn Editing(incident: Incident, action: String, is_said: bool) -> impl IntoView {
    let Incident { severity, assignee, started_at_ms, detected_at_ms, resolved_at_ms, links } = incident.clone();
    let moment = |id: &'static str, name: &'static str, words: &'static str, ms: Option<i64>| {
        view! {
            <div class="field">
                <label for=id>{words}</label>
                <input id=id type="datetime-local" name=name value=ms.map(moment_field).unwrap_or_default()/>
            </div>
        }
    };
    let lines: Vec<String> =
        links.iter().map(|link| format!("{} {}", link.url, link.words).trim().to_owned()).collect();
    let assignee = if incident.has_assignee() { assignee.to_string() } else { String::new() };
    view! {
        <details class="disclosure edit">
            <summary>{if is_said { "Change what is known of the incident" } else { "Say how bad it is, who cares for it, and when it was" }}</summary>
            <form class="card pad stack" method="post" action=action>
                <input type="hidden" name="back" value="review"/>
                <input type="hidden" name=SEEN value=seen(&incident)/>
                <div class="fields">
                    <div class="field">
                        <label for="severity">"Severity"</label>
                        <select id="severity" name="severity">
                            <option value="">"not said"</option>
                            {Severity::ALL
                                .map(|one| view! { <option value=one.id() selected=severity == Some(one)>{one.words()}</option> })
                                .collect_view()}
                        </select>
                    </div>
                    <div class="field">
                        <label for="assignee">"Who cares for it"</label>
                        <input id="assignee" name="assignee" maxlength="300" autocomplete="off" value=assignee/>
                    </div>
                </div>
                <div class="fields">
                    {moment("started", "started", "It began (UTC)", started_at_ms)}
                    {moment("detected", "detected", "It was noticed (UTC)", detected_at_ms)}
                    {moment("resolved", "resolved", "It was over (UTC)", resolved_at_ms)}
                </div>
                <div class="field">
                    <label for="elsewhere">"Tickets, deploys, chats: one address on each line, with words after it"</label>
                    <textarea id="elsewhere" name="links" rows="2" maxlength="20000" inner_html=escaped(&lines.join("\n"))></textarea>
                </div>
                <SignedRow id="incident-author" action="Save"/>
            </form>
        </details>
    }
}
