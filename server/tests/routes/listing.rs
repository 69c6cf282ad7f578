//! The list of investigations, and what people change about them: `/`, `/api/v1/investigations` and the forms.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::harness::Server;
use crate::investigations::diagnosed;

async fn opened(server: &Server, title: &str, model: &str, author: &str) -> String {
    let new = json!({"title": title, "model": model, "author": author});
    let made = server.json(Method::POST, "/api/v1/investigations", new).await.expect(StatusCode::CREATED).json();
    made["id"].as_str().unwrap().to_owned()
}

async fn titles(server: &Server, query: &str) -> Vec<String> {
    let listed = server.get(&format!("/api/v1/investigations{query}")).await.expect(StatusCode::OK).json();
    listed.as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn investigations_are_found_by_what_they_hold() {
    let server = Server::start().await;
    let (first, second) = (
        opened(&server, "Größe fell", "loans", "Ada").await,
        opened(&server, "Latency 100% up", "fraud", "Grace").await,
    );
    let at = |id: &str, rest: &str| format!("/api/v1/investigations/{id}/{rest}");
    server.json(Method::POST, &at(&first, "notes"), json!({"text": "The EXPORTER changed."})).await;
    assert_eq!(titles(&server, "").await, ["Größe fell", "Latency 100% up"], "a note is a change");
    assert_eq!(titles(&server, "?sort=created").await, ["Latency 100% up", "Größe fell"]);
    for (query, found) in [
        ("?search=gr%C3%B6%C3%9Fe", "Größe fell"),
        ("?search=exporter%20loans", "Größe fell"),
        ("?search=100%25", "Latency 100% up"),
        ("?search=grace", "Latency 100% up"),
        ("?owner=Ada", "Größe fell"),
        ("?limit=1&offset=1", "Latency 100% up"),
    ] {
        assert_eq!(titles(&server, query).await, [found], "{query}");
    }
    assert!(
        titles(&server, "?search=exporter%20fraud").await.is_empty() && titles(&server, "?search=_").await.is_empty()
    );
    server.get("/api/v1/investigations?state=king").await.expect(StatusCode::BAD_REQUEST);

    let closing = json!({"text": "Nothing was wrong.", "cause": "a typo", "author": "Ada"});
    server.json(Method::POST, &at(&second, "close"), closing).await.expect(StatusCode::OK);
    assert_eq!(titles(&server, "?state=closed&search=typo").await, ["Latency 100% up"]);
    server.json(Method::POST, &at(&second, "archive"), json!({"author": "Ada"})).await.expect(StatusCode::OK);
    server.json(Method::POST, &at(&second, "archive"), json!({})).await.expect(StatusCode::CONFLICT);
    assert_eq!(titles(&server, "?state=current").await, ["Größe fell"]);
    assert_eq!(titles(&server, "?state=archived").await, ["Latency 100% up"]);
    let page = server.get("/").await.expect(StatusCode::OK).body;
    assert!(page.contains("Größe fell") && !page.contains("Latency 100% up"), "{page}");
    let page = server.get("/?state=archived&search=latency").await.expect(StatusCode::OK).body;
    assert!(page.contains("Latency 100% up") && page.contains("Verdict: Nothing was wrong."), "{page}");
    server.json(Method::POST, &at(&second, "unarchive"), json!({})).await.expect(StatusCode::OK);
    server.json(Method::POST, &at(&second, "unarchive"), json!({})).await.expect(StatusCode::CONFLICT);
    assert_eq!(titles(&server, "?state=current&sort=title").await, ["Größe fell", "Latency 100% up"]);
    server.settled().await;
}

/// What is muted, decided and concluded is on the start page with the next request.
#[tokio::test]
async fn the_list_follows_what_people_decide_at_once() {
    let server = Server::start().await;
    let id = diagnosed(&server).await["id"].as_str().unwrap().to_owned();
    let at = |rest: &str| format!("/api/v1/investigations/{id}/{rest}");
    let listed = async || server.get("/api/v1/investigations").await.json()[0]["diagnosis"].clone();
    let diagnosis = server.get(&at("diagnosis")).await.json();
    let prime = diagnosis["suspects"][0].clone();
    let key = format!("{}(amount)", prime["cause"].as_str().unwrap());
    let decide = async |ruling: Value| {
        let decision = json!({"suspect": key, "ruling": ruling});
        server.json(Method::PUT, &at("decisions"), decision).await.expect(StatusCode::OK);
    };
    assert_eq!(listed().await["prime_suspect"], prime["statement"]);
    decide(json!("confirmed")).await;
    assert_eq!(listed().await["confirmed"], json!([prime["statement"]]));
    let page = server.get("/").await.body;
    assert!(page.contains(&format!("Cause: {}", prime["statement"].as_str().unwrap())), "{page}");
    decide(json!("ruled_out")).await;
    assert_eq!((&listed().await["ruled_out_suspects"], &listed().await["confirmed"]), (&json!(1), &json!([])));
    decide(Value::Null).await;
    assert_eq!(listed().await["prime_suspect"], prime["statement"]);

    let finding = prime["findings"][0].as_str().unwrap();
    let soon = std::time::SystemTime::now() + std::time::Duration::from_millis(400);
    let soon = soon.duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64;
    let mute = json!({"until_ms": soon});
    for finding in prime["findings"].as_array().unwrap() {
        let path = at(&format!("mutes/{}", finding.as_str().unwrap()));
        server.json(Method::PUT, &path, mute.clone()).await.expect(StatusCode::OK);
    }
    assert_eq!(listed().await["muted_suspects"], json!(1));
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert_eq!(listed().await["muted_suspects"], json!(0), "the mute of {finding} has ended");

    let closing = json!({"text": "It was cents.", "suspect": key, "author": "Ada"});
    let closed = server.json(Method::POST, &at("close"), closing).await.expect(StatusCode::OK).json();
    assert_eq!(
        (&closed["decisions"][0]["ruling"], &closed["decisions"][0]["author"]),
        (&json!("confirmed"), &json!("Ada"))
    );
    let page = server.get("/").await.body;
    assert!(page.contains("Verdict: It was cents.") && page.contains("Closed"), "{page}");
    server.settled().await;
}

#[tokio::test]
async fn an_investigation_is_renamed_edited_and_archived_by_form() {
    let server = Server::start().await;
    let id = diagnosed(&server).await["id"].as_str().unwrap().to_owned();
    let page = format!("/investigations/{id}");
    let edit = "title=Cents&model=loans&symptoms=latency_spikes&other=own+words%0D%0A%0D%0A&author=Ada";
    assert_eq!(server.form(&format!("{page}/edit"), edit).await.location(), page);
    let now = server.get(&format!("/api/v1/investigations/{id}")).await.json();
    assert_eq!((now["title"].as_str(), now["model"].as_str()), (Some("Cents"), Some("loans")));
    assert_eq!(now["symptoms"], json!(["latency spikes", "own words"]));
    let told = "renamed the investigation to “Cents”, changed the model to loans, changed the symptoms to latency spikes, own words";
    assert_eq!(now["events"].as_array().unwrap().last().unwrap()["text"], told);
    // Nothing new to say is no event.
    server.form(&format!("{page}/edit"), edit).await.location();
    let events = |now: &Value| now["events"].as_array().map(Vec::len);
    assert_eq!(events(&server.get(&format!("/api/v1/investigations/{id}")).await.json()), events(&now));
    server.settled().await;
    server.form(&format!("{page}/edit"), "title=+&model=").await.expect(StatusCode::BAD_REQUEST);
    server.form(&format!("{page}/archive"), "author=Ada").await.location();
    let map = server.get(&page).await.body;
    assert!(map.contains("Archived") && map.contains("Bring back from the archive"), "{map}");
    server.form(&format!("{page}/unarchive"), "").await.location();
    server.form(&format!("{page}/close"), "verdict=Cents.&done=divided").await.location();
    let closed = json!({"symptoms": []});
    server.json(Method::PUT, &format!("/api/v1/investigations/{id}"), closed).await.expect(StatusCode::CONFLICT);
    let renamed = json!({"title": "Cents, closed"});
    server.json(Method::PUT, &format!("/api/v1/investigations/{id}"), renamed).await.expect(StatusCode::OK);
    server.form(&format!("{page}/reopen"), "author=Grace").await.location();
    let map = server.get(&page).await.body;
    assert!(map.contains("Earlier verdict") && map.contains("divided") && !map.contains("conclusion"), "{map}");
    server.settled().await;
}
