//! The form that filters findings: a plain GET, so that the address keeps it.

use domain::{Diagnosis, Layer};
use leptos::prelude::*;

use super::asked::{Asked, Belongs};

/// Suspects that can be chosen; the others are reached by their own links.
const MOST_SUSPECTS: usize = 12;

/// `action` is the page that shows the findings. Where that is a layer's page, the layer is not asked for.
#[component]
pub fn FilterForm(action: String, diagnosis: std::sync::Arc<Diagnosis>, asked: Asked, by_layer: bool) -> impl IntoView {
    let chosen = asked.belongs.id();
    let suspects = diagnosis.suspects.iter().take(MOST_SUSPECTS);
    let mut of: Vec<(String, String)> = vec![
        (Belongs::Any.id(), "any".into()),
        (Belongs::None.id(), "no suspect".into()),
        (Belongs::Some.id(), "a suspect".into()),
    ];
    of.extend(suspects.map(|suspect| {
        (Belongs::To(suspect.rank).id(), format!("suspect {}: {}", suspect.rank, suspect.cause.words()))
    }));
    if diagnosis.mutes.iter().any(|one| one.back.is_none()) {
        of.push((Belongs::Muted.id(), "muted".into()));
    }
    let verdict = asked.mark.map(|mark| mark.word().to_owned()).unwrap_or_default();
    let verdicts = std::iter::once((String::new(), "any".to_owned()))
        .chain(Asked::marks().map(|(id, mark)| (id.to_owned(), mark.word().to_owned())));
    let layer = asked.layer.map_or("", Layer::id).to_owned();
    let layers = std::iter::once((String::new(), "any".to_owned()))
        .chain(Layer::ALL.map(|layer| (layer.id().to_owned(), layer.text().title.to_owned())));
    let (clear, is_filter) = (action.clone(), asked.is_filter());
    view! {
        <form class="filter" method="get" action=action role="search" aria-label="Filter the findings">
            {asked.as_table.then(|| view! { <input type="hidden" name="view" value="table"/> })}
            {asked.item.map(|item| view! { <input type="hidden" name="item" value=item.code()/> })}
            <Choice id="filter-verdict" name="verdict" label="Verdict" options=verdicts.collect() chosen=verdict/>
            {by_layer.then(|| view! {
                <Choice id="filter-layer" name="layer" label="Layer" options=layers.collect() chosen=layer/>
            })}
            <Choice id="filter-of" name="of" label="Belongs to" options=of chosen/>
            <div class="field">
                <label for="filter-column">"Column contains"</label>
                <input id="filter-column" name="column" type="search" maxlength="200" value=asked.column/>
            </div>
            <div class="row">
                <button>"Filter"</button>
                {is_filter.then(|| view! { <a href=clear>"Clear the filter"</a> })}
            </div>
        </form>
    }
}

#[component]
fn Choice(
    id: &'static str,
    name: &'static str,
    label: &'static str,
    options: Vec<(String, String)>,
    chosen: String,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <select id=id name=name>
                {options
                    .into_iter()
                    .map(|(value, words)| {
                        let selected = value == chosen;
                        view! { <option value=value selected=selected>{words}</option> }
                    })
                    .collect_view()}
            </select>
        </div>
    }
}
