//! An investigation from elsewhere, with all that was said there, in one transaction.

use std::collections::BTreeMap;

use domain::SnapshotRole;
use domain::investigation::{Investigation, NewInvestigation};

use super::along::write_along;
use super::decisions::put_decision;
use super::events::put_event;
use super::evidence::put_evidence;
use super::hypotheses::put_hypothesis;
use super::incidents::put_follow_up;
use super::investigations::put_investigation;
use super::mutes::put_mute;
use super::people::{put_note, put_status};
use super::{Along, Result, Store, to_json, to_word};

impl Store {
    /// `exhibits` are what its pieces of evidence froze, by their ids.
    pub async fn insert_imported(
        &self,
        new: &Investigation,
        inputs: &[(SnapshotRole, String)],
        exhibits: &BTreeMap<String, String>,
        along: &[Along<'_>],
    ) -> Result<()> {
        let opened = NewInvestigation {
            title: new.title.clone(),
            model: new.model.clone(),
            symptoms: new.symptoms.clone(),
            inputs: inputs.to_vec(),
            roles: new.roles.clone(),
            threshold: new.threshold,
            author: new.owner.clone(),
        };
        let id = new.id.as_str();
        let mut transaction = self.writers.begin().await?;
        put_investigation(&mut transaction, id, &opened, new.created_at_ms).await?;
        sqlx::query(
            "update investigations
             set state = $2, positive = $3, verdict = $4, archived_at_ms = $5, incident = $6 where id = $1",
        )
        .bind(id)
        .bind(to_word("investigation state", &new.state)?)
        .bind(&new.positive)
        .bind(&new.verdict)
        .bind(new.archived_at_ms)
        .bind(to_json("incident", &new.incident)?)
        .execute(&mut *transaction)
        .await?;
        for status in &new.statuses {
            put_status(&mut transaction, id, status).await?;
        }
        for mute in &new.mutes {
            put_mute(&mut transaction, id, mute).await?;
        }
        for decision in &new.decisions {
            put_decision(&mut transaction, id, decision).await?;
        }
        for hypothesis in &new.hypotheses {
            put_hypothesis(&mut transaction, id, hypothesis).await?;
        }
        for piece in &new.evidence {
            let exhibit = exhibits.get(&piece.id).map(String::as_str).unwrap_or_default();
            put_evidence(&mut transaction, id, piece, exhibit).await?;
        }
        for follow_up in &new.follow_ups {
            put_follow_up(&mut transaction, id, follow_up).await?;
        }
        for note in &new.notes {
            put_note(&mut transaction, id, note).await?;
        }
        for event in &new.events {
            put_event(&mut transaction, id, event).await?;
        }
        write_along(&mut transaction, along).await?;
        Ok(transaction.commit().await?)
    }
}
