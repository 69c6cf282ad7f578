//! A job while it runs: how far it is, in words and as a bar, with a way to stop it. When it is over the page is loaded
//! again and shows the result.

use domain::job::{Job, JobState};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent};

/// After this many failed connections in a row the page is loaded again, which shows what is so.
const PATIENCE: u32 = 5;

#[island]
pub fn JobProgress(job: Job) -> impl IntoView {
    let shown = RwSignal::new(job);
    Effect::new(move || {
        if !shown.with_untracked(|job| job.state.is_over()) {
            follow(shown);
        }
    });
    let state = move || shown.with(|job| job.state);
    let cancel = shown.with_untracked(|job| format!("/jobs/{}/cancel", job.id));
    let words = move || {
        shown.with(|job| match job.state {
            JobState::Queued => "Waiting in the queue".to_owned(),
            JobState::Running => job.stage.clone(),
            JobState::Done => "Done".to_owned(),
            JobState::Failed => {
                job.error.clone().unwrap_or_else(|| "It failed. The server's log shows why.".to_owned())
            }
            JobState::Cancelled => "Cancelled".to_owned(),
        })
    };
    let again = move || {
        shown.with(|job| {
            (job.attempts > 1).then(|| format!("Started {} times: the server was restarted.", job.attempts))
        })
    };
    view! {
        <div class="job" data-state=move || format!("{:?}", state()).to_lowercase()>
            <p role="status">{words}</p>
            <progress max="1" aria-label="Progress" value=move || shown.with(|job| job.progress.to_string())></progress>
            {move || again().map(|text| view! { <p class="note">{text}</p> })}
            <form method="post" action=cancel hidden=move || state().is_over()>
                <button type="submit">"Cancel"</button>
            </form>
            <noscript><p class="note"><a href="">"Show the progress"</a></p></noscript>
        </div>
    }
}

/// Listens until the job is over, then loads the page again.
fn follow(shown: RwSignal<Job>) {
    let id = shown.with_untracked(|job| job.id.clone());
    // An address that can't be opened is reported by the source itself, as a failed connection.
    let Ok(source) = EventSource::new(&format!("/api/v1/jobs/{id}/events")) else { return };
    let failures = StoredValue::new(0u32);
    let on_message = {
        let source = source.clone();
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let Some(job) = event.data().as_string().and_then(|text| serde_json::from_str::<Job>(&text).ok()) else {
                return;
            };
            failures.set_value(0);
            let over = job.state.is_over();
            shown.set(job);
            if over {
                source.close();
                reload();
            }
        })
    };
    let on_error = {
        let source = source.clone();
        Closure::<dyn FnMut()>::new(move || {
            failures.update_value(|count| *count += 1);
            if failures.get_value() >= PATIENCE {
                source.close();
                reload();
            }
        })
    };
    source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    // Both live as long as the page, which is loaded again when they are no longer needed.
    on_message.forget();
    on_error.forget();
}

fn reload() {
    // A page that can't be loaded again says so itself.
    let _ = window().location().reload();
}
