//! `/api/v1/models/{name}/watches`: files of a folder arrive by themselves.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use service::ServiceConfig;

use crate::arrivals::rows;
use crate::harness::{Server, reaching_inside};

const WATCHES: &str = "/api/v1/models/loans/watches";
/// Far beyond what a look takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// As a file that was finished a while ago.
fn settled(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).unwrap();
    let before = SystemTime::now() - Duration::from_secs(60);
    File::options().write(true).open(path).unwrap().set_modified(before).unwrap();
}

/// The watch, once it was looked at so often that this holds.
async fn looked(server: &Server, holds: impl Fn(&Value) -> bool) -> Value {
    let until = async {
        loop {
            let watch = server.get(WATCHES).await.expect(StatusCode::OK).json()[0].clone();
            if holds(&watch) {
                return watch;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, until).await.unwrap()
}

async fn arrivals(server: &Server) -> Vec<Value> {
    server.get("/api/v1/models/loans/arrivals").await.expect(StatusCode::OK).json().as_array().unwrap().clone()
}

#[tokio::test]
async fn what_appears_in_a_folder_arrives_once_with_the_day_in_its_name() {
    let root = tempfile::tempdir().unwrap();
    let link_roots = vec![root.path().to_owned()];
    let server = Server::start_with(|config| ServiceConfig { link_roots, ..config }).await;
    let folder = root.path().join("served");
    fs::create_dir(&folder).unwrap();
    settled(&folder.join("2026-05-01.csv"), &rows(300, 100.0));
    settled(&folder.join("2026-05-02.csv"), &rows(301, 100.0));
    settled(&folder.join("broken.parquet"), b"PAR1 and nothing else");
    fs::write(folder.join("2026-05-03.csv"), rows(302, 100.0)).unwrap();
    let asked = json!({"target": "served", "role": "serve", "version": "7", "schedule": "0 6 * * * Europe/Berlin"});
    let made = server
        .json(Method::POST, &format!("{WATCHES}?author=Ada"), asked.clone())
        .await
        .expect(StatusCode::CREATED)
        .json();
    let watch = looked(&server, |watch| watch["last"].is_object()).await;
    assert_eq!(
        (&watch["last"]["arrived"], &watch["last"]["unread"]),
        (&json!(2), &json!(1)),
        "one may still be written"
    );
    assert!(watch["last"]["error"].as_str().unwrap().starts_with("broken.parquet: "), "{watch}");
    assert!(watch["next_at_ms"].as_i64() > watch["last"]["at_ms"].as_i64());
    let came = arrivals(&server).await;
    let told: Vec<(&str, i64)> =
        came.iter().map(|one| (one["snapshot"]["name"].as_str().unwrap(), one["at_ms"].as_i64().unwrap())).collect();
    assert_eq!(told, [("2026-05-02.csv", 1_777_680_000_000), ("2026-05-01.csv", 1_777_593_600_000)]);
    assert_eq!((&came[0]["version"], &came[0]["author"]), (&json!("7"), &json!("Ada")));
    // Looked at again: what was written meanwhile is new, what could not be read is not tried again.
    settled(&folder.join("2026-05-03.csv"), &rows(302, 100.0));
    let at = format!("{WATCHES}/{}", made["id"].as_str().unwrap());
    server.json(Method::POST, &format!("{at}/look"), json!({})).await.expect(StatusCode::NO_CONTENT);
    let watch = looked(&server, |watch| {
        watch["last"]["at_ms"].as_i64() > made["created_at_ms"].as_i64() && watch["last"]["unread"] == 0
    })
    .await;
    assert_eq!(watch["last"]["arrived"], 1, "{watch}");
    let page = server.get("/models/loans").await.expect(StatusCode::OK).body;
    assert!(page.contains("1 file arrived") && page.contains("0 6 * * * Europe/Berlin"), "{page}");
    server.json(Method::POST, WATCHES, asked).await.expect(StatusCode::CONFLICT);
    let removed = Request::delete(&at).body(Body::empty()).unwrap();
    server.send(removed).await.expect(StatusCode::NO_CONTENT);
    assert_eq!(server.get(WATCHES).await.json(), json!([]));
    assert_eq!(arrivals(&server).await.len(), 3, "what arrived stays");
    server.settled().await;
}

#[tokio::test]
async fn a_watch_that_could_never_bring_anything_is_refused() {
    let server = Server::start().await;
    for (asked, status, why) in [
        (json!({"target": "served", "schedule": "0 6 * * *"}), StatusCode::FORBIDDEN, "--link-root"),
        (json!({"target": "", "schedule": "0 6 * * *"}), StatusCode::BAD_REQUEST, "folder"),
        (
            json!({"target": "https://a.example/x.csv", "schedule": "daily"}),
            StatusCode::BAD_REQUEST,
            "is not a schedule",
        ),
    ] {
        let told = server.json(Method::POST, WATCHES, asked).await.expect(status);
        assert!(told.body.contains(why), "{}", told.body);
    }
    // An address inside this machine is asked, refused, and said.
    let inside = json!({"target": "http://127.0.0.1:9/x.csv", "schedule": "0 6 * * *"});
    server.json(Method::POST, WATCHES, inside).await.expect(StatusCode::CREATED);
    let watch = looked(&server, |watch| watch["last"].is_object()).await;
    assert!(watch["last"]["error"].as_str().unwrap().contains("--allow-private-addresses"), "{watch}");
    assert_eq!(
        server.form("/models/loans/watches", "target=s3://b/c/&cron=0 6 * * *&time_zone=UTC").await.location(),
        "/models/loans#watches"
    );
    let watch = server.get(WATCHES).await.json()[1].clone();
    assert_eq!((&watch["target"], &watch["schedule"]), (&json!("s3://b/c/"), &json!("0 6 * * * UTC")));
    server.settled().await;
}

#[tokio::test]
async fn who_watches_slow_places_keeps_nobody_else_waiting() {
    let root = tempfile::tempdir().unwrap();
    let link_roots = vec![root.path().to_owned()];
    let server = Server::start_with(|config| ServiceConfig { link_roots, ..reaching_inside(config) }).await;
    // Connections are taken by the system, and nobody answers.
    let slow = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    for place in 0..6 {
        let target = format!("http://{}/{place}.csv", slow.local_addr().unwrap());
        let asked = json!({"target": target, "schedule": "* * * * *"});
        server.json(Method::POST, "/api/v1/models/slow/watches?author=Ada", asked).await.expect(StatusCode::CREATED);
    }
    settled(&root.path().join("2026-05-01.csv"), &rows(300, 100.0));
    let asked = json!({"target": ".", "schedule": "0 6 * * *"});
    server.json(Method::POST, &format!("{WATCHES}?author=Bob"), asked).await.expect(StatusCode::CREATED);
    let watch = looked(&server, |watch| watch["last"].is_object()).await;
    assert_eq!(watch["last"]["arrived"], 1, "{watch}");
    let waiting = server.get("/api/v1/models/slow/watches").await.expect(StatusCode::OK).json();
    assert!(waiting.as_array().unwrap().iter().all(|one| one["last"].is_null()), "{waiting}");
    server.settled().await;
}

/// Each operation about watches once, with a body that it takes.
pub async fn every_operation(server: &Server) {
    let asked = json!({"target": ".", "schedule": "0 6 * * *"});
    let made = server.json(Method::POST, WATCHES, asked).await.expect(StatusCode::CREATED).json();
    let at = format!("{WATCHES}/{}", made["id"].as_str().unwrap());
    server.get(WATCHES).await.expect(StatusCode::OK);
    server.json(Method::POST, &format!("{at}/look"), json!({})).await.expect(StatusCode::NO_CONTENT);
    server.json(Method::DELETE, &at, json!({})).await.expect(StatusCode::NO_CONTENT);
}
