//! What was found when several did something at the same moment, and what one model told of another.

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::arrivals::rows;
use crate::harness::{File, Server, table};
use crate::team::{Team, With};

/// Begins all of them before any is done.
pub async fn at_once<T, F: Future<Output = T>>(all: impl IntoIterator<Item = F>) -> Vec<T> {
    let mut all: Vec<(Pin<Box<F>>, Option<T>)> = all.into_iter().map(|one| (Box::pin(one), None)).collect();
    poll_fn(|context| {
        for (one, done) in all.iter_mut().filter(|(_, done)| done.is_none()) {
            if let Poll::Ready(value) = one.as_mut().poll(context) {
                *done = Some(value);
            }
        }
        if all.iter().all(|(_, done)| done.is_some()) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    all.into_iter().filter_map(|(_, done)| done).collect()
}

async fn sent(server: &Server, query: &str, bytes: Vec<u8>) -> Value {
    let request = Request::post(format!("/api/v1/models/loans/arrivals?{query}"));
    server.send(request.body(Body::from(bytes)).unwrap()).await.expect(StatusCode::CREATED).json()
}

async fn investigation(server: &Server) -> String {
    let new = json!({"title": "Plans"});
    let made = server.json(Method::POST, "/api/v1/investigations", new).await.expect(StatusCode::CREATED).json();
    made["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn nothing_is_said_of_the_test_sets_of_a_model_that_somebody_does_not_see() {
    let team = Team::start().await;
    let (admin, editor) = (With::Session(team.admin.clone()), With::Session(team.editor.clone()));
    let upload = async |with: &With, name: &str, bytes: Vec<u8>| {
        let path = format!("/api/v1/snapshots?name={name}");
        let sent = team.send(with, "POST", &path, Body::from(bytes), "text/csv").await.expect(StatusCode::CREATED);
        sent.json()[0]["id"].as_str().unwrap().to_owned()
    };
    let diagnosed = async |with: &With, title: &str, model: &str, inputs: Value| {
        let new = json!({"title": title, "model": model, "inputs": inputs});
        let made = team.json(with, "POST", "/api/v1/investigations", new).await.expect(StatusCode::CREATED).json();
        team.server.settled().await;
        let path = format!("/api/v1/investigations/{}/diagnosis", made["id"].as_str().unwrap());
        team.get(with, &path).await.expect(StatusCode::OK).body
    };
    // A hidden model with its test set, and training data of somebody else that holds the same rows.
    team.form(&admin, "/people/model", "model=hidden&openness=members").await.expect(StatusCode::SEE_OTHER);
    let test = upload(&admin, "HIDFILE.csv", table(300, 10.0)).await;
    let train = upload(&admin, "train.csv", table(900, 11.0)).await;
    diagnosed(&admin, "HIDTITLE", "hidden", json!([["train", train], ["test", test]])).await;
    let own = upload(&editor, "own.csv", table(300, 10.0)).await;
    let told = diagnosed(&editor, "Own", "open", json!([["train", own]])).await;
    assert!(!told.contains("HIDTITLE") && !told.contains("HIDFILE"), "{told}");
    // Who works on the hidden model is told, as before.
    let same = upload(&admin, "again.csv", table(300, 10.0)).await;
    let told = diagnosed(&admin, "Again", "hidden", json!([["train", same]])).await;
    assert!(told.contains("HIDTITLE"), "{told}");
}

#[tokio::test]
async fn files_that_are_added_at_the_same_moment_all_stay() {
    let server = Server::start().await;
    let id = investigation(&server).await;
    let versions: Vec<String> = (0..6)
        .map(|version| json!({"mismatch_observations": 1, "artifacts": [{"source": "registry", "place": "registered", "version": version.to_string()}]}).to_string())
        .collect();
    let at = |version: usize| format!("/api/v1/observations?name=v{version}.json&investigation={id}");
    let sends = versions.iter().enumerate().map(|(version, text)| {
        let request = Request::post(at(version)).body(Body::from(text.clone())).unwrap();
        server.send(request)
    });
    for answer in at_once(sends).await {
        answer.expect(StatusCode::CREATED);
    }
    let path = format!("/investigations/{id}/files");
    let tables = [table(60, 1.0), table(70, 2.0), table(80, 3.0)];
    let names = ["a.csv", "b.csv", "c.csv"];
    let files: Vec<[File<'_>; 1]> = names.iter().zip(&tables).map(|(name, bytes)| [File { name, bytes }]).collect();
    for answer in at_once(files.iter().map(|file| server.multipart(&path, &[("part", "serve")], file))).await {
        answer.expect(StatusCode::SEE_OTHER);
    }
    let found = server.get(&format!("/api/v1/investigations/{id}")).await.json();
    assert_eq!(found["inputs"].as_array().unwrap().len(), 9, "{}", found["inputs"]);
    server.settled().await;
}

#[tokio::test]
async fn different_fields_that_are_changed_at_the_same_moment_all_change() {
    let server = Server::start().await;
    let id = investigation(&server).await;
    for round in 0..8 {
        let (title, model) = (format!("Title {round}"), format!("model {round}"));
        let path = format!("/api/v1/investigations/{id}");
        let edits = [json!({"title": title}), json!({"model": model})];
        at_once(edits.into_iter().map(|edit| server.json(Method::PUT, &path, edit))).await;
        let found = server.get(&path).await.json();
        assert_eq!((&found["title"], &found["model"]), (&json!(title), &json!(model)));
        let (owner, label) = (format!("Ada {round}"), format!("label {round}"));
        let edits = [json!({"owner": owner}), json!({"roles": {"label": label}}), json!({"task": "binary"})];
        at_once(edits.into_iter().map(|edit| server.json(Method::PUT, "/api/v1/models/loans", edit))).await;
        let model = server.get("/api/v1/models/loans").await.json()["model"].clone();
        assert_eq!(
            (&model["owner"], &model["roles"]["label"], &model["task"]),
            (&json!(owner), &json!(label), &json!("binary"))
        );
    }
    server.settled().await;
}

#[tokio::test]
async fn one_window_has_one_investigation_however_many_open_it_at_once() {
    let server = Server::start().await;
    sent(&server, "name=train.csv&role=train", rows(600, 100.0)).await;
    let day = sent(&server, "name=day.csv&at=2026-05-01", rows(400, 10_000.0)).await;
    server.settled().await;
    let path = format!("/api/v1/models/loans/arrivals/{}/investigation", day["id"].as_str().unwrap());
    let opened = at_once((0..8).map(|_| server.json(Method::POST, &path, json!({})))).await;
    let first = opened.iter().filter(|answer| answer.status == StatusCode::CREATED).count();
    let ids: BTreeSet<String> = opened.iter().map(|answer| answer.json()["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!((first, ids.len()), (1, 1));
    server.settled().await;
}

#[tokio::test]
async fn a_training_file_that_arrived_twice_stays_the_reference_until_both_are_gone() {
    let server = Server::start().await;
    let first = sent(&server, "name=train.csv&role=train&at=2026-05-01", rows(600, 100.0)).await;
    let second = sent(&server, "name=train.csv&role=train&at=2026-05-02", rows(600, 100.0)).await;
    let reference = async || {
        let found = server.get("/api/v1/models/loans").await.json();
        found["model"]["reference"].as_array().unwrap().len()
    };
    for (gone, left) in [(&second, 1), (&first, 0)] {
        let path = format!("/api/v1/models/loans/arrivals/{}?author=Ada", gone["id"].as_str().unwrap());
        server.json(Method::DELETE, &path, json!({})).await.expect(StatusCode::OK);
        assert_eq!(reference().await, left);
    }
    server.settled().await;
}

#[tokio::test]
async fn what_is_taken_out_of_a_model_stands_in_the_audit_log() {
    let team = Team::start().await;
    let (admin, editor) = (With::Session(team.admin.clone()), With::Session(team.editor.clone()));
    let path = "/api/v1/models/loans/arrivals?name=day.csv";
    let sent =
        team.send(&editor, "POST", path, Body::from(rows(60, 1.0)), "text/csv").await.expect(StatusCode::CREATED);
    let gone = format!("/api/v1/models/loans/arrivals/{}", sent.json()["id"].as_str().unwrap());
    team.send(&editor, "DELETE", &gone, Body::empty(), "text/csv").await.expect(StatusCode::OK);
    let channel = json!({"name": "ml-alerts", "kind": "slack", "address": "https://hooks.example/x"});
    team.json(&editor, "POST", "/api/v1/channels", channel.clone()).await.expect(StatusCode::FORBIDDEN);
    team.json(&admin, "POST", "/api/v1/channels", channel).await.expect(StatusCode::CREATED);
    let audit = team.get(&admin, "/audit").await.expect(StatusCode::OK).body;
    for line in ["took the arrival day.csv out of the model", "made the channel", "hooks.example"] {
        assert!(audit.contains(line), "{line}: {audit}");
    }
    team.server.settled().await;
}
