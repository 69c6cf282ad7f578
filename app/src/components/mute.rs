//! Findings that are known and accepted: the form to say so, what was said, and the way back.

use domain::Finding;
use domain::mute::MuteNow;
use domain::seen::{SEEN, seen};
use leptos::prelude::*;

use super::{AuthorField, Expiry, Sentence, VerdictBadge, When};
use crate::api::investigations::Opened;
use domain::number;

/// What the forms of a page need: the investigation, and the page to return to, below the investigation's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormsOf {
    investigation: String,
    back: String,
}

impl FormsOf {
    /// Where findings are muted.
    pub(super) fn mutes(&self) -> String {
        format!("/investigations/{}/mutes", self.investigation)
    }

    /// The page to return to.
    pub(super) fn back(&self) -> String {
        self.back.clone()
    }

    /// `None` where nothing can be said: on a shared page, and when the investigation is closed.
    pub fn page(opened: &Opened, back: impl Into<String>) -> Option<FormsOf> {
        opened.can_change().then(|| FormsOf { investigation: opened.investigation.id.clone(), back: back.into() })
    }
}

/// Who muted a finding, when, until when and why; or why it is back.
#[component]
pub fn MuteLine(said: MuteNow) -> impl IntoView {
    let MuteNow { mute, back } = said;
    let until = match mute.until_ms {
        Some(until) => view! { "until " <When ms=until/> }.into_any(),
        None => "until it gets worse".into_any(),
    };
    let note = (!mute.note.is_empty()).then(|| format!(": {}", mute.note));
    view! {
        <p class="said-line">
            <strong>"Muted"</strong> " by " {mute.author.to_string()} ", " <When ms=mute.at_ms/> ", " {until}
            {back.map(|back| view! { ", " <strong>"active again because "</strong> {back.words()} })}
            {note}
        </p>
    }
}

/// The one line that is left of a muted finding, to be unfolded.
#[component]
pub fn MutedSummary(finding: Finding) -> impl IntoView {
    let mark = finding.mark();
    let Finding { item, statement, columns, .. } = finding;
    view! {
        <summary>
            <VerdictBadge verdict=mark/> " " <span class="pill">"muted"</span> " " <span class="faint small">{item.code()}</span> " "
            <Sentence text=statement columns/>
        </summary>
    }
}

/// Offers to mute a finding, also with the findings that it explains, or, where it is muted, to take that back.
#[component]
pub fn MuteForms(forms: FormsOf, finding: String, explains: Vec<String>, said: Option<MuteNow>) -> impl IntoView {
    let is_muted = said.as_ref().is_some_and(|said| said.back.is_none());
    let again = said.is_some();
    let shown = seen(&said.map(|said| said.mute));
    let FormsOf { investigation, back } = forms;
    let unmute = again
        .then(|| view! { <UnmuteForm investigation=investigation.clone() finding=finding.clone() back=back.clone() shown=shown.clone()/> });
    let mute = (!is_muted).then(|| view! { <MuteForm investigation finding explains back shown/> });
    view! { <div class="mute-forms">{mute} {unmute}</div> }
}

#[component]
fn MuteForm(
    investigation: String,
    finding: String,
    explains: Vec<String>,
    back: String,
    shown: String,
) -> impl IntoView {
    let of = format!("mute-{finding}");
    let (note, author) = (format!("{of}-note"), format!("{of}-author"));
    let too = (!explains.is_empty()).then(|| {
        let words = format!("and {} that it explains", number::counted(explains.len() as u64, "finding"));
        view! { <label class="check"><input type="checkbox" name="finding" value=explains.join(" ")/> <span>{words}</span></label> }
    });
    view! {
        <details class="disclosure">
            <summary>"Mute"</summary>
            <form class="fields end" method="post" action=format!("/investigations/{investigation}/mutes")>
                <input type="hidden" name="finding" value=finding/>
                <input type="hidden" name="back" value=back/>
                <input type="hidden" name=SEEN value=shown/>
                <div class="field">
                    <label for=note.clone()>"Why it is accepted"</label>
                    <input id=note.clone() name="note" maxlength="2000"/>
                </div>
                <Expiry of/>
                {too}
                <AuthorField id=author.clone()/>
                <div><button>"Mute the finding"</button></div>
            </form>
            <p class="hint small">"It becomes active again on that day, or when it gets worse."</p>
        </details>
    }
}

#[component]
fn UnmuteForm(investigation: String, finding: String, back: String, shown: String) -> impl IntoView {
    let author = format!("unmute-{finding}-author");
    view! {
        <form class="row decide" method="post" action=format!("/investigations/{investigation}/unmute")>
            <input type="hidden" name="finding" value=finding/>
            <input type="hidden" name="back" value=back/>
            <input type="hidden" name=SEEN value=shown/>
            <AuthorField id=author/>
            <button class="small">"Unmute"</button>
        </form>
    }
}
