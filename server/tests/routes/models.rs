//! Models that are for their members only, and roles that hold in one model.

use axum::body::Body;
use axum::http::StatusCode;
use domain::account::{Role, Scope};
use serde_json::{Value, json};
use server::http::rules::{RULES, about};
use service::Subject;

use crate::harness::table;
use crate::team::{Team, With};

const SECRET: &str = "secret-model";
const OURS: &str = "our-model";

/// Three investigations of three models, and who may do what: Grace edits everywhere but only looks at the secret model, Alan
/// looks everywhere, does not see it, and edits ours.
struct Models {
    team: Team,
    admin: With,
    grace: With,
    alan: With,
    secret: String,
    snapshot: String,
    ours: String,
    other: String,
}

impl Models {
    async fn start() -> Models {
        let team = Team::start().await;
        let [admin, grace, alan] = [&team.admin, &team.editor, &team.viewer].map(|one| With::Session(one.clone()));
        let snapshot = upload(&team, &admin, "plans.csv").await;
        let open = async |model: &str, inputs: Value| {
            let new = json!({"title": format!("About {model}"), "model": model, "inputs": inputs});
            let made =
                team.json(&admin, "POST", "/api/v1/investigations", new).await.expect(StatusCode::CREATED).json();
            made["id"].as_str().unwrap().to_owned()
        };
        let secret = open(SECRET, json!([["train", snapshot]])).await;
        let (ours, other) = (open(OURS, json!([])).await, open("", json!([])).await);
        let models = Models { admin, grace, alan, secret, snapshot, ours, other, team };
        models.opens(SECRET, "members").await;
        models.gives("Grace", SECRET, "viewer").await;
        models.gives("Alan", OURS, "editor").await;
        models
    }

    async fn opens(&self, model: &str, to: &str) {
        let fields = format!("model={model}&openness={to}");
        self.team.form(&self.admin, "/people/model", &fields).await.expect(StatusCode::SEE_OTHER);
    }

    async fn gives(&self, name: &str, model: &str, role: &str) {
        let by = self.team.visitor(&self.team.admin).await;
        let accounts = self.team.server.service.accounts(&by).await.unwrap();
        let of = accounts.into_iter().find(|one| one.name.as_str() == name).unwrap();
        let fields = format!("model={model}&account={}&role={role}", of.id);
        self.team.form(&self.admin, "/people/model/member", &fields).await.expect(StatusCode::SEE_OTHER);
    }

    async fn get(&self, with: &With, path: &str) -> StatusCode {
        self.team.get(with, path).await.status
    }

    async fn note(&self, with: &With, investigation: &str) -> StatusCode {
        let path = format!("/api/v1/investigations/{investigation}/notes");
        self.team.json(with, "POST", &path, json!({"text": "Seen."})).await.status
    }
}

async fn upload(team: &Team, with: &With, name: &str) -> String {
    let path = format!("/api/v1/snapshots?name={name}");
    let answer = team.send(with, "POST", &path, Body::from(table(80, 1.0)), "text/csv").await;
    answer.expect(StatusCode::CREATED).json()[0]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn no_route_shows_a_hidden_model_to_who_is_not_a_member() {
    let models = Models::start().await;
    let team = &models.team;
    team.server.settled().await;
    let read = With::Token(team.token(&team.viewer, Scope::Read).await);
    let job = team.get(&models.admin, &format!("/api/v1/investigations/{}/job", models.secret)).await.json();
    let day = format!("/api/v1/models/{SECRET}/arrivals?name=day.csv");
    let day = team.send(&models.admin, "POST", &day, Body::from(table(60, 1.0)), "text/csv").await;
    let day = day.expect(StatusCode::CREATED).json()["id"].as_str().unwrap().to_owned();
    team.server.settled().await;
    let link = format!("/api/v1/investigations/{}/share-links", models.secret);
    let link = team.json(&models.admin, "POST", &link, json!({})).await.expect(StatusCode::CREATED).json();
    let named = |name: &str| match name {
        "snapshots" => models.snapshot.clone(),
        "jobs" => job["id"].as_str().unwrap().to_owned(),
        "share-links" => link["link"]["id"].as_str().unwrap().to_owned(),
        _ => models.secret.clone(),
    };
    let mut tried = 0;
    for (methods, route, _) in RULES {
        let Some(subject) = about(route, route) else { continue };
        let kind = match subject {
            Subject::Investigation(_) => "investigations",
            Subject::Snapshot(_) => "snapshots",
            Subject::Job(_) => "jobs",
            Subject::ShareLink(_) => "share-links",
            Subject::Model(_) => "models",
        };
        let path = route.replacen("{name}", SECRET, 1).replace("{arrival}", &day);
        let path = path.replacen("{id}", &named(kind), 1).replace("{layer}", "data").replace("{format}", "tfdv");
        for with in [&models.alan, &read] {
            let method = if methods[0] == "GET" { "GET" } else { methods[0] };
            let body = if method == "GET" { Body::empty() } else { Body::from("{}") };
            let answer = team.send(with, method, &path, body, "application/json").await;
            let is_hidden = matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN);
            assert!(is_hidden && !answer.body.contains(SECRET), "{method} {path}: {} {}", answer.status, answer.body);
            tried += 1;
        }
    }
    assert!(tried > 140, "{tried}");
    team.server.settled().await;
}

#[tokio::test]
async fn no_list_and_no_search_names_a_hidden_model() {
    let models = Models::start().await;
    let team = &models.team;
    team.server.settled().await;
    let mention = json!({"text": "@Alan @Grace look."});
    let notes = format!("/api/v1/investigations/{}/notes", models.secret);
    team.json(&models.admin, "POST", &notes, mention).await.expect(StatusCode::OK);
    let lists = [
        "/".to_owned(),
        "/?q=secret".to_owned(),
        "/search?q=secret".to_owned(),
        format!("/search?in={}", models.secret),
        "/palette?q=secret".to_owned(),
        format!("/palette?in={}&q=plans", models.secret),
        "/yours".to_owned(),
        "/metrics".to_owned(),
        "/api/v1/investigations".to_owned(),
        "/api/v1/investigations?search=secret".to_owned(),
        "/api/v1/snapshots".to_owned(),
        "/investigations/new".to_owned(),
        format!("/investigations/{}/review", models.ours),
        "/models".to_owned(),
        "/weekly".to_owned(),
        "/api/v1/models".to_owned(),
        "/api/v1/weekly".to_owned(),
        format!("/models/{OURS}"),
    ];
    for path in &lists {
        let body = team.get(&models.alan, path).await.expect(StatusCode::OK).body;
        for word in ["secret-model", "plans.csv", &models.secret] {
            let is_own = path.contains(word) || word == "secret-model" && path.contains("secret");
            let shown = body.matches(word).count();
            assert!(shown == 0 || (is_own && !body.contains("About secret-model")), "{path} shows {word}: {body}");
        }
    }
    // Who is a member finds it everywhere.
    for path in ["/", "/api/v1/investigations", "/metrics", "/yours", "/search?q=secret"] {
        let body = team.get(&models.grace, path).await.expect(StatusCode::OK).body;
        assert!(body.contains("About secret-model"), "{path}: {body}");
    }
    for path in ["/models", "/weekly", "/api/v1/models", "/api/v1/weekly"] {
        let body = team.get(&models.grace, path).await.expect(StatusCode::OK).body;
        assert!(body.contains(SECRET), "{path}: {body}");
    }
    let files = team.get(&models.grace, "/api/v1/snapshots").await.expect(StatusCode::OK).body;
    assert!(files.contains("plans.csv"));
    models.opens(SECRET, "everybody").await;
    assert!(team.get(&models.alan, "/").await.body.contains("About secret-model"));
    team.server.settled().await;
}

#[tokio::test]
async fn a_hidden_file_can_not_be_used_by_its_id() {
    let models = Models::start().await;
    let team = &models.team;
    let id = models.snapshot.as_str();
    let new = json!({"title": "Mine", "model": OURS, "inputs": [["train", id]]});
    team.json(&models.alan, "POST", "/api/v1/investigations", new.clone()).await.expect(StatusCode::NOT_FOUND);
    let files = json!({"snapshots": [id]});
    team.json(&models.alan, "POST", "/api/v1/arrangements", files).await.expect(StatusCode::NOT_FOUND);
    let inputs = format!("/api/v1/investigations/{}/inputs", models.ours);
    let pinned = json!({"inputs": [["train", id]]});
    team.json(&models.alan, "PUT", &inputs, pinned).await.expect(StatusCode::NOT_FOUND);
    let form = format!("/investigations/{}/inputs", models.ours);
    team.form(&models.alan, &form, &format!("snapshot={id}&role=train")).await.expect(StatusCode::NOT_FOUND);
    let reading = format!("/investigations/{}/inputs/{id}/reading", models.ours);
    team.form(&models.alan, &reading, "format=csv").await.expect(StatusCode::NOT_FOUND);
    let shown = team.get(&models.alan, &format!("/investigations/new/files?snapshot={id}")).await;
    assert!(!shown.body.contains("plans.csv"), "{}", shown.body);
    let link = json!({"target": "/nowhere", "investigation": models.secret});
    team.json(&models.alan, "POST", "/api/v1/snapshots/link", link).await.expect(StatusCode::NOT_FOUND);
    // Nor can anything be sent to an investigation by a query.
    for (with, status) in [(&models.alan, StatusCode::NOT_FOUND), (&models.grace, StatusCode::FORBIDDEN)] {
        let path = format!("/api/v1/observations?name=reqs.txt&investigation={}", models.secret);
        team.send(with, "POST", &path, "numpy==2.0\n".into(), "text/plain").await.expect(status);
    }
    // Who has the same bytes has the right to them.
    assert_eq!(upload(team, &models.alan, "plans.csv").await, models.snapshot);
    team.json(&models.alan, "POST", "/api/v1/investigations", new).await.expect(StatusCode::CREATED);
    assert_eq!(models.get(&models.alan, &format!("/investigations/{}", models.secret)).await, StatusCode::NOT_FOUND);
    team.server.settled().await;
}

#[tokio::test]
async fn a_form_gives_roles_only_to_files_that_it_brings() {
    let models = Models::start().await;
    let team = &models.team;
    let own = json!({"title": "Mine", "model": "mine"});
    let own = team.json(&models.grace, "POST", "/api/v1/investigations", own).await.expect(StatusCode::CREATED).json();
    let own = own["id"].as_str().unwrap();
    models.gives("Alan", "mine", "editor").await;
    let form = |placed: &str| {
        let part = |name: &str, value: &str| {
            format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let parts = [part("title", "Mine"), part("model", "mine"), part("placed", placed)];
        Body::from(parts.concat() + "--x--\r\n")
    };
    let placed = format!("train:{}", models.snapshot);
    let written = With::Token(team.token(&team.viewer, Scope::Write).await);
    for (with, path) in [
        (&models.alan, "/investigations".to_owned()),
        (&models.alan, format!("/investigations/{own}/files")),
        (&written, "/investigations".to_owned()),
    ] {
        let kind = "multipart/form-data; boundary=x";
        let refused = team.send(with, "POST", &path, form(&placed), kind).await.expect(StatusCode::NOT_FOUND);
        assert!(refused.body.contains("does not bring"), "{}", refused.body);
    }
    let preview = format!("/api/v1/snapshots/{}/preview", models.snapshot);
    assert_eq!(models.get(&models.alan, &preview).await, StatusCode::NOT_FOUND, "it is still hidden");
    team.server.settled().await;
}

#[tokio::test]
async fn who_edits_a_model_sends_it_files_and_nobody_else() {
    let models = Models::start().await;
    let team = &models.team;
    let push = async |with: &With, model: &str| {
        let path = format!("/api/v1/models/{model}/arrivals?name=day.csv&role=train");
        team.send(with, "POST", &path, Body::from(table(60, 1.0)), "text/csv").await.status
    };
    let [reads, writes] = [Scope::Read, Scope::Write];
    let (reads, writes) = (team.token(&team.viewer, reads).await, team.token(&team.viewer, writes).await);
    assert_eq!(push(&With::Token(writes.clone()), OURS).await, StatusCode::CREATED);
    assert_eq!(push(&With::Token(reads), OURS).await, StatusCode::FORBIDDEN);
    assert_eq!(push(&With::Nothing, OURS).await, StatusCode::UNAUTHORIZED);
    assert_eq!(push(&models.grace, SECRET).await, StatusCode::FORBIDDEN, "she only looks at it");
    // Neither another spelling of the name nor a space leads around the rule.
    for spelled in [SECRET.to_owned(), SECRET.replace('s', "%73"), format!("%20{SECRET}%20")] {
        assert_eq!(push(&With::Token(writes.clone()), &spelled).await, StatusCode::FORBIDDEN, "{spelled}");
        let page = team.get(&models.alan, &format!("/models/{spelled}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{spelled}: {}", page.body);
    }
    assert_eq!(push(&models.alan, "new-model").await, StatusCode::FORBIDDEN, "he edits only ours");
    assert_eq!(push(&models.grace, "new-model").await, StatusCode::CREATED);
    let page = team.get(&models.alan, "/models/new-model").await.expect(StatusCode::OK).body;
    assert!(!page.contains("action=\"/models/"), "a form that he may not send is not shown");
    // What arrived for a model is seen with it.
    let files = team.get(&models.alan, "/api/v1/snapshots").await.expect(StatusCode::OK).body;
    assert!(files.contains("day.csv"), "{files}");
    team.server.settled().await;
}

#[tokio::test]
async fn an_example_is_opened_only_in_a_model_that_one_may_change() {
    let models = Models::start().await;
    models.opens("car-loan", "members").await;
    let refused = models.team.form(&models.grace, "/examples/car-loan", "").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.body);
    models.gives("Grace", "car-loan", "editor").await;
    models.team.form(&models.grace, "/examples/car-loan", "").await.expect(StatusCode::SEE_OTHER);
    models.team.server.settled().await;
}

#[tokio::test]
async fn a_role_in_a_model_holds_there_and_nowhere_else() {
    let models = Models::start().await;
    let team = &models.team;
    // Grace edits everywhere, and only looks at the secret model.
    assert_eq!(models.get(&models.grace, &format!("/investigations/{}", models.secret)).await, StatusCode::OK);
    assert_eq!(models.note(&models.grace, &models.secret).await, StatusCode::FORBIDDEN);
    assert_eq!(models.note(&models.grace, &models.other).await, StatusCode::OK);
    let page = team.get(&models.grace, &format!("/investigations/{}", models.secret)).await.body;
    assert!(!page.contains("action=\"/investigations/"), "a form that she may not send is not shown");
    // Alan looks everywhere, and edits ours: in a browser and by a token that writes, not by one that reads.
    assert_eq!(models.note(&models.alan, &models.ours).await, StatusCode::OK);
    assert_eq!(models.note(&models.alan, &models.other).await, StatusCode::FORBIDDEN);
    let [reads, writes] = [Scope::Read, Scope::Write];
    let (reads, writes) = (team.token(&team.viewer, reads).await, team.token(&team.viewer, writes).await);
    assert_eq!(models.note(&With::Token(writes), &models.ours).await, StatusCode::OK);
    assert_eq!(models.note(&With::Token(reads), &models.ours).await, StatusCode::FORBIDDEN);
    // He opens investigations of it, and carries nothing into another one.
    for (model, status) in [(OURS, StatusCode::CREATED), ("", StatusCode::FORBIDDEN), (SECRET, StatusCode::FORBIDDEN)] {
        let new = json!({"title": "Mine", "model": model});
        team.json(&models.alan, "POST", "/api/v1/investigations", new).await.expect(status);
        let form = format!("title=Mine&model={model}&symptoms=");
        let edit = format!("/investigations/{}/edit", models.ours);
        let expected = if status == StatusCode::CREATED { StatusCode::SEE_OTHER } else { status };
        team.form(&models.alan, &edit, &form).await.expect(expected);
        let path = format!("/api/v1/investigations/{}", models.ours);
        let expected = if status == StatusCode::CREATED { StatusCode::OK } else { status };
        team.json(&models.alan, "PUT", &path, json!({"model": model})).await.expect(expected);
    }
    let start = team.get(&models.alan, "/").await.body;
    assert!(start.contains("href=\"/investigations/new\""), "he may start one");
    // What is taken back ends at once.
    models.gives("Alan", OURS, "").await;
    models.gives("Grace", SECRET, "").await;
    assert_eq!(models.note(&models.alan, &models.ours).await, StatusCode::FORBIDDEN);
    assert_eq!(models.get(&models.grace, &format!("/investigations/{}", models.secret)).await, StatusCode::NOT_FOUND);
    let audit = team.get(&models.admin, "/audit").await.expect(StatusCode::OK).body;
    for said in ["made Grace viewer of the model", "took Alan out of the model", "to its members and admins only"] {
        assert!(audit.contains(said), "{said}: {audit}");
    }
    team.server.settled().await;
}

#[tokio::test]
async fn only_admins_decide_who_sees_a_model() {
    let models = Models::start().await;
    let team = &models.team;
    let page = team.get(&models.admin, "/people/model?name=secret-model").await.expect(StatusCode::OK).body;
    assert!(page.contains("Grace") && page.contains("admin everywhere"), "{page}");
    assert!(team.get(&models.admin, "/people").await.body.contains("1 member"));
    for with in [&models.grace, &models.alan] {
        for path in ["/people/model", "/people/model/member"] {
            team.form(with, path, "model=our-model&openness=members").await.expect(StatusCode::FORBIDDEN);
        }
        assert_eq!(models.get(with, "/people/model?name=our-model").await, StatusCode::FORBIDDEN);
    }
    let by = team.visitor(&team.admin).await;
    let accounts = team.server.service.accounts(&by).await.unwrap();
    let alan = accounts.iter().find(|one| one.role == Role::Viewer).unwrap();
    for fields in [
        format!("model=our-model&account={}&role=admin", alan.id),
        format!("model=our-model&account={}&role=owner", alan.id),
        format!("model=&account={}&role=viewer", alan.id),
    ] {
        team.form(&models.admin, "/people/model/member", &fields).await.expect(StatusCode::BAD_REQUEST);
    }
    team.form(&models.admin, "/people/model", "model=&openness=members").await.expect(StatusCode::BAD_REQUEST);
    team.form(&models.admin, "/people/model", "model=x&openness=all").await.expect(StatusCode::BAD_REQUEST);
    team.form(&models.admin, "/people/model/member", "model=x&account=nobody&role=viewer")
        .await
        .expect(StatusCode::NOT_FOUND);
    team.server.settled().await;
}
