//! The identity token: a JSON Web Token (RFC 7519) in which the provider says who signed in. Checked as OpenID Connect Core,
//! section 3.1.3.7, and RFC 8725 ask for.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::TokenFault;
use crate::claims::Claims;
use crate::keys::{Algorithm, Keys, Signature};
use crate::returned::same;

/// Two clocks may differ by this much.
const LEEWAY_MS: i64 = 60_000;
/// Longest name of somebody at a provider (OpenID Connect Core, section 2).
const LONGEST_SUBJECT: usize = 255;

/// What the token of this sign-in has to say.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expected<'e> {
    pub(crate) issuer: &'e str,
    pub(crate) client_id: &'e str,
    pub(crate) nonce: &'e str,
    pub(crate) now_ms: i64,
}

/// Somebody whom the provider vouches for.
#[derive(Debug, Clone)]
pub(crate) struct Vouched {
    pub(crate) subject: String,
    pub(crate) claims: Claims,
}

#[derive(Debug, Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<Value>,
}

#[derive(Debug, Deserialize)]
struct Registered {
    iss: String,
    sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: f64,
    iat: f64,
    nbf: Option<f64>,
    nonce: Option<String>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Who the token is about, after its signature and everything that it says was checked.
///
/// # Errors
/// The first fault. Nothing of a token with a wrong signature is read but its header.
pub(crate) fn vouched(token: &str, keys: &Keys, expected: Expected<'_>) -> Result<Vouched, TokenFault> {
    let (message, signature) = token.rsplit_once('.').ok_or(TokenFault::Malformed)?;
    let (header, payload) = message.split_once('.').ok_or(TokenFault::Malformed)?;
    if payload.contains('.') {
        // Encrypted tokens have five parts.
        return Err(TokenFault::Malformed);
    }
    let header: Header = part(header)?;
    let algorithm = Algorithm::from_name(&header.alg).ok_or(TokenFault::Algorithm)?;
    if header.crit.is_some() {
        return Err(TokenFault::Critical);
    }
    let signature = decoded(signature)?;
    match keys.check(header.kid.as_deref(), algorithm, message.as_bytes(), &signature) {
        Signature::Right => checked(part(payload)?, expected),
        Signature::Wrong => Err(TokenFault::Signature),
        Signature::UnknownKey => Err(TokenFault::UnknownKey),
    }
}

fn checked(token: Registered, expected: Expected<'_>) -> Result<Vouched, TokenFault> {
    if token.iss != expected.issuer {
        return Err(TokenFault::Issuer);
    }
    if !is_for(&token, expected.client_id) {
        return Err(TokenFault::Audience);
    }
    let now = expected.now_ms;
    if now.saturating_sub(LEEWAY_MS) >= ms(token.exp) {
        return Err(TokenFault::Expired);
    }
    let earliest = ms(token.nbf.map_or(token.iat, |from| from.max(token.iat)));
    if earliest > now.saturating_add(LEEWAY_MS) {
        return Err(TokenFault::TooEarly);
    }
    if !token.nonce.is_some_and(|nonce| same(&nonce, expected.nonce)) {
        return Err(TokenFault::Nonce);
    }
    let is_name =
        !token.sub.is_empty() && token.sub.len() <= LONGEST_SUBJECT && !token.sub.chars().any(char::is_control);
    match is_name {
        true => Ok(Vouched { subject: token.sub, claims: Claims(token.rest) }),
        false => Err(TokenFault::Subject),
    }
}

/// A token for several has to say that this client asked for it.
fn is_for(token: &Registered, client_id: &str) -> bool {
    let (is_named, are_several) = match &token.aud {
        Audience::One(one) => (one == client_id, false),
        Audience::Several(several) => (several.iter().any(|one| one == client_id), several.len() > 1),
    };
    let asked = match &token.azp {
        Some(party) => party == client_id,
        None => !are_several,
    };
    is_named && asked
}

/// Seconds, which may have a fraction, as milliseconds; whatever is beyond their range is its end.
fn ms(seconds: f64) -> i64 {
    (seconds * 1_000.0) as i64
}

fn part<T: DeserializeOwned>(text: &str) -> Result<T, TokenFault> {
    serde_json::from_slice(&decoded(text)?).map_err(|error| {
        tracing::warn!(%error, "an identity token can't be read");
        TokenFault::Malformed
    })
}

fn decoded(text: &str) -> Result<Vec<u8>, TokenFault> {
    URL_SAFE_NO_PAD.decode(text).map_err(|error| {
        tracing::warn!(%error, "an identity token can't be read");
        TokenFault::Malformed
    })
}

#[cfg(test)]
mod tests;
