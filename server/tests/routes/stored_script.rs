//! Script in every field that somebody can fill in, with accounts on: it is text on every page, in every report and every file.

use axum::body::Body;
use axum::http::StatusCode;
use domain::markup::percent_encoded;
use serde_json::json;
use server::http::rules::RULES;

use crate::team::{Team, With};

/// Breaks out of elements, attributes, scripts, Markdown and CSS where somebody forgot to escape.
const EVIL: &str = "x\"'><img src=x onerror=alert(1)></script><script>alert(1)</script>[a](javascript:alert(1))";

/// What stands in none of the answers: an element or an attribute of the text, a link that runs.
fn is_harmless(path: &str, body: &str) {
    for part in ["<img src=x", "<script>alert", "href=\"javascript:", "\" onerror=", "' onerror="] {
        assert!(!body.contains(part), "{path} holds {part}: {body}");
    }
}

async fn filled_in(team: &Team, admin: &With) -> String {
    let evil = percent_encoded(EVIL);
    let table = |centre: f64| {
        let head = EVIL.replace('"', "\"\"");
        let lines = (0..200).map(|row| format!("{row},{},\"{head}\"\n", centre * f64::from(row % 17 + 1)));
        let head = format!("id,\"{head}\",place\n");
        [head].into_iter().chain(lines).collect::<String>()
    };
    let mut inputs = Vec::new();
    for (role, centre) in [("train", 1.0), ("serve", 100.0)] {
        let path = format!("/api/v1/snapshots?name={evil}{role}.csv");
        let sent = team.send(admin, "POST", &path, Body::from(table(centre)), "text/csv").await;
        let sent = sent.expect(StatusCode::CREATED).json();
        inputs.push(json!([role, sent.get(0).unwrap_or(&sent)["id"]]));
    }
    let new = json!({"title": EVIL, "model": EVIL, "symptoms": [EVIL], "inputs": inputs});
    let made = team.json(admin, "POST", "/api/v1/investigations", new).await.expect(StatusCode::CREATED).json();
    let id = made["id"].as_str().unwrap().to_owned();
    team.server.settled().await;
    let api = |rest: &str| format!("/api/v1/investigations/{id}{rest}");
    let column = json!({"kind": "chart", "chart": "column", "query": [["column", EVIL]]});
    let remark = json!({"caption": EVIL, "links": []});
    for (method, path, body) in [
        ("POST", api("/notes"), json!({"text": EVIL})),
        ("POST", api("/hypotheses"), json!({"statement": EVIL})),
        ("POST", api("/evidence"), json!({"pinned": column, "remark": remark})),
        (
            "PUT",
            api("/incident"),
            json!({"assignee": EVIL, "links": [{"words": EVIL, "url": "https://x.example/\"><script>alert(1)</script>"}]}),
        ),
        ("POST", api("/follow-ups"), json!({"task": EVIL, "owner": EVIL})),
        ("POST", api("/entries"), json!({"what": EVIL, "at_ms": 0})),
        ("PUT", api("/statuses/D1"), json!({"status": "confirmed", "note": EVIL})),
    ] {
        let answer = team.json(admin, method, &path, body).await;
        assert!(answer.status.is_success(), "{path}: {} {}", answer.status, answer.body);
    }
    let diagnosis = team.get(admin, &api("/diagnosis")).await.json();
    let finding = diagnosis["findings"][0]["id"].as_str().unwrap();
    team.json(admin, "PUT", &api(&format!("/mutes/{finding}")), json!({"note": EVIL})).await.expect(StatusCode::OK);
    let own = team.get(admin, &api("")).await.json()["hypotheses"][0]["id"].as_str().unwrap().to_owned();
    let decision = json!({"suspect": format!("own:{own}"), "ruling": "supported", "note": EVIL});
    team.json(admin, "PUT", &api("/decisions"), decision).await.expect(StatusCode::OK);
    team.form(admin, "/account/tokens", &format!("name={evil}&scope=read&days=30")).await;
    let close = json!({"text": EVIL, "cause": EVIL, "impact": EVIL, "done": EVIL, "prevention": EVIL});
    team.json(admin, "POST", &api("/close"), close).await.expect(StatusCode::OK);
    id
}

#[tokio::test]
async fn what_people_and_files_say_is_text_wherever_it_stands() {
    let team = Team::start().await;
    let (admin, evil) = (With::Session(team.admin.clone()), percent_encoded(EVIL));
    // Somebody's name, too.
    let visitor = team.visitor(&team.admin).await;
    let (_, invitation) =
        team.server.service.invite(&visitor, domain::account::Role::Editor, &crate::team::client()).await.unwrap();
    let named: String = EVIL.chars().take(250).collect();
    let joined = format!("name={}&login=mallory&password=seven+violins+of+copper", percent_encoded(&named));
    team.form(&With::Nothing, &format!("/join/{}", invitation.as_str()), &joined).await.expect(StatusCode::SEE_OTHER);
    let id = filled_in(&team, &admin).await;
    let made = team.json(&admin, "POST", &format!("/api/v1/investigations/{id}/share-links"), json!({})).await;
    let secret = made.expect(StatusCode::CREATED).json()["secret"].as_str().unwrap().to_owned();
    let piece = team.get(&admin, &format!("/api/v1/investigations/{id}")).await.json()["evidence"][0]["id"].clone();
    let mut pages = 0;
    for (methods, route, _) in RULES.iter().filter(|(methods, _, _)| methods.contains(&"GET")) {
        // JSON is for programs, which its type says.
        if route.starts_with("/api/") || methods[0] != "GET" {
            continue;
        }
        let files: &[&str] = match *route {
            route if route.contains("/figures/") => &["column.svg"],
            route if route.contains("/reports/") => &["report.html"],
            route if route.contains("/evidence/") => &["picture.svg"],
            _ => &[""],
        };
        for file in files {
            let path = route
                .replace("{id}", &id)
                .replace("{secret}", &secret)
                .replace("{layer}", "data")
                .replace("{code}", "D1")
                .replace("{evidence}", piece.as_str().unwrap())
                .replace("{file}", file)
                .replace("{part}", "files");
            // What is reflected from the address is text as well.
            let query =
                ["q", "column", "where", "why", "next", "in", "of", "run", "view", "rows", "chart", "cost_fn", "model"];
            let query: Vec<String> = query.iter().map(|name| format!("{name}={evil}")).collect();
            let plain = if *route == "/investigations/{id}/pin" {
                format!("{path}?chart=column&column={evil}")
            } else {
                format!("{path}?column={evil}")
            };
            for path in [plain, format!("{path}?{}", query.join("&"))] {
                let answer = team.get(&admin, &path).await;
                assert!(!answer.status.is_server_error(), "{path}: {}", answer.status);
                // What is not shown as a page, such as the figures for Prometheus, holds names as they are.
                let kind = answer.headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
                if kind.contains("html") || kind.contains("svg") {
                    is_harmless(&path, &answer.body);
                    pages += 1;
                }
            }
        }
    }
    assert!(pages > 60, "{pages}");
    team.server.settled().await;
}
