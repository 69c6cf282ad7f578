//! Signing out at a provider of OpenID Connect. Signing in is in end2end, at a provider of others.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::routing::get;
use axum::{Json, Router};
use domain::account::{Role, Session};
use openid::{Provider, ProviderSettings};
use serde_json::{Value, json};
use service::store::{Store, new_id, now_ms, sqlite_url};
use service::{Elsewhere, ServiceConfig};

use crate::harness::{Answer, Server};
use crate::team::{account, client, with_accounts};

/// A secret of a session, and its hash (FIPS 180-2, appendix B.1).
const SECRET: &str = "abc";
const HASH: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/// A provider that says about itself what it takes, with what is added; its issuer.
async fn provider(more: impl FnOnce(&str) -> Value) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let mut about = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
    });
    about.as_object_mut().unwrap().extend(more(&issuer).as_object().unwrap().clone());
    // RFC 7517, appendix A.1.
    let keys = json!({ "keys": [{
        "kty": "EC", "crv": "P-256", "use": "sig", "kid": "1",
        "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    }] });
    let routes = Router::new()
        .route("/.well-known/openid-configuration", get(move || async move { Json(about) }))
        .route("/keys", get(move || async move { Json(keys) }));
    // Ends with the test's runtime.
    tokio::spawn(async move { axum::serve(listener, routes).await });
    issuer
}

/// A server with this provider, and somebody who signed in there and has the session of [`SECRET`].
async fn server(issuer: &str) -> Server {
    let settings = ProviderSettings {
        name: "Example Ltd".to_owned(),
        issuer: issuer.to_owned(),
        client_id: "mismatch".to_owned(),
        client_secret: None,
        redirect: "http://127.0.0.1:3000/sign-in/back".to_owned(),
        signed_out: Some("http://127.0.0.1:3000/sign-out/back".to_owned()),
        scopes: Vec::new(),
        roles: None,
        email_domains: Vec::new(),
        certificates: None,
    };
    let provider = Some(Provider::new(settings).unwrap());
    let elsewhere = Elsewhere { provider, first_role: Some(Role::Viewer) };
    let server = Server::start_with(|config| ServiceConfig { elsewhere, ..with_accounts(config) }).await;
    let code = server.service.set_up_code().await.unwrap().unwrap();
    server.service.set_up(code.as_str(), &account("Ada"), &client()).await.unwrap();
    let visitor = server.service.by_proxy("grace", &client()).await.unwrap();
    let grace = visitor.person().unwrap().0.clone();
    // As if she had come from the provider: no test can sign in there.
    let url = sqlite_url(&server.data.path().join("mismatch.db"));
    sqlx::any::install_default_drivers();
    let pool = sqlx::AnyPool::connect(&url).await.unwrap();
    sqlx::query("update identities set issuer = $1").bind(issuer).execute(&pool).await.unwrap();
    pool.close().await;
    let store = Store::open(&url).await.unwrap();
    let session = Session { id: new_id(), agent: String::new(), created_at_ms: now_ms(), used_at_ms: now_ms() };
    store.insert_session(&grace, &session, HASH, &[]).await.unwrap();
    store.close().await;
    server
}

/// Signs out in a browser.
async fn sign_out(server: &Server, session: &str) -> Answer {
    let request = Request::post("/sign-out")
        .header(header::ACCEPT, "text/html,*/*;q=0.8")
        .header("sec-fetch-site", "same-origin")
        .header(header::COOKIE, format!("session={session}"));
    server.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn who_came_from_the_provider_signs_out_here_and_is_led_there() {
    let issuer = provider(|issuer| json!({ "end_session_endpoint": format!("{issuer}/end?a=b") })).await;
    let server = server(&issuer).await;
    server.get_with("/", &format!("session={SECRET}")).await.expect(StatusCode::OK);
    let answer = sign_out(&server, SECRET).await.expect(StatusCode::OK);
    let back = "post_logout_redirect_uri=http%3A%2F%2F127.0.0.1%3A3000%2Fsign-out%2Fback";
    let there = format!("0; url={issuer}/end?a=b&amp;client_id=mismatch&amp;{back}&amp;state=");
    assert!(answer.body.contains(&there) && answer.body.contains("Example Ltd"), "{}", answer.body);
    assert!(!answer.body.contains("id_token_hint") && !answer.body.contains("grace"), "{}", answer.body);
    // A page of ours still sends forms to this server only.
    let policy = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("form-action 'self';"), "{policy}");
    let cookies: Vec<&str> =
        answer.headers.get_all(header::SET_COOKIE).iter().map(|cookie| cookie.to_str().unwrap()).collect();
    assert!(cookies.iter().any(|cookie| cookie.starts_with("session=; Path=/; Max-Age=0")), "{cookies:?}");
    server.get_with("/", &format!("session={SECRET}")).await.expect(StatusCode::UNAUTHORIZED);

    // Back from there: what was sent along has to come back.
    let state = cookies.iter().find_map(|cookie| cookie.strip_prefix("sign_out=")?.split(';').next()).unwrap();
    let kept = format!("sign_out={state}");
    let left = server.get_with(&format!("/sign-out/back?state={state}"), &kept).await;
    assert_eq!(left.location(), "/sign-in?why=out");
    assert!(left.headers[header::SET_COOKIE].to_str().unwrap().starts_with("sign_out=; Path=/sign-out; Max-Age=0"));
    for (query, cookies) in [("?state=another", kept.as_str()), ("", kept.as_str()), ("?state=", "sign_out="), ("", "")]
    {
        let left = server.get_with(&format!("/sign-out/back{query}"), cookies).await;
        assert_eq!(left.location(), "/sign-in", "{query} {cookies}");
    }
    server.settled().await;
}

#[tokio::test]
async fn who_has_a_password_or_a_provider_without_a_place_for_it_signs_out_here_only() {
    let without = provider(|_| json!({})).await;
    let server = server(&without).await;
    assert_eq!(sign_out(&server, SECRET).await.location(), "/sign-in?why=out");
    let with = provider(|issuer| json!({ "end_session_endpoint": format!("{issuer}/end") })).await;
    let server = self::server(&with).await;
    let login = "login=ada@example.org&password=tundra+copper+violin+seven";
    let signed_in = server.form("/sign-in", login).await.expect(StatusCode::SEE_OTHER);
    let session = signed_in.headers[header::SET_COOKIE].to_str().unwrap().trim_start_matches("session=");
    let session = session.split(';').next().unwrap();
    assert_eq!(sign_out(&server, session).await.location(), "/sign-in?why=out");
    server.settled().await;
}

#[tokio::test]
async fn a_provider_that_is_down_keeps_nobody_signed_in() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let server = server(&format!("http://{free}")).await;
    assert_eq!(sign_out(&server, SECRET).await.location(), "/sign-in?why=out");
    server.get_with("/", &format!("session={SECRET}")).await.expect(StatusCode::UNAUTHORIZED);
    server.settled().await;
}
