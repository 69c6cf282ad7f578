//! Sending somebody to the provider, and what is kept until they come back.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use identity::Secret;
use ring::digest;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{Provider, Refusal};

/// Longest text of a [`Kept`]: browsers keep cookies of 4,096 bytes.
const LONGEST_KEPT: usize = 4_000;

/// A sign-in that has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// Where the browser goes now.
    pub address: String,
    pub kept: Kept,
}

/// What has to stay with this browser until it comes back: in a cookie that only the server reads, or on the server under
/// a name that only this browser knows.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    pub(crate) issuer: String,
    pub(crate) state: String,
    pub(crate) nonce: String,
    pub(crate) verifier: String,
    pub(crate) begun_at_ms: i64,
}

impl Kept {
    /// As a text of letters, digits, `-` and `_`: fit for a cookie.
    pub fn to_text(&self) -> String {
        // Five plain values: there is nothing in them that JSON can't hold.
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// # Errors
    /// `NotBegun` for a text that [`Kept::to_text`] did not make.
    pub fn from_text(text: &str) -> Result<Kept, Refusal> {
        let bytes = if text.len() <= LONGEST_KEPT { URL_SAFE_NO_PAD.decode(text).ok() } else { None };
        bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).ok_or(Refusal::NotBegun)
    }
}

/// A log or a panic that prints it shows no secret.
impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// # Errors
/// `NoRandomness`.
pub(crate) fn begun(provider: &Provider, authorization: &Url, now_ms: i64) -> Result<Begun, Refusal> {
    let kept = Kept {
        issuer: provider.issuer.clone(),
        state: secret()?,
        nonce: secret()?,
        verifier: secret()?,
        begun_at_ms: now_ms,
    };
    let mut address = authorization.clone();
    address
        .query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", &provider.client_id)
        .append_pair("redirect_uri", &provider.redirect)
        .append_pair("scope", &provider.scopes.join(" "))
        .append_pair("state", &kept.state)
        .append_pair("nonce", &kept.nonce)
        .append_pair("code_challenge", &challenge(&kept.verifier))
        .append_pair("code_challenge_method", "S256");
    Ok(Begun { address: address.into(), kept })
}

/// 64 hexadecimal digits: long enough for a verifier of PKCE (RFC 7636, section 4.1).
pub(crate) fn secret() -> Result<String, Refusal> {
    Secret::new("").map(|secret| secret.as_str().to_owned()).map_err(|problem| {
        tracing::error!(%problem, "a sign-in or sign-out can't begin");
        Refusal::NoRandomness
    })
}

/// RFC 7636, section 4.2.
fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::testing::provider;

    #[test]
    fn the_challenge_is_the_one_of_the_standard() {
        // RFC 7636, appendix B.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(challenge(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn the_browser_takes_the_challenge_along_and_never_the_verifier() {
        let url = Url::parse("https://id.example.org/authorize?tenant=a").unwrap();
        let Begun { address, kept } = begun(&provider(), &url, 7).unwrap();
        let sent: BTreeMap<String, String> = Url::parse(&address).unwrap().query_pairs().into_owned().collect();
        assert_eq!((sent["tenant"].as_str(), sent["response_type"].as_str()), ("a", "code"));
        assert_eq!(sent["scope"], "openid email profile");
        assert_eq!((&sent["state"], &sent["nonce"]), (&kept.state, &kept.nonce));
        assert_eq!(
            (sent["code_challenge_method"].as_str(), &sent["code_challenge"]),
            ("S256", &challenge(&kept.verifier))
        );
        assert!(!address.contains(&kept.verifier) && !address.contains("correct"));
        let other = begun(&provider(), &url, 7).unwrap().kept;
        assert!(kept.state != other.state && kept.nonce != other.nonce && kept.verifier != other.verifier);
        assert!(kept.state != kept.nonce && kept.nonce != kept.verifier);
    }

    #[test]
    fn what_is_kept_fits_into_a_cookie_and_is_never_printed() {
        let url = Url::parse("https://id.example.org/authorize").unwrap();
        let kept = begun(&provider(), &url, 7).unwrap().kept;
        let text = kept.to_text();
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{text}");
        assert!(text.len() < 1_000, "{}", text.len());
        assert_eq!(Kept::from_text(&text), Ok(kept.clone()));
        for bad in ["", "e30", "not base64!", &text[1..], &"A".repeat(5_000)] {
            assert_eq!(Kept::from_text(bad), Err(Refusal::NotBegun), "{bad}");
        }
        assert_eq!(format!("{kept:?}"), "Kept { issuer: \"https://id.example.org\", .. }");
    }
}
