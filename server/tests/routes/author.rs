//! The name that a person gives once.

use axum::http::{Request, StatusCode, header};

use crate::harness::{Answer, Server};
use crate::investigations::diagnosed;

/// Sends a form from a browser that keeps these cookies.
async fn form(server: &Server, path: &str, fields: &str, cookies: &str) -> Answer {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, cookies)
        .header("sec-fetch-site", "same-origin");
    server.send(request.body(fields.to_owned().into()).unwrap()).await
}

fn set(answer: &Answer) -> Option<&str> {
    answer.headers.get(header::SET_COOKIE).map(|cookie| cookie.to_str().unwrap())
}

#[tokio::test]
async fn a_name_is_asked_for_once_and_signs_everything_that_follows() {
    let server = Server::start().await;
    let id = diagnosed(&server).await["id"].as_str().unwrap().to_owned();
    let page = format!("/investigations/{id}");
    let notes = format!("{page}/notes");
    let first = form(&server, &notes, "text=one&author=Zo%C3%AB+%3C", "theme=dark").await;
    assert_eq!(set(&first), Some("author=Zo%C3%AB%20%3C; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"));
    let cookies = "theme=dark; author=Zo%C3%AB%20%3C";

    let shown = server.get_with(&page, cookies).await.expect(StatusCode::OK).body;
    assert!(shown.contains("value=\"Zoë &lt;\"") && shown.contains(">change<"), "{shown}");
    assert!(!server.get(&page).await.body.contains("name=\"signed\""), "nobody is known");
    // A form that does not ask for a name is signed with it too.
    form(&server, &notes, "text=two", cookies).await.location();
    form(&server, &format!("{page}/close"), "verdict=Cents.", cookies).await.location();
    let api = format!("/api/v1/investigations/{id}");
    let now = server.get(&api).await.json();
    assert_eq!((&now["notes"][1]["author"], &now["notes"][1]["text"]), (&"Zoë <".into(), &"two".into()));
    assert_eq!(now["events"].as_array().unwrap().last().unwrap()["author"], "Zoë <");

    // A name that a person removed stays away, and is forgotten.
    let unsigned = form(&server, &notes, "text=three&author=&signed=1", cookies).await;
    assert!(set(&unsigned).unwrap().starts_with("author=; Path=/; Max-Age=0"));
    assert_eq!(server.get(&api).await.json()["notes"][2]["author"], "someone");
    form(&server, &notes, "text=four", "author=%0A").await.location();
    assert_eq!(server.get(&api).await.json()["notes"][3]["author"], "someone", "no name of anybody");
    server.settled().await;
}
