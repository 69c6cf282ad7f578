//! Figures as files: `column.svg?column=income` and the data behind them, `column.csv?column=income`.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::{Diagnosis, Problem};
use engine::figures::{Canvas, FigureName, FigureRequest};
use serde::Deserialize;
use service::Service;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{IntoParams, PartialSchema, ToSchema};

use super::extract::Params;
use super::problem::ApiProblem;
use super::refusals::NotFound;

/// What the figure is of, beside its name.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Of {
    /// The column, for the figure `column`.
    #[param(nullable = false)]
    column: Option<String>,
    /// Name of the evaluation run or learning curve; the first when it is left out.
    #[param(nullable = false)]
    run: Option<String>,
    /// Split of the evaluation run; the first when it is left out.
    #[param(nullable = false)]
    split: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FileKind {
    Svg,
    Csv,
}

impl FileKind {
    const ALL: [FileKind; 2] = [FileKind::Svg, FileKind::Csv];

    fn extension(self) -> &'static str {
        match self {
            FileKind::Svg => "svg",
            FileKind::Csv => "csv",
        }
    }
}

/// The names that such files have.
pub struct FigureFile;

impl PartialSchema for FigureFile {
    fn schema() -> RefOr<Schema> {
        let names = FigureName::ALL
            .iter()
            .flat_map(|name| FileKind::ALL.iter().map(move |kind| format!("{}.{}", name.id(), kind.extension())));
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).into()
    }
}

impl ToSchema for FigureFile {}

/// A figure, or the data behind it
///
/// Drawn from the last diagnosis, as a download.
#[utoipa::path(
    get, path = "/investigations/{id}/figures/{file}", operation_id = "investigationFigure", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation."), ("file" = inline(FigureFile), Path, description = "Name of the figure and the kind of file."), Of),
    responses(
        (status = 200, description = "The file.", content((String = "image/svg+xml"), (String = "text/csv"))),
        NotFound
    )
)]
pub async fn of_investigation(
    State(service): State<Service>,
    Path((id, file)): Path<(String, String)>,
    Params(of): Params<Of>,
) -> Result<Response, ApiProblem> {
    let diagnosis = service.diagnosis(&id).await?;
    let diagnosis = diagnosis.ok_or_else(|| {
        Problem::not_found("There is no diagnosis yet. Watch its job until it is done, then ask again.")
    })?;
    draw(&diagnosis, &file, of)
}

/// A figure as it was shared
///
/// Drawn from the diagnosis that the link shows, as a download.
#[utoipa::path(
    get, path = "/shared/{secret}/figures/{file}", operation_id = "sharedFigure", tag = "sharing",
    params(("secret" = String, Path, description = "The link's secret: 64 hexadecimal digits."), ("file" = inline(FigureFile), Path, description = "Name of the figure and the kind of file."), Of),
    responses(
        (status = 200, description = "The file.", content((String = "image/svg+xml"), (String = "text/csv"))),
        NotFound
    )
)]
pub async fn of_shared(
    State(service): State<Service>,
    Path((secret, file)): Path<(String, String)>,
    Params(of): Params<Of>,
) -> Result<Response, ApiProblem> {
    draw(&service.shared(&secret).await?.diagnosis, &file, of)
}

fn draw(diagnosis: &Diagnosis, file: &str, of: Of) -> Result<Response, ApiProblem> {
    let (name, kind) = parsed(file).ok_or_else(|| {
        let names = FigureName::ALL.map(FigureName::id).join(", ");
        Problem::not_found(format!("There is no figure {file}. There are {names}, each as .svg and .csv."))
    })?;
    let request = FigureRequest { name, column: of.column, run: of.run, split: of.split };
    let (content_type, body) = match kind {
        FileKind::Svg => ("image/svg+xml", request.figure(diagnosis, &Canvas::FILE)?.svg),
        FileKind::Csv => ("text/csv; charset=utf-8", request.csv(diagnosis)?),
    };
    // Always a download under a name of ours: a figure holds strangers' column names and must not become a page.
    let disposition = format!("attachment; filename=\"{file}\"");
    Ok(([(header::CONTENT_TYPE, content_type.to_owned()), (header::CONTENT_DISPOSITION, disposition)], body)
        .into_response())
}

fn parsed(file: &str) -> Option<(FigureName, FileKind)> {
    let (name, extension) = file.rsplit_once('.')?;
    let kind = FileKind::ALL.into_iter().find(|kind| kind.extension() == extension)?;
    Some((FigureName::from_id(name)?, kind))
}
