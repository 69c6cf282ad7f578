//! What the investigation is called and about, and whether it is listed.

use domain::account::Role;
use domain::investigation::Investigation;
use domain::markup::escaped;
use domain::seen::{SEEN, seen};
use domain::symptom::Symptom;
use leptos::prelude::*;

use crate::components::{SignedRow, SymptomFields};
use crate::visitor::Reader;

#[component]
pub fn Editing(investigation: Investigation) -> impl IntoView {
    let seen = seen(&investigation.about());
    let Investigation { id, title, model, symptoms, archived_at_ms, .. } = investigation;
    let may_delete = Reader::may(Role::Admin);
    let others: Vec<&str> = symptoms.iter().filter(|symptom| symptom.layer().is_none()).map(Symptom::words).collect();
    let others = others.join("\n");
    let (action, words) =
        if archived_at_ms.is_some() { ("unarchive", "Bring back from the archive") } else { ("archive", "Archive") };
    view! {
        <details class="disclosure edit">
            <summary>{if may_delete { "Rename, edit, export, archive or delete" } else { "Rename, edit, export or archive" }}</summary>
            <div class="card pad stack">
                <form class="stack" method="post" action=format!("/investigations/{id}/edit")>
                    <input type="hidden" name=SEEN value=seen/>
                    <div class="fields">
                        <div class="field">
                            <label for="edit-title">"Title"</label>
                            <input id="edit-title" name="title" required maxlength="300" autocomplete="off" value=title/>
                        </div>
                        <div class="field">
                            <label for="edit-model">"Model"</label>
                            <input id="edit-model" name="model" maxlength="300" autocomplete="off" value=model/>
                        </div>
                    </div>
                    <details class="disclosure">
                        <summary>"Symptoms"</summary>
                        <div class="stack">
                            <SymptomFields chosen=symptoms.clone()/>
                            <div class="field">
                                <label for="edit-other">"In other words, one on each line"</label>
                                <textarea id="edit-other" name="other" rows="2" maxlength="15000" inner_html=escaped(&others)></textarea>
                            </div>
                            <p class="hint">"With other symptoms, the checks run again."</p>
                        </div>
                    </details>
                    <SignedRow id="edit-author" action="Save"/>
                </form>
                <form method="post" action=format!("/investigations/{id}/{action}")>
                    <SignedRow id="archive-author" action=words/>
                </form>
                <p><a class="button" href=format!("/investigations/{id}/export") download="">"Export with its files"</a></p>
                {may_delete.then(|| view! { <Deleting id=id.clone()/> })}
            </div>
        </details>
    }
}

#[component]
fn Deleting(id: String) -> impl IntoView {
    view! {
        <details class="disclosure">
            <summary>"Delete it for good"</summary>
            <form class="stack" method="post" action=format!("/investigations/{id}/delete")>
                <p class="muted">
                    "Its diagnoses, notes, decisions and share links go, and those of its files that nothing else uses. Nothing of it can "
                    "be brought back."
                </p>
                <label class="check"><input type="checkbox" name="keep_files" value="1"/> <span>"Keep its files"</span></label>
                <label class="check"><input type="checkbox" name="sure" value="1" required/> <span>"I am sure"</span></label>
                <SignedRow id="delete-author" action="Delete"/>
            </form>
        </details>
    }
}
