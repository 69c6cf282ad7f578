//! Reading what the pages about people show. Changes go through plain forms.

use domain::account::{Account, Invitation, Session, Token};
use domain::audit::AuditLine;
use domain::mine::Mine;
use domain::model_access::{ModelAccess, Openness};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// Which of the ways in are open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Entrance {
    /// There are no accounts.
    Open,
    /// The first account has to be made.
    SetUp,
    /// With a password, or with the account of the provider of this name.
    SignIn { provider: Option<String> },
}

/// One's own account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OwnAccount {
    pub account: Account,
    /// Where one is signed in, this browser first.
    pub sessions: Vec<Session>,
    pub tokens: Vec<Token>,
    /// The secret of a token that was made a moment ago.
    pub new_token: Option<String>,
    pub now_ms: i64,
}

/// Everybody, for an admin.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Everybody {
    pub accounts: Vec<Account>,
    pub invitations: Vec<Invitation>,
    /// The secret of an invitation that was made a moment ago.
    pub new_invitation: Option<String>,
    pub models: Vec<ModelLine>,
}

/// A model in a list of them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ModelLine {
    pub model: String,
    pub openness: Openness,
    pub members: u64,
}

/// Who sees a model, and what each account may do with it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OneModel {
    pub access: ModelAccess,
    pub accounts: Vec<Account>,
}

/// What waits for the reader.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Waiting {
    /// By which the reader is known; `None` where nobody knows it.
    pub name: Option<String>,
    pub mine: Mine,
    pub now_ms: i64,
}

/// # Errors
/// When the database fails.
#[server(endpoint = "mine")]
pub async fn find_mine() -> Result<Waiting, AppError> {
    use crate::visitor::{Reader, Signature};
    let service = expect_context::<service::Service>();
    let reader = Reader::here();
    let (Signature::Account(name) | Signature::Given(name)) = Signature::of(&reader);
    let mine = service.mine(&name, &reader.sight()).await?;
    let name = matches!(name, domain::Actor::Named(_)).then(|| name.to_string());
    Ok(Waiting { name, mine, now_ms: service::store::now_ms() })
}

/// A page of the audit log.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AuditPage {
    pub lines: Vec<AuditLine>,
    /// The first line that was changed after it was written.
    pub broken_at: Option<i64>,
    /// The last line of this page, where there may be older ones.
    pub before: Option<i64>,
}

/// # Errors
/// None; the signature is that of all server functions.
#[server(endpoint = "entrance")]
pub async fn find_entrance() -> Result<Entrance, AppError> {
    let service = expect_context::<service::Service>();
    Ok(match (service.has_accounts(), service.waits_for_set_up()) {
        (false, _) => Entrance::Open,
        (true, true) => Entrance::SetUp,
        (true, false) => Entrance::SignIn { provider: service.provider().map(str::to_owned) },
    })
}

/// # Errors
/// `NotFound` where the invitation does not work (any more).
#[server(endpoint = "invitation")]
pub async fn find_invitation(secret: String) -> Result<Invitation, AppError> {
    Ok(expect_context::<service::Service>().invitation(&secret).await?)
}

/// # Errors
/// `Unauthorized` where nobody is signed in; `NotFound` without accounts.
#[server(endpoint = "own_account")]
pub async fn find_own_account() -> Result<OwnAccount, AppError> {
    use crate::visitor::{NewSecret, Reader};
    use domain::visitor::{SignedIn, Visitor};
    let (service, visitor) = (expect_context::<service::Service>(), Reader::here());
    let (account, here) = visitor.person()?;
    let mut sessions = service.sessions(&visitor).await?;
    sessions.sort_by_key(|session| Some(session.id.as_str()) != here);
    let new_token = match use_context::<NewSecret>() {
        Some(NewSecret(secret)) => match service.by_token(&secret).await? {
            Visitor::SignedIn(SignedIn { account: of, .. }) if of.id == account.id => Some(secret),
            _ => None,
        },
        None => None,
    };
    let tokens = service.tokens(&visitor).await?;
    Ok(OwnAccount { account: account.clone(), sessions, tokens, new_token, now_ms: service::store::now_ms() })
}

/// # Errors
/// `Forbidden` for who doesn't administer; `NotFound` without accounts.
#[server(endpoint = "everybody")]
pub async fn find_everybody() -> Result<Everybody, AppError> {
    use crate::visitor::{NewSecret, Reader};
    let (service, visitor) = (expect_context::<service::Service>(), Reader::here());
    let accounts = service.accounts(&visitor).await?;
    let new_invitation = match use_context::<NewSecret>() {
        Some(NewSecret(secret)) => service.invitation(&secret).await.ok().map(|_| secret),
        None => None,
    };
    let models = service.model_standings(&visitor).await?.into_iter();
    let models = models.map(|(model, openness, members)| ModelLine { model, openness, members }).collect();
    Ok(Everybody { accounts, invitations: service.invitations(&visitor).await?, new_invitation, models })
}

/// # Errors
/// As [`find_everybody`]; `BadInput` without a name.
#[server(endpoint = "one_model")]
pub async fn find_model(name: String) -> Result<OneModel, AppError> {
    let (service, visitor) = (expect_context::<service::Service>(), crate::visitor::Reader::here());
    let access = service.model_access(&visitor, &name).await?;
    Ok(OneModel { access, accounts: service.accounts(&visitor).await? })
}

/// # Errors
/// As [`find_everybody`].
#[server(endpoint = "audit")]
pub async fn find_audit_page(before: Option<i64>) -> Result<AuditPage, AppError> {
    let (service, visitor) = (expect_context::<service::Service>(), crate::visitor::Reader::here());
    let lines = service.audit(&visitor, before).await?;
    let before = (lines.len() == service::AUDIT_PAGE).then(|| lines.last().map(|line| line.seq)).flatten();
    Ok(AuditPage { lines, broken_at: service.audit_is_broken_at(&visitor).await?, before })
}
