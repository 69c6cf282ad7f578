#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use ring::hmac;
use serde_json::json;

use super::*;
use crate::testing::{RSA, Signer, rsa_jwk, unsigned};

/// 2026-11-27.
const NOW_S: i64 = 1_795_737_600;

fn expected() -> Expected<'static> {
    Expected { issuer: "https://id.example.org", client_id: "mismatch", nonce: "the nonce", now_ms: NOW_S * 1_000 }
}

fn good() -> Value {
    json!({
        "iss": "https://id.example.org", "sub": "7", "aud": "mismatch", "exp": NOW_S + 300, "iat": NOW_S - 1,
        "nonce": "the nonce", "name": "Ada",
    })
}

fn keys(list: Value) -> Keys {
    Keys::of(serde_json::from_value(json!({ "keys": list })).unwrap())
}

/// What is wrong with a token that is signed as it should be and says this instead.
fn fault(change: Value) -> Result<Vouched, TokenFault> {
    let mut claims = good();
    claims.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    let token = Signer::rsa().token(&json!({ "alg": "RS256", "kid": "a" }), &claims);
    vouched(&token, &keys(json!([rsa_jwk("a")])), expected())
}

#[test]
fn a_good_token_names_somebody_with_each_kind_of_key() {
    for (signer, algorithm) in [(Signer::rsa(), "RS256"), (Signer::p256(), "ES256"), (Signer::ed25519(), "EdDSA")] {
        let token = signer.token(&json!({ "alg": algorithm, "kid": "a", "typ": "JWT" }), &good());
        let found = vouched(&token, &keys(json!([signer.jwk("a")])), expected()).unwrap();
        assert_eq!((found.subject.as_str(), found.claims.text("name").as_deref()), ("7", Some("Ada")));
        assert!(!found.claims.0.contains_key("nonce"));
    }
}

#[test]
fn each_claim_that_does_not_fit_is_a_fault() {
    let missing = json!(null);
    for (change, found) in [
        (json!({ "iss": "https://evil.example" }), TokenFault::Issuer),
        (json!({ "iss": "https://id.example.org/" }), TokenFault::Issuer),
        (json!({ "aud": "another" }), TokenFault::Audience),
        (json!({ "aud": [] }), TokenFault::Audience),
        (json!({ "aud": ["another"], "azp": "mismatch" }), TokenFault::Audience),
        (json!({ "aud": ["mismatch", "another"] }), TokenFault::Audience),
        (json!({ "aud": ["mismatch", "another"], "azp": "another" }), TokenFault::Audience),
        (json!({ "azp": "another" }), TokenFault::Audience),
        (json!({ "exp": NOW_S - 60 }), TokenFault::Expired),
        (json!({ "exp": -1e300 }), TokenFault::Expired),
        (json!({ "iat": NOW_S + 61 }), TokenFault::TooEarly),
        (json!({ "nbf": NOW_S + 61 }), TokenFault::TooEarly),
        (json!({ "nonce": "another" }), TokenFault::Nonce),
        (json!({ "nonce": missing }), TokenFault::Nonce),
        (json!({ "sub": "" }), TokenFault::Subject),
        (json!({ "sub": "x".repeat(256) }), TokenFault::Subject),
        (json!({ "sub": "a\nb" }), TokenFault::Subject),
        (json!({ "sub": 7 }), TokenFault::Malformed),
        (json!({ "exp": missing }), TokenFault::Malformed),
        (json!({ "exp": "tomorrow" }), TokenFault::Malformed),
        (json!({ "iat": missing }), TokenFault::Malformed),
        (json!({ "aud": missing }), TokenFault::Malformed),
    ] {
        assert_eq!(fault(change.clone()).unwrap_err(), found, "{change}");
    }
    for fine in [
        json!({ "aud": ["mismatch"] }),
        json!({ "aud": ["another", "mismatch"], "azp": "mismatch" }),
        json!({ "exp": NOW_S - 59, "iat": NOW_S + 60, "nbf": NOW_S + 60 }),
        json!({ "exp": NOW_S as f64 + 0.5, "iat": NOW_S as f64 - 0.5 }),
    ] {
        assert!(fault(fine.clone()).is_ok(), "{fine}");
    }
}

#[test]
fn a_token_without_a_signature_counts_nothing() {
    let keys = keys(json!([rsa_jwk("a")]));
    for name in ["none", "None", "NONE", ""] {
        let message = unsigned(&json!({ "alg": name, "kid": "a" }), &good());
        for token in [format!("{message}."), format!("{message}.AAAA")] {
            assert_eq!(vouched(&token, &keys, expected()).unwrap_err(), TokenFault::Algorithm, "{token}");
        }
    }
    let empty = format!("{}.", unsigned(&json!({ "alg": "RS256", "kid": "a" }), &good()));
    assert_eq!(vouched(&empty, &keys, expected()).unwrap_err(), TokenFault::Signature);
}

/// The public key is known to everybody; who takes it for a shared secret accepts what anybody signs.
#[test]
fn a_token_signed_with_the_public_key_as_a_secret_counts_nothing() {
    for secret in [RSA[0].1.as_bytes().to_vec(), rsa_jwk("a").to_string().into_bytes()] {
        let message = unsigned(&json!({ "alg": "HS256", "kid": "a" }), &good());
        let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), message.as_bytes());
        let token = format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature));
        let keys = keys(json!([rsa_jwk("a"), { "kty": "oct", "kid": "a", "k": URL_SAFE_NO_PAD.encode(&secret) }]));
        assert_eq!(vouched(&token, &keys, expected()).unwrap_err(), TokenFault::Algorithm);
    }
}

#[test]
fn what_was_altered_after_signing_counts_nothing() {
    let keys = keys(json!([rsa_jwk("a")]));
    let token = Signer::rsa().token(&json!({ "alg": "RS256", "kid": "a" }), &good());
    let parts: Vec<&str> = token.split('.').collect();
    let mut eve = good();
    eve["sub"] = json!("8");
    let other = unsigned(&json!({ "alg": "RS256", "kid": "a" }), &eve);
    assert_eq!(vouched(&format!("{other}.{}", parts[2]), &keys, expected()).unwrap_err(), TokenFault::Signature);
    let stranger = Signer::p256();
    let token = stranger.token(&json!({ "alg": "ES256", "kid": "a" }), &good());
    assert_eq!(vouched(&token, &keys, expected()).unwrap_err(), TokenFault::UnknownKey);
    // A key that the token brings along is nobody's.
    let own = stranger.token(&json!({ "alg": "ES256", "kid": "b", "jwk": stranger.jwk("b") }), &good());
    assert_eq!(vouched(&own, &keys, expected()).unwrap_err(), TokenFault::UnknownKey);
}

#[test]
fn a_token_whose_key_is_not_known_says_so_before_anything_else() {
    let token = Signer::rsa().token(&json!({ "alg": "RS256", "kid": "new" }), &json!({}));
    assert_eq!(vouched(&token, &keys(json!([rsa_jwk("old")])), expected()).unwrap_err(), TokenFault::UnknownKey);
    let nameless = Signer::rsa().token(&json!({ "alg": "RS256" }), &good());
    assert!(vouched(&nameless, &keys(json!([rsa_jwk("a")])), expected()).is_ok());
    let two = keys(json!([rsa_jwk("a"), rsa_jwk("b")]));
    assert_eq!(vouched(&nameless, &two, expected()).unwrap_err(), TokenFault::UnknownKey);
}

#[test]
fn what_is_not_a_token_is_read_without_panic() {
    let keys = keys(json!([rsa_jwk("a")]));
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256","kid":"a"}"#);
    let deep = URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"RS256","x":{}}}"#, "[".repeat(100_000)));
    for text in [
        "".to_owned(),
        ".".to_owned(),
        "..".to_owned(),
        "a.b.c".to_owned(),
        format!("{header}.e30.!"),
        format!("{header}.e30.AAAA.AAAA.AAAA"),
        format!("{deep}.e30.AAAA"),
        "e30.e30.AAAA".to_owned(),
    ] {
        assert_eq!(vouched(&text, &keys, expected()).unwrap_err(), TokenFault::Malformed, "{text:.40}");
    }
    let critical = Signer::rsa().token(&json!({ "alg": "RS256", "kid": "a", "crit": ["b64"], "b64": false }), &good());
    assert_eq!(vouched(&critical, &keys, expected()).unwrap_err(), TokenFault::Critical);
}

#[test]
fn a_claim_that_stands_twice_is_none_at_all() {
    let twice = URL_SAFE_NO_PAD.encode(good().to_string().replacen('{', r#"{"sub":"8","#, 1));
    let message = format!("{}.{twice}", URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256","kid":"a"}"#));
    let signature = URL_SAFE_NO_PAD.encode(Signer::rsa().signed("RS256", message.as_bytes()));
    let found = vouched(&format!("{message}.{signature}"), &keys(json!([rsa_jwk("a")])), expected());
    assert_eq!(found.unwrap_err(), TokenFault::Malformed);
}
