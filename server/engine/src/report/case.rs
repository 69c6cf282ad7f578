//! What a report is written of: a diagnosis as it is shown, and, where it belongs to an investigation, what people know, said
//! and decided about it.

use domain::clock::Moment;
use domain::decision::{Decision, Ruling};
use domain::evidence::{Piece, Stance};
use domain::finding::EvidenceLine;
use domain::hypothesis::{Hypothesis, Source, hypotheses};
use domain::incident::{Severity, duration_words};
use domain::investigation::{HumanStatus, Investigation, InvestigationState};
use domain::mute::MuteNow;
use domain::symptom::Symptom;
use domain::{Actor, Diagnosis, Finding, Suspect};

use super::wording::no_suspect;

/// What a report is written of.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// With what people muted and decided, if they did.
    pub diagnosis: &'a Diagnosis,
    /// `None` for files that were diagnosed alone.
    pub case: Option<Case<'a>>,
}

/// The investigation that a diagnosis belongs to, at one moment.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    pub investigation: &'a Investigation,
    /// Its evidence, with what is frozen.
    pub pieces: &'a [Piece],
    /// The moment that the report shows, in milliseconds since 1970-01-01 UTC.
    pub as_of_ms: i64,
    /// Where the investigation can be opened, an address that is safe in a link; empty when nobody knows.
    pub address: &'a str,
}

impl<'a> From<&'a Diagnosis> for Report<'a> {
    fn from(diagnosis: &'a Diagnosis) -> Report<'a> {
        Report { diagnosis, case: None }
    }
}

/// What stands on top.
#[derive(Debug, Clone, Copy)]
pub enum Headline<'a> {
    /// People confirmed it.
    Cause(&'a Suspect, &'a Decision),
    Prime(&'a Suspect),
    /// Why there is no suspect.
    Nothing(&'static str),
}

impl<'a> Report<'a> {
    pub fn title(&self) -> &'a str {
        self.case.map_or("Diagnosis", |case| case.investigation.title.as_str())
    }

    pub fn headline(&self) -> Headline<'a> {
        match self.diagnosis.prime_suspect() {
            None => Headline::Nothing(no_suspect(self.diagnosis)),
            Some(suspect) => match self.diagnosis.decision_about(suspect) {
                Some(decision) if decision.ruling == Ruling::Confirmed => Headline::Cause(suspect, decision),
                Some(_) | None => Headline::Prime(suspect),
            },
        }
    }

    /// The suspects below the headline: those of what changed, and weaknesses that stood before.
    pub fn others(&self) -> (Vec<&'a Suspect>, Vec<&'a Suspect>) {
        let first = usize::from(self.diagnosis.prime_suspect().is_some());
        self.diagnosis.suspects.iter().skip(first).partition(|suspect| !suspect.standing)
    }

    /// What was decided about a suspect, as a line: `ruled out by Ada, 26 Mar 2026, 09:12 UTC: seen before`.
    pub fn decided(&self, suspect: &Suspect) -> Option<String> {
        self.diagnosis.decision_about(suspect).map(decided)
    }

    /// What was said when a finding was muted, and whether it still holds.
    pub fn muted(&self, finding: &Finding) -> Option<String> {
        self.diagnosis.mute_of(finding).map(muted)
    }

    /// The lines behind a finding. A pipeline's report, which is of files alone, stays short.
    pub fn evidence(&self, finding: &'a Finding) -> &'a [EvidenceLine] {
        if self.case.is_some() { &finding.evidence } else { &[] }
    }
}

impl Case<'_> {
    /// What it is about and as of when, as names and values.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let of = self.investigation;
        let state = match (of.state, of.archived_at_ms) {
            (InvestigationState::Open, None) => "open",
            (InvestigationState::Closed, None) => "closed",
            (InvestigationState::Open, Some(_)) => "open, archived",
            (InvestigationState::Closed, Some(_)) => "closed, archived",
        };
        let symptoms: Vec<&str> = of.symptoms.iter().map(Symptom::words).collect();
        let incident = &of.incident;
        let at = |ms: Option<i64>| ms.map(moment).unwrap_or_default();
        let since_begin = |duration: Option<i64>| {
            duration.map(|ms| format!(", {} after it began", duration_words(ms))).unwrap_or_default()
        };
        let facts = [
            ("Model", of.model.clone()),
            ("Reported", symptoms.join(", ")),
            ("State", state.to_owned()),
            ("Severity", incident.severity.map(Severity::words).unwrap_or_default().to_owned()),
            ("Cared for by", if incident.has_assignee() { incident.assignee.to_string() } else { String::new() }),
            ("Began", at(incident.started_at_ms)),
            ("Noticed", format!("{}{}", at(incident.detected_at_ms), since_begin(incident.time_to_detect_ms()))),
            ("Over", format!("{}{}", at(incident.resolved_at_ms), since_begin(incident.time_to_resolve_ms()))),
            ("Opened by", signed(&of.owner, of.created_at_ms)),
            ("This report shows", moment(self.as_of_ms)),
        ];
        facts.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// What may be the cause, as people treat it: those of which something was said.
    pub fn hypotheses(&self, diagnosis: &Diagnosis) -> Vec<Hypothesis> {
        let is_told = |one: &Hypothesis| {
            one.decision.is_some() || !one.evidence.is_empty() || matches!(one.source, Source::Person { .. })
        };
        hypotheses(self.investigation, Some(diagnosis)).into_iter().filter(is_told).collect()
    }

    /// The number, from 1, of a piece of evidence.
    pub fn number_of(&self, piece: &str) -> Option<usize> {
        self.pieces.iter().position(|one| one.evidence.id == piece).map(|place| place + 1)
    }

    /// `for: evidence 1 and 3; against: evidence 2`; empty without any.
    pub fn evidence_words(&self, hypothesis: &Hypothesis) -> String {
        let of = |stance: Stance| {
            let pieces = hypothesis.evidence.iter().filter(|(on, _)| *on == stance);
            let numbers: Vec<String> =
                pieces.filter_map(|(_, id)| self.number_of(id)).map(|number| number.to_string()).collect();
            (!numbers.is_empty()).then(|| format!("{}: evidence {}", stance.words().to_lowercase(), numbers.join(", ")))
        };
        Stance::ALL.into_iter().filter_map(of).collect::<Vec<_>>().join("; ")
    }

    /// What remains to be done, and what was done: `☐ add an alert (Ben, until 2026-04-01)`.
    pub fn follow_ups(&self) -> impl Iterator<Item = String> {
        self.investigation.follow_ups.iter().map(|one| {
            let owner = (one.owner != Actor::Anonymous).then(|| one.owner.to_string());
            let due = one.due.as_ref().map(|day| format!("until {day}"));
            let about: Vec<String> = [owner, due].into_iter().flatten().collect();
            let about = if about.is_empty() { String::new() } else { format!(" ({})", about.join(", ")) };
            let glyph = if one.done_at_ms.is_some() { "☑" } else { "☐" };
            format!("{glyph} {}{about}", one.task)
        })
    }

    /// What people said about items and still holds: `F2 confirmed by Ada, …: cents`.
    pub fn statuses(&self) -> impl Iterator<Item = String> {
        self.investigation.statuses.iter().filter(|status| status.holds(self.as_of_ms)).map(said)
    }
}

/// `Ada, 26 Mar 2026, 09:12 UTC`
pub fn signed(author: &Actor, at_ms: i64) -> String {
    format!("{author}, {}", moment(at_ms))
}

pub fn moment(at_ms: i64) -> String {
    format!("{} UTC", Moment::from_ms(at_ms).words())
}

/// `ruled out by Ada, 26 Mar 2026, 09:12 UTC: seen before`
pub fn decided(decision: &Decision) -> String {
    let by = signed(&decision.author, decision.at_ms);
    format!("{} by {by}{}", decision.ruling.words(), reason(&decision.note))
}

fn muted(now: &MuteNow) -> String {
    let mute = &now.mute;
    let until = mute.until_ms.map_or_else(|| "until it gets worse".to_owned(), |end| format!("until {}", moment(end)));
    let back = now.back.map_or_else(String::new, |back| format!(", active again because {}", back.words()));
    format!("muted by {}, {until}{back}{}", signed(&mute.author, mute.at_ms), reason(&mute.note))
}

fn said(status: &HumanStatus) -> String {
    let until = status.until_ms.map_or_else(String::new, |end| format!(", until {}", moment(end)));
    let by = signed(&status.author, status.at_ms);
    format!("{} {} by {by}{until}{}", status.item.code(), status.status.words(), reason(&status.note))
}

fn reason(note: &str) -> String {
    if note.is_empty() { String::new() } else { format!(": {note}") }
}
