//! Pages rendered from one kept investigation, without a server and a browser: what a reader must find on each of them.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod compare;
mod evaluation;
mod exploring;
mod home;
mod html;
mod inputs;
mod layer;
mod map;
mod models;
mod people;
mod reference;
mod review;
mod rows;
mod search;
mod undo;

use std::sync::Arc;

use domain::evaluation::Split;
use domain::fall::SplitMetric;
use domain::investigation::{LinkShows, ShareLink};
use domain::{Diagnosis, Fall};
use hydration_context::SsrSharedContext;
use leptos::prelude::*;
use leptos_meta::provide_meta_context;

use crate::address::Place;
use crate::api::investigations::Opened;
use html::Html;

/// The demonstration, as a page gets it; some of its columns and rows are left out to keep it small.
const OPENED: &str = include_str!("opened.json");

/// A name that would run a script where somebody forgot to escape it.
const HOSTILE: &str = "<img src=x onerror=alert(1)>\"'&";

fn opened() -> Opened {
    serde_json::from_str(OPENED).unwrap()
}

fn diagnosis(opened: &Opened) -> Arc<Diagnosis> {
    opened.diagnosis.clone().unwrap()
}

/// A fall of which nothing is known but what was split.
fn unknown_fall() -> Fall {
    Fall {
        metric: SplitMetric::Accuracy,
        compared_with: Split::Test,
        before: None,
        after: None,
        fall: None,
        parts: Vec::new(),
        unexplained: None,
        recovered: None,
        undone: None,
        repaired: Vec::new(),
        left_out: Vec::new(),
        over_time: Vec::new(),
        changed: None,
        slices: None,
        refusals: Vec::new(),
    }
}

/// The same, through a link.
fn shared() -> Opened {
    let link = ShareLink {
        id: "link".into(),
        investigation: "demo".into(),
        created_at_ms: 1_780_000_000_000,
        expires_at_ms: Some(1_790_000_000_000),
        revoked_at_ms: None,
        shows: LinkShows::Frozen,
        preview: Default::default(),
        has_password: false,
        opened: 0,
        opened_at_ms: None,
    };
    Opened { place: Place::Shared("secret".into()), job: None, opened_by: Some(link), ..opened() }
}

/// The same with a hostile name for a column, a file, the model, the title and a person.
fn hostile() -> Opened {
    let in_json = serde_json::to_string(HOSTILE).unwrap();
    let mut opened: Opened = serde_json::from_str(&OPENED.replace("car_value", in_json.trim_matches('"'))).unwrap();
    opened.investigation.title = HOSTILE.into();
    opened.investigation.model = HOSTILE.into();
    opened.investigation.notes[0].text = HOSTILE.into();
    opened.investigation.inputs[0].snapshot.name = HOSTILE.into();
    opened
}

/// What the server sends for a page's content.
fn rendered<V: IntoView>(page: impl FnOnce() -> V) -> Html {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let html = owner.with(|| {
        provide_meta_context();
        view! { <main>{page().into_view()}</main> }.to_html()
    });
    let html = Html(html);
    assert_eq!(html.broken(), None, "{}", html.0);
    assert!(!html.0.contains("<img"), "a name was taken for an element: {}", html.0);
    for unmeant in ["undefined", "Some(", "None"] {
        assert!(!html.text().contains(unmeant), "the page shows {unmeant}: {}", html.text());
    }
    html
}
