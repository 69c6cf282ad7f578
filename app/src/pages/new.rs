//! Starting an investigation: files, a title, and what people complain about.

use domain::snapshot::Snapshot;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::api::investigations::snapshots;
use crate::components::{AuthorField, Examples, SymptomFields, When, loaded};
use crate::islands::DropZone;

/// Stored snapshots that can be picked again.
const OFFERED: usize = 20;

#[component]
pub fn NewPage() -> impl IntoView {
    loaded(snapshots(), |stored| {
        view! {
            <Title text="Start an investigation"/>
            <header class="page-head">
                <h1>"Start an investigation"</h1>
                <p class="lead">
                    "Add the training data and the data the model sees now. You can also add an evaluation run, a learning curve or "
                    "files of " <a href="/reference#tools">"other tools"</a> ", as they write them. Mismatch reads all files together and shows "
                    "what each one is; you can change it."
                </p>
            </header>
            <form class="new stack wide-gap" method="post" action="/investigations" enctype="multipart/form-data">
                <section class="card pad stack" aria-labelledby="files-title">
                    <h2 id="files-title">"Files"</h2>
                    <DropZone name="files".to_owned() read_by="/investigations/new/files".to_owned()/>
                    <Stored stored/>
                </section>
                <section class="card pad stack" aria-labelledby="what-title">
                    <h2 id="what-title">"What happened"</h2>
                    <div class="fields">
                        <div class="field">
                            <label for="title">"Title"</label>
                            <input id="title" name="title" maxlength="300" autocomplete="off"/>
                            <p class="hint">"Such as: approvals fell 14 points since Tuesday"</p>
                        </div>
                        <div class="field">
                            <label for="model">"Model"</label>
                            <input id="model" name="model" maxlength="300" autocomplete="off"/>
                            <p class="hint">"Investigations with the same model name are grouped."</p>
                        </div>
                        <div class="field">
                            <p class="label">"Owner"</p>
                            <AuthorField id="author"/>
                        </div>
                    </div>
                </section>
                <section class="card pad stack" aria-labelledby="symptoms-title">
                    <h2 id="symptoms-title">"Symptoms"</h2>
                    <p class="muted">"Symptoms show which layers to check first. Mismatch checks every layer in any case."</p>
                    <SymptomFields/>
                </section>
                <p><button class="primary large">"Start the investigation"</button></p>
            </form>
            <Examples/>
            <Import/>
        }
    })
}

/// What was exported, here or elsewhere.
#[component]
fn Import() -> impl IntoView {
    view! {
        <details class="disclosure">
            <summary>"Import an investigation that was exported"</summary>
            <form class="card pad stack" method="post" action="/investigations/import" enctype="multipart/form-data">
                <p class="muted">
                    "It comes with its files, notes, decisions and evidence, and is checked again. Those who said something in it are marked as "
                    "imported."
                </p>
                <div class="field">
                    <label for="import-file">"File (.mismatch.zip)"</label>
                    <input id="import-file" type="file" name="file" accept=".zip" required/>
                </div>
                <p><button>"Import"</button></p>
            </form>
        </details>
    }
}

#[component]
fn Stored(stored: Vec<Snapshot>) -> impl IntoView {
    (!stored.is_empty()).then(|| view! {
        <details class="disclosure">
            <summary>"Use stored files"</summary>
            <ul class="plain stack">
                {stored
                    .into_iter()
                    .take(OFFERED)
                    .map(|snapshot| {
                        let size = snapshot.extent();
                        view! {
                            <li>
                                <label class="check">
                                    <input type="checkbox" name="snapshot" value=snapshot.id/>
                                    <span>{snapshot.name} " " <span class="faint">{size} ", " <When ms=snapshot.created_at_ms/></span></span>
                                </label>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </details>
    })
}
