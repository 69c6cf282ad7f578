//! The document around every page, and the table of routes.

use domain::markup::escaped;
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos::tachys::html::InertElement;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};

use crate::components::Frame;
use crate::islands::theme_toggle::Theme;
use crate::pages::{
    AccountPage, AlertsPage, AuditLogPage, ChannelsPage, ComparePage, EvaluationPage, FlipsPage, HomePage, InputsPage,
    ItemReferencePage, JoinPage, LayerPage, MapPage, MinePage, ModelHealthPage, ModelPage, ModelsPage, NewPage,
    NotFoundPage, PairPage, PeoplePage, PinPage, ReferencePage, ReportPage, ReviewPage, RowsPage, SearchPage,
    SetUpPage, SignInPage, StoredPage, UndoPage, UnlockPage, WeeklyPage,
};
use crate::visitor::ChatPreview;

/// How the files of the browser's half are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetNames {
    /// Of the glue without its `.js`, and of the wasm without its `_bg.wasm`.
    pub bundle: String,
    /// The address of the style sheet.
    pub stylesheet: String,
    /// The address of the icon.
    pub icon: String,
}

/// The HTML document. `options` say in which folder the browser's half lies; the theme that the reader chose is in the
/// context, if there was a choice.
pub fn shell(mut options: LeptosOptions, names: AssetNames) -> impl IntoView {
    options.output_name = names.bundle.into();
    let theme = use_context::<Theme>().and_then(Theme::attribute);
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="referrer" content="same-origin"/>
                <link rel="stylesheet" href=names.stylesheet/>
                <link rel="icon" href=names.icon type="image/svg+xml"/>
                <AutoReload options=options.clone()/>
                {scripts(options)}
                {use_context::<ChatPreview>().map(told_to_chats)}
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// By Open Graph, which chats read. The framework's own way writes it only where a page is rendered before its head is sent, and
/// its elements know no `property`.
fn told_to_chats(preview: ChatPreview) -> impl IntoView {
    let (title, picture) = (escaped(&preview.title), escaped(&preview.picture));
    InertElement::new(format!(
        "<meta property=\"og:title\" content=\"{title}\">\
         <meta property=\"og:site_name\" content=\"Mismatch\">\
         <meta property=\"og:description\" content=\"What was found in the seven layers of a machine-learning system.\">\
         <meta property=\"og:image\" content=\"{picture}\">\
         <meta name=\"twitter:card\" content=\"summary_large_image\">"
    ))
}

/// What loads the browser's half. The framework writes the response's nonce into `crossorigin` too (leptos 0.8.23,
/// `HydrationScripts`): browsers hide a nonce from scripts and style sheets only where it is a `nonce`. Every value of
/// `crossorigin` that is no keyword means `anonymous`, so that is what is written instead.
fn scripts(options: LeptosOptions) -> impl IntoView {
    let html = view! { <HydrationScripts options islands=true/> }.to_html();
    let html = match use_nonce() {
        Some(nonce) => html.replace(&format!("crossorigin=\"{nonce}\""), "crossorigin=\"anonymous\""),
        None => html,
    };
    InertElement::new(html)
}

/// The document's title for a page. The framework writes it into the head without escaping, and the page's own title
/// has words of users in it.
fn title_of(page: String) -> String {
    if page.is_empty() {
        return "Mismatch".to_owned();
    }
    let page = page.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("{page} · Mismatch")
}

/// Every page. Each is rendered whole before it is sent, so that its status, its title and its content agree.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=title_of/>
        <Router>
            <Frame>
                <FlatRoutes fallback=|| view! { <NotFoundPage/> }>
                    <Route path=path!("/") view=HomePage ssr=SsrMode::Async/>
                    <Route path=path!("/investigations/new") view=NewPage ssr=SsrMode::Async/>
                    <Route path=path!("/investigations/:id") view=MapPage ssr=SsrMode::Async/>
                    <Route path=path!("/investigations/:id/inputs") view=InputsPage ssr=SsrMode::Async/>
                    <Route path=path!("/investigations/:id/layers/:layer") view=LayerPage ssr=SsrMode::Async/>
                    <Route path=path!("/investigations/:id/compare") view=ComparePage ssr=SsrMode::Async/>
                    <Route path=path!("/investigations/:id/rows") view=RowsPage ssr=SsrMode::Async/>
                    <Route path=path!("/investigations/:id/pair") view=PairPage ssr=SsrMode::Async/>
                    <Route path=path!("/investigations/:id/flips") view=FlipsPage ssr=SsrMode::Async/>
                    <Route path=path!("/investigations/:id/undo") view=UndoPage ssr=SsrMode::Async/>
                    <Route path=path!("/investigations/:id/evaluation") view=EvaluationPage ssr=SsrMode::Async/>
                    <Route path=path!("/investigations/:id/review") view=ReviewPage ssr=SsrMode::Async/>
                    <Route path=path!("/investigations/:id/pin") view=PinPage ssr=SsrMode::Async/>
                    <Route path=path!("/investigations/:id/report") view=ReportPage ssr=SsrMode::Async/>
                    <Route path=path!("/s/:secret") view=MapPage ssr=SsrMode::Async/>
                    <Route path=path!("/s/:secret/layers/:layer") view=LayerPage ssr=SsrMode::Async/>
                    <Route path=path!("/s/:secret/compare") view=ComparePage ssr=SsrMode::Async/>
                    <Route path=path!("/s/:secret/evaluation") view=EvaluationPage ssr=SsrMode::Async/>
                    <Route path=path!("/s/:secret/review") view=ReviewPage ssr=SsrMode::Async/>
                    <Route path=path!("/s/:secret/report") view=ReportPage ssr=SsrMode::Async/>
                    <Route path=path!("/s/:secret/unlock") view=UnlockPage ssr=SsrMode::Async/>
                    <Route path=path!("/s/:secret/search") view=SearchPage ssr=SsrMode::Async/>
                    <Route path=path!("/search") view=SearchPage ssr=SsrMode::Async/>
                    <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
                    <Route path=path!("/set-up") view=SetUpPage ssr=SsrMode::Async/>
                    <Route path=path!("/join/:secret") view=JoinPage ssr=SsrMode::Async/>
                    <Route path=path!("/yours") view=MinePage ssr=SsrMode::Async/>
                    <Route path=path!("/account") view=AccountPage ssr=SsrMode::Async/>
                    <Route path=path!("/people") view=PeoplePage ssr=SsrMode::Async/>
                    <Route path=path!("/people/model") view=ModelPage ssr=SsrMode::Async/>
                    <Route path=path!("/models") view=ModelsPage ssr=SsrMode::Async/>
                    <Route path=path!("/models/:name") view=ModelHealthPage ssr=SsrMode::Async/>
                    <Route path=path!("/models/:name/alerts") view=AlertsPage ssr=SsrMode::Async/>
                    <Route path=path!("/channels") view=ChannelsPage ssr=SsrMode::Async/>
                    <Route path=path!("/weekly") view=WeeklyPage ssr=SsrMode::Async/>
                    <Route path=path!("/files") view=StoredPage ssr=SsrMode::Async/>
                    <Route path=path!("/audit") view=AuditLogPage ssr=SsrMode::Async/>
                    <Route path=path!("/reference") view=ReferencePage ssr=SsrMode::Async/>
                    <Route path=path!("/reference/:code") view=ItemReferencePage ssr=SsrMode::Async/>
                </FlatRoutes>
            </Frame>
        </Router>
    }
}
