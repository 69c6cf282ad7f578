//! Below the findings: what people said and did.

use domain::investigation::{Investigation, InvestigationState};
use leptos::prelude::*;

use super::notes::Notes;
use super::sharing::{Chat, Share};
use super::timeline::Timeline;
use crate::api::investigations::Opened;
use crate::pages::review::{EarlierVerdicts, Reopening};

/// Timeline, notes, sharing, and the end of the investigation.
#[component]
pub fn People(opened: Opened) -> impl IntoView {
    let Opened { investigation, diagnosis, .. } = opened.clone();
    let can_write = opened.can_say();
    let about = investigation.clone();
    let Investigation { id, notes, state, .. } = investigation.clone();
    let (review, reopened) = (opened.place.review(), id.clone());
    let is_diagnosed = diagnosis.is_some();
    view! {
        <div class="people">
            <EarlierVerdicts investigation=investigation.clone()/>
            <Notes id notes can_write/>
            <Timeline investigation=about diagnosis=diagnosis.clone() can_write/>
            <div class="stack">
                {(can_write && is_diagnosed).then(|| view! { <Share opened=opened.clone()/> })}
                {is_diagnosed.then(|| view! { <Chat opened=opened.clone()/> })}
                {can_write.then(|| match state {
                    InvestigationState::Open => {
                        view! { <p><a class="button" href=format!("{review}#close")>"Close with a verdict"</a></p> }.into_any()
                    }
                    InvestigationState::Closed => view! { <Reopening id=reopened/> }.into_any(),
                })}
            </div>
        </div>
    }
}
