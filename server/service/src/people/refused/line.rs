//! Who it was whose request was refused: found out after the answer is sent, so that it takes no time of the request's.

use domain::Actor;
use domain::account::{Account, Token};
use domain::audit::{CameWith, Refused, WhyRefused};
use domain::visitor::{Credential, SignedIn};
use identity::network;

use super::repeats::Repeated;
use crate::error::Error;
use crate::people::signing_in::{Client, is_over};
use crate::store::{Store, now_ms};

/// Longest sentence or name of strangers that is kept, in characters.
const LONGEST: usize = 300;

/// Whose bounded number of lines those share who are not known.
const STRANGERS: &str = "strangers";

/// What is known of a refused request when it is refused. Secrets are hashes already.
#[derive(Debug, Clone)]
pub(super) enum Noted {
    /// Somebody is signed in.
    Visitor { who: SignedIn, why: WhyRefused },
    /// What they asked for is hidden from them, or this snapshot is not there.
    Hidden { who: SignedIn, snapshot: Option<String> },
    /// Another site used a session, or a text that is none.
    OtherSite { session_sha256: String },
    /// A token that does not work.
    Token { sha256: String },
    /// A share link that does not work, or whose holder may not do this.
    Link { sha256: String, why: Option<WhyRefused> },
    /// A proxy in front says who it is.
    Proxy { user: String, why: WhyRefused },
}

impl Noted {
    /// Whether anybody can send such a request, without an account.
    pub(super) fn is_of_strangers(&self) -> bool {
        match self {
            Noted::OtherSite { .. } | Noted::Token { .. } | Noted::Link { .. } => true,
            Noted::Visitor { .. } | Noted::Hidden { .. } | Noted::Proxy { .. } => false,
        }
    }
}

/// What the audit log has of a refused request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) actor: Actor,
    pub(super) from: String,
    pub(super) what: Refused,
    who: String,
    key: String,
}

impl Repeated for Line {
    fn who(&self) -> &str {
        &self.who
    }

    fn what(&self) -> &str {
        &self.key
    }
}

/// The line of a refused request; none for what any stranger can send without end, or what was no refusal after all.
pub(super) async fn line(store: &Store, noted: Noted, client: &Client) -> Result<Option<Line>, Error> {
    Ok(match noted {
        Noted::Visitor { who, why } => Some(of_visitor(store, who, why, client).await?),
        Noted::Hidden { who, snapshot } => match snapshot {
            Some(id) if store.snapshot(&id).await?.is_none() => None,
            Some(_) | None => Some(of_visitor(store, who, WhyRefused::Hidden, client).await?),
        },
        Noted::OtherSite { session_sha256 } => match store.session_by_hash(&session_sha256).await? {
            Some((session, account)) if !is_over(&session, now_ms()) && account.disabled_at_ms.is_none() => {
                Some(of_account(&account, CameWith::Session, WhyRefused::OtherSite, client))
            }
            Some(_) | None => None,
        },
        Noted::Token { sha256 } => Some(match store.token_at_any_time(&sha256).await? {
            Some((token, account)) => {
                let why = why_not(&token, &account);
                of_account(&account, CameWith::Token { name: token.name }, why, client)
            }
            None => of_stranger(CameWith::UnknownToken, WhyRefused::Unknown, client),
        }),
        Noted::Link { sha256, why } => of_link(store, &sha256, why, client).await?,
        Noted::Proxy { user, why } => {
            let who = format!("proxy {}", user.to_lowercase());
            let user = user.chars().take(LONGEST).collect();
            Some(made(Actor::Anonymous, who, CameWith::Proxy { user }, why, client))
        }
    })
}

async fn of_visitor(store: &Store, who: SignedIn, why: WhyRefused, client: &Client) -> Result<Line, Error> {
    let with = match who.by {
        Credential::Session(_) | Credential::Proxy => CameWith::Session,
        Credential::Token(id) => {
            let tokens = store.tokens(&who.account.id).await?;
            let name = tokens.into_iter().find(|token| token.id == id).map(|token| token.name);
            name.map_or(CameWith::UnknownToken, |name| CameWith::Token { name })
        }
    };
    Ok(of_account(&who.account, with, why, client))
}

fn of_account(account: &Account, with: CameWith, why: WhyRefused, client: &Client) -> Line {
    made(account.name.clone(), account.id.clone(), with, why, client)
}

/// Whoever guesses has any number of texts and addresses: the address and what was guessed make no lines of their own.
fn of_stranger(with: CameWith, why: WhyRefused, client: &Client) -> Line {
    let line = made(Actor::Anonymous, STRANGERS.to_owned(), with, why, client);
    Line { key: network(&client.address), ..line }
}

async fn of_link(store: &Store, sha256: &str, why: Option<WhyRefused>, client: &Client) -> Result<Option<Line>, Error> {
    let Some(stored) = store.share_link_by_hash(sha256).await? else { return Ok(None) };
    let is_expired = stored.link.expires_at_ms.is_some_and(|end| end <= now_ms());
    let why = match why {
        Some(why) => why,
        None if stored.link.revoked_at_ms.is_some() => WhyRefused::Revoked,
        None if is_expired => WhyRefused::Expired,
        None => return Ok(None),
    };
    // Links that have ended share their lines: an editor can make any number of them.
    let has_ended = matches!(why, WhyRefused::Revoked | WhyRefused::Expired);
    let who = if has_ended { "ended links".to_owned() } else { format!("link {}", stored.link.id) };
    let title = stored.frozen.title;
    Ok(Some(made(Actor::Anonymous, who, CameWith::ShareLink { title }, why, client)))
}

fn why_not(token: &Token, account: &Account) -> WhyRefused {
    if account.disabled_at_ms.is_some() {
        WhyRefused::Disabled
    } else if token.revoked_at_ms.is_some() {
        WhyRefused::Revoked
    } else {
        WhyRefused::Expired
    }
}

fn made(actor: Actor, who: String, with: CameWith, why: WhyRefused, client: &Client) -> Line {
    let why = match why {
        WhyRefused::Answered { sentence } => {
            WhyRefused::Answered { sentence: sentence.chars().take(LONGEST).collect() }
        }
        why => why,
    };
    let what = Refused { route: client.route.clone(), with, why };
    let key = format!("{} {what:?}", network(&client.address));
    Line { actor, from: client.address.clone(), what, who, key }
}
