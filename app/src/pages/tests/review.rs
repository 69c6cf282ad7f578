//! The review: hypotheses, evidence and the incident, for whoever may change them and through a link.

use domain::Actor;
use domain::evidence::{Evidence, EvidenceLink, Exhibit, Piece, Pinned, Stance};
use domain::finding::EvidenceLine;
use domain::incident::{FollowUp, Incident, IncidentLink, Severity};
use domain::investigation::InvestigationState;
use domain::own_hypothesis::OwnHypothesis;
use domain::related::{Related, RelatedBy};

use super::super::pin::{Pin, PinProps};
use domain::closing::Template;

use super::super::review::{Review, ReviewProps};
use super::html::Html;
use super::{HOSTILE, opened, rendered, shared};
use crate::api::investigations::{Opened, Reviewed};

/// No name has become an element, and every element is closed.
fn is_safe(page: &Html) {
    assert!(!page.0.contains("<img") && page.broken().is_none(), "{:?} {}", page.broken(), page.0);
}

fn with_a_piece(mut opened: Opened) -> (Opened, Vec<Piece>) {
    let own = OwnHypothesis { id: "own".into(), statement: HOSTILE.into(), author: Actor::Anonymous, at_ms: 0 };
    let evidence = Evidence {
        id: "piece".into(),
        title: HOSTILE.into(),
        pinned: Pinned::Rows { rows: "serve;c.car_value~m".into() },
        inputs: Vec::new(),
        sha256: "0123456789abcdef".into(),
        caption: HOSTILE.into(),
        links: vec![EvidenceLink { hypothesis: own.key(), stance: Stance::Against }],
        author: Actor::named(HOSTILE).unwrap(),
        at_ms: 0,
    };
    opened.investigation.hypotheses = vec![own];
    opened.investigation.evidence = vec![evidence.clone()];
    opened.investigation.incident = Incident {
        severity: Some(Severity::Critical),
        assignee: Actor::named(HOSTILE).unwrap(),
        started_at_ms: Some(0),
        resolved_at_ms: Some(3_600_000),
        links: vec![IncidentLink { words: HOSTILE.into(), url: format!("https://x.example/{HOSTILE}") }],
        ..Incident::default()
    };
    opened.investigation.follow_ups = vec![FollowUp {
        id: "task".into(),
        task: HOSTILE.into(),
        owner: Actor::Anonymous,
        due: Some("1970-01-01".into()),
        done_at_ms: None,
        author: Actor::Anonymous,
        at_ms: 0,
    }];
    let exhibit = Exhibit {
        title: HOSTILE.into(),
        summary: HOSTILE.into(),
        mark: None,
        lines: vec![EvidenceLine { label: HOSTILE.into(), value: HOSTILE.into() }],
        table: None,
        scene: None,
    };
    (opened, vec![Piece { evidence, exhibit }])
}

#[test]
fn what_people_pinned_and_said_stands_there_and_none_of_it_is_markup() {
    let (opened, pieces) = with_a_piece(opened());
    let related = vec![Related {
        id: "other".into(),
        title: HOSTILE.into(),
        model: HOSTILE.into(),
        state: InvestigationState::Closed,
        verdict: Some(HOSTILE.into()),
        by: RelatedBy::Suspect { statement: HOSTILE.into() },
    }];
    let page = rendered(|| {
        Review(ReviewProps { opened, reviewed: Reviewed { pieces, related }, template: Some(Template::Data) })
    });
    is_safe(&page);
    assert!(page.section("close").contains("[Who changed what upstream"), "{}", page.section("close"));
    assert!(page.section("related").contains("decided there too"));
    let text = page.section("evidence");
    assert!(text.contains("Against") && text.contains("SHA-256 0123456789ab"), "{text}");
    assert!(page.section("hypotheses").contains("evidence 1"), "{}", page.section("hypotheses"));
    assert!(page.0.contains("SEV 1, critical") && page.0.contains("1 hour after it began"));
    assert!(page.section("follow-ups").contains("overdue"));
    let offered = "<option value=\"unit_scale(car_value)\"";
    assert!(page.0.contains(offered), "the suspects are offered as causes: {}", page.0);
}

#[test]
fn through_a_link_nothing_can_be_changed_or_pinned() {
    let (opened, pieces) = with_a_piece(shared());
    let reviewed = Reviewed { pieces, related: Vec::new() };
    let page = rendered(|| Review(ReviewProps { opened, reviewed, template: None }));
    is_safe(&page);
    assert!(!page.0.contains("method=\"post\"") && !page.0.contains("class=\"pin\""), "{}", page.0);
    assert!(page.section("evidence").contains("SHA-256"));
}

#[test]
fn what_would_be_pinned_is_shown_with_what_it_may_speak_for() {
    let (opened, pieces) = with_a_piece(opened());
    let pinned = Pinned::Rows { rows: "serve;c.car_value~m".into() };
    let exhibit = pieces.into_iter().next().unwrap().exhibit;
    let page = rendered(|| Pin(PinProps { opened, pinned, exhibit }));
    is_safe(&page);
    assert!(page.0.contains("name=\"on:own:own\"") && page.0.contains("rows=serve%3Bc.car_value~m"), "{}", page.0);
}
