//! A store that is full or out of reach says so in its status and in a sentence, whatever is asked of it.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::json;
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use crate::harness::{Answer, Server, table};

async fn beside(server: &Server) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(server.data.path().join("mismatch.db"));
    SqliteConnection::connect_with(&options).await.unwrap()
}

async fn told(answer: Answer, status: StatusCode, words: &str) {
    let answer = answer.expect(status);
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
    let told = answer.json();
    assert_eq!(told["status"], status.as_u16());
    let detail = told["detail"].as_str().unwrap();
    assert!(detail.contains(words) && !detail.contains("log has the details"), "{detail}");
}

async fn upload(server: &Server) -> Answer {
    let request = Request::post("/api/v1/snapshots?name=a.csv").body(Body::from(table(20, 1.0))).unwrap();
    server.send(request).await
}

/// SQLite answers "full" (13) when a table has no row id left; here, every new snapshot and note needs one.
#[tokio::test]
async fn a_full_store_is_507() {
    let server = Server::start().await;
    let new = json!({"title": "Full?"});
    let made = server.json(Method::POST, "/api/v1/investigations", new).await.expect(StatusCode::CREATED).json();
    let mut database = beside(&server).await;
    for statement in [
        "create table full (id integer primary key autoincrement, x text)",
        "insert into full values (9223372036854775807, '')",
        "create trigger t1 before insert on snapshots begin insert into full (x) values (''); end",
        "create trigger t2 before insert on notes begin insert into full (x) values (''); end",
    ] {
        sqlx::query(statement).execute(&mut database).await.unwrap();
    }
    told(upload(&server).await, StatusCode::INSUFFICIENT_STORAGE, "is full").await;
    assert!(server.files_in("tmp").is_empty());
    let id = made["id"].as_str().unwrap();
    let notes = format!("/api/v1/investigations/{id}/notes");
    let note = server.json(Method::POST, &notes, json!({"text": "?"})).await;
    told(note, StatusCode::INSUFFICIENT_STORAGE, "Free some space").await;
    let page = server.form(&format!("/investigations/{id}/notes"), "text=x").await;
    assert!(page.expect(StatusCode::INSUFFICIENT_STORAGE).body.contains("is full"));
    let kept = server.get(&format!("/api/v1/investigations/{id}")).await.expect(StatusCode::OK).json();
    assert_eq!((&kept["notes"], kept["events"].as_array().map(Vec::len)), (&json!([]), Some(1)));
    server.settled().await;
}

#[tokio::test]
async fn a_locked_database_is_503_until_it_is_free() {
    let server = Server::start().await;
    let mut database = beside(&server).await;
    sqlx::query("begin immediate").execute(&mut database).await.unwrap();
    for path in ["/readyz", "/api/v1/health"] {
        told(server.get(path).await, StatusCode::SERVICE_UNAVAILABLE, "locked").await;
    }
    // What writes waits a while for the lock before it gives up.
    let made = server.json(Method::POST, "/api/v1/investigations", json!({"title": "Locked?"})).await;
    told(made, StatusCode::SERVICE_UNAVAILABLE, "locked").await;
    server.get("/healthz").await.expect(StatusCode::OK);
    server.get("/api/v1/investigations").await.expect(StatusCode::OK);
    sqlx::query("rollback").execute(&mut database).await.unwrap();
    server.get("/readyz").await.expect(StatusCode::OK);
    server.settled().await;
}

#[tokio::test]
async fn a_folder_that_became_a_file_is_503() {
    let server = Server::start().await;
    let tmp = server.data.path().join("tmp");
    std::fs::remove_dir(&tmp).unwrap();
    std::fs::write(&tmp, "").unwrap();
    told(upload(&server).await, StatusCode::SERVICE_UNAVAILABLE, "a file lies where a folder should be").await;
    told(server.get("/readyz").await, StatusCode::SERVICE_UNAVAILABLE, "Move the file away").await;
    server.settled().await;
}
