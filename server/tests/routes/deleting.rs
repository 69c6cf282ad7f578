//! What is deleted is gone: from the lists, from the database's file and from the disk.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use service::store::now_ms;
use service::{Retention, ServiceConfig};

use crate::harness::{Server, table};

/// A word that stands nowhere by chance.
const SECRET: &str = "Xylophonquitte";

async fn investigation(server: &Server, title: &str, inputs: &[&Value]) -> String {
    let inputs: Vec<Value> = inputs.iter().map(|one| json!([one["guessed_role"], one["id"]])).collect();
    let new = json!({"title": title, "inputs": inputs});
    let made = server.json(Method::POST, "/api/v1/investigations", new).await.expect(StatusCode::CREATED).json();
    server.settled().await;
    made["id"].as_str().unwrap().to_owned()
}

fn with_secret(rows: Vec<u8>) -> Vec<u8> {
    String::from_utf8(rows).unwrap().replace("north", SECRET).into_bytes()
}

/// The files below the data folder that hold the word.
fn holding(server: &Server, word: &str) -> Vec<String> {
    fn look(folder: &std::path::Path, word: &[u8], found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                look(&path, word, found);
            } else {
                let bytes = std::fs::read(&path).unwrap();
                let places = (0..bytes.len()).filter(|place| bytes[*place..].starts_with(word));
                let around =
                    |place: usize| String::from_utf8_lossy(&bytes[place.saturating_sub(60)..place + word.len()]);
                found.extend(places.map(|place| format!("{}: {}", path.display(), around(place))));
            }
        }
    }
    let mut found = Vec::new();
    look(server.data.path(), word.as_bytes(), &mut found);
    found
}

#[tokio::test]
async fn a_deleted_investigation_is_gone_with_its_files_from_the_database_and_the_disk() {
    let server = Server::start().await;
    let train = server.upload("train.csv", &with_secret(table(300, 1.0))).await;
    let serve = server.upload("serve.csv", &with_secret(table(300, 9.0))).await;
    let id = investigation(&server, SECRET, &[&train, &serve]).await;
    let at = |rest: &str| format!("/api/v1/investigations/{id}{rest}");
    server.json(Method::POST, &at("/notes"), json!({"text": SECRET, "author": SECRET})).await.expect(StatusCode::OK);
    let shared = server.json(Method::POST, &at("/share-links"), json!({})).await.expect(StatusCode::CREATED).json();
    server.get(&format!("/s/{}", shared["secret"].as_str().unwrap())).await.expect(StatusCode::OK);
    server.get(&format!("/investigations/{id}/compare?column=region")).await.expect(StatusCode::OK);
    assert!(!holding(&server, SECRET).is_empty() && !server.files_in("diagnoses").is_empty());

    let gone = server.json(Method::DELETE, &at("?author=Ada"), json!({})).await.expect(StatusCode::OK).json();
    assert_eq!(gone, json!({"files": ["train.csv", "serve.csv"], "kept": []}));
    for folder in ["blobs", "diagnoses", "profiles", "measured", "converted"] {
        assert_eq!(server.files_in(folder), [""; 0], "{folder}");
    }
    server.get(&at("")).await.expect(StatusCode::NOT_FOUND);
    server.get(&at("/diagnosis")).await.expect(StatusCode::NOT_FOUND);
    server.get(&format!("/s/{}", shared["secret"].as_str().unwrap())).await.expect(StatusCode::NOT_FOUND);
    assert!(!server.get("/api/v1/investigations").await.body.contains(&id));
    assert_eq!(server.get("/api/v1/snapshots").await.json(), json!([]));
    // The log of deletions names what was deleted, and nothing else has a trace of it.
    sqlx::any::install_default_drivers();
    let file = server.data.path().join("mismatch.db");
    let pool = sqlx::AnyPool::connect(&format!("sqlite://{}", file.display())).await.unwrap();
    let what: Vec<String> = sqlx::query_scalar("select what from audit order by seq").fetch_all(&pool).await.unwrap();
    assert_eq!(what.len(), 3, "{what:?}");
    assert!(what[0].contains("investigation_deleted") && what[0].contains(SECRET));
    pool.close().await;
    let traces = holding(&server, SECRET).into_iter().filter(|trace| !trace.contains("investigation_deleted"));
    assert_eq!(traces.collect::<Vec<_>>(), [""; 0]);
    // The same files can come again.
    let again = server.upload("train.csv", &with_secret(table(300, 1.0))).await;
    server.settled().await;
    assert_ne!(again["id"], train["id"]);
}

#[tokio::test]
async fn a_file_that_somebody_uses_stays_and_says_who() {
    let server = Server::start().await;
    let train = server.upload("train.csv", &table(200, 1.0)).await;
    let serve = server.upload("serve.csv", &table(200, 9.0)).await;
    let first = investigation(&server, "First", &[&train, &serve]).await;
    let second = investigation(&server, "Second", &[&train]).await;
    let path = |snapshot: &Value| format!("/api/v1/snapshots/{}", snapshot["id"].as_str().unwrap());
    let refused = server.json(Method::DELETE, &path(&train), json!({})).await.expect(StatusCode::CONFLICT);
    assert!(refused.body.contains("“First”, “Second”"), "{}", refused.body);
    let gone = server.json(Method::DELETE, &format!("/api/v1/investigations/{first}"), json!({})).await.json();
    assert_eq!(gone["files"], json!(["serve.csv"]));
    assert_eq!(gone["kept"], json!([{"name": "train.csv", "used_by": ["Second"]}]));
    server.get(&path(&train)).await.expect(StatusCode::OK);
    server.get(&path(&serve)).await.expect(StatusCode::NOT_FOUND);
    assert_eq!(server.files_in("blobs").len(), 1);
    // The other one still works, from the start.
    server
        .json(Method::POST, &format!("/api/v1/investigations/{second}/diagnosis"), json!({}))
        .await
        .expect(StatusCode::ACCEPTED);
    server.settled().await;
    server.get(&format!("/api/v1/investigations/{second}/diagnosis")).await.expect(StatusCode::OK);
    let kept = format!("/api/v1/investigations/{second}?files=keep");
    let gone = server.json(Method::DELETE, &kept, json!({})).await.expect(StatusCode::OK).json();
    assert_eq!(gone["kept"][0]["name"], "train.csv");
    server.json(Method::DELETE, &path(&train), json!({})).await.expect(StatusCode::OK);
    server.json(Method::DELETE, &path(&train), json!({})).await.expect(StatusCode::NOT_FOUND);
    assert_eq!(server.files_in("blobs"), [""; 0]);
}

#[tokio::test]
async fn by_form_somebody_has_to_be_sure() {
    let server = Server::start().await;
    let id = investigation(&server, "Plans", &[&server.upload("train.csv", &table(50, 1.0)).await]).await;
    let path = format!("/investigations/{id}/delete");
    let unsure = server.form(&path, "").await.expect(StatusCode::BAD_REQUEST);
    assert!(unsure.body.contains("Tick that you are sure"), "{}", unsure.body);
    server.get(&format!("/api/v1/investigations/{id}")).await.expect(StatusCode::OK);
    assert_eq!(server.form(&path, "sure=1&keep_files=1").await.location(), "/");
    server.get(&format!("/api/v1/investigations/{id}")).await.expect(StatusCode::NOT_FOUND);
    assert_eq!(server.files_in("blobs").len(), 1);
    server.form(&path, "sure=1").await.expect(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_too_old_is_deleted_with_its_files_and_nothing_else_is() {
    let retention = Retention { archived_days: Some(30), closed_days: Some(90), unused_files_days: Some(10) };
    let server = Server::start_with(|config| ServiceConfig { retention, ..config }).await;
    let files: Vec<Value> = {
        let mut files = Vec::new();
        for (place, name) in ["archived.csv", "closed.csv", "open.csv", "unused.csv"].iter().enumerate() {
            files.push(server.upload(name, &table(60 + place, 1.0)).await);
        }
        files
    };
    let archived = investigation(&server, "Archived", &[&files[0]]).await;
    let closed = investigation(&server, "Closed", &[&files[1]]).await;
    let open = investigation(&server, "Open", &[&files[2]]).await;
    let at = |id: &str, rest: &str| format!("/api/v1/investigations/{id}{rest}");
    server.json(Method::POST, &at(&archived, "/archive"), json!({})).await.expect(StatusCode::OK);
    server.json(Method::POST, &at(&closed, "/close"), json!({"text": "Done."})).await.expect(StatusCode::OK);
    let in_days = |days: i64| now_ms() + days * 86_400_000;
    assert_eq!(server.service.delete_old(in_days(9)).await.unwrap(), (0, 0));
    assert_eq!(server.service.delete_old(in_days(11)).await.unwrap(), (0, 1), "the file that nothing uses");
    assert_eq!(server.service.delete_old(in_days(31)).await.unwrap(), (1, 1));
    server.get(&at(&archived, "")).await.expect(StatusCode::NOT_FOUND);
    server.get(&at(&closed, "")).await.expect(StatusCode::OK);
    assert_eq!(server.service.delete_old(in_days(91)).await.unwrap(), (1, 1));
    server.get(&at(&closed, "")).await.expect(StatusCode::NOT_FOUND);
    assert_eq!(server.service.delete_old(in_days(4_000)).await.unwrap(), (0, 0), "what is open stays");
    server.get(&at(&open, "")).await.expect(StatusCode::OK);
    assert_eq!(server.files_in("blobs").len(), 1);
    server.settled().await;
}

#[tokio::test]
async fn the_list_of_stored_files_offers_to_delete_what_nothing_uses_and_refuses_the_rest() {
    let server = Server::start().await;
    let used = server.upload("train.csv", &table(300, 1.0)).await;
    let unused = server.upload("unused.csv", &table(20, 9.0)).await;
    investigation(&server, "Uses it", &[&used]).await;
    let page = server.get("/files").await.expect(StatusCode::OK).body;
    let delete = |snapshot: &Value| format!("/snapshots/{}/delete", snapshot["id"].as_str().unwrap());
    assert!(page.contains(&delete(&unused)) && !page.contains(&delete(&used)) && page.contains("Uses it"), "{page}");
    server.form(&delete(&unused), "").await.expect(StatusCode::BAD_REQUEST);
    let refused = server.form(&delete(&used), "sure=yes").await.expect(StatusCode::CONFLICT);
    assert!(refused.body.contains("Uses it"), "{}", refused.body);
    let done = server.form(&delete(&unused), "sure=yes").await.expect(StatusCode::SEE_OTHER);
    assert_eq!(done.headers["location"], "/files");
    let page = server.get("/files").await.expect(StatusCode::OK).body;
    assert!(!page.contains("unused.csv") && page.contains("train.csv"), "{page}");
    server.form(&delete(&unused), "sure=yes").await.expect(StatusCode::NOT_FOUND);
    server.settled().await;
}
