//! `/api/v1/investigations` and `/api/v1/jobs`

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::harness::{Server, table};

/// An investigation of a train file against a serve file whose amounts are ten times as large, diagnosed.
pub async fn diagnosed(server: &Server) -> Value {
    let train = server.upload("train.csv", &table(600, 10.0)).await;
    let serve = server.upload("serve.csv", &table(600, 100.0)).await;
    let new = json!({"title": "Amounts look wrong", "inputs": [["train", train["id"]], ["serve", serve["id"]]], "author": "Ada"});
    let made = server.json(Method::POST, "/api/v1/investigations", new).await.expect(StatusCode::CREATED).json();
    let id = made["id"].as_str().unwrap();
    let job = server.get(&format!("/api/v1/investigations/{id}/job")).await.expect(StatusCode::OK).json();
    let over = server.until_over(job["id"].as_str().unwrap()).await;
    assert_eq!((over["state"].as_str(), over["progress"].as_f64()), (Some("done"), Some(1.0)), "{over}");
    server.settled().await;
    server.get(&format!("/api/v1/investigations/{id}")).await.expect(StatusCode::OK).json()
}

#[tokio::test]
async fn two_files_become_a_diagnosis() {
    let server = Server::start().await;
    let investigation = diagnosed(&server).await;
    let id = investigation["id"].as_str().unwrap();
    assert_eq!(investigation["inputs"].as_array().map(Vec::len), Some(2));
    let diagnosis = server.get(&format!("/api/v1/investigations/{id}/diagnosis")).await.expect(StatusCode::OK).json();
    assert_eq!((diagnosis["version"].as_u64(), diagnosis["layers"].as_array().map(Vec::len)), (Some(1), Some(7)));
    let amount = diagnosis["comparisons"].as_array().unwrap().iter().find(|one| one["column"] == "amount").unwrap();
    assert!(amount["effects"]["ks_statistic"].as_f64().unwrap() > 0.9, "{amount}");
    let listed = server.get("/api/v1/investigations").await.json();
    assert_eq!(listed[0]["diagnosis"]["layers"].as_array().map(Vec::len), Some(7));
    assert_eq!(listed[0]["job"]["state"], "done");
    server.settled().await;
}

#[tokio::test]
async fn figures_are_files_with_their_data() {
    let server = Server::start().await;
    let id = diagnosed(&server).await["id"].as_str().unwrap().to_owned();
    let path = |file: &str| format!("/api/v1/investigations/{id}/figures/{file}");
    let svg = server.get(&path("column.svg?column=amount")).await.expect(StatusCode::OK);
    assert_eq!(svg.headers["content-type"], "image/svg+xml");
    assert_eq!(svg.headers["content-disposition"], "attachment; filename=\"column.svg\"");
    assert!(svg.body.starts_with("<svg"), "{}", svg.body);
    let csv = server.get(&path("column.csv?column=amount")).await.expect(StatusCode::OK).body;
    let train: u64 = csv.lines().skip(1).map(|line| line.split(',').nth(2).unwrap().parse::<u64>().unwrap()).sum();
    assert_eq!(train, 600, "{csv}");
    for nothing in ["column.gif?column=amount", "king.svg", "column.svg?column=nobody", "roc.svg"] {
        server.get(&path(nothing)).await.expect(StatusCode::NOT_FOUND);
    }
    server.get(&path("column.svg")).await.expect(StatusCode::BAD_REQUEST);
    server.settled().await;
}

#[tokio::test]
async fn people_work_on_it_and_the_timeline_remembers() {
    let server = Server::start().await;
    let id = diagnosed(&server).await["id"].as_str().unwrap().to_owned();
    let path = |rest: &str| format!("/api/v1/investigations/{id}/{rest}");
    server.json(Method::POST, &path("notes"), json!({"text": "cents?", "author": "Ada"})).await.expect(StatusCode::OK);
    let status = json!({"status": "confirmed", "note": "amounts are in cents", "author": "Grace"});
    server.json(Method::PUT, &path("statuses/F2"), status).await.expect(StatusCode::OK);
    server.json(Method::POST, &path("close"), json!({"text": "The exporter sent cents."})).await.expect(StatusCode::OK);
    let status = json!({"status": "accepted"});
    server.json(Method::PUT, &path("statuses/F2"), status).await.expect(StatusCode::CONFLICT);
    let now = server.json(Method::POST, &path("reopen"), json!({})).await.expect(StatusCode::OK).json();
    assert_eq!((now["state"].as_str(), now["verdict"].as_str()), (Some("open"), Some("The exporter sent cents.")));
    assert_eq!((now["notes"][0]["text"].as_str(), now["statuses"][0]["item"].as_str()), (Some("cents?"), Some("F2")));
    let told: Vec<&str> =
        now["events"].as_array().unwrap().iter().map(|event| event["text"].as_str().unwrap()).collect();
    assert_eq!(
        told,
        [
            "opened the investigation",
            "added a note",
            "marked F2 as confirmed: amounts are in cents",
            "closed the investigation: The exporter sent cents.",
            "opened the investigation again"
        ]
    );
    server.settled().await;
}

#[tokio::test]
async fn bad_requests_are_told_what_to_do() {
    let server = Server::start().await;
    let id = diagnosed(&server).await["id"].as_str().unwrap().to_owned();
    let server = &server;
    let post = |path: String, body: Value| async move { server.json(Method::POST, &path, body).await.status };
    let all = "/api/v1/investigations".to_owned();
    assert_eq!(post(all.clone(), json!({"title": "  "})).await, StatusCode::BAD_REQUEST);
    assert_eq!(post(all.clone(), json!({"title": "x", "inputs": [["train", "none"]]})).await, StatusCode::NOT_FOUND);
    assert_eq!(post(all.clone(), json!({"title": "x", "inputs": [["king", "none"]]})).await, StatusCode::BAD_REQUEST);
    assert_eq!(post(format!("{all}/{id}/notes"), json!({"text": " "})).await, StatusCode::BAD_REQUEST);
    assert_eq!(post(format!("{all}/none/notes"), json!({"text": "x"})).await, StatusCode::NOT_FOUND);
    assert_eq!(post(format!("{all}/{id}/king"), json!({})).await, StatusCode::NOT_FOUND);
    let wrong =
        server.json(Method::PATCH, &format!("{all}/{id}"), json!({})).await.expect(StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(wrong.headers["content-type"], "application/problem+json");
    server.settled().await;
}

#[tokio::test]
async fn marked_rows_are_told_apart_from_the_rest() {
    let server = Server::start().await;
    let id = diagnosed(&server).await["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/investigations/{id}/selection");
    let large = json!({"column": "amount"});
    let range = |from: f64, to: f64| json!({"range": {"from": from, "to": to, "upper": "included"}});
    let selection = json!({"side": "serve", "conditions": [{"subject": large, "test": range(120.0, 1e9)}]});
    let answer = server.json(Method::POST, &path, selection).await.expect(StatusCode::OK).json();
    assert_eq!(answer["examined"], 600);
    assert_eq!(answer["selected"].as_u64().unwrap() + answer["rest"].as_u64().unwrap(), 600);
    // The label follows the amount by construction, the region does not.
    assert_eq!(answer["columns"][0]["column"], "defaulted", "{answer}");
    assert!(answer["columns"].as_array().unwrap().iter().all(|column| column["column"] != "amount"));

    let nothing = json!({"side": "serve", "conditions": [{"subject": large, "test": range(1e8, 1e9)}]});
    server.json(Method::POST, &path, nothing).await.expect(StatusCode::BAD_REQUEST);
    let absent = json!({"side": "serve", "conditions": [{"subject": {"column": "nobody"}, "test": "missing"}]});
    server.json(Method::POST, &path, absent).await.expect(StatusCode::NOT_FOUND);
    server.settled().await;
}

#[tokio::test]
async fn cancelling_ends_a_job_once_and_for_all() {
    let server = Server::start().await;
    let id = diagnosed(&server).await["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/investigations/{id}/diagnosis");
    let job = server.json(Method::POST, &path, json!({})).await.expect(StatusCode::ACCEPTED).json();
    let cancel = format!("/api/v1/jobs/{}/cancel", job["id"].as_str().unwrap());
    let first = server.json(Method::POST, &cancel, json!({})).await.expect(StatusCode::OK).json();
    let second = server.json(Method::POST, &cancel, json!({})).await.expect(StatusCode::OK).json();
    assert_eq!(first["state"], second["state"]);
    // It may have been done before it could be cancelled; what it may not be is still under way.
    assert!(["cancelled", "done"].contains(&first["state"].as_str().unwrap()), "{first}");
    let over = server.until_over(job["id"].as_str().unwrap()).await;
    assert_eq!(over["state"], first["state"]);
    server.get(&path).await.expect(StatusCode::OK);
    server.settled().await;
}
