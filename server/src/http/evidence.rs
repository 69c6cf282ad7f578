//! `/api/v1/investigations/{id}/evidence`: what people pinned.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use domain::evidence::{Evidence, Exhibit, Pinned, Remark};
use domain::investigation::Investigation;
use domain::plot::scene::FileKind;
use domain::{Actor, Problem};
use serde::Deserialize;
use service::{Move, Service};
use utoipa::{IntoParams, ToSchema};

use super::extract::{Body, Params};
use super::figures;
use super::investigations::find;
use super::problem::ApiProblem;
use super::refusals::{Conflict, NotFound, TooLarge};

#[derive(Deserialize, ToSchema)]
pub struct NewEvidence {
    pinned: Pinned,
    #[serde(default)]
    remark: Remark,
    /// Who pins it; empty for nobody in particular.
    #[serde(default)]
    #[schema(value_type = String, max_length = 300)]
    author: Actor,
}

/// Pin something as evidence
///
/// A chart, a finding, what is different about marked rows, or the metrics of a run: its numbers and its picture are kept as
/// they are now, together with the hashes of the files that they were computed from, and never change.
#[utoipa::path(
    post, path = "/investigations/{id}/evidence", operation_id = "pinEvidence", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation.")),
    request_body(content = NewEvidence, example = json!({
        "pinned": {"kind": "chart", "chart": "column", "query": [["column", "amount"]]},
        "remark": {"caption": "A hundred times larger.", "links": [{"hypothesis": "unit_scale(amount)", "stance": "for"}]}, "author": "Ada"
    })),
    responses((status = 201, description = "The piece of evidence.", body = Evidence), NotFound, Conflict, TooLarge)
)]
pub async fn pin(
    State(service): State<Service>,
    Path(id): Path<String>,
    Body(new): Body<NewEvidence>,
) -> Result<(StatusCode, Json<Evidence>), ApiProblem> {
    let evidence = service.pin(&id, new.pinned, &new.remark, &new.author).await?;
    Ok((StatusCode::CREATED, Json(evidence)))
}

/// Say something else about a piece of evidence
///
/// Its caption, and what it supports and contradicts. What is frozen stays as it is.
#[utoipa::path(
    put, path = "/investigations/{id}/evidence/{evidence}", operation_id = "remarkEvidence", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation."), ("evidence" = String, Path, description = "Id of the piece of evidence.")),
    request_body(content = Remark, example = json!({"caption": "Since the release of 2 May.", "links": []})),
    responses((status = 200, description = "The investigation as it is now.", body = Investigation), NotFound, Conflict)
)]
pub async fn remark(
    State(service): State<Service>,
    Path((id, evidence)): Path<(String, String)>,
    Body(remark): Body<Remark>,
) -> Result<Json<Investigation>, ApiProblem> {
    service.remark(&id, &evidence, &remark).await?;
    find(State(service), Path(id)).await
}

#[derive(Deserialize, ToSchema)]
pub struct Place {
    /// The place in the order, from 0; one beyond the end is the last.
    place: usize,
}

/// Put a piece of evidence elsewhere in the order
///
/// The order is the one in which pages and reports show the evidence.
#[utoipa::path(
    put, path = "/investigations/{id}/evidence/{evidence}/place", operation_id = "moveEvidence", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation."), ("evidence" = String, Path, description = "Id of the piece of evidence.")),
    request_body(content = Place, example = json!({"place": 0})),
    responses((status = 200, description = "The investigation as it is now.", body = Investigation), NotFound, Conflict)
)]
pub async fn place(
    State(service): State<Service>,
    Path((id, evidence)): Path<(String, String)>,
    Body(to): Body<Place>,
) -> Result<Json<Investigation>, ApiProblem> {
    service.move_evidence(&id, &evidence, Move::To(to.place)).await?;
    find(State(service), Path(id)).await
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct By {
    /// Who takes it out; empty for nobody in particular.
    #[serde(default)]
    #[param(value_type = String, max_length = 300, required = false)]
    author: Actor,
}

/// Take a piece of evidence out
///
/// Share links that were made before still show it.
#[utoipa::path(
    delete, path = "/investigations/{id}/evidence/{evidence}", operation_id = "unpinEvidence", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation."), ("evidence" = String, Path, description = "Id of the piece of evidence."), By),
    responses((status = 200, description = "The investigation as it is now.", body = Investigation), NotFound, Conflict)
)]
pub async fn unpin(
    State(service): State<Service>,
    Path((id, evidence)): Path<(String, String)>,
    Params(by): Params<By>,
) -> Result<Json<Investigation>, ApiProblem> {
    service.unpin(&id, &evidence, &by.author).await?;
    find(State(service), Path(id)).await
}

/// The picture of a piece of evidence, or the data behind it
///
/// As it was when it was pinned, as a download.
#[utoipa::path(
    get, path = "/investigations/{id}/evidence/{evidence}/{file}", operation_id = "evidencePicture", tag = "investigations",
    params(
        ("id" = String, Path, description = "Id of the investigation."), ("evidence" = String, Path, description = "Id of the piece of evidence."),
        ("file" = String, Path, description = "`picture.svg`, `picture.png` or `picture.csv`.", pattern = "^picture\\.(svg|png|csv)$")
    ),
    responses(
        (status = 200, description = "The file.", content((String = "image/svg+xml"), (Vec<u8> = "image/png"), (String = "text/csv"))),
        NotFound
    )
)]
pub async fn of_investigation(
    State(service): State<Service>,
    Path((id, evidence, file)): Path<(String, String, String)>,
) -> Result<Response, ApiProblem> {
    let investigation = service.investigation(&id).await?;
    drawn(service.exhibit(&investigation, &evidence).await?, &file).await
}

/// The picture of a piece of evidence as it was shared
///
/// As it was when it was pinned, as a download; it can be shown on other pages too, as in `<img src="https://…/s/{secret}/evidence/{evidence}/picture.svg">`.
#[utoipa::path(
    get, path = "/shared/{secret}/evidence/{evidence}/{file}", operation_id = "sharedEvidencePicture", tag = "sharing",
    params(
        ("secret" = String, Path, description = "The link's secret: 64 hexadecimal digits."), ("evidence" = String, Path, description = "Id of the piece of evidence."),
        ("file" = String, Path, description = "`picture.svg`, `picture.png` or `picture.csv`.", pattern = "^picture\\.(svg|png|csv)$")
    ),
    responses(
        (status = 200, description = "The file.", content((String = "image/svg+xml"), (Vec<u8> = "image/png"), (String = "text/csv"))),
        NotFound
    )
)]
pub async fn of_shared(
    State(service): State<Service>,
    Path((secret, evidence, file)): Path<(String, String, String)>,
) -> Result<Response, ApiProblem> {
    let investigation = service.shared(&secret).await?.investigation;
    let mut picture = drawn(service.exhibit(&investigation, &evidence).await?, &file).await?;
    // Whoever has the link may show it on a page elsewhere, such as a wiki.
    let policy = HeaderName::from_static("cross-origin-resource-policy");
    picture.headers_mut().insert(policy, HeaderValue::from_static("cross-origin"));
    Ok(picture)
}

async fn drawn(exhibit: Exhibit, file: &str) -> Result<Response, ApiProblem> {
    let kind = file.strip_prefix("picture.").and_then(FileKind::from_id);
    let kind = kind.ok_or_else(|| {
        Problem::not_found(format!("There is no file {file}. There are picture.svg, picture.png and picture.csv."))
    })?;
    let table_alone = exhibit.table.filter(|_| kind == FileKind::Csv && exhibit.scene.is_none());
    if let Some(table) = table_alone {
        return Ok(figures::download(kind, file, engine::figures::csv(&table).into_bytes()));
    }
    let scene = exhibit.scene.ok_or_else(|| Problem::not_found("This piece of evidence has no picture."))?;
    figures::file(scene, kind, file.to_owned()).await
}
