//! Tokens: keys for programs, with a scope and an end, shown once.

use domain::Problem;
use domain::account::{Scope, Token};
use domain::audit::AuditKind;
use domain::visitor::{Credential, SignedIn, Visitor};
use identity::{Secret, hash_of};

use super::signing_in::Client;
use crate::Service;
use crate::store::{Along, new_id, now_ms};

/// What a token begins with, so that one that leaked is recognised.
const PREFIX: &str = "mismatch_";
const DAY_MS: i64 = 86_400_000;
/// Longest life, in days.
const MOST_DAYS: u32 = 365;
/// Longest name, in characters.
const LONGEST_NAME: usize = 100;
/// Tokens of one account.
const MOST_TOKENS: i64 = 50;

impl Service {
    /// Makes a token of one's own for so many days; its secret is shown once.
    ///
    /// # Errors
    /// `BadInput` without a name, or beyond the limits.
    pub async fn make_token(
        &self,
        visitor: &Visitor,
        name: &str,
        scope: Scope,
        days: u32,
        client: &Client,
    ) -> Result<(Token, Secret), Problem> {
        let (account, _) = visitor.person()?;
        let name = name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
            return Err(Problem::bad_input(format!(
                "Say in at most {LONGEST_NAME} characters what the token is for, such as: nightly gate."
            )));
        }
        if !(1..=MOST_DAYS).contains(&days) {
            return Err(Problem::bad_input(format!("A token lives for 1 to {MOST_DAYS} days.")));
        }
        let (secret, now) = (Secret::new(PREFIX)?, now_ms());
        let token = Token {
            id: new_id(),
            name: name.to_owned(),
            scope,
            created_at_ms: now,
            expires_at_ms: now.saturating_add(i64::from(days) * DAY_MS),
            used_at_ms: None,
            revoked_at_ms: None,
        };
        let what = AuditKind::TokenMade { name: token.name.clone(), scope };
        let along = [Along::Audit { actor: &account.name, from: &client.address, what: &what }];
        if !self.inner.store.insert_token(account, &token, &secret.hash(), MOST_TOKENS, &along).await? {
            return Err(Problem::bad_input(format!("You have {MOST_TOKENS} tokens. Revoke those that are not used.")));
        }
        Ok((token, secret))
    }

    /// Who has a token with this secret; nobody where it has expired or was revoked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_token(&self, secret: &str) -> Result<Visitor, Problem> {
        let Some((token, account)) = self.inner.store.token_by_hash(&hash_of(secret)).await? else {
            return Ok(Visitor::Nobody);
        };
        if token.expires_at_ms <= now_ms() || account.disabled_at_ms.is_some() {
            return Ok(Visitor::Nobody);
        }
        self.inner.store.use_token(&token).await;
        let role = account.role.min(token.scope.most());
        let models = self.roles_in_models(&account).await?.at_most(token.scope.most());
        Ok(Visitor::SignedIn(SignedIn { account, by: Credential::Token(token.id), role, elsewhere: role, models }))
    }

    /// One's own tokens, newest first, the expired ones among them.
    ///
    /// # Errors
    /// `Forbidden` for a token.
    pub async fn tokens(&self, visitor: &Visitor) -> Result<Vec<Token>, Problem> {
        let (account, _) = visitor.person()?;
        Ok(self.inner.store.tokens(&account.id).await?)
    }

    /// Ends one of one's own tokens.
    ///
    /// # Errors
    /// `NotFound` where there is none with this id.
    pub async fn revoke_token(&self, visitor: &Visitor, id: &str, client: &Client) -> Result<(), Problem> {
        let (account, _) = visitor.person()?;
        let name = self.tokens(visitor).await?.into_iter().find(|token| token.id == id).map(|token| token.name);
        let name = name.ok_or_else(|| Problem::not_found("This token was revoked already."))?;
        let what = AuditKind::TokenRevoked { name };
        let along = [Along::Audit { actor: &account.name, from: &client.address, what: &what }];
        self.inner.store.revoke_token(&account.id, id, &along).await?;
        Ok(())
    }
}
