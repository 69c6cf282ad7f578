//! The ways to an investigation's report.

use leptos::prelude::*;

use crate::address::Place;

/// As files, and as a page that asks for the printer.
#[component]
pub fn ReportLinks(place: Place) -> impl IntoView {
    view! {
        <p class="report-links">
            <span class="muted">"Report"</span>
            <a href=place.report_file("report.md") download>"Markdown"</a>
            <a href=place.report_file("report.html") download>"HTML"</a>
            <a href=format!("{}#print", place.report())>"Print or PDF"</a>
        </p>
    }
}
