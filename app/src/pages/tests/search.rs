//! The search over everything: what it finds, in which order, and what it never shows.

use domain::Actor;
use domain::investigation::{InvestigationState, InvestigationSummary};
use domain::reachable::{OpenedOne, Reachable};

use super::super::search::{Found, FoundProps, HitOptions, HitOptionsProps};
use super::{HOSTILE, Html, hostile, opened, rendered, shared};
use crate::address::Place;
use crate::api::investigations::Opened;
use crate::search::{Hit, Hits, Kind, hits, words};

fn reachable(opened: &Opened, investigations: Vec<InvestigationSummary>) -> Reachable {
    let one = OpenedOne { title: opened.investigation.title.clone(), diagnosis: opened.diagnosis.clone() };
    Reachable { opened: Some(one), investigations }
}

fn other(title: &str) -> InvestigationSummary {
    InvestigationSummary {
        id: "other".into(),
        title: title.into(),
        model: "fraud".into(),
        symptoms: Vec::new(),
        state: InvestigationState::Closed,
        owner: Actor::Anonymous,
        archived_at_ms: None,
        verdict: None,
        created_at_ms: 0,
        updated_at_ms: 0,
        diagnosis: None,
        job: None,
    }
}

fn found(opened: &Opened, text: &str) -> Hits {
    hits(Some(&opened.place), &reachable(opened, vec![other("Latency rose")]), &words(text))
}

fn titles(hits: &Hits, kind: Kind) -> Vec<&str> {
    hits.shown.iter().filter(|hit| hit.kind == kind).map(|hit| hit.title.as_str()).collect()
}

#[test]
fn without_words_the_pages_are_offered_and_what_was_changed_last() {
    let opened = opened();
    let rest = found(&opened, "  ");
    let pages = titles(&rest, Kind::Page);
    for page in
        ["Map", "Compare", "Evaluation", "Inputs", "Report", "Layer 1: Data", "Reference", "Start an investigation"]
    {
        assert!(pages.contains(&page), "{page}: {pages:?}");
    }
    assert_eq!(titles(&rest, Kind::Investigation), ["Latency rose"]);
    let nowhere = hits(None, &Reachable::default(), &[]);
    assert_eq!(
        titles(&nowhere, Kind::Page),
        ["Investigations", "Models", "This week", "Reference", "Start an investigation", "Stored files"]
    );
}

#[test]
fn a_column_comes_first_when_it_is_named_and_leads_to_its_comparison() {
    let opened = opened();
    let found = found(&opened, "CAR_value");
    let first = &found.shown[0];
    assert_eq!((first.kind, first.title.as_str()), (Kind::Column, "car_value"));
    assert_eq!(first.href, opened.place.column("car_value"));
    let finding = found.shown.iter().find(|hit| hit.kind == Kind::Finding).unwrap();
    assert!(finding.title.contains("car_value") && finding.href.contains("?finding="), "{finding:?}");
}

#[test]
fn checks_items_and_investigations_are_found_by_what_they_are_about() {
    let opened = opened();
    let leak = found(&opened, "label leak");
    assert!(titles(&leak, Kind::Item).iter().any(|title| title.starts_with("D4")), "{leak:?}");
    assert!(!titles(&leak, Kind::Check).is_empty(), "{leak:?}");
    assert_eq!(titles(&found(&opened, "f2"), Kind::Item).len(), 1);
    // The database found it, by words that are in its notes.
    assert_eq!(titles(&found(&opened, "exporter"), Kind::Investigation), ["Latency rose"]);
}

#[test]
fn through_a_link_nothing_else_is_offered() {
    let shared = shared();
    for text in ["", "latency", "label", "reference", "inputs", "start"] {
        let found = found(&shared, text);
        let outside: Vec<&Hit> = found.shown.iter().filter(|hit| !hit.href.starts_with("/s/secret")).collect();
        assert!(outside.is_empty(), "{text}: {outside:?}");
        assert!(!found.shown.iter().any(|hit| hit.href.contains("/inputs")), "{text}: {found:?}");
    }
    assert_eq!(found(&shared, "car_value").shown[0].href, shared.place.column("car_value"));
}

#[test]
fn a_search_shows_a_bounded_part_and_says_of_how_much() {
    let opened = opened();
    let many = found(&opened, "a");
    assert!(many.shown.len() <= 24 && many.all > many.shown.len(), "{}", many.all);
    assert_eq!(many.count_words(), format!("The best {} of {} results", many.shown.len(), many.all));
    assert_eq!(hits(None, &Reachable::default(), &words("zzzzzz")).count_words(), "Nothing matches.");
    assert_eq!(words(&format!("a\0b\u{7f} {}", "c ".repeat(500))).len(), 6);
    assert!(words(&"x".repeat(10_000))[0].len() <= 200);
}

#[test]
fn names_from_strangers_are_text() {
    let opened = hostile();
    let place = Some(opened.place.clone());
    let page = rendered(|| {
        let found = hits(place.as_ref(), &reachable(&opened, vec![other(HOSTILE)]), &words("img"));
        Found(FoundProps { place, text: HOSTILE.into(), found })
    });
    assert!(page.texts_of("hit-title").contains(&HOSTILE.to_owned()), "{}", page.0);
    let options = options(&opened, "onerror");
    assert!(options.texts_of("hit-title").contains(&HOSTILE.to_owned()), "{}", options.0);
}

fn options(opened: &Opened, text: &str) -> Html {
    let reachable = reachable(opened, vec![other(HOSTILE)]);
    let (place, text) = (Some(opened.place.clone()), text.to_owned());
    rendered(|| HitOptions(HitOptionsProps { place, reachable, text }))
}

#[test]
fn options_have_ids_and_none_is_chosen_yet() {
    let html = options(&opened(), "map");
    assert!(html.0.contains("id=\"hit-0\"") && html.0.contains("data-count="), "{}", html.0);
    assert!(!html.0.contains("aria-selected=\"true\"") && !html.0.contains(" hidden"), "{}", html.0);
    let none = options(&opened(), "zzzzzz zzzzzz");
    // The database says that the other investigation fits; nothing on this page does.
    assert_eq!(none.texts_of("hit-title"), [HOSTILE]);
    assert_eq!(Place::palette_of(Some(&opened().place)), "/palette?in=demo&q=");
}
