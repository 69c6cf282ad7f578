//! What the browser fetches besides pages, from a site folder as the build leaves it.

use std::fs;
use std::path::Path;

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};

use crate::harness::{Answer, Server};

const HASH: &str = "0123456789abcdef";

/// A site folder with hashed names, each next to itself compressed.
fn site() -> tempfile::TempDir {
    let site = tempfile::tempdir().unwrap();
    fs::create_dir(site.path().join("pkg")).unwrap();
    for name in ["pkg/mismatch-#.css", "pkg/mismatch-#.js", "pkg/mismatch-#_bg.wasm", "favicon-#.svg"] {
        let name = name.replace('#', HASH);
        fs::write(site.path().join(&name), format!("content of {name}, long enough to be compressed on the way"))
            .unwrap();
        fs::write(site.path().join(format!("{name}.br")), format!("small {name}")).unwrap();
    }
    fs::write(site.path().join("pkg/.unfinished"), "half of a file").unwrap();
    fs::write(site.path().join("robots.txt"), "User-agent: *").unwrap();
    site
}

async fn get(server: &Server, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request = headers.iter().fold(Request::get(path), |request, (name, value)| request.header(*name, *value));
    server.send(request.body(Body::empty()).unwrap()).await
}

fn header_of<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

#[tokio::test]
async fn hashed_names_are_kept_for_good_and_sent_as_the_build_compressed_them() {
    let site = site();
    let server = Server::start_at(site.path()).await;
    for (path, kind) in [
        ("/pkg/mismatch-0123456789abcdef.css", "text/css; charset=utf-8"),
        ("/pkg/mismatch-0123456789abcdef.js", "text/javascript; charset=utf-8"),
        ("/pkg/mismatch-0123456789abcdef_bg.wasm", "application/wasm"),
        ("/favicon-0123456789abcdef.svg", "image/svg+xml"),
    ] {
        let answer = get(&server, path, &[("accept-encoding", "gzip, deflate, br")]).await.expect(StatusCode::OK);
        assert_eq!(header_of(&answer.headers, "cache-control"), "public, max-age=31536000, immutable", "{path}");
        assert_eq!(header_of(&answer.headers, "content-type"), kind, "{path}");
        assert_eq!(header_of(&answer.headers, "content-encoding"), "br", "{path}");
        assert_eq!(header_of(&answer.headers, "vary"), "accept-encoding", "{path}");
        assert_eq!(answer.body, format!("small {}", &path[1..]));

        let plain = get(&server, path, &[]).await.expect(StatusCode::OK);
        assert_eq!(header_of(&plain.headers, "content-encoding"), "", "{path}");
        assert!(plain.body.starts_with("content of"), "{}", plain.body);
        let gzip = get(&server, path, &[("accept-encoding", "gzip, br;q=0")]).await.expect(StatusCode::OK);
        assert_eq!(header_of(&gzip.headers, "content-encoding"), "gzip", "{path}");

        let tag = header_of(&answer.headers, "etag").to_owned();
        let known = [("accept-encoding", "br"), ("if-none-match", tag.as_str())];
        let again = get(&server, path, &known).await.expect(StatusCode::NOT_MODIFIED);
        assert_eq!((again.body.as_str(), header_of(&again.headers, "etag")), ("", tag.as_str()));
        assert!(header_of(&again.headers, "cache-control").contains("immutable"), "{path}");
    }
}

#[tokio::test]
async fn other_names_are_asked_for_again() {
    let site = site();
    let server = Server::start_at(site.path()).await;
    for path in ["/pkg/mismatch.css", "/pkg/mismatch_bg.wasm", "/favicon.svg", "/robots.txt"] {
        let answer = get(&server, path, &[("accept-encoding", "br")]).await.expect(StatusCode::OK);
        assert_eq!(header_of(&answer.headers, "cache-control"), "no-cache", "{path}");
        let tag = header_of(&answer.headers, "etag").to_owned();
        let known = [("accept-encoding", "br"), ("if-none-match", tag.as_str())];
        get(&server, path, &known).await.expect(StatusCode::NOT_MODIFIED);
    }
    // A plain name leads to what it is now.
    let style = get(&server, "/pkg/mismatch.css", &[]).await;
    assert!(style.body.starts_with("content of pkg/mismatch-"), "{}", style.body);
    let head = Request::builder().method(Method::HEAD).uri("/pkg/mismatch.css").body(Body::empty()).unwrap();
    assert_eq!(server.send(head).await.expect(StatusCode::OK).headers[header::CONTENT_TYPE], "text/css; charset=utf-8");
}

#[tokio::test]
async fn pages_name_what_the_folder_holds_now() {
    let site = site();
    let server = Server::start_at(site.path()).await;
    let page = server.get("/").await.expect(StatusCode::OK).body;
    for named in [
        "href=\"/pkg/mismatch-0123456789abcdef.css\"",
        "href=\"/favicon-0123456789abcdef.svg\"",
        "href=\"/pkg/mismatch-0123456789abcdef.js\"",
        "href=\"/pkg/mismatch-0123456789abcdef_bg.wasm\"",
        "\"mismatch-0123456789abcdef\"",
    ] {
        assert!(page.contains(named), "{named}: {page}");
    }
    assert!(!page.contains("/pkg/mismatch.") && !page.contains("/favicon.svg"), "{page}");

    // A build with plain names was the last one.
    fs::write(site.path().join("pkg/mismatch.js"), "").unwrap();
    fs::write(site.path().join("pkg/mismatch.css"), "").unwrap();
    let page = server.get("/reference").await.expect(StatusCode::OK).body;
    assert!(page.contains("href=\"/pkg/mismatch.css\"") && page.contains("href=\"/pkg/mismatch.js\""), "{page}");
}

#[tokio::test]
async fn only_the_files_of_the_folder_are_there() {
    let parent = tempfile::tempdir().unwrap();
    fs::write(parent.path().join("secret.css"), "secret").unwrap();
    let site = parent.path().join("site");
    fs::create_dir_all(site.join("pkg")).unwrap();
    fs::write(site.join("pkg/.hidden.css"), "hidden").unwrap();
    fs::write(site.join("pkg/a.css.br"), "compressed").unwrap();
    let server = Server::start_at(Path::new(&site)).await;
    for path in [
        "/../secret.css",
        "/pkg/../../secret.css",
        "/pkg/%2e%2e/%2e%2e/secret.css",
        "/pkg/..%2f..%2fsecret.css",
        "//secret.css",
        "/pkg/.hidden.css",
        "/pkg/a.css.br",
        "/pkg",
        "/pkg/",
        "/pkg/mismatch-0123456789abcdef.css",
        "/pkg/mismatch-%C3%BC.css",
    ] {
        let answer = get(&server, path, &[("accept-encoding", "br")]).await;
        assert!(answer.status.is_client_error(), "{path}: {}", answer.status);
        assert!(!["secret", "hidden", "compressed"].contains(&answer.body.as_str()), "{path}");
    }
}
