//! What the browser brings back from the provider, and whether it belongs to the sign-in that was begun.

use std::fmt;

use subtle::ConstantTimeEq;
use url::form_urlencoded;

use crate::begin::Kept;
use crate::{Provider, Refusal};

/// Longest query that is read.
const LONGEST_QUERY: usize = 16 << 10;
/// From the first page of the provider to the last: somebody may have to look for a second factor.
const PATIENCE_MS: i64 = 15 * 60_000;

/// The query of the address that the provider sent the browser back to.
#[derive(Clone, PartialEq, Eq)]
pub struct Returned {
    state: String,
    issuer: Option<String>,
    outcome: Outcome,
}

#[derive(Clone, PartialEq, Eq)]
enum Outcome {
    Code(String),
    Error(Refusal),
}

impl Returned {
    /// Reads what stands after the question mark.
    ///
    /// # Errors
    /// `Incomplete` without a state, with neither code nor error, with both, or with one of them twice.
    pub fn from_query(query: &str) -> Result<Returned, Refusal> {
        if query.len() > LONGEST_QUERY {
            return Err(Refusal::Incomplete);
        }
        let [mut state, mut code, mut error, mut issuer] = [const { None::<String> }; 4];
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let place = match name.as_ref() {
                "state" => &mut state,
                "code" => &mut code,
                "error" => &mut error,
                "iss" => &mut issuer,
                _ => continue,
            };
            if place.replace(value.into_owned()).is_some() {
                return Err(Refusal::Incomplete);
            }
        }
        let outcome = match (code.filter(|code| !code.is_empty()), error) {
            (Some(code), None) => Outcome::Code(code),
            (None, Some(error)) => Outcome::Error(refusal(&error)),
            (None, None) | (Some(_), Some(_)) => return Err(Refusal::Incomplete),
        };
        let state = state.filter(|state| !state.is_empty()).ok_or(Refusal::Incomplete)?;
        Ok(Returned { state, issuer, outcome })
    }

    /// The code, where this is the answer to what was begun.
    ///
    /// # Errors
    /// `OtherState`, `OtherIssuer`, `TooLate`; and what the provider said.
    pub(crate) fn code(
        &self,
        kept: &Kept,
        provider: &Provider,
        names_issuer: bool,
        now_ms: i64,
    ) -> Result<&str, Refusal> {
        if !same(&self.state, &kept.state) {
            return Err(Refusal::OtherState);
        }
        let age_ms = now_ms.saturating_sub(kept.begun_at_ms);
        if !(0..=PATIENCE_MS).contains(&age_ms) {
            return Err(Refusal::TooLate);
        }
        let is_from_it = match &self.issuer {
            Some(issuer) => *issuer == provider.issuer,
            None => !names_issuer,
        };
        if kept.issuer != provider.issuer || !is_from_it {
            return Err(Refusal::OtherIssuer);
        }
        match &self.outcome {
            Outcome::Code(code) => Ok(code),
            Outcome::Error(refusal) => Err(*refusal),
        }
    }
}

/// A log or a panic that prints it shows no code.
impl fmt::Debug for Returned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Returned").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// How long it takes tells nothing of the secret but its length, which everybody knows.
pub(crate) fn same(sent: &str, secret: &str) -> bool {
    sent.as_bytes().ct_eq(secret.as_bytes()).into()
}

/// RFC 6749, section 4.1.2.1, and OpenID Connect Core, section 3.1.2.6.
fn refusal(error: &str) -> Refusal {
    match error {
        "access_denied"
        | "login_required"
        | "interaction_required"
        | "consent_required"
        | "account_selection_required" => Refusal::Denied,
        "temporarily_unavailable" | "server_error" => Refusal::Unavailable,
        other => {
            let error: String = other.chars().take(100).collect();
            tracing::warn!(?error, "the sign-in provider refused the request");
            Refusal::RequestRefused
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;
    use crate::testing::provider;

    const NOW: i64 = 1_000_000;

    fn kept() -> Kept {
        Kept {
            issuer: "https://id.example.org".to_owned(),
            state: "the state".to_owned(),
            nonce: "the nonce".to_owned(),
            verifier: "the verifier".to_owned(),
            begun_at_ms: NOW,
        }
    }

    fn code(query: &str, names_issuer: bool, now_ms: i64) -> Result<String, Refusal> {
        Returned::from_query(query)?.code(&kept(), &provider(), names_issuer, now_ms).map(str::to_owned)
    }

    #[test]
    fn a_code_counts_with_the_state_of_this_browser_from_the_issuer_that_was_asked() {
        let (right, issuer) = ("code=a%2Bb&state=the+state", "&iss=https%3A%2F%2Fid.example.org");
        assert_eq!(code(right, false, NOW), Ok("a+b".to_owned()));
        assert_eq!(code(&format!("{right}{issuer}&session_state=x"), true, NOW + PATIENCE_MS), Ok("a+b".to_owned()));
        assert_eq!(code(right, true, NOW), Err(Refusal::OtherIssuer));
        assert_eq!(code(&format!("{right}&iss=https%3A%2F%2Fevil.example"), false, NOW), Err(Refusal::OtherIssuer));
        assert_eq!(code("code=a&state=another", false, NOW), Err(Refusal::OtherState));
        assert_eq!(code(right, false, NOW + PATIENCE_MS + 1), Err(Refusal::TooLate));
        assert_eq!(code(right, false, NOW - 1), Err(Refusal::TooLate));
        let other = Kept { issuer: "https://other.example.org".to_owned(), ..kept() };
        let returned = Returned::from_query(right).unwrap();
        assert_eq!(returned.code(&other, &provider(), false, NOW), Err(Refusal::OtherIssuer));
    }

    #[test]
    fn what_is_not_one_answer_is_none() {
        for query in [
            "",
            "state=a",
            "code=a",
            "code=&state=a",
            "code=a&code=b&state=a",
            "code=a&error=b&state=a",
            "code=a&state=",
        ] {
            assert_eq!(Returned::from_query(query).unwrap_err(), Refusal::Incomplete, "{query}");
        }
        assert!(Returned::from_query(&format!("code={}&state=a", "x".repeat(20_000))).is_err());
        let printed = format!("{:?}", Returned::from_query("code=secret&state=hidden").unwrap());
        assert!(!printed.contains("secret") && !printed.contains("hidden"), "{printed}");
    }

    #[test]
    fn what_the_provider_says_against_it_counts_only_with_the_right_state() {
        for (error, refusal) in [
            ("access_denied", Refusal::Denied),
            ("consent_required", Refusal::Denied),
            ("temporarily_unavailable", Refusal::Unavailable),
            ("invalid_scope", Refusal::RequestRefused),
            ("<script>", Refusal::RequestRefused),
        ] {
            assert_eq!(code(&format!("error={error}&state=the+state"), false, NOW), Err(refusal));
            assert_eq!(code(&format!("error={error}&state=another"), false, NOW), Err(Refusal::OtherState));
        }
    }
}
