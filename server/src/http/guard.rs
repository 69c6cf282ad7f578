//! Guard rails around every route: a page of another site must not be able to reach this server through a visitor's browser,
//! under its own name or under one of this machine.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::ProblemKind;
use leptos::nonce::Nonce;

use super::problem::refuse;
use super::visitors::note_other_site;
use super::{App, Door};

/// The nonce of one response, for the framework's own inline script. Made here, so that the header is written in the
/// same place for pages, refusals and assets alike.
#[derive(Debug, Clone)]
pub struct PageNonce(pub Nonce);

/// The names under which this server is reached.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Such as `mismatch.example.org`, in lower case; this machine's own names always are.
    pub others: Arc<[String]>,
    /// Whether any network address does: it can't be made to lead to another machine, as a name can.
    pub addresses: Addresses,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Addresses {
    /// 127.0.0.1 and its like.
    #[default]
    Loopback,
    Any,
}

impl Names {
    fn has(&self, name: &str) -> bool {
        let literal = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
        if let Ok(address) = literal.parse::<IpAddr>() {
            return address.is_loopback() || self.addresses == Addresses::Any;
        }
        name.eq_ignore_ascii_case("localhost") || self.others.iter().any(|other| name.eq_ignore_ascii_case(other))
    }

    fn words(&self) -> String {
        let mut names: Vec<&str> = self.others.iter().map(String::as_str).collect();
        names.extend(["localhost", "127.0.0.1", "[::1]"]);
        names.join(", ")
    }
}

/// Refuses requests that came under a foreign name (DNS rebinding) or from a foreign site (CSRF), and addresses that
/// climb out of their folder.
pub async fn refuse_strangers(State(app): State<App>, request: Request, next: Next) -> Response {
    let names = &app.names;
    if has_dot_segment(request.uri().path()) {
        return refuse(
            ProblemKind::BadInput,
            "The address has a \".\" or \"..\" segment. Ask for the page by its full address.",
        );
    }
    if !is_utf8(request.uri().path()) {
        return refuse(ProblemKind::BadInput, "The address is not valid UTF-8. Copy it again from where you found it.");
    }
    if !is_here(names, request.headers(), request.uri().host()) {
        return refuse(
            ProblemKind::Misdirected,
            &format!("Mismatch can only be opened as {}. Another name has to be given with --host.", names.words()),
        );
    }
    if !request.method().is_safe() && !is_same_origin(request.headers()) {
        note_other_site(&app, &request);
        return refuse(
            ProblemKind::Forbidden,
            "The request came from another site, so nothing was changed. Use the pages of Mismatch.",
        );
    }
    next.run(request).await
}

/// The API's router and the pages' router read such a path differently, and a proxy that lets only `/s/` through reads
/// it in a third way. Browsers resolve these segments before they send the request.
fn has_dot_segment(path: &str) -> bool {
    let path = path.to_ascii_lowercase().replace("%2e", ".").replace("%2f", "/").replace("%5c", "/").replace('\\', "/");
    path.split('/').any(|segment| matches!(segment, "." | ".."))
}

/// Whether the bytes that `%xx` stands for are text. The router refuses others as well, but not with a problem document.
fn is_utf8(path: &str) -> bool {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| *first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = hex.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    std::str::from_utf8(&bytes).is_ok()
}

/// Every name that the request gives for this server has to be one of its own.
fn is_here(known: &Names, headers: &HeaderMap, in_address: Option<&str>) -> bool {
    let mut names =
        headers.get_all(header::HOST).iter().map(|host| host.to_str().ok()).chain(in_address.map(Some)).peekable();
    names.peek().is_some() && names.all(|name| name.is_some_and(|name| known.has(without_port(name))))
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !name.ends_with(':') => name,
        _ => host,
    }
}

/// Browsers say where a request comes from: in `Sec-Fetch-Site`, in `Origin`, or in both, and then both have to say that
/// it comes from here. What says neither is no browser, and no stranger's page can make it send anything.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let sites = headers.get_all("sec-fetch-site");
    let site_is_ours = sites.iter().all(|site| site == "same-origin" || site == "none");
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let (plain, encrypted) = (format!("http://{host}"), format!("https://{host}"));
    // Our pages ask for no referrer, so their forms send `null`: that is ours only where the browser says so as well.
    let may_be_null = sites.iter().next().is_some();
    site_is_ours
        && headers
            .get_all(header::ORIGIN)
            .iter()
            .all(|origin| origin == plain.as_str() || origin == encrypted.as_str() || (may_be_null && origin == "null"))
}

/// Makes the response's nonce and writes the headers that keep a page to itself.
pub async fn protect(State(door): State<Door>, mut request: Request, next: Next) -> Response {
    let nonce = Nonce::new();
    request.extensions_mut().insert(PageNonce(nonce.clone()));
    let is_head_or_get = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut response = next.run(request).await;
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'"
    );
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    for (name, value) in FIXED {
        // What other pages may show says so itself.
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if door == Door::Encrypted {
        // Where a proxy ends TLS, this is its own to say.
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    // What is shown changes under the same address; and a shared page must not stay in a shared cache.
    if !headers.contains_key(header::CACHE_CONTROL) && is_head_or_get {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    }
    response
}

const FIXED: [(HeaderName, &str); 7] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
    (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
];

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    fn is_local_host(headers: &HeaderMap, in_address: Option<&str>) -> bool {
        is_here(&Names::default(), headers, in_address)
    }

    #[test]
    fn a_name_that_was_given_and_the_addresses_of_a_network_are_answered_where_somebody_said_so() {
        let names = Names { others: Arc::from(["mismatch.example.org".to_owned()]), addresses: Addresses::Any };
        for host in ["mismatch.example.org", "Mismatch.Example.org:8443", "10.0.0.7:3000", "[fe80::1]", "localhost"] {
            assert!(is_here(&names, &headers(&[("host", host)]), None), "{host}");
        }
        for host in ["evil.example", "mismatch.example.org.evil.example", "example.org"] {
            assert!(!is_here(&names, &headers(&[("host", host)]), None), "{host}");
        }
    }

    #[test]
    fn only_loopback_names_are_answered() {
        for host in ["localhost", "localhost:3000", "LOCALHOST:1", "127.0.0.1:80", "127.1.2.3", "[::1]", "[::1]:3000"] {
            assert!(is_local_host(&headers(&[("host", host)]), None), "{host}");
        }
        for host in
            ["evil.example", "127.0.0.1.evil.example", "localhost.evil:3000", "10.0.0.1", "[::2]:1", "", "0.0.0.0"]
        {
            assert!(!is_local_host(&headers(&[("host", host)]), None), "{host}");
        }
        assert!(!is_local_host(&HeaderMap::new(), None));
        assert!(!is_local_host(&headers(&[("host", "localhost")]), Some("evil.example")));
        let mut twice = headers(&[("host", "localhost")]);
        twice.append(header::HOST, HeaderValue::from_static("evil.example"));
        assert!(!is_local_host(&twice, None));
    }

    #[test]
    fn dot_segments_are_found_however_they_are_written() {
        for path in ["/s/x/../../y", "/.", "/s/%2e%2e", "/%2E./a", "/a/.%2e", "/a/%2E", "/a\\..\\b", "/a/..%2fb"] {
            assert!(has_dot_segment(path), "{path}");
        }
        for path in ["/", "/.env", "/a..b", "/...", "/s/%2ehidden", "/pkg/mismatch.css"] {
            assert!(!has_dot_segment(path), "{path}");
        }
    }

    #[test]
    fn only_our_own_pages_and_programs_may_change_something() {
        let ours = [
            headers(&[("host", "localhost:3000")]),
            headers(&[("host", "localhost:3000"), ("sec-fetch-site", "same-origin"), ("origin", "null")]),
            headers(&[("host", "localhost:3000"), ("sec-fetch-site", "none")]),
            headers(&[
                ("host", "localhost:3000"),
                ("sec-fetch-site", "same-origin"),
                ("origin", "http://localhost:3000"),
            ]),
            headers(&[("host", "localhost:3000"), ("origin", "http://localhost:3000")]),
        ];
        assert!(ours.iter().all(is_same_origin));
        let foreign = [
            headers(&[("host", "localhost:3000"), ("sec-fetch-site", "cross-site")]),
            headers(&[("host", "localhost:3000"), ("sec-fetch-site", "same-site")]),
            headers(&[("host", "localhost:3000"), ("origin", "http://evil.example")]),
            headers(&[("host", "localhost:3000"), ("origin", "http://localhost:4000")]),
            headers(&[("host", "localhost:3000"), ("origin", "null")]),
            headers(&[
                ("host", "localhost:3000"),
                ("sec-fetch-site", "same-origin"),
                ("origin", "http://evil.example"),
            ]),
            headers(&[("host", "localhost:3000"), ("sec-fetch-site", "none"), ("origin", "http://localhost:4000")]),
            headers(&[
                ("host", "localhost:3000"),
                ("sec-fetch-site", "cross-site"),
                ("origin", "http://localhost:3000"),
            ]),
        ];
        assert!(!foreign.iter().any(is_same_origin));
    }
}
