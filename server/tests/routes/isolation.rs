//! Files are read in a child process: what ends or slows a reader ends and slows nothing else.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use service::ServiceConfig;
use service::isolation::{Bounds, Reading};
use tempfile::TempDir;

use crate::harness::{Answer, Server, reaching_inside, table};
use crate::investigations::diagnosed;

fn this_program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_mismatch"))
}

/// 538 bytes that make the reader ask for 2^62.
fn hostile() -> Vec<u8> {
    let path = "engine/fixtures/hostile/claims_more_than_it_holds.feather";
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

async fn server_with(program: PathBuf) -> Server {
    Server::start_with(|config| ServiceConfig { reading: Reading::ChildOf(program), ..config }).await
}

/// A program in place of the reader.
fn script(text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reader");
    std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
    (folder, path)
}

async fn send(server: &Server, name: &str, bytes: Vec<u8>) -> Answer {
    server.send(Request::post(format!("/api/v1/snapshots?name={name}")).body(bytes.into()).unwrap()).await
}

async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..200 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what} did not come to be in ten seconds");
}

#[tokio::test]
async fn a_file_that_ends_its_reader_is_refused_and_the_server_lives_on() {
    let server = server_with(this_program()).await;
    let refused = send(&server, "x.feather", hostile()).await.expect(StatusCode::PAYLOAD_TOO_LARGE).json();
    let said = refused["detail"].as_str().unwrap();
    assert!(said.starts_with("`x.feather` could not be read within 4096 MB of memory"), "{said}");
    assert!(server.files_in("blobs").is_empty() && server.files_in("tmp").is_empty());
    server.get("/healthz").await.expect(StatusCode::OK);
    server.upload("good.csv", &table(20, 1.0)).await;
    server.settled().await;
}

#[tokio::test]
async fn a_child_says_what_this_process_would_have_said() {
    let server = server_with(this_program()).await;
    let investigation = diagnosed(&server).await;
    let id = investigation["id"].as_str().unwrap();
    let snapshot = investigation["inputs"][0]["snapshot"]["id"].as_str().unwrap();
    let preview = server.get(&format!("/api/v1/snapshots/{snapshot}/preview?rows=2")).await.expect(StatusCode::OK);
    assert_eq!(preview.json()["rows"].as_array().map(Vec::len), Some(2));
    let condition =
        json!({"subject": {"column": "amount"}, "test": {"range": {"from": 120.0, "to": 1e9, "upper": "included"}}});
    let path = format!("/api/v1/investigations/{id}/selection");
    let select = json!({"side": "serve", "conditions": [condition]});
    let answer = server.json(Method::POST, &path, select).await.expect(StatusCode::OK).json();
    assert_eq!((answer["examined"].as_u64(), answer["columns"][0]["column"].as_str()), (Some(600), Some("defaulted")));
    let refused =
        send(&server, "half.parquet", b"PAR1 and then nothing".to_vec()).await.expect(StatusCode::BAD_REQUEST);
    assert!(refused.body.contains("half.parquet"), "{}", refused.body);

    let here = Server::start().await;
    let elsewhere = diagnosed(&here).await;
    let findings = |diagnosis: &Value| diagnosis["findings"].clone();
    let by = async |server: &Server, of: &Value| {
        let id = of["id"].as_str().unwrap().to_owned();
        findings(&server.get(&format!("/api/v1/investigations/{id}/diagnosis")).await.expect(StatusCode::OK).json())
    };
    assert_eq!(by(&server, &investigation).await, by(&here, &elsewhere).await);
    server.settled().await;
}

/// As if somebody had edited the file in the data folder, for a preview, a selection and another reading alike.
#[tokio::test]
async fn a_stored_file_that_was_changed_is_not_read_in_a_child_either() {
    let server = server_with(this_program()).await;
    let investigation = diagnosed(&server).await;
    let id = investigation["id"].as_str().unwrap();
    let snapshot = &investigation["inputs"][1]["snapshot"];
    let sha256 = snapshot["sha256"].as_str().unwrap();
    let stored = server.data.path().join("blobs").join(&sha256[..2]).join(sha256);
    std::fs::write(&stored, table(600, 110.0)).unwrap();

    let preview = format!("/api/v1/snapshots/{}/preview?rows=2", snapshot["id"].as_str().unwrap());
    let condition =
        json!({"subject": {"column": "amount"}, "test": {"range": {"from": 120.0, "to": 1e9, "upper": "included"}}});
    let select = json!({"side": "serve", "conditions": [condition]});
    let path = format!("/api/v1/investigations/{id}/selection");
    let reread = format!("/api/v1/snapshots/{}/reread", snapshot["id"].as_str().unwrap());
    for answer in [
        server.get(&preview).await,
        server.json(Method::POST, &path, select).await,
        server.json(Method::POST, &reread, json!({"header": false})).await,
    ] {
        let said = answer.expect(StatusCode::CONFLICT).json()["detail"].as_str().unwrap().to_owned();
        assert!(said.contains("`serve.csv` was changed on disk") && said.contains("upload it again"), "{said}");
    }
    server.settled().await;
}

#[tokio::test]
async fn a_job_whose_reader_dies_is_failed_at_once_and_others_are_done() {
    let real = this_program();
    let (_folder, program) = script(&format!(
        "IFS= read -r line\ncase \"$line\" in\n*ProfileOne*deadly.csv*) kill -ABRT $$;;\nesac\n\
         (printf '%s\\n' \"$line\"; exec cat) | {} isolated",
        real.display()
    ));
    let server = server_with(program).await;
    let deadly = server.upload("deadly.csv", &table(30, 1.0)).await;
    let good = server.upload("good.csv", &table(40, 1.0)).await;
    let job_of = async |snapshot: &Value| {
        let job = server.service.latest_job(snapshot["id"].as_str().unwrap()).await.unwrap().unwrap();
        server.until_over(&job.id).await
    };
    let failed = job_of(&deadly).await;
    assert_eq!((failed["state"].as_str(), failed["attempts"].as_i64()), (Some("failed"), Some(1)), "{failed}");
    assert!(failed["error"].as_str().unwrap().starts_with("`deadly.csv` could not be read within"), "{failed}");
    assert_eq!(job_of(&good).await["state"], "done");
    server.settled().await;
}

#[tokio::test]
async fn a_reader_ends_when_its_time_is_over_or_its_client_gone() {
    let (folder, program) = script("echo $$ > \"$(dirname \"$0\")/pid\"\nexec sleep 600");
    let pid_file = folder.path().join("pid");
    let reader = || std::fs::read_to_string(&pid_file).ok().filter(|pid| pid.ends_with('\n'));
    let lives = |pid: &str| {
        let status = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
        !status.is_empty() && !status.contains(") Z ")
    };
    let server = Arc::new(server_with(program.clone()).await);
    let client = tokio::spawn({
        let server = Arc::clone(&server);
        async move { send(&server, "slow.csv", table(20, 1.0)).await.status }
    });
    until("the reader", || reader().is_some()).await;
    let pid = reader().unwrap();
    assert!(lives(&pid));
    client.abort();
    until("the reader's end", || !lives(&pid)).await;
    until("the end of its bytes", || server.files_in("blobs").is_empty()).await;

    let bounds = Bounds { time: Duration::from_millis(300), ..Bounds::default() };
    let server =
        Server::start_with(|config| ServiceConfig { reading: Reading::ChildOf(program), bounds, ..config }).await;
    let refused = send(&server, "slow.csv", table(20, 1.0)).await.expect(StatusCode::PAYLOAD_TOO_LARGE);
    assert!(refused.body.contains("`slow.csv` could not be read within 0 seconds"), "{}", refused.body);
    until("the reader's end", || !lives(&reader().unwrap())).await;
    server.settled().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_links_leave_uploads_alone_and_leave_nothing_behind() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            std::thread::spawn(move || {
                let _request = stream.read(&mut [0; 4096]);
                let _head = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\na,b\n");
                // Then nothing, for longer than any test.
                std::thread::sleep(Duration::from_secs(600));
            });
        }
    });
    let server = Arc::new(Server::start_with(reaching_inside).await);
    let clients: Vec<_> = (0..24)
        .map(|_| {
            let (server, target) = (Arc::clone(&server), json!({"target": format!("http://{address}/a.csv")}));
            tokio::spawn(async move { server.json(Method::POST, "/api/v1/snapshots/link", target).await.status })
        })
        .collect();
    until("as many links under way as may be", || server.files_in("tmp").len() == 16).await;
    server.upload("good.csv", &table(20, 1.0)).await;
    // Its job converts the text, in the same folder.
    server.settled().await;
    assert_eq!(server.files_in("tmp").len(), 16);
    for client in &clients {
        client.abort();
    }
    until("the links' end", || server.files_in("tmp").is_empty()).await;
    let request = Request::get("/healthz").body(Body::empty()).unwrap();
    server.send(request).await.expect(StatusCode::OK);
    server.settled().await;
}
