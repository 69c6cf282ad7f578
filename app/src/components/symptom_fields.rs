//! What people report: the map's own symptoms, by layer.

use domain::Layer;
use domain::symptom::Symptom;
use leptos::prelude::*;

/// The fields `symptoms`, those of `chosen` checked.
#[component]
pub fn SymptomFields(#[prop(optional)] chosen: Vec<Symptom>) -> impl IntoView {
    view! {
        <div class="symptoms">
            {Layer::ALL.map(|layer| view! { <SymptomsOf layer chosen=chosen.clone()/> }).collect_view()}
        </div>
    }
}

#[component]
fn SymptomsOf(layer: Layer, chosen: Vec<Symptom>) -> impl IntoView {
    let text = layer.text();
    view! {
        <fieldset class="stack">
            <legend><span class="station-number">{layer.number()}</span> " " {text.title}</legend>
            {Symptom::of_layer(layer)
                .map(|symptom| {
                    let checked = chosen.iter().any(|one| one.key() == symptom.id);
                    view! {
                        <label class="check">
                            <input type="checkbox" name="symptoms" value=symptom.id checked=checked/> <span>{symptom.words}</span>
                        </label>
                    }
                })
                .collect_view()}
        </fieldset>
    }
}
