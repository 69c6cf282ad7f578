//! Starting an investigation: files, a title, and what people complain about.

use domain::Layer;
use domain::snapshot::Snapshot;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::api::investigations::snapshots;
use crate::components::{When, loaded};
use crate::islands::DropZone;
use crate::number;

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
                    "Bring the data the model was trained on and the data it sees now; an evaluation run, a learning curve or "
                    "artifacts of other tools (package lists, observations) if there are any. What each file is, is guessed, "
                    "shown, and can be changed."
                </p>
            </header>
            <form class="new stack wide-gap" method="post" action="/investigations" enctype="multipart/form-data">
                <section class="card pad stack" aria-labelledby="files-title">
                    <h2 id="files-title">"Files"</h2>
                    <DropZone name="files".to_owned()/>
                    <Stored stored/>
                    <details class="disclosure">
                        <summary>"Link a file that is on the server, or at a web address"</summary>
                        <div class="field">
                            <label for="link">"Path or http(s) address"</label>
                            <input id="link" name="link" class="mono" autocomplete="off"/>
                            <p class="hint">"Paths are read below the folders that the server was started with (--link-root)."</p>
                        </div>
                    </details>
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
                            <p class="hint">"Its name, so that its investigations stand together"</p>
                        </div>
                        <div class="field">
                            <label for="author">"Your name"</label>
                            <input id="author" name="author" maxlength="300" autocomplete="name"/>
                        </div>
                    </div>
                </section>
                <section class="card pad stack" aria-labelledby="symptoms-title">
                    <h2 id="symptoms-title">"Symptoms"</h2>
                    <p class="muted">"What people report points at the layers to look at first. Every layer is checked all the same."</p>
                    <div class="symptoms">{Layer::ALL.map(|layer| view! { <SymptomsOf layer/> }).collect_view()}</div>
                </section>
                <p><button class="primary large">"Start the investigation"</button></p>
            </form>
        }
    })
}

#[component]
fn Stored(stored: Vec<Snapshot>) -> impl IntoView {
    (!stored.is_empty()).then(|| view! {
        <details class="disclosure">
            <summary>"Use files that are stored already"</summary>
            <ul class="plain stack">
                {stored
                    .into_iter()
                    .take(OFFERED)
                    .map(|snapshot| {
                        let size = number::extent(&snapshot);
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

#[component]
fn SymptomsOf(layer: Layer) -> impl IntoView {
    let text = layer.text();
    view! {
        <fieldset class="stack">
            <legend><span class="station-number">{layer.number()}</span> " " {text.title}</legend>
            {text
                .symptoms
                .iter()
                .map(|symptom| view! {
                    <label class="check"><input type="checkbox" name="symptoms" value=*symptom/> <span>{*symptom}</span></label>
                })
                .collect_view()}
        </fieldset>
    }
}
