//! The only error that leaves the engine: a sentence for the person who reads it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

// `$code` is a `tt`: derives do not see through a `literal` in an attribute.
macro_rules! kinds {
    ($($(#[doc = $words:literal])* $kind:ident $code:tt $status:literal;)*) => {
        /// What kind of problem it is. Its code is stable: programs match on it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[schema(as = ProblemCode, description = CODES)]
        pub enum ProblemKind { $($(#[doc = $words])* #[serde(rename = $code)] $kind,)* }

        const CODES: &str = concat!("What kind of problem it is:", $(" `", $code, "`:", $($words,)*)*);

        impl ProblemKind {
            pub const ALL: &'static [ProblemKind] = &[$(ProblemKind::$kind,)*];
            /// The code, as in JSON.
            pub fn code(self) -> &'static str { match self { $(ProblemKind::$kind => $code,)* } }
            /// The HTTP status of a response with it: the one place where a kind becomes a status.
            pub fn status(self) -> u16 { match self { $(ProblemKind::$kind => $status,)* } }
            /// When it occurs, in one sentence.
            pub fn words(self) -> &'static str { match self { $(ProblemKind::$kind => concat!($($words),*).trim_ascii(),)* } }
        }
    };
}

kinds! {
    /// The request or the file cannot be used as it is.
    BadInput "bad_input" 400;
    /// Nobody is signed in, or the token is not valid.
    Unauthorized "unauthorized" 401;
    /// It is not allowed here.
    Forbidden "forbidden" 403;
    /// The requested thing does not exist.
    NotFound "not_found" 404;
    /// The address exists, but it does not support this method.
    MethodNotAllowed "method_not_allowed" 405;
    /// The request does not fit the current state.
    Conflict "conflict" 409;
    /// Somebody cancelled the work.
    Cancelled "cancelled" 409;
    /// A stated limit was exceeded.
    TooLarge "too_large" 413;
    /// Too many tries failed. Wait before the next one.
    TooManyTries "too_many_tries" 429;
    /// The request came under a name that is not this server's.
    Misdirected "misdirected" 421;
    /// Mismatch had an internal error. Its log has the details.
    Internal "internal" 500;
    /// The disk or the database cannot be used now: locked, read-only or not reachable.
    Unavailable "unavailable" 503;
    /// The disk or the database has no room left.
    StorageFull "storage_full" 507;
}

/// A problem for the person who must act: what it is, where it is, and what to do.
/// Internal details are logged where the problem occurs and never stored here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub kind: ProblemKind,
    pub message: String,
}

impl Problem {
    pub fn new(kind: ProblemKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }
    pub fn bad_input(message: impl Into<String>) -> Self {
        Self::new(ProblemKind::BadInput, message)
    }
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(ProblemKind::NotFound, message)
    }
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(ProblemKind::Internal, message)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_the_word_in_json_and_the_status_is_an_error() {
        for kind in ProblemKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
            assert!((400..600).contains(&kind.status()), "{kind:?}");
            assert!(kind.words().ends_with('.'), "{kind:?}");
        }
    }
}
