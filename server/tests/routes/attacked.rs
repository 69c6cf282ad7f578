//! What was found when the whole of it was attacked, each as it was done.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::body::Body;
use axum::http::StatusCode;
use domain::ProblemKind;
use domain::account::{Role, Scope, Session};
use serde_json::{Value, json};
use server::http::rules::RULES;
use service::store::{Store, new_id, now_ms, sqlite_url};
use service::{Browser, Client, Elsewhere, ServiceConfig};

use crate::harness::{Server, table};
use crate::team::{PASSWORD, Team, With, account, client, with_accounts};

/// An investigation with rows, and a link to it that has this password (or none); its id and the secret.
pub async fn linked(team: &Team, password: &str) -> (String, String) {
    let editor = With::Session(team.editor.clone());
    let mut inputs = Vec::new();
    for (role, centre) in [("train", 10.0), ("serve", 100.0)] {
        let path = format!("/api/v1/snapshots?name={role}.csv");
        let sent = team.send(&editor, "POST", &path, Body::from(table(300, centre)), "text/csv").await;
        inputs.push(json!([role, sent.expect(StatusCode::CREATED).json()[0]["id"]]));
    }
    let new = json!({"title": "Plans", "inputs": inputs});
    let made = team.json(&editor, "POST", "/api/v1/investigations", new).await.expect(StatusCode::CREATED).json();
    let id = made["id"].as_str().unwrap().to_owned();
    team.server.settled().await;
    let path = format!("/api/v1/investigations/{id}/share-links");
    let link =
        team.json(&editor, "POST", &path, json!({"password": password})).await.expect(StatusCode::CREATED).json();
    (id, link["secret"].as_str().unwrap().to_owned())
}

/// A character of a path as `%xx`.
fn encoded(text: &str, places: impl Fn(usize) -> bool) -> String {
    let spelled = |(place, one): (usize, char)| match places(place) {
        true => format!("%{:02x}", one as u32),
        false => one.to_string(),
    };
    text.chars().enumerate().map(spelled).collect()
}

#[tokio::test]
async fn no_spelling_of_a_secret_opens_a_link_without_its_password() {
    let team = Team::start().await;
    let (_, secret) = linked(&team, "tundra copper violin").await;
    let spellings = [
        secret.clone(),
        encoded(&secret, |place| place == 0),
        encoded(&secret, |place| place == 63),
        encoded(&secret, |_| true),
        encoded(&secret, |place| place == 0).to_uppercase(),
        encoded(&encoded(&secret, |place| place == 0), |place| place == 0),
    ];
    let mut tried = 0;
    let of_link =
        |route: &str| route.contains("{secret}") && !route.starts_with("/join") && !route.ends_with("/unlock");
    for (methods, route, _) in RULES.iter().filter(|(_, route, _)| of_link(route)) {
        for spelling in &spellings {
            let path = route.replace("{secret}", spelling).replace("{layer}", "data").replace("{evidence}", "absent");
            let path = path
                .replace("{file}", if route.contains("reports") { "report.md" } else { "column.svg?column=amount" });
            for path in [path.clone(), format!("{path}/")] {
                let body = if methods[0] == "GET" { Body::empty() } else { Body::from("{}") };
                let answer = team.send(&With::Nothing, methods[0], &path, body, "application/json").await;
                assert!(!answer.status.is_success(), "{path}: {} {}", answer.status, answer.body);
                assert!(!answer.body.contains("Plans") && !answer.body.contains("amount"), "{path}: {}", answer.body);
                tried += 1;
            }
        }
    }
    assert!(tried > 150, "{tried}");
    team.server.settled().await;
}

#[tokio::test]
async fn another_spelling_of_an_id_and_a_slash_at_the_end_show_nobody_more() {
    let team = Team::start().await;
    let (id, _) = linked(&team, "").await;
    let (admin, viewer) = (With::Session(team.admin.clone()), With::Session(team.viewer.clone()));
    let edit = "title=Plans&model=secret-model&symptoms=";
    team.form(&admin, &format!("/investigations/{id}/edit"), edit).await.expect(StatusCode::SEE_OTHER);
    team.form(&admin, "/people/model", "model=secret-model&openness=members").await.expect(StatusCode::SEE_OTHER);
    let spelled = encoded(&id, |place| place == 1);
    for path in [
        format!("/investigations/{spelled}"),
        format!("/api/v1/investigations/{spelled}"),
        format!("/api/v1/investigations/{spelled}/diagnosis"),
        format!("/investigations/{spelled}/report"),
        format!("/investigations/{id}/"),
        format!("/investigations/{id}/review/"),
        format!("//investigations/{id}"),
        format!("/investigations//{id}"),
        "/people/".to_owned(),
    ] {
        let answer = team.get(&viewer, &path).await;
        assert!(
            !answer.status.is_success() && !answer.body.contains("Plans"),
            "{path}: {} {}",
            answer.status,
            answer.body
        );
    }
    // For who may see it, the slash is taken off; to another server it never leads.
    let answer = team.get(&admin, &format!("/investigations/{id}/?a=b")).await.expect(StatusCode::PERMANENT_REDIRECT);
    assert_eq!(answer.headers["location"], format!("/investigations/{id}?a=b").as_str());
    for path in ["//evil.example/", "/\\evil.example/"] {
        let answer = team.get(&admin, path).await;
        assert!(answer.headers.get("location").is_none_or(|to| !to.to_str().unwrap().starts_with("//")), "{path}");
    }
    team.server.settled().await;
}

#[tokio::test]
async fn a_share_link_tells_no_single_row() {
    let team = Team::start().await;
    let (_, secret) = linked(&team, "").await;
    let path = format!("/api/v1/shared/{secret}/selection");
    let ask = async |conditions: Value| {
        let asked = json!({"side": "serve", "conditions": conditions});
        team.json(&With::Nothing, "POST", &path, asked).await
    };
    let between = |column: &str, from: f64, to: f64| json!({"subject": {"column": column}, "test": {"range": {"from": from, "to": to, "upper": "excluded"}}});
    ask(json!([between("amount", 100.0, 1e9)])).await.expect(StatusCode::OK);
    // A row by its id, few rows by their values, and all but a few.
    for conditions in [
        json!([between("row_id", 5.0, 6.0)]),
        json!([{"subject": {"role": "id"}, "test": {"range": {"from": 0.0, "to": 200.0, "upper": "excluded"}}}]),
        json!([between("amount", 100.0, 100.5)]),
        json!([between("amount", -1e9, 1e8)]),
    ] {
        let answer = ask(conditions.clone()).await;
        let is_refused = matches!(answer.status, StatusCode::FORBIDDEN | StatusCode::BAD_REQUEST);
        assert!(is_refused && !answer.body.contains("\"columns\""), "{conditions}: {} {}", answer.status, answer.body);
    }
    team.server.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_nothing_can_be_written_everything_can_be_read() {
    let team = Team::start().await;
    let (id, secret) = linked(&team, "").await;
    let file = team.server.data.path().join("mismatch.db");
    sqlx::any::install_default_drivers();
    let pool = sqlx::any::AnyPoolOptions::new().max_connections(1).connect(&sqlite_url(&file)).await.unwrap();
    sqlx::query("update sessions set used_at_ms = used_at_ms - 120000").execute(&pool).await.unwrap();
    // Another process writes, and does not end.
    let mut writing = pool.acquire().await.unwrap();
    sqlx::query("begin immediate").execute(&mut *writing).await.unwrap();
    let viewer = With::Session(team.viewer.clone());
    for (with, path) in [
        (&viewer, "/api/v1/investigations".to_owned()),
        (&viewer, format!("/investigations/{id}")),
        (&With::Nothing, format!("/api/v1/shared/{secret}")),
        (&With::Nothing, format!("/s/{secret}")),
    ] {
        team.get(with, &path).await.expect(StatusCode::OK);
    }
    sqlx::query("rollback").execute(&mut *writing).await.unwrap();
    team.server.settled().await;
}

#[tokio::test]
async fn a_session_ends_however_many_newer_ones_there_are() {
    let team = Team::start().await;
    let viewer = team.visitor(&team.viewer).await;
    let (account, _) = viewer.person().unwrap();
    let store = Store::open(&sqlite_url(&team.server.data.path().join("mismatch.db"))).await.unwrap();
    for place in 0..230 {
        let session = Session { id: new_id(), agent: String::new(), created_at_ms: now_ms(), used_at_ms: now_ms() + 1 };
        store.insert_session(account, &session, &format!("secret {place}"), &[]).await.unwrap();
    }
    store.close().await;
    team.form(&With::Session(team.viewer.clone()), "/sign-out", "").await.expect(StatusCode::SEE_OTHER);
    team.get(&With::Session(team.viewer.clone()), "/").await.expect(StatusCode::UNAUTHORIZED);
    team.server.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_at_the_same_moment_are_not_tried_all() {
    let team = Team::start().await;
    let guess = |place: usize| {
        let service = team.server.service.clone();
        tokio::spawn(async move {
            let password = if place == 30 { PASSWORD } else { "not the password" };
            service
                .sign_in("ada@example.org", password, Browser::default(), &client())
                .await
                .map_err(|problem| problem.kind)
        })
    };
    let mut tried = 0;
    for guessed in (0..40).map(guess).collect::<Vec<_>>() {
        match guessed.await.unwrap() {
            Err(ProblemKind::Unauthorized) => tried += 1,
            Err(kind) => assert_eq!(kind, ProblemKind::TooManyTries),
            Ok(_) => panic!("the right one was among the first five"),
        }
    }
    assert_eq!(tried, 5);
    team.server.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_admins_who_disable_each_other_leave_one_and_many_invitations_are_all_made() {
    let team = Team::start().await;
    let service = team.server.service.clone();
    let by = team.visitor(&team.admin).await;
    let accounts = service.accounts(&by).await.unwrap();
    let grace = accounts.iter().find(|one| one.role == Role::Editor).unwrap().clone();
    service.give_role(&by, &grace.id, Role::Admin, &client()).await.unwrap();
    let other = team.visitor(&team.editor).await;
    let ada = accounts.iter().find(|one| one.name.as_str() == "Ada").unwrap().clone();
    let disable = |by: domain::visitor::Visitor, of: String| {
        let service = service.clone();
        tokio::spawn(async move { service.disable(&by, &of, &Client::default()).await })
    };
    let both = (disable(by.clone(), grace.id.clone()), disable(other, ada.id.clone()));
    let (first, second) = (both.0.await.unwrap(), both.1.await.unwrap());
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    let invited: Vec<_> = (0..30)
        .map(|_| {
            let (service, by) = (service.clone(), by.clone());
            tokio::spawn(async move { service.invite(&by, Role::Viewer, &client()).await })
        })
        .collect();
    for one in invited {
        tokio::time::timeout(Duration::from_secs(30), one).await.unwrap().unwrap().unwrap();
    }
    assert_eq!(service.audit_is_broken_at(&by).await.unwrap(), None);
    team.server.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_name_for_two_newcomers_at_once_is_told_and_tokens_at_once_are_no_more_than_their_bound() {
    let team = Team::start().await;
    let service = team.server.service.clone();
    let by = team.visitor(&team.admin).await;
    let mut invitations = Vec::new();
    for _ in 0..6 {
        invitations.push(service.invite(&by, Role::Viewer, &client()).await.unwrap().1);
    }
    let join = |secret: String| {
        let service = service.clone();
        tokio::spawn(
            async move { service.join(&secret, &account("Edith"), &client()).await.map_err(|error| error.kind) },
        )
    };
    let joining: Vec<_> = invitations.iter().map(|secret| join(secret.as_str().to_owned())).collect();
    let mut joined = Vec::new();
    for one in joining {
        joined.push(one.await.unwrap());
    }
    let refused = joined.iter().filter(|one| one.as_ref().is_err_and(|kind| *kind == ProblemKind::Conflict)).count();
    assert_eq!((joined.iter().filter(|one| one.is_ok()).count(), refused), (1, 5));
    // Who was refused may choose another name with the same invitation.
    let place = joined.iter().position(Result::is_err).unwrap();
    service.join(invitations[place].as_str(), &account("Emmy"), &client()).await.unwrap();
    let making: Vec<_> = (0..60)
        .map(|_| {
            let (service, by) = (service.clone(), by.clone());
            tokio::spawn(async move { service.make_token(&by, "gate", Scope::Read, 30, &client()).await.is_ok() })
        })
        .collect();
    let mut made = 0;
    for one in making {
        made += usize::from(one.await.unwrap());
    }
    assert_eq!(made, 50);
    assert_eq!(service.audit_is_broken_at(&by).await.unwrap(), None);
    team.server.settled().await;
}

#[tokio::test]
async fn a_character_that_no_text_has_is_refused_in_json_and_left_out_of_forms() {
    let team = Team::start().await;
    let (editor, admin) = (With::Session(team.editor.clone()), With::Session(team.admin.clone()));
    for (path, body) in [
        ("/api/v1/investigations", json!({"title": "Plans", "inputs": [["train", "a\u{0}b"]]})),
        ("/api/v1/investigations", json!({"title": "Pl\u{0}ans"})),
        ("/api/v1/arrangements", json!({"inputs": ["a\u{0}b"]})),
        ("/api/v1/arrangements", json!({"a\u{0}b": []})),
    ] {
        let refused = team.json(&editor, "POST", path, body).await.expect(StatusCode::BAD_REQUEST);
        assert!(refused.body.contains("U+0000"), "{path}: {}", refused.body);
    }
    for (method, path) in [
        ("DELETE", "/api/v1/investigations/absent/mutes/%00"),
        ("GET", "/api/v1/investigations/a%00b"),
        ("GET", "/investigations/%00"),
    ] {
        let refused = team.json(&editor, method, path, json!({})).await.expect(StatusCode::BAD_REQUEST);
        assert!(refused.body.contains("a character that no text has"), "{path}: {}", refused.body);
    }
    let answer = team.form(&admin, "/people/model/member", "model=loans&account=a%00b&role=viewer").await;
    assert!(answer.status.is_client_error() || answer.status.is_redirection(), "{}: {}", answer.status, answer.body);
    let made = team.form(&editor, "/investigations", "title=Pl%00ans").await;
    assert!(!made.status.is_server_error(), "{}: {}", made.status, made.body);
    team.server.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_first_requests_of_a_newcomer_behind_a_proxy_are_answered() {
    let elsewhere = Elsewhere { first_role: Some(Role::Viewer), ..Elsewhere::default() };
    let server = Server::start_with(|config| ServiceConfig { elsewhere, ..with_accounts(config) }).await;
    let code = server.service.set_up_code().await.unwrap().unwrap();
    server.service.set_up(code.as_str(), &account("Ada"), &client()).await.unwrap();
    let come = |name: &'static str| {
        let service = server.service.clone();
        tokio::spawn(async move { service.by_proxy(name, &client()).await })
    };
    let requests: Vec<_> = (0..20).map(|_| come("grace")).collect();
    let mut ids = BTreeSet::new();
    for request in requests {
        let visitor = request.await.unwrap().unwrap();
        ids.insert(visitor.person().unwrap().0.id.clone());
    }
    assert_eq!(ids.len(), 1, "one person, one account");
    server.settled().await;
}
