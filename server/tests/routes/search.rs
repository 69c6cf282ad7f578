//! The search over everything: `/search`, `/palette`, and the same below a share link.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::harness::Server;
use crate::investigations::diagnosed;

/// An investigation with its diagnosis, another one, and a link to the first.
async fn two(server: &Server) -> (String, String) {
    let id = diagnosed(server).await["id"].as_str().unwrap().to_owned();
    let other = json!({"title": "Somebody's secret amount", "model": "hidden-model"});
    server.json(Method::POST, "/api/v1/investigations", other).await.expect(StatusCode::CREATED);
    let links = format!("/api/v1/investigations/{id}/share-links");
    let made = server.json(Method::POST, &links, json!({})).await.expect(StatusCode::CREATED).json();
    (id, made["secret"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn columns_findings_and_investigations_are_found_from_an_investigation() {
    let server = Server::start().await;
    let (id, _) = two(&server).await;
    let options = server.get(&format!("/palette?in={id}&q=amount")).await.expect(StatusCode::OK).body;
    let first = options.find("role=\"option\"").map(|at| &options[at..]).unwrap();
    assert!(first.contains(&format!("href=\"/investigations/{id}/compare?column=amount#detail\"")), "{options}");
    for words in ["Finding", "secret amount", "Amounts look wrong"] {
        assert!(options.contains(words), "{words}: {options}");
    }
    // From nowhere, and from an investigation that is not there, no column is known.
    for path in ["/palette?q=amount", "/palette?in=nowhere&q=amount", "/palette?in=%2e%2e%2f&q=amount"] {
        let options = server.get(path).await.expect(StatusCode::OK).body;
        assert!(!options.contains("compare?column") && options.contains("secret amount"), "{path}: {options}");
    }
    let page = server.get(&format!("/search?in={id}&q=amount")).await.expect(StatusCode::OK).body;
    assert!(page.contains("compare?column=amount") && page.contains(&format!("name=\"in\" value=\"{id}\"")), "{page}");
    let checks = server.get("/palette?q=label%20leakage").await.expect(StatusCode::OK).body;
    assert!(checks.contains("href=\"/reference/D4"), "{checks}");
    server.settled().await;
}

#[tokio::test]
async fn through_a_link_only_what_it_shows_is_found() {
    let server = Server::start().await;
    let (id, secret) = two(&server).await;
    for text in ["", "amount", "secret", "hidden-model", "look", "reference", "leakage", "start"] {
        for path in [format!("/s/{secret}/palette?q={text}"), format!("/s/{secret}/palette?in={id}&q={text}")] {
            let options = server.get(&path).await.expect(StatusCode::OK).body;
            assert!(!options.contains("Somebody") && !options.contains("hidden-model"), "{path}: {options}");
            assert!(!options.contains(&id), "{path}: {options}");
            let links: Vec<&str> = options.split(" href=\"").skip(1).collect();
            assert!(links.iter().all(|link| link.starts_with(&format!("/s/{secret}"))), "{path}: {options}");
        }
        let page = server.get(&format!("/s/{secret}/search?in={id}&q={text}")).await.expect(StatusCode::OK).body;
        // What was typed stands in the field again.
        let page = page.replace(&format!("value=\"{text}\""), "");
        assert!(!page.contains("Somebody") && !page.contains("hidden-model") && !page.contains(&id), "{page}");
        assert!(!page.contains("/investigations") && !page.contains("\"/palette"), "{page}");
    }
    let found = server.get(&format!("/s/{secret}/palette?q=amount")).await.body;
    assert!(found.contains(&format!("href=\"/s/{secret}/compare?column=amount#detail\"")), "{found}");
    let none = server.get("/s/0000/palette?q=amount").await.expect(StatusCode::NOT_FOUND);
    assert!(none.body.starts_with("This link shows nothing") && !none.body.contains('<'), "{}", none.body);
    server.get("/s/0000/search?q=amount").await.expect(StatusCode::NOT_FOUND);
    server.settled().await;
}

#[tokio::test]
async fn what_is_typed_is_text_whatever_it_is() {
    let server = Server::start().await;
    let (id, secret) = two(&server).await;
    let long = "a".repeat(5_000);
    for text in [
        "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E",
        "%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "%27;drop%20table%20listings;--",
        "%25%25%25",
        "_",
        "%F0%9F%98%80%20%E2%80%AE",
        long.as_str(),
    ] {
        let places = [format!("?in={id}&"), "?".to_owned(), "?in=%3Cb%3E&".to_owned()];
        let mut pages: Vec<String> = places.iter().map(|place| format!("/search{place}q={text}")).collect();
        pages.extend(places.iter().map(|place| format!("/palette{place}q={text}")));
        pages.extend([format!("/s/{secret}/search?q={text}"), format!("/s/{secret}/palette?q={text}")]);
        for path in pages {
            let body = server.get(&path).await.expect(StatusCode::OK).body;
            assert!(!body.contains("<img") && !body.contains("<script>") && !body.contains("<b>"), "{path}: {body}");
        }
    }
    // PostgreSQL can't compare a text with it.
    for page in ["/search?q=%00", "/palette?q=a%00b"] {
        server.get(page).await.expect(StatusCode::BAD_REQUEST);
    }
    assert_eq!(server.get("/api/v1/investigations").await.json().as_array().map(Vec::len), Some(2));
    server.settled().await;
}

#[tokio::test]
async fn the_header_leads_to_the_search_and_knows_the_readers_keys() {
    let server = Server::start().await;
    let page = server.get_with("/", "shortcuts=off").await.expect(StatusCode::OK).body;
    let field = |page: &str| {
        let at = page.find("id=\"shortcuts-on\"").unwrap();
        page[at..].split('>').next().unwrap().to_owned()
    };
    assert!(page.contains("action=\"/search\"") && !field(&page).contains("checked"), "{}", field(&page));
    let page = server.get("/").await.expect(StatusCode::OK).body;
    assert!(field(&page).contains("checked") && page.contains("Ctrl K") && !page.contains("⌘"), "{}", field(&page));
}
