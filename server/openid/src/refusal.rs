//! Why nobody was signed in: facts for programs, and a sentence for the person who tried.

use domain::{Problem, ProblemKind};

/// Why a sign-in did not begin or did not end well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error(
        "The sign-in service can't be reached now. Try again in a minute; if it stays so, ask whoever runs Mismatch."
    )]
    Unreachable,
    #[error("The sign-in service has a problem of its own now. Try again in a minute.")]
    Unavailable,
    #[error("The sign-in service can't be used: {0}. Ask whoever runs Mismatch; its log has the details.")]
    Unusable(Unusable),
    /// The provider says that the request itself is wrong: client, redirect address or scopes.
    #[error(
        "The sign-in service did not accept the request of Mismatch. Ask whoever runs Mismatch to compare its settings with \
         what is registered at the service; the log has the details."
    )]
    RequestRefused,
    /// The provider doesn't accept the client's secret.
    #[error(
        "The sign-in service did not accept Mismatch's client ID or secret. Ask whoever runs Mismatch to renew the secret."
    )]
    ClientRefused,
    #[error("The sign-in was cancelled, or the sign-in service did not allow it. Try again, or sign in another way.")]
    Denied,
    /// What came back has no code, or has a parameter twice.
    #[error("The sign-in service sent the browser back without an answer. Start the sign-in again.")]
    Incomplete,
    /// Nothing was kept in this browser, or it can't be read.
    #[error("This sign-in was not started in this browser. Start it again here, and allow cookies for this site.")]
    NotBegun,
    #[error("This answer belongs to another sign-in. Close other tabs with a sign-in, and start it again.")]
    OtherState,
    /// The answer names another issuer than the one that was asked (RFC 9207), or none although it always does.
    #[error("This answer is from another sign-in service than the one that was asked. Start the sign-in again.")]
    OtherIssuer,
    #[error("The sign-in took too long. Start it again.")]
    TooLate,
    /// The code is used or expired.
    #[error("This sign-in was already used, or it has expired. Start it again.")]
    CodeRefused,
    #[error(
        "The sign-in service's proof of identity can't be accepted: {0}. Start the sign-in again; if it stays so, ask \
         whoever runs Mismatch."
    )]
    Token(TokenFault),
    /// The endpoint about people told of somebody other than the identity token.
    #[error("The sign-in service gave data of two different people. Start the sign-in again.")]
    OtherPerson,
    /// Which addresses may is not said: whoever isn't let in needs not know it.
    #[error(
        "Your account has no e-mail address that the sign-in service has verified. Verify it there, or ask an admin of Mismatch."
    )]
    NoVerifiedEmail,
    #[error("E-mail addresses of this domain may not sign in here. Use another account, or ask an admin of Mismatch.")]
    OtherDomain,
    #[error("Your account has none of the roles or groups that may use Mismatch. Ask an admin of Mismatch for one.")]
    NoRole,
    #[error("The system gives no random numbers. Ask whoever runs Mismatch; its log has the details.")]
    NoRandomness,
}

/// What of the provider can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    #[error("it does not answer as OpenID Connect does")]
    NotOpenId,
    #[error("an answer is too large")]
    TooLarge,
    #[error("it calls itself by another issuer than the configured one")]
    OtherIssuer,
    #[error("it names an address without encryption")]
    Insecure,
    #[error("it does not support the authorization code flow")]
    NoCodeFlow,
    #[error("it does not support PKCE with S256")]
    NoPkce,
    #[error("it signs with none of the algorithms that are accepted")]
    NoAlgorithm,
    #[error("it takes the client's secret in none of the ways that are supported")]
    NoClientAuthentication,
    #[error("it has no key with which signatures can be checked")]
    NoKeys,
}

/// What is wrong with an identity token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    #[error("there is none")]
    Missing,
    #[error("it can't be read")]
    Malformed,
    /// Among them `none` and all that share a secret, such as HS256.
    #[error("it is not signed with an accepted algorithm")]
    Algorithm,
    #[error("it asks for something that is not supported")]
    Critical,
    #[error("the key of its signature is not among those of the service")]
    UnknownKey,
    #[error("its signature is wrong")]
    Signature,
    #[error("it is from another issuer")]
    Issuer,
    #[error("it is for another application")]
    Audience,
    #[error("it has expired, or the clocks of the two servers differ")]
    Expired,
    #[error("it is from the future: the clocks of the two servers differ")]
    TooEarly,
    #[error("it belongs to another sign-in")]
    Nonce,
    #[error("it names nobody")]
    Subject,
}

impl Refusal {
    fn kind(self) -> ProblemKind {
        match self {
            Refusal::Unreachable | Refusal::Unavailable => ProblemKind::Unavailable,
            Refusal::Unusable(_) | Refusal::RequestRefused | Refusal::ClientRefused | Refusal::NoRandomness => {
                ProblemKind::Internal
            }
            Refusal::NoVerifiedEmail | Refusal::OtherDomain | Refusal::NoRole => ProblemKind::Forbidden,
            Refusal::Denied
            | Refusal::Incomplete
            | Refusal::NotBegun
            | Refusal::OtherState
            | Refusal::OtherIssuer
            | Refusal::TooLate
            | Refusal::CodeRefused
            | Refusal::Token(_)
            | Refusal::OtherPerson => ProblemKind::Unauthorized,
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        Problem::new(refusal.kind(), refusal.to_string())
    }
}

impl From<TokenFault> for Refusal {
    fn from(fault: TokenFault) -> Refusal {
        Refusal::Token(fault)
    }
}

impl From<Unusable> for Refusal {
    fn from(fault: Unusable) -> Refusal {
        Refusal::Unusable(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Refusal; 18] = [
        Refusal::Unreachable,
        Refusal::Unavailable,
        Refusal::Unusable(Unusable::NoPkce),
        Refusal::RequestRefused,
        Refusal::ClientRefused,
        Refusal::Denied,
        Refusal::Incomplete,
        Refusal::NotBegun,
        Refusal::OtherState,
        Refusal::OtherIssuer,
        Refusal::TooLate,
        Refusal::CodeRefused,
        Refusal::Token(TokenFault::Expired),
        Refusal::OtherPerson,
        Refusal::NoVerifiedEmail,
        Refusal::OtherDomain,
        Refusal::NoRole,
        Refusal::NoRandomness,
    ];

    #[test]
    fn each_refusal_says_what_happened_and_what_to_do() {
        let said: Vec<String> =
            ALL.into_iter().map(Problem::from).map(|it| format!("{}: {it}", it.kind.status())).collect();
        insta::assert_snapshot!(said.join("\n"));
    }
}
