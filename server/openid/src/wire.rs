//! Asking the provider, within bounds of time and size.

use std::io::Read;
use std::time::Duration;

use serde::de::DeserializeOwned;
use ureq::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body, Error, RequestBuilder, http};
use url::Url;

use crate::address::is_loopback;
use crate::{Provider, Refusal, Unusable};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// A whole request. Somebody waits for it.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Largest answer. Tokens of people in hundreds of groups have tens of kilobytes.
pub(crate) const MOST_BYTES: usize = 512 << 10;

/// The way to one provider.
#[derive(Debug)]
pub(crate) struct Wire(Agent);

/// What a provider answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Wire {
    pub(crate) fn to(provider: &Provider) -> Self {
        let mut config = Agent::config_builder()
            // Secrets go where the metadata says, and nowhere else.
            .max_redirects(0)
            .http_status_as_error(false)
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .timeout_resolve(Some(CONNECT_TIMEOUT))
            .timeout_global(Some(TIMEOUT))
            .user_agent(concat!("mismatch/", env!("CARGO_PKG_VERSION")));
        if is_loopback(&provider.issuer_url) {
            config = config.proxy(None);
        }
        if let Some(certificates) = &provider.certificates {
            let roots = RootCerts::new_with_certs(certificates);
            config = config.tls_config(TlsConfig::builder().root_certs(roots).build());
        }
        Self(config.build().into())
    }

    /// # Errors
    /// `Unreachable`; `Unusable` for an answer that is too large.
    pub(crate) fn get(&self, url: &Url, bearer: Option<&str>) -> Result<Answer, Refusal> {
        let request = authorized(self.0.get(url.as_str()), bearer.map(|token| format!("Bearer {token}")).as_deref());
        answer(url, request.header(ACCEPT, "application/json").call())
    }

    /// Sends a form; `basic` is what follows `Basic` in the header.
    ///
    /// # Errors
    /// As [`Wire::get`].
    pub(crate) fn post(&self, url: &Url, form: &str, basic: Option<&str>) -> Result<Answer, Refusal> {
        let request = authorized(self.0.post(url.as_str()), basic.map(|secret| format!("Basic {secret}")).as_deref())
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        answer(url, request.send(form))
    }
}

fn authorized<B>(request: RequestBuilder<B>, authorization: Option<&str>) -> RequestBuilder<B> {
    match authorization {
        Some(authorization) => request.header(AUTHORIZATION, authorization),
        None => request,
    }
}

fn answer(url: &Url, sent: Result<http::Response<Body>, Error>) -> Result<Answer, Refusal> {
    let response = sent.map_err(|error| lost(url, &error))?;
    let status = response.status().as_u16();
    let mut body = Vec::new();
    let limit = MOST_BYTES as u64 + 1;
    let mut reader = response.into_body().into_with_config().limit(u64::MAX).reader().take(limit);
    reader.read_to_end(&mut body).map_err(|error| lost(url, &error))?;
    if body.len() > MOST_BYTES {
        tracing::warn!(%url, "the sign-in provider's answer is larger than {MOST_BYTES} bytes");
        return Err(Unusable::TooLarge.into());
    }
    Ok(Answer { status, body })
}

fn lost(url: &Url, error: &dyn std::fmt::Display) -> Refusal {
    tracing::warn!(%error, %url, "the sign-in provider can't be reached");
    Refusal::Unreachable
}

impl Answer {
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The answer as JSON of this shape.
    ///
    /// # Errors
    /// `Unusable`, whatever stands there instead.
    pub(crate) fn json<T: DeserializeOwned>(&self, url: &Url) -> Result<T, Refusal> {
        serde_json::from_slice(&self.body).map_err(|error| {
            tracing::warn!(%error, %url, self.status, "the sign-in provider's answer can't be read");
            Unusable::NotOpenId.into()
        })
    }
}

#[cfg(test)]
mod tests;
