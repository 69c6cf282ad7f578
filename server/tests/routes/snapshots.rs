//! `/api/v1/snapshots`

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use domain::Problem;
use serde_json::json;

use crate::harness::{File, Server, table};

#[tokio::test]
async fn the_same_bytes_are_kept_once_whatever_they_are_called() {
    let server = Server::start().await;
    let first = server.upload("a.csv", &table(50, 10.0)).await;
    let again = server.upload("a.csv", &table(50, 10.0)).await;
    let renamed = server.upload("b.csv", &table(50, 10.0)).await;
    assert_eq!(first["id"], again["id"]);
    assert_ne!(first["id"], renamed["id"]);
    assert_eq!(first["sha256"], renamed["sha256"]);
    assert_eq!((first["rows"].as_u64(), first["columns"].as_array().map(Vec::len)), (Some(50), Some(4)));
    assert_eq!(server.files_in("blobs").len(), 1);
    assert!(server.files_in("tmp").is_empty());
    let id = first["id"].as_str().unwrap();
    let found = server.get(&format!("/api/v1/snapshots/{id}")).await.expect(StatusCode::OK).json();
    assert_eq!(found, first);
    let preview = server.get(&format!("/api/v1/snapshots/{id}/preview?rows=2")).await.expect(StatusCode::OK).json();
    assert_eq!(preview["columns"], json!(["row_id", "amount", "region", "defaulted"]));
    assert_eq!(preview["rows"][1][2], json!("south"));
    server.settled().await;
}

#[tokio::test]
async fn several_files_come_in_one_form() {
    let server = Server::start().await;
    let (train, serve) = (table(30, 10.0), table(20, 10.0));
    let files = [File { name: "train.csv", bytes: &train }, File { name: "serve.csv", bytes: &serve }];
    let snapshots = server.multipart("/api/v1/snapshots", &[], &files).await.expect(StatusCode::CREATED).json();
    assert_eq!([&snapshots[0]["rows"], &snapshots[1]["rows"]], [&json!(30), &json!(20)]);
    assert_eq!(server.get("/api/v1/snapshots").await.json().as_array().map(Vec::len), Some(2));
    server.settled().await;
}

#[tokio::test]
async fn what_is_no_table_is_refused_in_a_sentence_and_leaves_nothing() {
    let server = Server::start().await;
    for (name, bytes) in [("empty.csv", b"".as_slice()), ("half.parquet", b"PAR1 and then nothing".as_slice())] {
        let request = Request::post(format!("/api/v1/snapshots?name={name}")).body(Body::from(bytes.to_vec())).unwrap();
        let answer = server.send(request).await.expect(StatusCode::BAD_REQUEST);
        assert_eq!(answer.headers["content-type"], "application/problem+json");
        assert!(answer.json()["detail"].as_str().unwrap().contains(name), "{}", answer.body);
    }
    assert!(server.files_in("blobs").is_empty() && server.files_in("tmp").is_empty());
    assert_eq!(server.get("/api/v1/snapshots").await.json(), json!([]));
    server.settled().await;
}

#[tokio::test]
async fn an_upload_that_breaks_off_or_is_too_large_leaves_nothing() {
    let server = Server::start_with(|config| service::ServiceConfig { max_upload_bytes: 500, ..config }).await;
    let pieces = [Ok("a,b\n1,2\n".to_owned()), Err(std::io::Error::other("the network went away"))];
    let request =
        Request::post("/api/v1/snapshots?name=a.csv").body(Body::from_stream(tokio_stream::iter(pieces))).unwrap();
    server.send(request).await.expect(StatusCode::BAD_REQUEST);
    let request = Request::post("/api/v1/snapshots?name=a.csv").body(table(100, 10.0).into()).unwrap();
    let answer = server.send(request).await.expect(StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.body.contains("500 bytes"), "{}", answer.body);
    assert!(server.files_in("blobs").is_empty() && server.files_in("tmp").is_empty());

    // What happens when the connection goes while the server writes: the upload is dropped where it is.
    let mut upload = server.service.begin_upload("dropped.csv").await.unwrap();
    upload.write(&[b'x'; 100]).await.unwrap();
    drop(upload);
    assert!(server.files_in("tmp").is_empty());
    server.settled().await;
}

#[tokio::test]
async fn reading_in_another_way_is_another_snapshot_of_the_same_bytes() {
    let server = Server::start().await;
    let guessed = server.upload("prices.csv", b"name;price\na;1,5\nb;2,5\nc;3,5\n").await;
    let id = guessed["id"].as_str().unwrap();
    let path = format!("/api/v1/snapshots/{id}/reread");
    let again = server.json(Method::POST, &path, json!({"header": false})).await.expect(StatusCode::CREATED).json();
    assert_ne!(again["id"], guessed["id"]);
    assert_eq!(again["sha256"], guessed["sha256"]);
    assert_eq!(again["rows"].as_u64(), guessed["rows"].as_u64().map(|rows| rows + 1));
    assert_eq!(server.files_in("blobs").len(), 1);
    server.settled().await;
}

#[tokio::test]
async fn links_stay_inside_what_was_allowed() {
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join("train.csv"), table(20, 1.0)).unwrap();
    let roots = vec![root.path().to_owned()];
    let server = Server::start_with(|config| service::ServiceConfig { link_roots: roots, ..config }).await;
    let link = |target: &str| server.json(Method::POST, "/api/v1/snapshots/link", json!({"target": target}));
    let linked = link("train.csv").await.expect(StatusCode::CREATED).json();
    assert_eq!((linked["name"].as_str(), linked["rows"].as_u64()), (Some("train.csv"), Some(20)));
    for target in ["/etc/passwd", "../../etc/passwd", "http://127.0.0.1:1/a.csv", "http://169.254.169.254/latest"] {
        link(target).await.expect(StatusCode::FORBIDDEN);
    }
    link("ftp://example.org/a.csv").await.expect(StatusCode::BAD_REQUEST);
    // An address on the web, however its scheme is written; this one leads inside.
    for target in ["http://127.0.0.1:9/a.csv", "HTTP://127.0.0.1:9/a.csv", "Https://localhost:9/a.csv"] {
        link(target).await.expect(StatusCode::FORBIDDEN);
    }
    server.settled().await;
}

#[tokio::test]
async fn what_is_not_there_is_told_as_a_problem() {
    let server = Server::start().await;
    let answer = server.get("/api/v1/snapshots/none").await.expect(StatusCode::NOT_FOUND).json();
    assert_eq!((answer["status"].as_u64(), answer["title"].as_str()), (Some(404), Some("Not Found")));
    assert_eq!(
        server.service.snapshot("none").await.map_err(|Problem { message, .. }| message).err().as_deref(),
        answer["detail"].as_str()
    );
}

#[tokio::test]
async fn of_a_form_with_too_many_files_none_is_stored() {
    let server = Server::start().await;
    let bytes = table(5, 1.0);
    let files: Vec<File<'_>> = (0..201).map(|_| File { name: "a.csv", bytes: &bytes }).collect();
    server.multipart("/api/v1/snapshots", &[], &files).await.expect(StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(server.get("/api/v1/snapshots").await.json(), json!([]));
    assert!(server.files_in("blobs").is_empty() && server.files_in("tmp").is_empty());
    server.settled().await;
}
