//! Undoing a suspect: the served rows before and after, and as a file.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::harness::{File, Server, table};
use crate::investigations::diagnosed;

#[tokio::test]
async fn a_factor_is_undone_shown_and_downloaded() {
    let server = Server::start().await;
    let investigation = diagnosed(&server).await;
    let id = investigation["id"].as_str().unwrap();
    let at = |rest: &str| format!("/api/v1/investigations/{id}/suspects/1/{rest}");
    let shown = server.get(&at("repaired")).await.expect(StatusCode::OK).json();
    assert_eq!((shown["columns"].clone(), shown["examined"].as_u64()), (json!(["amount"]), Some(600)), "{shown}");
    assert_eq!((shown["changed"].as_u64(), shown["left_out"].as_u64()), (Some(600), Some(0)), "{shown}");
    let amount = |cells: &serde_json::Value| cells[0].as_str().unwrap().parse::<f64>().unwrap();
    let first = &shown["first"][0];
    assert!((amount(&first["before"]) / amount(&first["after"]) - 10.0).abs() < 0.5, "{first}");
    let file = server.get(&at("repaired.csv")).await.expect(StatusCode::OK);
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"repaired.csv\"");
    let lines: Vec<&str> = file.body.lines().collect();
    assert_eq!((lines[0], lines.len()), ("row_id,amount,region,defaulted", 601));
    let page = server.get(&format!("/investigations/{id}/undo?suspect=1")).await.expect(StatusCode::OK);
    assert!(page.body.contains("The first rows that change") && page.body.contains("repaired.csv"), "{}", page.body);
    server.settled().await;
}

#[tokio::test]
async fn what_is_not_there_or_undone_by_nothing_is_told() {
    let server = Server::start().await;
    let investigation = diagnosed(&server).await;
    let id = investigation["id"].as_str().unwrap();
    let address = format!("/api/v1/investigations/{id}/suspects/99/repaired");
    server.get(&address).await.expect(StatusCode::NOT_FOUND);
    server.get(&format!("/api/v1/investigations/{id}/suspects/first/repaired")).await.expect(StatusCode::NOT_FOUND);
    // A column that is half missing: nothing says what it should hold.
    let train = server.upload("train.csv", &table(600, 10.0)).await;
    let text = String::from_utf8(table(600, 10.0)).unwrap();
    let lacking = text.lines().enumerate().map(|(at, line)| match line.split(',').collect::<Vec<&str>>()[..] {
        [row, _, region, label] if at % 2 == 1 => format!("{row},,{region},{label}\n"),
        _ => format!("{line}\n"),
    });
    let serve = server.upload("serve.csv", lacking.collect::<String>().as_bytes()).await;
    let new = json!({"title": "Amounts are missing", "inputs": [["train", train["id"]], ["serve", serve["id"]]]});
    let made = server.json(Method::POST, "/api/v1/investigations", new).await.expect(StatusCode::CREATED).json();
    let id = made["id"].as_str().unwrap();
    let job = server.get(&format!("/api/v1/investigations/{id}/job")).await.json();
    server.until_over(job["id"].as_str().unwrap()).await;
    let refused = server.get(&format!("/api/v1/investigations/{id}/suspects/1/repaired")).await;
    let refused = refused.expect(StatusCode::BAD_REQUEST);
    assert!(refused.body.contains("Nothing in the data undoes this suspect"), "{}", refused.body);
    server.settled().await;
}

#[tokio::test]
async fn a_share_link_repairs_no_rows() {
    let server = Server::start().await;
    let investigation = diagnosed(&server).await;
    let id = investigation["id"].as_str().unwrap();
    let made = server.json(Method::POST, &format!("/api/v1/investigations/{id}/share-links"), json!({})).await.json();
    let secret = made["secret"].as_str().unwrap();
    for address in [format!("/s/{secret}/undo?suspect=1"), format!("/api/v1/shared/{secret}/suspects/1/repaired")] {
        server.get(&address).await.expect(StatusCode::NOT_FOUND);
    }
    server.settled().await;
}

#[tokio::test]
async fn answers_to_the_repaired_rows_confirm_a_suspect_and_the_last_ones_count() {
    let server = Server::start().await;
    let opened = server.form("/examples/car-loan", "").await.expect(StatusCode::SEE_OTHER);
    let map = opened.headers["location"].to_str().unwrap().to_owned();
    let diagnosed = || async {
        let job = server.get(&format!("/api/v1{map}/job")).await.json();
        server.until_over(job["id"].as_str().unwrap()).await;
        server.get(&format!("/api/v1{map}/diagnosis")).await.expect(StatusCode::OK).json()["fall"]["undone"].clone()
    };
    let undone = diagnosed().await;
    assert_eq!(
        (&undone["verdict"], &undone["suspect"]),
        (&json!("confirmed"), &json!("unit_scale(car_value)")),
        "{undone}"
    );
    assert_eq!(undone["recovered"]["rows"], 4_000);
    let (page, undo) = (server.get(&map).await, server.get(&format!("{map}/undo?suspect=1")).await);
    for page in [&page, &undo] {
        assert!(page.body.contains("points are recovered on 4,000 rows"), "{}", page.body);
    }
    assert!(undo.body.contains("See what it recovers") && undo.body.contains("application_id"), "{}", undo.body);
    // The same answers as were served recover nothing; a table without answers says what it lacks.
    let served = server.get(&format!("/api/v1{map}/suspects/1/repaired.csv")).await.body;
    let heads: Vec<&str> = served.lines().next().unwrap().split(',').collect();
    let wanted =
        ["application_id", "approved", "score"].map(|name| heads.iter().position(|head| *head == name).unwrap());
    let cells = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        wanted.map(|place| cells[place]).join(",")
    };
    let same: String = served.lines().map(|line| format!("{}\n", cells(line))).collect();
    let answers = |bytes: Vec<u8>| {
        let (server, page) = (&server, format!("{map}/files"));
        async move {
            let file = File { name: "answers.csv", bytes: &bytes };
            let sent = server.multipart(&page, &[("part", "repaired")], &[file]).await.expect(StatusCode::SEE_OTHER);
            sent.headers["location"].to_str().unwrap().to_owned()
        }
    };
    assert_eq!(answers(same.into_bytes()).await, map);
    let undone = diagnosed().await;
    assert_eq!((&undone["verdict"], &undone["recovered"]["points"]), (&json!("refuted"), &json!(0.0)), "{undone}");
    // A file that is an input already is not taken away from its own role, and the answers stay.
    let detail = server.get(&format!("/api/v1{map}")).await.json();
    let serve = detail["inputs"].as_array().unwrap().iter().find(|input| input["role"] == "serve").unwrap().clone();
    let fields = [("part", "repaired"), ("snapshot", serve["snapshot"]["id"].as_str().unwrap())];
    let refused = server.multipart(&format!("{map}/files"), &fields, &[]).await.expect(StatusCode::BAD_REQUEST);
    assert!(refused.body.contains("is an input already, as Serve"), "{}", refused.body);
    let kept = server.get(&format!("/api/v1{map}")).await.json();
    assert_eq!(kept["inputs"], detail["inputs"]);
    answers(b"application_id,weather\n700001,sun\n700002,rain\n".to_vec()).await;
    assert!(diagnosed().await.is_null());
    let undo = server.get(&format!("{map}/undo?suspect=1")).await;
    assert!(undo.body.contains("can't be compared with what was served"), "{}", undo.body);
    server.settled().await;
}
