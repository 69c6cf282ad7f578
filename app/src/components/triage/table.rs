//! Findings as a dense table, a page at a time, with the form that mutes several of them at once.

use std::sync::Arc;

use domain::{Diagnosis, Finding, Verdict};
use leptos::prelude::*;

use super::asked::Asked;
use super::groups::{Group, part_of};
use super::mute::BulkMute;
use crate::address::{Place, query};
use crate::components::finding::{certainty, effect};
use crate::components::{FormsOf, Sentence, VerdictBadge};
use domain::number;

/// Rows of one page.
pub const PAGE: usize = 50;

/// Columns of the table without the one to select by.
const COLUMNS: usize = 7;

/// The id of the form that the boxes in the table belong to.
const FORM: &str = "bulk-mute";

/// `page_of` is the address of the page without a query. Without forms nothing can be selected.
#[component]
pub fn FindingTable(
    place: Place,
    diagnosis: Arc<Diagnosis>,
    /// All that match, in order.
    findings: Vec<(Group, Finding)>,
    asked: Asked,
    page_of: String,
    forms: Option<FormsOf>,
) -> impl IntoView {
    let pages = findings.len().div_ceil(PAGE).max(1);
    let page = asked.page.clamp(1, pages);
    let from = (page - 1) * PAGE;
    let can_mute = |finding: &Finding| finding.verdict >= Verdict::Possible && !diagnosis.is_muted(finding);
    let muteable: Vec<String> =
        findings.iter().filter(|(_, finding)| can_mute(finding)).map(|(_, finding)| finding.id.clone()).collect();
    let total = findings.len();
    let mut last: Option<Group> = None;
    let rows: Vec<AnyView> = findings
        .into_iter()
        .enumerate()
        .skip(from)
        .take(PAGE)
        .flat_map(|(index, (group, finding))| {
            let head = (last != Some(group)).then(|| group_row(group, &diagnosis, index > 0 && index == from));
            last = Some(group);
            let selects = forms.as_ref().map(|_| diagnosis.is_muted(&finding) || finding.verdict < Verdict::Possible);
            [head, Some(row(&place, &diagnosis, finding, selects))]
        })
        .flatten()
        .collect();
    let with_box = forms.is_some();
    view! {
        <div class="table-scroll triage" tabindex="0" role="region" aria-label="Findings">
            <table class="table dense findings">
                <thead><tr>
                    {with_box.then(|| view! { <th scope="col"><span class="hidden">"Select"</span></th> })}
                    <th scope="col">"Verdict"</th>
                    <th scope="col">"Item"</th>
                    <th scope="col">"Column"</th>
                    <th scope="col">"Finding"</th>
                    <th scope="col">"Effect"</th>
                    <th scope="col">"Certainty"</th>
                    <th scope="col">"Since"</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Pages asked=asked.clone() page_of page pages total/>
        {forms.filter(|_| !muteable.is_empty()).map(|forms| view! { <BulkMute id=FORM forms muteable/> })}
    }
}

fn group_row(group: Group, diagnosis: &Diagnosis, continued: bool) -> AnyView {
    let words = group.words(diagnosis);
    let rest = if continued { " (continued)" } else { "" };
    view! { <tr class="group"><th scope="rowgroup" colspan=(COLUMNS + 1).to_string()>{words} {rest}</th></tr> }
        .into_any()
}

/// `locked` says whether there is a box, and whether it can't be used.
fn row(place: &Place, diagnosis: &Diagnosis, finding: Finding, locked: Option<bool>) -> AnyView {
    let href = place.finding(&finding);
    let part = part_of(&finding, diagnosis);
    let (mark, muted) = (finding.mark(), diagnosis.is_muted(&finding));
    let (effect, certainty) = (effect(&finding.effect), certainty(&finding.certainty));
    let since = finding.since.map_or("–".to_owned(), domain::Since::short);
    let label = format!("Select {}", finding.statement);
    let columns = finding.columns.clone();
    let named = view! {
        {columns.first().map(|column| view! { <a href=place.column(column)><code>{column.clone()}</code></a> })}
        {(columns.len() > 1).then(|| format!(" and {} more", columns.len() - 1))}
    };
    let id = finding.id.clone();
    view! {
        <tr>
            {locked.map(|locked| view! {
                <td class="pick">
                    {(!locked).then(|| view! {
                        <label><input type="checkbox" form=FORM name="finding" value=id aria-label=label/></label>
                    })}
                </td>
            })}
            <td><VerdictBadge verdict=mark/> {muted.then(|| view! { " " <span class="pill">"muted"</span> })}</td>
            <td title=finding.item.question()>{finding.item.code()}</td>
            <td class="columns-of">{named}</td>
            <td class="wrap">
                <a href=href><Sentence text=finding.statement columns=finding.columns/></a>
                {(!part.is_empty()).then(|| view! { " " <span class="faint small">{part}</span> })}
            </td>
            <td class="wrap small">{effect}</td>
            <td class="nowrap small">{certainty}</td>
            <td class="nowrap small">{since}</td>
        </tr>
    }
    .into_any()
}

#[component]
fn Pages(asked: Asked, page_of: String, page: usize, pages: usize, total: usize) -> impl IntoView {
    let href = move |to: usize| {
        let pairs = Asked { page: to, ..asked.clone() }.pairs();
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        format!("{page_of}{}#findings", query(&pairs))
    };
    (pages > 1).then(|| {
        view! {
            <nav class="row" aria-label="Pages of findings">
                {(page > 1).then(|| view! { <a class="button small" rel="prev" href=href(page - 1)>"Previous"</a> })}
                <span class="muted">{format!(
                    "{} to {} of {}",
                    (page - 1) * PAGE + 1,
                    (page * PAGE).min(total),
                    number::count(total as u64),
                )}</span>
                {(page < pages).then(|| view! { <a class="button small" rel="next" href=href(page + 1)>"Next"</a> })}
            </nav>
        }
    })
}
