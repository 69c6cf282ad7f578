//! The seven layers in one short line, for lists.

use domain::Layer;
use domain::investigation::DiagnosisSummary;
use leptos::prelude::*;

use super::VerdictMark;

/// One mark per layer, in the order of the map.
#[component]
pub fn LayerStrip(diagnosis: DiagnosisSummary) -> impl IntoView {
    view! {
        <ol class="strip" aria-label="Verdicts of the seven layers">
            {Layer::ALL
                .map(|layer| view! { <li><VerdictMark verdict=diagnosis.mark(layer) subject=layer.text().title/></li> })
                .collect_view()}
        </ol>
    }
}
