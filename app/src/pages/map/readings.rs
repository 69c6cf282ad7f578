//! How the files were read, where they can be read in more than one way, and what to click to have it otherwise.

use std::sync::Arc;

use domain::evaluation::Task;
use domain::{Diagnosis, Reading, ReadingOf, Sureness};
use leptos::prelude::*;

use crate::address::Place;
use crate::api::investigations::Opened;
use crate::components::Sentence;

/// What was taken, why, and the other ways.
#[component]
pub fn Readings(opened: Opened, diagnosis: Arc<Diagnosis>) -> impl IntoView {
    let (place, can_change) = (opened.place.clone(), opened.can_change());
    let readings = diagnosis.readings.clone();
    let open = readings.iter().any(|reading| reading.sureness == Sureness::Open);
    (!readings.is_empty()).then(|| {
        view! {
            <section class="stack" aria-labelledby="readings">
                <h2 id="readings">"How the files were read"</h2>
                <details class="card pad disclosure" open=open>
                    <summary>{domain::number::counted(readings.len() as u64, "choice")} " to check"</summary>
                    <ul class="plain stack">
                        {readings
                            .into_iter()
                            .map(|reading| {
                                let others = if can_change { alternatives(&reading, &diagnosis) } else { Vec::new() };
                                view! { <One place=place.clone() reading others/> }
                            })
                            .collect_view()}
                    </ul>
                </details>
            </section>
        }
    })
}

/// Another way to read it, by one click: the field and the value of the form, and the words on its button.
struct Other {
    field: &'static str,
    value: String,
    words: String,
}

fn alternatives(reading: &Reading, diagnosis: &Diagnosis) -> Vec<Other> {
    match reading.of {
        ReadingOf::ColumnRole if diagnosis.roles.label() == reading.columns.first().map(String::as_str) => {
            let other = |column: &String| Other {
                field: "label",
                value: column.clone(),
                words: format!("{column} is the label"),
            };
            reading.columns.iter().skip(1).map(other).collect()
        }
        ReadingOf::PositiveClass => {
            let runs = diagnosis.evaluations.iter().filter(|run| run.task == Task::Binary);
            let classes = runs.filter_map(|run| Some((run.positive.as_ref()?, run.confusion_matrix.as_ref()?)));
            let others =
                classes.flat_map(|(positive, matrix)| matrix.labels.iter().filter(move |class| *class != positive));
            let other = |class: &String| Other {
                field: "positive",
                value: class.clone(),
                words: format!("{class} is the positive class"),
            };
            others.take(1).map(other).collect()
        }
        _ => Vec::new(),
    }
}

#[component]
fn One(place: Place, reading: Reading, others: Vec<Other>) -> impl IntoView {
    let action = format!("{}/readings", place.map());
    let in_file = reading.file.map(|file| format!("{file}: "));
    view! {
        <li>
            <p>{in_file} <Sentence text=reading.taken columns=reading.columns/> " " <span class="faint small">{reading.why}</span></p>
            <div class="row">
                {others
                    .into_iter()
                    .map(|other| view! {
                        <form method="post" action=action.clone()>
                            <input type="hidden" name=other.field value=other.value/>
                            <button class="small">{other.words}</button>
                        </form>
                    })
                    .collect_view()}
                {(!place.is_read_only()).then(|| view! { <a class="small" href=format!("{}#roles", place.inputs())>"Change it"</a> })}
            </div>
        </li>
    }
}
