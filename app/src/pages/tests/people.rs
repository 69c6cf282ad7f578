//! What people say and decide: names, verdicts, links, and the report.

use domain::Actor;
use domain::closing::Closing;
use domain::event::{Event, EventKind};
use domain::investigation::{InvestigationState, LinkShows, NewShareLink, ShareLink};
use leptos::prelude::*;

use super::super::map::{Map, MapProps};
use super::super::report::{Report, ReportProps};
use super::{HOSTILE, Html, opened, rendered, shared};
use crate::api::investigations::Opened;
use crate::components::triage::Asked;
use crate::visitor::{Origin, Signature};

fn map(opened: Opened) -> Html {
    rendered(|| Map(MapProps { opened, asked: Asked::default() }))
}

fn closed(state: InvestigationState) -> Opened {
    let mut opened = opened();
    let closing =
        Closing { verdict: HOSTILE.into(), cause: "the exporter".into(), done: "divided".into(), ..Closing::default() };
    let author = Actor::named("Grace").unwrap();
    opened.investigation.events.push(Event { at_ms: 1_711_444_320_000, author, kind: EventKind::Closed { closing } });
    opened.investigation.state = state;
    opened
}

#[test]
fn a_verdict_stands_on_top_with_what_was_done_and_is_an_earlier_one_once_it_is_open_again() {
    let page = map(closed(InvestigationState::Closed));
    let verdict = page.section("verdict");
    for words in [HOSTILE, "closed by Grace, 26 Mar 2024, 09:12", "the exporter", "What was done", "divided"] {
        assert!(verdict.contains(words), "{words}: {verdict}");
    }
    assert!(page.elements("button").contains(&"Reopen".to_owned()));
    let page = map(closed(InvestigationState::Open));
    assert!(page.texts_of("conclusion").is_empty());
    let earlier = page.section("earlier-verdict");
    assert!(earlier.contains(HOSTILE) && earlier.contains("by Grace") && earlier.contains("divided"), "{earlier}");
}

#[test]
fn a_name_that_is_known_is_shown_in_place_of_the_question() {
    let page = rendered(|| {
        provide_context(Signature::Given(Actor::named(HOSTILE).unwrap()));
        Map(MapProps { opened: opened(), asked: Asked::default() })
    });
    let signatures = page.texts_of("signature");
    assert!(signatures.len() > 3 && signatures.iter().all(|one| one.contains(HOSTILE) && one.contains("change")));
    let unknown = map(opened());
    assert!(unknown.texts_of("signature").is_empty() && !unknown.0.contains("name=\"signed\""));
}

#[test]
fn the_address_of_a_link_is_shown_to_whoever_made_it_and_to_nobody_else() {
    let link = |id: &str, revoked_at_ms| ShareLink {
        id: id.into(),
        investigation: "demo".into(),
        created_at_ms: 1_711_444_320_000,
        expires_at_ms: None,
        revoked_at_ms,
        shows: LinkShows::Live,
        preview: Default::default(),
        has_password: true,
        opened: 3,
        opened_at_ms: Some(1_711_444_320_000),
    };
    let mut opened = opened();
    opened.links = vec![link("new", None), link("old", None), link("gone", Some(1))];
    let others = map(opened.clone()).section("share");
    assert!(others.contains("only its hash is stored") && others.contains("1 expired or revoked"), "{others}");
    assert!(
        others.contains(", live") && others.contains("with a password") && others.contains("opened 3 times"),
        "{others}"
    );
    opened.links.truncate(1);
    opened.new_link = Some(NewShareLink { link: link("new", None), secret: "5ec4e7".into() });
    let page = rendered(|| {
        provide_context(Origin("http://localhost:3000".into()));
        Map(MapProps { opened, asked: Asked::default() })
    });
    assert!(page.section("share").contains("http://localhost:3000/s/5ec4e7"), "{}", page.section("share"));
    assert!(!page.section("share").contains("only its hash"), "nothing is lost yet");
}

#[test]
fn the_map_leads_to_the_report_and_the_report_to_its_files() {
    for (opened, address) in [(opened(), "/investigations/demo"), (shared(), "/s/secret")] {
        let page = map(opened.clone());
        for file in ["reports/report.md", "reports/report.html", "report#print"] {
            assert!(page.0.contains(&format!("href=\"{address}/{file}\"")), "{file}: {}", page.0);
        }
        let content = "<h2>Findings</h2>".to_owned();
        let report = rendered(|| Report(ReportProps { opened, content }));
        assert_eq!(report.elements("h1"), ["Report: Accuracy fell six points after the new pricing feed"]);
        assert!(report.texts_of("report")[0].contains("Findings"));
        assert!(report.0.contains(&format!("href=\"{address}/reports/report.md\"")), "{}", report.0);
    }
}
