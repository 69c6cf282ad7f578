//! What people know of and accept: findings muted with their grounds, and the diagnosis as it is shown beside them.

use std::collections::BTreeSet;
use std::sync::Arc;

use checks::mutes::apply_mutes;
use domain::event::{EventKind, NamedFinding, Reason};
use domain::investigation::Grounds;
use domain::mute::Mute;
use domain::{Actor, Diagnosis, Finding, Problem, Verdict};

use crate::Service;
use crate::said::text;
use crate::store::{Along, now_ms};

impl Service {
    /// Mutes a finding of the last diagnosis until it gets worse or its time is over.
    ///
    /// # Errors
    /// `NotFound` without the finding, `BadInput` for one that says that all is well, `Conflict` when the investigation
    /// is closed.
    pub async fn mute(&self, investigation: &str, finding: &str, grounds: &Grounds) -> Result<(), Problem> {
        self.mute_all(investigation, &[finding], grounds).await
    }

    /// Mutes several findings of the last diagnosis for one reason: all of them, or none when one can't be muted.
    ///
    /// # Errors
    /// As [`Service::mute`].
    pub async fn mute_all(&self, investigation: &str, findings: &[&str], grounds: &Grounds) -> Result<(), Problem> {
        self.require_open(investigation).await?;
        let grounds = checked(grounds)?;
        let diagnosis = self.diagnosis(investigation).await?;
        let wanted: BTreeSet<&str> = findings.iter().copied().collect();
        let known = diagnosis.iter().flat_map(|diagnosis| &diagnosis.findings);
        let found: Vec<&Finding> = known.filter(|finding| wanted.contains(finding.id.as_str())).collect();
        if found.len() < wanted.len() {
            return Err(Problem::not_found(no_such_finding(wanted.len() - found.len(), wanted.len())));
        }
        if found.iter().any(|finding| finding.verdict < Verdict::Possible) {
            return Err(Problem::bad_input("This finding reports no problem, so there is nothing to mute."));
        }
        let reason = Reason::new(&grounds.note, grounds.until_ms);
        let mut named: Vec<NamedFinding> = found.iter().map(|finding| NamedFinding::of(finding)).collect();
        let kind = match (named.pop(), named.is_empty()) {
            (None, _) => return Ok(()),
            (Some(finding), true) => EventKind::FindingMuted { finding, reason },
            (Some(last), false) => {
                named.push(last);
                EventKind::FindingsMuted { findings: named, reason }
            }
        };
        let at_ms = now_ms();
        let mutes: Vec<Mute> = found.iter().map(|finding| mute_of(finding, &grounds, at_ms)).collect();
        let along = [Along::Event { investigation, actor: &grounds.author, kind: &kind }];
        Ok(self.inner.store.set_mutes(investigation, &mutes, &along).await?)
    }

    /// Takes a mute back.
    ///
    /// # Errors
    /// `NotFound` when the finding is not muted, `Conflict` when the investigation is closed.
    pub async fn unmute(&self, investigation: &str, finding: &str, actor: &Actor) -> Result<(), Problem> {
        self.require_open(investigation).await?;
        // Of a finding that a later diagnosis does not have, nothing but the id is left.
        let diagnosis = self.diagnosis(investigation).await?;
        let known = diagnosis.iter().flat_map(|diagnosis| &diagnosis.findings).find(|one| one.id == finding);
        let named = known.map_or_else(|| NamedFinding::Id { id: finding.to_owned() }, NamedFinding::of);
        let kind = EventKind::FindingUnmuted { finding: named };
        let along = [Along::Event { investigation, actor, kind: &kind }];
        if !self.inner.store.remove_mute(investigation, finding, &along).await? {
            return Err(Problem::not_found("This finding is not muted."));
        }
        Ok(())
    }
}

fn mute_of(finding: &Finding, grounds: &Grounds, at_ms: i64) -> Mute {
    Mute {
        finding: finding.id.clone(),
        item: finding.item,
        verdict: finding.verdict,
        over_threshold: finding.effect.over_threshold(),
        note: grounds.note.clone(),
        author: grounds.author.clone(),
        at_ms,
        until_ms: grounds.until_ms,
    }
}

fn no_such_finding(missing: usize, wanted: usize) -> String {
    let gone = "It may have disappeared when the checks ran again.";
    match wanted {
        1 => format!("The last diagnosis has no such finding. {gone}"),
        _ => {
            format!("The last diagnosis does not have {missing} of these {wanted} findings, so none was muted. {gone}")
        }
    }
}

/// The diagnosis itself, not a copy, where nothing is muted.
pub(crate) fn muted(diagnosis: Arc<Diagnosis>, mutes: &[Mute], now_ms: i64) -> Arc<Diagnosis> {
    if mutes.is_empty() { diagnosis } else { Arc::new(apply_mutes(&diagnosis, mutes, now_ms)) }
}

/// Grounds as they are kept.
pub(crate) fn checked(grounds: &Grounds) -> Result<Grounds, Problem> {
    if grounds.until_ms.is_some_and(|until| until <= now_ms()) {
        return Err(Problem::bad_input("That time is in the past. Choose a day in the future, or no end."));
    }
    Ok(Grounds { note: text("The note", &grounds.note)?, ..grounds.clone() })
}
