//! Opening an example, by form.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Redirect;
use domain::{Example, Problem};
use service::Service;

use super::{Outcome, Sent};
use crate::http::extract::Fields;
use crate::http::problem::FormProblem;
use crate::http::visitors::Who;

/// Opens a new investigation with the example's files and leads to it.
pub async fn open(
    State(service): State<Service>,
    Who(visitor): Who,
    Path(id): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    let told = FormProblem::for_client(&headers);
    let known = Example::from_id(&id).ok_or_else(|| Problem::not_found("There is no example of this name."));
    let known = known.map_err(&told)?;
    visitor.edits_model(service::model_of(known)).map_err(&told)?;
    let opened = service.open_example(known).await.map_err(&told)?;
    Ok(Sent::to(Redirect::to(&format!("/investigations/{}", opened.id)), &fields))
}
