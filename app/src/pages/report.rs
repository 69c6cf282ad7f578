//! The report of an investigation: everything on one page, to be printed or handed on as a file.

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::address::Place;
use crate::api::investigations::{Opened, open, report};
use crate::components::{InvestigationHead, ProblemPanel, Tab, loaded};
use crate::error::AppError;

/// Opens the printer's window: on a click, and at once for whoever came to print.
const PRINTING: &str = "document.getElementById('print').addEventListener('click',()=>print());\
    if(location.hash==='#print')addEventListener('load',()=>print());";

#[component]
pub fn ReportPage() -> impl IntoView {
    match use_params_map().with_untracked(Place::from_params) {
        Some(place) => {
            let read = async move {
                let opened = open(place.clone()).await?;
                Ok((opened, report(place).await?))
            };
            loaded(read, |(opened, content)| view! { <Report opened content/> }).into_any()
        }
        None => view! { <ProblemPanel error=AppError::not_found("This address does not name an investigation.")/> }
            .into_any(),
    }
}

/// `content` is HTML that the engine wrote, with every name in it escaped.
#[component]
pub(super) fn Report(opened: Opened, content: String) -> impl IntoView {
    let place = opened.place.clone();
    let heading = format!("Report: {}", opened.investigation.title);
    view! {
        <InvestigationHead opened tab=Tab::Report heading>
            <p class="row report-actions">
                <button id="print" type="button" class="scripted">"Print or save as PDF"</button>
                <a class="button" href=place.report_file("report.md") download>"Markdown"</a>
                <a class="button" href=place.report_file("report.html") download>"HTML file"</a>
            </p>
        </InvestigationHead>
        <article class="card pad report" inner_html=content></article>
        <script nonce=use_nonce()>{PRINTING}</script>
    }
}
