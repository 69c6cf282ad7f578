//! `/weekly`: all models in one week.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};

use crate::arrivals::rows;
use crate::harness::Server;

async fn sent(server: &Server, model: &str, query: &str, bytes: Vec<u8>) {
    let request = Request::post(format!("/api/v1/models/{model}/arrivals?{query}"));
    server.send(request.body(Body::from(bytes)).unwrap()).await.expect(StatusCode::CREATED);
}

fn of<'a>(weekly: &'a Value, model: &str) -> &'a Value {
    weekly["models"].as_array().unwrap().iter().find(|one| one["model"] == model).unwrap()
}

#[tokio::test]
async fn a_week_names_what_is_new_regressed_fixed_stale_and_not_watched() {
    let server = Server::start().await;
    let (fine, cents) = (100.0, 10_000.0);
    // Monday 27 April is the first day of week 18.
    let stories: [(&str, &[(&str, f64)]); 4] = [
        ("falling", &[("2026-04-28", fine), ("2026-05-05", fine), ("2026-05-06", cents)]),
        ("mended", &[("2026-04-28", cents), ("2026-05-05", fine)]),
        ("silent", &[("2026-04-28", fine)]),
        ("young", &[("2026-05-07", cents)]),
    ];
    for (model, days) in stories {
        sent(&server, model, "name=train.csv&role=train", rows(600, 100.0)).await;
        for (place, (day, centre)) in days.iter().enumerate() {
            sent(&server, model, &format!("name={day}.csv&at={day}"), rows(400 + place, *centre)).await;
        }
    }
    sent(&server, "unwatched", "name=a.csv&at=2026-05-05", rows(60, 1.0)).await;
    server.settled().await;
    let weekly = server.get("/api/v1/weekly?week=2026-W19").await.expect(StatusCode::OK).json();
    for (model, standing) in [
        ("falling", "regressed"),
        ("mended", "fixed"),
        ("silent", "stale"),
        ("young", "new"),
        ("unwatched", "not_watched"),
    ] {
        assert_eq!(of(&weekly, model)["standing"], standing, "{}", of(&weekly, model));
    }
    let order: Vec<&str> =
        weekly["models"].as_array().unwrap().iter().map(|one| one["model"].as_str().unwrap()).collect();
    assert_eq!(order, ["falling", "young", "silent", "unwatched", "mended"], "what needs attention comes first");
    assert!(of(&weekly, "falling")["suspect"].as_str().unwrap().contains("amount"));
    let features = &of(&weekly, "falling")["layers"][1];
    assert_eq!(
        (&features["layer"], &features["now"], &features["change"]),
        (&json!("features"), &json!("mismatch"), &json!("regressed"))
    );
    // The week before had no week before it.
    let before = server.get("/api/v1/weekly?week=2026-W18").await.expect(StatusCode::OK).json();
    assert_eq!([&of(&before, "mended")["standing"], &of(&before, "falling")["standing"]], ["new", "steady"]);
    let page = server.get("/weekly?week=2026-W19").await.expect(StatusCode::OK).body;
    for words in
        ["Week 2026-W19", "4 May 2026 to 10 May 2026", "regressed", "/models/falling", "week=2026-W18", "week=2026-W20"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    server.get("/weekly").await.expect(StatusCode::OK);
    for bad in ["2026-W54", "now", "2026-W1", "a%00"] {
        server.get(&format!("/api/v1/weekly?week={bad}")).await.expect(StatusCode::BAD_REQUEST);
        server.get(&format!("/weekly?week={bad}")).await.expect(StatusCode::BAD_REQUEST);
    }
    server.settled().await;
}
