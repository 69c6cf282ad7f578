//! Rules of a model, what they make of its windows, and who is notified: with a receiver that listens.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use axum::routing::post;
use serde_json::{Value, json};

use crate::arrivals::rows;
use crate::harness::{Server, reaching_inside};

/// Far beyond what a message on this machine takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// Something that listens, and what came.
#[derive(Clone, Default)]
pub struct Receiver {
    came: Arc<Mutex<Vec<(HeaderMap, Value)>>>,
    pub refuses: Arc<Mutex<bool>>,
}

impl Receiver {
    pub async fn listen(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/hook?key=s3cret", listener.local_addr().unwrap());
        let app = Router::new().route("/hook", post(take)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        address
    }

    pub fn came(&self) -> Vec<Value> {
        self.came.lock().unwrap().iter().map(|(_, body)| body.clone()).collect()
    }

    /// Once that many messages came.
    pub async fn heard(&self, count: usize) -> Vec<Value> {
        let all = async {
            while self.came().len() < count {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        assert!(
            tokio::time::timeout(PATIENCE, all).await.is_ok(),
            "{} of {count} came: {:?}",
            self.came().len(),
            self.came()
        );
        self.came()
    }
}

async fn take(State(receiver): State<Receiver>, headers: HeaderMap, body: String) -> StatusCode {
    receiver.came.lock().unwrap().push((headers, serde_json::from_str(&body).unwrap()));
    if *receiver.refuses.lock().unwrap() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::NO_CONTENT }
}

async fn sent(server: &Server, day: &str, centre: f64) {
    let request = Request::post(format!("/api/v1/models/loans/arrivals?name={day}.csv&at={day}"));
    server.send(request.body(Body::from(rows(400, centre))).unwrap()).await.expect(StatusCode::CREATED);
    server.settled().await;
}

/// Training data and one sound day.
async fn watched(server: &Server) {
    let train = Request::post("/api/v1/models/loans/arrivals?name=train.csv&role=train");
    server.send(train.body(Body::from(rows(600, 100.0))).unwrap()).await.expect(StatusCode::CREATED);
    sent(server, "2026-05-01", 100.0).await;
}

const RULES: &str = "/api/v1/models/loans/alert-rules";

async fn ruled(server: &Server, rule: Value) -> Value {
    server.json(Method::POST, RULES, rule).await.expect(StatusCode::CREATED).json()
}

async fn channel(server: &Server, address: &str) -> Value {
    let asked = json!({"name": "ml-alerts", "kind": "webhook", "address": address, "secret": "key"});
    server.json(Method::POST, "/api/v1/channels", asked).await.expect(StatusCode::CREATED).json()
}

#[tokio::test]
async fn an_alert_reaches_a_webhook_and_leads_to_the_investigation_of_its_window() {
    let server = Server::start_with(reaching_inside).await;
    let receiver = Receiver::default();
    let made = channel(&server, &receiver.listen().await).await;
    assert_eq!((&made["host"], &made["has_secret"]), (&json!("127.0.0.1"), &json!(true)));
    assert!(!made.to_string().contains("s3cret"), "{made}");
    watched(&server).await;
    let rule = ruled(&server, json!({"watched": {"kind": "any_mismatch"}, "severity": "critical"})).await;
    sent(&server, "2026-05-02", 10_000.0).await;
    let fired = receiver.heard(1).await[0].clone();
    assert_eq!((&fired["kind"], &fired["model"]), (&json!("fired"), &json!("loans")));
    assert_eq!((&fired["alerts"][0]["rule"], &fired["alerts"][0]["severity"]), (&rule["id"], &json!("critical")));
    assert!(fired["alerts"][0]["statement"].as_str().unwrap().contains("amount"), "{fired}");
    assert!(receiver.came.lock().unwrap()[0].0.contains_key("mismatch-signature"));
    // The page that it leads to has the one click.
    let page = fired["url"].as_str().unwrap().strip_prefix("http://127.0.0.1:3000").unwrap().to_owned();
    let shown = server.get(&page).await.expect(StatusCode::OK).body;
    let open = format!("/models/loans/arrivals/{}/investigation", fired["arrival"].as_str().unwrap());
    assert!(shown.contains(&open) && shown.contains("amount"), "{shown}");
    let place = server.form(&open, "author=Ada").await.location().to_owned();
    let diagnosis = server.get(&format!("/api/v1{place}/diagnosis")).await.expect(StatusCode::OK).json();
    assert!(diagnosis["suspects"][0]["statement"].as_str().unwrap().contains("amount"));
    let alerts = server.get("/api/v1/models/loans/alerts").await.expect(StatusCode::OK).json();
    assert_eq!(format!("/investigations/{}", alerts[0]["investigation"].as_str().unwrap()), place);
    assert_eq!(server.get("/api/v1/alerts").await.expect(StatusCode::OK).json(), alerts, "it lasts");
    // A second bad day is the same alert; a sound one ends it.
    sent(&server, "2026-05-03", 10_050.0).await;
    assert_eq!(server.get("/api/v1/alerts").await.json()[0]["windows"], 2);
    sent(&server, "2026-05-04", 100.5).await;
    let heard = receiver.heard(2).await;
    assert_eq!(
        (heard.len(), &heard[1]["kind"], &heard[1]["alerts"][0]["id"]),
        (2, &json!("ended"), &fired["alerts"][0]["id"])
    );
    assert_eq!(server.get("/api/v1/alerts").await.json(), json!([]));
    server.settled().await;
}

#[tokio::test]
async fn a_rule_is_previewed_on_what_arrived_before_it_is_kept() {
    let server = Server::start().await;
    let now = service::store::now_ms();
    let day = |ago: i64| domain::clock::Moment::from_ms(now - ago * 86_400_000);
    let name = |ago: i64| {
        let domain::clock::Moment { year, month, day, .. } = day(ago);
        format!("{year:04}-{month:02}-{day:02}")
    };
    let train = Request::post("/api/v1/models/loans/arrivals?name=train.csv&role=train");
    server.send(train.body(Body::from(rows(600, 100.0))).unwrap()).await.expect(StatusCode::CREATED);
    for (ago, centre) in [(4, 100.0), (3, 10_000.0), (2, 10_010.0), (1, 100.0)] {
        sent(&server, &name(ago), centre).await;
    }
    let previewed = |rule: Value| {
        let server = &server;
        async move { server.json(Method::POST, &format!("{RULES}/preview"), rule).await.expect(StatusCode::OK).json() }
    };
    let any = previewed(json!({"watched": {"kind": "any_mismatch"}})).await;
    assert_eq!(any["words"], "It would have fired once in 4 windows of the last 90 days.");
    assert_eq!(any["alerts"][0]["windows"], 2);
    let often = previewed(json!({"watched": {"kind": "check", "item": "F2", "column": "amount"}, "windows": 3})).await;
    assert_eq!(often["alerts"], json!([]), "{often}");
    let check = previewed(json!({"watched": {"kind": "check", "item": "D1", "at_least": "possible"}})).await;
    assert!(check["not_judged"].as_u64().unwrap() < 4, "{check}");
    let fall = previewed(json!({"watched": {"kind": "fall", "points": 1}})).await;
    assert_eq!(fall["not_judged"], 4, "there are no predictions: {fall}");
    assert!(fall["words"].as_str().unwrap().ends_with("this rule could not fire."));
    // The page shows the same, without scripts, and keeps what was filled in.
    let page =
        server.get("/models/loans/alerts?kind=any_mismatch&windows=2&severity=medium").await.expect(StatusCode::OK);
    assert!(page.body.contains("It would have fired once in 4 windows"), "{}", page.body);
    let wrong =
        server.get("/models/loans/alerts?kind=fall&points=two&windows=1&severity=medium").await.expect(StatusCode::OK);
    assert!(wrong.body.contains("is not a number of points"));
    assert_eq!(server.get(RULES).await.json(), json!([]), "a preview keeps nothing");
    server
        .json(Method::POST, RULES, json!({"watched": {"kind": "fall", "points": -1}}))
        .await
        .expect(StatusCode::BAD_REQUEST);
    ruled(&server, json!({"watched": {"kind": "any_mismatch"}})).await;
    let twice = server.json(Method::POST, RULES, json!({"watched": {"kind": "any_mismatch"}})).await;
    twice.expect(StatusCode::CONFLICT);
    server
        .json(Method::POST, "/api/v1/models/none/alert-rules", json!({"watched": {"kind": "any_mismatch"}}))
        .await
        .expect(StatusCode::NOT_FOUND);
    server.settled().await;
}

#[tokio::test]
async fn a_silenced_rule_notifies_nobody_until_its_silence_ends() {
    let server = Server::start_with(reaching_inside).await;
    let receiver = Receiver::default();
    channel(&server, &receiver.listen().await).await;
    watched(&server).await;
    let rule = ruled(&server, json!({"watched": {"kind": "suspect", "at_least": 0.3}})).await;
    let at = format!("{RULES}/{}/silence", rule["id"].as_str().unwrap());
    let until = service::store::now_ms() + 86_400_000;
    server.json(Method::PUT, &at, json!({"until_ms": until, "reason": " "})).await.expect(StatusCode::BAD_REQUEST);
    server.json(Method::PUT, &at, json!({"until_ms": 5, "reason": "known"})).await.expect(StatusCode::BAD_REQUEST);
    server.json(Method::PUT, &at, json!({"until_ms": until, "reason": "known"})).await.expect(StatusCode::NO_CONTENT);
    sent(&server, "2026-05-02", 10_000.0).await;
    assert_eq!(server.get("/api/v1/alerts").await.json()[0]["is_silenced"], true);
    let end = Request::delete(&at).body(Body::empty()).unwrap();
    server.send(end).await.expect(StatusCode::NO_CONTENT);
    sent(&server, "2026-05-03", 10_050.0).await;
    assert_eq!(receiver.heard(1).await.len(), 1, "it still lasts, so it is said now");
    let gone = Request::delete(format!("{RULES}/{}", rule["id"].as_str().unwrap())).body(Body::empty()).unwrap();
    server.send(gone).await.expect(StatusCode::NO_CONTENT);
    assert_eq!(server.get("/api/v1/alerts").await.json(), json!([]));
    assert!(server.get("/api/v1/models/loans/alerts").await.json()[0]["ended_at_ms"].is_i64());
    server.settled().await;
}

#[tokio::test]
async fn what_a_receiver_refuses_is_kept_and_tried_again() {
    let server = Server::start_with(reaching_inside).await;
    let receiver = Receiver::default();
    let made = channel(&server, &receiver.listen().await).await;
    let at = format!("/api/v1/channels/{}", made["id"].as_str().unwrap());
    server.json(Method::POST, &format!("{at}/test"), json!({})).await.expect(StatusCode::NO_CONTENT);
    assert_eq!(receiver.heard(1).await[0]["kind"], "test");
    *receiver.refuses.lock().unwrap() = true;
    let told = server.json(Method::POST, &format!("{at}/test"), json!({})).await.expect(StatusCode::BAD_REQUEST);
    assert!(told.body.contains("127.0.0.1 answered with status 503"), "{}", told.body);
    watched(&server).await;
    ruled(&server, json!({"watched": {"kind": "any_mismatch"}})).await;
    sent(&server, "2026-05-02", 10_000.0).await;
    receiver.heard(3).await;
    let waiting = async {
        loop {
            let found = server.get("/api/v1/deliveries").await.expect(StatusCode::OK).json()[0].clone();
            if found["attempts"] == 1 {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let waiting = tokio::time::timeout(PATIENCE, waiting).await.unwrap();
    assert_eq!(waiting["state"], "waiting");
    assert!(
        waiting["error"].as_str().unwrap().contains("status 503")
            && waiting["at_ms"].as_i64() > waiting["created_at_ms"].as_i64()
    );
    // Only what was given up is sent again by hand.
    let again = format!("{at}/deliveries/{}", waiting["id"].as_str().unwrap());
    server.json(Method::POST, &again, json!({})).await.expect(StatusCode::NOT_FOUND);
    let page = server.get("/channels").await.expect(StatusCode::OK).body;
    assert!(page.contains("status 503") && !page.contains("s3cret"), "{page}");
    let removed = Request::delete(&at).body(Body::empty()).unwrap();
    server.send(removed).await.expect(StatusCode::OK);
    assert_eq!(server.get("/api/v1/deliveries").await.json(), json!([]), "what was on its way goes too");
    server.settled().await;
}

#[tokio::test]
async fn messages_stay_out_of_private_networks_unless_that_is_allowed() {
    let server = Server::start().await;
    let receiver = Receiver::default();
    let made = channel(&server, &receiver.listen().await).await;
    let test = format!("/api/v1/channels/{}/test", made["id"].as_str().unwrap());
    let refused = server.json(Method::POST, &test, json!({})).await.expect(StatusCode::FORBIDDEN);
    assert!(refused.body.contains("--allow-private-addresses") && receiver.came().is_empty());
    for (wrong, why) in [
        (json!({"name": "", "kind": "webhook", "address": "https://a.example"}), "name"),
        (json!({"name": "a", "kind": "webhook", "address": "file:///etc/passwd"}), "https://"),
        (json!({"name": "a", "kind": "pager_duty"}), "routing key"),
        (
            json!({"name": "a", "kind": "slack", "address": "https://a.example", "quiet": {"from": "22:00", "until": "07:00", "time_zone": "Mars/Olympus"}}),
            "time zone",
        ),
    ] {
        let told = server.json(Method::POST, "/api/v1/channels", wrong).await.expect(StatusCode::BAD_REQUEST);
        assert!(told.body.contains(why), "{}", told.body);
    }
    let form = "name=night&kind=slack&address=https://hooks.example/x&from=high&quiet_from=22:00&quiet_until=07:00&time_zone=Europe/Berlin&digest_day=monday&digest_at=08:00&models=loans";
    assert_eq!(server.form("/channels", form).await.location(), "/channels#channels");
    let all = server.get("/api/v1/channels").await.expect(StatusCode::OK).json();
    let night = &all[1];
    assert_eq!(
        (&night["name"], &night["quiet"]["until"], &night["digest"]["day"]),
        (&json!("night"), &json!("07:00"), &json!("monday"))
    );
    assert_eq!(night["models"], json!(["loans"]));
    let half =
        server.form("/channels", "name=b&kind=slack&address=https://hooks.example/x&from=high&quiet_from=22:00").await;
    assert_eq!(half.status, StatusCode::BAD_REQUEST);
    server.settled().await;
}

/// Addresses of workflows are longer than names: about 400 characters with Teams.
#[tokio::test]
async fn addresses_and_secrets_are_as_long_as_the_document_says() {
    let server = Server::start().await;
    let asked = |address: usize, secret: usize| {
        let (address, secret) = (format!("https://a.example/{}", "x".repeat(address - 18)), "s".repeat(secret));
        json!({"name": "flow", "kind": "teams", "address": address, "secret": secret})
    };
    let channels = "/api/v1/channels";
    let made = server.json(Method::POST, channels, asked(2_000, 1_000)).await.expect(StatusCode::CREATED).json();
    assert_eq!(made["host"], "a.example");
    for (address, secret, what) in
        [(2_001, 10, "the address to at most 2000"), (100, 1_001, "the secret to at most 1000")]
    {
        let refused = server.json(Method::POST, channels, asked(address, secret)).await.expect(StatusCode::BAD_REQUEST);
        assert!(refused.body.contains(what), "{}", refused.body);
    }
    let watch =
        |length: usize| json!({"target": format!("s3://b/{}/", "x".repeat(length - 8)), "schedule": "0 6 * * *"});
    let watches = "/api/v1/models/loans/watches";
    server.json(Method::POST, watches, watch(2_000)).await.expect(StatusCode::CREATED);
    let refused = server.json(Method::POST, watches, watch(2_001)).await.expect(StatusCode::BAD_REQUEST);
    assert!(refused.body.contains("the target to at most 2000"), "{}", refused.body);
    server.settled().await;
}

/// Each operation about alerts and channels once, with a body that it takes.
pub async fn every_operation(server: &Server) {
    let receiver = Receiver::default();
    let made = channel(server, &receiver.listen().await).await;
    let at = format!("/api/v1/channels/{}", made["id"].as_str().unwrap());
    let rule = ruled(server, json!({"watched": {"kind": "no_arrivals", "hours": 26}})).await;
    let rule = format!("{RULES}/{}", rule["id"].as_str().unwrap());
    let until = service::store::now_ms() + 86_400_000;
    for (method, path, body) in [
        (Method::GET, "/api/v1/channels".to_owned(), json!({})),
        (Method::POST, format!("{at}/test"), json!({})),
        (Method::GET, "/api/v1/deliveries".to_owned(), json!({})),
        (Method::GET, RULES.to_owned(), json!({})),
        (Method::POST, format!("{RULES}/preview"), json!({"watched": {"kind": "suspect", "at_least": 0.5}})),
        (Method::PUT, format!("{rule}/silence"), json!({"until_ms": until, "reason": "known"})),
        (Method::DELETE, format!("{rule}/silence"), json!({})),
        (Method::DELETE, rule, json!({})),
        (Method::GET, "/api/v1/alerts".to_owned(), json!({})),
        (Method::GET, "/api/v1/models/loans/alerts".to_owned(), json!({})),
        (Method::GET, "/api/v1/weekly/digest?week=2026-W48".to_owned(), json!({})),
    ] {
        let answer = server.json(method, &path, body).await;
        assert!(answer.status.is_success(), "{path}: {} {}", answer.status, answer.body);
    }
    // Given up after hours of tries: as the store has it then.
    let path = server.data.path().join("mismatch.db");
    let store = service::store::Store::open(&service::store::sqlite_url(&path)).await.unwrap();
    let message = domain::alert::Message {
        kind: domain::alert::MessageKind::Ended,
        model: "loans".to_owned(),
        title: "loans: over".to_owned(),
        alerts: Vec::new(),
        arrival: None,
        lines: Vec::new(),
        at_ms: 0,
    };
    let later =
        service::store::NewDelivery { channel: made["id"].as_str().unwrap().to_owned(), message, at_ms: i64::MAX };
    assert!(store.keep_alerts(&[], &[later]).await.unwrap());
    let waiting = store.deliveries(1).await.unwrap().remove(0);
    let id = waiting.id.clone();
    let given_up = domain::alert::Delivery { state: domain::alert::DeliveryState::GivenUp, at_ms: until, ..waiting };
    store.set_delivery(&given_up).await.unwrap();
    store.close().await;
    server.json(Method::POST, &format!("{at}/deliveries/{id}"), json!({})).await.expect(StatusCode::NO_CONTENT);
    server.json(Method::DELETE, &at, json!({})).await.expect(StatusCode::OK);
}
