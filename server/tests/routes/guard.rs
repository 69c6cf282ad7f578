//! Guard rails, seen from outside.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::json;

use crate::harness::Server;
use crate::investigations::diagnosed;

#[tokio::test]
async fn requests_under_a_foreign_name_are_refused() {
    let server = Server::start().await;
    for path in ["/", "/api/v1/investigations", "/healthz"] {
        let request = Request::get(path).header(header::HOST, "rebound.example").body(Body::empty()).unwrap();
        server.send(request).await.expect(StatusCode::MISDIRECTED_REQUEST);
    }
    server.settled().await;
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
    server.settled().await;
}

#[tokio::test]
async fn no_address_climbs_out_of_its_folder() {
    let server = Server::start().await;
    for path in [
        "/pkg/../Cargo.toml",
        "/pkg/%2e%2e/Cargo.toml",
        "/s/x/../../investigations/y",
        "/s/x/%2e%2e/%2E%2e/investigations/y",
        "/s/%2e%2e",
        "/s/%2E.",
        "/./healthz",
        "/api/v1/%2e/health",
    ] {
        let answer = server.get(path).await.expect(StatusCode::BAD_REQUEST);
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json", "{path}");
    }
}

#[tokio::test]
async fn what_cant_be_read_is_the_callers_problem() {
    let server = Server::start().await;
    let id = server.upload("a.csv", b"a,b\n1,2\n").await["id"].as_str().unwrap().to_owned();
    let answer = server.get(&format!("/api/v1/snapshots/{id}/preview?rows=-1")).await.expect(StatusCode::BAD_REQUEST);
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
    // The pages ask for their data on the server; the framework's way from a browser is no route of ours.
    for path in ["/api/open", "/api/explain_selection"] {
        for body in ["", "{}", "place=nowhere"] {
            let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            server.send(request.body(body.into()).unwrap()).await.expect(StatusCode::FORBIDDEN);
        }
    }
    server.settled().await;
}

/// The title as every page about an investigation shows it in its head.
#[tokio::test]
async fn markup_in_a_title_stays_text_in_every_head() {
    let server = Server::start().await;
    let id = diagnosed(&server).await["id"].as_str().unwrap().to_owned();
    let inputs = server.get(&format!("/api/v1/investigations/{id}")).await.json()["inputs"].clone();
    let inputs: Vec<_> =
        inputs.as_array().unwrap().iter().map(|one| json!([one["role"], one["snapshot"]["id"]])).collect();
    let title = "</title><meta http-equiv=refresh content=\"0;url=http://evil.example/\">R&D";
    let new = json!({"title": title, "inputs": inputs});
    let made = server.json(Method::POST, "/api/v1/investigations", new).await.expect(StatusCode::CREATED).json();
    let id = made["id"].as_str().unwrap();
    let job = server.get(&format!("/api/v1/investigations/{id}/job")).await.json();
    server.until_over(job["id"].as_str().unwrap()).await;
    let links = format!("/api/v1/investigations/{id}/share-links");
    let secret = server.json(Method::POST, &links, json!({"preview": "map"})).await.expect(StatusCode::CREATED).json()
        ["secret"]
        .clone();
    let (own, shared) = (format!("/investigations/{id}"), format!("/s/{}", secret.as_str().unwrap()));
    let of = |place: &str, pages: &[&str]| pages.iter().map(|page| format!("{place}{page}")).collect::<Vec<_>>();
    let mut pages = of(&own, &["", "/compare", "/evaluation", "/inputs", "/layers/data"]);
    pages.extend(of(&shared, &["", "/compare", "/evaluation", "/layers/data"]));
    for page in pages {
        let body = server.get(&page).await.expect(StatusCode::OK).body;
        let title = body.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
        let escaped = "&lt;/title&gt;&lt;meta http-equiv=refresh content=\"0;url=http://evil.example/\"&gt;R&amp;D";
        assert!(title.contains(escaped), "{page}: {title}");
        assert!(!body.contains("<meta http-equiv=refresh"), "{page}");
        assert!(!body.contains("&amp;lt;") && !body.contains("&amp;amp;"), "{page} is escaped twice");
    }
    server.settled().await;
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
    // Nowhere else: browsers hide it from the page's own scripts and style sheets only there.
    let elsewhere = answer.body.replace(&format!("nonce=\"{nonce}\""), "");
    assert!(!elsewhere.contains(nonce), "{elsewhere}");
    assert_eq!(answer.body.matches("crossorigin=\"anonymous\"").count(), 2);
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
async fn verdicts_are_told_to_prometheus_by_model_layer_and_item() {
    let server = Server::start().await;
    let id = diagnosed(&server).await["id"].as_str().unwrap().to_owned();
    let rename = json!({"model": "churn \"v2\"", "title": "Amounts look wrong"});
    server.json(Method::PUT, &format!("/api/v1/investigations/{id}"), rename).await.expect(StatusCode::OK);
    let metrics = server.get("/metrics").await.expect(StatusCode::OK).body;
    let of_model = r#"model="churn \"v2\"""#;
    for line in [
        format!(r#"mismatch_verdict{{investigation="{id}",{of_model},layer="features",item="F2"}} 3"#),
        format!(r#"mismatch_layer_verdict{{investigation="{id}",{of_model},layer="features"}} 3"#),
        format!(r#"mismatch_model_verdict{{{of_model},layer="deployment",item="P1"}} 0"#),
        format!(r#"mismatch_model_layer_verdict{{{of_model},layer="features"}} 3"#),
        format!(
            r#"mismatch_investigation_info{{investigation="{id}",{of_model},title="Amounts look wrong",state="open"}} 1"#
        ),
    ] {
        assert!(metrics.lines().any(|one| one == line), "{line} is not in\n{metrics}");
    }
    // The dashboard of the docs asks for nothing else.
    let dashboard = include_str!("../../../docs/grafana-dashboard.json");
    let names = dashboard.split(|one: char| !one.is_ascii_alphanumeric() && one != '_');
    let asked: BTreeSet<&str> = names.filter(|name| name.starts_with("mismatch_")).collect();
    assert!(asked.len() >= 4, "{asked:?}");
    for name in asked {
        assert!(metrics.contains(&format!("# TYPE {name} gauge")), "{name} is not exported");
    }
}

#[tokio::test]
async fn what_is_nowhere_says_so_in_its_status_too() {
    let server = Server::start().await;
    for path in ["/nowhere", "/investigations/none", "/s/none", "/.env"] {
        let answer = server.get(path).await.expect(StatusCode::NOT_FOUND);
        assert!(answer.body.starts_with("<!DOCTYPE html>"), "{path}");
    }
}
