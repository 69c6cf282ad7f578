//! The web door: routes, guard rails, and nothing that the service could do.

mod assets;
mod connections;
mod extract;
mod figures;
mod forms;
mod guard;
mod health;
mod investigations;
mod jobs;
mod metrics;
mod mutes;
pub mod openapi;
mod pages;
mod problem;
mod shared;
mod snapshots;
mod uploads;

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{delete, get, post, put};
use leptos::config::LeptosOptions;
use service::Service;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

pub use assets::Assets;
pub use connections::{ConnectionLimits, serve_until};

use metrics::Metrics;
use problem::problem_json;

/// Longest time until an ordinary response begins.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);

/// Bodies that are not files: forms and JSON.
const BODY_BYTES: usize = 1 << 20;

/// What handlers share.
#[derive(Clone)]
pub struct App {
    pub service: Service,
    pub leptos: LeptosOptions,
    pub assets: Assets,
    pub metrics: Metrics,
}

impl App {
    pub fn new(service: Service, assets: Assets) -> App {
        let leptos = LeptosOptions::builder().output_name("mismatch").build();
        App { service, leptos, assets, metrics: Metrics::default() }
    }
}

impl FromRef<App> for Service {
    fn from_ref(app: &App) -> Service {
        app.service.clone()
    }
}

impl FromRef<App> for LeptosOptions {
    fn from_ref(app: &App) -> LeptosOptions {
        app.leptos.clone()
    }
}

impl FromRef<App> for Metrics {
    fn from_ref(app: &App) -> Metrics {
        app.metrics.clone()
    }
}

/// Everything that is served.
pub fn router(app: App) -> Router {
    let ordinary = Router::new()
        .nest("/api/v1", api())
        .merge(forms())
        .merge(downloads())
        .merge(operations())
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, ANSWER_TIMEOUT));
    let pages = pages::routes(&app).layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, ANSWER_TIMEOUT));
    ordinary
        .merge(files())
        .merge(streams())
        .merge(pages)
        .with_state(app.clone())
        .layer(CompressionLayer::new())
        .layer(from_fn(guard::refuse_strangers))
        .layer(from_fn(guard::protect))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.metrics, Metrics::count))
}

fn api() -> Router<App> {
    Router::new()
        .route("/health", get(health::health))
        .route("/openapi.json", get(openapi::document))
        .route("/snapshots", get(snapshots::list))
        .route("/snapshots/{id}", get(snapshots::find))
        .route("/snapshots/{id}/preview", get(snapshots::preview))
        .route("/snapshots/{id}/reread", post(snapshots::reread))
        .route("/investigations", get(investigations::list).post(investigations::create))
        .route("/investigations/{id}", get(investigations::find))
        .route("/investigations/{id}/inputs", put(investigations::replace_inputs))
        .route("/investigations/{id}/diagnosis", get(investigations::diagnosis).post(investigations::diagnose))
        .route("/investigations/{id}/figures/{file}", get(figures::of_investigation))
        .route("/investigations/{id}/job", get(investigations::latest_job))
        .route("/investigations/{id}/selection", post(investigations::select))
        .route("/investigations/{id}/notes", post(investigations::add_note))
        .route("/investigations/{id}/statuses/{item}", put(investigations::set_status))
        .route("/investigations/{id}/mutes/{finding}", put(mutes::mute).delete(mutes::unmute))
        .route("/investigations/{id}/close", post(investigations::close))
        .route("/investigations/{id}/reopen", post(investigations::reopen))
        .route("/investigations/{id}/share-links", get(investigations::share_links).post(investigations::share))
        .route("/share-links/{id}", delete(investigations::revoke_share))
        .route("/shared/{secret}", get(shared::investigation))
        .route("/shared/{secret}/diagnosis", get(shared::diagnosis))
        .route("/shared/{secret}/figures/{file}", get(figures::of_shared))
        .route("/jobs/{id}", get(jobs::find))
        .route("/jobs/{id}/cancel", post(jobs::cancel))
        .fallback(no_such_route)
        .method_not_allowed_fallback(no_such_method)
}

fn forms() -> Router<App> {
    Router::new()
        .route("/investigations/{id}/inputs", post(forms::inputs::review))
        .route("/investigations/{id}/inputs/{snapshot}/reading", post(forms::inputs::reread))
        .route("/investigations/{id}/notes", post(forms::investigation::add_note))
        .route("/investigations/{id}/statuses", post(forms::investigation::set_status))
        .route("/investigations/{id}/mutes", post(forms::mutes::mute))
        .route("/investigations/{id}/unmute", post(forms::mutes::unmute))
        .route("/investigations/{id}/close", post(forms::investigation::close))
        .route("/investigations/{id}/reopen", post(forms::investigation::reopen))
        .route("/investigations/{id}/diagnosis", post(forms::investigation::diagnose))
        .route("/investigations/{id}/share-links", post(forms::sharing::share))
        .route("/share-links/{id}/revoke", post(forms::sharing::revoke))
        .route("/jobs/{id}/cancel", post(forms::investigation::cancel_job))
}

fn downloads() -> Router<App> {
    Router::new()
        .route("/investigations/{id}/figures/{file}", get(figures::of_investigation))
        .route("/s/{secret}/figures/{file}", get(figures::of_shared))
}

fn operations() -> Router<App> {
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
}

/// Bodies of any size, for as long as they keep coming: the service has the limit, the stream a stall limit. A link has
/// a small body, and a time limit of its own in the service.
fn files() -> Router<App> {
    let link =
        Router::new().route("/api/v1/snapshots/link", post(snapshots::link)).layer(DefaultBodyLimit::max(BODY_BYTES));
    Router::new()
        .route("/api/v1/snapshots", post(snapshots::upload))
        .route("/investigations", post(forms::new_investigation::create))
        .route("/investigations/{id}/files", post(forms::inputs::add_files))
        .layer(DefaultBodyLimit::disable())
        .merge(link)
}

/// Responses that last as long as a job.
fn streams() -> Router<App> {
    Router::new().route("/api/v1/jobs/{id}/events", get(jobs::events))
}

async fn no_such_route() -> Response {
    problem_json(StatusCode::NOT_FOUND, "The API has no such address. /api/v1/openapi.json lists all addresses.")
}

async fn no_such_method() -> Response {
    problem_json(
        StatusCode::METHOD_NOT_ALLOWED,
        "This address does not support this method. /api/v1/openapi.json lists the methods.",
    )
}

/// The panic itself was logged by the panic hook.
fn panicked(_cause: Box<dyn Any + Send>) -> Response {
    problem_json(
        StatusCode::INTERNAL_SERVER_ERROR,
        "Mismatch had an internal error. The log has the details. You can try again.",
    )
}
