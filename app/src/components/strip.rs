//! The seven layers in one short line, for lists.

use domain::{Layer, Verdict};
use leptos::prelude::*;

use super::VerdictMark;

/// One mark per layer, in the order of the map.
#[component]
pub fn LayerStrip(layers: Vec<(Layer, Verdict)>) -> impl IntoView {
    view! {
        <ol class="strip" aria-label="Verdicts of the seven layers">
            {layers
                .into_iter()
                .map(|(layer, verdict)| view! { <li><VerdictMark verdict subject=layer.text().title/></li> })
                .collect_view()}
        </ol>
    }
}
