//! Several files, dropped or chosen, sent one by one while the rest of the form is filled in. Without a script the plain
//! file input sends them with the form.

use domain::plot::format;
use leptos::ev::DragEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{FileList, HtmlElement, HtmlInputElement, HtmlSelectElement};

use super::ask;
use super::upload::{Upload, UploadState, fetch, refused, start};

/// As many as an investigation holds.
const MOST_FILES: usize = 50;
const TOO_MANY: &str = "Not sent, nor those after it: at most 50 files at once.";

/// `name` is the name of the plain file input; every stored file becomes a hidden input `snapshot` with its id. `read_by`
/// is the address that answers what all stored files together are, as HTML, which is shown below them. `investigation` is the
/// one they are for, where there is one already.
#[island]
pub fn DropZone(name: String, read_by: String, #[prop(optional)] investigation: Option<String>) -> impl IntoView {
    let uploads = RwSignal::new(Vec::<Upload>::new());
    let read = NodeRef::<leptos::html::Div>::new();
    Effect::new(move || {
        let ids = stored(uploads);
        let address = read_by.clone();
        if let Some(place) = read.get() {
            spawn_local(async move {
                let shown = match ids.is_empty() {
                    true => String::new(),
                    false => ask::files(&address, &ids, &chosen(&place)).await,
                };
                // An answer about fewer files may come after that about all of them.
                if untrack(|| stored(uploads)) == ids {
                    place.set_inner_html(&shown);
                }
            });
        }
    });
    let scripted = RwSignal::new(false);
    let over = RwSignal::new(false);
    let input = NodeRef::<leptos::html::Input>::new();
    let folder = NodeRef::<leptos::html::Input>::new();
    Effect::new(move || scripted.set(true));
    Effect::new(move || {
        if let Some(folder) = folder.get() {
            folder.set_webkitdirectory(true);
        }
    });
    // The browser itself keeps the form from being sent while files are still on their way.
    Effect::new(move || {
        let waiting = uploads.with(|uploads| uploads.iter().any(|upload| upload.state.get().is_under_way()));
        if let Some(input) = input.get() {
            input.set_custom_validity(if waiting {
                "Wait until all files are here, or remove those still on their way."
            } else {
                ""
            });
        }
    });
    let chosen = move |event: leptos::ev::Event| {
        let target = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if let Some(target) = target {
            add(uploads, target.files());
            // So that choosing the same file again, after removing it, is noticed.
            target.set_value("");
        }
    };
    let dropped = move |event: DragEvent| {
        event.prevent_default();
        over.set(false);
        add(uploads, event.data_transfer().and_then(|transfer| transfer.files()));
    };
    let plain_name = move || (!scripted.get()).then(|| name.clone());
    view! {
        <div class="drop-zone" class:over=move || over.get()
            on:dragover=move |event| { event.prevent_default(); over.set(true); }
            on:dragleave=move |_| over.set(false)
            on:drop=dropped>
            <label>
                <strong>"Drop files here, or choose them"</strong>
                <span class="note">"CSV, TSV, JSON Lines, JSON, Parquet or Arrow, also as gzip, zstd, zip or tar; reports, logs and exports of other tools as they write them; several at once"</span>
                <input node_ref=input type="file" multiple name=plain_name on:change=chosen/>
            </label>
            <label class="folder small" hidden=move || !scripted.get()>
                "or choose a folder"
                <input node_ref=folder type="file" on:change=chosen/>
            </label>
            <ul class="uploads" aria-live="polite">
                {move || uploads.get().into_iter().map(|upload| view! { <UploadRow upload uploads/> }).collect_view()}
            </ul>
        </div>
        <LinkField uploads investigation scripted/>
        <div class="start-files stack" node_ref=read aria-live="polite" on:input=keep_day_in_step></div>
    }
}

/// The ids of the files that are stored.
fn stored(uploads: RwSignal<Vec<Upload>>) -> Vec<String> {
    let states: Vec<_> = uploads.with(|uploads| uploads.iter().map(|upload| upload.state).collect());
    let ids = |state: RwSignal<UploadState>| match state.get() {
        UploadState::Stored { snapshots } => snapshots.into_iter().map(|snapshot| snapshot.id).collect(),
        UploadState::Sending { .. } | UploadState::Fetching | UploadState::Failed { .. } => Vec::new(),
    };
    states.into_iter().flat_map(ids).collect()
}

/// A slider over time and the day next to it say the same.
fn keep_day_in_step(event: leptos::ev::Event) {
    let Some(moved) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
    let other =
        |selector: &str| document().query_selector(selector).ok().flatten()?.dyn_into::<HtmlInputElement>().ok();
    if let Some(day) = moved.get_attribute("data-day") {
        let date = String::from(js_sys::Date::new(&moved.value_as_number().into()).to_iso_string());
        let date = &date[..date.len().min(10)];
        // So that a reader who can't see the slider hears a day and not a number.
        let _ = moved.set_attribute("aria-valuetext", date);
        if let Some(field) = other(&format!("[id=\"{day}\"]")) {
            field.set_value(date);
        }
    } else if let Some(slider) = other(&format!("[data-day=\"{}\"]", moved.id())) {
        slider.set_value(&moved.value_as_number().to_string());
    }
}

/// The names and values of what a person chose otherwise than it was guessed.
fn chosen(place: &HtmlElement) -> Vec<(String, String)> {
    let Ok(selects) = place.query_selector_all("select") else { return Vec::new() };
    let selects = (0..selects.length()).filter_map(|at| selects.get(at)?.dyn_into::<HtmlSelectElement>().ok());
    let changed =
        selects.filter(|select| select.get_attribute("data-guess").is_some_and(|guess| guess != select.value()));
    changed.map(|select| (select.name(), select.value())).collect()
}

fn add(uploads: RwSignal<Vec<Upload>>, files: Option<FileList>) {
    let Some(files) = files else { return };
    // A folder has hidden files too, and may have more than anybody means.
    let named = (0..files.length()).filter_map(|index| files.get(index)).filter(|file| !file.name().starts_with('.'));
    for (place, file) in named.take(MOST_FILES + 1).enumerate() {
        let upload = match place {
            MOST_FILES => refused(file.name(), TOO_MANY.to_owned()),
            _ => start(&file),
        };
        uploads.update(|uploads| uploads.push(upload));
    }
}

/// What is not on the reader's own machine: one address or path at a time; what may stand there is said below it. Without a
/// script it is fetched when the form is sent.
#[component]
fn LinkField(uploads: RwSignal<Vec<Upload>>, investigation: Option<String>, scripted: RwSignal<bool>) -> impl IntoView {
    let input = NodeRef::<leptos::html::Input>::new();
    let fetch = move || {
        let Some(input) = input.get_untracked() else { return };
        let target = input.value().trim().to_owned();
        if !target.is_empty() {
            uploads.update(|uploads| uploads.push(fetch(target, investigation.as_deref())));
            input.set_value("");
        }
    };
    let by_click = {
        let fetch = fetch.clone();
        move |_| fetch()
    };
    let by_key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            fetch();
        }
    };
    view! {
        <details class="disclosure">
            <summary>"Link an address or a path: a file, a running tool, a bucket"</summary>
            <div class="field">
                <label for="link">"Address, or a path on the server"</label>
                <div class="row">
                    <input node_ref=input id="link" name="link" class="mono grow" autocomplete="off" spellcheck="false" aria-describedby="link-hint" on:keydown=by_key/>
                    <button type="button" hidden=move || !scripted.get() on:click=by_click>"Fetch"</button>
                </div>
                <p class="hint" id="link-hint">
                    "A file or a health check on the web, a running Prometheus, Alertmanager, Grafana or MLflow (also a link to one of its "
                    "pages), an object such as s3://bucket/train.parquet, or a path. Paths and buckets must be among those that the server "
                    "was started with (--link-root, --link-bucket)."
                </p>
            </div>
        </details>
    }
}

#[component]
fn UploadRow(upload: Upload, uploads: RwSignal<Vec<Upload>>) -> impl IntoView {
    let key = upload.key;
    let state = upload.state;
    let remove = {
        let upload = upload.clone();
        move |_| {
            upload.stop();
            uploads.update(|uploads| uploads.retain(|one| one.key != key));
        }
    };
    let label = format!("Remove {}", upload.name);
    let shown = move || match state.get() {
        UploadState::Sending { share } => view! {
            <progress max="1" value=share.to_string() aria-label="Sent"></progress>
            <span class="muted">{if share < 1.0 { format::share(share) } else { "reading it …".to_owned() }}</span>
        }
        .into_any(),
        UploadState::Fetching => view! {
            <progress aria-label="Fetching"></progress>
            <span class="muted">"fetching it …"</span>
        }
        .into_any(),
        UploadState::Stored { snapshots } => {
            let ids = snapshots.into_iter().map(|snapshot| snapshot.id);
            view! {
                {ids.map(|id| view! { <input type="hidden" name="snapshot" value=id/> }).collect_view()}
                <span class="muted">"stored"</span>
            }
            .into_any()
        }
        UploadState::Failed { sentence } => view! { <span class="bad" role="alert">{sentence}</span> }.into_any(),
    };
    view! {
        <li>
            <code>{upload.name.clone()}</code>
            {shown}
            <button type="button" class="link" aria-label=label on:click=remove>"Remove"</button>
        </li>
    }
}
