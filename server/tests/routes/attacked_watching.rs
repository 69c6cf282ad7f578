//! What was found when rules, channels and watches were attacked: each as it was done.

use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use domain::alert::DeliveryState;
use domain::visitor::Visitor;
use serde_json::{Value, json};
use service::ServiceConfig;
use service::store::{Store, now_ms, sqlite_url};

use crate::alerts::Receiver;
use crate::arrivals::rows;
use crate::attacked_at_once::at_once;
use crate::harness::{Server, reaching_inside};
use crate::team::{Team, With, with_accounts};

const PATIENCE: Duration = Duration::from_secs(60);

/// Asks again and again until something is so.
async fn until<T>(what: &str, asked: impl AsyncFn() -> Option<T>) -> T {
    let found = async {
        loop {
            if let Some(found) = asked().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, found).await.unwrap_or_else(|_late| panic!("{what} did not come"))
}

async fn arrived(server: &Server, name: &str, role: &str, day: &str, centre: f64) -> Value {
    let to = format!("/api/v1/models/loans/arrivals?name={name}&role={role}&at={day}");
    let sent = server.send(Request::post(to).body(Body::from(rows(400, centre))).unwrap()).await;
    let sent = sent.expect(StatusCode::CREATED).json();
    server.settled().await;
    sent
}

#[tokio::test]
async fn the_same_rule_and_the_same_watch_are_made_once_however_many_ask_at_once() {
    let root = tempfile::tempdir().unwrap();
    let link_roots = vec![root.path().to_owned()];
    let server = Server::start_with(|config| ServiceConfig { link_roots, ..config }).await;
    arrived(&server, "train.csv", "train", "2026-05-01", 100.0).await;
    for (place, asked) in [
        ("alert-rules", json!({"watched": {"kind": "any_mismatch"}})),
        ("watches", json!({"target": ".", "schedule": "0 6 * * *"})),
    ] {
        let path = format!("/api/v1/models/loans/{place}");
        let answers = at_once((0..12).map(|_| server.json(Method::POST, &path, asked.clone()))).await;
        let made = answers.iter().filter(|answer| answer.status == StatusCode::CREATED).count();
        assert_eq!(made, 1, "{place}");
        assert_eq!(server.get(&path).await.json().as_array().unwrap().len(), 1, "{place}");
    }
    server.settled().await;
}

#[tokio::test]
async fn a_rule_that_is_removed_ends_its_alerts_where_they_are_kept_open() {
    let server = Server::start_with(reaching_inside).await;
    let (open, chat) = (Receiver::default(), Receiver::default());
    for (kind, receiver) in [("alertmanager", &open), ("webhook", &chat)] {
        let asked = json!({"name": kind, "kind": kind, "address": receiver.listen().await});
        server.json(Method::POST, "/api/v1/channels", asked).await.expect(StatusCode::CREATED);
    }
    arrived(&server, "train.csv", "train", "2026-05-01", 100.0).await;
    let rules = "/api/v1/models/loans/alert-rules";
    let asked = json!({"watched": {"kind": "any_mismatch"}});
    let rule = server.json(Method::POST, rules, asked).await.expect(StatusCode::CREATED).json();
    let window = arrived(&server, "day.csv", "serve", "2026-05-02", 10_000.0).await;
    open.heard(1).await;
    chat.heard(1).await;
    let removed = format!("{rules}/{}", rule["id"].as_str().unwrap());
    server.json(Method::DELETE, &removed, json!({})).await.expect(StatusCode::NO_CONTENT);
    let ended = open.heard(2).await[1].clone();
    assert!(ended.to_string().contains("endsAt"), "{ended}");
    assert_eq!(server.get("/api/v1/alerts").await.json(), json!([]));
    // A rule whose only window is taken out has nothing to show any more.
    server.json(Method::POST, rules, json!({"watched": {"kind": "any_mismatch"}})).await.expect(StatusCode::CREATED);
    let again = format!("/api/v1/models/loans/arrivals/{}", window["id"].as_str().unwrap());
    server.json(Method::POST, &format!("{again}/judging"), json!({})).await.expect(StatusCode::OK);
    server.settled().await;
    chat.heard(2).await;
    assert_eq!(server.get("/api/v1/alerts").await.json().as_array().unwrap().len(), 1);
    server.json(Method::DELETE, &again, json!({})).await.expect(StatusCode::OK);
    assert_eq!(server.get("/api/v1/alerts").await.json(), json!([]));
    assert_eq!(chat.heard(3).await[2]["kind"], "ended");
    server.settled().await;
}

#[tokio::test]
async fn a_message_that_waits_does_not_leave_after_its_model_was_closed() {
    let server = Server::start_with(reaching_inside).await;
    let receiver = Receiver::default();
    *receiver.refuses.lock().unwrap() = true;
    let asked = json!({"name": "all", "kind": "webhook", "address": receiver.listen().await});
    server.json(Method::POST, "/api/v1/channels", asked).await.expect(StatusCode::CREATED);
    arrived(&server, "train.csv", "train", "2026-05-01", 100.0).await;
    let asked = json!({"watched": {"kind": "any_mismatch"}});
    server.json(Method::POST, "/api/v1/models/loans/alert-rules", asked).await.expect(StatusCode::CREATED);
    arrived(&server, "day.csv", "serve", "2026-05-02", 10_000.0).await;
    receiver.heard(1).await;
    let store = Store::open(&sqlite_url(&server.data.path().join("mismatch.db"))).await.unwrap();
    let refused = until("the refusal", async || {
        store.deliveries(1).await.unwrap().pop().filter(|delivery| delivery.attempts == 1)
    })
    .await;
    store.set_openness("loans", domain::model_access::Openness::Members, &[]).await.unwrap();
    *receiver.refuses.lock().unwrap() = false;
    // As if the half minute before the next try were over.
    store.set_delivery(&domain::alert::Delivery { at_ms: now_ms(), ..refused }).await.unwrap();
    let given_up = until("the end of it", async || {
        store.deliveries(1).await.unwrap().pop().filter(|delivery| delivery.state == DeliveryState::GivenUp)
    })
    .await;
    assert!(given_up.error.contains("members only"), "{}", given_up.error);
    assert_eq!(receiver.came().len(), 1);
    store.close().await;
    server.settled().await;
}

#[tokio::test]
async fn a_watch_ends_with_what_its_maker_may_do_and_shows_viewers_no_secret() {
    let root = tempfile::tempdir().unwrap();
    let link_roots = vec![root.path().to_owned()];
    let team = Team::start_with(|config| with_accounts(ServiceConfig { link_roots, ..config })).await;
    let [admin, editor, viewer] =
        [&team.admin, &team.editor, &team.viewer].map(|session| With::Session(session.clone()));
    let watches = "/api/v1/models/loans/watches";
    for target in ["https://127.0.0.1:9/x.csv?token=s3cret", "."] {
        let asked = json!({"target": target, "schedule": "0 6 * * *"});
        team.json(&editor, "POST", watches, asked).await.expect(StatusCode::CREATED);
    }
    for (with, sees) in [(&admin, true), (&editor, true), (&viewer, false)] {
        for path in [watches, "/models/loans"] {
            let shown = team.get(with, path).await.expect(StatusCode::OK).body;
            assert_eq!(shown.contains("s3cret"), sees, "{path}: {shown}");
        }
    }
    let folder = async || {
        let all = team.get(&admin, watches).await.expect(StatusCode::OK).json();
        all.as_array().unwrap().iter().find(|one| one["target"] == ".").unwrap().clone()
    };
    let looked = until("the first look", async || Some(folder().await).filter(|one| one["last"].is_object())).await;
    assert_eq!(looked["last"]["error"], "");
    let Visitor::SignedIn(grace) = team.visitor(&team.editor).await else { panic!("she is signed in") };
    let disable = format!("/people/{}/disable", grace.account.id);
    team.form(&admin, &disable, "").await.expect(StatusCode::SEE_OTHER);
    let path = root.path().join("2026-05-01.csv");
    fs::write(&path, rows(300, 100.0)).unwrap();
    let settled = SystemTime::now() - PATIENCE;
    File::options().write(true).open(&path).unwrap().set_modified(settled).unwrap();
    let look = format!("{watches}/{}/look", looked["id"].as_str().unwrap());
    team.json(&admin, "POST", &look, json!({})).await.expect(StatusCode::NO_CONTENT);
    let refused =
        until("the second look", async || Some(folder().await).filter(|one| one["last"]["error"] != "")).await;
    assert!(refused["last"]["error"].as_str().unwrap().contains("Grace may not change this model"), "{refused}");
    assert_eq!(team.get(&admin, "/api/v1/models/loans/arrivals").await.expect(StatusCode::OK).json(), json!([]));
    team.server.settled().await;
}
