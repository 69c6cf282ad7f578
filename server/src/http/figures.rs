//! Figures as files: `column.svg?column=income` and the data behind them, `column.csv?column=income`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::plot::scene::{Asked, CHARTS, Chart, FileKind, Scene};
use domain::{Diagnosis, Problem};
use engine::figures;
use serde::Deserialize;
use service::Service;
use tokio::sync::Semaphore;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{IntoParams, PartialSchema, ToSchema};

use super::extract::Params;
use super::problem::ApiProblem;
use super::refusals::NotFound;

/// What the figure is of and how it is seen, as in the addresses of pages.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Of {
    /// The column, for the figure `column`.
    #[param(nullable = false)]
    column: Option<String>,
    /// Picture of a column: `histogram` (the default), `ecdf`, `qq` or `time`.
    #[param(nullable = false)]
    view: Option<String>,
    /// Axis of a column: `1` is logarithmic, `0` linear; without it, whichever fits.
    #[param(nullable = false)]
    log: Option<String>,
    /// At most so many bins of a histogram: 2 to 200, 50 without it.
    #[param(nullable = false)]
    bins: Option<String>,
    /// `count` for rows per bin instead of shares.
    #[param(nullable = false)]
    norm: Option<String>,
    /// Name of the evaluation run or learning curve; the first when it is left out.
    #[param(nullable = false)]
    run: Option<String>,
    /// Split of the evaluation run; the first when it is left out.
    #[param(nullable = false)]
    split: Option<String>,
    /// Name of a second evaluation run to draw with the first, for the charts that show two.
    #[param(nullable = false)]
    against: Option<String>,
    /// Split of the second evaluation run.
    #[param(nullable = false)]
    against_split: Option<String>,
    /// Other evaluation runs to draw with these: `all`, or some by name as in `chosen;test of b.csv`. None when it is left out.
    #[param(nullable = false)]
    drawn: Option<String>,
    /// Learning curves of the figure `learning_curves`, written in the same way; all when it is left out.
    #[param(nullable = false)]
    curves: Option<String>,
    /// `loss` or `score`, for the figures `learning_curve` and `learning_curves`.
    #[param(nullable = false)]
    measure: Option<String>,
    /// Id of the measure, for the figure `over_time`; the first when it is left out.
    #[param(nullable = false)]
    series: Option<String>,
    /// The threshold to mark; the one in use when it is left out.
    #[param(nullable = false)]
    threshold: Option<String>,
    /// Cells of a confusion matrix: `counts`, or shares of its `rows` or `columns`.
    #[param(nullable = false)]
    cells: Option<String>,
    /// Classes of a confusion matrix: by `name`, `support` or `confusion`; without it by name, or of many classes by confusion.
    #[param(nullable = false)]
    order: Option<String>,
    /// Cost of a true positive, for the figure `cost_curve`.
    #[param(nullable = false)]
    cost_tp: Option<String>,
    /// Cost of a false positive.
    #[param(nullable = false)]
    cost_fp: Option<String>,
    /// Cost of a false negative.
    #[param(nullable = false)]
    cost_fn: Option<String>,
    /// Cost of a true negative.
    #[param(nullable = false)]
    cost_tn: Option<String>,
}

impl Of {
    fn asked(&self) -> Asked {
        Asked::from_query(|name| {
            let of = match name {
                "column" => &self.column,
                "view" => &self.view,
                "log" => &self.log,
                "bins" => &self.bins,
                "norm" => &self.norm,
                "run" => &self.run,
                "split" => &self.split,
                "against" => &self.against,
                "against_split" => &self.against_split,
                "drawn" => &self.drawn,
                "curves" => &self.curves,
                "order" => &self.order,
                "measure" => &self.measure,
                "series" => &self.series,
                "threshold" => &self.threshold,
                "cells" => &self.cells,
                "cost_tp" => &self.cost_tp,
                "cost_fp" => &self.cost_fp,
                "cost_fn" => &self.cost_fn,
                "cost_tn" => &self.cost_tn,
                _ => return None,
            };
            of.clone()
        })
    }
}

/// The names that such files have.
pub struct FigureFile;

impl PartialSchema for FigureFile {
    fn schema() -> RefOr<Schema> {
        let names =
            CHARTS.iter().flat_map(|chart| FileKind::ALL.iter().map(move |kind| format!("{}.{}", chart.id, kind.id())));
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
        (status = 200, description = "The file.", content((String = "image/svg+xml"), (Vec<u8> = "image/png"), (String = "text/csv"))),
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
    drawn(diagnosis, file, of.asked()).await
}

/// A figure as it was shared
///
/// Drawn from the diagnosis that the link shows, as a download.
#[utoipa::path(
    get, path = "/shared/{secret}/figures/{file}", operation_id = "sharedFigure", tag = "sharing",
    params(("secret" = String, Path, description = "The link's secret: 64 hexadecimal digits."), ("file" = inline(FigureFile), Path, description = "Name of the figure and the kind of file."), Of),
    responses(
        (status = 200, description = "The file.", content((String = "image/svg+xml"), (Vec<u8> = "image/png"), (String = "text/csv"))),
        NotFound
    )
)]
pub async fn of_shared(
    State(service): State<Service>,
    Path((secret, file)): Path<(String, String)>,
    Params(of): Params<Of>,
) -> Result<Response, ApiProblem> {
    drawn(service.shared(&secret).await?.diagnosis, file, of.asked()).await
}

/// Drawings at once: one takes a moment of a core and some tens of megabytes.
static DRAWING: Semaphore = Semaphore::const_new(2);

async fn drawn(diagnosis: Arc<Diagnosis>, file: String, asked: Asked) -> Result<Response, ApiProblem> {
    let (chart, kind) = parsed(&file).ok_or_else(|| {
        let names = CHARTS.iter().map(|chart| chart.id).collect::<Vec<_>>().join(", ");
        Problem::not_found(format!("There is no figure {file}. There are {names}, each as .svg, .png and .csv."))
    })?;
    let scene = tokio::task::spawn_blocking(move || (chart.draw)(&diagnosis, &asked));
    self::file(scene.await.map_err(figures::failed)??, kind, file).await
}

/// A scene as a file of that name.
pub(super) async fn file(scene: Scene, kind: FileKind, file: String) -> Result<Response, ApiProblem> {
    let _turn = DRAWING.acquire().await.map_err(figures::failed)?;
    let body = tokio::task::spawn_blocking(move || written(&scene, kind));
    Ok(download(kind, &file, body.await.map_err(figures::failed)??))
}

/// A download under a name of ours: a figure holds strangers' column names and must not become a page.
pub(super) fn download(kind: FileKind, file: &str, body: Vec<u8>) -> Response {
    let content_type = match kind {
        FileKind::Svg => "image/svg+xml",
        FileKind::Png => "image/png",
        FileKind::Csv => "text/csv; charset=utf-8",
    };
    let disposition = format!("attachment; filename=\"{file}\"");
    ([(header::CONTENT_TYPE, content_type.to_owned()), (header::CONTENT_DISPOSITION, disposition)], body)
        .into_response()
}

fn written(scene: &Scene, kind: FileKind) -> Result<Vec<u8>, Problem> {
    match kind {
        FileKind::Svg => figures::svg(scene).map(String::into_bytes),
        FileKind::Png => figures::png(scene),
        FileKind::Csv => Ok(figures::csv(&scene.table).into_bytes()),
    }
}

fn parsed(file: &str) -> Option<(&'static Chart, FileKind)> {
    let (name, extension) = file.rsplit_once('.')?;
    Some((Chart::from_id(name)?, FileKind::from_id(extension)?))
}
