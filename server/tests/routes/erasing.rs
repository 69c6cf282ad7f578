//! A name that is taken out of what somebody said and did.

use axum::http::StatusCode;
use domain::account::Role;
use serde_json::json;

use crate::harness::table;
use crate::team::{Team, With};

#[tokio::test]
async fn an_erased_name_stands_nowhere_but_in_the_audit_log() {
    let team = Team::start().await;
    let (admin, editor) = (With::Session(team.admin.clone()), With::Session(team.editor.clone()));
    let made = team.json(&editor, "POST", "/api/v1/investigations", json!({"title": "Plans"})).await;
    let id = made.expect(StatusCode::CREATED).json()["id"].as_str().unwrap().to_owned();
    let at = |rest: &str| format!("/api/v1/investigations/{id}{rest}");
    team.json(&editor, "POST", &at("/notes"), json!({"text": "Seen."})).await.expect(StatusCode::OK);
    team.json(&editor, "POST", &at("/hypotheses"), json!({"statement": "The exporter."}))
        .await
        .expect(StatusCode::CREATED);
    team.json(&editor, "PUT", &at("/incident"), json!({"assignee": "Grace"})).await.expect(StatusCode::OK);
    let task = json!({"task": "Divide.", "owner": "Grace"});
    team.json(&editor, "POST", &at("/follow-ups"), task).await.expect(StatusCode::CREATED);
    team.json(&editor, "PUT", "/api/v1/models/loans", json!({"owner": "Grace"})).await.expect(StatusCode::OK);
    let train = "/api/v1/models/loans/arrivals?name=train.csv&role=train";
    let sent = team.send(&editor, "POST", train, table(60, 1.0).into(), "text/csv").await;
    assert_eq!(sent.expect(StatusCode::CREATED).json()["author"], "Grace");
    let before = team.get(&admin, &at("")).await.json();
    assert!(before.to_string().matches("Grace").count() >= 6, "{before}");
    let visitor = team.visitor(&team.admin).await;
    let accounts = team.server.service.accounts(&visitor).await.unwrap();
    let grace = accounts.into_iter().find(|one| one.role == Role::Editor).unwrap();
    let erase = format!("/people/{}/erase", grace.id);
    team.form(&admin, &erase, "").await.expect(StatusCode::BAD_REQUEST);
    team.form(&admin, &erase, "sure=1").await.expect(StatusCode::CONFLICT);
    team.form(&admin, &format!("/people/{}/disable", grace.id), "").await.expect(StatusCode::SEE_OTHER);
    team.form(&admin, &erase, "sure=1").await.expect(StatusCode::SEE_OTHER);
    for path in [
        at(""),
        format!("/investigations/{id}"),
        format!("/investigations/{id}/review"),
        "/".to_owned(),
        "/people".to_owned(),
        "/models".to_owned(),
        "/models/loans".to_owned(),
        "/api/v1/models/loans".to_owned(),
        "/api/v1/models/loans/arrivals".to_owned(),
    ] {
        let body = team.get(&admin, &path).await.expect(StatusCode::OK).body;
        assert!(!body.to_lowercase().contains("grace"), "{path}: {body}");
    }
    let after = team.get(&admin, &at("")).await.json();
    assert!(after.to_string().contains("Former member") && after.to_string().contains("Seen."), "{after}");
    let audit = team.get(&admin, "/audit").await.expect(StatusCode::OK).body;
    assert!(audit.contains("Grace") && audit.contains("none was changed or taken out"), "{audit}");
    team.server.settled().await;
}
