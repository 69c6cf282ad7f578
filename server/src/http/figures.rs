//! Figures as files: `column.svg?column=income` and the data behind them, `column.csv?column=income`.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::{Diagnosis, Problem};
use engine::figures::{Canvas, FigureName, FigureRequest};
use serde::Deserialize;
use service::Service;

use super::extract::Params;
use super::problem::ApiProblem;

/// What the figure is of, beside its name.
#[derive(Deserialize)]
pub struct Of {
    column: Option<String>,
    run: Option<String>,
    split: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FileKind {
    Svg,
    Csv,
}

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
    let kind = match extension {
        "svg" => FileKind::Svg,
        "csv" => FileKind::Csv,
        _ => return None,
    };
    Some((FigureName::from_id(name)?, kind))
}
