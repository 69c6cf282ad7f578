//! What tests need: settings, keys that sign, and a provider made of prepared answers.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod provider;
mod signer;

use serde_json::{Value, json};

use crate::claims::Claims;
use crate::{Provider, ProviderSettings};

pub(crate) use provider::Prepared;
pub(crate) use signer::{RSA, Signer, rsa_jwk, unsigned};

pub(crate) fn settings() -> ProviderSettings {
    ProviderSettings {
        name: "Example".to_owned(),
        issuer: "https://id.example.org".to_owned(),
        client_id: "mismatch".to_owned(),
        client_secret: Some("correct horse".to_owned()),
        redirect: "https://mismatch.example.org/sign-in/back".to_owned(),
        signed_out: Some("https://mismatch.example.org/sign-out/back".to_owned()),
        scopes: Vec::new(),
        roles: None,
        email_domains: Vec::new(),
        certificates: None,
    }
}

pub(crate) fn provider() -> Provider {
    Provider::new(settings()).unwrap()
}

pub(crate) fn claims(value: Value) -> Claims {
    Claims(value.as_object().unwrap().clone())
}

pub(crate) fn metadata(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/people"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256"],
    })
}
