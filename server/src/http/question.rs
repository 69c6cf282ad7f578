//! What is different about some rows of an evaluation run, as the page shows it: what the page puts in place when a cell of
//! its matrix is asked about. The address says the same as the page's own.

use app::address::Place;
use app::error::AppError;
use app::pages::question::{Answer, AnswerProps, Answered, Page};
use axum::extract::{Path, Query, State};
use axum::response::Html;
use domain::selection::Selection;
use leptos::prelude::{IntoView, Owner, RenderHtml};
use service::Service;

type Pairs = Query<Vec<(String, String)>>;

pub async fn of_investigation(
    State(service): State<Service>,
    Path(id): Path<String>,
    Query(pairs): Pairs,
) -> Html<String> {
    let Some(selection) = asked(&pairs) else { return Html(String::new()) };
    let answer = service.explain_selection(&id, &selection).await.map_err(AppError);
    shown(Place::Investigation(id), pairs, Answered { selection, answer })
}

pub async fn of_shared(
    State(service): State<Service>,
    Path(secret): Path<String>,
    Query(pairs): Pairs,
) -> Html<String> {
    let Some(selection) = asked(&pairs) else { return Html(String::new()) };
    let answer = service.explain_shared_selection(&secret, &selection).await.map_err(AppError);
    shown(Place::Shared(secret), pairs, Answered { selection, answer })
}

fn asked(pairs: &[(String, String)]) -> Option<Selection> {
    pairs.iter().find(|(name, _)| name == "where").and_then(|(_, text)| Selection::from_text(text))
}

fn shown(place: Place, mut pairs: Vec<(String, String)>, answered: Answered) -> Html<String> {
    pairs.retain(|(name, _)| name != "where");
    let page = Page { place, pairs };
    Html(Owner::new().with(|| Answer(AnswerProps { page, answered }).into_view().to_html()))
}
