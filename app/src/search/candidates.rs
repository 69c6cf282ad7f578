//! Everything that a search can find, each with where it leads.

use checks::detectors;
use domain::account::Role;
use domain::investigation::{InvestigationState, InvestigationSummary};
use domain::reachable::{OpenedOne, Reachable};
use domain::visitor::Visitor;
use domain::{Diagnosis, Item, Layer};

use super::{Hit, Kind};
use crate::address::{self, Place};
use crate::visitor::Reader;

/// Investigations that are offered before anything is searched.
const LATEST: usize = 5;

/// What may fit.
pub struct Candidate {
    pub hit: Hit,
    /// Searched as well, after the title.
    pub also: String,
    /// Whether the database says that it fits.
    pub is_found: bool,
}

impl From<Hit> for Candidate {
    fn from(hit: Hit) -> Candidate {
        Candidate { also: hit.about.clone(), hit, is_found: false }
    }
}

/// Everything that can be reached, kind by kind.
pub fn all(place: Option<&Place>, reachable: &Reachable) -> Vec<Candidate> {
    let mut all: Vec<Candidate> = pages(place, reachable).map(Candidate::from).collect();
    if let (Some(place), Some(opened)) = (place, &reachable.opened)
        && let Some(diagnosis) = &opened.diagnosis
    {
        all.extend(columns(place, diagnosis).map(Candidate::from));
        all.extend(findings(place, diagnosis));
    }
    if !is_shared(place) {
        all.extend(
            reachable.investigations.iter().map(|one| Candidate { is_found: true, ..investigation(one).into() }),
        );
        all.extend(items().map(Candidate::from));
        all.extend(checks().map(Candidate::from));
    }
    all
}

/// What is offered before anything is searched.
pub fn at_rest(place: Option<&Place>, reachable: &Reachable) -> Vec<Hit> {
    let here = place.map(Place::map);
    let latest = reachable.investigations.iter().map(investigation).filter(|hit| Some(&hit.href) != here.as_ref());
    let latest = if is_shared(place) { None } else { Some(latest.take(LATEST)) };
    pages(place, reachable).chain(latest.into_iter().flatten()).collect()
}

/// Who came by a share link sees nothing but what it shows.
fn is_shared(place: Option<&Place>) -> bool {
    place.is_some_and(Place::is_read_only)
}

fn pages(place: Option<&Place>, reachable: &Reachable) -> impl Iterator<Item = Hit> {
    let of_opened = place.zip(reachable.opened.as_ref()).map(|(place, opened)| pages_of(place, opened));
    let general = if is_shared(place) { Vec::new() } else { general() };
    of_opened.into_iter().flatten().chain(general)
}

/// The pages about no investigation that the reader may open.
fn general() -> Vec<Hit> {
    let reader = Reader::here();
    let has_account = matches!(reader, Visitor::SignedIn(_));
    let pages = [
        (true, "Investigations", "/", "all of them"),
        (true, "Models", "/models", "what arrived, and how each does"),
        (true, "This week", "/weekly", "all models next to the week before"),
        (true, "Reference", "/reference", "how every check decides"),
        (reader.may(Role::Editor), "Start an investigation", "/investigations/new", "add files"),
        (has_account, "Yours", "/yours", "what waits for you"),
        (has_account, "Your account", "/account", "password, sessions, tokens"),
        (has_account && reader.may(Role::Admin), "People", "/people", "accounts and invitations"),
        (reader.may(Role::Admin), "Stored files", "/files", "what is kept, and what uses it"),
        (has_account && reader.may(Role::Admin), "Audit log", "/audit", "what was done with accounts"),
    ];
    let open = pages.into_iter().filter(|(may, ..)| *may);
    open.map(|(_, title, href, about)| page(title, about, href.to_owned())).collect()
}

fn pages_of(place: &Place, opened: &OpenedOne) -> Vec<Hit> {
    let mut pages = vec![
        page("Map", &opened.title, place.map()),
        page("Compare", &opened.title, place.compare(&[])),
        page("Evaluation", &opened.title, place.evaluation(&[])),
    ];
    if !place.is_read_only() {
        pages.push(page("Inputs", &opened.title, place.inputs()));
    }
    pages.push(page("Review", &opened.title, place.review()));
    if opened.diagnosis.is_some() {
        pages.push(page("Report", &opened.title, place.report()));
    }
    pages.extend(Layer::ALL.into_iter().map(|layer| {
        let title = format!("Layer {}: {}", layer.number(), layer.text().title);
        page(&title, layer.text().question, place.layer(layer))
    }));
    pages
}

fn page(title: &str, about: &str, href: String) -> Hit {
    Hit { kind: Kind::Page, title: title.to_owned(), about: about.to_owned(), href }
}

fn columns(place: &Place, diagnosis: &Diagnosis) -> impl Iterator<Item = Hit> {
    diagnosis.comparisons.iter().map(|comparison| Hit {
        kind: Kind::Column,
        title: comparison.column.clone(),
        about: format!("{} {}", comparison.kind.word(), comparison.role.id()),
        href: place.column(&comparison.column),
    })
}

/// The worst first.
fn findings(place: &Place, diagnosis: &Diagnosis) -> impl Iterator<Item = Candidate> {
    let mut findings: Vec<_> = diagnosis.findings.iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.verdict));
    findings.into_iter().map(|finding| {
        let muted = if diagnosis.is_muted(finding) { ", muted" } else { "" };
        let hit = Hit {
            kind: Kind::Finding,
            title: finding.statement.clone(),
            about: format!("{}, {}{muted}", finding.item.code(), finding.verdict.word()),
            href: place.finding(finding),
        };
        Candidate { also: format!("{} {} {}", hit.about, finding.detector, finding.columns.join(" ")), ..hit.into() }
    })
}

fn investigation(one: &InvestigationSummary) -> Hit {
    let state = match one.state {
        InvestigationState::Open => "open",
        InvestigationState::Closed => "closed",
    };
    let model = if one.model.is_empty() { String::new() } else { format!("{}, ", one.model) };
    Hit {
        kind: Kind::Investigation,
        title: one.title.clone(),
        about: format!("{model}{state}"),
        href: Place::Investigation(one.id.clone()).map(),
    }
}

fn items() -> impl Iterator<Item = Hit> {
    Item::ALL.iter().map(|item| Hit {
        kind: Kind::Item,
        title: format!("{} {}", item.code(), item.question()),
        about: item.layer().text().title.to_owned(),
        href: address::reference(item.code()),
    })
}

fn checks() -> impl Iterator<Item = Hit> {
    detectors::all().map(|detector| Hit {
        kind: Kind::Check,
        title: detector.title.to_owned(),
        about: detector.id.to_string(),
        href: format!("{}#{}", address::reference(detector.item.code()), detector.id),
    })
}
