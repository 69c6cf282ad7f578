//! Under each check, a finding that it really made of small files in the repository, with its chart.

use std::sync::{Arc, LazyLock};

use checks::detectors::Detector;
use domain::example::Example;
use leptos::prelude::*;

use crate::components::{Sentence, Told};

/// Made by the engine: see `server/engine/tests/examples.rs`.
static EXAMPLES: LazyLock<Vec<Example>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("examples.json")).unwrap_or_else(|error| {
        leptos::logging::error!("the examples of the Reference can't be read: {error}");
        Vec::new()
    })
});

pub fn example_of(detector: &Detector) -> Option<&'static Example> {
    EXAMPLES.iter().find(|one| one.finding().is_some_and(|finding| finding.detector == detector.id))
}

/// Folded to its statement; `open` for the first of a page.
#[component]
pub fn ExampleFinding(detector: &'static Detector, open: bool) -> impl IntoView {
    let example = example_of(detector)?;
    let finding = example.finding()?.clone();
    let (text, columns) = (finding.statement.clone(), finding.columns.clone());
    let data = example.data.clone();
    let files: Vec<_> = example.files.iter().map(|file| view! { <li><code>{file.clone()}</code></li> }).collect();
    Some(view! {
        <details class="disclosure example" open=open>
            <summary><span class="example-word">"Example"</span> <span class="example-statement"><Sentence text columns/></span></summary>
            <article class="finding-detail stack">
                <Told place=None diagnosis=Arc::new(example.diagnosis.clone()) finding/>
                <div class="note">
                    <p>{data}</p>
                    <ul class="plain files-of-example" aria-label="Files">{files}</ul>
                </div>
            </article>
        </details>
    })
}
