//! Requests that are made of the document alone.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::Value;

use crate::harness::Server;
use crate::openapi::{Described, described};

/// Operations that make the model that they name.
const MAKE_ONE: [&str; 3] = ["editModel", "sendArrival", "addWatch"];

/// A request by the document alone: its own example as the body, and ids that nothing has.
fn by_the_document(one: &Described) -> Request<Body> {
    let mut path = one.path.to_owned();
    for (name, value) in [
        ("item", "D1"),
        ("file", "roc.svg"),
        ("id", "none"),
        ("finding", "none"),
        ("secret", "none"),
        ("evidence", "none"),
        ("follow_up", "none"),
        ("rank", "1"),
        // What makes a model makes another one than those that are not there.
        ("name", if MAKE_ONE.contains(&one.id) { "made" } else { "none" }),
        ("arrival", "none"),
        ("rule", "none"),
        ("watch", "none"),
        ("delivery", "none"),
    ] {
        path = path.replace(&format!("{{{name}}}"), value);
    }
    let required = |parameter: &&Value| parameter["in"] == "query" && parameter["required"] == true;
    let parameters = one.operation["parameters"].as_array().into_iter().flatten().filter(required);
    let asked: Vec<String> = parameters
        .map(|parameter| format!("{}={}", parameter["name"].as_str().unwrap(), parameter["example"].as_str().unwrap()))
        .collect();
    let json = &one.operation["requestBody"]["content"]["application/json"];
    let request = Request::builder().method(one.method.clone()).uri(format!("/api/v1{path}?{}", asked.join("&")));
    let request = request.header(header::CONTENT_TYPE, "application/json");
    let example = json.get("example").map(Value::to_string).unwrap_or_default();
    request.body(example.into()).unwrap()
}

#[tokio::test]
async fn every_operation_answers_a_request_by_the_document() {
    let server = Server::start().await;
    for one in described() {
        let answer = server.send(by_the_document(&one)).await;
        assert_ne!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{}", one.id);
        assert!(!answer.body.contains("The API has no such address"), "{}", one.id);
        // An operation on something answers that there is no such thing; its example was understood.
        // A list may be empty, and a model is made by who names it; no bytes are no file.
        let listed = one.id == "listShareLinks" || MAKE_ONE.contains(&one.id);
        if one.path.contains("/{") && !listed {
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}: {}", one.id, answer.body);
        }
    }
    let asked: BTreeSet<String> = server.seen.lock().unwrap().iter().map(|(id, _)| id.clone()).collect();
    assert_eq!(asked.len(), described().len());
}
