//! Signing in with who somebody is elsewhere: at a provider of OpenID Connect, or in front of a proxy that we trust.

use std::sync::Arc;

use domain::account::{Account, Login, Role};
use domain::audit::{AuditKind, WhyRefused};
use domain::visitor::{Credential, SignedIn, Visitor};
use domain::{Actor, Problem, ProblemKind};
use identity::{Secret, check_name, without_hidden};
use openid::{Begun, Kept, Leaving, Person, Provider, Returned, SignIn};

use super::accounts::distinct_word;
use super::set_up::is_own;
use super::signing_in::Client;
use crate::Service;
use crate::blocking::blocking;
use crate::store::{Along, MadeBy, new_id, now_ms};

/// What a proxy's word is kept under, where a provider has its address.
const PROXY: &str = "proxy";

/// Who else says who somebody is.
#[derive(Debug, Clone, Default)]
pub struct Elsewhere {
    pub provider: Option<Provider>,
    /// The role of whoever comes for the first time and has none by a rule; `None` keeps them out.
    pub first_role: Option<Role>,
}

impl Service {
    /// The name of the provider that people can sign in with.
    pub fn provider(&self) -> Option<&str> {
        self.inner.people.sign_in.as_ref().map(|sign_in| sign_in.provider().name())
    }

    /// Asks the provider for what it takes to sign in, so that a mistake in the settings is seen at the start.
    ///
    /// # Errors
    /// When the provider can't be reached or used.
    pub async fn check_provider(&self) -> Result<(), Problem> {
        let Some(sign_in) = self.inner.people.sign_in.clone() else { return Ok(()) };
        blocking(move || Ok(sign_in.check(now_ms())?)).await
    }

    /// Begins to sign somebody in at the provider: where the browser goes, and what it has to bring back.
    ///
    /// # Errors
    /// `NotFound` without a provider; when it can't be reached.
    pub async fn begin_elsewhere(&self) -> Result<Begun, Problem> {
        let sign_in = self.sign_in_elsewhere()?;
        blocking(move || Ok(sign_in.begin(now_ms())?)).await
    }

    /// Signs somebody in whom the provider sent back: the secret of a new session. The session that the browser had before ends.
    ///
    /// # Errors
    /// A sentence for each way in which it fails; `Forbidden` for who has no account and gets none.
    pub async fn finish_elsewhere(
        &self,
        kept: &str,
        query: &str,
        before: Option<&str>,
        client: &Client,
    ) -> Result<Secret, Problem> {
        let sign_in = self.sign_in_elsewhere()?;
        let (kept, query) = (kept.to_owned(), query.to_owned());
        let person = blocking(move || {
            let (kept, returned) = (Kept::from_text(&kept)?, Returned::from_query(&query)?);
            Ok(sign_in.finish(&kept, &returned, now_ms())?)
        })
        .await;
        let account = match person {
            Ok(person) => self.account_of_person(&person, client).await,
            Err(problem) => Err(problem),
        };
        match account {
            Ok(account) => {
                self.end_before(before).await?;
                let signed = Along::Audit { actor: &account.name, from: &client.address, what: &AuditKind::SignedIn };
                self.session_for(&account, client, &[signed]).await
            }
            Err(problem) => {
                let what = AuditKind::SignInRefused { login: self.provider().unwrap_or_default().to_owned() };
                let along = [Along::Audit { actor: &Actor::Anonymous, from: &client.address, what: &what }];
                self.inner.store.write(&along).await?;
                Err(problem)
            }
        }
    }

    /// Where somebody who signed out here goes to sign out at the provider too; `None` for who did not sign in there, or where
    /// nobody signs out. Nobody's sign-out fails with it.
    pub async fn leave_elsewhere(&self, visitor: &Visitor) -> Option<Leaving> {
        let sign_in = self.inner.people.sign_in.clone()?;
        let (account, _) = visitor.person().ok()?;
        self.left(sign_in, account).await.unwrap_or_else(|problem| {
            tracing::warn!("nobody is led to the provider to sign out there: {}", problem.message);
            None
        })
    }

    async fn left(&self, sign_in: Arc<SignIn>, account: &Account) -> Result<Option<Leaving>, Problem> {
        let came_from_there = self.inner.store.is_known_by(sign_in.provider().issuer(), &account.id).await?;
        match came_from_there {
            true => blocking(move || Ok(sign_in.leave(now_ms())?)).await,
            false => Ok(None),
        }
    }

    /// Whoever a trusted proxy says has sent this request.
    ///
    /// # Errors
    /// `Forbidden` for who has no account and gets none, or whose account is disabled.
    pub async fn by_proxy(&self, user: &str, client: &Client) -> Result<Visitor, Problem> {
        let person = Person {
            issuer: PROXY.to_owned(),
            subject: user.to_lowercase(),
            name: None,
            user_name: Some(user.to_owned()),
            verified_email: None,
            role: None,
        };
        let account = self.account_of_person(&person, client).await.inspect_err(|problem| {
            if problem.kind == ProblemKind::Forbidden {
                self.note_refused_by_proxy(user, WhyRefused::Answered { sentence: problem.message.clone() }, client);
            }
        })?;
        let (role, models) = (account.role, self.roles_in_models(&account).await?);
        Ok(Visitor::SignedIn(SignedIn { account, by: Credential::Proxy, role, elsewhere: role, models }))
    }

    fn sign_in_elsewhere(&self) -> Result<Arc<SignIn>, Problem> {
        self.inner.people.sign_in.clone().ok_or_else(|| {
            Problem::not_found("Nobody can sign in with another service here. Sign in with your password.")
        })
    }

    /// An account belongs to an issuer and a subject, never to an address or a name, which change hands.
    async fn account_of_person(&self, person: &Person, client: &Client) -> Result<Account, Problem> {
        let known = self.inner.store.account_by_identity(&person.issuer, &person.subject).await?;
        let account = match known {
            Some(account) => self.with_role(account, person.role, client).await?,
            None => self.joined_from_elsewhere(person, client).await?,
        };
        match account.disabled_at_ms {
            None => Ok(account),
            Some(_) => Err(Problem::new(ProblemKind::Forbidden, "This account is disabled. Ask an admin.")),
        }
    }

    /// The rule of the provider decides anew at each sign-in.
    async fn with_role(&self, account: Account, role: Option<Role>, client: &Client) -> Result<Account, Problem> {
        let Some(role) = role.filter(|role| *role != account.role) else { return Ok(account) };
        let what = AuditKind::RoleGiven { of: account.name.to_string(), role };
        let along = [Along::Audit { actor: &account.name, from: &client.address, what: &what }];
        // The last who administers keeps doing so, whatever the provider says.
        match self.inner.store.set_role(&account.id, role, &along).await? {
            true => Ok(Account { role, ..account }),
            false => Ok(account),
        }
    }

    async fn joined_from_elsewhere(&self, person: &Person, client: &Client) -> Result<Account, Problem> {
        if self.waits_for_set_up() {
            return Err(Problem::new(
                ProblemKind::Forbidden,
                "The first account has to be made first, by the code in the server's output.",
            ));
        }
        let role = person.role.or(self.inner.config.elsewhere.first_role).ok_or_else(|| {
            Problem::new(ProblemKind::Forbidden, "You have no account here yet. Ask an admin to give you one.")
        })?;
        let login = person.verified_email.as_deref().or(person.user_name.as_deref()).unwrap_or(&person.subject);
        let login = Login::new(login)?;
        let name = self.free_name(person.name.as_deref().unwrap_or(login.as_str()), &login).await?;
        if self.inner.store.is_taken(&login, &name).await? {
            // A browser sends several requests at once: another one may have brought the same person a moment ago.
            if let Some(account) = self.inner.store.account_by_identity(&person.issuer, &person.subject).await? {
                return Ok(account);
            }
            return Err(Problem::new(
                ProblemKind::Conflict,
                "Somebody has an account with your sign-in name already. If it is yours, sign in with its password; else ask an admin.",
            ));
        }
        let account = Account { id: new_id(), login, name, role, created_at_ms: now_ms(), disabled_at_ms: None };
        let hash = blocking(identity::unknown_to_everybody).await?;
        let what = AuditKind::Joined { role };
        let along = [Along::Audit { actor: &account.name, from: &client.address, what: &what }];
        let made_by = MadeBy::Elsewhere { issuer: &person.issuer, subject: &person.subject };
        match self.inner.store.insert_account(&account, &hash, made_by, &along).await? {
            true => Ok(account),
            // Somebody signed in twice at once: the other one made it.
            false => self.inner.store.account_by_identity(&person.issuer, &person.subject).await?.ok_or_else(|| {
                Problem::new(
                    ProblemKind::Conflict,
                    "The account was made by somebody else at the same moment. Sign in again.",
                )
            }),
        }
    }

    /// The name that is shown. Nobody is kept out for it: where it could be taken for somebody else's, the sign-in name stands
    /// behind it, and a word without a meaning where that is not enough.
    async fn free_name(&self, name: &str, login: &Login) -> Result<Actor, Problem> {
        let plain: String = without_hidden(name).chars().take(200).collect();
        let login: String = without_hidden(login.as_str()).chars().take(80).collect();
        let named = Actor::named(&plain)?;
        let named = if named == Actor::Anonymous { Actor::named(&login)? } else { named };
        let is_plain = check_name(named.as_str()).is_ok() && !is_own(named.as_str());
        if is_plain && !self.inner.store.is_name_taken(&named).await? {
            return Ok(named);
        }
        let with_login = Actor::named(&format!("{named} ({login})"))?;
        match self.inner.store.is_name_taken(&with_login).await? {
            false => Ok(with_login),
            true => Actor::named(&format!("{named} ({login}, {})", distinct_word())),
        }
    }
}
