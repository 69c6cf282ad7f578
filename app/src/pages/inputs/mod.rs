//! The inputs of an investigation: what each file is, how it was read, and which column has which role.

mod card;
mod review;
mod roles;

use domain::SnapshotRole;
use domain::investigation::{Investigation, InvestigationState, PinnedInput};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::map::of_place;
use crate::api::investigations::{Opened, PreviewedInput, previews};
use crate::components::{InvestigationHead, ProblemPanel, Tab, loaded};
use crate::error::AppError;
use crate::islands::DropZone;

use card::InputCard;
pub(super) use card::PreviewTable;
use roles::ReviewForm;

/// Rows shown of each file.
const PREVIEW_ROWS: usize = 6;

#[component]
pub fn InputsPage() -> impl IntoView {
    // What a link from something that is missing asks for.
    let asked = use_query_map().with_untracked(|query| query.get("add"));
    let part = asked.and_then(|id| SnapshotRole::from_id(&id));
    of_place(move |opened| {
        if opened.place.is_read_only() {
            let error = AppError::not_found(
                "A shared link shows results only. Change the inputs in the original investigation.",
            );
            return view! { <ProblemPanel error/> }.into_any();
        }
        let previews = previews(opened.investigation.id.clone(), PREVIEW_ROWS);
        loaded(previews, move |previews| view! { <Inputs opened previews part/> }).into_any()
    })
}

/// `previews` are the first rows of each input, `part` is the role that is offered for a new one.
#[component]
pub(super) fn Inputs(opened: Opened, previews: Vec<PreviewedInput>, part: Option<SnapshotRole>) -> impl IntoView {
    let investigation = opened.investigation.clone();
    let (is_open, can_change) = (investigation.state == InvestigationState::Open, opened.can_change());
    view! {
        <InvestigationHead opened=opened.clone() tab=Tab::Inputs heading="Inputs">
            <p class="lead">
                "The roles of files and columns were detected from names and values. Correct what is "
                "wrong, then run the checks."
            </p>
        </InvestigationHead>
        {(!is_open).then(|| view! { <p class="notice">"The investigation is closed. Reopen it to change its inputs."</p> })}
        <div class="stack wide-gap">
            <Cards investigation=investigation.clone() previews/>
            {can_change.then(|| view! {
                {(!investigation.inputs.is_empty()).then(|| view! { <ReviewForm investigation=investigation.clone()/> })}
                <AddFiles id=investigation.id part/>
            })}
        </div>
    }
}

/// Each file with its first rows, which are read when the page is asked for.
#[component]
fn Cards(investigation: Investigation, previews: Vec<PreviewedInput>) -> impl IntoView {
    let card = |(input, preview): (&PinnedInput, PreviewedInput)| {
        let roles = investigation.roles_in(input);
        view! { <InputCard investigation=investigation.id.clone() input=input.clone() roles preview/> }
    };
    investigation.inputs.iter().zip(previews).map(card).collect_view()
}

#[component]
fn AddFiles(id: String, part: Option<SnapshotRole>) -> impl IntoView {
    let read_by = format!("/investigations/{id}/added/{}", part.map_or("detect", SnapshotRole::id));
    view! {
        <section class="card pad stack" aria-labelledby="add">
            <h2 id="add">"Add inputs"</h2>
            <form class="stack" method="post" action=format!("/investigations/{id}/files") enctype="multipart/form-data">
                <DropZone name="files".to_owned() read_by investigation=id.clone()/>
                <div class="field">
                    <label for="part">"Role of the first file"</label>
                    <select id="part" class="auto" name="part">
                        <option value="" selected=part.is_none()>"– detect –"</option>
                        {SnapshotRole::ALL
                            .map(|role| view! { <option value=role.id() selected=part == Some(role)>{role.words()}</option> })
                            .collect_view()}
                    </select>
                </div>
                <p><button>"Add"</button></p>
            </form>
        </section>
    }
}
