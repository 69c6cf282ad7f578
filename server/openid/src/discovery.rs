//! What the provider says about itself (OpenID Connect Discovery 1.0), and what of it can be used.

use serde::Deserialize;
use url::Url;

use crate::address::trusted;
use crate::keys::{Algorithm, Keys};
use crate::wire::Wire;
use crate::{Provider, Refusal, Unusable};

/// What is known of a provider.
#[derive(Debug, Clone)]
pub(crate) struct Discovered {
    pub(crate) endpoints: Endpoints,
    pub(crate) keys: Keys,
}

/// Where it is asked, and how.
#[derive(Debug, Clone)]
pub(crate) struct Endpoints {
    pub(crate) authorization: Url,
    pub(crate) token: Url,
    pub(crate) about_people: Option<Url>,
    pub(crate) keys: Url,
    /// Where people sign out (RP-Initiated Logout 1.0, section 2.1).
    pub(crate) end_session: Option<Url>,
    pub(crate) client_authentication: ClientAuthentication,
    /// Every answer names the issuer (RFC 9207).
    pub(crate) names_issuer: bool,
}

/// How the client shows that it is the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClientAuthentication {
    /// Without a secret.
    Public,
    Basic,
    Form,
}

#[derive(Debug, Deserialize)]
struct Metadata {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: Option<String>,
    jwks_uri: String,
    end_session_endpoint: Option<String>,
    response_types_supported: Option<Vec<String>>,
    code_challenge_methods_supported: Option<Vec<String>>,
    id_token_signing_alg_values_supported: Option<Vec<String>>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

/// Asks for the metadata and the keys.
///
/// # Errors
/// `Unreachable`, `Unavailable`; `Unusable` with what is wrong.
pub(crate) fn discover(wire: &Wire, provider: &Provider) -> Result<Discovered, Refusal> {
    let url = metadata_url(&provider.issuer_url);
    let metadata: Metadata = fetched(wire, &url)?;
    let endpoints = endpoints(metadata, provider).inspect_err(|fault| {
        tracing::warn!(%fault, %url, "the sign-in provider's metadata can't be used");
    })?;
    let keys = keys(wire, &endpoints)?;
    Ok(Discovered { endpoints, keys })
}

/// Asks for the keys.
///
/// # Errors
/// As [`discover`].
pub(crate) fn keys(wire: &Wire, endpoints: &Endpoints) -> Result<Keys, Refusal> {
    let keys = Keys::of(fetched(wire, &endpoints.keys)?);
    if keys.are_none() {
        tracing::warn!(url = %endpoints.keys, "the sign-in provider has no key that can be used");
        return Err(Unusable::NoKeys.into());
    }
    Ok(keys)
}

fn fetched<T: serde::de::DeserializeOwned>(wire: &Wire, url: &Url) -> Result<T, Refusal> {
    let answer = wire.get(url, None)?;
    match answer.status {
        200..300 => answer.json(url),
        status => {
            tracing::warn!(status, %url, "the sign-in provider did not give its metadata or keys");
            Err(if status >= 500 { Refusal::Unavailable } else { Unusable::NotOpenId.into() })
        }
    }
}

/// Appended to the issuer's path, not put in front of it (section 4 of Discovery).
fn metadata_url(issuer: &Url) -> Url {
    let mut url = issuer.clone();
    url.set_path(&format!("{}/.well-known/openid-configuration", issuer.path().trim_end_matches('/')));
    url
}

/// A list that is not there leaves it to the standard's default or to a try.
fn endpoints(metadata: Metadata, provider: &Provider) -> Result<Endpoints, Unusable> {
    if metadata.issuer != provider.issuer {
        return Err(Unusable::OtherIssuer);
    }
    let lacks = |list: &Option<Vec<String>>, is_good: &dyn Fn(&str) -> bool| {
        list.as_ref().is_some_and(|list| !list.iter().any(|one| is_good(one)))
    };
    if lacks(&metadata.response_types_supported, &|one| one == "code") {
        return Err(Unusable::NoCodeFlow);
    }
    if lacks(&metadata.code_challenge_methods_supported, &|one| one == "S256") {
        return Err(Unusable::NoPkce);
    }
    if lacks(&metadata.id_token_signing_alg_values_supported, &|one| Algorithm::from_name(one).is_some()) {
        return Err(Unusable::NoAlgorithm);
    }
    let client_authentication = client_authentication(
        provider.client_secret.is_some(),
        metadata.token_endpoint_auth_methods_supported.as_deref(),
    )?;
    let safe = |text: &str| trusted(text).ok_or(Unusable::Insecure);
    Ok(Endpoints {
        authorization: safe(&metadata.authorization_endpoint)?,
        token: safe(&metadata.token_endpoint)?,
        about_people: metadata.userinfo_endpoint.as_deref().map(safe).transpose()?,
        keys: safe(&metadata.jwks_uri)?,
        // No secret goes there, and people can sign in without it.
        end_session: metadata.end_session_endpoint.as_deref().and_then(trusted),
        client_authentication,
        names_issuer: metadata.authorization_response_iss_parameter_supported,
    })
}

fn client_authentication(has_secret: bool, supported: Option<&[String]>) -> Result<ClientAuthentication, Unusable> {
    let supports = |method: &str| supported.is_some_and(|supported| supported.iter().any(|one| one == method));
    match (has_secret, supported) {
        (false, _) => Ok(ClientAuthentication::Public),
        (true, None) => Ok(ClientAuthentication::Basic),
        (true, Some(_)) if supports("client_secret_basic") => Ok(ClientAuthentication::Basic),
        (true, Some(_)) if supports("client_secret_post") => Ok(ClientAuthentication::Form),
        (true, Some(_)) => Err(Unusable::NoClientAuthentication),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::testing::{metadata, provider, settings};

    fn read(change: Value) -> Result<Endpoints, Unusable> {
        let mut document = metadata("https://id.example.org");
        document.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        endpoints(serde_json::from_value(document).unwrap(), &provider())
    }

    #[test]
    fn what_can_not_work_or_is_not_safe_is_refused() {
        for (change, fault) in [
            (json!({ "issuer": "https://id.example.org/" }), Unusable::OtherIssuer),
            (json!({ "issuer": "https://evil.example" }), Unusable::OtherIssuer),
            (json!({ "token_endpoint": "http://id.example.org/token" }), Unusable::Insecure),
            (json!({ "jwks_uri": "http://id.example.org/keys" }), Unusable::Insecure),
            (json!({ "userinfo_endpoint": "file:///etc/passwd" }), Unusable::Insecure),
            (json!({ "response_types_supported": ["id_token", "code id_token"] }), Unusable::NoCodeFlow),
            (json!({ "code_challenge_methods_supported": ["plain"] }), Unusable::NoPkce),
            (json!({ "id_token_signing_alg_values_supported": ["none", "HS256"] }), Unusable::NoAlgorithm),
            (json!({ "token_endpoint_auth_methods_supported": ["private_key_jwt"] }), Unusable::NoClientAuthentication),
        ] {
            assert_eq!(read(change.clone()).unwrap_err(), fault, "{change}");
        }
        assert!(!read(json!({})).unwrap().names_issuer);
    }

    #[test]
    fn a_place_to_sign_out_is_used_where_it_is_there_and_safe_and_nobody_is_kept_out_without_it() {
        let end = |change: Value| read(change).unwrap().end_session.map(String::from);
        assert_eq!(end(json!({})), None);
        assert_eq!(end(json!({ "end_session_endpoint": "http://id.example.org/end" })), None);
        let safe = "https://id.example.org/end";
        assert_eq!(end(json!({ "end_session_endpoint": safe })).as_deref(), Some(safe));
    }

    #[test]
    fn the_secret_is_sent_as_the_provider_takes_it() {
        let with = |methods: Value| {
            read(json!({ "token_endpoint_auth_methods_supported": methods })).map(|read| read.client_authentication)
        };
        assert_eq!(with(json!(null)), Ok(ClientAuthentication::Basic));
        assert_eq!(with(json!(["client_secret_post", "client_secret_basic"])), Ok(ClientAuthentication::Basic));
        assert_eq!(with(json!(["private_key_jwt", "client_secret_post"])), Ok(ClientAuthentication::Form));
        let public = Provider::new(crate::ProviderSettings { client_secret: None, ..settings() }).unwrap();
        let document = serde_json::from_value(metadata("https://id.example.org")).unwrap();
        assert_eq!(endpoints(document, &public).unwrap().client_authentication, ClientAuthentication::Public);
    }

    #[test]
    fn the_metadata_is_below_the_path_of_the_issuer() {
        for (issuer, url) in [
            ("https://id.example.org", "https://id.example.org/.well-known/openid-configuration"),
            ("https://id.example.org/", "https://id.example.org/.well-known/openid-configuration"),
            ("https://id.example.org/realms/a", "https://id.example.org/realms/a/.well-known/openid-configuration"),
        ] {
            assert_eq!(metadata_url(&Url::parse(issuer).unwrap()).as_str(), url);
        }
    }
}
