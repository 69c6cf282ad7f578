//! Findings that people know of and accept: `/api/v1/investigations/{id}/mutes/{finding}` and the forms on the pages.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::harness::{Server, table};
use crate::investigations::diagnosed;

struct Case<'a> {
    server: &'a Server,
    id: String,
}

impl Case<'_> {
    async fn diagnosis(&self) -> Value {
        let path = format!("/api/v1/investigations/{}/diagnosis", self.id);
        self.server.get(&path).await.expect(StatusCode::OK).json()
    }

    async fn mute(&self, finding: &str, grounds: Value) -> crate::harness::Answer {
        let path = format!("/api/v1/investigations/{}/mutes/{finding}", self.id);
        self.server.json(Method::PUT, &path, grounds).await
    }

    async fn unmute(&self, finding: &str) -> crate::harness::Answer {
        let path = format!("/api/v1/investigations/{}/mutes/{finding}?author=Grace", self.id);
        self.server.json(Method::DELETE, &path, json!({})).await
    }

    /// Waits for the diagnosis that is under way.
    async fn until_diagnosed(&self) {
        let job = self.server.get(&format!("/api/v1/investigations/{}/job", self.id)).await.json();
        assert_eq!(self.server.until_over(job["id"].as_str().unwrap()).await["state"], "done");
    }
}

async fn case(server: &Server) -> Case<'_> {
    let id = diagnosed(server).await["id"].as_str().unwrap().to_owned();
    Case { server, id }
}

/// What speaks for the prime suspect.
fn accusing(diagnosis: &Value) -> Vec<String> {
    let ids = diagnosis["suspects"][0]["findings"].as_array().unwrap();
    ids.iter().map(|id| id.as_str().unwrap().to_owned()).collect()
}

fn item<'a>(diagnosis: &'a Value, code: &str) -> &'a Value {
    let layers = diagnosis["layers"].as_array().unwrap().iter();
    layers.flat_map(|layer| layer["items"].as_array().unwrap()).find(|item| item["code"] == code).unwrap()
}

fn in_ms(ms: u64) -> i64 {
    (SystemTime::now() + Duration::from_millis(ms)).duration_since(UNIX_EPOCH).unwrap().as_millis() as i64
}

#[tokio::test]
async fn what_is_known_and_accepted_counts_no_more_until_it_is_unmuted() {
    let server = Server::start().await;
    let case = case(&server).await;
    let before = case.diagnosis().await;
    assert!(before.get("mutes").is_none() && before.get("muted_suspects").is_none());
    let (prime, findings) = (before["suspects"][0].clone(), accusing(&before));
    let code = prime["item"].as_str().unwrap();
    for finding in &findings {
        let grounds = json!({"note": "known since May", "author": "Ada"});
        let now = case.mute(finding, grounds).await.expect(StatusCode::OK).json();
        assert_eq!(now["mutes"][0]["author"], "Ada");
    }

    let muted = case.diagnosis().await;
    assert_eq!(muted["muted_suspects"][0], prime);
    assert_ne!(muted["suspects"].get(0).map(|suspect| &suspect["cause"]), Some(&prime["cause"]));
    assert_eq!((&item(&muted, code)["verdict"], &item(&muted, code)["unmuted"]), (&json!("clear"), &json!("mismatch")));
    assert_eq!(muted["mutes"].as_array().map(Vec::len), Some(findings.len()));
    assert!(muted["mutes"][0].get("back").is_none());
    assert_eq!(muted["findings"].as_array().map(Vec::len), before["findings"].as_array().map(Vec::len));
    let listed = server.get("/api/v1/investigations").await.json();
    assert_ne!(listed[0]["diagnosis"]["prime_suspect"], prime["statement"], "the list accuses nobody who is muted");

    // A later diagnosis of the same files says the same, and what was muted stays so.
    let again = format!("/api/v1/investigations/{}/diagnosis", case.id);
    server.json(Method::POST, &again, json!({})).await.expect(StatusCode::ACCEPTED);
    case.until_diagnosed().await;
    assert_eq!(case.diagnosis().await["muted_suspects"], muted["muted_suspects"]);

    for finding in &findings {
        case.unmute(finding).await.expect(StatusCode::OK);
        case.unmute(finding).await.expect(StatusCode::NOT_FOUND);
    }
    assert_eq!(case.diagnosis().await, before);
    let events = server.get(&format!("/api/v1/investigations/{}", case.id)).await.json()["events"].clone();
    let told = |event: &Value| format!("{} {}", event["author"].as_str().unwrap(), event["text"].as_str().unwrap());
    let told: Vec<String> = events.as_array().unwrap().iter().map(told).collect();
    let muted = events.as_array().unwrap().iter().find(|event| event["kind"] == "finding_muted").unwrap();
    assert_eq!(
        (&muted["reason"]["note"], &muted["finding"]["columns"]),
        (&json!("known since May"), &json!(["amount"]))
    );
    let about = |start: &str, end: &str| told.iter().any(|line| line.starts_with(start) && line.ends_with(end));
    assert!(about("Ada muted “amount", "”: known since May") && about("Grace unmuted “amount", "”"), "{told:?}");
    server.settled().await;
}

#[tokio::test]
async fn mutes_that_make_no_sense_are_refused() {
    let server = Server::start().await;
    let case = case(&server).await;
    let finding = accusing(&case.diagnosis().await).remove(0);
    case.mute("none", json!({})).await.expect(StatusCode::NOT_FOUND);
    case.mute(&finding, json!({"until_ms": 1})).await.expect(StatusCode::BAD_REQUEST);
    case.mute(&finding, json!({"author": "A\nB"})).await.expect(StatusCode::BAD_REQUEST);
    case.mute(&finding, json!({})).await.expect(StatusCode::OK);
    let close = format!("/api/v1/investigations/{}/close", case.id);
    server.json(Method::POST, &close, json!({"text": "It was cents."})).await.expect(StatusCode::OK);
    case.mute(&finding, json!({})).await.expect(StatusCode::CONFLICT);
    case.unmute(&finding).await.expect(StatusCode::CONFLICT);
    server.settled().await;
}

#[tokio::test]
async fn it_comes_back_in_time_but_not_in_what_was_shared_before() {
    let server = Server::start().await;
    let case = case(&server).await;
    let finding = accusing(&case.diagnosis().await).remove(0);
    let until = in_ms(700);
    case.mute(&finding, json!({"author": "Ada", "until_ms": until})).await.expect(StatusCode::OK);
    let links = format!("/api/v1/investigations/{}/share-links", case.id);
    let made = server.json(Method::POST, &links, json!({})).await.expect(StatusCode::CREATED).json();
    tokio::time::sleep(Duration::from_millis(900)).await;

    let now = case.diagnosis().await;
    let said = &now["mutes"][0];
    assert_eq!((&said["back"]["reason"], &said["author"]), (&json!("expired"), &json!("Ada")), "{said}");
    assert!(accusing(&now).contains(&finding));
    let secret = made["secret"].as_str().unwrap();
    let shared = server.get(&format!("/api/v1/shared/{secret}/diagnosis")).await.expect(StatusCode::OK).json();
    assert!(shared["mutes"][0].get("back").is_none(), "the link shows what was so when it was made");
    case.unmute(&finding).await.expect(StatusCode::OK);
    let shared = server.get(&format!("/api/v1/shared/{secret}/diagnosis")).await.json();
    assert_eq!(shared["mutes"][0]["finding"], json!(finding));
    server.settled().await;
}

#[tokio::test]
async fn it_comes_back_when_new_rows_make_it_worse() {
    let server = Server::start().await;
    let case = case(&server).await;
    let investigation = server.get(&format!("/api/v1/investigations/{}", case.id)).await.json();
    let train = investigation["inputs"][0]["snapshot"]["id"].clone();
    let serve_at = async |name: &str, centre: f64| {
        let serve = server.upload(name, &table(600, centre)).await["id"].clone();
        let inputs = json!({"inputs": [["train", train], ["serve", serve]]});
        let path = format!("/api/v1/investigations/{}/inputs", case.id);
        server.json(Method::PUT, &path, inputs).await.expect(StatusCode::OK);
        case.until_diagnosed().await;
    };
    serve_at("a_little_more.csv", 11.5).await;
    let little = case.diagnosis().await;
    let is_drift = |finding: &&Value| finding["detector"] == "D1.column_drift" && finding["columns"][0] == "amount";
    let drift = little["findings"].as_array().unwrap().iter().find(is_drift).unwrap();
    let finding = drift["id"].as_str().unwrap();
    case.mute(finding, json!({"note": "prices rose"})).await.expect(StatusCode::OK);
    assert!(case.diagnosis().await["mutes"][0].get("back").is_none());

    serve_at("three_times.csv", 30.0).await;
    let now = case.diagnosis().await;
    let back = &now["mutes"][0]["back"];
    let (was, is) = (back["was"].as_f64().unwrap(), back["now"].as_f64().unwrap());
    assert!(back["reason"] == "effect_grew" && is > 1.25 * was, "{back}");
    server.settled().await;
}

#[tokio::test]
async fn the_pages_offer_it_by_plain_forms_and_fold_what_is_muted() {
    let server = Server::start().await;
    let case = case(&server).await;
    let diagnosis = case.diagnosis().await;
    let (finding, layer) = (accusing(&diagnosis).remove(0), diagnosis["suspects"][0]["layer"].as_str().unwrap());
    let page = format!("/investigations/{}", case.id);
    let layer_page = format!("{page}/layers/{layer}");
    let before = server.get(&page).await.expect(StatusCode::OK).body;
    assert!(before.contains("Mute the suspect") && !before.contains("muted-finding"));
    assert!(before.contains(" items checked"), "the map says how much was checked");

    let fields = format!(
        "finding={finding}&note=until+the+%3Cmigration%3E&author=Ada&expires_on=2099-05-31&back=layers%2F{layer}"
    );
    assert_eq!(server.form(&format!("{page}/mutes"), &fields).await.location(), layer_page);
    let layer_shown = server.get(&layer_page).await.expect(StatusCode::OK).body;
    for part in ["muted-finding", "31 May 2099", "until the &lt;migration&gt;", "Unmute"] {
        assert!(layer_shown.contains(part), "{part}");
    }
    assert!(server.get(&page).await.body.contains("1 muted"));
    let links = format!("/api/v1{page}/share-links");
    let link = server.json(Method::POST, &links, json!({})).await.expect(StatusCode::CREATED).json();
    let shared = server.get(&format!("/s/{}", link["secret"].as_str().unwrap())).await.expect(StatusCode::OK).body;
    assert!(shared.contains("muted-finding") && !shared.contains("Unmute") && !shared.contains("Mute the suspect"));

    let explained = diagnosis["suspects"][0]["explains"].as_array().unwrap();
    assert!(explained.len() > 1 && before.contains(&format!("and {} findings that it explains", explained.len())));
    let ids: Vec<&str> = explained.iter().map(|id| id.as_str().unwrap()).collect();
    let fields = format!("finding={finding}&finding={}&author=Ada", ids.join("+"));
    assert_eq!(server.form(&format!("{page}/mutes"), &fields).await.location(), page);
    assert_eq!(case.diagnosis().await["mutes"].as_array().map(Vec::len), Some(1 + ids.len()));
    let events = server.get(&page).await.body;
    assert!(events.contains(&format!("muted {} findings (", 1 + ids.len())), "one line for all of them");
    for id in &ids {
        case.unmute(id).await.expect(StatusCode::OK);
    }
    // All of them or none: one that is gone leaves the others as they were.
    let partly = format!("finding={}+gone&author=Ada&back=%3Fof%3D1", ids[0]);
    server.form(&format!("{page}/mutes"), &partly).await.expect(StatusCode::NOT_FOUND);
    assert_eq!(case.diagnosis().await["mutes"].as_array().map(Vec::len), Some(1));
    let listed = format!("finding={finding}&author=Ada&back=%3Fof%3D1%26view%3Dtable");
    let back = format!("{page}?of=1&view=table#findings");
    assert_eq!(server.form(&format!("{page}/mutes"), &listed).await.location(), back);

    server.form(&format!("{page}/mutes"), "finding=+&author=Ada").await.expect(StatusCode::BAD_REQUEST);
    let wrong = format!("finding={finding}&expires_on=31.5.2099");
    server.form(&format!("{page}/mutes"), &wrong).await.expect(StatusCode::BAD_REQUEST);
    let back = format!("finding={finding}&author=Ada");
    assert_eq!(server.form(&format!("{page}/unmute"), &back).await.location(), page);
    assert!(!server.get(&page).await.body.contains("muted-finding"));
    server.settled().await;
}

#[tokio::test]
async fn a_status_holds_until_its_day_and_says_so() {
    let server = Server::start().await;
    let case = case(&server).await;
    let page = format!("/investigations/{}", case.id);
    let fields = "item=F2&status=accepted&note=cents&author=Ada&expires_days=30&back=layers%2Ffeatures";
    server.form(&format!("{page}/statuses"), fields).await.location();
    let investigation = server.service.investigation(&case.id).await.unwrap();
    let until = investigation.statuses[0].until_ms.unwrap();
    assert!((until - in_ms(30 * 86_400_000)).abs() < 60_000, "{until}");
    let told = &investigation.events.last().unwrap().text();
    assert!(told.starts_with("marked F2 as accepted until ") && told.ends_with(": cents"), "{told}");

    let status = json!({"status": "accepted", "until_ms": in_ms(300)});
    let path = format!("/api/v1/investigations/{}/statuses/F2", case.id);
    server.json(Method::PUT, &path, status).await.expect(StatusCode::OK);
    tokio::time::sleep(Duration::from_millis(400)).await;
    let shown = server.get(&format!("{page}/layers/features")).await.expect(StatusCode::OK).body;
    assert!(shown.contains("(expired)"));
    server.json(Method::PUT, &path, json!({"status": "accepted", "until_ms": 5})).await.expect(StatusCode::BAD_REQUEST);
    server.settled().await;
}

#[tokio::test]
async fn what_is_missing_leads_to_where_it_is_brought() {
    let server = Server::start().await;
    let case = case(&server).await;
    let page = format!("/investigations/{}", case.id);
    let map = server.get(&page).await.expect(StatusCode::OK).body;
    assert!(map.contains(&format!("{page}/inputs?add=servinglog#add")), "a serving log is missing and offered");
    let asked = server.get(&format!("{page}/inputs?add=offline")).await.expect(StatusCode::OK).body;
    assert!(asked.contains("value=\"offline\" selected"), "the part asked for is chosen");

    let file = crate::harness::File { name: "rows.csv", bytes: &table(40, 10.0) };
    let added = server.multipart(&format!("{page}/files"), &[("part", "offline")], &[file]).await;
    assert_eq!(added.location(), format!("{page}/inputs"));
    let roles: Vec<&str> =
        server.service.investigation(&case.id).await.unwrap().inputs.iter().map(|input| input.role.id()).collect();
    assert_eq!(roles, ["train", "serve", "offline"]);
    let file = crate::harness::File { name: "rows.csv", bytes: &table(41, 10.0) };
    server.multipart(&format!("{page}/files"), &[("part", "king")], &[file]).await.expect(StatusCode::BAD_REQUEST);
    server.settled().await;
}
