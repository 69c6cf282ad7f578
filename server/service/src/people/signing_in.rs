//! Sessions: signing in with a password, staying signed in, signing out.

use std::sync::{MutexGuard, PoisonError};

use domain::account::{Account, Login, Session};
use domain::audit::AuditKind;
use domain::visitor::{Credential, SignedIn, Visitor};
use domain::{Actor, Problem, ProblemKind};
use identity::{Key, PasswordHash, Secret, Throttle, Tried, hash_of};

use crate::Service;
use crate::blocking::blocking;
use crate::store::{Along, new_id, now_ms};

const DAY_MS: i64 = 86_400_000;
/// A session that nobody used for so long has ended.
const IDLE_MS: i64 = 7 * DAY_MS;
/// And so has one that is older than this.
const OLDEST_MS: i64 = 30 * DAY_MS;

/// Longest name of a browser that is kept, in characters.
const LONGEST_AGENT: usize = 200;

/// What a request says about where it comes from.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// The network address.
    pub address: String,
    /// What the browser calls itself.
    pub agent: String,
    /// What it asks for: the method and the pattern of the address, never what stands in it.
    pub route: String,
}

/// What a browser brings to a sign-in.
#[derive(Debug, Clone, Copy, Default)]
pub struct Browser<'a> {
    /// The secret of the session that it has.
    pub session: Option<&'a str>,
    /// That somebody signed in with it before: what [`SignedInNow::known`] was.
    pub known: Option<&'a str>,
}

/// Somebody who was signed in a moment ago.
#[derive(Debug)]
pub struct SignedInNow {
    /// Of the session.
    pub secret: Secret,
    /// By which the browser is known when they sign in the next time.
    pub known: String,
}

impl Service {
    /// Signs somebody in: the secret of a new session. The session that the browser had before ends.
    ///
    /// # Errors
    /// `Unauthorized`, in the same words and after the same time whether the account is not there, is disabled, or has
    /// another password; `TooManyTries` after failures.
    pub async fn sign_in(
        &self,
        login: &str,
        password: &str,
        browser: Browser<'_>,
        client: &Client,
    ) -> Result<SignedInNow, Problem> {
        // However it is written, it is the same one that is guessed at.
        let key = login.trim().to_lowercase();
        let known = match Login::new(login) {
            Ok(login) => self.inner.store.account_of(&login).await?,
            // What is no sign-in name is nobody's.
            Err(_) => None,
        };
        let is_known = known.as_ref().is_some_and(|(account, hash)| {
            browser.known.is_some_and(|proof| same(proof, &known_browser(account, hash)))
        });
        let name = if is_known { Key::KnownBrowser(&key) } else { Key::Name(&key) };
        let keys = [name, Key::Address(&client.address)];
        self.begin_try(&keys)?;
        let (account, hash) = known.unzip();
        let (typed, kept) = (password.to_owned(), hash.clone());
        let fits = self
            .hashing(move || match kept {
                Some(hash) => identity::verify(&typed, &hash),
                None => identity::spend_as_much(&typed).map(|()| false),
            })
            .await?;
        match account.zip(hash).filter(|(account, _)| fits && account.disabled_at_ms.is_none()) {
            Some((account, hash)) => {
                self.tried_well(&keys);
                self.end_before(browser.session).await?;
                let signed = Along::Audit { actor: &account.name, from: &client.address, what: &AuditKind::SignedIn };
                let secret = self.session_for(&account, client, &[signed]).await?;
                Ok(SignedInNow { secret, known: known_browser(&account, &hash) })
            }
            None => {
                let what = AuditKind::SignInRefused { login: login.chars().take(LONGEST_AGENT).collect() };
                let along = [Along::Audit { actor: &Actor::Anonymous, from: &client.address, what: &what }];
                self.inner.store.write(&along).await?;
                Err(Problem::new(ProblemKind::Unauthorized, "The sign-in name or the password is not right."))
            }
        }
    }

    /// Ends the session by which somebody is signed in.
    ///
    /// # Errors
    /// `Forbidden` for a token.
    pub async fn sign_out(&self, visitor: &Visitor, client: &Client) -> Result<(), Problem> {
        let (account, session) = visitor.person()?;
        let session = session.ok_or_else(|| {
            Problem::new(ProblemKind::Conflict, "The proxy in front of this server signs you in. Sign out there.")
        })?;
        let along = [Along::Audit { actor: &account.name, from: &client.address, what: &AuditKind::SignedOut }];
        self.inner.store.end_session(&account.id, session, &along).await?;
        Ok(())
    }

    /// Who has a session with this secret; nobody where it has ended.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_session(&self, secret: &str) -> Result<Visitor, Problem> {
        let Some((session, account)) = self.inner.store.session_by_hash(&hash_of(secret)).await? else {
            return Ok(Visitor::Nobody);
        };
        if is_over(&session, now_ms()) || account.disabled_at_ms.is_some() {
            return Ok(Visitor::Nobody);
        }
        self.inner.store.use_session(&session).await;
        let (role, models) = (account.role, self.roles_in_models(&account).await?);
        Ok(Visitor::SignedIn(SignedIn { account, by: Credential::Session(session.id), role, elsewhere: role, models }))
    }

    /// Where somebody is signed in, the last used first.
    ///
    /// # Errors
    /// `Forbidden` for a token.
    pub async fn sessions(&self, visitor: &Visitor) -> Result<Vec<Session>, Problem> {
        let (account, _) = visitor.person()?;
        let now = now_ms();
        let sessions = self.inner.store.sessions(&account.id, now.saturating_sub(IDLE_MS)).await?;
        Ok(sessions.into_iter().filter(|session| !is_over(session, now)).collect())
    }

    /// Ends one of one's own sessions.
    ///
    /// # Errors
    /// `NotFound` where there is none with this id.
    pub async fn end_session(&self, visitor: &Visitor, id: &str, client: &Client) -> Result<(), Problem> {
        let (account, _) = visitor.person()?;
        let along = [Along::Audit { actor: &account.name, from: &client.address, what: &AuditKind::SessionEnded }];
        match self.inner.store.end_session(&account.id, id, &along).await? {
            true => Ok(()),
            false => Err(Problem::not_found("This session has ended already.")),
        }
    }

    /// Changes one's own password and ends all other sessions.
    ///
    /// # Errors
    /// `Forbidden` where the old one is wrong; `BadInput` where the new one is easily guessed; `TooManyTries`.
    pub async fn change_password(
        &self,
        visitor: &Visitor,
        old: &str,
        new: &str,
        client: &Client,
    ) -> Result<(), Problem> {
        let (account, session) = visitor.person()?;
        // Whoever is signed in is held up by nobody else's guesses.
        let keys = [Key::KnownBrowser(account.login.as_str())];
        self.begin_try(&keys)?;
        let known = self.inner.store.account_of(&account.login).await?;
        let (_, hash) = known.ok_or_else(|| Problem::not_found("This account is not there any more."))?;
        let typed = old.to_owned();
        if !self.hashing(move || identity::verify(&typed, &hash)).await? {
            return Err(Problem::new(ProblemKind::Forbidden, "The present password is not right."));
        }
        self.tried_well(&keys);
        let hash = self.hashed(new, &account.login, &account.name).await?;
        let along = [Along::Audit { actor: &account.name, from: &client.address, what: &AuditKind::PasswordChanged }];
        self.inner.store.set_password(&account.id, &hash, session.unwrap_or_default(), &along).await?;
        Ok(())
    }

    /// A new session of an account.
    pub(super) async fn session_for(
        &self,
        account: &Account,
        client: &Client,
        along: &[Along<'_>],
    ) -> Result<Secret, Problem> {
        let (secret, now) = (Secret::new("")?, now_ms());
        let agent = client.agent.chars().filter(|character| !character.is_control()).take(LONGEST_AGENT).collect();
        let session = Session { id: new_id(), agent, created_at_ms: now, used_at_ms: now };
        self.inner.store.insert_session(account, &session, &secret.hash(), along).await?;
        Ok(secret)
    }

    pub(super) async fn end_before(&self, secret: Option<&str>) -> Result<(), Problem> {
        let Some(secret) = secret else { return Ok(()) };
        if let Some((session, account)) = self.inner.store.session_by_hash(&hash_of(secret)).await? {
            self.inner.store.end_session(&account.id, &session.id, &[]).await?;
        }
        Ok(())
    }

    /// Hashes or verifies, a few at once and on a thread of its own.
    pub(crate) async fn hashing<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        // Given back when this ends, also when whoever waits has left.
        let _in_line = self.inner.people.in_line.try_acquire().map_err(|_full| {
            Problem::new(
                ProblemKind::Unavailable,
                "Many people are signing in at this moment. Try again in some seconds.",
            )
        })?;
        let _place = self.inner.people.hashing.acquire().await.map_err(|_closed| {
            Problem::new(ProblemKind::Unavailable, "The server is stopping. Try again in a moment.")
        })?;
        blocking(work).await
    }

    /// Whether a secret may be tried now; the try counts as failed until it succeeds.
    pub(crate) fn begin_try(&self, keys: &[Key<'_>]) -> Result<(), Problem> {
        match self.throttle().begin(keys, now_ms()) {
            Tried::Now => Ok(()),
            Tried::Later { wait_ms } => Err(Problem::new(
                ProblemKind::TooManyTries,
                format!("Too many tries failed. Try again in {} seconds.", wait_ms.saturating_add(999) / 1000),
            )),
        }
    }

    pub(crate) fn tried_well(&self, keys: &[Key<'_>]) {
        self.throttle().succeeded(keys);
    }

    fn throttle(&self) -> MutexGuard<'_, Throttle> {
        self.inner.people.throttle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Only this server can make it, and it holds as long as the account has this password.
fn known_browser(account: &Account, password: &PasswordHash) -> String {
    hash_of(&format!("known browser\n{}\n{}", account.id, password.0))
}

/// In a time that does not tell how much of it is right: hashes of both are compared.
fn same(one: &str, other: &str) -> bool {
    hash_of(one) == hash_of(other)
}

pub(super) fn is_over(session: &Session, now_ms: i64) -> bool {
    now_ms.saturating_sub(session.used_at_ms) >= IDLE_MS || now_ms.saturating_sub(session.created_at_ms) >= OLDEST_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_after_a_week_without_use_and_after_a_month_in_any_case() {
        let session =
            |created_at_ms, used_at_ms| Session { id: String::new(), agent: String::new(), created_at_ms, used_at_ms };
        let now = 100 * DAY_MS;
        assert!(!is_over(&session(now - 29 * DAY_MS, now - 6 * DAY_MS), now));
        assert!(is_over(&session(now - 8 * DAY_MS, now - 7 * DAY_MS), now));
        assert!(is_over(&session(now - 30 * DAY_MS, now), now));
    }
}
