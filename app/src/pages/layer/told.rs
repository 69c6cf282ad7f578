//! What files of other tools say at a layer: facts that no check may have had a use for yet.

use std::sync::Arc;

use domain::told::ToldFile;
use domain::{Diagnosis, Layer, number};
use leptos::prelude::*;

/// Files that are shown unfolded.
const FEW: usize = 3;

/// Nothing where no file is of this layer.
#[component]
pub fn Told(diagnosis: Arc<Diagnosis>, layer: Layer) -> impl IntoView {
    let files: Vec<ToldFile> = diagnosis.told.iter().filter(|told| told.layer == layer).cloned().collect();
    let open = files.len() <= FEW;
    (!files.is_empty()).then(|| {
        view! {
            <section class="card pad stack" id="told" aria-labelledby="told-title">
                <h2 id="told-title">"Read from other tools"</h2>
                {files.into_iter().map(|file| view! { <File file open/> }).collect_view()}
            </section>
        }
    })
}

#[component]
fn File(file: ToldFile, open: bool) -> impl IntoView {
    let source = file.source();
    let ToldFile { file, facts, count, .. } = file;
    let judged = match count {
        0 => "It holds nothing that could be used.",
        _ => "What it judged stands below, among the findings.",
    };
    view! {
        <details class="disclosure" open=open>
            <summary>
                <code>{file}</code> " " <span class="muted small">{source} ", " {number::counted(count, "fact")}</span>
            </summary>
            {match facts.is_empty() {
                true => view! { <p class="muted small">{judged}</p> }.into_any(),
                false => view! {
                    <ul class="says small">{facts.into_iter().map(|fact| view! { <li>{fact}</li> }).collect_view()}</ul>
                }
                .into_any(),
            }}
        </details>
    }
}
