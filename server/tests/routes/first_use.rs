//! What a newcomer is offered: examples to open, and a tour that can be closed for good.

use axum::http::StatusCode;

use crate::harness::Server;

/// Opens an example as the button does. Its first suspect, and the sentence that is said of it.
async fn first_suspect(example: &str) -> (String, String) {
    let server = Server::start().await;
    let opened = server.form(&format!("/examples/{example}"), "").await.expect(StatusCode::SEE_OTHER);
    server.settled().await;
    let diagnosis = server.get(&format!("/api/v1{}/diagnosis", opened.location())).await.expect(StatusCode::OK).json();
    let first = &diagnosis["suspects"][0];
    assert!(first["score"].as_f64().unwrap() > 0.5, "{first}");
    (first["cause"].as_str().unwrap().to_owned(), first["statement"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn each_example_names_what_was_done_to_it() {
    let (cause, statement) = first_suspect("car-loan").await;
    assert!(cause == "unit_scale" && statement.contains("car_value"), "{cause}: {statement}");
    let (cause, statement) = first_suspect("house-prices").await;
    assert!(cause == "row_overlap" && statement.contains("test"), "{cause}: {statement}");
    let (cause, statement) = first_suspect("credit-cards").await;
    assert!(cause == "mixed_versions" && statement.contains("v6"), "{cause}: {statement}");
}

#[tokio::test]
async fn an_example_that_nobody_made_is_not_found() {
    let server = Server::start().await;
    server.form("/examples/titanic", "").await.expect(StatusCode::NOT_FOUND);
    server.settled().await;
}

#[tokio::test]
async fn the_tour_has_three_steps_and_stays_closed() {
    let server = Server::start().await;
    let opened = server.form("/examples/house-prices", "").await.expect(StatusCode::SEE_OTHER);
    let map = opened.location();
    server.settled().await;
    for step in 1..=3 {
        let page = server.get(&format!("{map}?tour={step}")).await.expect(StatusCode::OK).body;
        assert_eq!(page.matches("Tour, step ").count(), 1, "step {step}");
        assert!(page.contains(&format!("Tour, step {step} of 3")), "step {step}");
    }
    assert!(server.get(&format!("{map}?tour=9")).await.body.contains("Tour, step 3 of 3"));
    let id = map.rsplit('/').next().unwrap();
    let closed = server.form("/tour/close", &format!("investigation={id}")).await.expect(StatusCode::SEE_OTHER);
    assert_eq!(closed.location(), map);
    let cookie = closed.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    assert!(!server.get_with(map, &cookie).await.body.contains("Tour, step"));
    for hostile in ["", "../../api", "//evil.example", "a%0d%0ab"] {
        let answer =
            server.form("/tour/close", &format!("investigation={hostile}")).await.expect(StatusCode::SEE_OTHER);
        assert_eq!(answer.location(), "/", "{hostile}");
    }
}
