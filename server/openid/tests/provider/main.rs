//! Sign-ins at a provider of others, npm's certified oidc-provider, from the first page to the last. `cargo xtask test` installs
//! it and runs these; by themselves they are left out, and said to be.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod browser;
mod running;

use std::time::{SystemTime, UNIX_EPOCH};

use domain::account::Role;
use openid::{Kept, Provider, ProviderSettings, Refusal, Returned, RoleRule, SignIn, TokenFault};
use serde_json::{Value, json};

use browser::{Browser, Wish};
use running::Running;

/// As the provider's script registers them.
const REDIRECT: &str = "http://127.0.0.1:1/sign-in/back";
const SECRET: &str = "a secret: of the tests & no other";

fn now_ms() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

fn settings(server: &Running) -> ProviderSettings {
    ProviderSettings {
        name: "Example".to_owned(),
        issuer: server.issuer.clone(),
        client_id: "mismatch".to_owned(),
        client_secret: Some(SECRET.to_owned()),
        redirect: REDIRECT.to_owned(),
        signed_out: None,
        scopes: ["email", "profile", "groups"].map(str::to_owned).to_vec(),
        roles: None,
        email_domains: Vec::new(),
        certificates: None,
    }
}

fn sign_in(settings: ProviderSettings) -> SignIn {
    SignIn::new(Provider::new(settings).unwrap())
}

/// Sends a new browser to the provider, where somebody does as they wish; what they bring back.
fn brought_back(sign_in: &SignIn, wish: Wish<'_>) -> (Kept, Returned) {
    let begun = sign_in.begin(now_ms()).unwrap();
    let query = Browser::new(REDIRECT).visit(&begun.address, wish);
    (begun.kept, Returned::from_query(&query).unwrap())
}

fn signed_in(sign_in: &SignIn, login: &str) -> Result<openid::Person, Refusal> {
    let (kept, returned) = brought_back(sign_in, Wish::SignIn(login));
    // As the cookie that carries it.
    sign_in.finish(&Kept::from_text(&kept.to_text())?, &returned, now_ms())
}

fn altered(kept: &Kept, name: &str) -> Kept {
    let mut value: Value = serde_json::to_value(kept).unwrap();
    value[name] = json!("0".repeat(64));
    serde_json::from_value(value).unwrap()
}

#[test]
#[ignore = "needs npm's oidc-provider; cargo xtask test installs it"]
fn real_provider_signs_somebody_in_with_name_address_and_role() {
    let server = Running::start();
    let values = vec![("staff".to_owned(), Role::Viewer), ("ml-admins".to_owned(), Role::Admin)];
    let roles = Some(RoleRule { claim: "groups".to_owned(), values, otherwise: None });
    let rule = |server| ProviderSettings {
        roles: roles.clone(),
        email_domains: vec!["example.org".to_owned()],
        ..settings(server)
    };
    let ada = signed_in(&sign_in(rule(&server)), "ada").unwrap();
    assert_eq!((ada.issuer.as_str(), ada.subject.as_str()), (server.issuer.as_str(), "ada"));
    assert_eq!((ada.name.as_deref(), ada.role), (Some("Ada Lovelace"), Some(Role::Admin)));
    assert_eq!(ada.verified_email.as_deref(), Some("ada@example.org"));
    // Her address is not verified, and her group is nobody's here.
    assert_eq!(signed_in(&sign_in(rule(&server)), "grace"), Err(Refusal::NoVerifiedEmail));
    let only_roles = ProviderSettings { roles: roles.clone(), ..settings(&server) };
    assert_eq!(signed_in(&sign_in(only_roles), "grace"), Err(Refusal::NoRole));
    let grace = signed_in(&sign_in(settings(&server)), "grace").unwrap();
    assert_eq!((grace.name.as_deref(), grace.verified_email, grace.role), (Some("Grace Hopper"), None, None));
}

#[test]
#[ignore = "needs npm's oidc-provider; cargo xtask test installs it"]
fn real_provider_knows_its_client_in_each_way_and_signs_with_each_algorithm() {
    let server = Running::start();
    let of = |id: &str, secret: Option<&str>| {
        let client = settings(&server);
        sign_in(ProviderSettings { client_id: id.to_owned(), client_secret: secret.map(str::to_owned), ..client })
    };
    for algorithm in ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA", "Ed25519"] {
        let client = of(&format!("mismatch-{algorithm}"), Some(SECRET));
        assert_eq!(signed_in(&client, "ada").map(|person| person.subject).as_deref(), Ok("ada"), "{algorithm}");
    }
    assert_eq!(signed_in(&of("mismatch-form", Some(SECRET)), "ada").unwrap().subject, "ada");
    assert_eq!(signed_in(&of("mismatch-public", None), "ada").unwrap().subject, "ada");
    assert_eq!(signed_in(&of("mismatch", Some("a wrong one")), "ada"), Err(Refusal::ClientRefused));
}

#[test]
#[ignore = "needs npm's oidc-provider; cargo xtask test installs it"]
fn real_provider_lets_somebody_cancel() {
    let server = Running::start();
    let sign_in = sign_in(settings(&server));
    let (kept, returned) = brought_back(&sign_in, Wish::Cancel);
    assert_eq!(sign_in.finish(&kept, &returned, now_ms()), Err(Refusal::Denied));
}

#[test]
#[ignore = "needs npm's oidc-provider; cargo xtask test installs it"]
fn real_provider_gives_nothing_for_a_used_code_or_to_another_browser() {
    let server = Running::start();
    let sign_in = sign_in(settings(&server));
    let (kept, returned) = brought_back(&sign_in, Wish::SignIn("ada"));
    sign_in.finish(&kept, &returned, now_ms()).unwrap();
    assert_eq!(sign_in.finish(&kept, &returned, now_ms()), Err(Refusal::CodeRefused));

    let (kept, returned) = brought_back(&sign_in, Wish::SignIn("ada"));
    let other = sign_in.begin(now_ms()).unwrap().kept;
    assert_eq!(sign_in.finish(&other, &returned, now_ms()), Err(Refusal::OtherState));
    // Somebody who took over the code, but not what the browser keeps.
    assert_eq!(sign_in.finish(&altered(&kept, "verifier"), &returned, now_ms()), Err(Refusal::CodeRefused));
    let (kept, returned) = brought_back(&sign_in, Wish::SignIn("ada"));
    let nonce = sign_in.finish(&altered(&kept, "nonce"), &returned, now_ms());
    assert_eq!(nonce, Err(Refusal::Token(TokenFault::Nonce)));
}

#[test]
#[ignore = "needs npm's oidc-provider; cargo xtask test installs it"]
fn real_provider_may_change_its_keys_between_two_sign_ins() {
    let mut server = Running::start();
    let sign_in = sign_in(settings(&server));
    signed_in(&sign_in, "ada").unwrap();
    server.rotate();
    assert_eq!(signed_in(&sign_in, "ada").unwrap().name.as_deref(), Some("Ada Lovelace"));
}
