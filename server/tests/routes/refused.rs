//! What is refused, in the audit log: who, where and why, and few lines of many.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::account::{Role, Scope};
use domain::audit::{AuditKind, AuditLine};
use serde_json::json;
use server::http::rules::{Needs, RULES};
use service::store::{Store, sqlite_url};

use crate::attacked::linked;
use crate::harness::table;
use crate::team::{Team, With, client};

fn is_refusal(line: &AuditLine) -> bool {
    matches!(line.what, AuditKind::Refused { .. } | AuditKind::RefusedAgain { .. } | AuditKind::RefusedUnlisted { .. })
}

fn sentences(lines: Vec<AuditLine>) -> Vec<String> {
    let refusals = lines.into_iter().rev().filter(is_refusal);
    refusals.map(|line| format!("{} {}", line.actor, line.what.words())).collect()
}

/// The lines about refusals, the oldest first.
async fn refusals(team: &Team) -> Vec<String> {
    let (admin, service) = (team.visitor(&team.admin).await, &team.server.service);
    let lines = service.audit(&admin, None).await.unwrap();
    assert_eq!(service.audit_is_broken_at(&admin).await.unwrap(), None);
    sentences(lines)
}

#[tokio::test]
async fn who_may_not_do_something_by_role_scope_or_model_is_in_the_log() {
    let team = Team::start().await;
    let (admin, viewer) = (With::Session(team.admin.clone()), With::Session(team.viewer.clone()));
    let reads = With::Token(team.token(&team.editor, Scope::Read).await);
    let new = json!({"title": "Plans", "model": "secret-model"});
    let made = team.json(&admin, "POST", "/api/v1/investigations", new).await.expect(StatusCode::CREATED).json();
    let id = made["id"].as_str().unwrap();
    team.form(&admin, "/people/model", "model=secret-model&openness=members").await.expect(StatusCode::SEE_OTHER);
    let file = team.send(&admin, "POST", "/api/v1/snapshots?name=a.csv", table(20, 1.0).into(), "text/csv").await;
    let file = file.expect(StatusCode::CREATED).json()[0]["id"].as_str().unwrap().to_owned();

    team.get(&viewer, "/people").await.expect(StatusCode::FORBIDDEN);
    team.json(&reads, "POST", "/api/v1/investigations", json!({"title": "More"})).await.expect(StatusCode::FORBIDDEN);
    team.get(&reads, "/account").await.expect(StatusCode::FORBIDDEN);
    team.get(&viewer, &format!("/api/v1/investigations/{id}")).await.expect(StatusCode::NOT_FOUND);
    team.get(&viewer, &format!("/api/v1/snapshots/{file}")).await.expect(StatusCode::NOT_FOUND);
    let wrong = "old=not+the+password&new=seven+violins+of+copper+tundra";
    team.form(&viewer, "/account/password", wrong).await.expect(StatusCode::FORBIDDEN);
    // What is not there is no refusal, and whoever shows nothing can ask without end.
    team.get(&viewer, "/api/v1/investigations/absent").await.expect(StatusCode::NOT_FOUND);
    team.get(&viewer, "/api/v1/snapshots/absent").await.expect(StatusCode::NOT_FOUND);
    team.get(&With::Nothing, "/people").await.expect(StatusCode::UNAUTHORIZED);
    team.get(&With::Session("0".repeat(64)), "/people").await.expect(StatusCode::UNAUTHORIZED);
    let said = refusals(&team).await;
    assert_eq!(
        said,
        [
            "Alan was refused at GET /people: this needs the role admin, and the role was viewer",
            "Grace was refused at POST /api/v1/investigations with the token \u{201c}gate\u{201d}: this needs the role editor, \
             and the role was viewer",
            "Grace was refused at GET /account with the token \u{201c}gate\u{201d}: a token can't do this",
            "Alan was refused at GET /api/v1/investigations/{id}: the account does not see it",
            "Alan was refused at GET /api/v1/snapshots/{id}: the account does not see it",
            "Alan was refused at POST /account/password: \u{201c}The present password is not right.\u{201d}",
        ]
    );
    let page = team.get(&admin, "/audit").await.expect(StatusCode::OK).body;
    assert!(page.contains("was refused at GET /people: this needs the role admin"), "{page}");
    team.server.settled().await;
}

#[tokio::test]
async fn a_token_that_does_not_work_is_in_the_log_with_its_owner_or_as_unknown() {
    let team = Team::start().await;
    let (admin, path) = (With::Session(team.admin.clone()), "/api/v1/snapshots");
    let revoked = team.token(&team.viewer, Scope::Read).await;
    let by = team.visitor(&team.viewer).await;
    let id = team.server.service.tokens(&by).await.unwrap().remove(0).id;
    team.server.service.revoke_token(&by, &id, &client()).await.unwrap();
    let expired = team.token(&team.admin, Scope::Read).await;
    sqlx::any::install_default_drivers();
    let file = team.server.data.path().join("mismatch.db");
    let pool = sqlx::AnyPool::connect(&format!("sqlite://{}", file.display())).await.unwrap();
    sqlx::query("update tokens set expires_at_ms = 1").execute(&pool).await.unwrap();
    pool.close().await;
    let disabled = team.token(&team.editor, Scope::Read).await;
    let accounts = team.server.service.accounts(&team.visitor(&team.admin).await).await.unwrap();
    let grace = accounts.into_iter().find(|one| one.role == Role::Editor).unwrap();
    team.form(&admin, &format!("/people/{}/disable", grace.id), "").await.expect(StatusCode::SEE_OTHER);
    for token in ["mismatch_guessed", &revoked, &expired, &disabled] {
        team.get(&With::Token(token.to_owned()), path).await.expect(StatusCode::UNAUTHORIZED);
    }
    let said = refusals(&team).await;
    assert_eq!(
        said,
        [
            "someone was refused at GET /api/v1/snapshots with a token: there is no such token",
            "Alan was refused at GET /api/v1/snapshots with the token \u{201c}gate\u{201d}: it was revoked",
            "Ada was refused at GET /api/v1/snapshots with the token \u{201c}gate\u{201d}: it has expired",
            "Grace was refused at GET /api/v1/snapshots with the token \u{201c}gate\u{201d}: the account is disabled",
        ]
    );
    assert!(said.iter().all(|line| !line.contains("guessed") && !line.contains(&revoked)));
    team.server.settled().await;
}

#[tokio::test]
async fn a_wrong_password_of_a_link_and_one_that_was_revoked_are_in_the_log_without_the_secret() {
    let team = Team::start().await;
    let (id, secret) = linked(&team, "tundra copper violin").await;
    let (nobody, editor) = (With::Nothing, With::Session(team.editor.clone()));
    team.form(&nobody, &format!("/s/{secret}/unlock"), "password=guess").await.expect(StatusCode::FORBIDDEN);
    let by_header = Request::get(format!("/api/v1/shared/{secret}")).header("x-share-password", "guess");
    team.server.send(by_header.body(Body::empty()).unwrap()).await.expect(StatusCode::FORBIDDEN);
    // Whoever knows no link can ask without end.
    team.get(&nobody, &format!("/api/v1/shared/{}", "0".repeat(64))).await.expect(StatusCode::NOT_FOUND);
    let links = team.get(&editor, &format!("/api/v1/investigations/{id}/share-links")).await.json();
    let link = links[0]["id"].as_str().unwrap();
    team.form(&editor, &format!("/share-links/{link}/revoke"), "").await.expect(StatusCode::SEE_OTHER);
    team.get(&nobody, &format!("/api/v1/shared/{secret}")).await.expect(StatusCode::NOT_FOUND);
    let said = refusals(&team).await;
    assert_eq!(
        said,
        [
            "someone was refused at POST /s/{secret}/unlock with a share link to \u{201c}Plans\u{201d}: the password was wrong",
            "someone was refused at GET /api/v1/shared/{secret} with a share link to \u{201c}Plans\u{201d}: the password was wrong",
            "someone was refused at GET /api/v1/shared/{secret} with a share link to \u{201c}Plans\u{201d}: it was revoked",
        ]
    );
    assert!(said.iter().all(|line| !line.contains(&secret) && !line.contains("guess")));
    team.server.settled().await;
}

#[tokio::test]
async fn a_page_of_another_site_that_uses_a_session_is_in_the_log() {
    let team = Team::start().await;
    let from_elsewhere = |session: &str| {
        let request = Request::post("/people/invitations").header(header::ORIGIN, "http://evil.example");
        request.header(header::COOKIE, format!("session={session}")).body(Body::empty()).unwrap()
    };
    team.server.send(from_elsewhere(&team.admin)).await.expect(StatusCode::FORBIDDEN);
    team.server.send(from_elsewhere(&"0".repeat(64))).await.expect(StatusCode::FORBIDDEN);
    let said = refusals(&team).await;
    assert_eq!(said, ["Ada was refused at POST /people/invitations: a page of another site sent the request"]);
    team.server.settled().await;
}

#[tokio::test]
async fn a_flood_of_refusals_is_few_lines_and_a_count() {
    let team = Team::start().await;
    let viewer = With::Session(team.viewer.clone());
    for _ in 0..200 {
        team.get(&viewer, "/people").await.expect(StatusCode::FORBIDDEN);
    }
    for guess in 0..100 {
        team.get(&With::Token(format!("mismatch_{guess}")), "/api/v1/snapshots").await.expect(StatusCode::UNAUTHORIZED);
    }
    assert_eq!(refusals(&team).await.len(), 2);
    // Whoever tries each address has a bounded number of lines too.
    let administered =
        RULES.iter().filter(|(_, route, needs)| *needs == Needs::Role(Role::Admin) && !route.contains('{'));
    let editing = RULES.iter().filter(|(methods, route, needs)| {
        methods[0] == "POST" && *needs == Needs::Role(Role::Editor) && !route.contains("/people")
    });
    let mut tried = 0;
    for (methods, route, _) in administered.chain(editing) {
        let path = route.split('/').map(|part| if part.starts_with('{') { "absent" } else { part });
        let path = path.collect::<Vec<_>>().join("/");
        let answer = team.send(&viewer, methods[0], &path, Body::empty(), "application/json").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{route}");
        tried += 1;
    }
    assert!(tried > 30, "{tried}");
    assert_eq!(refusals(&team).await.len(), 21, "20 of Alan and one of who is not known");
    team.server.settled().await;
    // What was counted is written when the server stops.
    team.server.service.shut_down().await;
    let store = Store::open(&sqlite_url(&team.server.data.path().join("mismatch.db"))).await.unwrap();
    let said = sentences(store.audit_lines(None, 1_000).await.unwrap());
    assert_eq!(store.first_broken_audit_line().await.unwrap(), None);
    store.close().await;
    let again = "Alan was refused 200 more times at GET /people: this needs the role admin, and the role was viewer";
    assert!(said.iter().any(|line| line == again), "{said:?}");
    let guessed = "someone was refused 99 more times at GET /api/v1/snapshots with a token: there is no such token";
    assert!(said.iter().any(|line| line == guessed), "{said:?}");
    assert!(said.iter().any(|line| line.ends_with("the lines before this one were enough")), "{said:?}");
    assert_eq!(said.len(), 24);
}
