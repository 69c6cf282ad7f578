//! What is different about some rows of a run, as a part of its page: `…/question`.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::harness::Server;

/// Rows with the label 1 in the validation split of `run.csv`.
const ONES: &str = "run~run.csv~val%3Br.label~o~1";

/// An investigation of a run with a column of a hostile name, and the secret of a link to it.
async fn evaluated(server: &Server) -> (String, String) {
    let mut text = String::from("split,label,score,<b>amount\n");
    for row in 0..300 {
        let split = ["train", "validation"][usize::from(row % 3 == 0)];
        text.push_str(&format!("{split},{},0.{:02},{}\n", row % 2, row % 97, (row % 2) * 1000 + row));
    }
    let snapshot = server.upload("run.csv", text.as_bytes()).await["id"].as_str().unwrap().to_owned();
    let roles = json!({"split": "split", "label": "label", "score": "score"});
    let new = json!({"title": "run", "inputs": [["predictions", snapshot]], "roles": roles});
    let made = server.json(Method::POST, "/api/v1/investigations", new).await.expect(StatusCode::CREATED).json();
    let id = made["id"].as_str().unwrap().to_owned();
    let job = server.get(&format!("/api/v1/investigations/{id}/job")).await.json();
    server.until_over(job["id"].as_str().unwrap()).await;
    let links = format!("/api/v1/investigations/{id}/share-links");
    let made = server.json(Method::POST, &links, json!({})).await.expect(StatusCode::CREATED).json();
    (id, made["secret"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn the_answer_is_a_part_of_the_page_that_the_address_names() {
    let server = Server::start().await;
    let (id, secret) = evaluated(&server).await;
    for map in [format!("/investigations/{id}"), format!("/s/{secret}")] {
        let path = format!("{map}/question?run=run.csv&split=val&threshold=0.25&cost_fn=%3Cb%3E&where={ONES}");
        let part = server.get(&path).await.expect(StatusCode::OK).body;
        assert!(part.contains("50 of 100 rows are selected") && part.contains("&lt;b&gt;amount"), "{part}");
        assert!(!part.contains("<b>") && !part.contains("<html"), "{part}");
        // What was found can be pinned, but not through a link.
        let pin = format!("{map}/pin?rows=");
        assert_eq!(part.contains(&pin), map.starts_with("/investigations"), "{part}");
        let links: Vec<&str> = part.split(" href=\"").skip(1).filter(|link| !link.starts_with(&pin)).collect();
        assert!(links.len() >= 3, "{part}");
        for link in links {
            assert!(link.starts_with(&format!("{map}/evaluation?run=run.csv")), "{link}");
            assert!(link.contains("threshold=0.25") && link.contains(" data-where=\""), "{link}");
        }
        // The page shows the same.
        let page = server.get(&path.replace("/question?", "/evaluation?")).await.expect(StatusCode::OK).body;
        assert!(page.contains("50 of 100 rows are selected"), "{page}");
        assert!(page.contains(&format!("data-asks=\"{map}/question\"")), "{page}");
    }
    server.settled().await;
}

#[tokio::test]
async fn without_rows_there_is_no_question_and_what_cant_be_answered_is_said() {
    let server = Server::start().await;
    let (id, _) = evaluated(&server).await;
    for rows in ["", "?where=", "?where=nobody", "?where=%3Cscript%3E"] {
        let part = server.get(&format!("/investigations/{id}/question{rows}")).await.expect(StatusCode::OK).body;
        assert_eq!(part, "", "{rows}");
    }
    let unknown = server.get(&format!("/investigations/{id}/question?where=run~none.csv~test%3Br.label~o~1")).await;
    let part = unknown.expect(StatusCode::OK).body;
    assert!(part.contains("role=\"alert\"") && part.contains("data-where=\"\""), "{part}");
    let nowhere = server.get(&format!("/s/0000/question?where={ONES}")).await.expect(StatusCode::OK).body;
    assert!(nowhere.contains("This link shows nothing"), "{nowhere}");
    server.settled().await;
}
