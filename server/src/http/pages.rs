//! The pages: rendered by the app, with the service and this response's nonce at hand; everything else is an asset or
//! the page that says that nothing is here.

use app::address::Place;
use app::islands::keyboard::ShortcutKeys;
use app::islands::theme_toggle::Theme;
use app::status::PageStatus;
use app::visitor::{ChatPreview, CommandKey, NewLink, NewSecret, Origin, Reader, Signature, Tour};
use app::{App as Pages, shell};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::visitor::Visitor;
use domain::{Problem, ProblemKind};
use leptos::context::{provide_context, use_context};
use leptos::prelude::{AnyView, IntoAny};
use leptos_axum::{LeptosRoutes, ResponseOptions, generate_route_list, render_app_async_with_context};

use super::App;
use super::author::cookie;
use super::guard::PageNonce;
use super::reports::origin;
use super::share_door::Previewed;
use super::visitors::{may_look, refused};

pub(super) fn routes(app: &App) -> Router<App> {
    let routes = generate_route_list(Pages);
    Router::new().leptos_routes_with_context(app, routes, context(app), document(app)).fallback(asset_or_nothing)
}

/// The document around every page, with the names that its assets have now.
fn document(app: &App) -> impl Fn() -> AnyView + Clone + Send + Sync + 'static {
    let app = app.clone();
    move || shell(app.leptos.clone(), app.assets.names()).into_any()
}

/// What pages and server functions find in their context.
fn context(app: &App) -> impl Fn() + Clone + Send + Sync + 'static {
    let (service, door) = (app.service.clone(), app.door);
    move || {
        provide_context(service.clone());
        if let Some(options) = use_context::<ResponseOptions>() {
            provide_context(PageStatus::new(move |code| set_status(&options, code)));
        }
        if let Some(parts) = use_context::<Parts>() {
            provide_context(Theme::from_cookies(text_of(&parts, header::COOKIE)));
            provide_context(ShortcutKeys::from_cookies(text_of(&parts, header::COOKIE)));
            provide_context(CommandKey::of_agent(text_of(&parts, header::USER_AGENT)));
            let visitor = parts.extensions.get::<Visitor>().cloned().unwrap_or(Visitor::Nobody);
            provide_context(Signature::of(&visitor));
            provide_context(Reader(visitor));
            if let Some(secret) = cookie(&parts.headers, NewSecret::COOKIE) {
                provide_context(NewSecret(secret.to_owned()));
            }
            let origin = Origin(origin(&parts.headers, door));
            if let Some((Previewed(title), place)) =
                parts.extensions.get::<Previewed>().cloned().zip(Place::from_path(parts.uri.path()))
            {
                let picture = origin.of(&place.figure("layers.png", &[]));
                provide_context(ChatPreview { title, picture });
            }
            provide_context(origin);
            provide_context(Tour::of(cookie(&parts.headers, Tour::COOKIE), parts.uri.query().unwrap_or_default()));
            if let Some(secret) = cookie(&parts.headers, NewLink::COOKIE) {
                provide_context(NewLink(secret.to_owned()));
            }
        }
        // The framework has made a nonce of its own: ours, which the header names, takes its place.
        if let Some(PageNonce(nonce)) = use_context::<Parts>().and_then(|parts| parts.extensions.get().cloned()) {
            provide_context(nonce);
        }
    }
}

fn set_status(options: &ResponseOptions, code: u16) {
    // Pages give statuses of their own making, which are all valid; one that is not would leave the page as it is.
    if let Ok(status) = StatusCode::from_u16(code) {
        options.set_status(status);
    }
}

/// A header's text; empty where there is none that can be read.
fn text_of(parts: &Parts, name: HeaderName) -> &str {
    parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

async fn asset_or_nothing(State(app): State<App>, mut request: Request<Body>) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD)
        && let Some(asset) = app.assets.find(request.uri().path(), request.headers()).await
    {
        return asset;
    }
    if !may_look(request.extensions().get()) {
        return refused(&request, Problem::new(ProblemKind::Unauthorized, "Sign in first."));
    }
    if let Some(page) = without_end(request.uri()) {
        return Redirect::permanent(&page).into_response();
    }
    // The pages' router knows other spellings of an address than the routes do: it must not show what no rule was asked about.
    *request.uri_mut() = Uri::from_static(NOWHERE);
    let render = render_app_async_with_context(context(&app), document(&app));
    render(request).await.into_response()
}

/// The address of no page.
const NOWHERE: &str = "/nothing-is-here";

/// The same address without the slash at its end.
fn without_end(address: &Uri) -> Option<String> {
    let path = address.path().strip_suffix('/')?;
    if path.is_empty() || path.contains("//") || path.starts_with("/pkg") {
        return None;
    }
    Some(match address.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    })
}
