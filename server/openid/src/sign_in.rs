//! A sign-in from its beginning to its end, with what is remembered of the provider between sign-ins.

use std::sync::{Arc, Mutex, PoisonError};

use crate::begin::{Begun, Kept, begun};
use crate::discovery::{Discovered, discover, keys};
use crate::exchange::{about, exchanged};
use crate::leave::{Leaving, leaving};
use crate::person::{Person, lacks_something, person};
use crate::returned::Returned;
use crate::token::{Expected, Vouched, vouched};
use crate::wire::Wire;
use crate::{Provider, Refusal, TokenFault};

/// What a provider says about itself is asked for again after this time.
const FRESH_MS: i64 = 60 * 60_000;
/// A provider that failed is not asked again before this time: everybody who waits for it holds a thread.
const PAUSE_MS: i64 = 30_000;

/// Sign-ins by one provider. It is asked when the first person signs in, so that a server starts also while it is down.
#[derive(Debug)]
pub struct SignIn {
    provider: Provider,
    wire: Wire,
    memory: Mutex<Memory>,
}

#[derive(Debug, Default)]
struct Memory {
    known: Option<(i64, Arc<Discovered>)>,
    failed: Option<(i64, Refusal)>,
}

impl SignIn {
    pub fn new(provider: Provider) -> Self {
        Self { wire: Wire::to(&provider), provider, memory: Mutex::default() }
    }

    pub fn provider(&self) -> &Provider {
        &self.provider
    }

    /// Asks the provider about itself, to tell whoever starts the server what can't work.
    ///
    /// # Errors
    /// Why nobody could sign in now.
    pub fn check(&self, now_ms: i64) -> Result<(), Refusal> {
        self.discovered(now_ms).map(|_| ())
    }

    /// Begins a sign-in.
    ///
    /// # Errors
    /// Where the provider can't be reached or used.
    pub fn begin(&self, now_ms: i64) -> Result<Begun, Refusal> {
        let discovered = self.discovered(now_ms)?;
        begun(&self.provider, &discovered.endpoints.authorization, now_ms)
    }

    /// Ends a sign-in: who it was. A code works once, so this is called once for each.
    ///
    /// # Errors
    /// Why nobody was signed in.
    pub fn finish(&self, kept: &Kept, returned: &Returned, now_ms: i64) -> Result<Person, Refusal> {
        let discovered = self.discovered(now_ms)?;
        let endpoints = &discovered.endpoints;
        let code = returned.code(kept, &self.provider, endpoints.names_issuer, now_ms)?;
        let tokens = exchanged(&self.wire, &self.provider, endpoints, code, kept)?;
        let Vouched { subject, claims } = self.vouched(&tokens.identity, &discovered, kept, now_ms)?;
        let claims = match tokens.access {
            Some(access) if lacks_something(&self.provider, &claims) => {
                claims.filled_from(about(&self.wire, endpoints, &access, &subject)?)
            }
            _ => claims,
        };
        person(&self.provider, Vouched { subject, claims })
    }

    /// Where somebody who signed out here goes to sign out at the provider too; `None` where it has no place for that, or nobody is
    /// to be sent there.
    ///
    /// # Errors
    /// Where the provider can't be reached or used.
    pub fn leave(&self, now_ms: i64) -> Result<Option<Leaving>, Refusal> {
        let Some(signed_out) = &self.provider.signed_out else { return Ok(None) };
        let discovered = self.discovered(now_ms)?;
        let end_session = discovered.endpoints.end_session.as_ref();
        end_session.map(|end_session| leaving(&self.provider, signed_out, end_session)).transpose()
    }

    /// A key that is not known may be new: then the keys are asked for once more.
    fn vouched(&self, token: &str, discovered: &Arc<Discovered>, kept: &Kept, now_ms: i64) -> Result<Vouched, Refusal> {
        let Provider { issuer, client_id, .. } = &self.provider;
        let expected = Expected { issuer, client_id, nonce: &kept.nonce, now_ms };
        let read = match vouched(token, &discovered.keys, expected) {
            Err(TokenFault::UnknownKey) => {
                let keys = keys(&self.wire, &discovered.endpoints)?;
                let renewed = Discovered { endpoints: discovered.endpoints.clone(), keys };
                let read = vouched(token, &renewed.keys, expected);
                self.memory().known = Some((now_ms, Arc::new(renewed)));
                read
            }
            read => read,
        };
        read.map_err(|fault| {
            tracing::warn!(%fault, issuer, "an identity token can't be accepted");
            fault.into()
        })
    }

    /// What is known of the provider. One asks, the others wait for the answer; what was known before serves while the
    /// provider says nothing new.
    fn discovered(&self, now_ms: i64) -> Result<Arc<Discovered>, Refusal> {
        let mut memory = self.memory();
        let is_within = |at_ms: i64, span_ms: i64| (0..span_ms).contains(&now_ms.saturating_sub(at_ms));
        if let Some((at_ms, known)) = &memory.known
            && is_within(*at_ms, FRESH_MS)
        {
            return Ok(Arc::clone(known));
        }
        let asked = match memory.failed {
            Some((at_ms, refusal)) if is_within(at_ms, PAUSE_MS) => Err(refusal),
            _ => discover(&self.wire, &self.provider),
        };
        match asked {
            Ok(discovered) => {
                let discovered = Arc::new(discovered);
                *memory = Memory { known: Some((now_ms, Arc::clone(&discovered))), failed: None };
                Ok(discovered)
            }
            Err(refusal) => {
                if !memory.failed.is_some_and(|(at_ms, _)| is_within(at_ms, PAUSE_MS)) {
                    memory.failed = Some((now_ms, refusal));
                }
                memory.known.as_ref().map(|(_, known)| Arc::clone(known)).ok_or(refusal)
            }
        }
    }

    fn memory(&self) -> std::sync::MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
