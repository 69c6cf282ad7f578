//! `/api/v1/snapshots`

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use domain::Problem;
use serde_json::json;

use crate::harness::{File, Server, reaching_inside, table};
use crate::investigations::diagnosed;

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
async fn a_running_tool_is_asked_about_the_time_of_the_rows_and_becomes_an_input() {
    let server = Server::start_with(reaching_inside).await;
    let (address, asked) = health_and_alerts();
    let investigation = diagnosed(&server).await;
    let id = investigation["id"].as_str().unwrap();
    let target = json!({"target": format!("{address}/graph"), "investigation": id});
    let linked = server.json(Method::POST, "/api/v1/snapshots/link", target).await.expect(StatusCode::CREATED).json();
    let host = address.trim_start_matches("http://");
    assert_eq!(linked["name"], format!("Prometheus at {host}"), "{linked}");
    assert_eq!(
        (linked["guessed_role"].as_str(), linked["origin"].as_str()),
        (Some("artifact"), Some(address.as_str()))
    );
    assert!(asked.lock().unwrap().iter().any(|line| line.contains("/api/v1/alerts")));
    // By the form of the page with the inputs.
    let form = [("link", format!("{address}/graph")), ("author", "Ada".to_owned())];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let path = format!("/investigations/{id}/files");
    server.multipart(&path, &form, &[]).await.expect(StatusCode::SEE_OTHER);
    server.settled().await;
    let after = server.get(&format!("/api/v1/investigations/{id}")).await.json();
    let roles: Vec<&str> = after["inputs"].as_array().unwrap().iter().filter_map(|one| one["role"].as_str()).collect();
    assert!(roles.contains(&"artifact"), "{roles:?}");
    let diagnosis = server.get(&format!("/api/v1/investigations/{id}/diagnosis")).await.json();
    let said = diagnosis["findings"].to_string();
    assert!(said.contains("SlowModel"), "{said}");
    // Without leave, a stranger's link does not reach it.
    let careful = Server::start().await;
    let target = json!({"target": format!("{address}/graph")});
    careful.json(Method::POST, "/api/v1/snapshots/link", target).await.expect(StatusCode::FORBIDDEN);
    careful.settled().await;
}

/// A Prometheus with one alert; its address, and the lines of the requests.
fn health_and_alerts() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&asked);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 4096];
            let read = stream.read(&mut request).unwrap_or(0);
            let line = String::from_utf8_lossy(&request[..read]).lines().next().unwrap_or_default().to_owned();
            let body = match line.split([' ', '?']).nth(1).unwrap_or_default() {
                "/graph" => "<!doctype html><title>Prometheus</title>",
                "/api/v1/status/buildinfo" => r#"{"status":"success","data":{"version":"2.42.0"}}"#,
                "/api/v1/alerts" => {
                    r#"{"status":"success","data":{"alerts":[{"labels":{"alertname":"SlowModel"},"annotations":{},
                        "state":"firing","activeAt":"2026-05-16T07:30:00Z","value":"1"}]}}"#
                }
                _ => r#"{"status":"success","data":[]}"#,
            };
            kept.lock().unwrap().push(line);
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            // A client that has seen enough goes.
            let _ = stream.write_all(format!("{head}{body}").as_bytes());
        }
    });
    (address, asked)
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
