//! Requests that nobody meant: each is refused in a sentence or understood, and none is an error of the server. That a
//! refusal by the API is a problem document, and one that is described, is checked with every response (`contract.rs`).

use axum::body::Body;
use axum::http::{HeaderValue, Method, Request, header};
use serde_json::Value;
use stats::rng::Rng;

use crate::harness::Server;
use crate::investigations::diagnosed;
use crate::openapi::described;

/// What stands in for bytes of a request.
const PIECES: [&[u8]; 16] = [
    b"\"",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b"\\u0000",
    b"\\ud800",
    b"null",
    b"-1",
    b"1e999",
    b"18446744073709551616",
    b"\xff",
    b"%00",
    b"../",
];

/// Rounds over every address.
const ROUNDS: usize = 30;

/// The text with up to three of its places cut out, doubled or replaced.
fn changed(text: &str, rng: &mut Rng) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=rng.below(3) {
        let from = rng.below(bytes.len() + 1);
        let to = (from + rng.below(12)).min(bytes.len());
        let piece = match rng.below(4) {
            0 => Vec::new(),
            1 => bytes[from..to].repeat(2),
            _ => PIECES[rng.below(PIECES.len())].to_vec(),
        };
        bytes.splice(from..to, piece);
    }
    bytes
}

/// Letters, digits and what an address may hold; the rest as `%xx`.
fn in_address(bytes: &[u8]) -> String {
    let kept = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.=&%".contains(byte);
    bytes.iter().map(|byte| if kept(byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Sends it and checks that the server itself did not fail.
async fn is_answered(server: &Server, request: Request<Body>) {
    let what = format!("{request:?}");
    let answer = server.send(request).await;
    assert!(answer.status.as_u16() < 500, "{what}: {} {}", answer.status, answer.body);
    if answer.status.is_client_error() {
        assert!(!answer.body.is_empty(), "{what}: {} without a word", answer.status);
    }
}

/// What there is: an investigation, a snapshot of it and a share link.
struct Known {
    investigation: String,
    snapshot: String,
    secret: String,
}

impl Known {
    async fn of(server: &Server) -> Known {
        let investigation = diagnosed(server).await;
        let id = investigation["id"].as_str().unwrap().to_owned();
        let links = format!("/api/v1/investigations/{id}/share-links");
        let made = server.json(Method::POST, &links, serde_json::json!({})).await.json();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Known {
            investigation: id,
            snapshot: text(&investigation["inputs"][0]["snapshot"]["id"]),
            secret: text(&made["secret"]),
        }
    }

    /// The address of an operation on what there is.
    fn address(&self, path: &str) -> String {
        let id = if path.starts_with("/snapshots/") { &self.snapshot } else { &self.investigation };
        let path = path.replace("{id}", id).replace("{secret}", &self.secret);
        let path = path.replace("{item}", "D1").replace("{file}", "column.svg").replace("{finding}", "none");
        format!("/api/v1{path}")
    }
}

/// Operations that end what the others are asked about.
const LAST: [&str; 2] = ["closeInvestigation", "revokeShareLink"];

#[tokio::test]
async fn changed_bodies_are_refused_or_understood() {
    let server = Server::start().await;
    let known = Known::of(&server).await;
    let mut rng = Rng::new(1);
    for round in 0..ROUNDS {
        for one in described() {
            let json = &one.operation["requestBody"]["content"]["application/json"];
            let Some(example) = json.get("example") else { continue };
            if LAST.contains(&one.id) && round + 1 < ROUNDS {
                continue;
            }
            let body = changed(&example.to_string(), &mut rng);
            let request = Request::builder().method(one.method.clone()).uri(known.address(one.path));
            let request = request.header(header::CONTENT_TYPE, "application/json");
            is_answered(&server, request.body(body.into()).unwrap()).await;
        }
    }
    server.settled().await;
}

#[tokio::test]
async fn changed_addresses_are_refused_or_understood() {
    let server = Server::start().await;
    let Known { investigation: id, snapshot, secret } = Known::of(&server).await;
    let mut rng = Rng::new(2);
    for _ in 0..ROUNDS {
        for (before, middle, after) in [
            (format!("/investigations/{id}/compare?"), "column=amount&view=ecdf&sort=name&page=2", ""),
            (format!("/investigations/{id}/evaluation?"), "threshold=0.5&split=test&run=a&where=x", ""),
            (format!("/investigations/{id}/layers/"), "features", ""),
            (format!("/investigations/{id}/inputs?"), "add=train", ""),
            (format!("/investigations/{id}/figures/"), "column.svg?column=amount", ""),
            (format!("/api/v1/investigations/{id}/figures/"), "column.svg?column=amount", ""),
            (format!("/api/v1/snapshots/{snapshot}/preview?"), "rows=20", ""),
            ("/api/v1/investigations/".to_owned(), &id, "/diagnosis"),
            ("/api/v1/shared/".to_owned(), &secret, "/diagnosis"),
            ("/s/".to_owned(), &secret, ""),
            ("/reference/".to_owned(), "F2", ""),
            ("/".to_owned(), "pkg/mismatch.js", ""),
        ] {
            let address = format!("{before}{}{after}", in_address(&changed(middle, &mut rng)));
            if let Ok(request) = Request::get(address).body(Body::empty()) {
                is_answered(&server, request).await;
            }
        }
    }
}

#[tokio::test]
async fn changed_headers_are_refused_or_understood() {
    let server = Server::start().await;
    let id = Known::of(&server).await.investigation;
    let mut rng = Rng::new(3);
    for _ in 0..ROUNDS {
        for (name, value) in [
            ("host", "127.0.0.1:3000"),
            ("origin", "http://127.0.0.1:3000"),
            ("sec-fetch-site", "same-origin"),
            ("content-type", "multipart/form-data; boundary=cut"),
            ("content-type", "application/json; charset=utf-8"),
            ("content-length", "10"),
            ("accept", "text/html,application/json;q=0.8"),
            ("cookie", "theme=dark; other=1"),
            ("range", "bytes=0-10"),
            ("if-none-match", "\"abc\""),
        ] {
            let Ok(value) = HeaderValue::from_bytes(&changed(value, &mut rng)) else { continue };
            for (method, path) in [
                (Method::GET, "/".to_owned()),
                (Method::POST, "/api/v1/snapshots?name=a.csv".to_owned()),
                (Method::POST, "/investigations".to_owned()),
                (Method::POST, format!("/api/v1/investigations/{id}/notes")),
                (Method::GET, "/api/v1/openapi.json".to_owned()),
            ] {
                let request = Request::builder().method(method).uri(path).header(name, value.clone());
                is_answered(&server, request.body("--cut--\r\n".into()).unwrap()).await;
            }
        }
    }
    server.settled().await;
}
