//! `GET /api/v1/investigations`: which of them, in which order.

use axum::Json;
use axum::extract::State;
use domain::Layer;
use domain::investigation::InvestigationSummary;
use domain::listing::{ListQuery, MOST_LISTED, Shown, Sort};
use serde::Deserialize;
use service::Service;
use utoipa::IntoParams;

use super::extract::Params;
use super::problem::ApiProblem;
use super::visitors::Who;

/// Which investigations. Everything that is given narrows the list further.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// Words that all have to be in the title, the model, the cause, the verdict, the symptoms, the notes or the owner's name, in
    /// any case. The first 6 count.
    #[serde(default)]
    search: String,
    /// `all` when it is left out.
    #[param(nullable = false, inline)]
    state: Option<Shown>,
    /// A layer with a mismatch or a possible one.
    #[param(nullable = false)]
    layer: Option<Layer>,
    /// The name of who opened it.
    #[serde(default)]
    owner: String,
    /// `changed` when it is left out.
    #[param(nullable = false, inline)]
    sort: Option<Sort>,
    /// How many are left out at the start.
    #[serde(default)]
    offset: u64,
    /// At most 500, which is also what is answered when it is left out.
    #[param(nullable = false, maximum = 500)]
    limit: Option<u64>,
}

/// The investigations
///
/// The one touched last comes first, each with a summary of its last diagnosis as people see it: with what they muted and decided.
#[utoipa::path(
    get, path = "/investigations", operation_id = "listInvestigations", tag = "investigations", params(Asked),
    responses((status = 200, description = "The investigations.", body = Vec<InvestigationSummary>))
)]
pub async fn list(
    State(service): State<Service>,
    Who(visitor): Who,
    Params(asked): Params<Asked>,
) -> Result<Json<Vec<InvestigationSummary>>, ApiProblem> {
    let query = ListQuery {
        search: asked.search,
        shown: asked.state.unwrap_or(Shown::All),
        layer: asked.layer,
        owner: asked.owner,
        sort: asked.sort.unwrap_or_default(),
        offset: asked.offset,
        limit: asked.limit.unwrap_or(MOST_LISTED),
    };
    Ok(Json(service.investigations(&query, &visitor.sight()).await?))
}
