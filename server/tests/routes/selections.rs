//! Selections: marked rows explained, by the roles that the diagnosis takes.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::harness::{Server, table};

/// Opens an investigation with one file; the address at which selections on it are explained.
async fn with_file(server: &Server, role: &str, name: &str, bytes: &[u8], roles: Value) -> String {
    let snapshot = server.upload(name, bytes).await["id"].as_str().unwrap().to_owned();
    let body = json!({"title": "marked", "inputs": [[role, snapshot]], "roles": roles});
    let new = server.json(Method::POST, "/api/v1/investigations", body).await.expect(StatusCode::CREATED).json();
    format!("/api/v1/investigations/{}/selection", new["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_column_that_people_named_does_not_keep_the_role_it_was_guessed_to_have() {
    let server = Server::start().await;
    let large = json!({"range": {"from": 100.0, "to": 1e9, "upper": "included"}});
    let selection = json!({"side": "train", "conditions": [{"subject": {"column": "amount"}, "test": large}]});
    // `row_id` is guessed to be the id, and ids are not compared.
    for (roles, is_compared) in [(json!({}), false), (json!({"group": "row_id"}), true)] {
        let path = with_file(&server, "train", "train.csv", &table(300, 100.0), roles).await;
        let answer = server.json(Method::POST, &path, selection.clone()).await.expect(StatusCode::OK).json();
        let columns = answer["columns"].as_array().unwrap();
        assert_eq!(columns.iter().any(|column| column["column"] == "row_id"), is_compared, "{answer}");
    }
    server.settled().await;
}

#[tokio::test]
async fn a_split_is_found_under_each_of_its_usual_names() {
    let server = Server::start().await;
    let mut text = String::from("split,label,score,amount\n");
    for row in 0..300 {
        let split = ["train", "validation"][usize::from(row % 3 == 0)];
        text.push_str(&format!("{split},{},0.{:02},{row}\n", row % 2, row % 97));
    }
    let roles = json!({"split": "split", "label": "label", "score": "score"});
    let path = with_file(&server, "predictions", "run.csv", text.as_bytes(), roles).await;
    let ones = json!({"subject": {"role": "label"}, "test": {"oneof": ["1"]}});
    let selection = json!({"side": {"run": {"name": "run.csv", "split": "val"}}, "conditions": [ones]});
    let answer = server.json(Method::POST, &path, selection).await.expect(StatusCode::OK).json();
    assert_eq!((answer["examined"].as_u64(), answer["selected"].as_u64()), (Some(100), Some(50)), "{answer}");
    server.settled().await;
}
