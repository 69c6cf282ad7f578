//! Signing in with an account of another service, by OpenID Connect: the authorization code flow with PKCE; and signing out there.
//!
//! Architecture invariant: no disk, no database, no clock; who may sign in as whom is decided by whoever calls. Every answer of
//! the provider is read within bounds of time and size, and nothing of an identity token is believed before its signature is.
//! Internals are logged here; what leaves is a [`Refusal`], with a sentence for the person who signs in. Calls block.

mod address;
mod begin;
mod claims;
mod discovery;
mod exchange;
mod keys;
mod leave;
mod person;
mod provider;
mod refusal;
mod returned;
mod sign_in;
#[cfg(test)]
mod testing;
mod token;
mod wire;

pub use begin::{Begun, Kept};
pub use leave::Leaving;
pub use person::Person;
pub use provider::{Provider, ProviderSettings, RoleRule};
pub use refusal::{Refusal, TokenFault, Unusable};
pub use returned::Returned;
pub use sign_in::SignIn;
