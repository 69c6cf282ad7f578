//! The routes of the API. Each comes from its handler, and so does its description: see `openapi.rs`.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::Response;
use domain::ProblemKind;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::problem::refuse;
use super::{
    App, BODY_BYTES, alerts, arrangements, arrivals, channels, decisions, describe, editing, evidence, exploring,
    figures, guards, health, incidents, investigations, jobs, listing, models, moving, mutes, observations, ordinary,
    repairs, reports, rows, shared, snapshots, watches,
};

pub use super::rules::BASE;

/// All of it, below [`BASE`].
pub fn routes() -> Router<App> {
    ordinary(answered().into())
        .merge(uploads())
        .merge(links().layer(DefaultBodyLimit::max(BODY_BYTES)))
        .merge(streams())
        .fallback(no_such_route)
        .method_not_allowed_fallback(no_such_method)
}

/// What is answered within the time limit of an ordinary response.
pub fn answered() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(health::health))
        .routes(routes!(describe::describe))
        .routes(routes!(snapshots::list))
        .routes(routes!(snapshots::find, snapshots::delete))
        .routes(routes!(snapshots::preview))
        .routes(routes!(snapshots::reread))
        .routes(routes!(arrangements::arrange))
        .routes(routes!(listing::list, investigations::create))
        .routes(routes!(investigations::find, editing::edit, editing::delete))
        .routes(routes!(editing::archive))
        .routes(routes!(editing::unarchive))
        .routes(routes!(investigations::replace_inputs))
        .routes(routes!(investigations::diagnosis, investigations::diagnose))
        .routes(routes!(figures::of_investigation))
        .routes(routes!(reports::of_investigation))
        .routes(routes!(guards::export))
        .routes(routes!(investigations::latest_job))
        .routes(routes!(investigations::select))
        .routes(routes!(rows::list))
        .routes(routes!(rows::export))
        .routes(routes!(exploring::pair))
        .routes(routes!(exploring::flips))
        .routes(routes!(exploring::export))
        .routes(routes!(repairs::show))
        .routes(routes!(repairs::export))
        .routes(routes!(investigations::add_note))
        .routes(routes!(investigations::set_status))
        .routes(routes!(mutes::mute, mutes::unmute))
        .routes(routes!(decisions::decide))
        .routes(routes!(incidents::add_hypothesis))
        .routes(routes!(evidence::pin))
        .routes(routes!(evidence::remark, evidence::unpin))
        .routes(routes!(evidence::place))
        .routes(routes!(evidence::of_investigation))
        .routes(routes!(incidents::set_incident))
        .routes(routes!(incidents::add_follow_up))
        .routes(routes!(incidents::set_follow_up))
        .routes(routes!(incidents::enter))
        .routes(routes!(editing::close))
        .routes(routes!(editing::reopen))
        .routes(routes!(investigations::share_links, investigations::share))
        .routes(routes!(investigations::revoke_share))
        .routes(routes!(shared::investigation))
        .routes(routes!(shared::diagnosis))
        .routes(routes!(shared::select))
        .routes(routes!(figures::of_shared))
        .routes(routes!(evidence::of_shared))
        .routes(routes!(reports::of_shared))
        .routes(routes!(models::list))
        .routes(routes!(models::find, models::edit))
        .routes(routes!(models::set_reference))
        .routes(routes!(models::trend))
        .routes(routes!(models::weekly))
        .routes(routes!(models::digest))
        .routes(routes!(arrivals::list))
        .routes(routes!(arrivals::delete))
        .routes(routes!(arrivals::investigate))
        .routes(routes!(models::judge))
        .routes(routes!(watches::list, watches::add))
        .routes(routes!(watches::remove))
        .routes(routes!(watches::look))
        .routes(routes!(alerts::open))
        .routes(routes!(alerts::list))
        .routes(routes!(alerts::rules, alerts::add))
        .routes(routes!(alerts::preview))
        .routes(routes!(alerts::remove))
        .routes(routes!(alerts::silence, alerts::end_silence))
        .routes(routes!(channels::list, channels::add))
        .routes(routes!(channels::remove))
        .routes(routes!(channels::test))
        .routes(routes!(channels::deliveries))
        .routes(routes!(channels::again))
        .routes(routes!(jobs::find))
        .routes(routes!(jobs::cancel))
}

/// Bodies of any size, for as long as they keep coming: the service has the limit, the stream a stall limit.
pub fn uploads() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(snapshots::upload))
        .routes(routes!(moving::import))
        .routes(routes!(observations::send))
        .routes(routes!(arrivals::send))
        .layer(DefaultBodyLimit::disable())
}

/// A link has a small body, and a time limit of its own in the service.
pub fn links() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(snapshots::link))
}

/// Responses that last as long as a job, or as long as it takes to send files.
pub fn streams() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(jobs::events)).routes(routes!(moving::export))
}

async fn no_such_route() -> Response {
    refuse(ProblemKind::NotFound, "The API has no such address. /api/v1/openapi.json lists all addresses.")
}

async fn no_such_method() -> Response {
    refuse(
        ProblemKind::MethodNotAllowed,
        "This address does not support this method. /api/v1/openapi.json lists the methods.",
    )
}
