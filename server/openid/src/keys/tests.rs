#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use serde_json::json;

use super::*;
use crate::testing::{Signer, rsa_jwk};

fn keys(list: Value) -> Keys {
    Keys::of(serde_json::from_value(json!({ "keys": list })).unwrap())
}

/// RFC 7515, appendix A.2: header, claims and signature.
const MESSAGE: &str = "eyJhbGciOiJSUzI1NiJ9.\
     eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
const SIGNATURE: &str = "\
     cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQ\
     jbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqt\
     FZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";

#[test]
fn the_signature_of_the_standard_is_right_and_each_altered_one_is_wrong() {
    let keys = keys(json!([rsa_jwk("a")]));
    let signature = URL_SAFE_NO_PAD.decode(SIGNATURE).unwrap();
    let check =
        |message: &str, signature: &[u8]| keys.check(Some("a"), Algorithm::Rs256, message.as_bytes(), signature);
    assert_eq!(check(MESSAGE, &signature), Signature::Right);
    assert_eq!(check(&MESSAGE.replacen('e', "f", 1), &signature), Signature::Wrong);
    let mut altered = signature.clone();
    altered[7] ^= 1;
    assert_eq!(check(MESSAGE, &altered), Signature::Wrong);
    assert_eq!(check(MESSAGE, &[]), Signature::Wrong);
    assert_eq!(check(MESSAGE, &signature[1..]), Signature::Wrong);
}

#[test]
fn a_number_may_begin_with_zeros() {
    let n = URL_SAFE_NO_PAD.decode(crate::testing::RSA[0].1).unwrap();
    let padded = URL_SAFE_NO_PAD.encode([&[0, 0], n.as_slice()].concat());
    let keys = keys(json!([{ "kty": "RSA", "n": padded, "e": "AAEAAQ" }]));
    let signature = URL_SAFE_NO_PAD.decode(SIGNATURE).unwrap();
    assert_eq!(keys.check(None, Algorithm::Rs256, MESSAGE.as_bytes(), &signature), Signature::Right);
}

#[test]
fn keys_for_something_else_are_left_out_and_hide_none_of_the_others() {
    let p256 = Signer::p256().jwk("p");
    let with = |name: &str, value: Value| {
        let mut key = rsa_jwk("a");
        key[name] = value;
        key
    };
    for useless in [
        json!(7),
        json!({ "kid": "a" }),
        json!({ "kty": "oct", "kid": "a", "k": "c2VjcmV0" }),
        json!({ "kty": "EC", "crv": "secp256k1", "kid": "a", "x": p256["x"], "y": p256["y"] }),
        json!({ "kty": "EC", "crv": "P-384", "kid": "a", "x": p256["x"], "y": p256["y"] }),
        with("use", json!("enc")),
        with("key_ops", json!(["encrypt"])),
        with("alg", json!("RSA-OAEP")),
        with("alg", json!("HS256")),
        with("n", json!("not base64!")),
        with("e", json!("AAAA")),
    ] {
        assert!(keys(json!([useless])).are_none(), "{useless}");
        assert_eq!(keys(json!([useless, p256])).0.len(), 1, "{useless}");
    }
    assert_eq!(keys(Value::Array(vec![p256; 500])).0.len(), MOST_KEYS);
}

#[test]
fn each_algorithm_takes_only_its_own_kind_of_key() {
    let signers = [(Signer::rsa(), "RS256"), (Signer::p256(), "ES256"), (Signer::ed25519(), "EdDSA")];
    for (signer, name) in &signers {
        let signed = signer.token(&json!({ "alg": name }), &json!({}));
        let (message, signature) = signed.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let own = Algorithm::from_name(name).unwrap();
        for (other, _) in &signers {
            let keys = keys(json!([other.jwk("a")]));
            let is_own = std::ptr::eq(signer, other);
            let expected = if is_own { Signature::Right } else { Signature::UnknownKey };
            assert_eq!(keys.check(Some("a"), own, message.as_bytes(), &signature), expected, "{name}");
        }
    }
}

#[test]
fn a_key_for_one_algorithm_is_for_no_other_and_one_for_all_is_for_each() {
    let (rsa, mut free) = (Signer::rsa(), rsa_jwk("a"));
    free.as_object_mut().unwrap().remove("alg");
    for name in ["RS256", "RS384", "RS512", "PS256"] {
        let signed = rsa.token(&json!({ "alg": name }), &json!({}));
        let (message, signature) = signed.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let algorithm = Algorithm::from_name(name).unwrap();
        let check = |key: &Value| keys(json!([key])).check(None, algorithm, message.as_bytes(), &signature);
        assert_eq!(check(&free), Signature::Right, "{name}");
        let bound = if name == "RS256" { Signature::Right } else { Signature::UnknownKey };
        assert_eq!(check(&rsa_jwk("a")), bound, "{name}");
    }
}

#[test]
fn a_token_without_a_key_is_checked_only_where_one_key_is_meant() {
    let (one, two) = (Signer::p256(), Signer::p256());
    let signed = one.token(&json!({ "alg": "ES256" }), &json!({}));
    let (message, signature) = signed.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let check = |list: Value, id| keys(list).check(id, Algorithm::Es256, message.as_bytes(), &signature);
    assert_eq!(check(json!([one.jwk("1"), rsa_jwk("r")]), None), Signature::Right);
    assert_eq!(check(json!([one.jwk("1"), two.jwk("2")]), None), Signature::UnknownKey);
    assert_eq!(check(json!([one.jwk("1"), two.jwk("2")]), Some("1")), Signature::Right);
    assert_eq!(check(json!([one.jwk("1"), two.jwk("2")]), Some("2")), Signature::Wrong);
    assert_eq!(check(json!([one.jwk("1"), two.jwk("2")]), Some("3")), Signature::UnknownKey);
}
