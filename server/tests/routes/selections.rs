//! Selections: marked rows explained, by the roles that the diagnosis takes.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::harness::{Server, table};
use crate::investigations::diagnosed;

/// Opens an investigation with one file; the address at which selections on it are explained.
async fn with_file(server: &Server, role: &str, name: &str, bytes: &[u8], roles: Value) -> String {
    let snapshot = server.upload(name, bytes).await["id"].as_str().unwrap().to_owned();
    let body = json!({"title": "marked", "inputs": [[role, snapshot]], "roles": roles});
    let new = server.json(Method::POST, "/api/v1/investigations", body).await.expect(StatusCode::CREATED).json();
    format!("/api/v1/investigations/{}/selection", new["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_column_that_people_named_does_not_keep_the_role_it_was_guessed_to_have() {
    let server = Server::start().await;
    let large = json!({"range": {"from": 100.0, "to": 1e9, "upper": "included"}});
    let selection = json!({"side": "train", "conditions": [{"subject": {"column": "amount"}, "test": large}]});
    // `row_id` is guessed to be the id, and ids are not compared.
    for (roles, is_compared) in [(json!({}), false), (json!({"group": "row_id"}), true)] {
        let path = with_file(&server, "train", "train.csv", &table(300, 100.0), roles).await;
        let answer = server.json(Method::POST, &path, selection.clone()).await.expect(StatusCode::OK).json();
        let columns = answer["columns"].as_array().unwrap();
        assert_eq!(columns.iter().any(|column| column["column"] == "row_id"), is_compared, "{answer}");
    }
    server.settled().await;
}

#[tokio::test]
async fn a_split_is_found_under_each_of_its_usual_names() {
    let server = Server::start().await;
    let mut text = String::from("split,label,score,amount\n");
    for row in 0..300 {
        let split = ["train", "validation"][usize::from(row % 3 == 0)];
        text.push_str(&format!("{split},{},0.{:02},{row}\n", row % 2, row % 97));
    }
    let roles = json!({"split": "split", "label": "label", "score": "score"});
    let path = with_file(&server, "predictions", "run.csv", text.as_bytes(), roles).await;
    let ones = json!({"subject": {"role": "label"}, "test": {"oneof": ["1"]}});
    let selection = json!({"side": {"run": {"name": "run.csv", "split": "val"}}, "conditions": [ones]});
    let answer = server.json(Method::POST, &path, selection).await.expect(StatusCode::OK).json();
    assert_eq!((answer["examined"].as_u64(), answer["selected"].as_u64()), (Some(100), Some(50)), "{answer}");
    server.settled().await;
}

/// A selection of the rows of `train.csv` whose amount is over 120, in the form of addresses.
const LARGE: &str = "train%3Bc.amount~r~1.2e2~1e9~i";

#[tokio::test]
async fn the_rows_of_a_selection_come_in_windows_in_the_order_asked_for() {
    let server = Server::start().await;
    let path = with_file(&server, "train", "train.csv", &table(300, 100.0), json!({})).await;
    let rows = path.replace("/selection", "/rows");
    let all = server.get(&format!("{rows}?where={LARGE}&sort=amount&order=descending&rows=1000")).await;
    let all = all.expect(StatusCode::OK).json();
    let amounts: Vec<f64> =
        all["rows"].as_array().unwrap().iter().map(|row| row["cells"][0].as_str().unwrap().parse().unwrap()).collect();
    assert_eq!((all["columns"][0]["name"].as_str(), all["examined"].as_u64()), (Some("amount"), Some(300)));
    assert_eq!(all["selected"].as_u64(), Some(amounts.len() as u64));
    assert!(amounts.len() > 50 && amounts.is_sorted_by(|a, b| a >= b) && amounts.iter().all(|amount| *amount >= 120.0));

    let window =
        server.get(&format!("{rows}?where={LARGE}&sort=amount&order=descending&skip=2&rows=3&columns=1")).await;
    let window = window.expect(StatusCode::OK).json();
    assert_eq!(window["rows"][0]["cells"], json!([all["rows"][2]["cells"][0]]));
    assert_eq!((window["rows"].as_array().map(Vec::len), window["skipped"].as_u64()), (Some(3), Some(2)));

    for (selection, sort, status) in [
        ("nonsense", "", StatusCode::BAD_REQUEST),
        ("train", "amount", StatusCode::BAD_REQUEST),
        ("train%3Bc.gone~m", "", StatusCode::NOT_FOUND),
        (LARGE, "gone", StatusCode::NOT_FOUND),
    ] {
        server.get(&format!("{rows}?where={selection}&sort={sort}")).await.expect(status);
    }
    server.settled().await;
}

#[tokio::test]
async fn a_file_of_rows_is_safe_to_open_in_a_spreadsheet() {
    let server = Server::start().await;
    let mut text = String::from("amount,note,=danger\n");
    for row in 0..60 {
        let note = ["=HYPERLINK(1)", "\"two, \"\"quoted\"\"\"", "@sum", "plain"][row % 4];
        text.push_str(&format!("{},{note},x{}\n", -(row as i64), row % 7));
    }
    let path = with_file(&server, "train", "train.csv", text.as_bytes(), json!({})).await;
    let file = path.replace("/selection", "/rows.csv");
    let file = server.get(&format!("{file}?where=train%3Bc.amount~r~-3e0~0e0~i")).await.expect(StatusCode::OK);
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"rows.csv\"");
    let lines: Vec<&str> = file.body.lines().collect();
    assert_eq!(lines[0], "table,amount,note,'=danger");
    assert_eq!(lines[1], "train,0,'=HYPERLINK(1),x0");
    assert_eq!(lines[2], "train,-1,\"two, \"\"quoted\"\"\",x1");
    assert_eq!((lines[3], lines.len()), ("train,-2,'@sum,x2", 5));
    server.settled().await;
}

#[tokio::test]
async fn a_share_link_has_no_rows() {
    let server = Server::start().await;
    let investigation = diagnosed(&server).await;
    let id = investigation["id"].as_str().unwrap();
    let made = server.json(Method::POST, &format!("/api/v1/investigations/{id}/share-links"), json!({})).await.json();
    let secret = made["secret"].as_str().unwrap();
    for address in ["/s/SECRET/rows", "/s/SECRET/rows.csv", "/api/v1/shared/SECRET/rows"] {
        let address = address.replace("SECRET", secret);
        server.get(&format!("{address}?where={LARGE}")).await.expect(StatusCode::NOT_FOUND);
    }
    server.settled().await;
}

#[tokio::test]
async fn the_pages_of_a_selection_show_it_without_a_script() {
    let server = Server::start().await;
    let investigation = diagnosed(&server).await;
    let id = investigation["id"].as_str().unwrap();
    let compare = format!("/investigations/{id}/compare?column=amount&where=both%3Bc.amount~r~1.2e2~1e9~i");
    let page = server.get(&compare).await.expect(StatusCode::OK);
    assert!(page.body.contains("rows are selected"), "{}", page.body);
    // The same question again, from what is kept.
    assert_eq!(server.get(&compare).await.expect(StatusCode::OK).body.matches("rows are selected").count(), 1);
    let typed = format!("/investigations/{id}/compare?on=c.amount&from=120&to=");
    assert!(server.get(&typed).await.expect(StatusCode::OK).body.contains("amount from 120"));
    let rows = format!("/investigations/{id}/rows?where=serve%3Bc.amount~r~1.2e2~1e9~i&sort=amount");
    assert!(server.get(&rows).await.expect(StatusCode::OK).body.contains("selected rows"));
    let gone = format!("/investigations/{id}/rows?where=serve%3Bc.gone~m");
    assert!(server.get(&gone).await.body.contains("There is no column"));
    server.settled().await;
}
