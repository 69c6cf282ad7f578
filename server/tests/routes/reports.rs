//! Reports: `/api/v1/…/reports/{file}` and the pages.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::harness::Server;
use crate::investigations::diagnosed;

#[tokio::test]
async fn what_people_decide_is_in_every_report_at_once_and_a_link_keeps_what_it_froze() {
    let server = Server::start().await;
    let id = diagnosed(&server).await["id"].as_str().unwrap().to_owned();
    let at = |rest: &str| format!("/api/v1/investigations/{id}{rest}");
    let report = async |file: &str| server.get(&at(&format!("/reports/{file}"))).await.expect(StatusCode::OK);
    let diagnosis = server.get(&at("/diagnosis")).await.json();
    let prime = &diagnosis["suspects"][0];
    let statement = prime["statement"].as_str().unwrap();
    let key = format!("{}(amount)", prime["cause"].as_str().unwrap());

    let before = report("report.txt").await;
    assert_eq!(before.headers["content-disposition"], "attachment; filename=\"report.txt\"");
    assert!(before.body.contains("Prime suspect") && before.body.contains(statement), "{}", before.body);
    assert!(before.body.ends_with(&format!("\nhttp://127.0.0.1:3000/investigations/{id}")), "{}", before.body);

    let decision = json!({"suspect": key, "ruling": "confirmed", "note": "asked", "author": "Ada"});
    server.json(Method::PUT, &at("/decisions"), decision).await.expect(StatusCode::OK);
    server.json(Method::POST, &at("/notes"), json!({"text": "<b>cents</b>?", "author": "Ada"})).await;
    for file in ["report.md", "report.html"] {
        let body = report(file).await.body;
        assert!(
            body.contains("Cause") && body.contains("confirmed by Ada") && !body.contains("Prime suspect"),
            "{body}"
        );
        assert!(body.contains("&lt;b&gt;cents&lt;/b&gt;?"), "{body}");
    }
    assert!(report("report.txt").await.body.contains("Cause (confirmed by Ada)"));

    let link = server.json(Method::POST, &at("/share-links"), json!({})).await.expect(StatusCode::CREATED).json();
    let secret = link["secret"].as_str().unwrap().to_owned();
    let closing = json!({"text": "It was cents.", "done": "divided", "author": "Grace"});
    server.json(Method::POST, &at("/close"), closing).await.expect(StatusCode::OK);
    let html = report("report.html").await;
    assert_eq!(html.headers["content-type"], "text/html; charset=utf-8");
    assert!(html.body.contains("<h2>Verdict</h2>") && html.body.contains("What was done: divided"), "{}", html.body);
    assert!(html.body.contains("closed by Grace") && !html.body.contains("<script"), "{}", html.body);
    let page = server.get(&format!("/investigations/{id}/report")).await.expect(StatusCode::OK).body;
    assert!(page.contains("<h2>Verdict</h2>") && page.contains("report.md"), "{page}");

    for frozen in [
        server.get(&format!("/api/v1/shared/{secret}/reports/report.md")).await.expect(StatusCode::OK).body,
        server.get(&format!("/s/{secret}/reports/report.html")).await.expect(StatusCode::OK).body,
        server.get(&format!("/s/{secret}/report")).await.expect(StatusCode::OK).body,
    ] {
        assert!(frozen.contains("confirmed by Ada") && !frozen.contains("It was cents."), "{frozen}");
        assert!(!frozen.contains(&format!("/investigations/{id}")), "it leads nowhere else: {frozen}");
    }
    server.settled().await;
}

#[tokio::test]
async fn a_report_that_there_is_not_says_so() {
    let server = Server::start().await;
    let made = server.json(Method::POST, "/api/v1/investigations", json!({"title": "x"})).await.json();
    let at = |file: &str| format!("/api/v1/investigations/{}/reports/{file}", made["id"].as_str().unwrap());
    let early = server.get(&at("report.md")).await.expect(StatusCode::NOT_FOUND).json();
    assert!(early["detail"].as_str().unwrap().contains("wait until the first diagnosis is done"), "{early}");
    let other = server.get(&at("report.pdf")).await.expect(StatusCode::NOT_FOUND).json();
    assert!(other["detail"].as_str().unwrap().contains("report.md, report.html, report.txt"), "{other}");
    server.get("/api/v1/shared/none/reports/report.md").await.expect(StatusCode::NOT_FOUND);
    server.get("/investigations/none/report").await.expect(StatusCode::NOT_FOUND);
    server.settled().await;
}
