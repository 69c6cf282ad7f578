//! Forms, as a browser without scripts sends them.

use axum::http::StatusCode;

use crate::harness::{File, Server, table};

#[tokio::test]
async fn an_incident_without_scripts() {
    let server = Server::start().await;
    let (train, serve) = (table(300, 10.0), table(300, 100.0));
    let fields =
        [("title", ""), ("model", "loans"), ("symptoms", "predictions feel wrong"), ("author", "Ada"), ("link", "")];
    let files = [File { name: "train.csv", bytes: &train }, File { name: "serve.csv", bytes: &serve }];
    let made = server.multipart("/investigations", &fields, &files).await;
    let id = made.location().strip_prefix("/investigations/").unwrap().to_owned();
    let investigation = server.service.investigation(&id).await.unwrap();
    assert_eq!(investigation.title, "loans: predictions feel wrong");
    let roles: Vec<&str> = investigation.inputs.iter().map(|input| input.role.id()).collect();
    assert_eq!(roles, ["train", "serve"]);

    let page = format!("/investigations/{id}");
    let [first, second] = [&investigation.inputs[0].snapshot.id, &investigation.inputs[1].snapshot.id];
    let swapped =
        format!("snapshot={first}&role=serve&snapshot={second}&role=train&label=defaulted&id=row_id&threshold=0.4");
    assert_eq!(server.form(&format!("{page}/inputs"), &swapped).await.location(), page);
    let reviewed = server.service.investigation(&id).await.unwrap();
    assert_eq!((reviewed.roles.label(), reviewed.threshold), (Some("defaulted"), Some(0.4)));
    assert_eq!(reviewed.inputs[0].role.id(), "serve");

    let more = table(40, 10.0);
    let added = server.multipart(&format!("{page}/files"), &[], &[File { name: "test.csv", bytes: &more }]).await;
    assert_eq!(added.location(), format!("{page}/inputs"));
    let reading = format!("{page}/inputs/{first}/reading");
    assert_eq!(server.form(&reading, "delimiter=%2C&header=no").await.location(), format!("{page}/inputs"));
    let reread = server.service.investigation(&id).await.unwrap();
    assert_eq!((reread.inputs.len(), reread.inputs[0].snapshot.rows), (3, 301));

    let note = "text=Cents%3F&author=Ada&back=layers%2Ffeatures";
    assert_eq!(server.form(&format!("{page}/notes"), note).await.location(), format!("{page}/layers/features"));
    server.form(&format!("{page}/statuses"), "item=F2&status=confirmed&note=cents").await.location();
    assert_eq!(server.form(&format!("{page}/close"), "verdict=It+was+cents.").await.location(), page);
    assert_eq!(server.form(&format!("{page}/reopen"), "").await.location(), page);
    let end = server.service.investigation(&id).await.unwrap();
    assert_eq!((end.notes.len(), end.statuses.len(), end.verdict.as_deref()), (1, 1, Some("It was cents.")));
    server.settled().await;
}

#[tokio::test]
async fn a_link_is_made_and_revoked_by_form() {
    let server = Server::start().await;
    let id = crate::investigations::diagnosed(&server).await["id"].as_str().unwrap().to_owned();
    let shared = server.form(&format!("/investigations/{id}/share-links"), "expires_days=7").await;
    let secret = shared.location().strip_prefix("/s/").unwrap().to_owned();
    assert!(server.service.shared(&secret).await.is_ok());
    let link = server.service.share_links(&id).await.unwrap().remove(0);
    assert!(link.expires_at_ms.is_some());
    server.form(&format!("/share-links/{}/revoke", link.id), "").await.location();
    assert!(server.service.shared(&secret).await.is_err());
    server.settled().await;
}

#[tokio::test]
async fn a_form_that_fails_gives_people_a_page_and_scripts_a_problem() {
    let server = Server::start().await;
    let answer = server.form("/investigations/none/notes", "text=x").await.expect(StatusCode::NOT_FOUND);
    assert!(answer.body.contains("<h1>") && answer.body.contains("There is no such investigation."), "{}", answer.body);
    let bad = File { name: "<img src=x>.csv", bytes: b"" };
    let answer = server.multipart("/investigations", &[("title", "x")], &[bad]).await.expect(StatusCode::BAD_REQUEST);
    assert!(answer.body.contains("&lt;img src=x&gt;") && !answer.body.contains("<img src=x>"), "{}", answer.body);

    let request = axum::http::Request::post("/investigations/none/notes")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "application/json");
    let answer = server.send(request.body("text=x".into()).unwrap()).await.expect(StatusCode::NOT_FOUND);
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    server.settled().await;
}
