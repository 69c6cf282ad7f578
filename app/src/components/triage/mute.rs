//! Muting several findings at once: those selected, all that are listed, or a suspect with what it explains.

use domain::Suspect;
use leptos::prelude::*;

use crate::components::{AuthorField, Expiry, FormsOf};
use domain::number;

/// At most so many findings are sent by one form.
const MOST: usize = 5_000;

/// The form of the boxes in a table: those with its id send their findings.
#[component]
pub fn BulkMute(id: &'static str, forms: FormsOf, muteable: Vec<String>) -> impl IntoView {
    let listed = muteable.len();
    let all = (listed > 1 && listed <= MOST).then(|| {
        let words = format!("All {} that are listed, on every page", number::counted(listed as u64, "finding"));
        view! {
            <label class="check"><input type="checkbox" name="finding" value=muteable.join(" ")/> <span>{words}</span></label>
        }
    });
    view! {
        <form id=id class="card pad stack bulk" method="post" action=forms.mutes()>
            <p><strong>"Mute the selected findings"</strong></p>
            {all}
            <Fields forms=forms.clone() of=id action="Mute the selection"/>
        </form>
    }
}

/// Mutes what supports a suspect and, unless unticked, what it explains.
#[component]
pub fn MuteSuspect(forms: FormsOf, suspect: Suspect) -> impl IntoView {
    let of = format!("mute-suspect-{}", suspect.rank);
    let explained = (!suspect.explains.is_empty()).then(|| {
        let words = format!("and {} that it explains", number::counted(suspect.explains.len() as u64, "finding"));
        let ids = suspect.explains.join(" ");
        view! {
            <label class="check"><input type="checkbox" name="finding" value=ids checked/> <span>{words}</span></label>
        }
    });
    let words = format!("Mute the {} that support it", number::counted(suspect.findings.len() as u64, "finding"));
    let words = if suspect.findings.len() == 1 { "Mute the finding that supports it".to_owned() } else { words };
    view! {
        <details class="disclosure">
            <summary>"Mute this suspect"</summary>
            <form class="stack" method="post" action=forms.mutes()>
                <input type="hidden" name="finding" value=suspect.findings.join(" ")/>
                <p class="small">{words}</p>
                {explained}
                <Fields forms=forms.clone() of action="Mute the suspect"/>
            </form>
        </details>
    }
}

/// Why, until when, and by whom.
#[component]
fn Fields(forms: FormsOf, #[prop(into)] of: String, action: &'static str) -> impl IntoView {
    let (note, author) = (format!("{of}-note"), format!("{of}-author"));
    view! {
        <input type="hidden" name="back" value=forms.back()/>
        <div class="fields end">
            <div class="field">
                <label for=note.clone()>"Why"</label>
                <input id=note.clone() name="note" maxlength="2000"/>
            </div>
            <Expiry of/>
            <div class="field"><AuthorField id=author/></div>
            <div><button>{action}</button></div>
        </div>
        <p class="hint small">"Each becomes active again on that day, or when it gets worse."</p>
    }
}
