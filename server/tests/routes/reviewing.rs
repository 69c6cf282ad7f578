//! Hypotheses, evidence and the incident: `/api/v1/investigations/{id}/evidence` and its neighbours, and their pages.

use axum::http::{Method, StatusCode};
use domain::decision::Decision;
use domain::investigation::HumanStatus;
use domain::mute::Mute;
use domain::seen::seen;
use serde_json::{Value, json};

use crate::harness::{Server, table};
use crate::investigations::diagnosed;

/// Of the last diagnosis: a finding of the first suspect, and the suspect's key.
async fn accused(server: &Server, id: &str) -> (String, String) {
    let diagnosis = server.get(&format!("/api/v1/investigations/{id}/diagnosis")).await.json();
    let suspect = &diagnosis["suspects"][0];
    let columns: Vec<&str> = suspect["columns"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    let key = format!("{}({})", suspect["cause"].as_str().unwrap(), columns.join(", "));
    (suspect["findings"][0].as_str().unwrap().to_owned(), key)
}

async fn pinned(server: &Server, id: &str, what: Value, remark: Value) -> Value {
    let new = json!({"pinned": what, "remark": remark, "author": "Ada"});
    let path = format!("/api/v1/investigations/{id}/evidence");
    server.json(Method::POST, &path, new).await.expect(StatusCode::CREATED).json()
}

/// Puts another table in the place of the served one, so that the next diagnosis is another.
async fn changed(server: &Server, investigation: &Value) {
    let id = investigation["id"].as_str().unwrap();
    let other = server.upload("later.csv", &table(500, 10.0)).await;
    let train = &investigation["inputs"][0]["snapshot"]["id"];
    let inputs = json!({"inputs": [["train", train], ["serve", other["id"]]]});
    server.json(Method::PUT, &format!("/api/v1/investigations/{id}/inputs"), inputs).await.expect(StatusCode::OK);
    let job = server.get(&format!("/api/v1/investigations/{id}/job")).await.json();
    assert_eq!(server.until_over(job["id"].as_str().unwrap()).await["state"], "done");
    server.settled().await;
}

/// Amounts in a unit, and a group.
fn amounts(rows: usize, factor: usize) -> Vec<u8> {
    let lines = (0..rows).map(|row| format!("{},{}\n", (50 + (row * 37) % 97) * factor, ["a", "b"][row % 2]));
    ["amount,branch\n".to_owned()].into_iter().chain(lines).collect::<String>().into_bytes()
}

const ROWS: &str = "serve;c.amount~r~1.2e2~1e9~i";

#[tokio::test]
async fn what_is_pinned_stays_as_it_was_whatever_the_checks_find_later() {
    let server = Server::start().await;
    let investigation = diagnosed(&server).await;
    let id = investigation["id"].as_str().unwrap();
    let (finding, suspect) = accused(&server, id).await;
    let at = |rest: &str| format!("/api/v1/investigations/{id}{rest}");
    let for_it = json!({"caption": "ten times larger", "links": [{"hypothesis": suspect, "stance": "for"}]});
    let column = json!({"kind": "chart", "chart": "column", "query": [["column", "amount"]]});
    let mut pieces = vec![pinned(&server, id, column.clone(), for_it).await];
    pieces.push(pinned(&server, id, json!({"kind": "finding", "finding": finding}), json!({})).await);
    pieces.push(pinned(&server, id, json!({"kind": "rows", "rows": ROWS}), json!({})).await);
    let file = |piece: &Value, kind: &str| at(&format!("/evidence/{}/picture.{kind}", piece["id"].as_str().unwrap()));
    let live = server.get(&at("/figures/column.csv?column=amount")).await.expect(StatusCode::OK).body;
    let mut before = Vec::new();
    for piece in &pieces {
        assert_eq!(piece["inputs"].as_array().map(Vec::len), Some(2), "{piece}");
        assert_eq!(piece["sha256"].as_str().map(str::len), Some(64));
        for kind in ["csv", "svg"] {
            before.push(server.get(&file(piece, kind)).await.expect(StatusCode::OK).body);
        }
        let page = file(piece, "png").replace("/api/v1", "");
        let picture = server.get(&page).await.expect(StatusCode::OK);
        assert_eq!(picture.headers["content-type"], "image/png");
    }
    assert_eq!(before[0], live);

    changed(&server, &investigation).await;
    assert_ne!(server.get(&at("/figures/column.csv?column=amount")).await.body, live, "the diagnosis is another");
    let mut after = Vec::new();
    for piece in &pieces {
        for kind in ["csv", "svg"] {
            after.push(server.get(&file(piece, kind)).await.expect(StatusCode::OK).body);
        }
    }
    assert_eq!(before, after);
    // The suspect is gone; what was said about it is not.
    let page = server.get(&format!("/investigations/{id}/review")).await.expect(StatusCode::OK).body;
    assert!(page.contains("ten times larger") && page.contains(pieces[0]["sha256"].as_str().unwrap()), "{page}");
    let report = server.get(&at("/reports/report.html")).await.expect(StatusCode::OK).body;
    assert!(report.contains("ten times larger") && report.contains("<svg") && report.len() < 2_000_000);
    let report = server.get(&at("/reports/report.md")).await.expect(StatusCode::OK).body;
    assert!(report.contains("## Evidence") && report.contains("ten times larger"), "{report}");
    // A later pin of the same is another piece, with other numbers.
    let again = pinned(&server, id, column, json!({})).await;
    assert_ne!(again["sha256"], pieces[0]["sha256"]);
}

#[tokio::test]
async fn pieces_are_ordered_remarked_and_taken_out_and_a_link_made_before_still_shows_them() {
    let server = Server::start().await;
    let investigation = diagnosed(&server).await;
    let id = investigation["id"].as_str().unwrap();
    let (_, suspect) = accused(&server, id).await;
    let at = |rest: &str| format!("/api/v1/investigations/{id}{rest}");
    let column = |name: &str| json!({"kind": "chart", "chart": "column", "query": [["column", name]]});
    let mut ids = Vec::new();
    for name in ["amount", "region", "age"] {
        let answer = server.json(Method::POST, &at("/evidence"), json!({"pinned": column(name), "remark": {}})).await;
        if answer.status == StatusCode::CREATED {
            ids.push(answer.json()["id"].as_str().unwrap().to_owned());
        }
    }
    assert!(ids.len() >= 2, "{ids:?}");
    let order = |answer: Value| -> Vec<String> {
        let pieces = answer["evidence"].as_array().unwrap().clone();
        pieces.iter().map(|piece| piece["id"].as_str().unwrap().to_owned()).collect()
    };
    let place = at(&format!("/evidence/{}/place", ids[1]));
    let moved = server.json(Method::PUT, &place, json!({"place": 0})).await.expect(StatusCode::OK).json();
    assert_eq!(order(moved)[..2], [ids[1].clone(), ids[0].clone()]);
    server.form(&format!("/investigations/{id}/evidence/{}/place", ids[1]), "to=down&back=review").await;
    assert_eq!(order(server.get(&at("")).await.json())[..2], [ids[0].clone(), ids[1].clone()]);

    let piece = at(&format!("/evidence/{}", ids[0]));
    let remark = json!({"caption": "here", "links": [{"hypothesis": suspect, "stance": "against"}]});
    let said = server.json(Method::PUT, &piece, remark).await.expect(StatusCode::OK).json();
    assert_eq!(said["evidence"][0]["links"][0]["stance"], "against");
    let unknown = json!({"caption": "", "links": [{"hypothesis": "nothing(at all)", "stance": "for"}]});
    server.json(Method::PUT, &piece, unknown).await.expect(StatusCode::NOT_FOUND);

    let shared = server.json(Method::POST, &at("/share-links"), json!({})).await.expect(StatusCode::CREATED).json();
    let secret = shared["secret"].as_str().unwrap();
    server.json(Method::DELETE, &piece, json!({})).await.expect(StatusCode::OK);
    server.json(Method::DELETE, &piece, json!({})).await.expect(StatusCode::NOT_FOUND);
    server.get(&at(&format!("/evidence/{}/picture.svg", ids[0]))).await.expect(StatusCode::NOT_FOUND);
    let frozen = format!("/api/v1/shared/{secret}/evidence/{}/picture.svg", ids[0]);
    server.get(&frozen).await.expect(StatusCode::OK);
    let page = server.get(&format!("/s/{secret}/review")).await.expect(StatusCode::OK).body;
    assert!(
        page.contains("here") && !page.contains("<form method=\"post\"") && !page.contains("class=\"pin\""),
        "{page}"
    );

    // What belongs to another investigation is not found through this one, nor through its link.
    let other = server.json(Method::POST, "/api/v1/investigations", json!({"title": "Other"})).await.json();
    let other = other["id"].as_str().unwrap();
    for path in [
        format!("/api/v1/investigations/{other}/evidence/{}/picture.svg", ids[1]),
        format!("/api/v1/shared/{}/evidence/{}/picture.svg", "0".repeat(64), ids[1]),
    ] {
        server.get(&path).await.expect(StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn nothing_that_is_not_there_can_be_pinned() {
    let server = Server::start().await;
    let id = diagnosed(&server).await["id"].as_str().unwrap().to_owned();
    for (what, status) in [
        (json!({"kind": "chart", "chart": "pie"}), StatusCode::NOT_FOUND),
        (json!({"kind": "chart", "chart": "column"}), StatusCode::BAD_REQUEST),
        (json!({"kind": "chart", "chart": "column", "query": [["column", "none"]]}), StatusCode::NOT_FOUND),
        (json!({"kind": "finding", "finding": "none"}), StatusCode::NOT_FOUND),
        (json!({"kind": "rows", "rows": "anything"}), StatusCode::BAD_REQUEST),
        (json!({"kind": "rows", "rows": "serve;c.none~m"}), StatusCode::NOT_FOUND),
        (json!({"kind": "metrics", "run": "none", "split": "test"}), StatusCode::NOT_FOUND),
    ] {
        let path = format!("/api/v1/investigations/{id}/evidence");
        server.json(Method::POST, &path, json!({"pinned": what})).await.expect(status);
    }
    server.get(&format!("/investigations/{id}/pin")).await.expect(StatusCode::NOT_FOUND);
    let empty = server.json(Method::POST, "/api/v1/investigations", json!({"title": "Empty"})).await.json();
    let path = format!("/api/v1/investigations/{}/evidence", empty["id"].as_str().unwrap());
    let what = json!({"pinned": {"kind": "chart", "chart": "column", "query": [["column", "amount"]]}});
    server.json(Method::POST, &path, what.clone()).await.expect(StatusCode::CONFLICT);

    let close = format!("/api/v1/investigations/{id}/close");
    server.json(Method::POST, &close, json!({"text": "It was cents."})).await.expect(StatusCode::OK);
    let path = format!("/api/v1/investigations/{id}/evidence");
    server.json(Method::POST, &path, what).await.expect(StatusCode::CONFLICT);
    let own = format!("/api/v1/investigations/{id}/hypotheses");
    server.json(Method::POST, &own, json!({"statement": "x"})).await.expect(StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_hypothesis_of_a_person_is_decided_like_a_suspect_and_what_was_said_outlives_the_suspect() {
    let server = Server::start().await;
    let investigation = diagnosed(&server).await;
    let id = investigation["id"].as_str().unwrap();
    let (_, suspect) = accused(&server, id).await;
    let at = |rest: &str| format!("/api/v1/investigations/{id}{rest}");
    let new = json!({"statement": "The <b>exporter</b> was switched.", "author": "Ada"});
    let own = server.json(Method::POST, &at("/hypotheses"), new).await.expect(StatusCode::CREATED).json();
    let key = format!("own:{}", own["id"].as_str().unwrap());
    for ruling in ["supported", "confirmed", "ruled_out", "supported"] {
        let decision = json!({"suspect": key, "ruling": ruling, "note": "by its log"});
        let now = server.json(Method::PUT, &at("/decisions"), decision).await.expect(StatusCode::OK).json();
        assert_eq!(
            (now["decisions"].as_array().map(Vec::len), &now["decisions"][0]["ruling"]),
            (Some(1), &json!(ruling))
        );
    }
    let supported = json!({"suspect": suspect, "ruling": "supported"});
    server.json(Method::PUT, &at("/decisions"), supported).await.expect(StatusCode::OK);
    // What is only supported stays where it was.
    let diagnosis = server.get(&at("/diagnosis")).await.json();
    assert_eq!(accused(&server, id).await.1, suspect, "{}", diagnosis["suspects"][0]);
    let page = server.get(&format!("/investigations/{id}/review")).await.expect(StatusCode::OK).body;
    assert!(
        page.contains("The &lt;b>exporter&lt;/b> was switched.")
            || page.contains("The &lt;b&gt;exporter&lt;/b&gt; was switched."),
        "{page}"
    );
    assert!(page.contains("by its log"));

    // Other files, and nothing of the suspect in them.
    let other = server.upload("other.csv", &amounts(300, 1)).await;
    let inputs = json!({"inputs": [["train", other["id"]]]});
    server.json(Method::PUT, &at("/inputs"), inputs).await.expect(StatusCode::OK);
    server.settled().await;
    let page = server.get(&format!("/investigations/{id}/review")).await.expect(StatusCode::OK).body;
    assert!(page.contains("a suspect of an earlier diagnosis"), "{page}");
    let unknown = json!({"suspect": "own:none", "ruling": "confirmed"});
    server.json(Method::PUT, &at("/decisions"), unknown).await.expect(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_incident_its_follow_ups_and_entries_are_kept_and_shown_safely() {
    let server = Server::start().await;
    let id = diagnosed(&server).await["id"].as_str().unwrap().to_owned();
    let at = |rest: &str| format!("/api/v1/investigations/{id}{rest}");
    let incident = json!({
        "severity": "high", "assignee": "Ben <script>", "started_at_ms": 1_700_000_000_000_i64,
        "detected_at_ms": 1_700_003_600_000_i64, "links": [{"words": "\"><script>", "url": "https://tickets.example/1\"onclick="}]
    });
    server.json(Method::PUT, &at("/incident"), incident.clone()).await.expect(StatusCode::OK);
    for bad in [
        json!({"links": [{"url": "javascript:alert(1)"}]}),
        json!({"started_at_ms": 2, "resolved_at_ms": 1}),
        json!({"started_at_ms": -1}),
        json!({"severity": "dreadful"}),
    ] {
        server.json(Method::PUT, &at("/incident"), bad).await.expect(StatusCode::BAD_REQUEST);
    }
    let kept = server.get(&at("")).await.json();
    assert_eq!(kept["incident"]["assignee"], "Ben <script>");
    let task = json!({"task": "Check the unit", "owner": "Ben", "due": "2020-02-29", "author": "Ada"});
    let made = server.json(Method::POST, &at("/follow-ups"), task).await.expect(StatusCode::CREATED).json();
    let no_day = json!({"task": "x", "due": "2020-02-30"});
    server.json(Method::POST, &at("/follow-ups"), no_day).await.expect(StatusCode::BAD_REQUEST);
    let page = server.get(&format!("/investigations/{id}/review")).await.expect(StatusCode::OK).body;
    assert!(page.contains("overdue") && page.contains("1 hour after it began"), "{page}");
    assert!(!page.contains("<script>\"") && !page.contains("\"onclick="), "{page}");
    let one = at(&format!("/follow-ups/{}", made["id"].as_str().unwrap()));
    let done =
        server.json(Method::PUT, &one, json!({"progress": "done", "author": "Ben"})).await.expect(StatusCode::OK);
    assert!(done.json()["follow_ups"][0]["done_at_ms"].is_i64());
    server.json(Method::PUT, &one, json!({"progress": "open"})).await.expect(StatusCode::OK);

    // An entry stands at its own time: before the investigation was opened.
    server
        .form(&format!("/investigations/{id}/entries"), "what=Release+41&at=2023-11-14T22%3A13")
        .await
        .expect(StatusCode::SEE_OTHER);
    server
        .form(&format!("/investigations/{id}/entries"), "what=Release+41&at=yesterday")
        .await
        .expect(StatusCode::BAD_REQUEST);
    let map = server.get(&format!("/investigations/{id}")).await.expect(StatusCode::OK).body;
    let (entry, opened) = (map.find("Release 41").unwrap(), map.find("opened the investigation").unwrap());
    assert!(entry < opened);
}

#[tokio::test]
async fn notes_are_markdown_without_anything_that_runs_and_answers_stand_below_them() {
    let server = Server::start().await;
    let id = diagnosed(&server).await["id"].as_str().unwrap().to_owned();
    let at = |rest: &str| format!("/api/v1/investigations/{id}{rest}");
    let text = "**cents**\n\n<img src=x onerror=alert(1)> [x](javascript:alert(1)) https://tickets.example/1";
    let said = server.json(Method::POST, &at("/notes"), json!({"text": text, "author": "Ada"})).await.json();
    let first = said["notes"][0]["id"].as_str().unwrap().to_owned();
    let answer = json!({"text": "No: euros", "reply_to": first, "author": "Ben"});
    let said = server.json(Method::POST, &at("/notes"), answer).await.expect(StatusCode::OK).json();
    let second = said["notes"][1]["id"].as_str().unwrap();
    // An answer to an answer stands in the same thread.
    let said = server.json(Method::POST, &at("/notes"), json!({"text": "Yes", "reply_to": second})).await.json();
    assert_eq!((&said["notes"][1]["reply_to"], &said["notes"][2]["reply_to"]), (&json!(first), &json!(first)));
    let absent = json!({"text": "x", "reply_to": "none"});
    server.json(Method::POST, &at("/notes"), absent).await.expect(StatusCode::NOT_FOUND);
    for path in [format!("/investigations/{id}"), at("/reports/report.html")] {
        let page = server.get(&path).await.expect(StatusCode::OK).body;
        assert!(
            page.contains("<strong>cents</strong>") && page.contains("<a href=\"https://tickets.example/1\""),
            "{page}"
        );
        assert!(!page.contains("<img src=x") && !page.contains("href=\"javascript:"), "{page}");
    }
}

#[tokio::test]
async fn what_two_people_change_at_once_is_not_lost() {
    let server = Server::start().await;
    let id = diagnosed(&server).await["id"].as_str().unwrap().to_owned();
    let column = json!({"kind": "chart", "chart": "column", "query": [["column", "amount"]]});
    let piece = pinned(&server, &id, column, json!({})).await["id"].as_str().unwrap().to_owned();
    let page = format!("/investigations/{id}/review");
    let word = |html: &str, form: &str| {
        let after = &html[html.find(&format!("{form}\"")).unwrap()..];
        let after = &after[after.find("name=\"seen\"").unwrap()..];
        after.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    for (path, form, one, two) in [
        (format!("/investigations/{id}/evidence/{piece}/remark"), "/remark", "caption=hers", "caption=his"),
        (format!("/investigations/{id}/incident"), "/incident", "assignee=Ada", "assignee=Ben"),
    ] {
        let seen = word(&server.get(&page).await.expect(StatusCode::OK).body, form);
        server.form(&path, &format!("{one}&seen={seen}")).await.expect(StatusCode::SEE_OTHER);
        let refused = server.form(&path, &format!("{two}&seen={seen}")).await.expect(StatusCode::CONFLICT);
        assert!(refused.body.contains("by somebody else while you wrote"), "{}", refused.body);
        let seen = word(&server.get(&page).await.body, form);
        server.form(&path, &format!("{two}&seen={seen}")).await.expect(StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn what_two_people_decide_at_once_is_shown_to_the_second() {
    let server = Server::start().await;
    let id = diagnosed(&server).await["id"].as_str().unwrap().to_owned();
    let (finding, key) = accused(&server, &id).await;
    let at = format!("/investigations/{id}");
    // What a form about each of them shows while nothing was said.
    for (path, one, two, shown) in [
        (
            format!("{at}/statuses"),
            "item=F2&status=confirmed&note=hers".to_owned(),
            "item=F2&status=ruled_out&note=his".to_owned(),
            seen(&None::<HumanStatus>),
        ),
        (
            format!("{at}/decisions"),
            format!("suspect={key}&ruling=confirmed&note=hers"),
            format!("suspect={key}&ruling=ruled_out&note=his"),
            seen(&None::<Decision>),
        ),
        (
            format!("{at}/mutes"),
            format!("finding={finding}&note=hers"),
            format!("finding={finding}&note=his"),
            seen(&None::<Mute>),
        ),
    ] {
        server.form(&path, &format!("{one}&seen={shown}")).await.expect(StatusCode::SEE_OTHER);
        let refused = server.form(&path, &format!("{two}&seen={shown}")).await.expect(StatusCode::CONFLICT);
        assert!(refused.body.contains("by somebody else while you wrote"), "{}", refused.body);
        // A program, which says nothing of what it saw, overwrites.
        server.form(&path, &two).await.expect(StatusCode::SEE_OTHER);
    }
    // The page has what is there now: a form from it goes through.
    let page = server.get(&format!("{at}/layers/features")).await.expect(StatusCode::OK).body;
    let form = &page[page.find("name=\"item\" value=\"F2\"").unwrap()..];
    let form = &form[form.find("name=\"seen\"").unwrap()..];
    let word = form.split("value=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_ne!(word, seen(&None::<HumanStatus>));
}

#[tokio::test]
async fn a_closed_investigation_is_opened_again_when_its_cause_is_back_in_newer_data_of_the_model() {
    let server = Server::start().await;
    let investigate = async |title: &str, model: &str, rows: usize, factor: usize| {
        let train = server.upload("train.csv", &amounts(600, 1)).await;
        let serve = server.upload(&format!("{title}.csv"), &amounts(rows, factor)).await;
        let inputs = json!([["train", train["id"]], ["serve", serve["id"]]]);
        let new = json!({"title": title, "model": model, "inputs": inputs});
        let made = server.json(Method::POST, "/api/v1/investigations", new).await.expect(StatusCode::CREATED).json();
        server.settled().await;
        made["id"].as_str().unwrap().to_owned()
    };
    let first = investigate("April", "loans", 600, 100).await;
    let (_, suspect) = accused(&server, &first).await;
    let close = json!({"text": "It was cents.", "suspect": suspect});
    server.json(Method::POST, &format!("/api/v1/investigations/{first}/close"), close).await.expect(StatusCode::OK);
    let find = async |id: &str| server.get(&format!("/api/v1/investigations/{id}")).await.expect(StatusCode::OK).json();
    let other = investigate("Elsewhere", "other", 590, 100).await;
    assert_eq!(find(&first).await["state"], "closed", "another model's data says nothing");
    let clean = investigate("Calm", "loans", 580, 1).await;
    assert_eq!(find(&first).await["state"], "closed", "nothing is back");
    let second = investigate("May", "loans", 570, 100).await;
    assert_eq!(accused(&server, &second).await.1, suspect);
    let again = find(&first).await;
    assert_eq!(again["state"], "open");
    let last = again["events"].as_array().unwrap().last().unwrap().clone();
    assert!(last["text"].as_str().unwrap().contains("its cause is back in \u{201c}May\u{201d}"), "{last}");
    let page = server.get(&format!("/investigations/{first}")).await.expect(StatusCode::OK).body;
    assert!(page.contains("Regressed"), "{page}");
    // The new one names the old one with what was decided, and others of the model.
    let page = server.get(&format!("/investigations/{second}/review")).await.expect(StatusCode::OK).body;
    assert!(page.contains("decided there too") && page.contains("It was cents.") && page.contains(&clean), "{page}");
    assert!(page.contains(&first) && page.contains("April"));
    let page = server.get(&format!("/investigations/{other}/review")).await.expect(StatusCode::OK).body;
    assert!(page.contains("decided there too") && !page.contains("also about"), "{page}");
}
