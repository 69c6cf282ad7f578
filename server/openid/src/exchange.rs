//! The code in exchange for the identity token, and what the endpoint about people adds.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::begin::Kept;
use crate::claims::Claims;
use crate::discovery::{ClientAuthentication, Endpoints};
use crate::wire::{Answer, Wire};
use crate::{Provider, Refusal, TokenFault};

/// What came for the code.
pub(crate) struct Tokens {
    pub(crate) identity: String,
    /// For the endpoint about people; kept no longer than the sign-in takes.
    pub(crate) access: Option<String>,
}

#[derive(Deserialize)]
struct Granted {
    id_token: Option<String>,
    access_token: Option<String>,
    token_type: Option<String>,
}

#[derive(Deserialize)]
struct Refused {
    error: String,
}

/// Gives the code for tokens.
///
/// # Errors
/// `CodeRefused` for a used or expired one; what else the provider says, or that it can't be reached.
pub(crate) fn exchanged(
    wire: &Wire,
    provider: &Provider,
    endpoints: &Endpoints,
    code: &str,
    kept: &Kept,
) -> Result<Tokens, Refusal> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "authorization_code")
        .append_pair("code", code)
        .append_pair("redirect_uri", &provider.redirect)
        .append_pair("code_verifier", &kept.verifier);
    let basic = match (endpoints.client_authentication, &provider.client_secret) {
        (ClientAuthentication::Basic, Some(secret)) => Some(basic(&provider.client_id, secret)),
        (ClientAuthentication::Form, Some(secret)) => {
            form.append_pair("client_id", &provider.client_id).append_pair("client_secret", secret);
            None
        }
        (_, None) | (ClientAuthentication::Public, _) => {
            form.append_pair("client_id", &provider.client_id);
            None
        }
    };
    let answer = wire.post(&endpoints.token, &form.finish(), basic.as_deref())?;
    if !answer.is_success() {
        return Err(refused(&answer));
    }
    let granted: Granted = answer.json(&endpoints.token)?;
    let is_bearer = granted.token_type.is_some_and(|kind| kind.eq_ignore_ascii_case("bearer"));
    Ok(Tokens {
        identity: granted.id_token.ok_or(TokenFault::Missing)?,
        access: granted.access_token.filter(|_| is_bearer),
    })
}

/// RFC 6749, section 2.3.1: both are encoded as in a form first.
fn basic(client_id: &str, secret: &str) -> String {
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    STANDARD.encode(format!("{}:{}", encoded(client_id), encoded(secret)))
}

/// RFC 6749, section 5.2.
fn refused(answer: &Answer) -> Refusal {
    let said = serde_json::from_slice::<Refused>(&answer.body).map(|refused| refused.error).unwrap_or_default();
    let error: String = said.chars().take(100).collect();
    tracing::warn!(status = answer.status, ?error, "the sign-in provider gave no token for a code");
    match (error.as_str(), answer.status) {
        ("invalid_grant", _) => Refusal::CodeRefused,
        ("invalid_client" | "unauthorized_client", _) | (_, 401) => Refusal::ClientRefused,
        (_, 500..) => Refusal::Unavailable,
        _ => Refusal::RequestRefused,
    }
}

/// What the endpoint about people says of this person (OpenID Connect Core, section 5.3).
///
/// # Errors
/// `OtherPerson`; that the provider can't be reached or says something else.
pub(crate) fn about(wire: &Wire, endpoints: &Endpoints, access: &str, subject: &str) -> Result<Claims, Refusal> {
    let Some(url) = &endpoints.about_people else { return Ok(Claims::default()) };
    let answer = wire.get(url, Some(access))?;
    if !answer.is_success() {
        tracing::warn!(status = answer.status, %url, "the sign-in provider says nothing about a person");
        return Err(if answer.status >= 500 { Refusal::Unavailable } else { Refusal::RequestRefused });
    }
    let said: Map<String, Value> = answer.json(url)?;
    match said.get("sub").and_then(Value::as_str) == Some(subject) {
        true => Ok(Claims(said)),
        false => Err(Refusal::OtherPerson),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_and_its_secret_are_encoded_before_they_are_joined() {
        assert_eq!(STANDARD.decode(basic("a:b", "p+ ä")).as_deref(), Ok(b"a%3Ab:p%2B+%C3%A4".as_slice()));
    }

    #[test]
    fn each_refusal_says_who_has_to_act() {
        for (status, body, refusal) in [
            (400, r#"{"error":"invalid_grant"}"#, Refusal::CodeRefused),
            (401, r#"{"error":"invalid_client"}"#, Refusal::ClientRefused),
            (400, r#"{"error":"unauthorized_client"}"#, Refusal::ClientRefused),
            (401, "", Refusal::ClientRefused),
            (400, r#"{"error":"invalid_request"}"#, Refusal::RequestRefused),
            (302, "", Refusal::RequestRefused),
            (503, "<html>", Refusal::Unavailable),
        ] {
            assert_eq!(refused(&Answer { status, body: body.as_bytes().to_vec() }), refusal, "{status} {body}");
        }
    }
}
