//! Share links: `/api/v1/…/share-links`, `/api/v1/shared/{secret}`

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::harness::Server;
use crate::investigations::diagnosed;

#[tokio::test]
async fn a_link_shows_what_was_there_when_it_was_made() {
    let server = Server::start().await;
    let investigation = diagnosed(&server).await;
    let id = investigation["id"].as_str().unwrap();
    let links = format!("/api/v1/investigations/{id}/share-links");
    let made = server.json(Method::POST, &links, json!({"author": "Ada"})).await.expect(StatusCode::CREATED).json();
    let secret = made["secret"].as_str().unwrap();
    assert_eq!(secret.len(), 64);
    let before = server.get(&format!("/api/v1/shared/{secret}/diagnosis")).await.expect(StatusCode::OK).json();

    // Another input list, another diagnosis, another note: the link does not move.
    let only_train = json!({"inputs": [["train", investigation["inputs"][0]["snapshot"]["id"]]]});
    server.json(Method::PUT, &format!("/api/v1/investigations/{id}/inputs"), only_train).await.expect(StatusCode::OK);
    let job = server.get(&format!("/api/v1/investigations/{id}/job")).await.json();
    assert_eq!(server.until_over(job["id"].as_str().unwrap()).await["state"], "done");
    server.json(Method::POST, &format!("/api/v1/investigations/{id}/notes"), json!({"text": "later"})).await;
    let now = server.get(&format!("/api/v1/investigations/{id}/diagnosis")).await.json();
    assert_ne!(now["inputs"], before["inputs"]);
    let shared = server.get(&format!("/api/v1/shared/{secret}")).await.expect(StatusCode::OK).json();
    assert_eq!(
        (shared["inputs"].as_array().map(Vec::len), shared["notes"].as_array().map(Vec::len)),
        (Some(2), Some(0))
    );
    assert_eq!(server.get(&format!("/api/v1/shared/{secret}/diagnosis")).await.json(), before);

    // The secret is nowhere in what is stored, and the list does not tell it.
    let listed = server.get(&links).await.expect(StatusCode::OK);
    assert!(!listed.body.contains(secret));
    for file in
        std::fs::read_dir(server.data.path()).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file())
    {
        let bytes = std::fs::read(&file).unwrap();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{}", file.display());
    }
    server.settled().await;
}

#[tokio::test]
async fn a_chat_is_shown_the_map_where_that_was_asked_for_and_nothing_else() {
    let server = Server::start().await;
    let id = diagnosed(&server).await["id"].as_str().unwrap().to_owned();
    let links = format!("/api/v1/investigations/{id}/share-links");
    for (preview, is_shown) in [("nothing", false), ("map", true)] {
        let made =
            server.json(Method::POST, &links, json!({"preview": preview})).await.expect(StatusCode::CREATED).json();
        assert_eq!(made["link"]["preview"], preview);
        let secret = made["secret"].as_str().unwrap();
        let page = server.get(&format!("/s/{secret}")).await.expect(StatusCode::OK).body;
        let told: Vec<&str> = page.split("<meta ").filter(|meta| meta.contains("og:")).collect();
        assert_eq!(!told.is_empty(), is_shown, "{told:?}");
        // Without a preview, a chat shows the title of the document.
        let title = page.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
        assert_eq!(title.contains("Shared investigation"), !is_shown, "{title}");
        for meta in told {
            let meta = meta.split('>').next().unwrap();
            assert!(!meta.contains("amount"), "a column is named: {meta}");
            assert!(!meta.contains("og:image") || meta.contains(&format!("/s/{secret}/figures/layers.png")), "{meta}");
        }
        let picture = server.get(&format!("/s/{secret}/figures/layers.svg")).await.expect(StatusCode::OK).body;
        assert!(picture.contains("mismatch") && !picture.contains("amount"), "{picture}");
    }
    let page = format!("/investigations/{id}");
    server.form(&format!("{page}/share-links"), "preview=map").await.expect(StatusCode::SEE_OTHER);
    let listed = server.get(&links).await.json();
    assert_eq!(listed[0]["preview"], "map");
    server.settled().await;
}

#[tokio::test]
async fn revoked_expired_and_invented_links_show_the_same_nothing() {
    let server = Server::start().await;
    let id = diagnosed(&server).await["id"].as_str().unwrap().to_owned();
    let links = format!("/api/v1/investigations/{id}/share-links");
    let share = |body| async { server.json(Method::POST, &links, body).await.expect(StatusCode::CREATED).json() };
    let open = |secret: String| async { server.get(&format!("/api/v1/shared/{}", { secret })).await };

    let revoked = share(json!({})).await;
    let path = format!("/api/v1/share-links/{}", revoked["link"]["id"].as_str().unwrap());
    server.json(Method::DELETE, &path, json!({})).await.expect(StatusCode::OK);
    let soon = std::time::SystemTime::now() + std::time::Duration::from_millis(300);
    let soon = soon.duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64;
    let expired = share(json!({"expires_at_ms": soon})).await;
    open(expired["secret"].as_str().unwrap().to_owned()).await.expect(StatusCode::OK);
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;

    let mut told = Vec::new();
    for secret in [&revoked["secret"], &expired["secret"], &json!("0".repeat(64))] {
        told.push(open(secret.as_str().unwrap().to_owned()).await.expect(StatusCode::NOT_FOUND).body);
    }
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]));
    server.json(Method::POST, &links, json!({"expires_at_ms": 1})).await.expect(StatusCode::BAD_REQUEST);
    server.settled().await;
}
