//! The web door: routes, guard rails, and nothing that the service could do.

mod alerts;
mod api;
mod arrangements;
mod arrivals;
mod assets;
mod author;
mod channels;
mod connections;
mod cookies;
mod decisions;
mod describe;
mod editing;
mod elsewhere;
mod evidence;
mod exploring;
mod extract;
mod figures;
mod forms;
mod guard;
mod guards;
mod health;
mod incidents;
mod investigations;
mod jobs;
mod listing;
mod metrics;
mod models;
mod moving;
mod mutes;
mod noting;
mod now;
mod observations;
pub mod openapi;
mod pages;
mod palette;
mod problem;
mod question;
mod refusals;
mod repairs;
mod reports;
mod rows;
pub mod rules;
mod share_door;
mod shared;
mod snapshots;
mod start;
mod unread;
mod uploads;
mod verdicts;
mod visitors;
mod watches;

use std::any::Any;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, FromRef};
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};
use domain::ProblemKind;
use leptos::config::LeptosOptions;
use service::Service;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::{RequestBodyTimeoutLayer, TimeoutLayer};

pub use assets::Assets;
pub use connections::{ConnectionLimits, Listening, serve_until};
pub use guard::{Addresses, Names};
pub use visitors::ProxiedUser;

use describe::Document;
use metrics::Metrics;
use problem::refuse;

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
    pub door: Door,
    pub names: Names,
    /// A proxy that is believed when it says who asks.
    pub proxied: Option<ProxiedUser>,
}

/// How browsers reach this server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Without encryption, on this machine only.
    Plain,
    /// By TLS, which ends here.
    Encrypted,
    /// By TLS, which ends at a proxy in front: it says who asks.
    Proxied,
}

impl App {
    pub fn new(service: Service, assets: Assets) -> App {
        let leptos = LeptosOptions::builder().output_name("mismatch").build();
        App {
            service,
            leptos,
            assets,
            metrics: Metrics::default(),
            door: Door::Plain,
            names: Names::default(),
            proxied: None,
        }
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

impl FromRef<App> for Door {
    fn from_ref(app: &App) -> Door {
        app.door
    }
}

impl FromRef<App> for Names {
    fn from_ref(app: &App) -> Names {
        app.names.clone()
    }
}

impl FromRef<App> for Metrics {
    fn from_ref(app: &App) -> Metrics {
        app.metrics.clone()
    }
}

/// Longest pause within the body of a form about people.
const SHORT_BODY: Duration = Duration::from_secs(10);

/// Everything that is served.
pub fn router(app: App) -> Router {
    let pages = pages::routes(&app).layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, ANSWER_TIMEOUT));
    ordinary(forms().merge(people()).merge(downloads()).merge(operations()))
        .nest(api::BASE, api::routes().layer(Extension(Document(&openapi::DOCUMENT))))
        .merge(files())
        .merge(pages)
        .with_state(app.clone())
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(app.clone(), visitors::admit))
        .layer(from_fn_with_state(app.clone(), guard::refuse_strangers))
        .layer(from_fn_with_state(app.door, guard::protect))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.metrics, Metrics::count))
}

fn forms() -> Router<App> {
    Router::new()
        .route("/investigations/{id}/inputs", post(forms::inputs::review))
        .route("/investigations/{id}/inputs/{snapshot}/reading", post(forms::inputs::reread))
        .route("/investigations/{id}/notes", post(forms::investigation::add_note))
        .route("/investigations/{id}/statuses", post(forms::investigation::set_status))
        .route("/investigations/{id}/readings", post(forms::inputs::read_otherwise))
        .route("/investigations/{id}/decisions", post(forms::decisions::decide))
        .route("/investigations/{id}/mutes", post(forms::mutes::mute))
        .route("/investigations/{id}/unmute", post(forms::mutes::unmute))
        .route("/investigations/{id}/hypotheses", post(forms::reviewing::add_hypothesis))
        .route("/investigations/{id}/evidence", post(forms::reviewing::pin))
        .route("/investigations/{id}/evidence/{evidence}/remark", post(forms::reviewing::remark))
        .route("/investigations/{id}/evidence/{evidence}/place", post(forms::reviewing::place))
        .route("/investigations/{id}/evidence/{evidence}/remove", post(forms::reviewing::unpin))
        .route("/investigations/{id}/incident", post(forms::incident::set))
        .route("/investigations/{id}/follow-ups", post(forms::incident::add_follow_up))
        .route("/investigations/{id}/follow-ups/{follow_up}", post(forms::incident::set_follow_up))
        .route("/investigations/{id}/entries", post(forms::incident::enter))
        .route("/investigations/{id}/close", post(forms::investigation::close))
        .route("/investigations/{id}/reopen", post(forms::investigation::reopen))
        .route("/investigations/{id}/edit", post(forms::editing::edit))
        .route("/investigations/{id}/archive", post(forms::editing::archive))
        .route("/investigations/{id}/unarchive", post(forms::editing::unarchive))
        .route("/investigations/{id}/delete", post(forms::editing::delete))
        .route("/snapshots/{id}/delete", post(forms::editing::delete_file))
        .route("/investigations/{id}/diagnosis", post(forms::investigation::diagnose))
        .route("/investigations/{id}/share-links", post(forms::sharing::share))
        .route("/share-links/{id}/revoke", post(forms::sharing::revoke))
        .route("/s/{secret}/unlock", post(forms::unlocking::unlock))
        .route("/jobs/{id}/cancel", post(forms::investigation::cancel_job))
        .route("/examples/{id}", post(forms::examples::open))
        .route("/tour/close", post(forms::tour::close))
        .route("/models/{name}/edit", post(forms::model::edit))
        .route("/models/{name}/reference", post(forms::model::set_reference))
        .route("/models/{name}/arrivals/{arrival}/investigation", post(forms::model::investigate))
        .route("/models/{name}/arrivals/{arrival}/judging", post(forms::model::judge))
        .route("/models/{name}/arrivals/{arrival}/remove", post(forms::model::remove))
        .route("/models/{name}/alert-rules", post(forms::alerts::add_rule))
        .route("/models/{name}/alert-rules/{rule}/remove", post(forms::alerts::remove_rule))
        .route("/models/{name}/alert-rules/{rule}/silence", post(forms::alerts::silence))
        .route("/models/{name}/alert-rules/{rule}/end-silence", post(forms::alerts::end_silence))
        .route("/models/{name}/watches", post(forms::watches::add))
        .route("/models/{name}/watches/{watch}/remove", post(forms::watches::remove))
        .route("/models/{name}/watches/{watch}/look", post(forms::watches::look))
        .route("/channels", post(forms::alerts::add_channel))
        .route("/channels/{id}/remove", post(forms::alerts::remove_channel))
        .route("/channels/{id}/test", post(forms::alerts::test_channel))
        .route("/channels/{id}/deliveries/{delivery}", post(forms::alerts::send_again))
}

/// Forms about people.
fn people() -> Router<App> {
    Router::new()
        .route("/sign-in", post(forms::signing_in::sign_in))
        .route("/sign-in/with", get(elsewhere::begin))
        .route("/sign-in/back", get(elsewhere::back))
        .route("/sign-out", post(forms::signing_in::sign_out))
        .route("/sign-out/back", get(elsewhere::left))
        .route("/set-up", post(forms::signing_in::set_up))
        .route("/join/{secret}", post(forms::signing_in::join))
        .route("/account/password", post(forms::account::change_password))
        .route("/account/sessions/{id}/end", post(forms::account::end_session))
        .route("/account/tokens", post(forms::account::make_token))
        .route("/account/tokens/{id}/revoke", post(forms::account::revoke_token))
        .route("/people/invitations", post(forms::administering::invite))
        .route("/people/invitations/{id}/revoke", post(forms::administering::revoke_invitation))
        .route("/people/{id}/role", post(forms::administering::give_role))
        .route("/people/{id}/disable", post(forms::administering::disable))
        .route("/people/{id}/erase", post(forms::administering::erase))
        .route("/people/{id}/enable", post(forms::administering::enable))
        .route("/people/model", post(forms::models::open))
        .route("/people/model/member", post(forms::models::give_role))
        // Whoever has no account sends these too, and keeps a connection while they last.
        .layer(RequestBodyTimeoutLayer::new(SHORT_BODY))
}

fn downloads() -> Router<App> {
    Router::new()
        .route("/palette", get(palette::everywhere))
        .route("/s/{secret}/palette", get(palette::in_shared))
        .route("/investigations/new/files", get(start::files))
        .route("/investigations/{id}/added/{part}", get(start::added))
        .route("/investigations/{id}/figures/{file}", get(figures::of_investigation))
        .route("/s/{secret}/figures/{file}", get(figures::of_shared))
        .route("/investigations/{id}/evidence/{evidence}/{file}", get(evidence::of_investigation))
        .route("/s/{secret}/evidence/{evidence}/{file}", get(evidence::of_shared))
        .route("/investigations/{id}/now", get(now::now))
        .route("/investigations/{id}/question", get(question::of_investigation))
        .route("/s/{secret}/question", get(question::of_shared))
        .route("/investigations/{id}/rows.csv", get(rows::export))
        .route("/investigations/{id}/flips.csv", get(exploring::export))
        .route("/investigations/{id}/export", get(moving::export))
        .route("/investigations/{id}/reports/{file}", get(reports::of_investigation))
        .route("/s/{secret}/reports/{file}", get(reports::of_shared))
}

fn operations() -> Router<App> {
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
}

/// Forms with files: bodies of any size, as those of the API.
fn files() -> Router<App> {
    Router::new()
        .route("/investigations", post(forms::new_investigation::create))
        .route("/investigations/import", post(moving::import_form))
        .route("/investigations/{id}/files", post(forms::inputs::add_files))
        .route("/models/{name}/arrivals", post(forms::model::receive))
        .layer(DefaultBodyLimit::disable())
}

/// The bounds of an ordinary request: how much it carries, and how long until its response begins.
fn ordinary(routes: Router<App>) -> Router<App> {
    routes
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, ANSWER_TIMEOUT))
}

/// The panic itself was logged by the panic hook.
fn panicked(_cause: Box<dyn Any + Send>) -> Response {
    refuse(ProblemKind::Internal, "Mismatch had an internal error. The log has the details. You can try again.")
}
