//! The findings of one item: in full where they are few, else a table of them with the one that is asked for in full.

use std::sync::Arc;

use domain::{Diagnosis, Finding, Item};
use leptos::prelude::*;

use crate::address::query;
use crate::api::investigations::Opened;
use crate::components::triage::{Asked, FindingTable, Group, sorted};
use crate::components::{FindingDetail, FormsOf};
use domain::number;

/// Findings of an item that are shown in full, one under the other.
const IN_FULL: usize = 3;

/// Rows of the table of one item; the map's table has all of them, page by page.
const LISTED: usize = 20;

#[component]
pub fn ItemFindings(opened: Opened, diagnosis: Arc<Diagnosis>, item: Item, asked: Asked) -> impl IntoView {
    let place = opened.place.clone();
    let layer = item.layer();
    let all: Vec<Finding> = diagnosis.findings.iter().filter(|finding| finding.item == item).cloned().collect();
    let chosen = asked.finding.clone();
    let pairs: Vec<(&str, String)> =
        asked.pairs().into_iter().chain(chosen.clone().map(|id| ("finding", id))).collect();
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let forms = FormsOf::page(&opened, format!("layers/{}{}", layer.id(), query(&pairs)));
    let details = |findings: Vec<Finding>| {
        let of = |finding| {
            view! { <FindingDetail place=place.clone() diagnosis=diagnosis.clone() finding forms=forms.clone()/> }
        };
        findings.into_iter().map(of).collect_view()
    };
    if all.len() <= IN_FULL {
        return details(all).into_any();
    }
    let own = Asked { layer: None, item: Some(item), ..asked.clone() };
    let matching: Vec<(Group, Finding)> = sorted(&diagnosis, |finding| own.takes(finding, &diagnosis))
        .into_iter()
        .map(|(group, finding)| (group, finding.clone()))
        .collect();
    let found = matching.len();
    // Without a choice, the strongest of those that match.
    let is_chosen = |finding: &&Finding| chosen.as_ref() == Some(&finding.id);
    let shown = all.iter().find(is_chosen).or(matching.first().map(|(_, finding)| finding)).cloned();
    let listed: Vec<(Group, Finding)> = matching.into_iter().take(LISTED).collect();
    let rest = found.saturating_sub(listed.len());
    let pairs = Asked { page: 1, ..own }.pairs();
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let every = place.findings(&pairs);
    let page_of = place.layer(layer);
    view! {
        <p class="muted">{format!("{} of {}", number::counted(found as u64, "finding"), number::count(all.len() as u64))}</p>
        {details(shown.into_iter().collect())}
        {(found > 0).then(|| view! {
            <FindingTable
                place=place.clone()
                diagnosis=diagnosis.clone()
                findings=listed
                asked=Asked { page: 1, ..asked }
                page_of
                forms=None
            />
        })}
        <p class="small">
            <a href=every>
                {if rest > 0 {
                    format!("{rest} more in the table of all findings, where several can be muted at once")
                } else {
                    "Open them in the table of all findings, where several can be muted at once".to_owned()
                }}
            </a>
        </p>
    }
    .into_any()
}
