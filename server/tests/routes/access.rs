//! Who may do what, with accounts: every route, and what strangers try.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use domain::ProblemKind;
use domain::account::{Role, Scope};
use serde_json::json;
use server::http::rules::{Needs, RULES};
use service::{Browser, Client};

use crate::harness::{Answer, Server, table};
use crate::team::{PASSWORD, Team, With, client, with_accounts};

fn is_refused(answer: &Answer) -> bool {
    matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
}

/// An address of the route, with nothing behind it.
fn filled(route: &str) -> String {
    let part = |part: &str| match part {
        "{code}" => "D1".to_owned(),
        "{layer}" => "data".to_owned(),
        part if part.starts_with('{') => "absent".to_owned(),
        part => part.to_owned(),
    };
    route.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_route_lets_in_who_may_and_nobody_else() {
    let team = Team::start().await;
    let (read, write) = (team.token(&team.editor, Scope::Read).await, team.token(&team.admin, Scope::Write).await);
    let people = [
        ("nobody", With::Nothing, None),
        ("viewer", With::Session(team.viewer.clone()), Some(Role::Viewer)),
        ("editor", With::Session(team.editor.clone()), Some(Role::Editor)),
        ("admin", With::Session(team.admin.clone()), Some(Role::Admin)),
        ("token that reads", With::Token(read), Some(Role::Viewer)),
        ("token that writes", With::Token(write), Some(Role::Editor)),
        ("guessed session", With::Session("0".repeat(64)), None),
    ];
    // These refuse by themselves, whoever asks, or end the session that asks.
    let own = ["/sign-in", "/set-up", "/sign-out"];
    for (methods, route, needs) in RULES.iter().filter(|(_, route, _)| !own.contains(route)) {
        // The answer to a HEAD has no body that could be looked at.
        for method in methods.iter().filter(|method| **method != "HEAD") {
            for (name, with, role) in &people {
                let may = match needs {
                    Needs::Nothing => true,
                    Needs::Role(needed) | Needs::Somewhere(needed) => role.is_some_and(|role| role >= *needed),
                    Needs::Person => matches!(with, With::Session(_)) && role.is_some(),
                };
                let body = if *method == "GET" { Body::empty() } else { Body::from("{}") };
                let answer = team.send(with, method, &filled(route), body, "application/json").await;
                assert_eq!(!is_refused(&answer), may, "{name}: {method} {route}: {} {}", answer.status, answer.body);
            }
        }
    }
    // What a proxy asks for in front of it is not a token.
    let basic = Request::get("/api/v1/snapshots").header(header::AUTHORIZATION, "Basic YTpi");
    let basic = basic.header(header::COOKIE, format!("session={}", team.viewer)).body(Body::empty()).unwrap();
    team.server.send(basic).await.expect(StatusCode::OK);
    let broken = With::Token("mismatch_guessed".to_owned());
    let answer = team.get(&broken, "/api/v1/investigations").await.expect(StatusCode::UNAUTHORIZED);
    assert_eq!(answer.headers[header::WWW_AUTHENTICATE], "Bearer");
    team.server.settled().await;
}

#[tokio::test]
async fn every_operation_of_the_api_and_every_page_has_a_rule() {
    let team = Team::start().await;
    let admin = With::Session(team.admin.clone());
    let paths = server::http::openapi::DOCUMENT["paths"].as_object().unwrap();
    assert!(paths.len() > 30);
    for (path, item) in paths {
        for method in item.as_object().unwrap().keys().map(|method| method.to_uppercase()) {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let route = format!("/api/v1{path}");
            assert!(server::http::rules::needs(&method, &route).is_some(), "{method} {route} has no rule");
        }
    }
    // What the framework would answer is no route of ours.
    for path in ["/api/open", "/api/investigations"] {
        let answer = team.form(&admin, path, "").await;
        assert!(!answer.status.is_success(), "{path}: {}", answer.status);
    }
}

#[tokio::test]
async fn no_spelling_of_an_address_leads_around_the_rules() {
    let team = Team::start().await;
    let editor = With::Session(team.editor.clone());
    let made = team.json(&editor, "POST", "/api/v1/investigations", json!({"title": "Secret plans"})).await;
    let id = made.expect(StatusCode::CREATED).json()["id"].as_str().unwrap().to_owned();
    for path in [
        format!("/investigations/{id}"),
        format!("/investigations/{id}/"),
        format!("//investigations/{id}"),
        format!("/investigations//{id}"),
        format!("/INVESTIGATIONS/{id}"),
        format!("/investigations/{id}/compare/"),
        format!("/%69nvestigations/{id}"),
        format!("/s/{id}"),
        format!("/s/{id}/"),
        "/".to_owned(),
        "/?q=plans".to_owned(),
        "/search/?q=plans".to_owned(),
        "/people/".to_owned(),
        "/audit/".to_owned(),
    ] {
        let request = Request::get(&path).header(header::ACCEPT, "text/html");
        let answer = team.server.send(request.body(Body::empty()).unwrap()).await;
        assert!(!answer.body.contains("Secret plans") && !answer.body.contains("Ada"), "{path}: {}", answer.body);
        assert!(answer.status != StatusCode::OK || path.starts_with("/s/"), "{path}: {}", answer.status);
    }
    // A browser is led to where it can sign in, and back from there.
    let request = Request::get(format!("/investigations/{id}?a=b")).header(header::ACCEPT, "text/html");
    let answer = team.server.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.location(), format!("/sign-in?next=%2Finvestigations%2F{id}%3Fa%3Db"));
    team.server.settled().await;
}

#[tokio::test]
async fn nobody_signs_with_another_name() {
    let team = Team::start().await;
    let (editor, writes) =
        (With::Session(team.editor.clone()), With::Token(team.token(&team.editor, Scope::Write).await));
    let new = json!({"title": "Plans", "author": "Mallory"});
    let made = team.json(&writes, "POST", "/api/v1/investigations", new).await.expect(StatusCode::CREATED).json();
    let path = format!("/api/v1/investigations/{}", made["id"].as_str().unwrap());
    let note = json!({"text": "By a program.", "author": "Mallory"});
    team.json(&writes, "POST", &format!("{path}/notes"), note).await.expect(StatusCode::OK);
    let page = path.trim_start_matches("/api/v1");
    team.form(&editor, &format!("{page}/notes"), "text=By+hand.&author=Mallory&signed=1")
        .await
        .expect(StatusCode::SEE_OTHER);
    team.json(&editor, "PUT", &format!("{path}/mutes/none"), json!({"author": "Mallory"})).await;
    let query = "author=Mallory&%61uthor=Mallory";
    team.send(&editor, "DELETE", &format!("{path}/mutes/none?{query}"), Body::empty(), "text/plain").await;
    team.send(
        &editor,
        "POST",
        &format!("/api/v1/observations?{query}&name=reqs.txt"),
        "numpy==2.0\n".into(),
        "text/plain",
    )
    .await;
    team.json(&writes, "POST", &format!("{path}/archive"), json!({"author": "Mallory"})).await.expect(StatusCode::OK);
    let now = team.get(&editor, &path).await.expect(StatusCode::OK).json();
    assert!(!now.to_string().contains("Mallory"), "{now}");
    assert_eq!(now["owner"], "Grace");
    assert_eq!(now["notes"].as_array().unwrap().len(), 2);
    team.server.settled().await;
}

#[tokio::test]
async fn signing_in_tells_nothing_about_accounts_and_slows_down_who_guesses() {
    let team = Team::start().await;
    let wrong = |login: &str| format!("login={login}&password=not+the+password");
    let known = team.form(&With::Nothing, "/sign-in", &wrong("ada@example.org")).await.expect(StatusCode::UNAUTHORIZED);
    let unknown =
        team.form(&With::Nothing, "/sign-in", &wrong("eve@example.org")).await.expect(StatusCode::UNAUTHORIZED);
    assert_eq!(known.body, unknown.body);
    // From wherever somebody guesses, and however the name is written, it is the same one that is guessed at.
    let service = &team.server.service;
    let from = |place: usize| Client { address: format!("10.0.1.{place}"), ..client() };
    let spellings = ["Ada@example.org", " ada@EXAMPLE.org", "ADA@example.org ", "aDa@example.org"];
    for (place, spelling) in spellings.into_iter().enumerate() {
        let refused =
            service.sign_in(spelling, "not the password", Browser::default(), &from(place)).await.unwrap_err();
        assert_eq!(refused.kind, ProblemKind::Unauthorized, "{spelling}");
    }
    // The right password does not help while somebody has to wait.
    let waits = service.sign_in("ada@example.org", PASSWORD, Browser::default(), &from(9)).await.unwrap_err();
    assert!(waits.kind == ProblemKind::TooManyTries && waits.message.contains("seconds"), "{waits}");
    // In a browser in which she signed in before, she is not held up by them.
    let now = service.sign_in("grace@example.org", PASSWORD, Browser::default(), &client()).await.unwrap();
    for place in 0..5 {
        let guess = service.sign_in("grace@example.org", "not the password", Browser::default(), &from(place)).await;
        assert_eq!(guess.unwrap_err().kind, ProblemKind::Unauthorized);
    }
    let elsewhere = service.sign_in("grace@example.org", PASSWORD, Browser::default(), &from(9)).await.unwrap_err();
    assert_eq!(elsewhere.kind, ProblemKind::TooManyTries);
    let forged = Browser { known: Some("0123"), ..Browser::default() };
    assert_eq!(
        service.sign_in("grace@example.org", PASSWORD, forged, &from(9)).await.unwrap_err().kind,
        ProblemKind::TooManyTries
    );
    let known = Browser { known: Some(&now.known), ..Browser::default() };
    service.sign_in("grace@example.org", PASSWORD, known, &from(9)).await.unwrap();
    // Who guesses at many names has to wait too, and holds nobody else up by a name that looks like their address.
    for name in 0..60 {
        team.form(&With::Nothing, "/sign-in", &wrong(&format!("eve{name}"))).await;
    }
    team.form(&With::Nothing, "/sign-in", &wrong("eve60")).await.expect(StatusCode::TOO_MANY_REQUESTS);
    // Who is signed in already is not held up.
    team.get(&With::Session(team.admin.clone()), "/people").await.expect(StatusCode::OK);
    team.server.settled().await;
}

#[tokio::test]
async fn a_session_is_new_at_each_sign_in_and_ends_when_it_is_ended() {
    let team = Team::start().await;
    let old = team.viewer.clone();
    let login = format!("login=alan@example.org&password={}&next=//evil.example", PASSWORD.replace(' ', "+"));
    let answer = team.form(&With::Session(old.clone()), "/sign-in", &login).await;
    assert_eq!(answer.location(), "/");
    let set = answer.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && !set.contains("Secure"), "{set}");
    let new = set.trim_start_matches("session=").split(';').next().unwrap().to_owned();
    assert_ne!(new, old);
    // A cookie that somebody planted before the sign-in opens nothing after it.
    team.get(&With::Session(old), "/api/v1/investigations").await.expect(StatusCode::UNAUTHORIZED);
    team.get(&With::Session(new.clone()), "/api/v1/investigations").await.expect(StatusCode::OK);
    team.form(&With::Session(new.clone()), "/sign-out", "").await.expect(StatusCode::SEE_OTHER);
    team.get(&With::Session(new), "/api/v1/investigations").await.expect(StatusCode::UNAUTHORIZED);
    // A new password ends every other session.
    let visitor = team.visitor(&team.editor).await;
    let other =
        team.server.service.sign_in("grace@example.org", PASSWORD, Browser::default(), &client()).await.unwrap();
    let changed = "old=tundra+copper+violin+seven&new=seven+violins+of+copper+tundra";
    team.form(&With::Session(team.editor.clone()), "/account/password", changed).await.expect(StatusCode::SEE_OTHER);
    team.get(&With::Session(other.secret.as_str().to_owned()), "/").await.expect(StatusCode::UNAUTHORIZED);
    assert_eq!(team.server.service.sessions(&visitor).await.unwrap().len(), 1);
    team.server.settled().await;
}

#[tokio::test]
async fn what_is_revoked_disabled_or_used_opens_nothing() {
    let team = Team::start().await;
    let service = &team.server.service;
    let token = team.token(&team.editor, Scope::Write).await;
    let by = team.visitor(&team.editor).await;
    let id = service.tokens(&by).await.unwrap().remove(0).id;
    team.get(&With::Token(token.clone()), "/api/v1/snapshots").await.expect(StatusCode::OK);
    // Not by somebody else.
    let theirs = format!("/account/tokens/{id}/revoke");
    team.form(&With::Session(team.viewer.clone()), &theirs, "").await.expect(StatusCode::NOT_FOUND);
    team.form(&With::Session(team.editor.clone()), &theirs, "").await.expect(StatusCode::SEE_OTHER);
    team.get(&With::Token(token), "/api/v1/snapshots").await.expect(StatusCode::UNAUTHORIZED);
    // A disabled account is out at once, with its sessions and tokens, and can't sign in.
    let second = team.token(&team.editor, Scope::Read).await;
    let admin = team.visitor(&team.admin).await;
    let grace = service.accounts(&admin).await.unwrap().into_iter().find(|one| one.role == Role::Editor).unwrap();
    team.form(&With::Session(team.admin.clone()), &format!("/people/{}/disable", grace.id), "")
        .await
        .expect(StatusCode::SEE_OTHER);
    team.get(&With::Session(team.editor.clone()), "/").await.expect(StatusCode::UNAUTHORIZED);
    team.get(&With::Token(second), "/api/v1/snapshots").await.expect(StatusCode::UNAUTHORIZED);
    let refused = service.sign_in("grace@example.org", PASSWORD, Browser::default(), &client()).await.unwrap_err();
    assert_eq!(refused.kind, ProblemKind::Unauthorized);
    // An invitation works once, and not after it was taken back.
    let (_, used) = service.invite(&admin, Role::Viewer, &client()).await.unwrap();
    let fields = "name=Edith&login=edith&password=seven+violins+of+copper";
    team.form(&With::Nothing, &format!("/join/{}", used.as_str()), fields).await.expect(StatusCode::SEE_OTHER);
    let again = "name=Mallory&login=mallory&password=seven+violins+of+copper";
    team.form(&With::Nothing, &format!("/join/{}", used.as_str()), again).await.expect(StatusCode::NOT_FOUND);
    let (invitation, revoked) = service.invite(&admin, Role::Admin, &client()).await.unwrap();
    service.revoke_invitation(&admin, &invitation.id, &client()).await.unwrap();
    team.form(&With::Nothing, &format!("/join/{}", revoked.as_str()), again).await.expect(StatusCode::NOT_FOUND);
    team.server.settled().await;
}

#[tokio::test]
async fn the_first_account_needs_the_code_and_there_is_always_an_admin() {
    let server = Server::start_with(with_accounts).await;
    let code = server.service.set_up_code().await.unwrap().unwrap();
    let fields = |code: &str| format!("code={code}&name=Ada&login=ada&password=tundra+copper+violin+seven");
    server.form("/set-up", &fields("0000-0000-0000-0000")).await.expect(StatusCode::FORBIDDEN);
    let weak = format!("code={}&name=Ada&login=ada&password=password12", code.as_str());
    server.form("/set-up", &weak).await.expect(StatusCode::BAD_REQUEST);
    let made = server.form("/set-up", &fields(&code.as_str().to_lowercase())).await;
    assert_eq!(made.location(), "/people");
    server.form("/set-up", &fields(code.as_str())).await.expect(StatusCode::FORBIDDEN);
    assert!(server.service.set_up_code().await.unwrap().is_none());
    let session = made.headers[header::SET_COOKIE].to_str().unwrap().trim_start_matches("session=").to_owned();
    let visitor = server.service.by_session(session.split(';').next().unwrap()).await.unwrap();
    let ada = server.service.accounts(&visitor).await.unwrap().remove(0);
    for refused in [
        server.service.give_role(&visitor, &ada.id, Role::Viewer, &client()).await,
        server.service.disable(&visitor, &ada.id, &client()).await,
    ] {
        assert_eq!(refused.unwrap_err().kind, ProblemKind::Conflict);
    }
    server.settled().await;
}

#[tokio::test]
async fn a_share_link_shows_its_investigation_and_nothing_next_to_it() {
    let team = Team::start().await;
    let editor = With::Session(team.editor.clone());
    let mut inputs = Vec::new();
    for (role, centre) in [("train", 1.0), ("serve", 9.0)] {
        let path = format!("/api/v1/snapshots?name={role}.csv");
        let stored = team.send(&editor, "POST", &path, table(200, centre).into(), "application/octet-stream").await;
        inputs.push(json!([role, stored.expect(StatusCode::CREATED).json()[0]["id"]]));
    }
    let new = json!({"title": "Amounts", "inputs": inputs});
    let made = team.json(&editor, "POST", "/api/v1/investigations", new).await.expect(StatusCode::CREATED).json();
    team.server.settled().await;
    let id = made["id"].as_str().unwrap();
    let shared = team.json(&editor, "POST", &format!("/api/v1/investigations/{id}/share-links"), json!({})).await;
    let secret = shared.expect(StatusCode::CREATED).json()["secret"].as_str().unwrap().to_owned();
    let nobody = With::Nothing;
    for open in ["", "/compare", "/evaluation", "/report", "/layers/data", "/reports/report.md"] {
        let page = team.get(&nobody, &format!("/s/{secret}{open}")).await.expect(StatusCode::OK).body;
        assert!(!page.contains(id) && !page.contains(inputs[0][1].as_str().unwrap()), "{open}: {page}");
    }
    let snapshot = inputs[0][1].as_str().unwrap();
    for open in ["", "/diagnosis"] {
        let answer = team.get(&nobody, &format!("/api/v1/shared/{secret}{open}")).await.expect(StatusCode::OK).body;
        assert!(!answer.contains(id) && !answer.contains(snapshot), "{open}: {answer}");
    }
    for closed in [
        format!("/api/v1/snapshots/{snapshot}"),
        format!("/api/v1/snapshots/{snapshot}/preview?rows=100"),
        format!("/api/v1/investigations/{id}"),
        format!("/api/v1/investigations/{id}/rows"),
        format!("/investigations/{id}/rows.csv"),
        format!("/investigations/{id}"),
        "/api/v1/investigations".to_owned(),
        "/metrics".to_owned(),
    ] {
        team.get(&nobody, &closed).await.expect(StatusCode::UNAUTHORIZED);
    }
    team.server.settled().await;
}

#[tokio::test]
async fn the_audit_log_has_every_change_and_notices_one_that_was_edited() {
    let team = Team::start().await;
    let admin = team.visitor(&team.admin).await;
    let service = &team.server.service;
    team.token(&team.viewer, Scope::Read).await;
    assert!(service.sign_in("eve@example.org", "guess guess guess", Browser::default(), &client()).await.is_err());
    let lines = service.audit(&admin, None).await.unwrap();
    let said: Vec<String> = lines.iter().rev().map(|line| format!("{} {}", line.actor, line.what.words())).collect();
    assert_eq!(
        said,
        [
            "Ada set this installation up",
            "Ada invited somebody as editor",
            "Grace joined as editor",
            "Ada invited somebody as viewer",
            "Alan joined as viewer",
            "Alan made the token \u{201c}gate\u{201d} (read)",
            "someone was refused at sign-in as eve@example.org",
        ]
    );
    assert!(lines.iter().all(|line| line.from == "10.0.0.7"));
    assert_eq!(service.audit_is_broken_at(&admin).await.unwrap(), None);
    sqlx::any::install_default_drivers();
    let file = team.server.data.path().join("mismatch.db");
    let pool = sqlx::AnyPool::connect(&format!("sqlite://{}", file.display())).await.unwrap();
    sqlx::query("update audit set actor = 'Mallory' where seq = 4").execute(&pool).await.unwrap();
    assert_eq!(service.audit_is_broken_at(&admin).await.unwrap(), Some(4));
    sqlx::query("delete from audit where seq = 4").execute(&pool).await.unwrap();
    assert_eq!(service.audit_is_broken_at(&admin).await.unwrap(), Some(4));
    pool.close().await;
    let viewer = team.visitor(&team.viewer).await;
    assert_eq!(service.audit(&viewer, None).await.unwrap_err().kind, ProblemKind::Forbidden);
    team.server.settled().await;
}

#[tokio::test]
async fn a_session_that_was_not_used_for_a_week_has_ended() {
    let team = Team::start().await;
    sqlx::any::install_default_drivers();
    let file = team.server.data.path().join("mismatch.db");
    let pool = sqlx::AnyPool::connect(&format!("sqlite://{}", file.display())).await.unwrap();
    sqlx::query("update sessions set used_at_ms = used_at_ms - 605000000").execute(&pool).await.unwrap();
    sqlx::query("update tokens set expires_at_ms = 1").execute(&pool).await.unwrap();
    pool.close().await;
    for session in [&team.admin, &team.editor, &team.viewer] {
        team.get(&With::Session(session.clone()), "/").await.expect(StatusCode::UNAUTHORIZED);
    }
    team.server.settled().await;
}
