//! How an investigation was closed, and how it was closed before it was opened again.

use crate::Actor;
use crate::closing::Closing;
use crate::event::EventKind;
use crate::investigation::{Investigation, InvestigationState};

/// A closing with who said it and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conclusion {
    pub closing: Closing,
    pub author: Actor,
    /// Milliseconds since 1970-01-01 UTC.
    pub at_ms: i64,
}

impl Investigation {
    /// How it was closed; none while it is open.
    pub fn conclusion(&self) -> Option<Conclusion> {
        let is_closed = self.state == InvestigationState::Closed;
        self.conclusions().pop().filter(|_| is_closed)
    }

    /// How it was closed before it was opened again, oldest first.
    pub fn earlier_conclusions(&self) -> Vec<Conclusion> {
        let mut all = self.conclusions();
        if self.state == InvestigationState::Closed {
            all.pop();
        }
        all
    }

    /// Whether it was opened again because its cause was found again, and nobody closed it since.
    pub fn is_regressed(&self) -> bool {
        let moves = self.events.iter().rev().find_map(|event| match event.kind {
            EventKind::Regressed { .. } => Some(true),
            EventKind::Closed { .. } | EventKind::Reopened => Some(false),
            _ => None,
        });
        self.state == InvestigationState::Open && moves == Some(true)
    }

    fn conclusions(&self) -> Vec<Conclusion> {
        let closed = self.events.iter().filter_map(|event| match &event.kind {
            EventKind::Closed { closing } => {
                Some(Conclusion { closing: closing.clone(), author: event.author.clone(), at_ms: event.at_ms })
            }
            _ => None,
        });
        closed.collect()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::event::Event;

    fn closed(verdict: &str, at_ms: i64) -> Event {
        let said = Closing { verdict: verdict.into(), ..Closing::default() };
        Event { at_ms, author: Actor::named("Ada").unwrap(), kind: EventKind::Closed { closing: said } }
    }

    fn investigation(state: InvestigationState) -> Investigation {
        let bare = json!({
            "id": "1", "title": "x", "model": "", "symptoms": [], "state": "open", "inputs": [], "roles": {}, "statuses": [],
            "notes": [], "events": [], "created_at_ms": 0, "updated_at_ms": 0
        });
        let reopened = Event { at_ms: 2, author: Actor::Anonymous, kind: EventKind::Reopened };
        Investigation {
            state,
            events: vec![closed("cents", 1), reopened, closed("euros", 3)],
            ..serde_json::from_value(bare).unwrap()
        }
    }

    #[test]
    fn it_is_regressed_until_somebody_closes_it() {
        let kind = EventKind::Regressed { investigation: "2".into(), title: "May".into(), statement: "cents".into() };
        let found_again = Event { at_ms: 4, author: Actor::Anonymous, kind };
        let mut again = investigation(InvestigationState::Open);
        assert!(!again.is_regressed());
        again.events.push(found_again);
        assert!(again.is_regressed());
        again.events.push(closed("cents again", 5));
        again.state = InvestigationState::Closed;
        assert!(!again.is_regressed());
    }

    #[test]
    fn the_last_closing_holds_while_it_is_closed_and_is_an_earlier_one_afterwards() {
        let verdicts = |all: Vec<Conclusion>| all.into_iter().map(|one| one.closing.verdict).collect::<Vec<_>>();
        let now = investigation(InvestigationState::Closed);
        assert_eq!(now.conclusion().map(|one| (one.closing.verdict, one.at_ms)), Some(("euros".into(), 3)));
        assert_eq!(verdicts(now.earlier_conclusions()), ["cents"]);
        let again = investigation(InvestigationState::Open);
        assert_eq!(
            (again.conclusion(), verdicts(again.earlier_conclusions())),
            (None, vec!["cents".into(), "euros".into()])
        );
    }
}
