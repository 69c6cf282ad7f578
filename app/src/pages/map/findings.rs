//! The findings on the map: what no suspect explains first; as cards where they are few, as a table where they are many.

use std::sync::Arc;

use domain::{Diagnosis, Finding};
use leptos::prelude::*;

use crate::address::query;
use crate::api::investigations::Opened;
use crate::components::triage::{Asked, Belongs, FilterForm, FindingTable, Group, sorted};
use crate::components::{FindingCard, FormsOf};
use domain::number;

/// Findings that are shown as cards; more are a table.
const CARDS: usize = 12;

/// What the map lists for an address.
#[derive(Debug, Clone)]
pub struct Listing {
    findings: Vec<(Group, Finding)>,
    /// Findings that support a suspect above, or that one explains.
    of_suspects: usize,
    pub as_table: bool,
}

impl Listing {
    /// Without a filter, what the suspects above show is not said again.
    pub fn of(diagnosis: &Diagnosis, asked: &Asked) -> Listing {
        let is_above =
            |finding: &Finding| !asked.is_filter() && matches!(Group::of(finding, diagnosis), Group::Suspect(_));
        let listed = sorted(diagnosis, |finding| asked.takes(finding, diagnosis) && !is_above(finding));
        let findings: Vec<(Group, Finding)> =
            listed.into_iter().map(|(group, finding)| (group, finding.clone())).collect();
        Listing {
            of_suspects: diagnosis.findings.iter().filter(|finding| is_above(finding)).count(),
            as_table: asked.as_table || findings.len() > CARDS,
            findings,
        }
    }
}

#[component]
pub fn Findings(opened: Opened, diagnosis: Arc<Diagnosis>, asked: Asked, listing: Listing) -> impl IntoView {
    let Listing { findings, of_suspects, as_table } = listing;
    let place = opened.place.clone();
    let pairs = asked.pairs();
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let forms = FormsOf::page(&opened, query(&pairs));
    let (all, shown) = (diagnosis.findings.len(), findings.len());
    let filters = all > CARDS || asked.is_filter();
    let nothing = (findings.is_empty() && of_suspects == 0).then(|| nothing(&diagnosis, &asked));
    let as_link = (!as_table && shown > 1 && forms.is_some()).then(|| {
        let table = Asked { as_table: true, ..asked.clone() };
        let pairs = table.pairs();
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        view! { <p class="small on-screen"><a href=place.findings(&pairs)>"Show them as a table, to mute several at once"</a></p> }
    });
    view! {
        <section class="stack findings-section" aria-labelledby="findings" data-live="findings">
            <h2 id="findings">"Findings " <span class="faint">{number::count(all as u64)}</span></h2>
            {filters.then(|| view! {
                <FilterForm action=place.map() diagnosis=diagnosis.clone() asked=asked.clone() by_layer=true/>
            })}
            {asked.is_filter().then(|| {
                let verb = if shown == 1 { "matches" } else { "match" };
                view! { <p class="muted">{format!("{} {verb}.", number::counted(shown as u64, "finding"))}</p> }
            })}
            {(of_suspects > 0).then(|| view! { <Above place=place.clone() diagnosis=diagnosis.clone() of_suspects/> })}
            {nothing}
            {match as_table {
                _ if shown == 0 => ().into_any(),
                true => view! { <FindingTable place=place.clone() diagnosis findings asked page_of=place.map() forms/> }.into_any(),
                false => view! { <Cards opened diagnosis findings forms/> }.into_any(),
            }}
            {as_link}
        </section>
    }
}

/// Where the findings of the suspects are.
#[component]
fn Above(place: crate::address::Place, diagnosis: Arc<Diagnosis>, of_suspects: usize) -> impl IntoView {
    let verb = if of_suspects == 1 { "belongs" } else { "belong" };
    let whose = match (diagnosis.suspects.len(), diagnosis.prime_suspect()) {
        (1, Some(_)) => "the prime suspect",
        (1, None) => "the suspect",
        _ => "the suspects",
    };
    let words = format!("{} {verb} to {whose} above. ", number::counted(of_suspects as u64, "finding"));
    let href = place.findings(&[("of", &Belongs::Some.id())]);
    view! { <p class="muted">{words} <a class="on-screen" href=href>"List them"</a></p> }
}

#[component]
fn Cards(
    opened: Opened,
    diagnosis: Arc<Diagnosis>,
    findings: Vec<(Group, Finding)>,
    forms: Option<FormsOf>,
) -> impl IntoView {
    let mut groups: Vec<(Group, Vec<Finding>)> = Vec::new();
    for (group, finding) in findings {
        match groups.last_mut() {
            Some((known, of)) if *known == group => of.push(finding),
            _ => groups.push((group, vec![finding])),
        }
    }
    groups
        .into_iter()
        .map(|(group, findings)| {
            let cards = findings.into_iter().map(|finding| {
                view! { <FindingCard place=opened.place.clone() diagnosis=diagnosis.clone() finding forms=forms.clone()/> }
            });
            view! {
                <p class="group-name">{group.words(&diagnosis)}</p>
                <ul class="plain stack">{cards.collect_view()}</ul>
            }
        })
        .collect_view()
}

fn nothing(diagnosis: &Diagnosis, asked: &Asked) -> impl IntoView {
    let words = match diagnosis.coverage.checked_items {
        _ if asked.is_filter() => "No finding matches this filter.",
        0 => "No check could run. The list below shows what each one needs.",
        _ => "No check that ran found a difference that matters. The layers above show what was checked.",
    };
    view! { <p class="card pad muted">{words}</p> }
}
