//! The sentences of versions that stored sentences, read back into kinds. They are the same that [`EventKind::words`]
//! writes, so that the caller can check that nothing was lost.

use super::kind::{EventKind, NamedFinding, Reason};
use crate::clock::{Moment, end_of_day};
use crate::closing::Closing;
use crate::status::Status;
use crate::{DetectorId, Item};

impl EventKind {
    /// The kind that a sentence of an earlier version reports; [`EventKind::Legacy`] when it is not exactly one of those.
    pub fn of_words(words: &str) -> EventKind {
        let kind = recognised(words).filter(|kind| kind.words() == words);
        kind.unwrap_or_else(|| EventKind::Legacy { words: words.to_owned() })
    }
}

fn recognised(words: &str) -> Option<EventKind> {
    match words {
        "opened the investigation" => return Some(EventKind::Opened),
        "changed the inputs" => return Some(EventKind::InputsChanged { changes: Vec::new() }),
        "added a note" => return Some(EventKind::NoteAdded),
        "opened the investigation again" => return Some(EventKind::Reopened),
        "made a share link" => return Some(EventKind::ShareLinkMade),
        "revoked a share link" => return Some(EventKind::ShareLinkRevoked),
        _ => {}
    }
    if let Some(verdict) = words.strip_prefix("closed the investigation: ") {
        return Some(EventKind::Closed { closing: Closing { verdict: verdict.to_owned(), ..Closing::default() } });
    }
    if let Some(rest) = words.strip_prefix("marked ") {
        let (code, rest) = rest.split_once(" as ")?;
        let (status, rest) = Status::ALL.iter().find_map(|one| Some((*one, rest.strip_prefix(one.words())?)))?;
        return Some(EventKind::ItemMarked { item: Item::from_code(code)?, status, reason: reason(rest)? });
    }
    if let Some(rest) = words.strip_prefix("muted ") {
        let (finding, rest) = finding(rest)?;
        return Some(EventKind::FindingMuted { finding, reason: reason(rest)? });
    }
    if let Some(id) = words.strip_prefix("unmuted the finding ") {
        let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let finding = NamedFinding::Id { id: id.to_owned() };
        return is_id.then_some(EventKind::FindingUnmuted { finding });
    }
    let (finding, rest) = finding(words.strip_prefix("unmuted ")?)?;
    rest.is_empty().then_some(EventKind::FindingUnmuted { finding })
}

/// `F2.range (amount)`, and what follows. A comma or a bracket in the columns leaves open which columns they were.
fn finding(words: &str) -> Option<(NamedFinding, &str)> {
    let end = words.find([' ', ':']).unwrap_or(words.len());
    let (detector, rest) = words.split_at(end);
    let (columns, rest) = match rest.strip_prefix(" (") {
        None => (Vec::new(), rest),
        Some(inside) => {
            let (columns, rest) = inside.split_once(')')?;
            (vec![columns.to_owned()], rest)
        }
    };
    let is_clear = detector.contains('.') && columns.iter().all(|name| !name.is_empty() && !name.contains([',', '(']));
    is_clear.then(|| {
        (NamedFinding::Detector { id: None, detector: DetectorId::of_text(detector), columns, statement: None }, rest)
    })
}

/// ` until 31 May 2026: known since March`, each half optional.
fn reason(words: &str) -> Option<Reason> {
    let (until, rest) = match words.strip_prefix(" until ") {
        None => (None, words),
        Some(rest) => {
            let (day, rest) = rest.split_at(rest.find(':').unwrap_or(rest.len()));
            (Some(iso_day(day)?), rest)
        }
    };
    let note = if rest.is_empty() { "" } else { rest.strip_prefix(": ").filter(|note| !note.is_empty())? };
    Some(Reason { note: note.to_owned(), until })
}

/// `2026-05-31` from `31 May 2026`.
fn iso_day(date: &str) -> Option<String> {
    let mut parts = date.split(' ');
    let (day, _, year) = (parts.next()?, parts.next()?, parts.next()?);
    (1..=12)
        .map(|month| format!("{year:0>4}-{month:02}-{day:0>2}"))
        .find(|iso| end_of_day(iso).is_some_and(|end| Moment::from_ms(end).date() == date))
}
