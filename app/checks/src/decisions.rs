//! What decisions do to a diagnosis: what is ruled out stands apart, and what is confirmed stands first.

use domain::decision::{Decision, Ruling};
use domain::{Diagnosis, Suspect};

/// The diagnosis as it is shown beside what people decided about its suspects. A decision about a suspect that is not there
/// says nothing; everything computed stays as it was computed.
pub fn apply_decisions(diagnosis: &Diagnosis, decisions: &[Decision]) -> Diagnosis {
    let mut view = diagnosis.clone();
    let of = |suspect: &Suspect| decisions.iter().find(|decision| decision.suspect == suspect.key());
    let is = |suspect: &Suspect, ruling: Ruling| of(suspect).is_some_and(|decision| decision.ruling == ruling);
    let all = std::mem::take(&mut view.suspects);
    view.decisions = all.iter().filter_map(|suspect| of(suspect).cloned()).collect();
    let (ruled_out, left): (Vec<Suspect>, Vec<Suspect>) =
        all.into_iter().partition(|suspect| is(suspect, Ruling::RuledOut));
    let (confirmed, open): (Vec<Suspect>, Vec<Suspect>) =
        left.into_iter().partition(|suspect| is(suspect, Ruling::Confirmed));
    view.suspects = confirmed.into_iter().chain(open).collect();
    view.ruled_out_suspects = ruled_out;
    view
}

#[cfg(test)]
mod tests {
    use domain::{Actor, Cause};

    use super::*;
    use crate::mutes::tests::diagnosis;

    fn decision(suspect: &Suspect, ruling: Ruling) -> Decision {
        Decision {
            suspect: suspect.key(),
            statement: suspect.statement.clone(),
            ruling,
            note: String::new(),
            author: Actor::named("Ada").expect("a name"),
            at_ms: 1,
        }
    }

    #[test]
    fn what_is_ruled_out_stands_apart_and_what_is_confirmed_stands_first() {
        let mut before = diagnosis();
        let other = Suspect { cause: Cause::NullSurge, rank: 2, ..before.suspects[0].clone() };
        before.suspects.push(other.clone());
        let first = before.suspects[0].clone();
        let without = apply_decisions(&before, &[decision(&first, Ruling::RuledOut)]);
        assert_eq!(without.prime_suspect(), Some(&other));
        assert_eq!(without.ruled_out_suspects, std::slice::from_ref(&first));
        let settled = apply_decisions(&before, &[decision(&other, Ruling::Confirmed)]);
        assert_eq!(settled.confirmed().map(|(suspect, _)| suspect).collect::<Vec<_>>(), [&other]);
        assert_eq!(settled.suspects, [other, first]);
    }

    #[test]
    fn a_decision_about_what_is_not_there_says_nothing() {
        let before = diagnosis();
        let gone = Suspect { columns: vec!["gone".into()], ..before.suspects[0].clone() };
        assert_eq!(apply_decisions(&before, &[decision(&gone, Ruling::RuledOut)]), before);
    }

    #[test]
    fn hypotheses_stand_by_how_far_people_are_with_them_and_outlive_their_suspects() {
        let mut found = diagnosis();
        let second = Suspect { cause: Cause::NullSurge, rank: 2, ..found.suspects[0].clone() };
        let standing = Suspect { cause: Cause::WrongMetric, rank: 3, standing: true, ..second.clone() };
        found.suspects.extend([second.clone(), standing]);
        let gone = Suspect { columns: vec!["gone".into()], ..second.clone() };
        let decisions = vec![decision(&found.suspects[0], Ruling::RuledOut), decision(&gone, Ruling::Supported)];
        let shown = apply_decisions(&found, &decisions);
        let bare = serde_json::json!({
            "id": "1", "title": "x", "model": "", "symptoms": [], "state": "open", "inputs": [], "roles": {}, "statuses": [],
            "notes": [], "events": [], "created_at_ms": 0, "updated_at_ms": 0,
            "hypotheses": [{"id": "7", "statement": "the exporter", "author": "Ada", "at_ms": 1}]
        });
        let mut investigation: domain::investigation::Investigation =
            serde_json::from_value(bare).expect("an investigation");
        investigation.decisions = decisions;
        let all = domain::hypothesis::hypotheses(&investigation, Some(&shown));
        let told: Vec<_> = all.iter().map(|one| (one.key.as_str(), one.state.words())).collect();
        // The standing weakness is none: nobody said anything about it.
        assert_eq!(
            told,
            [
                (gone.key().as_str(), "supported"),
                (second.key().as_str(), "open"),
                ("own:7", "open"),
                (found.suspects[0].key().as_str(), "ruled out"),
            ]
        );
        // Without a diagnosis, what was said is still there.
        assert_eq!(domain::hypothesis::hypotheses(&investigation, None).len(), 3);
    }
}
