//! What can happen in an investigation, and the sentence for it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::inputs::{self, InputChange};
use crate::clock::{Moment, end_of_day};
use crate::closing::Closing;
use crate::decision::Ruling;
use crate::incident::Severity;
use crate::number::counted;
use crate::status::Status;
use crate::symptom::Symptom;
use crate::{Actor, DetectorId, Finding, Item};

/// Findings of one event that its sentence names.
const NAMED_AT_ONCE: usize = 3;

/// What happened. A field is never called `at_ms`, `author` or `text`: in JSON these stand next to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventKind {
    Opened,
    InputsChanged {
        /// Empty in events of versions that did not record them.
        changes: Vec<InputChange>,
    },
    ItemMarked {
        item: Item,
        status: Status,
        reason: Reason,
    },
    NoteAdded,
    Closed {
        #[serde(flatten)]
        #[schema(inline)]
        closing: Closing,
    },
    Reopened,
    /// What it is called or about was changed: what was not, is null.
    Edited {
        #[serde(default)]
        title: Option<String>,
        /// May be empty.
        #[serde(default)]
        model: Option<String>,
        #[serde(default)]
        #[schema(value_type = Option<Vec<String>>)]
        symptoms: Option<Vec<Symptom>>,
    },
    Archived,
    Unarchived,
    FindingMuted {
        finding: NamedFinding,
        reason: Reason,
    },
    /// Several at once, for one reason.
    FindingsMuted {
        findings: Vec<NamedFinding>,
        reason: Reason,
    },
    FindingUnmuted {
        finding: NamedFinding,
    },
    SuspectDecided {
        /// What the suspect said.
        statement: String,
        ruling: Ruling,
        reason: Reason,
    },
    DecisionTakenBack {
        /// What the suspect said.
        statement: String,
    },
    /// The confirmed cause of this closed investigation was found again in newer data of its model.
    Regressed {
        /// The id of the investigation in which it was found.
        investigation: String,
        title: String,
        /// What the suspect says there.
        statement: String,
    },
    /// It was exported, here or elsewhere, and opened again as a new one.
    Imported {
        /// When it was exported, in milliseconds since 1970-01-01 UTC.
        exported_at_ms: i64,
    },
    HypothesisAdded {
        statement: String,
    },
    EvidencePinned {
        /// What the piece of evidence states.
        title: String,
        /// May be empty.
        caption: String,
    },
    EvidenceRemoved {
        title: String,
    },
    /// What is said about the incident was changed.
    IncidentChanged {
        /// The severity now; null where it is open.
        severity: Option<Severity>,
        /// Who cares for it now.
        #[schema(value_type = String)]
        assignee: Actor,
    },
    FollowUpAdded {
        task: String,
        #[schema(value_type = String)]
        owner: Actor,
    },
    FollowUpDone {
        task: String,
    },
    FollowUpOpened {
        task: String,
    },
    /// Something that people enter themselves: a deploy, an alert, a phone call.
    Happened {
        what: String,
        /// When, in milliseconds since 1970-01-01 UTC.
        happened_at_ms: i64,
    },
    ShareLinkMade,
    ShareLinkRevoked,
    /// A sentence of an earlier version that none of the other kinds says exactly.
    Legacy {
        words: String,
    },
}

/// Why, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct Reason {
    /// May be empty.
    pub note: String,
    /// The last day (UTC) on which it holds, such as `2026-03-31`; null for no end.
    #[serde(default)]
    pub until: Option<String>,
}

impl Reason {
    /// `until_ms` is the last moment (milliseconds since 1970-01-01 UTC) of which the day is kept.
    pub fn new(note: &str, until_ms: Option<i64>) -> Reason {
        let day = |until: i64| Moment::from_ms(until).rfc3339().chars().take_while(|one| *one != 'T').collect();
        Reason { note: note.to_owned(), until: until_ms.map(day) }
    }

    pub(super) fn words(&self) -> String {
        // A year of five digits stays as it is.
        let day = |iso: &String| end_of_day(iso).map_or_else(|| iso.clone(), |end| Moment::from_ms(end).date());
        let until = self.until.as_ref().map_or_else(String::new, |iso| format!(" until {}", day(iso)));
        let separator = if self.note.is_empty() { "" } else { ": " };
        format!("{until}{separator}{}", self.note)
    }
}

/// A finding as the timeline names it, whatever later diagnoses find.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "known_by", rename_all = "snake_case")]
pub enum NamedFinding {
    Detector {
        /// The finding's id; null in events of versions that did not record it.
        #[serde(default)]
        id: Option<String>,
        detector: DetectorId,
        columns: Vec<String>,
        /// What the finding said; null in events of versions that did not record it.
        #[serde(default)]
        statement: Option<String>,
    },
    /// The diagnosis at hand had no such finding.
    Id { id: String },
}

impl NamedFinding {
    pub fn of(finding: &Finding) -> NamedFinding {
        NamedFinding::Detector {
            id: Some(finding.id.clone()),
            detector: finding.detector.clone(),
            columns: finding.columns.clone(),
            statement: Some(finding.statement.clone()),
        }
    }

    fn words(&self) -> String {
        match self {
            NamedFinding::Detector { statement: Some(statement), .. } => format!("\u{201c}{statement}\u{201d}"),
            NamedFinding::Detector { detector, columns, .. } if columns.is_empty() => detector.to_string(),
            NamedFinding::Detector { detector, columns, .. } => format!("{detector} ({})", columns.join(", ")),
            NamedFinding::Id { id } => format!("the finding {id}"),
        }
    }
}

impl EventKind {
    /// The sentence, without its subject: `marked F2 as accepted until 31 May 2026: known since March`.
    pub fn words(&self) -> String {
        match self {
            EventKind::Opened => "opened the investigation".to_owned(),
            EventKind::InputsChanged { changes } => inputs::words(changes),
            EventKind::ItemMarked { item, status, reason } => {
                format!("marked {} as {}{}", item.code(), status.words(), reason.words())
            }
            EventKind::NoteAdded => "added a note".to_owned(),
            EventKind::SuspectDecided { statement, ruling, reason } => {
                format!("{} \u{201c}{statement}\u{201d}{}", ruling.words(), reason.words())
            }
            EventKind::DecisionTakenBack { statement } => {
                format!("took back what was decided about \u{201c}{statement}\u{201d}")
            }
            EventKind::Closed { closing } => {
                let more: String = closing.more().map(|(name, words)| format!(" {name}: {words}")).collect();
                format!("closed the investigation: {}{more}", closing.verdict)
            }
            EventKind::Reopened => "opened the investigation again".to_owned(),
            EventKind::Edited { title, model, symptoms } => edited(title.as_ref(), model.as_ref(), symptoms.as_ref()),
            EventKind::Archived => "archived the investigation".to_owned(),
            EventKind::Unarchived => "brought the investigation back from the archive".to_owned(),
            EventKind::FindingMuted { finding, reason } => format!("muted {}{}", finding.words(), reason.words()),
            EventKind::FindingsMuted { findings, reason } => {
                let named: Vec<String> = findings.iter().take(NAMED_AT_ONCE).map(NamedFinding::words).collect();
                let more = match findings.len().saturating_sub(named.len()) {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                let count = counted(findings.len() as u64, "finding");
                format!("muted {count} ({}{more}){}", named.join(", "), reason.words())
            }
            EventKind::FindingUnmuted { finding } => format!("unmuted {}", finding.words()),
            EventKind::Regressed { title, statement, .. } => {
                format!(
                    "opened the investigation again: its cause is back in \u{201c}{title}\u{201d} (\u{201c}{statement}\u{201d})"
                )
            }
            EventKind::Imported { exported_at_ms } => {
                format!("imported it, as it was exported on {} UTC", Moment::from_ms(*exported_at_ms).words())
            }
            EventKind::HypothesisAdded { statement } => format!("added the hypothesis \u{201c}{statement}\u{201d}"),
            EventKind::EvidencePinned { title, caption } => {
                let said = if caption.is_empty() { String::new() } else { format!(": {caption}") };
                format!("pinned \u{201c}{title}\u{201d}{said}")
            }
            EventKind::EvidenceRemoved { title } => format!("took \u{201c}{title}\u{201d} out of the evidence"),
            EventKind::IncidentChanged { severity, assignee } => {
                let severity = severity.map_or("no severity", Severity::words);
                let cares = match assignee {
                    Actor::Anonymous => "nobody in particular".to_owned(),
                    Actor::Named(_) => assignee.to_string(),
                };
                format!("updated the incident ({severity}; {cares} cares for it)")
            }
            EventKind::FollowUpAdded { task, owner } => match owner {
                Actor::Anonymous => format!("added the follow-up \u{201c}{task}\u{201d}"),
                Actor::Named(_) => format!("added the follow-up \u{201c}{task}\u{201d} for {owner}"),
            },
            EventKind::FollowUpDone { task } => format!("did \u{201c}{task}\u{201d}"),
            EventKind::FollowUpOpened { task } => format!("opened \u{201c}{task}\u{201d} again"),
            EventKind::Happened { what, happened_at_ms } => {
                format!("entered what happened at {}: {what}", crate::plot::format::time(*happened_at_ms))
            }
            EventKind::ShareLinkMade => "made a share link".to_owned(),
            EventKind::ShareLinkRevoked => "revoked a share link".to_owned(),
            EventKind::Legacy { words } => words.clone(),
        }
    }
}

fn edited(title: Option<&String>, model: Option<&String>, symptoms: Option<&Vec<Symptom>>) -> String {
    let title = title.map(|title| format!("renamed the investigation to \u{201c}{title}\u{201d}"));
    let model = model.map(|model| match model.as_str() {
        "" => "removed the model".to_owned(),
        model => format!("changed the model to {model}"),
    });
    let symptoms = symptoms.map(|symptoms| match symptoms.as_slice() {
        [] => "removed the symptoms".to_owned(),
        all => format!("changed the symptoms to {}", all.iter().map(Symptom::words).collect::<Vec<_>>().join(", ")),
    });
    [title, model, symptoms].into_iter().flatten().collect::<Vec<_>>().join(", ")
}
