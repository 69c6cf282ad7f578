//! What an open page is told while it is open.

use axum::body::{Body, BodyDataStream};
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};
use tokio_stream::StreamExt;
use tower::ServiceExt;

use crate::team::{Team, With};

/// The events of a page that is open.
struct Page(BodyDataStream);

impl Page {
    async fn open(team: &Team, session: &str, path: &str) -> Page {
        let request =
            Request::get(path).header(header::HOST, "localhost").header(header::COOKIE, format!("session={session}"));
        let answer = team.server.router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/event-stream");
        Page(answer.into_body().into_data_stream())
    }

    /// What is told next; `None` at the end.
    async fn told(&mut self) -> Option<Value> {
        loop {
            let bytes = self.0.next().await?.unwrap();
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            // Lines without data keep the connection.
            if let Some(data) = text.strip_prefix("data: ").or_else(|| text.strip_prefix("data:")) {
                return Some(serde_json::from_str(data.trim()).unwrap());
            }
        }
    }

    /// The first thing that is told which fits.
    async fn until(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        loop {
            let told = self.told().await.unwrap();
            if fits(&told) {
                return told;
            }
        }
    }
}

#[tokio::test]
async fn an_open_page_learns_of_changes_and_of_who_comes_and_goes() {
    let team = Team::start().await;
    let admin = With::Session(team.admin.clone());
    let made = team.json(&admin, "POST", "/api/v1/investigations", json!({"title": "Plans"})).await.json();
    let id = made["id"].as_str().unwrap();
    let path = format!("/investigations/{id}/now");
    let mut grace = Page::open(&team, &team.editor, &path).await;
    let first = grace.told().await.unwrap();
    assert_eq!(first["here"], json!([]));
    let mut alan = Page::open(&team, &team.viewer, &path).await;
    assert_eq!(alan.told().await.unwrap()["here"], json!(["Grace"]));
    grace.until(|told| told["here"] == json!(["Alan"])).await;
    let note = json!({"text": "Since Tuesday."});
    team.json(&admin, "POST", &format!("/api/v1/investigations/{id}/notes"), note).await.expect(StatusCode::OK);
    for page in [&mut grace, &mut alan] {
        page.until(|told| told["changes"].as_i64() > first["changes"].as_i64()).await;
    }
    drop(alan);
    grace.until(|told| told["here"] == json!([])).await;
    // When it is deleted, nobody is told anything more.
    team.send(&admin, "DELETE", &format!("/api/v1/investigations/{id}"), Body::empty(), "text/plain")
        .await
        .expect(StatusCode::OK);
    while grace.told().await.is_some() {}
    team.get(&With::Session(team.viewer.clone()), "/investigations/none/now").await.expect(StatusCode::NOT_FOUND);
    team.server.settled().await;
}
