//! `/api/v1/models/{name}/arrivals` and the page of a model.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::harness::{Answer, File, Server, table};

/// Sends a file for the model `loans`.
async fn sent(server: &Server, query: &str, bytes: Vec<u8>) -> Answer {
    sent_to(server, "loans", query, bytes).await
}

async fn sent_to(server: &Server, model: &str, query: &str, bytes: Vec<u8>) -> Answer {
    let request = Request::post(format!("/api/v1/models/{model}/arrivals?{query}"));
    server.send(request.body(Body::from(bytes)).unwrap()).await
}

/// As the table of the harness, but that no column says what the label is.
pub fn rows(count: usize, centre: f64) -> Vec<u8> {
    let mut text = String::from("row_id,amount,region,defaulted\n");
    for row in 0..count {
        // Two sequences that know nothing of each other.
        let (place, chance) = ((row as f64 * 0.618_033_988_75).fract(), (row as f64 * 0.754_877_666_2).fract());
        let region = ["north", "south", "west"][row % 3];
        text.push_str(&format!("{row},{:.3},{region},{}\n", centre * (0.5 + place), u8::from(chance > 0.7)));
    }
    text.into_bytes()
}

/// Training data and a day of the same, and one in another unit.
async fn watched(server: &Server) {
    sent(server, "name=train.csv&role=train", rows(600, 100.0)).await.expect(StatusCode::CREATED);
    for (day, centre) in [("2026-05-01", 100.0), ("2026-05-02", 101.0), ("2026-05-03", 10_000.0)] {
        let query = format!("name={day}.csv&at={day}&version=7");
        sent(server, &query, rows(400, centre)).await.expect(StatusCode::CREATED);
    }
    server.settled().await;
}

async fn arrivals(server: &Server, query: &str) -> Vec<Value> {
    let found = server.get(&format!("/api/v1/models/loans/arrivals?{query}")).await.expect(StatusCode::OK).json();
    found.as_array().unwrap().clone()
}

#[tokio::test]
async fn the_same_bytes_in_a_role_and_for_a_time_arrive_once() {
    let server = Server::start().await;
    let day = || table(50, 10.0);
    let first = sent(&server, "name=a.csv", day()).await.expect(StatusCode::CREATED).json();
    assert_eq!((&first["state"], &first["role"]), (&json!("no_reference"), &json!("serve")));
    assert_eq!(first["advice"], "No reference yet: push one with --role train.");
    // Under another name, with another version, at a later moment.
    let again = sent(&server, "name=b.csv&version=9", day()).await.expect(StatusCode::OK).json();
    assert_eq!(again, first);
    let at = "name=a.csv&at=2026-05-01T00:00:00Z";
    let timed = sent(&server, at, day()).await.expect(StatusCode::CREATED).json();
    assert_eq!(sent(&server, at, day()).await.expect(StatusCode::OK).json()["id"], timed["id"]);
    assert_eq!(sent(&server, "at=2026-05-01", day()).await.expect(StatusCode::OK).json()["id"], timed["id"]);
    assert_eq!(sent(&server, "name=a.csv", day()).await.expect(StatusCode::OK).json()["id"], first["id"]);
    sent(&server, "at=2026-05-02", day()).await.expect(StatusCode::CREATED);
    sent(&server, "role=test", day()).await.expect(StatusCode::CREATED);
    sent_to(&server, "other", "name=a.csv", day()).await.expect(StatusCode::CREATED);
    assert_eq!(arrivals(&server, "").await.len(), 4);
    assert_eq!(server.files_in("blobs").len(), 1, "the bytes are kept once");
    server.settled().await;
}

#[tokio::test]
async fn rows_that_waited_for_a_reference_are_judged_when_there_is_one() {
    let server = Server::start().await;
    let day = sent(&server, "name=day.csv&at=2026-05-01", table(400, 10_000.0)).await.json();
    server.settled().await;
    assert!(day["window"].is_null() && day["job"].is_null());
    let train = sent(&server, "name=train.csv&role=train", table(600, 100.0)).await.expect(StatusCode::CREATED).json();
    assert_eq!(train["state"], "reference");
    server.settled().await;
    let judged = &arrivals(&server, "role=serve").await[0];
    assert_eq!((&judged["id"], &judged["state"]), (&day["id"], &json!("judged")));
    assert_eq!(judged["window"]["layers"]["features"], "mismatch", "{judged}");
    // A second file of training data waits to be chosen; one of another version is that version's reference.
    let other = sent(&server, "name=new.csv&role=train", table(500, 90.0)).await.expect(StatusCode::CREATED).json();
    assert_eq!(other["state"], "kept");
    assert!(other["advice"].as_str().unwrap().contains("Another file is the reference"), "{other}");
    let version = sent(&server, "role=train&version=8", table(500, 80.0)).await.json();
    assert_eq!(version["state"], "reference");
    let chosen = json!({"arrival": other["id"]});
    let model = server.json(Method::PUT, "/api/v1/models/loans/reference", chosen).await.expect(StatusCode::OK).json();
    let names: Vec<&str> =
        model["reference"].as_array().unwrap().iter().map(|one| one["snapshot"]["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["new.csv", "upload"]);
    let none = server.json(Method::PUT, "/api/v1/models/loans/reference", json!({})).await;
    none.expect(StatusCode::BAD_REQUEST);
    let served = json!({"arrival": day["id"]});
    server.json(Method::PUT, "/api/v1/models/loans/reference", served).await.expect(StatusCode::BAD_REQUEST);
    server.settled().await;
}

#[tokio::test]
async fn each_window_is_judged_next_to_the_reference_and_to_the_one_before() {
    let server = Server::start().await;
    watched(&server).await;
    let windows = arrivals(&server, "role=serve").await;
    let [bad, fine, first] = [&windows[0], &windows[1], &windows[2]].map(|one| &one["window"]);
    assert_eq!(bad["layers"]["features"], "mismatch");
    assert_ne!(fine["layers"]["features"], "mismatch", "{fine}");
    assert!(bad["suspect"].as_str().unwrap().contains("amount") && fine["suspect"].is_null(), "{bad}");
    assert!(bad["worst"]["over_limit"].as_f64().unwrap() > 1.0);
    assert!(first["previous"].is_null());
    assert_eq!(fine["previous"]["arrival"], windows[2]["id"]);
    assert_eq!((fine["previous"]["findings"].as_u64(), &bad["previous"]["mark"]), (Some(0), &json!("mismatch")));
    // One indexed query answers for an item, for a column, and for the comparison with the window before.
    let trend = |query: &'static str| {
        let path = format!("/api/v1/models/loans/trend?{query}");
        let server = &server;
        async move { server.get(&path).await.expect(StatusCode::OK).json()["results"].as_array().unwrap().clone() }
    };
    let item = trend("item=F2").await;
    let verdicts: Vec<&str> = item.iter().map(|point| point["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["clear", "clear", "mismatch"]);
    let column = trend("item=D1&column=amount").await;
    assert_eq!(column.len(), 3, "a column that is clear has a figure too: {column:?}");
    assert!(column[2]["over_limit"].as_f64() > column[0]["over_limit"].as_f64());
    assert_eq!(trend("item=F2&against=previous").await.len(), 2);
    assert!(trend("item=D1&column=absent").await.is_empty());
    server.get("/api/v1/models/loans/trend?item=Z9").await.expect(StatusCode::BAD_REQUEST);
    server.settled().await;
}

#[tokio::test]
async fn one_click_opens_the_investigation_of_a_window_pinned_and_diagnosed() {
    let server = Server::start().await;
    watched(&server).await;
    let bad = arrivals(&server, "role=serve").await[0].clone();
    let at = format!("/models/loans/arrivals/{}", bad["id"].as_str().unwrap());
    let opened = server.form(&format!("{at}/investigation"), "author=Ada").await;
    let place = opened.location().to_owned();
    let page = server.get(&place).await.expect(StatusCode::OK).body;
    assert!(page.contains("loans: rows of 3 May 2026, 00:00") && page.contains("amount"), "{page}");
    let found = server.get(&format!("/api/v1{place}")).await.expect(StatusCode::OK).json();
    assert_eq!((&found["model"], &found["owner"]), (&json!("loans"), &json!("Ada")));
    let inputs: Vec<(&str, &str)> = found["inputs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|input| (input["role"].as_str().unwrap(), input["snapshot"]["name"].as_str().unwrap()))
        .collect();
    assert_eq!(inputs, [("train", "train.csv"), ("serve", "2026-05-03.csv")]);
    let diagnosis = server.get(&format!("/api/v1{place}/diagnosis")).await.expect(StatusCode::OK).json();
    assert_eq!(diagnosis["suspects"][0]["statement"], bad["window"]["suspect"]);
    // Opened once: the page and the API lead to the same one.
    let again = server.json(Method::POST, &format!("/api/v1{at}/investigation"), json!({})).await;
    assert_eq!(again.expect(StatusCode::OK).json()["id"], found["id"]);
    assert_eq!(server.form(&format!("{at}/investigation"), "").await.location(), place);
    // Its files can't be deleted while the model has them, also when the investigation is gone.
    server.json(Method::DELETE, &format!("/api/v1{place}"), json!({})).await.expect(StatusCode::OK);
    let file = format!("/api/v1/snapshots/{}", bad["snapshot"]["id"].as_str().unwrap());
    let refused = server.json(Method::DELETE, &file, json!({})).await.expect(StatusCode::CONFLICT);
    assert!(refused.body.contains("the model loans"), "{}", refused.body);
    let anew = server.form(&format!("{at}/investigation"), "").await;
    assert_ne!(anew.location(), place);
    server.settled().await;
}

#[tokio::test]
async fn what_was_not_judged_is_not_opened_and_what_was_taken_out_is_gone() {
    let server = Server::start().await;
    let day = sent(&server, "name=day.csv", table(80, 1.0)).await.json();
    let at = format!("/api/v1/models/loans/arrivals/{}", day["id"].as_str().unwrap());
    for rest in ["investigation", "judging"] {
        let refused = server.json(Method::POST, &format!("{at}/{rest}"), json!({})).await.expect(StatusCode::CONFLICT);
        assert!(refused.body.contains("--role train"), "{}", refused.body);
    }
    let train = sent(&server, "name=train.csv&role=train", table(300, 1.0)).await.json();
    server.settled().await;
    let of_train = format!("/api/v1/models/loans/arrivals/{}", train["id"].as_str().unwrap());
    server.json(Method::POST, &format!("{of_train}/judging"), json!({})).await.expect(StatusCode::BAD_REQUEST);
    server.json(Method::POST, &format!("{of_train}/investigation"), json!({})).await.expect(StatusCode::CONFLICT);
    // By another model's address nothing is found.
    let elsewhere = at.replace("loans", "other");
    sent_to(&server, "other", "name=o.csv", table(60, 2.0)).await.expect(StatusCode::CREATED);
    server.json(Method::DELETE, &elsewhere, json!({})).await.expect(StatusCode::NOT_FOUND);
    let before = server.files_in("diagnoses").len();
    server.json(Method::DELETE, &at, json!({})).await.expect(StatusCode::OK);
    assert_eq!(server.files_in("diagnoses").len(), before - 1);
    server.json(Method::DELETE, &at, json!({})).await.expect(StatusCode::NOT_FOUND);
    assert!(arrivals(&server, "role=serve").await.is_empty());
    // The reference goes with its arrival, and the file stays until it is deleted.
    server.json(Method::DELETE, &of_train, json!({})).await.expect(StatusCode::OK);
    let model = server.get("/api/v1/models/loans").await.expect(StatusCode::OK).json();
    assert_eq!(model["model"]["reference"], json!([]));
    for id in [&day["snapshot"]["id"], &train["snapshot"]["id"]] {
        let file = format!("/api/v1/snapshots/{}", id.as_str().unwrap());
        server.json(Method::DELETE, &file, json!({})).await.expect(StatusCode::OK);
    }
    server.settled().await;
}

/// Served rows with predictions and without labels, and the labels by id.
fn served_and_labels(first: usize) -> (Vec<u8>, Vec<u8>) {
    let (mut rows, mut labels) =
        (String::from("row_id,amount,region,prediction\n"), String::from("row_id,defaulted\n"));
    for row in 0..500 {
        let (id, place) = (first + row, (row as f64 * 0.618_033_988_75).fract());
        let label = u8::from(place > 0.7);
        let prediction = if row % 10 == 0 { 1 - label } else { label };
        rows.push_str(&format!("{id},{:.3},{},{prediction}\n", 100.0 * (0.5 + place), ["north", "south"][row % 2]));
        labels.push_str(&format!("{id},{label}\n"));
    }
    (rows.into_bytes(), labels.into_bytes())
}

#[tokio::test]
async fn labels_that_come_later_judge_the_windows_that_they_are_about_again() {
    let server = Server::start().await;
    sent(&server, "name=train.csv&role=train", table(600, 100.0)).await.expect(StatusCode::CREATED);
    let ((first, labels), (second, _)) = (served_and_labels(10_000), served_and_labels(20_000));
    sent(&server, "name=one.csv&at=2026-05-01", first).await.expect(StatusCode::CREATED);
    sent(&server, "name=two.csv&at=2026-05-02", second).await.expect(StatusCode::CREATED);
    server.settled().await;
    assert!(arrivals(&server, "role=serve").await.iter().all(|one| one["window"]["figure"].is_null()));
    let unwatched = |model: &Value| {
        let kinds = model["unwatched"].as_array().unwrap().iter().map(|one| one["what"]["kind"].clone());
        kinds.collect::<Vec<Value>>()
    };
    let model = server.get("/api/v1/models/loans").await.json();
    assert!(unwatched(&model).contains(&json!("no_labels")), "{model}");
    let late = sent(&server, "name=labels.csv&role=labels", labels).await.expect(StatusCode::CREATED).json();
    assert_eq!((&late["state"], &late["role"]), (&json!("kept"), &json!("labels")));
    server.settled().await;
    let windows = arrivals(&server, "role=serve").await;
    let [two, one] = [&windows[0], &windows[1]];
    assert_eq!(one["window"]["figure"]["metric"], "accuracy", "{one}");
    assert_eq!(one["window"]["figure"]["value"], 0.9);
    assert!(two["window"]["figure"].is_null(), "its labels are not known yet: {two}");
    let trend = server.get("/api/v1/models/loans/trend?metric=accuracy").await.json();
    assert_eq!(trend["metric"][0]["arrival"], one["id"]);
    let model = server.get("/api/v1/models/loans").await.json();
    assert_eq!(model["model"]["task"], "binary");
    assert!(
        !unwatched(&model).contains(&json!("no_labels")) && unwatched(&model).contains(&json!("no_logs")),
        "{model}"
    );
    server.settled().await;
}

#[tokio::test]
async fn strangers_names_times_and_roles_are_bounded() {
    let server = Server::start().await;
    let long = "x".repeat(301);
    let refused = |answer: Answer| {
        let answer = answer.expect(StatusCode::BAD_REQUEST);
        assert!(answer.json()["detail"].as_str().unwrap().contains(' '), "{}", answer.body);
    };
    let day = || table(20, 1.0);
    refused(sent_to(&server, &long, "", day()).await);
    refused(sent_to(&server, "a%0Ab", "", day()).await);
    refused(sent_to(&server, "a%00b", "", day()).await);
    refused(sent_to(&server, "%20", "", day()).await);
    for query in [
        "at=tomorrow",
        "at=2999-01-01",
        "at=1795770000",
        "role=served",
        "role=artifact",
        "version=a%0Ab",
        "version=a%00",
        &format!("version={}", "v".repeat(101)),
        &format!("author={long}"),
    ] {
        refused(sent(&server, query, day()).await);
    }
    refused(sent(&server, "name=empty.csv", Vec::new()).await);
    server.get("/api/v1/models/loans").await.expect(StatusCode::NOT_FOUND);
    // What is refused is cleared away behind the answer.
    let cleared = async {
        while !server.files_in("tmp").is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    assert!(tokio::time::timeout(std::time::Duration::from_secs(30), cleared).await.is_ok());
    // A name with everything that has a meaning in an address is a name.
    let odd = "a%2Fb%3Fc%23d%25%20%C3%A9%3Ci%3E";
    sent_to(&server, odd, "name=day.csv", day()).await.expect(StatusCode::CREATED);
    let found = server.get(&format!("/api/v1/models/{odd}")).await.expect(StatusCode::OK).json();
    assert_eq!(found["model"]["name"], "a/b?c#d% é<i>");
    let page = server.get(&format!("/models/{odd}")).await.expect(StatusCode::OK).body;
    assert!(page.contains("a/b?c#d% é&lt;i&gt;") && !page.contains("<i>"), "{page}");
    assert!(server.get("/models").await.expect(StatusCode::OK).body.contains(&format!("/models/{odd}")));
    server.settled().await;
}

#[tokio::test]
async fn the_page_of_a_model_shows_what_arrived_and_what_nobody_watches_and_changes_it_by_form() {
    let server = Server::start().await;
    watched(&server).await;
    let page = server.get("/models/loans").await.expect(StatusCode::OK).body;
    for words in [
        "Latest health",
        "2026-05-03.csv",
        "train.csv",
        "Open an investigation",
        "What nobody watches",
        "No labels have arrived",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let saved = server.form("/models/loans/edit", "owner=Ada&task=binary&label=defaulted&author=Grace").await;
    assert_eq!(saved.location(), "/models/loans#about");
    let model = server.get("/api/v1/models/loans").await.json()["model"].clone();
    assert_eq!((&model["owner"], &model["task"]), (&json!("Ada"), &json!("binary")));
    assert_eq!((&model["roles"]["label"], &model["changed_by"]), (&json!("defaulted"), &json!("Grace")));
    assert_eq!(model["versions"], json!(["7"]));
    assert!(server.get("/models/loans").await.body.contains("cared for by Ada"));
    // A file by hand, and one that can't be read.
    let fields = [("role", ""), ("at", "2026-05-04T00:00"), ("version", "7"), ("author", "Ada")];
    let bytes = table(300, 99.0);
    let by_hand = [File { name: "by hand.csv", bytes: &bytes }];
    let answer = server.multipart("/models/loans/arrivals", &fields, &by_hand).await;
    assert_eq!(answer.location(), "/models/loans#arrivals");
    server.settled().await;
    let newest = arrivals(&server, "role=serve&limit=1").await[0].clone();
    assert_eq!((&newest["snapshot"]["name"], &newest["state"]), (&json!("by hand.csv"), &json!("judged")));
    server.multipart("/models/loans/arrivals", &fields, &[]).await.expect(StatusCode::BAD_REQUEST);
    server.form("/models/loans/edit", &format!("owner={}", "x".repeat(301))).await.expect(StatusCode::BAD_REQUEST);
    server.form("/models/loans/edit", "task=guessing").await.expect(StatusCode::BAD_REQUEST);
    let at = format!("/models/loans/arrivals/{}", newest["id"].as_str().unwrap());
    assert_eq!(server.form(&format!("{at}/judging"), "").await.location(), "/models/loans#arrivals");
    server.settled().await;
    server.form(&format!("{at}/remove"), "").await.location();
    assert_ne!(arrivals(&server, "role=serve&limit=1").await[0]["id"], newest["id"]);
    server.get("/models/absent").await.expect(StatusCode::NOT_FOUND);
    server.settled().await;
}

#[tokio::test]
async fn a_long_list_goes_on_where_it_ended() {
    let server = Server::start().await;
    for row in 0..7 {
        let query = format!("name={row}.csv&at=2026-05-0{}", row / 2 + 1);
        sent(&server, &query, table(30 + row, 1.0)).await.expect(StatusCode::CREATED);
    }
    server.settled().await;
    let (mut seen, mut before) = (Vec::new(), String::new());
    loop {
        let page = arrivals(&server, &format!("limit=2{before}")).await;
        let Some(last) = page.last() else { break };
        before = format!("&before={}", last["id"].as_str().unwrap());
        seen.extend(page.iter().map(|one| one["snapshot"]["name"].as_str().unwrap().to_owned()));
    }
    assert_eq!(seen.concat(), "6.csv5.csv4.csv3.csv2.csv1.csv0.csv");
    let elsewhere = server.get("/api/v1/models/loans/arrivals?before=absent").await;
    elsewhere.expect(StatusCode::NOT_FOUND);
    server.settled().await;
}
