//! Guard rails, seen from outside.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::json;

use crate::harness::Server;

#[tokio::test]
async fn requests_under_a_foreign_name_are_refused() {
    let server = Server::start().await;
    for path in ["/", "/api/v1/investigations", "/healthz"] {
        let request = Request::get(path).header(header::HOST, "rebound.example").body(Body::empty()).unwrap();
        server.send(request).await.expect(StatusCode::MISDIRECTED_REQUEST);
    }
}

#[tokio::test]
async fn another_sites_page_can_change_nothing() {
    let server = Server::start().await;
    let strangers = [("sec-fetch-site", "cross-site"), ("origin", "http://evil.example"), ("origin", "null")];
    for (name, value) in strangers {
        for path in ["/investigations", "/api/v1/investigations", "/api/v1/snapshots"] {
            let request = Request::post(path).header(name, value).body(Body::empty()).unwrap();
            server.send(request).await.expect(StatusCode::FORBIDDEN);
        }
    }
    assert_eq!(server.get("/api/v1/investigations").await.json(), json!([]));
}

#[tokio::test]
async fn every_response_keeps_its_page_to_itself() {
    let server = Server::start().await;
    let mut nonces = Vec::new();
    for path in ["/", "/nowhere", "/api/v1/health", "/api/v1/nowhere"] {
        let answer = server.get(path).await;
        assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(answer.headers["referrer-policy"], "no-referrer", "{path}");
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
        nonces.push(policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned());
    }
    nonces.dedup();
    assert_eq!(nonces.len(), 4);
}

#[tokio::test]
async fn inline_scripts_of_pages_carry_the_nonce_of_the_header() {
    let server = Server::start().await;
    let answer = server.get("/").await.expect(StatusCode::OK);
    let policy = answer.headers["content-security-policy"].to_str().unwrap();
    let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
    let scripts: Vec<&str> = answer.body.split("<script").skip(1).map(|rest| rest.split('>').next().unwrap()).collect();
    assert!(!scripts.is_empty());
    for script in scripts {
        assert!(script.contains(&format!("nonce=\"{nonce}\"")) || script.contains("src="), "{script}");
    }
    assert!(!answer.body.contains(" style=\""), "a style attribute would be refused by the policy");
    assert!(!answer.body.contains(" onclick="));
}

#[tokio::test]
async fn operations_can_be_watched() {
    let server = Server::start().await;
    assert_eq!(server.get("/healthz").await.expect(StatusCode::OK).body, "ok\n");
    server.get("/readyz").await.expect(StatusCode::OK);
    assert_eq!(server.get("/api/v1/health").await.json()["status"], "ok");
    let metrics = server.get("/metrics").await.expect(StatusCode::OK).body;
    assert!(metrics.contains("mismatch_http_requests_total{status=\"2xx\"} 3\n"), "{metrics}");
}

#[tokio::test]
async fn what_is_nowhere_says_so_in_its_status_too() {
    let server = Server::start().await;
    for path in ["/nowhere", "/investigations/none", "/s/none", "/pkg/../Cargo.toml", "/.env"] {
        let answer = server.get(path).await.expect(StatusCode::NOT_FOUND);
        assert!(answer.body.starts_with("<!DOCTYPE html>"), "{path}");
    }
}
