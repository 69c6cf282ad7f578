//! Share links: whoever has the address sees the investigation as it was when the link was made, and can change nothing.

use std::sync::Arc;

use domain::event::EventKind;
use domain::investigation::{Investigation, NewShareLink, ShareLink};
use domain::{Actor, Diagnosis, Problem, ProblemKind};
use identity::{Secret, hash_of};

use crate::Service;
use crate::decisions::decided;
use crate::mutes::muted;
use crate::store::{Along, StoredShareLink, new_id, now_ms};

/// What a link shows: frozen when it was made.
#[derive(Debug, Clone)]
pub struct SharedView {
    pub link: ShareLink,
    pub investigation: Investigation,
    pub diagnosis: Arc<Diagnosis>,
}

impl Service {
    /// Makes a link to the investigation and its diagnosis as they are now.
    ///
    /// # Errors
    /// `NotFound` without such an investigation, `Conflict` before its first diagnosis, `BadInput` when the expiry is past.
    pub async fn share(
        &self,
        investigation: &str,
        expires_at_ms: Option<i64>,
        actor: &Actor,
    ) -> Result<NewShareLink, Problem> {
        let frozen = self.investigation(investigation).await?;
        let now = now_ms();
        if expires_at_ms.is_some_and(|end| end <= now) {
            return Err(Problem::bad_input("The link would have expired already. Pick a time in the future."));
        }
        let diagnosis = self.inner.store.latest_diagnosis(investigation).await?.ok_or_else(|| {
            Problem::new(
                ProblemKind::Conflict,
                "There is nothing to share yet: wait until the first diagnosis is done.",
            )
        })?;
        let secret = Secret::new("")?;
        let link = ShareLink {
            id: new_id(),
            investigation: investigation.to_owned(),
            created_at_ms: now,
            expires_at_ms,
            revoked_at_ms: None,
        };
        let stored = StoredShareLink { link: link.clone(), diagnosis: diagnosis.id, frozen };
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
        let stored = self.working(secret).await?.ok_or_else(|| {
            Problem::not_found("This link shows nothing: it may have expired or been revoked. Ask for a new one.")
        })?;
        let diagnosis = self.diagnosis_by_id(&stored.diagnosis).await?;
        // A mute that ends later still holds in what was frozen.
        let diagnosis = muted(diagnosis, &stored.frozen.mutes, stored.link.created_at_ms);
        let diagnosis = decided(diagnosis, &stored.frozen.decisions);
        Ok(SharedView { link: stored.link, investigation: stored.frozen, diagnosis })
    }
}
