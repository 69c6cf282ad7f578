//! The API's description says what the router does, no more and no less.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::Value;
use server::http::openapi::DOCUMENT;

use crate::harness::Server;

fn described() -> BTreeSet<(String, String)> {
    let document: Value = serde_json::from_str(DOCUMENT).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let operations = |path: &String, of: &Value| {
        of.as_object().unwrap().keys().map(|method| (path.clone(), method.clone())).collect::<Vec<_>>()
    };
    paths.iter().flat_map(|(path, of)| operations(path, of)).collect()
}

/// The routes as they are written in the router's source: axum has no way to list them.
fn routed() -> BTreeSet<(String, String)> {
    let source = include_str!("../../src/http/mod.rs");
    let api = source.split("fn api()").nth(1).unwrap().split("\n}").next().unwrap();
    let elsewhere = source.lines().filter(|line| line.contains("\"/api/v1/") && line.contains(".route("));
    let lines = api.lines().chain(elsewhere).filter(|line| line.contains(".route("));
    let mut routes = BTreeSet::new();
    for line in lines {
        let path = line.split('"').nth(1).unwrap().trim_start_matches("/api/v1");
        for method in ["get", "post", "put", "delete"] {
            if line.contains(&format!("{method}(")) {
                routes.insert((path.to_owned(), method.to_owned()));
            }
        }
    }
    routes
}

#[test]
fn every_route_is_described_and_every_description_is_a_route() {
    assert!(routed().len() > 25);
    assert_eq!(described(), routed());
}

#[test]
fn every_reference_leads_somewhere() {
    fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str));
                fields.values().for_each(|field| references(field, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let document: Value = serde_json::from_str(DOCUMENT).unwrap();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(!found.is_empty());
    for reference in found {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
}

#[tokio::test]
async fn every_described_operation_is_answered() {
    let server = Server::start().await;
    for (path, method) in described() {
        let path = path
            .replace("{id}", "none")
            .replace("{item}", "D1")
            .replace("{finding}", "none")
            .replace("{secret}", "none")
            .replace("{file}", "roc.svg");
        let method: Method = method.to_uppercase().parse().unwrap();
        let answer = server
            .send(Request::builder().method(method).uri(format!("/api/v1{path}")).body(Body::empty()).unwrap())
            .await;
        assert_ne!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert!(!answer.body.contains("The API has no such address"), "{path}");
    }
    assert_eq!(server.get("/api/v1/openapi.json").await.body, DOCUMENT);
}
