//! Two columns at once, two runs row by row, and what each of them looks like once it is pinned.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::harness::Server;
use crate::investigations::diagnosed;

/// The two versions of [`two_versions`], in the form of addresses.
pub const RUNS: &str = "run=v2.csv&split=all&against=v1.csv&against_split=all";

/// An investigation with the answers of two versions to the same 400 rows, whose features are in a test set: the second version
/// answers wrongly in the north. Its address in the API.
pub async fn two_versions(server: &Server) -> String {
    let (mut test, mut first, mut second) =
        ("id,region,label\n".to_owned(), "id,label,prediction\n".to_owned(), "id,label,prediction\n".to_owned());
    for row in 0..400 {
        let (region, label) = (["north", "south", "east", "west"][row % 4], (row / 4) % 2);
        let (was, is) = (if row % 50 == 1 { 1 - label } else { label }, if row % 4 == 0 { 1 } else { label });
        test.push_str(&format!("r{row},{region},{label}\n"));
        first.push_str(&format!("r{row},{label},{was}\n"));
        // In another order, so that only the ids match the rows.
        second.insert_str("id,label,prediction\n".len(), &format!("r{row},{label},{is}\n"));
    }
    let mut inputs = Vec::new();
    for (role, name, text) in
        [("test", "test.csv", test), ("predictions", "v1.csv", first), ("predictions", "v2.csv", second)]
    {
        inputs.push(json!([role, server.upload(name, text.as_bytes()).await["id"]]));
    }
    let body = json!({"title": "Two versions", "inputs": inputs});
    let made = server.json(Method::POST, "/api/v1/investigations", body).await.expect(StatusCode::CREATED).json();
    server.settled().await;
    format!("/api/v1/investigations/{}", made["id"].as_str().unwrap())
}

#[tokio::test]
async fn which_answers_changed_and_what_is_special_about_the_rows_that_lost() {
    let server = Server::start().await;
    let at = two_versions(&server).await;
    let found = server.get(&format!("{at}/flips?{RUNS}&rows=3")).await.expect(StatusCode::OK).json();
    // 50 rows of the north have the label 0; the first version was wrong in 8 rows of the south, which the second answers rightly.
    assert_eq!(
        found["outcomes"]["classes"],
        json!({"both_right": 342, "won": 8, "lost": 50, "both_wrong": 0}),
        "{found}"
    );
    assert_eq!((&found["rows"], &found["changed"], &found["left_out"]), (&json!(400), &json!(58), &json!(0)));
    assert_eq!((&found["joined_by"], &found["features_from"]), (&json!({"id": "id"}), &json!("test.csv")));
    assert_eq!(found["special"][0]["column"], "region");
    assert_eq!(found["listed"].as_array().map(Vec::len), Some(3));
    assert!(found["difference"].as_f64().unwrap() < -0.1 && found["high"].as_f64().unwrap() < 0.0, "{found}");

    let file = server.get(&format!("{at}/flips.csv?{RUNS}")).await.expect(StatusCode::OK).body;
    assert_eq!(file.lines().count(), 59, "{file}");
    assert!(file.starts_with("id,label,first,second,outcome\r\n"));

    for (asked, status) in [
        ("run=v1.csv&split=all&against=v1.csv&against_split=all", StatusCode::BAD_REQUEST),
        ("run=gone.csv&split=all&against=v1.csv&against_split=all", StatusCode::NOT_FOUND),
        ("run=test.csv&split=all&against=v1.csv&against_split=all", StatusCode::BAD_REQUEST),
    ] {
        server.get(&format!("{at}/flips?{asked}")).await.expect(status);
    }
    let page = at.replace("/api/v1", "");
    let text = server.get(&format!("{page}/flips?{RUNS}")).await.expect(StatusCode::OK).body;
    assert!(text.contains("58 changed their answer: 8 won and 50 lost"), "{text}");
}

#[tokio::test]
async fn two_columns_at_once_hold_every_row_and_the_marked_ones_among_them() {
    let server = Server::start().await;
    let investigation = diagnosed(&server).await;
    let at = format!("/api/v1/investigations/{}", investigation["id"].as_str().unwrap());
    let found = server.get(&format!("{at}/pair?x=amount&y=region")).await.expect(StatusCode::OK).json();
    let sum = |cells: &Value| -> u64 {
        let rows = cells.as_array().unwrap().iter().flat_map(|row| row.as_array().unwrap());
        rows.map(|count| count.as_u64().unwrap()).sum()
    };
    for side in found["sides"].as_array().unwrap() {
        assert_eq!(
            sum(&side["rows"]) + side["missing"].as_u64().unwrap(),
            side["examined"].as_u64().unwrap(),
            "{side}"
        );
        assert!(side.get("marked").is_none());
    }
    let large = "serve%3Bc.amount~r~1.2e2~1e9~i";
    let marked = server.get(&format!("{at}/pair?x=amount&y=region&where={large}")).await.expect(StatusCode::OK).json();
    let counted: Vec<Option<u64>> =
        marked["sides"].as_array().unwrap().iter().map(|side| side.get("marked").map(&sum)).collect();
    let listed = server.get(&format!("{at}/rows?where={large}")).await.expect(StatusCode::OK).json();
    assert_eq!(counted, [None, listed["selected"].as_u64()]);

    for (asked, status) in [
        ("x=amount&y=amount", StatusCode::BAD_REQUEST),
        ("x=amount&y=gone", StatusCode::NOT_FOUND),
        ("x=amount&y=region&where=nonsense", StatusCode::BAD_REQUEST),
        ("x=amount&y=region&where=serve%3Bc.amount~r~-inf~inf~x", StatusCode::BAD_REQUEST),
        ("x=amount&y=region%00", StatusCode::BAD_REQUEST),
    ] {
        server.get(&format!("{at}/pair?{asked}")).await.expect(status);
    }
    server.settled().await;
}

#[tokio::test]
async fn a_pair_and_two_runs_are_pinned_as_they_are_and_name_no_single_row() {
    let server = Server::start().await;
    let investigation = diagnosed(&server).await;
    let at = format!("/api/v1/investigations/{}", investigation["id"].as_str().unwrap());
    let pair = json!({"pinned": {"kind": "pair", "x": "amount", "y": "region", "side": "serve"}});
    let piece = server.json(Method::POST, &format!("{at}/evidence"), pair).await.expect(StatusCode::CREATED).json();
    assert_eq!(piece["title"], "amount and region in serve");
    let picture = format!("{at}/evidence/{}/picture", piece["id"].as_str().unwrap());
    server.get(&format!("{picture}.svg")).await.expect(StatusCode::OK);
    let cells = server.get(&format!("{picture}.csv")).await.expect(StatusCode::OK).body;
    assert!(cells.starts_with("amount,region,rows,share"), "{cells}");

    let two = two_versions(&server).await;
    let runs = json!({"first": {"name": "v1.csv", "split": "all"}, "second": {"name": "v2.csv", "split": "all"}});
    let flips = json!({"pinned": {"kind": "flips", "first": runs["first"], "second": runs["second"]}});
    let piece = server.json(Method::POST, &format!("{two}/evidence"), flips).await.expect(StatusCode::CREATED).json();
    assert_eq!(piece["title"], "What changed from v1.csv to v2.csv");
    let review = two.replace("/api/v1", "") + "/review";
    let review = server.get(&review).await.expect(StatusCode::OK).body;
    assert!(review.contains("lost: right before, wrong now") && !review.contains("r100"), "{review}");
    server.settled().await;
}

#[tokio::test]
async fn columns_along_time_are_a_chart_with_its_files() {
    let server = Server::start().await;
    let (mut train, mut serve) = ("id,at,amount,label\n".to_owned(), "id,at,amount\n".to_owned());
    for row in 0..600 {
        let (day, amount) = (row / 30, (row * 37) % 101);
        train.push_str(&format!("{row},2026-01-{:02}T00:00:00Z,{amount},{}\n", day + 1, row % 2));
        let amount = if day >= 10 { amount + 200 } else { amount };
        serve.push_str(&format!("{row},2026-02-{:02}T00:00:00Z,{amount}\n", day + 1));
    }
    let mut inputs = Vec::new();
    for (role, text) in [("train", train), ("serve", serve)] {
        inputs.push(json!([role, server.upload(&format!("{role}.csv"), text.as_bytes()).await["id"]]));
    }
    let body = json!({"title": "Along time", "inputs": inputs, "roles": {"time": "at", "label": "label", "id": "id"}});
    let made = server.json(Method::POST, "/api/v1/investigations", body).await.expect(StatusCode::CREATED).json();
    server.settled().await;
    let at = format!("/api/v1/investigations/{}", made["id"].as_str().unwrap());
    let diagnosis = server.get(&format!("{at}/diagnosis")).await.expect(StatusCode::OK).json();
    let strip = &diagnosis["over_time"]["columns"][0];
    assert_eq!(strip["column"], "amount", "{strip}");
    let served = strip["served"].as_array().unwrap();
    let distance = |window: &Value| window["distance"].as_f64().unwrap();
    assert!(distance(&served[0]) < 0.2 && distance(served.last().unwrap()) > 0.8, "{served:?}");
    for file in ["drift_strips.svg", "drift_strips.csv"] {
        server.get(&format!("{at}/figures/{file}")).await.expect(StatusCode::OK);
    }
}
