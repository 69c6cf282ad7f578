//! Who sends a request, and whether they may.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::account::Role;
use domain::audit::WhyRefused;
use domain::markup::percent_encoded;
use domain::visitor::Visitor;
use domain::{Problem, ProblemKind};
use service::{Client, Service, Subject};

use super::author::{cookie, remembered};
use super::cookies::{self, SameSite};
use super::noting;
use super::problem::{ApiProblem, FormProblem, wants_page};
use super::rules::{self, Needs};
use super::share_door::{self, Knock};
use super::{App, Door};

/// The cookie with the secret of a session.
pub const SESSION: &str = "session";

/// Longest life of the cookie, in seconds: a session has ended by then in any case.
const KEPT_SECONDS: u32 = 30 * 86_400;

/// Whoever sends a request.
#[derive(Debug, Clone)]
pub struct Who(pub Visitor);

impl<S: Send + Sync> FromRequestParts<S> for Who {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(who(parts.extensions.get()))
    }
}

/// Nobody, where nobody looked.
fn who(visitor: Option<&Visitor>) -> Who {
    Who(visitor.cloned().unwrap_or(Visitor::Nobody))
}

/// The network address of the other side of a connection.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);

/// Where a request comes from.
pub struct Caller(pub Client);

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Caller(parts.extensions.get::<Client>().cloned().unwrap_or_default()))
    }
}

/// Whoever sends a form about people, with all that it takes to answer.
pub struct Sender {
    pub service: Service,
    pub door: Door,
    pub visitor: Visitor,
    pub client: Client,
    pub headers: HeaderMap,
}

impl FromRequestParts<App> for Sender {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let Who(visitor) = who(parts.extensions.get());
        let Caller(client) = Caller::from_request_parts(parts, app).await?;
        Ok(Sender { service: app.service.clone(), door: app.door, visitor, client, headers: parts.headers.clone() })
    }
}

impl Sender {
    /// What was done, or the problem as this client wants it.
    ///
    /// # Errors
    /// The problem.
    pub fn told<T>(&self, done: Result<T, Problem>) -> Result<T, FormProblem> {
        done.map_err(FormProblem::for_client(&self.headers))
    }
}

/// A proxy that says in a header who sends a request, and is believed where it connects from one of these addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxiedUser {
    pub header: HeaderName,
    pub from: Vec<IpAddr>,
}

impl ProxiedUser {
    /// Who it is; `None` where nobody is named, or the request does not come from the proxy. Several values are a mistake, or
    /// somebody's attempt: they name nobody.
    fn user(&self, request: &Request) -> Option<String> {
        let peer = request.extensions().get::<Peer>()?.0.to_canonical();
        if !self.from.contains(&peer) {
            return None;
        }
        let mut values = request.headers().get_all(&self.header).iter();
        let user = values.next().filter(|_| values.next().is_none())?.to_str().ok()?.trim();
        (!user.is_empty()).then(|| user.to_owned())
    }
}

/// Longest name of a method that is kept: those that there are have fewer characters.
const LONGEST_METHOD: usize = 10;

/// What a request says of its client. Who asks through a proxy is in what the proxy added last.
fn client(request: &Request, door: Door) -> Client {
    let forwarded = || {
        let last =
            request.headers().get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?.rsplit(',').next()?;
        last.trim().parse::<IpAddr>().ok()
    };
    let peer = || request.extensions().get::<Peer>().map(|peer| peer.0);
    let address = match door {
        Door::Proxied => forwarded().or_else(peer),
        Door::Plain | Door::Encrypted => peer(),
    };
    let agent = request.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    Client {
        address: address.map(|address| address.to_string()).unwrap_or_default(),
        agent: agent.to_owned(),
        route: route(request),
    }
}

/// What a request asks for, without what stands in its address.
fn route(request: &Request) -> String {
    let method: String = request.method().as_str().chars().take(LONGEST_METHOD).collect();
    let pattern = request.extensions().get::<MatchedPath>().map_or("an address without a page", MatchedPath::as_str);
    format!("{method} {pattern}")
}

/// Lets those through who may, and notes who they are.
pub async fn admit(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let client = client(&request, app.door);
    let told = app.proxied.as_ref().and_then(|proxied| proxied.user(&request));
    let visitor = match identified(&app.service, request.headers(), told, &client).await {
        Ok(visitor) => visitor,
        Err(problem) => return refused(&request, problem),
    };
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let needs = match route {
        Some(route) => rules::needs(request.method(), route),
        // Assets, and the page that says that nothing is here: who shows more than an asset looks at the visitor.
        None => Some(Needs::Nothing),
    };
    if needs.is_none() && route.is_some_and(rules::has_another_method) {
        let message = "This address does not support this method. /api/v1/openapi.json lists the methods.";
        return refused(&request, Problem::new(ProblemKind::MethodNotAllowed, message));
    }
    if request.uri().path_and_query().is_some_and(|address| address.as_str().contains("%00")) {
        return refused(&request, Problem::bad_input("The address holds a character that no text has. Copy it again."));
    }
    let path = request.uri().path();
    if route.is_some_and(|route| rules::is_misspelled(route, path)) {
        return refused(
            &request,
            Problem::not_found("There is nothing at this address. Follow a link, or copy it again."),
        );
    }
    let subject = route.and_then(|route| rules::about(route, path));
    let visitor = match entitled(&app, subject, needs, visitor, &client).await {
        Ok(visitor) => visitor,
        Err(problem) => return refused(&request, problem),
    };
    // The door of a link notes by itself who has no password for it.
    let is_noted = route == Some(share_door::UNLOCK);
    let link = route.and_then(|route| share_door::secret(route, path)).map(str::to_owned);
    let knock = Knock { path: request.uri().path(), method: request.method(), headers: request.headers() };
    if let Some(route) = route {
        match share_door::passed(&app, route, knock, &client).await {
            Ok(Some(previewed)) => {
                request.extensions_mut().insert(previewed);
            }
            Ok(None) => {}
            Err(refusal) => return *refusal,
        }
    }
    request.extensions_mut().insert(client.clone());
    request.extensions_mut().insert(visitor.clone());
    let response = next.run(request).await;
    if response.status() == StatusCode::FORBIDDEN && !is_noted {
        noting::answer(&app.service, &visitor, link.as_deref(), &response, &client);
    }
    response
}

/// The visitor as they are to what a request is about.
///
/// # Errors
/// Why they may not send it; that is noted for the audit log.
async fn entitled(
    app: &App,
    subject: Option<Subject<'_>>,
    needs: Option<Needs>,
    visitor: Visitor,
    client: &Client,
) -> Result<Visitor, Problem> {
    let check =
        |visitor: &Visitor| allowed(needs, visitor).inspect_err(|_| noting::rule(&app.service, needs, visitor, client));
    let visitor = match subject {
        Some(subject) => match app.service.before(subject, visitor.clone()).await {
            Ok(visitor) => visitor,
            Err(hidden) => {
                // Who may not do this anywhere is told so, whatever is there.
                check(&visitor)?;
                if hidden.kind == ProblemKind::NotFound {
                    app.service.note_hidden(&visitor, subject, client);
                }
                return Err(hidden);
            }
        },
        None => visitor,
    };
    check(&visitor).map(|()| visitor)
}

/// Notes whose session, or whose name from a proxy, a page of another site used for a request.
pub fn note_other_site(app: &App, request: &Request) {
    let client = client(request, app.door);
    if let Some(user) = app.proxied.as_ref().and_then(|proxied| proxied.user(request)) {
        app.service.note_refused_by_proxy(&user, WhyRefused::OtherSite, &client);
    } else if let Some(session) = cookie(request.headers(), SESSION) {
        app.service.note_other_site(session, &client);
    }
}

/// # Errors
/// `Unauthorized` for a token that is not valid; when the database fails.
async fn identified(
    service: &Service,
    headers: &HeaderMap,
    told: Option<String>,
    client: &Client,
) -> Result<Visitor, Problem> {
    if !service.has_accounts() {
        return Ok(Visitor::Anybody(remembered(headers)));
    }
    if let Some(token) = bearer(headers) {
        return match service.by_token(token).await? {
            Visitor::Nobody => {
                service.note_refused_token(token, client);
                Err(Problem::new(
                    ProblemKind::Unauthorized,
                    "The token is not valid: it may have expired or been revoked. Make a new one on your account's page.",
                ))
            }
            visitor => Ok(visitor),
        };
    }
    if let Some(user) = told {
        return service.by_proxy(&user, client).await;
    }
    match cookie(headers, SESSION) {
        Some(secret) => service.by_session(secret).await,
        None => Ok(Visitor::Nobody),
    }
}

/// The token that a request carries. Other schemes are a proxy's business.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let sent = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = sent.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

fn allowed(needs: Option<Needs>, visitor: &Visitor) -> Result<(), Problem> {
    match needs {
        Some(Needs::Nothing) => Ok(()),
        Some(Needs::Role(role)) if visitor.may(role) => Ok(()),
        Some(Needs::Somewhere(role)) if visitor.may_somewhere(role) => Ok(()),
        Some(Needs::Role(role) | Needs::Somewhere(role)) => Err(match visitor {
            Visitor::SignedIn(signed_in) => Problem::new(
                ProblemKind::Forbidden,
                format!("This needs the role {role}; you have {}. Ask an admin.", signed_in.role),
            ),
            Visitor::Anybody(_) | Visitor::Nobody => Problem::new(ProblemKind::Unauthorized, "Sign in first."),
        }),
        Some(Needs::Person) => visitor.person().map(|_| ()),
        None => Err(Problem::new(ProblemKind::Forbidden, "Nobody may use this address: it has no rule.")),
    }
}

/// Of an investigation that a query or a body names, where no rule of the route looks.
///
/// # Errors
/// `NotFound` for who does not see it, `Forbidden` for who only looks at it.
pub async fn edits_investigation(service: &Service, visitor: &Visitor, id: &str) -> Result<(), Problem> {
    match service.before(Subject::Investigation(id), visitor.clone()).await?.may(Role::Editor) {
        true => Ok(()),
        false => {
            Err(Problem::new(ProblemKind::Forbidden, "You may not give files to this investigation. Ask an admin."))
        }
    }
}

/// Somebody who isn't signed in is led to where they can; a program is told.
pub fn refused(request: &Request, problem: Problem) -> Response {
    let is_page = wants_page(request.headers()) && !request.uri().path().starts_with(rules::BASE);
    if !is_page {
        let mut response = ApiProblem(problem.clone()).into_response();
        if problem.kind == ProblemKind::Unauthorized {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        return response;
    }
    if problem.kind == ProblemKind::Unauthorized {
        let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
        let here = request.uri().path_and_query().map_or("/", |here| here.as_str());
        return match is_read && here != "/" {
            true => Redirect::to(&format!("/sign-in?next={}", percent_encoded(here))),
            false => Redirect::to("/sign-in"),
        }
        .into_response();
    }
    FormProblem::for_client(request.headers())(problem).into_response()
}

/// Whether the visitor of a page that no route names may see more than an asset.
pub fn may_look(visitor: Option<&Visitor>) -> bool {
    who(visitor).0.may(Role::Viewer)
}

/// The cookie that keeps somebody signed in; without a secret it is removed.
pub fn session_cookie(secret: Option<&str>, door: Door) -> Option<HeaderValue> {
    let (value, seconds) = secret.map_or(("", 0), |secret| (secret, KEPT_SECONDS));
    cookies::cookie(SESSION, value, "/", seconds, SameSite::Lax, door)
}

/// Where somebody goes after signing in: a page of this server, or the first one.
pub fn next_page(asked: &str) -> &str {
    let is_plain = asked.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let is_here = asked.starts_with('/') && !asked.starts_with("//");
    if is_plain && is_here && asked.len() <= 2_000 { asked } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_signing_in_nobody_is_led_to_another_site() {
        for here in ["/", "/investigations/7?a=b#c", "/people"] {
            assert_eq!(next_page(here), here);
        }
        for elsewhere in
            ["", "//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nb", "javascript:1", "/a b"]
        {
            assert_eq!(next_page(elsewhere), "/", "{elsewhere:?}");
        }
    }

    #[test]
    fn a_route_without_a_rule_is_refused_to_everybody() {
        let anybody = Visitor::Anybody(domain::Actor::Anonymous);
        assert!(allowed(None, &anybody).is_err());
        assert!(allowed(Some(Needs::Role(Role::Admin)), &anybody).is_ok());
        assert!(allowed(Some(Needs::Role(Role::Viewer)), &Visitor::Nobody).is_err());
        assert!(allowed(Some(Needs::Nothing), &Visitor::Nobody).is_ok());
    }
}
