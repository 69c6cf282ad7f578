//! `/investigations/{id}/export` and `/investigations/import`: an investigation as one file.

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use tower::ServiceExt;

use crate::harness::{File, Server};
use crate::investigations::diagnosed;

pub async fn exported(server: &Server, path: &str) -> Response {
    let request = Request::get(path).header(header::HOST, "localhost").body(Body::empty()).unwrap();
    server.router().oneshot(request).await.unwrap()
}

#[tokio::test]
async fn an_investigation_leaves_as_a_file_and_comes_back_by_the_api_and_by_a_form() {
    let server = Server::start().await;
    let investigation = diagnosed(&server).await;
    let id = investigation["id"].as_str().unwrap();
    let answer = exported(&server, &format!("/api/v1/investigations/{id}/export")).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/zip");
    assert!(answer.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().ends_with(".mismatch.zip\""));
    let bytes = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    assert_eq!(exported(&server, &format!("/investigations/{id}/export")).await.status(), StatusCode::OK);
    assert_eq!(exported(&server, "/investigations/none/export").await.status(), StatusCode::NOT_FOUND);

    let import =
        Request::post("/api/v1/investigations/import?author=Ada").header(header::CONTENT_TYPE, "application/zip");
    let import = import.body(Body::from(bytes.clone())).unwrap();
    let by_api = server.send(import).await.expect(StatusCode::CREATED).json();
    assert_ne!(by_api["id"], investigation["id"]);
    assert_eq!(by_api["title"], investigation["title"]);
    let file = File { name: "plans.mismatch.zip", bytes: &bytes };
    let by_form = server.multipart("/investigations/import", &[("author", "Ada")], &[file]).await;
    let page = by_form.location().to_owned();
    server.settled().await;
    let page = server.get(&page).await.expect(StatusCode::OK).body;
    assert!(page.contains("imported it, as it was exported on"), "{page}");
    let nothing = server.multipart("/investigations/import", &[("author", "Ada")], &[]).await;
    nothing.expect(StatusCode::BAD_REQUEST);
    let table = File { name: "rows.csv", bytes: b"a,b\n1,2\n" };
    server.multipart("/investigations/import", &[], &[table]).await.expect(StatusCode::BAD_REQUEST);
    server.settled().await;
}
