//! Whether somebody who was let in a while ago still is: what lasts longer than a request asks again.

use domain::Problem;
use domain::account::Role;
use domain::visitor::{Credential, SignedIn, Visitor};

use super::signing_in::is_over;
use crate::Service;
use crate::store::now_ms;

impl Service {
    /// Whether an account is still there and may change a model.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn edits(&self, account: &str, model: &str) -> Result<bool, Problem> {
        let store = &self.inner.store;
        let Some(found) = store.account(account).await?.filter(|found| found.disabled_at_ms.is_none()) else {
            return Ok(false);
        };
        let role = match found.role {
            Role::Admin => Some(Role::Admin),
            elsewhere => store.model_roles(account).await?.role(model, elsewhere),
        };
        Ok(role.is_some_and(|role| role >= Role::Editor))
    }

    /// Whether the account is not disabled, and the session has not ended or the token was not revoked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_still_in(&self, visitor: &Visitor) -> Result<bool, Problem> {
        let Visitor::SignedIn(SignedIn { account, by, .. }) = visitor else { return Ok(true) };
        let (store, now) = (&self.inner.store, now_ms());
        if store.account(&account.id).await?.is_none_or(|account| account.disabled_at_ms.is_some()) {
            return Ok(false);
        }
        Ok(match by {
            Credential::Proxy => true,
            Credential::Session(id) => {
                let sessions = store.sessions(&account.id, 0).await?;
                sessions.iter().any(|session| session.id == *id && !is_over(session, now))
            }
            Credential::Token(id) => {
                let tokens = store.tokens(&account.id).await?;
                tokens.iter().any(|token| token.id == *id && token.expires_at_ms > now)
            }
        })
    }
}
