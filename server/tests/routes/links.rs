//! Share links with accounts: a link opens what it says and nothing next to it; a dead, guessed or altered one opens nothing.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::account::Scope;
use serde_json::{Value, json};
use server::http::rules::{Needs, RULES};

use crate::harness::table;
use crate::team::{Team, With};

/// An investigation of two files with a pinned chart, made by an editor; its id and the id of the pinned piece.
async fn reviewed(team: &Team, editor: &With) -> (String, String) {
    let mut inputs = Vec::new();
    for (role, centre) in [("train", 10.0), ("serve", 100.0)] {
        let path = format!("/api/v1/snapshots?name={role}.csv");
        let sent = team.send(editor, "POST", &path, Body::from(table(300, centre)), "text/csv").await;
        let sent = sent.expect(StatusCode::CREATED).json();
        let snapshot = sent.get(0).unwrap_or(&sent)["id"].clone();
        inputs.push(json!([role, snapshot]));
    }
    let made = team.json(editor, "POST", "/api/v1/investigations", json!({"title": "Plans", "inputs": inputs})).await;
    let id = made.expect(StatusCode::CREATED).json()["id"].as_str().unwrap().to_owned();
    team.server.settled().await;
    let pinned = json!({"pinned": {"kind": "chart", "chart": "column", "query": [["column", "amount"]]}});
    let piece = team.json(editor, "POST", &format!("/api/v1/investigations/{id}/evidence"), pinned).await;
    let piece = piece.expect(StatusCode::CREATED).json()["id"].as_str().unwrap().to_owned();
    (id, piece)
}

async fn shared(team: &Team, editor: &With, id: &str, body: Value) -> Value {
    let path = format!("/api/v1/investigations/{id}/share-links");
    team.json(editor, "POST", &path, body).await.expect(StatusCode::CREATED).json()
}

/// The address of a route, about this investigation.
fn filled(route: &str, id: &str, piece: &str, secret: &str) -> String {
    let part = |part: &str| match part {
        "{id}" => id.to_owned(),
        "{evidence}" => piece.to_owned(),
        "{secret}" => secret.to_owned(),
        "{layer}" => "data".to_owned(),
        "{code}" => "D1".to_owned(),
        "{file}" if route.contains("reports") => "report.md".to_owned(),
        "{file}" if route.contains("evidence") => "picture.svg".to_owned(),
        "{file}" => "column.svg?column=amount".to_owned(),
        part if part.starts_with('{') => "absent".to_owned(),
        part => part.to_owned(),
    };
    route.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_route_gives_a_share_link_what_it_says_and_a_dead_one_nothing() {
    let team = Team::start().await;
    let editor = With::Session(team.editor.clone());
    let (id, piece) = reviewed(&team, &editor).await;
    let live = shared(&team, &editor, &id, json!({})).await["secret"].as_str().unwrap().to_owned();
    let revoked = shared(&team, &editor, &id, json!({})).await;
    let end = format!("/api/v1/share-links/{}", revoked["link"]["id"].as_str().unwrap());
    team.json(&editor, "DELETE", &end, json!({})).await.expect(StatusCode::OK);
    let soon = std::time::SystemTime::now() + std::time::Duration::from_millis(200);
    let soon = soon.duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64;
    let expired = shared(&team, &editor, &id, json!({"expires_at_ms": soon})).await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let first = if live.starts_with('0') { "1" } else { "0" };
    let token = team.token(&team.editor, Scope::Read).await;
    let dead = [
        ("revoked", revoked["secret"].as_str().unwrap().to_owned()),
        ("expired", expired["secret"].as_str().unwrap().to_owned()),
        ("guessed", "0".repeat(64)),
        ("altered", format!("{first}{}", &live[1..])),
        ("shortened", live[..63].to_owned()),
        ("lengthened", format!("{live}0")),
        ("in capitals", live.to_uppercase().replace(|one: char| one.is_ascii_digit(), "0")),
        ("the id", id.clone()),
        ("a session's secret", team.editor.clone()),
        ("a token's secret", token),
        ("a pattern", "%25".to_owned()),
    ];
    let selection = json!({"side": "serve", "conditions": [{"subject": {"column": "amount"}, "test": "missing"}]});
    let mut by_secret = 0;
    let is_share = |route: &str| route.starts_with("/s/{secret}") || route.starts_with("/api/v1/shared/{secret}");
    // The page that asks for a password is the same for every address.
    for (methods, route, _) in RULES.iter().filter(|(_, route, _)| is_share(route) && *route != "/s/{secret}/unlock") {
        let method = methods[0];
        let body = || if method == "GET" { Body::empty() } else { Body::from(selection.to_string()) };
        let path = filled(route, &id, &piece, &live);
        let answer = team.send(&With::Nothing, method, &path, body(), "application/json").await;
        assert!(
            answer.status.is_success() || answer.status == StatusCode::BAD_REQUEST,
            "{path}: {} {}",
            answer.status,
            answer.body
        );
        by_secret += 1;
        for (name, secret) in &dead {
            let path = filled(route, &id, &piece, secret);
            let answer = team.send(&With::Nothing, method, &path, body(), "application/json").await;
            // A part of a page says why it is empty.
            let is_part = route.ends_with("/question");
            assert!(answer.status == StatusCode::NOT_FOUND || is_part, "{name}: {path}: {}", answer.status);
            assert!(
                !answer.body.contains("Plans") && !answer.body.contains("amount"),
                "{name}: {path}: {}",
                answer.body
            );
        }
    }
    assert!(by_secret > 15, "{by_secret}");
    // A picture behind a link may stand on other pages; nothing else may.
    for (with, path, policy) in [
        (&With::Nothing, format!("/s/{live}/evidence/{piece}/picture.svg"), "cross-origin"),
        (&With::Nothing, format!("/s/{live}/figures/column.svg?column=amount"), "same-origin"),
        (&editor, format!("/investigations/{id}/evidence/{piece}/picture.svg"), "same-origin"),
    ] {
        let answer = team.get(with, &path).await.expect(StatusCode::OK);
        assert_eq!(answer.headers["cross-origin-resource-policy"], policy, "{path}");
    }
    // Whoever has only the link gets no other route by it: not as a session, not as a token, not as an id.
    for (methods, route, needs) in RULES.iter().filter(|(_, _, needs)| *needs != Needs::Nothing) {
        for method in methods.iter().filter(|method| **method != "HEAD") {
            for with in [With::Session(live.clone()), With::Token(live.clone())] {
                let path = filled(route, &id, &piece, &live);
                let answer = team.send(&with, method, &path, Body::from("{}"), "application/json").await;
                assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path} {needs:?}: {}", answer.body);
            }
        }
    }
    team.server.settled().await;
}

#[tokio::test]
async fn a_link_with_a_password_opens_for_who_knows_it_and_openings_are_counted() {
    let team = Team::start().await;
    let editor = With::Session(team.editor.clone());
    let (id, piece) = reviewed(&team, &editor).await;
    let weak = json!({"password": "password12"});
    let links = format!("/api/v1/investigations/{id}/share-links");
    team.json(&editor, "POST", &links, weak).await.expect(StatusCode::BAD_REQUEST);
    let made = shared(&team, &editor, &id, json!({"password": "seven violins of copper", "shows": "live"})).await;
    assert_eq!((&made["link"]["has_password"], &made["link"]["shows"]), (&json!(true), &json!("live")));
    let secret = made["secret"].as_str().unwrap();
    let is_share = |route: &str| route.starts_with("/s/{secret}") || route.starts_with("/api/v1/shared/{secret}");
    for (methods, route, _) in RULES.iter().filter(|(_, route, _)| is_share(route) && *route != "/s/{secret}/unlock") {
        let path = filled(route, &id, &piece, secret);
        let answer = team.send(&With::Nothing, methods[0], &path, Body::from("{}"), "application/json").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}: {}", answer.body);
        assert!(!answer.body.contains("Plans") && !answer.body.contains("amount"), "{path}: {}", answer.body);
    }
    let unlock = format!("/s/{secret}/unlock");
    team.form(&With::Nothing, &unlock, "password=seven+violins+of+tin").await.expect(StatusCode::FORBIDDEN);
    let opened = team.form(&With::Nothing, &unlock, "password=seven+violins+of+copper").await;
    let opened = opened.expect(StatusCode::SEE_OTHER);
    let cookie = opened.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    assert!(opened.headers[header::SET_COOKIE].to_str().unwrap().contains(&format!("Path=/s/{secret}")));
    let page = team.server.get_with(&format!("/s/{secret}"), &cookie).await.expect(StatusCode::OK);
    assert!(page.body.contains("Plans"));
    let by_header =
        Request::get(format!("/api/v1/shared/{secret}")).header("x-share-password", "seven violins of copper");
    team.server.send(by_header.body(Body::empty()).unwrap()).await.expect(StatusCode::OK);
    // The proof of one link opens no other, and an altered one nothing.
    let other = shared(&team, &editor, &id, json!({"password": "seven violins of copper"})).await;
    let other = format!("/s/{}", other["secret"].as_str().unwrap());
    team.server.get_with(&other, &cookie).await.expect(StatusCode::UNAUTHORIZED);
    team.server.get_with(&format!("/s/{secret}"), &format!("{cookie}0")).await.expect(StatusCode::UNAUTHORIZED);
    // Live: what is said later is there. Counted: the page and the program.
    let note = json!({"text": "Said later."});
    team.json(&editor, "POST", &format!("/api/v1/investigations/{id}/notes"), note).await.expect(StatusCode::OK);
    let page = team.server.get_with(&format!("/s/{secret}"), &cookie).await.expect(StatusCode::OK);
    assert!(page.body.contains("Said later."));
    let listed = team.get(&editor, &links).await.expect(StatusCode::OK).json();
    let link = listed.as_array().unwrap().iter().find(|link| link["id"] == made["link"]["id"]).unwrap().clone();
    assert_eq!(link["opened"], 3, "{link}");
    // Guessing is slowed down.
    for _ in 0..6 {
        team.form(&With::Nothing, &unlock, "password=guessed").await;
    }
    team.form(&With::Nothing, &unlock, "password=seven+violins+of+copper").await.expect(StatusCode::TOO_MANY_REQUESTS);
    team.server.settled().await;
}
