#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use domain::account::Role;
use serde_json::{Value, json};
use url::Url;

use super::*;
use crate::testing::{Prepared, Signer, metadata, settings};
use crate::wire::MOST_BYTES;
use crate::{ProviderSettings, RoleRule, Unusable};

const NOW: i64 = 1_795_737_600_000;
const METADATA: &str = "/.well-known/openid-configuration";

struct Story {
    provider: Prepared,
    sign_in: SignIn,
    signer: Signer,
}

/// A provider that has everything, and a client of it.
fn story(change: impl FnOnce(&mut ProviderSettings)) -> Story {
    let (provider, signer) = (Prepared::start(), Signer::p256());
    provider.answers(METADATA, 200, &metadata(&provider.issuer));
    provider.answers("/keys", 200, &json!({ "keys": [signer.jwk("1")] }));
    let mut changed = ProviderSettings { issuer: provider.issuer.clone(), ..settings() };
    change(&mut changed);
    let sign_in = SignIn::new(Provider::new(changed).unwrap());
    Story { provider, sign_in, signer }
}

impl Story {
    /// The token for this sign-in, with more claims.
    fn token(&self, signer: &Signer, id: &str, kept: &Kept, more: Value) -> String {
        let mut claims = json!({
            "iss": self.provider.issuer, "sub": "7", "aud": "mismatch", "exp": NOW / 1_000 + 300, "iat": NOW / 1_000,
            "nonce": kept.nonce,
        });
        claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        signer.token(&json!({ "alg": "ES256", "kid": id }), &claims)
    }

    fn grants(&self, token: &str) {
        let granted = json!({ "id_token": token, "access_token": "for people", "token_type": "Bearer" });
        self.provider.answers("/token", 200, &granted);
    }

    fn begin(&self) -> Kept {
        let kept = self.sign_in.begin(NOW).unwrap().kept;
        self.provider.asked();
        kept
    }

    fn finish(&self, kept: &Kept) -> Result<Person, Refusal> {
        self.sign_in.finish(kept, &Returned::from_query(&format!("code=c%20d&state={}", kept.state)).unwrap(), NOW)
    }
}

#[test]
fn a_sign_in_takes_the_code_the_verifier_and_the_secret_to_the_provider() {
    let story = story(|_| ());
    let kept = story.begin();
    let more = json!({ "name": "Ada", "email": "ada@example.org", "email_verified": true });
    story.grants(&story.token(&story.signer, "1", &kept, more));
    let person = story.finish(&kept).unwrap();
    assert_eq!((person.subject.as_str(), person.verified_email.as_deref()), ("7", Some("ada@example.org")));
    let asked = story.provider.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].authorization, "Basic bWlzbWF0Y2g6Y29ycmVjdCtob3JzZQ==");
    let form = format!(
        "grant_type=authorization_code&code=c+d&redirect_uri=https%3A%2F%2Fmismatch.example.org%2Fsign-in%2Fback\
         &code_verifier={}",
        kept.verifier
    );
    assert_eq!(asked[0].body, form);
}

#[test]
fn a_client_without_a_secret_names_itself_in_the_form() {
    let story = story(|settings| settings.client_secret = None);
    let kept = story.begin();
    story.grants(&story.token(&story.signer, "1", &kept, json!({})));
    story.provider.answers("/people", 200, &json!({ "sub": "7" }));
    story.finish(&kept).unwrap();
    let asked = story.provider.asked();
    assert!(asked[0].authorization.is_empty() && asked[0].body.ends_with("&client_id=mismatch"), "{asked:?}");
}

#[test]
fn what_the_token_lacks_is_asked_for_and_has_to_be_about_the_same_person() {
    let rule =
        RoleRule { claim: "groups".to_owned(), values: vec![("staff".to_owned(), Role::Editor)], otherwise: None };
    let story = story(|settings| settings.roles = Some(rule));
    let kept = story.begin();
    story.grants(&story.token(&story.signer, "1", &kept, json!({ "name": "Ada" })));
    story.provider.answers("/people", 200, &json!({ "sub": "7", "name": "Another", "groups": ["staff"] }));
    let person = story.finish(&kept).unwrap();
    assert_eq!((person.name.as_deref(), person.role), (Some("Ada"), Some(Role::Editor)));
    let asked = story.provider.asked();
    assert_eq!((asked[1].path.as_str(), asked[1].authorization.as_str()), ("/people", "Bearer for people"));
    for (status, body, refusal) in [
        (200, json!({ "sub": "8", "groups": ["staff"] }), Refusal::OtherPerson),
        (200, json!({ "groups": ["staff"] }), Refusal::OtherPerson),
        (200, json!({ "sub": "7" }), Refusal::NoRole),
        (200, json!("a signed text"), Refusal::Unusable(Unusable::NotOpenId)),
        (403, json!({}), Refusal::RequestRefused),
        (500, json!({}), Refusal::Unavailable),
    ] {
        story.provider.answers("/people", status, &body);
        assert_eq!(story.finish(&kept), Err(refusal), "{status} {body}");
    }
}

#[test]
fn a_token_that_is_not_a_bearers_is_not_sent_as_one() {
    let story = story(|_| ());
    let kept = story.begin();
    let token = story.token(&story.signer, "1", &kept, json!({}));
    for kind in [json!("DPoP"), json!(null)] {
        let granted = json!({ "id_token": token, "access_token": "bound to a key", "token_type": kind });
        story.provider.answers("/token", 200, &granted);
        assert_eq!(story.finish(&kept).unwrap().name, None);
        assert_eq!(story.provider.asked_paths(), ["/token"]);
    }
}

#[test]
fn the_keys_are_asked_for_once_more_where_the_key_is_new() {
    let story = story(|_| ());
    let kept = story.begin();
    let new = Signer::p256();
    let whole = json!({ "name": "Ada", "email": "ada@example.org", "email_verified": true });
    let token = story.token(&new, "2", &kept, whole);
    story.grants(&token);
    assert_eq!(story.finish(&kept), Err(Refusal::Token(TokenFault::UnknownKey)));
    assert_eq!(story.provider.asked_paths(), ["/token", "/keys"]);
    story.provider.answers("/keys", 200, &json!({ "keys": [story.signer.jwk("1"), new.jwk("2")] }));
    story.finish(&kept).unwrap();
    assert_eq!(story.provider.asked_paths(), ["/token", "/keys"]);
    story.finish(&kept).unwrap();
    assert_eq!(story.provider.asked_paths(), ["/token"]);
    // A wrong signature is no reason to ask.
    story.grants(&story.token(&Signer::p256(), "2", &kept, json!({})));
    assert_eq!(story.finish(&kept), Err(Refusal::Token(TokenFault::Signature)));
    assert_eq!(story.provider.asked_paths(), ["/token"]);
}

#[test]
fn a_wrong_state_costs_the_provider_no_request() {
    let story = story(|_| ());
    let kept = story.begin();
    let returned = Returned::from_query("code=c&state=another").unwrap();
    assert_eq!(story.sign_in.finish(&kept, &returned, NOW), Err(Refusal::OtherState));
    assert!(story.provider.asked().is_empty());
}

#[test]
fn what_the_token_endpoint_says_instead_is_a_refusal() {
    let story = story(|_| ());
    let kept = story.begin();
    for (status, body, refusal) in [
        (400, json!({ "error": "invalid_grant" }), Refusal::CodeRefused),
        (401, json!({ "error": "invalid_client" }), Refusal::ClientRefused),
        (503, json!({}), Refusal::Unavailable),
        (307, json!({}), Refusal::RequestRefused),
        (200, json!({ "access_token": "a", "token_type": "Bearer" }), Refusal::Token(TokenFault::Missing)),
        (200, json!(["text"]), Refusal::Unusable(Unusable::NotOpenId)),
    ] {
        story.provider.answers("/token", status, &body);
        assert_eq!(story.finish(&kept), Err(refusal), "{status} {body}");
    }
    story.provider.answers_text("/token", 200, "x".repeat(MOST_BYTES + 1));
    assert_eq!(story.finish(&kept), Err(Refusal::Unusable(Unusable::TooLarge)));
    assert!(!story.provider.asked_paths().contains(&"/elsewhere".to_owned()), "no redirect is followed");
}

#[test]
fn the_provider_is_asked_once_an_hour_and_what_it_said_serves_while_it_is_down() {
    let story = story(|_| ());
    story.sign_in.begin(NOW).unwrap();
    assert_eq!(story.provider.asked_paths(), [METADATA, "/keys"]);
    story.sign_in.begin(NOW + FRESH_MS - 1).unwrap();
    assert!(story.provider.asked().is_empty());
    story.provider.answers(METADATA, 500, &json!({}));
    let later = NOW + FRESH_MS;
    assert!(story.sign_in.begin(later).unwrap().address.starts_with(&story.provider.issuer));
    assert_eq!(story.provider.asked_paths(), [METADATA]);
    story.sign_in.begin(later + PAUSE_MS - 1).unwrap();
    assert!(story.provider.asked().is_empty(), "a provider that is down is left alone for a while");
    let mut moved = metadata(&story.provider.issuer);
    moved["authorization_endpoint"] = json!(format!("{}/moved", story.provider.issuer));
    story.provider.answers(METADATA, 200, &moved);
    let address = story.sign_in.begin(later + PAUSE_MS).unwrap().address;
    assert_eq!(Url::parse(&address).unwrap().path(), "/moved");
}

#[test]
fn somebody_signs_out_at_a_provider_that_has_a_place_for_it_and_where_they_are_to_be_sent_there() {
    let there = |story: &Story| story.sign_in.leave(NOW).unwrap().map(|leaving| leaving.address);
    let without = story(|_| ());
    assert_eq!(there(&without), None);
    let with_place = |story: &Story| {
        let mut has = metadata(&story.provider.issuer);
        has["end_session_endpoint"] = json!(format!("{}/end", story.provider.issuer));
        story.provider.answers(METADATA, 200, &has);
    };
    let with = story(|_| ());
    with_place(&with);
    let address = Url::parse(&there(&with).unwrap()).unwrap();
    assert_eq!((address.path(), address.query_pairs().count()), ("/end", 3));
    let here_only = story(|settings| settings.signed_out = None);
    with_place(&here_only);
    assert_eq!(there(&here_only), None);
    let down = story(|_| ());
    down.provider.answers(METADATA, 500, &json!({}));
    assert_eq!(down.sign_in.leave(NOW), Err(Refusal::Unavailable));
}

/// Changes what a provider answers.
type Change = fn(&Prepared);

#[test]
fn a_provider_that_cannot_be_used_is_named_with_what_is_wrong() {
    let cases: [(Change, Refusal); 6] = [
        (|provider| provider.answers(METADATA, 404, &json!({})), Refusal::Unusable(Unusable::NotOpenId)),
        (|provider| provider.answers(METADATA, 302, &json!({})), Refusal::Unusable(Unusable::NotOpenId)),
        (|provider| provider.answers_text(METADATA, 200, "<html>".to_owned()), Refusal::Unusable(Unusable::NotOpenId)),
        (
            |provider| provider.answers(METADATA, 200, &metadata("https://evil.example")),
            Refusal::Unusable(Unusable::OtherIssuer),
        ),
        (|provider| provider.answers("/keys", 200, &json!({ "keys": [] })), Refusal::Unusable(Unusable::NoKeys)),
        (
            |provider| provider.answers_text(METADATA, 200, " ".repeat(MOST_BYTES + 1)),
            Refusal::Unusable(Unusable::TooLarge),
        ),
    ];
    for (change, refusal) in cases {
        let story = story(|_| ());
        change(&story.provider);
        assert_eq!(story.sign_in.check(NOW), Err(refusal));
        assert_eq!(story.sign_in.begin(NOW).unwrap_err(), refusal);
    }
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let gone = ProviderSettings { issuer: format!("http://{free}"), ..settings() };
    assert_eq!(SignIn::new(Provider::new(gone).unwrap()).check(NOW), Err(Refusal::Unreachable));
}
