//! What the dialog of the search over everything shows while somebody types.

use app::address::Place;
use app::pages::search::{HitOptions, HitOptionsProps};
use app::visitor::Reader;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Html;
use domain::Problem;
use domain::markup::escaped;
use domain::reachable::Reachable;
use domain::visitor::Visitor;
use leptos::prelude::{IntoView, Owner, RenderHtml, provide_context};
use serde::Deserialize;
use service::Service;

use super::extract::Params;
use super::visitors::Who;

/// `q` is what is searched, `in` the id of the investigation that is open.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default, rename = "in")]
    open: Option<String>,
}

pub async fn everywhere(State(service): State<Service>, Who(visitor): Who, Params(asked): Params<Asked>) -> Answer {
    let words = app::search::words(&asked.q).join(" ");
    let reachable = service.reachable(asked.open.as_deref(), &words, &visitor).await;
    answer(asked.open.map(Place::Investigation), reachable, asked.q, visitor)
}

/// Below the address of a share link: only what it shows.
pub async fn in_shared(
    State(service): State<Service>,
    Path(secret): Path<String>,
    Who(visitor): Who,
    Params(asked): Params<Asked>,
) -> Answer {
    let reachable = service.reachable_shared(&secret).await;
    answer(Some(Place::Shared(secret)), reachable, asked.q, visitor)
}

/// The dialog shows either.
type Answer = Result<Html<String>, (StatusCode, Html<String>)>;

fn answer(place: Option<Place>, reachable: Result<Reachable, Problem>, text: String, visitor: Visitor) -> Answer {
    let refused = |problem: Problem| {
        let status = StatusCode::from_u16(problem.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Html(escaped(&problem.message)))
    };
    let reachable = reachable.map_err(refused)?;
    let options = || {
        provide_context(Reader(visitor));
        HitOptions(HitOptionsProps { place, reachable, text }).into_view().to_html()
    };
    Ok(Html(Owner::new().with(options)))
}
