//! Sending somebody to the provider, to sign out there too (OpenID Connect RP-Initiated Logout 1.0).

use std::fmt;

use url::Url;

use crate::begin::secret;
use crate::{Provider, Refusal};

/// A sign-out that goes on at the provider.
#[derive(Clone, PartialEq, Eq)]
pub struct Leaving {
    /// Where the browser goes now.
    pub address: String,
    /// What it brings back unchanged.
    pub state: String,
}

/// A log or a panic that prints it does not show what has to come back.
impl fmt::Debug for Leaving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Leaving").finish_non_exhaustive()
    }
}

/// The client's name stands for the identity token of the sign-in (`id_token_hint`, section 2): that one holds a name, an address
/// and groups, and would have to be kept as long as the session. A provider that gets no token asks the person whether they want
/// to sign out there too, so that no page of another site signs them out of everything.
///
/// # Errors
/// `NoRandomness`.
pub(crate) fn leaving(provider: &Provider, signed_out: &str, end_session: &Url) -> Result<Leaving, Refusal> {
    let state = secret()?;
    let mut address = end_session.clone();
    address
        .query_pairs_mut()
        .append_pair("client_id", &provider.client_id)
        .append_pair("post_logout_redirect_uri", signed_out)
        .append_pair("state", &state);
    Ok(Leaving { address: address.into(), state })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::testing::provider;

    #[test]
    fn the_provider_is_asked_by_the_clients_name_and_nothing_about_the_person() {
        let end = Url::parse("https://id.example.org/end?tenant=a").unwrap();
        let back = "https://mismatch.example.org/sign-out/back";
        let Leaving { address, state } = leaving(&provider(), back, &end).unwrap();
        let sent: BTreeMap<String, String> = Url::parse(&address).unwrap().query_pairs().into_owned().collect();
        let names: Vec<&str> = sent.keys().map(String::as_str).collect();
        assert_eq!(names, ["client_id", "post_logout_redirect_uri", "state", "tenant"]);
        assert_eq!((sent["client_id"].as_str(), sent["post_logout_redirect_uri"].as_str()), ("mismatch", back));
        assert_eq!((&sent["state"], state.len()), (&state, 64));
        let other = leaving(&provider(), back, &end).unwrap();
        assert_ne!(other.state, state);
        assert!(!format!("{other:?}").contains(&other.state));
    }
}
