//! The first account, and what every new one is made of.

use domain::account::{Account, Login, Role};
use domain::audit::AuditKind;
use domain::{Actor, Problem, ProblemKind};
use identity::{Key, PasswordHash, Secret, are_alike, begins_like, check_login, check_name, hash_of};

use super::signing_in::Client;
use crate::Service;
use crate::store::{Along, MadeBy, new_id, now_ms};

/// Names that stand on what nobody in particular did, and on what Mismatch itself did.
const OWN: [&str; 2] = ["someone", "Mismatch"];

/// How those are called whose account was erased.
const FORMER: &str = "former member";

/// What somebody says who gets an account.
#[derive(Debug, Clone)]
pub struct NewAccount {
    pub login: Login,
    pub name: Actor,
    pub password: String,
}

impl Service {
    /// The code with which the first account is made, to be shown to whoever started the server; `None` where there is an
    /// account, or there are none at all. Each call makes a new one.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub async fn set_up_code(&self) -> Result<Option<Secret>, Problem> {
        if !self.has_accounts() || self.inner.store.count_accounts().await? > 0 {
            return Ok(None);
        }
        let code = Secret::code()?;
        *self.set_up_hash() = Some(code.hash());
        Ok(Some(code))
    }

    /// Whether the first account still has to be made.
    pub fn waits_for_set_up(&self) -> bool {
        self.set_up_hash().is_some()
    }

    /// Makes the first account, which administers, and signs it in: the session's secret.
    ///
    /// # Errors
    /// `Forbidden` with a wrong code; `BadInput` for a password that is easily guessed; `Conflict` when somebody was
    /// faster; `TooManyTries` after wrong codes.
    pub async fn set_up(&self, code: &str, new: &NewAccount, client: &Client) -> Result<Secret, Problem> {
        let keys = [Key::SetUpCode, Key::Address(&client.address)];
        self.begin_try(&keys)?;
        let typed = code.trim().to_uppercase();
        if self.set_up_hash().as_ref() != Some(&hash_of(&typed)) {
            return Err(Problem::new(
                ProblemKind::Forbidden,
                "This is not the code. It stands in the server's output; each start makes a new one.",
            ));
        }
        self.tried_well(&keys);
        let account = self.made(new, Role::Admin, MadeBy::SetUp, &AuditKind::SetUp, client).await?;
        *self.set_up_hash() = None;
        self.session_for(&account, client, &[]).await
    }

    /// Makes an account.
    ///
    /// # Errors
    /// See [`Service::set_up`]; `BadInput` for a name that is not what people see of it, `Conflict` for one that looks like
    /// somebody else's.
    pub(super) async fn made(
        &self,
        new: &NewAccount,
        role: Role,
        made_by: MadeBy<'_>,
        what: &AuditKind,
        client: &Client,
    ) -> Result<Account, Problem> {
        let NewAccount { login, name, password } = new;
        if *name == Actor::Anonymous {
            return Err(Problem::bad_input("Give your name: it stands on what you do."));
        }
        check_name(name.as_str())?;
        check_login(login.as_str())?;
        if is_own(name.as_str()) {
            return Err(Problem::bad_input(
                "Mismatch uses this name itself, or one that looks like it. Choose another.",
            ));
        }
        let hash = self.hashed(password, login, name).await?;
        self.names_are_free(login, name).await?;
        let account = Account {
            id: new_id(),
            login: login.clone(),
            name: name.clone(),
            role,
            created_at_ms: now_ms(),
            disabled_at_ms: None,
        };
        let along = [Along::Audit { actor: name, from: &client.address, what }];
        if self.inner.store.insert_account(&account, &hash, made_by, &along).await? {
            return Ok(account);
        }
        // Somebody may have got the names a moment ago.
        self.names_are_free(login, name).await?;
        Err(Problem::new(ProblemKind::Conflict, "Somebody else used this already. Ask for a new invitation."))
    }

    async fn names_are_free(&self, login: &Login, name: &Actor) -> Result<(), Problem> {
        if self.inner.store.is_taken(login, name).await? {
            return Err(Problem::new(
                ProblemKind::Conflict,
                "Somebody has this sign-in name already, or a name that looks like this one. Choose another, such as one with \
                 your surname.",
            ));
        }
        Ok(())
    }

    /// The hash of a password that somebody may choose.
    pub(super) async fn hashed(&self, password: &str, login: &Login, name: &Actor) -> Result<PasswordHash, Problem> {
        let local = login.as_str().split('@').next().unwrap_or_default();
        let mut about = vec![login.as_str(), local, name.as_str()];
        about.extend(name.as_str().split_whitespace());
        identity::check(password, &about)?;
        let password = password.to_owned();
        self.hashing(move || identity::hash(&password)).await
    }

    fn set_up_hash(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.inner.people.set_up.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Whether a name could be taken for one that Mismatch gives.
pub(super) fn is_own(name: &str) -> bool {
    begins_like(name, FORMER) || OWN.into_iter().any(|own| are_alike(own, name))
}
