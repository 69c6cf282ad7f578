//! Evidence: a view of the diagnosis, frozen when somebody pins it.

use std::sync::Arc;

use domain::event::EventKind;
use domain::evidence::{Evidence, Exhibit, FrozenInput, MOST_PIECES, Piece, Pinned, Remark};
use domain::investigation::Investigation;
use domain::selection::FlipsAsked;
use domain::{Actor, Diagnosis, Problem, ProblemKind, Selection};

use crate::Service;
use crate::blobs::sha256_hex;
use crate::said::text;
use crate::store::{Along, new_id, now_ms};

/// A frozen view as it is kept: a chart of ten thousand points is about a megabyte.
pub(crate) const EXHIBIT_BYTES: usize = 4_000_000;

/// Where a piece is put in the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    Up,
    Down,
    /// To this place, from 0.
    To(usize),
}

impl Service {
    /// What would be frozen if it were pinned now.
    ///
    /// # Errors
    /// `NotFound` without the investigation or where the diagnosis has no such thing, `Conflict` before the first diagnosis.
    pub async fn exhibit_of(&self, investigation: &str, pinned: &Pinned) -> Result<Exhibit, Problem> {
        let diagnosis = self.diagnosed(investigation).await?;
        self.seen(investigation, &diagnosis, pinned).await
    }

    /// Freezes a view and adds it to the evidence.
    ///
    /// # Errors
    /// As [`Service::exhibit_of`]; `Conflict` when the investigation is closed, `BadInput` where the remark names no
    /// hypothesis or there are too many pieces, `TooLarge` when the view is.
    pub async fn pin(
        &self,
        investigation: &str,
        pinned: Pinned,
        remark: &Remark,
        actor: &Actor,
    ) -> Result<Evidence, Problem> {
        self.require_open(investigation).await?;
        if self.inner.store.evidence(investigation).await?.len() >= MOST_PIECES {
            return Err(Problem::bad_input(format!(
                "An investigation holds at most {MOST_PIECES} pieces of evidence. Take some out first."
            )));
        }
        let remark = self.checked_remark(investigation, remark, &[]).await?;
        let diagnosis = self.diagnosed(investigation).await?;
        let exhibit = self.seen(investigation, &diagnosis, &pinned).await?;
        let json = serde_json::to_string(&exhibit).map_err(|error| Problem::internal(error.to_string()))?;
        if json.len() > EXHIBIT_BYTES {
            return Err(Problem::new(
                ProblemKind::TooLarge,
                "This view is too large to be kept. Narrow it, for example to one column or fewer bins, and pin it again.",
            ));
        }
        let inputs = diagnosis.inputs.iter().map(|input| FrozenInput {
            role: input.role,
            name: input.name.clone(),
            sha256: input.sha256.clone(),
        });
        let evidence = Evidence {
            id: new_id(),
            title: exhibit.title.clone(),
            pinned,
            inputs: inputs.collect(),
            sha256: sha256_hex(json.as_bytes()),
            caption: remark.caption,
            links: remark.links,
            author: actor.clone(),
            at_ms: now_ms(),
        };
        let kind = EventKind::EvidencePinned { title: evidence.title.clone(), caption: evidence.caption.clone() };
        let along = [Along::Event { investigation, actor, kind: &kind }];
        self.inner.store.insert_evidence(investigation, &evidence, &json, &along).await?;
        Ok(evidence)
    }

    /// Says something else about a piece of evidence. What is frozen stays as it is.
    ///
    /// # Errors
    /// `NotFound` without the piece, `BadInput` where the remark names no hypothesis, `Conflict` when the investigation is
    /// closed.
    pub async fn remark(&self, investigation: &str, id: &str, remark: &Remark) -> Result<(), Problem> {
        self.require_open(investigation).await?;
        let piece = self.piece(investigation, id).await?;
        let linked: Vec<String> = piece.links.iter().map(|link| link.hypothesis.clone()).collect();
        let remark = self.checked_remark(investigation, remark, &linked).await?;
        match self.inner.store.set_remark(investigation, id, &remark).await? {
            true => Ok(()),
            false => Err(no_piece()),
        }
    }

    /// Puts a piece elsewhere in the order.
    ///
    /// # Errors
    /// `NotFound` without the piece, `Conflict` when the investigation is closed.
    pub async fn move_evidence(&self, investigation: &str, id: &str, to: Move) -> Result<(), Problem> {
        self.require_open(investigation).await?;
        let pieces = self.inner.store.evidence(investigation).await?;
        let mut ids: Vec<String> = pieces.into_iter().map(|piece| piece.id).collect();
        let from = ids.iter().position(|one| one == id).ok_or_else(no_piece)?;
        let last = ids.len() - 1;
        let to = match to {
            Move::Up => from.saturating_sub(1),
            Move::Down => (from + 1).min(last),
            Move::To(place) => place.min(last),
        };
        if from == to {
            return Ok(());
        }
        let moved = ids.remove(from);
        ids.insert(to, moved);
        Ok(self.inner.store.order_evidence(investigation, &ids).await?)
    }

    /// Takes a piece out. Share links that were made before still show it.
    ///
    /// # Errors
    /// `NotFound` without the piece, `Conflict` when the investigation is closed.
    pub async fn unpin(&self, investigation: &str, id: &str, actor: &Actor) -> Result<(), Problem> {
        self.require_open(investigation).await?;
        let title = self.piece(investigation, id).await?.title;
        let along = [Along::Event { investigation, actor, kind: &EventKind::EvidenceRemoved { title } }];
        match self.inner.store.remove_evidence(investigation, id, &along).await? {
            true => Ok(()),
            false => Err(no_piece()),
        }
    }

    /// All pieces of an investigation as it is or was, with what is frozen.
    ///
    /// # Errors
    /// When one can't be read.
    pub async fn pieces(&self, of: &Investigation) -> Result<Vec<Piece>, Problem> {
        let mut pieces = Vec::with_capacity(of.evidence.len());
        for evidence in &of.evidence {
            pieces.push(Piece { exhibit: self.frozen(&of.id, &evidence.id).await?, evidence: evidence.clone() });
        }
        Ok(pieces)
    }

    /// What one piece of an investigation shows.
    ///
    /// # Errors
    /// `NotFound` where the investigation, as it is or was, has no such piece.
    pub async fn exhibit(&self, of: &Investigation, id: &str) -> Result<Exhibit, Problem> {
        if !of.evidence.iter().any(|piece| piece.id == id) {
            return Err(no_piece());
        }
        self.frozen(&of.id, id).await
    }

    async fn frozen(&self, investigation: &str, id: &str) -> Result<Exhibit, Problem> {
        let json = self.inner.store.exhibit(investigation, id).await?.ok_or_else(no_piece)?;
        serde_json::from_str(&json).map_err(|error| Problem::internal(format!("evidence {id} can't be read: {error}")))
    }

    async fn piece(&self, investigation: &str, id: &str) -> Result<Evidence, Problem> {
        let pieces = self.inner.store.evidence(investigation).await?;
        pieces.into_iter().find(|piece| piece.id == id).ok_or_else(no_piece)
    }

    async fn diagnosed(&self, investigation: &str) -> Result<Arc<Diagnosis>, Problem> {
        self.shown_diagnosis(investigation).await?.ok_or_else(|| {
            Problem::new(ProblemKind::Conflict, "There is nothing to pin yet: wait until the first diagnosis is done.")
        })
    }

    async fn seen(&self, investigation: &str, diagnosis: &Diagnosis, pinned: &Pinned) -> Result<Exhibit, Problem> {
        match pinned {
            Pinned::Rows { rows } => {
                let selection = marked(rows)?;
                let answer = self.explain_selection(investigation, &selection).await?;
                Ok(Exhibit::of_rows(&selection, &answer))
            }
            Pinned::Pair { x, y, side, rows } => {
                let marked = if rows.is_empty() { None } else { Some(marked(rows)?) };
                Exhibit::of_pair(&self.pair(investigation, x, y, marked.as_ref()).await?, *side)
            }
            Pinned::Flips { first, second } => {
                // What is kept names no single row.
                let asked = FlipsAsked { first: first.clone(), second: second.clone(), rows: 0 };
                Ok(Exhibit::of_flips(&self.flips(investigation, asked).await?))
            }
            Pinned::Chart { .. } | Pinned::Finding { .. } | Pinned::Metrics { .. } => Exhibit::of(diagnosis, pinned),
        }
    }

    /// A remark may keep what it was linked to, whatever later diagnoses found.
    async fn checked_remark(&self, investigation: &str, remark: &Remark, linked: &[String]) -> Result<Remark, Problem> {
        let caption = text("The caption", &remark.caption)?;
        let mut links = Vec::with_capacity(remark.links.len());
        for link in &remark.links {
            if !linked.contains(&link.hypothesis) {
                self.hypothesis(investigation, &link.hypothesis).await?;
            }
            if !links.contains(link) {
                links.push(link.clone());
            }
        }
        Ok(Remark { caption, links })
    }
}

fn marked(rows: &str) -> Result<Selection, Problem> {
    Selection::from_text(rows)
        .ok_or_else(|| Problem::bad_input("The address does not say which rows. Mark them again, then pin them."))
}

fn no_piece() -> Problem {
    Problem::not_found("There is no such piece of evidence. Somebody may have taken it out.")
}
