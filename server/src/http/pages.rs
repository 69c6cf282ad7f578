//! The pages: rendered by the app, with the service and this response's nonce at hand; everything else is an asset or
//! the page that says that nothing is here.

use app::islands::theme_toggle::Theme;
use app::status::PageStatus;
use app::visitor::{NewLink, Origin, Signature, Tour};
use app::{App as Pages, shell};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use leptos::context::{provide_context, use_context};
use leptos_axum::{LeptosRoutes, ResponseOptions, generate_route_list, render_app_async_with_context};

use super::App;
use super::author::{cookie, remembered};
use super::guard::PageNonce;
use super::reports::origin;

pub(super) fn routes(app: &App) -> Router<App> {
    let routes = generate_route_list(Pages);
    let options = app.leptos.clone();
    Router::new()
        .leptos_routes_with_context(app, routes, context(app), move || shell(options.clone()))
        .fallback(asset_or_nothing)
}

/// What pages and server functions find in their context.
fn context(app: &App) -> impl Fn() + Clone + Send + Sync + 'static {
    let service = app.service.clone();
    move || {
        provide_context(service.clone());
        if let Some(options) = use_context::<ResponseOptions>() {
            provide_context(PageStatus::new(move |code| set_status(&options, code)));
        }
        if let Some(parts) = use_context::<Parts>() {
            provide_context(theme_of(&parts));
            provide_context(Signature(remembered(&parts.headers)));
            provide_context(Origin(origin(&parts.headers)));
            provide_context(Tour::from_cookie(cookie(&parts.headers, Tour::COOKIE)));
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

fn theme_of(parts: &Parts) -> Theme {
    let cookies = parts.headers.get(header::COOKIE).and_then(|value| value.to_str().ok());
    Theme::from_cookies(cookies.unwrap_or_default())
}

async fn asset_or_nothing(State(app): State<App>, request: Request<Body>) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD)
        && let Some(asset) = app.assets.find(request.uri().path(), request.headers()).await
    {
        return asset;
    }
    let options = app.leptos.clone();
    let render = render_app_async_with_context(context(&app), move || shell(options.clone()));
    render(request).await.into_response()
}
