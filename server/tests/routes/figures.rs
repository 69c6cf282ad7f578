//! Charts as files: `/investigations/{id}/figures/{file}` and `/s/{secret}/figures/{file}`

use axum::http::{Method, StatusCode, header};
use domain::selection::{Condition, Selection, Side, Test, UpperEnd};
use serde_json::json;

use crate::harness::Server;
use crate::investigations::diagnosed;

#[tokio::test]
async fn a_column_is_drawn_and_its_numbers_are_handed_out() {
    let server = Server::start().await;
    let id = diagnosed(&server).await["id"].as_str().unwrap().to_owned();
    let diagnosis = server.get(&format!("/api/v1/investigations/{id}/diagnosis")).await.json();
    let column = diagnosis["comparisons"][0]["column"].as_str().unwrap();

    let svg =
        server.get(&format!("/investigations/{id}/figures/column.svg?column={column}")).await.expect(StatusCode::OK);
    assert_eq!(svg.headers[header::CONTENT_TYPE], "image/svg+xml");
    assert_eq!(svg.headers[header::CONTENT_DISPOSITION], "attachment; filename=\"column.svg\"");
    assert!(svg.body.starts_with("<svg ") && svg.body.contains(column), "{}", svg.body);

    let png =
        server.get(&format!("/investigations/{id}/figures/column.png?column={column}")).await.expect(StatusCode::OK);
    assert_eq!(png.headers[header::CONTENT_TYPE], "image/png");
    assert!(png.body.get(..8).is_some_and(|start| start.contains("PNG")), "{}", png.body);

    let csv =
        server.get(&format!("/investigations/{id}/figures/column.csv?column={column}")).await.expect(StatusCode::OK);
    let train: u64 =
        csv.body.lines().skip(1).filter_map(|line| line.split(',').rev().nth(1)?.parse::<u64>().ok()).sum();
    assert_eq!(Some(train), diagnosis["comparisons"][0]["n"]["train"].as_u64());

    let made = server.json(Method::POST, &format!("/api/v1/investigations/{id}/share-links"), json!({})).await.json();
    let secret = made["secret"].as_str().unwrap();
    let shared = server.get(&format!("/s/{secret}/figures/column.csv?column={column}")).await.expect(StatusCode::OK);
    assert_eq!(shared.body, csv.body);
    server.settled().await;
}

#[tokio::test]
async fn what_cannot_be_drawn_is_said_in_a_sentence() {
    let server = Server::start().await;
    let id = diagnosed(&server).await["id"].as_str().unwrap().to_owned();
    let cases = [
        ("column.svg", StatusCode::BAD_REQUEST, "Name it in the address"),
        ("column.svg?column=no-such-column", StatusCode::NOT_FOUND, "no-such-column"),
        ("roc.gif", StatusCode::NOT_FOUND, ".svg, .png and .csv"),
        ("../../x.svg", StatusCode::BAD_REQUEST, "segment"),
    ];
    for (file, status, words) in cases {
        let answer = server.get(&format!("/investigations/{id}/figures/{file}")).await.expect(status);
        assert!(answer.body.contains(words), "{file}: {}", answer.body);
    }
    server.settled().await;
}

#[tokio::test]
async fn a_share_link_answers_about_the_inputs_it_was_made_for() {
    let server = Server::start().await;
    let investigation = diagnosed(&server).await;
    let id = investigation["id"].as_str().unwrap();
    let made = server.json(Method::POST, &format!("/api/v1/investigations/{id}/share-links"), json!({})).await.json();
    let secret = made["secret"].as_str().unwrap();
    let large = Test::Range { from: 120.0, to: 1e9, upper: UpperEnd::Included };
    let selection = Selection { side: Side::Serve, conditions: vec![Condition::on_column("amount", large)] };
    let before = server.service.explain_shared_selection(secret, &selection).await;

    let only_train = json!({"inputs": [["train", investigation["inputs"][0]["snapshot"]["id"]]]});
    server.json(Method::PUT, &format!("/api/v1/investigations/{id}/inputs"), only_train).await.expect(StatusCode::OK);
    assert!(server.service.explain_selection(id, &selection).await.is_err());
    assert_eq!(server.service.explain_shared_selection(secret, &selection).await, before);
    assert!(before.is_ok_and(|answer| answer.selected > 0 && answer.rest > 0));
    server.settled().await;
}
