//! The top of every page about an investigation: where one is, the heading, and the ways to its other pages.

use domain::investigation::{InvestigationState, LinkPreview, LinkShows};
use leptos::prelude::*;
use leptos_meta::Title;

use super::{CopyBox, ReportLinks, When};
use crate::address::Place;
use crate::api::investigations::Opened;
use crate::islands::Live;
use crate::visitor::Origin;

/// The pages of an investigation that have a tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    Map,
    Compare,
    Evaluation,
    Inputs,
    Review,
    Report,
}

impl Tab {
    const ALL: [Tab; 6] = [Tab::Map, Tab::Compare, Tab::Evaluation, Tab::Inputs, Tab::Review, Tab::Report];

    fn words(self) -> &'static str {
        match self {
            Tab::Map => "Map",
            Tab::Compare => "Compare",
            Tab::Evaluation => "Evaluation",
            Tab::Inputs => "Inputs",
            Tab::Review => "Review",
            Tab::Report => "Report",
        }
    }

    fn href(self, place: &Place) -> String {
        match self {
            Tab::Map => place.map(),
            Tab::Compare => place.compare(&[]),
            Tab::Evaluation => place.evaluation(&[]),
            Tab::Inputs => place.inputs(),
            Tab::Review => place.review(),
            Tab::Report => place.report(),
        }
    }
}

/// `heading` is the page's one `h1`; on the map it is the investigation's title itself.
#[component]
pub fn InvestigationHead(
    opened: Opened,
    #[prop(into)] tab: Option<Tab>,
    #[prop(into)] heading: String,
    children: Children,
) -> impl IntoView {
    let place = opened.place.clone();
    let title = opened.investigation.title.clone();
    let on_map = heading == title;
    // A chat shows the title of a document where it finds nothing else.
    let is_hidden = opened.opened_by.as_ref().is_some_and(|link| link.preview == LinkPreview::Nothing);
    let page_title = match (is_hidden, on_map) {
        (true, _) => "Shared investigation".to_owned(),
        (false, true) => title.clone(),
        (false, false) => format!("{heading} · {title}"),
    };
    let (is_read_only, has_report) = (place.is_read_only(), opened.diagnosis.is_some());
    let changes = opened.changes;
    let live = (!is_read_only).then(|| format!("{}/now", place.map()));
    let tabs = Tab::ALL.into_iter().filter(|tab| match tab {
        Tab::Inputs => !is_read_only,
        Tab::Report => has_report,
        Tab::Map | Tab::Compare | Tab::Evaluation | Tab::Review => true,
    });
    view! {
        <Title text=page_title/>
        <Frozen opened=opened.clone()/>
        <header class="investigation-head">
            <p class="crumbs">
                {(!place.is_read_only()).then(|| view! { <a href="/">"Investigations"</a> })}
                {(!on_map).then(|| view! {
                    {(!place.is_read_only()).then_some(" / ")}
                    <a href=place.map()>{title}</a>
                })}
            </p>
            <div class="row spread">
                <div class="row">
                    <h1>{heading}</h1>
                    {on_map.then(|| {
                        let of = &opened.investigation;
                        view! { <StatePill state=of.state archived=of.archived_at_ms.is_some() regressed=of.is_regressed()/> }
                    })}
                </div>
                {(on_map && has_report).then(|| view! { <ReportLinks place=place.clone()/> })}
            </div>
            {children()}
            {live.map(|address| view! { <Live address changes/> })}
            <nav class="tabs" aria-label="This investigation">
                {tabs
                    .map(|one| view! {
                        <a href=one.href(&place) aria-current=(Some(one) == tab).then_some("page")>{one.words()}</a>
                    })
                    .collect_view()}
            </nav>
        </header>
    }
}

#[component]
pub fn StatePill(state: InvestigationState, archived: bool, regressed: bool) -> impl IntoView {
    match (archived, state) {
        (false, InvestigationState::Open) if regressed => view! { <span class="pill regressed">"Regressed"</span> },
        (true, _) => view! { <span class="pill">"Archived"</span> },
        (false, InvestigationState::Open) => view! { <span class="pill open">"Open"</span> },
        (false, InvestigationState::Closed) => view! { <span class="pill">"Closed"</span> },
    }
}

/// On a shared page: that it is read-only, from when it is, and until when it can be seen.
#[component]
fn Frozen(opened: Opened) -> impl IntoView {
    let address = Origin::here().of(&opened.place.map());
    opened.opened_by.map(|link| {
        view! {
            <div class="notice frozen stack">
                <p>
                    <strong>"Read-only link. "</strong>
                    {match link.shows {
                        LinkShows::Frozen => view! { "This is the state of " <When ms=link.created_at_ms/> " UTC" }.into_any(),
                        LinkShows::Live => "It shows what there is now".into_any(),
                    }}
                    {link.expires_at_ms.map(|end| view! { ". The link works until " <When ms=end/> " UTC" })}
                    {if link.has_password { ". Anyone who has the address and the password can see it." } else { ". Anyone who has the address can see it." }}
                </p>
                <CopyBox id="link".to_owned() label="Link" text=address rows=1/>
            </div>
        }
    })
}
