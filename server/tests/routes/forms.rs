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

/// Passengers with a few features; `of` says what stands in the row of each.
fn passengers(head: &str, of: impl Fn(u32) -> String) -> Vec<u8> {
    let rows = (0..200).map(|row| of(row) + "\n").collect::<String>();
    format!("{head}\n{rows}").into_bytes()
}

fn features(row: u32) -> String {
    format!("{row},{},{},{}", 20 + row * 7 % 50, ["f", "m"][(row * row % 2) as usize], 10 + row * 13 % 90)
}

#[tokio::test]
async fn a_label_that_serving_lacks_is_the_label_and_a_submission_is_no_table() {
    let server = Server::start().await;
    let train = passengers("PassengerId,Age,Sex,Fare,Survived", |row| format!("{},{}", features(row), row % 3 % 2));
    let test = passengers("PassengerId,Age,Sex,Fare", |row| features(row + 200));
    let submission = passengers("PassengerId,Survived", |row| format!("{},{}", row + 200, row % 2));
    let files = [
        File { name: "gender_submission.csv", bytes: &submission },
        File { name: "test.csv", bytes: &test },
        File { name: "train.csv", bytes: &train },
    ];
    let made = server.multipart("/investigations", &[("title", "titanic")], &files).await;
    let id = made.location().strip_prefix("/investigations/").unwrap().to_owned();
    let investigation = server.service.investigation(&id).await.unwrap();
    let roles: Vec<&str> = investigation.inputs.iter().map(|input| input.role.id()).collect();
    assert_eq!(roles, ["predictions", "serve", "train"]);
    assert_eq!(investigation.detected_roles().label(), Some("Survived"));
    server.settled().await;
    let diagnosis = server.get(&format!("/api/v1/investigations/{id}/diagnosis")).await.json();
    assert_eq!(diagnosis["roles"]["label"], "Survived");
    let accused: Vec<&str> =
        diagnosis["findings"].as_array().unwrap().iter().filter_map(|one| one["detector"].as_str()).collect();
    assert!(!accused.contains(&"D2.schema"), "{accused:?}");
    let said = diagnosis["readings"][0]["why"].as_str().unwrap();
    assert_eq!(said, "Train has it and “test.csv” lacks it, as data in serving lack the label.");
}

#[tokio::test]
async fn what_the_start_page_shows_is_what_is_used() {
    let server = Server::start().await;
    let (train, more) = (table(300, 10.0), table(200, 10.0));
    let upload = async |name: &str, bytes: &[u8]| {
        let stored = server.upload(name, bytes).await;
        stored["id"].as_str().unwrap().to_owned()
    };
    let (first, second) = (upload("train.csv", &train).await, upload("serve.csv", &more).await);
    let placed = [format!("test:{first}"), format!(":{second}")];
    let fields = [
        ("title", "t"),
        ("snapshot", first.as_str()),
        ("snapshot", second.as_str()),
        ("placed", placed[0].as_str()),
        ("placed", placed[1].as_str()),
        ("label", "amount"),
    ];
    let made = server.multipart("/investigations", &fields, &[]).await;
    let id = made.location().strip_prefix("/investigations/").unwrap().to_owned();
    let investigation = server.service.investigation(&id).await.unwrap();
    let roles: Vec<(&str, &str)> =
        investigation.inputs.iter().map(|input| (input.role.id(), input.snapshot.id.as_str())).collect();
    assert_eq!(roles, [("test", first.as_str())]);
    assert_eq!(investigation.roles.label(), Some("amount"));
    server.settled().await;
}

#[tokio::test]
async fn the_start_page_shows_roles_reasons_and_first_rows_and_keeps_what_was_chosen() {
    let server = Server::start().await;
    let train = passengers("PassengerId,Age,<img src=x>,Fare,Survived", |row| format!("{},{}", features(row), row % 2));
    let test = passengers("PassengerId,Age,<img src=x>,Fare", |row| features(row + 200));
    let [first, second] = [("train.csv", train), ("test.csv", test)].map(|(name, bytes)| (name, bytes));
    let first = server.upload(first.0, &first.1).await["id"].as_str().unwrap().to_owned();
    let second = server.upload(second.0, &second.1).await["id"].as_str().unwrap().to_owned();
    let asked = format!("/investigations/new/files?snapshot={first}&snapshot={second}");
    let shown = server.get(&asked).await.expect(StatusCode::OK).body;
    assert!(shown.contains("It lacks the label “Survived”, as data in serving do."), "{shown}");
    assert!(shown.contains("&lt;img src=x&gt;") && !shown.contains("<img"), "{shown}");
    let chosen = |page: &str, value: &str| page.contains(&format!("<option value=\"{value}\" selected>"));
    assert!(chosen(&shown, &format!("serve:{second}")) && chosen(&shown, "Survived"), "{shown}");
    let again = server.get(&format!("{asked}&placed=test%3A{second}&label=Age")).await.expect(StatusCode::OK).body;
    assert!(chosen(&again, &format!("test:{second}")) && chosen(&again, "Age"), "{again}");
    let left_out = server.get(&format!("{asked}&placed=%3A{second}")).await.expect(StatusCode::OK).body;
    assert!(chosen(&left_out, &format!(":{second}")), "{left_out}");
    let made = server.multipart("/investigations", &[("title", "t"), ("snapshot", &first)], &[]).await;
    let added = format!("{}/added/detect?snapshot={second}", made.location());
    let added = server.get(&added).await.expect(StatusCode::OK).body;
    assert!(chosen(&added, &format!("serve:{second}")) && !added.contains("name=\"label\""), "{added}");
    // Train is there already: another table without a name is no second one.
    let unnamed = passengers("PassengerId,Age,Sex,Fare,Survived", |row| format!("{},{}", features(row + 400), row % 2));
    let unnamed = server.upload("june.csv", &unnamed).await["id"].as_str().unwrap().to_owned();
    let wanted = format!("{}/added/offline?snapshot={unnamed}", made.location());
    let wanted = server.get(&wanted).await.expect(StatusCode::OK).body;
    assert!(chosen(&wanted, &format!("offline:{unnamed}")), "{wanted}");
    let added = format!("{}/added/detect?snapshot={unnamed}", made.location());
    let added = server.get(&added).await.expect(StatusCode::OK).body;
    assert!(chosen(&added, &format!("serve:{unnamed}")), "{added}");
    let unknown = server.get("/investigations/new/files?snapshot=none").await.expect(StatusCode::OK).body;
    assert!(unknown.contains("role=\"alert\""), "{unknown}");
    server.settled().await;
}

#[tokio::test]
async fn a_link_is_made_and_revoked_by_form() {
    let server = Server::start().await;
    let id = crate::investigations::diagnosed(&server).await["id"].as_str().unwrap().to_owned();
    let shared = server.form(&format!("/investigations/{id}/share-links"), "expires_days=7").await;
    // It leads back to the map, which shows the address to this browser alone.
    assert_eq!(shared.location(), format!("/investigations/{id}#share"));
    let cookies = shared.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    let cookie = cookies.filter(|cookie| cookie.starts_with("new_link=")).collect::<Vec<_>>().remove(0).to_owned();
    let (kept, limits) = cookie.split_once("; ").unwrap();
    assert_eq!(limits, format!("Path=/investigations/{id}; Max-Age=600; HttpOnly; SameSite=Strict"));
    let secret = kept.trim_start_matches("new_link=").to_owned();
    let page = format!("/investigations/{id}");
    let shown = server.get_with(&page, kept).await.expect(StatusCode::OK).body;
    assert!(shown.contains(&format!("/s/{secret}")), "{shown}");
    let others = server.get(&page).await.expect(StatusCode::OK).body;
    assert!(!others.contains(&secret) && others.contains("only its hash is stored"), "{others}");
    assert!(server.service.shared(&secret).await.is_ok());
    let link = server.service.share_links(&id).await.unwrap().remove(0);
    assert!(link.expires_at_ms.is_some());
    server.form(&format!("/share-links/{}/revoke", link.id), "").await.location();
    assert!(server.service.shared(&secret).await.is_err());
    server.settled().await;
}

#[tokio::test]
async fn without_a_file_nothing_is_started() {
    let server = Server::start().await;
    let answer = server.multipart("/investigations", &[("title", "x")], &[]).await.expect(StatusCode::BAD_REQUEST);
    assert!(answer.body.contains("There is no file to check."), "{}", answer.body);
    let all = server.get("/api/v1/investigations").await.json();
    assert_eq!(all, serde_json::json!([]));
    server.settled().await;
}

#[tokio::test]
async fn a_role_for_a_column_that_no_file_has_is_refused_and_changes_nothing() {
    let server = Server::start().await;
    let bytes = table(60, 10.0);
    let made =
        server.multipart("/investigations", &[("title", "x")], &[File { name: "train.csv", bytes: &bytes }]).await;
    let page = made.location();
    let id = page.strip_prefix("/investigations/").unwrap().to_owned();
    let before = server.service.investigation(&id).await.unwrap();
    let file = &before.inputs[0].snapshot.id;
    let inputs = |label: &str| format!("snapshot={file}&role=train&label={label}");
    let answer = server.form(&format!("{page}/inputs"), &inputs("Defaulted")).await.expect(StatusCode::BAD_REQUEST);
    assert!(answer.body.contains("No file has a column `Defaulted`. Did you mean `defaulted`?"), "{}", answer.body);
    let answer = server.form(&format!("{page}/inputs"), &inputs("y")).await.expect(StatusCode::BAD_REQUEST);
    assert!(answer.body.contains("Name a column of a file, or no label."), "{}", answer.body);
    assert_eq!(server.service.investigation(&id).await.unwrap().roles, before.roles);
    assert_eq!(server.form(&format!("{page}/inputs"), &inputs("defaulted")).await.location(), page);
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
