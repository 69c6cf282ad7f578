//! Share links: whoever has the address sees the investigation as it was when the link was made, and can change nothing.

use std::sync::Arc;

use domain::audit::WhyRefused;
use domain::event::EventKind;
use domain::investigation::{Investigation, LinkPreview, LinkShows, LinkTerms, NewShareLink, ShareLink};
use domain::{Actor, Diagnosis, Problem, ProblemKind};
use identity::{Key, PasswordHash, Secret, hash_of};

use crate::Service;
use crate::decisions::decided;
use crate::mutes::muted;
use crate::people::Client;
use crate::store::{Along, StoredShareLink, new_id, now_ms};

/// What a link shows: frozen when it was made.
#[derive(Debug, Clone)]
pub struct SharedView {
    pub link: ShareLink,
    pub investigation: Investigation,
    pub diagnosis: Arc<Diagnosis>,
}

impl SharedView {
    /// The moment that it shows, in milliseconds since 1970-01-01 UTC.
    pub fn as_of_ms(&self) -> i64 {
        match self.link.shows {
            LinkShows::Frozen => self.link.created_at_ms,
            LinkShows::Live => now_ms(),
        }
    }
}

impl Service {
    /// Makes a link to the investigation and its diagnosis as they are now.
    ///
    /// # Errors
    /// `NotFound` without such an investigation, `Conflict` before its first diagnosis, `BadInput` when the expiry is past.
    pub async fn share(&self, investigation: &str, terms: &LinkTerms, actor: &Actor) -> Result<NewShareLink, Problem> {
        let frozen = self.investigation(investigation).await?;
        let now = now_ms();
        if terms.expires_at_ms.is_some_and(|end| end <= now) {
            return Err(Problem::bad_input("The link would have expired already. Pick a time in the future."));
        }
        let diagnosis = self.inner.store.latest_diagnosis(investigation).await?.ok_or_else(|| {
            Problem::new(
                ProblemKind::Conflict,
                "There is nothing to share yet: wait until the first diagnosis is done.",
            )
        })?;
        let secret = Secret::new("")?;
        let password = match terms.password.as_str() {
            "" => None,
            password => Some(self.hashed_link_password(password).await?),
        };
        let link = ShareLink {
            id: new_id(),
            investigation: investigation.to_owned(),
            created_at_ms: now,
            expires_at_ms: terms.expires_at_ms,
            revoked_at_ms: None,
            shows: terms.shows,
            preview: terms.preview,
            has_password: password.is_some(),
            opened: 0,
            opened_at_ms: None,
        };
        let stored = StoredShareLink { link: link.clone(), diagnosis: diagnosis.id, frozen, password };
        let along = [Along::Event { investigation, actor, kind: &EventKind::ShareLinkMade }];
        self.inner.store.insert_share_link(&stored, &secret.hash(), &along).await?;
        Ok(NewShareLink { link, secret: secret.as_str().to_owned() })
    }

    /// All links to an investigation, newest first; their secrets are not known any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn share_links(&self, investigation: &str) -> Result<Vec<ShareLink>, Problem> {
        Ok(self.inner.store.share_links(investigation).await?)
    }

    /// Ends a link for good.
    ///
    /// # Errors
    /// `NotFound` without such a link.
    pub async fn revoke_share(&self, link_id: &str, actor: &Actor) -> Result<ShareLink, Problem> {
        let link = self.inner.store.share_link(link_id).await?;
        let link = link.ok_or_else(|| Problem::not_found("There is no such share link."))?;
        if link.revoked_at_ms.is_none() {
            let investigation = &link.investigation;
            let along = [Along::Event { investigation, actor, kind: &EventKind::ShareLinkRevoked }];
            self.inner.store.revoke_share_link(link_id, &along).await?;
        }
        let link = self.inner.store.share_link(link_id).await?;
        link.ok_or_else(|| Problem::not_found("There is no such share link."))
    }

    /// The link with this secret, if it leads to this investigation and still works.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn link_with(&self, secret: &str, investigation: &str) -> Result<Option<ShareLink>, Problem> {
        let stored = self.working(secret).await?;
        Ok(stored.map(|stored| stored.link).filter(|link| link.investigation == investigation))
    }

    async fn working(&self, secret: &str) -> Result<Option<StoredShareLink>, Problem> {
        let stored = self.inner.store.share_link_by_hash(&hash_of(secret)).await?;
        let now = now_ms();
        Ok(stored
            .filter(|stored| stored.link.revoked_at_ms.is_none())
            .filter(|stored| stored.link.expires_at_ms.is_none_or(|end| now < end)))
    }

    /// What the link with this secret shows.
    ///
    /// # Errors
    /// `NotFound`, in the same words whether the link never was, has expired or was revoked: a guesser learns nothing.
    pub async fn shared(&self, secret: &str) -> Result<SharedView, Problem> {
        let stored = self.working(secret).await?.ok_or_else(no_link)?;
        if stored.link.shows == LinkShows::Live {
            return self.as_it_is(stored.link).await;
        }
        let diagnosis = self.diagnosis_by_id(&stored.diagnosis).await?;
        // A mute that ends later still holds in what was frozen.
        let diagnosis = muted(diagnosis, &stored.frozen.mutes, stored.link.created_at_ms);
        let diagnosis = decided(diagnosis, &stored.frozen.decisions);
        Ok(SharedView { link: stored.link, investigation: stored.frozen, diagnosis })
    }

    /// What there is now, for a link that shows that.
    async fn as_it_is(&self, link: ShareLink) -> Result<SharedView, Problem> {
        let investigation = self.investigation(&link.investigation).await?;
        let diagnosis = self.shown_diagnosis(&link.investigation).await?;
        let diagnosis =
            diagnosis.ok_or_else(|| Problem::not_found("There is nothing to see yet: the checks are running."))?;
        Ok(SharedView { link, investigation, diagnosis })
    }

    /// What stands between the holder of a link and what it shows. `proof` is what [`Service::unlock_share`] gave.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn share_door(&self, secret: &str, proof: &str) -> Result<ShareDoor, Problem> {
        let Some(stored) = self.working(secret).await? else { return Ok(ShareDoor::None) };
        Ok(match &stored.password {
            Some(hash) if proof_of(secret, hash) != proof => ShareDoor::Locked,
            Some(_) | None => ShareDoor::Open {
                link: stored.link.id,
                preview: (stored.link.preview == LinkPreview::Map).then_some(stored.frozen.title),
            },
        })
    }

    /// Proves that somebody knows the password of a link; the proof holds as long as the link has that password.
    ///
    /// # Errors
    /// `Forbidden` with another password, `TooManyTries` after some; `NotFound` as for [`Service::shared`].
    pub async fn unlock_share(&self, secret: &str, password: &str, client: &Client) -> Result<String, Problem> {
        let Some(stored) = self.working(secret).await? else {
            self.note_refused_link(secret, None, client);
            return Err(no_link());
        };
        let Some(hash) = stored.password else { return Ok(String::new()) };
        let keys = [Key::Link(&stored.link.id), Key::Address(&client.address)];
        self.begin_try(&keys)?;
        let (typed, known) = (password.to_owned(), hash.clone());
        if self.hashing(move || identity::verify(&typed, &known)).await? {
            self.tried_well(&keys);
            return Ok(proof_of(secret, &hash));
        }
        self.note_refused_link(secret, Some(WhyRefused::WrongPassword), client);
        Err(Problem::new(ProblemKind::Forbidden, "This is not the password of the link. Ask whoever sent it to you."))
    }

    /// Counts that somebody opened a link.
    pub async fn count_opening(&self, link: &str) {
        self.inner.store.count_opening(link).await;
    }

    async fn hashed_link_password(&self, password: &str) -> Result<PasswordHash, Problem> {
        identity::check(password, &[])?;
        let password = password.to_owned();
        self.hashing(move || identity::hash(&password)).await
    }
}

/// What stands between the holder of a link and what it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShareDoor {
    /// There is no such link, or it does not work any more.
    None,
    /// It asks for its password.
    Locked,
    Open {
        link: String,
        /// The title, where a chat may show it.
        preview: Option<String>,
    },
}

/// Only who has the link and this server can make it.
fn proof_of(secret: &str, hash: &PasswordHash) -> String {
    hash_of(&format!("{secret}\n{}", hash.0))
}

/// The same whether a link never was, has expired or was revoked.
pub fn no_link() -> Problem {
    Problem::not_found("This link shows nothing: it may have expired or been revoked. Ask for a new one.")
}
