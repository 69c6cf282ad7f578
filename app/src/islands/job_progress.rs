//! A job while it runs: how far it is, in words and as a bar, with a way to stop it. When it is over the page is loaded
//! again and shows the result; while somebody is doing something on the page, there is a link instead.

use domain::job::{Job, JobState};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent};

use super::in_use::is_in_use;

/// After this many failed connections in a row the page is loaded again, which shows what is so.
const PATIENCE: u32 = 5;

/// What is shown of a job. Of an event nothing else is read, which keeps the bundle small.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobNow {
    state: JobState,
    stage: String,
    progress: f64,
    error: Option<String>,
    attempts: i64,
}

impl From<Job> for JobNow {
    fn from(job: Job) -> JobNow {
        let Job { state, stage, progress, error, attempts, .. } = job;
        JobNow { state, stage, progress, error, attempts }
    }
}

impl JobNow {
    fn words(&self) -> String {
        match self.state {
            JobState::Queued => "Waiting in the queue".to_owned(),
            JobState::Running => self.stage.clone(),
            JobState::Done => "The checks are done.".to_owned(),
            JobState::Failed => {
                self.error.clone().unwrap_or_else(|| "It failed. The server's log shows why.".to_owned())
            }
            JobState::Cancelled => "Cancelled".to_owned(),
        }
    }

    /// Empty as long as it was started once.
    fn again(&self) -> String {
        match self.attempts {
            ..=1 => String::new(),
            attempts => format!("Started {attempts} times: the server was restarted."),
        }
    }
}

/// `cancel` is the address that a form to cancel it is sent to, where the reader may.
#[island]
pub fn JobProgress(id: String, job: JobNow, cancel: Option<String>) -> impl IntoView {
    let shown = RwSignal::new(job);
    let stays = RwSignal::new(false);
    Effect::new(move || {
        if !shown.with_untracked(|job| job.state.is_over()) {
            follow(&id, shown, stays);
        }
    });
    view! {
        <div class="job">
            <p role="status">{move || shown.with(JobNow::words)}</p>
            <progress max="1" aria-label="Progress" value=move || shown.with(|job| job.progress.to_string())></progress>
            <p class="note">{move || shown.with(JobNow::again)}</p>
            {cancel.map(|cancel| view! {
                <form method="post" action=cancel hidden=move || shown.with(|job| job.state.is_over())>
                    <button type="submit">"Cancel"</button>
                </form>
            })}
            <p hidden=move || !stays.get()><a class="button" href="">"Show the result"</a></p>
            <noscript><p class="note"><a href="">"Show the progress"</a></p></noscript>
        </div>
    }
}

/// Listens until the job is over, then loads the page again or says that the page `stays`.
fn follow(id: &str, shown: RwSignal<JobNow>, stays: RwSignal<bool>) {
    // An address that can't be opened is reported by the source itself, as a failed connection.
    let Ok(source) = EventSource::new(&format!("/api/v1/jobs/{id}/events")) else { return };
    let failures = StoredValue::new(0u32);
    // Loading the page again would end the way to another one, which somebody just chose.
    let is_leaving = StoredValue::new(false);
    let leaving = window_event_listener_untyped("beforeunload", move |_| is_leaving.set_value(true));
    let show = move || {
        if is_leaving.get_value() || is_in_use() {
            stays.set(true);
        } else {
            // A page that can't be loaded again says so itself.
            let _ = window().location().reload();
        }
    };
    let on_message = {
        let source = source.clone();
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let Some(job) = event.data().as_string().and_then(|text| serde_json::from_str::<JobNow>(&text).ok()) else {
                return;
            };
            failures.set_value(0);
            let over = job.state.is_over();
            shown.set(job);
            if over {
                source.close();
                show();
            }
        })
    };
    let on_error = {
        let source = source.clone();
        Closure::<dyn FnMut()>::new(move || {
            failures.update_value(|count| *count += 1);
            if failures.get_value() >= PATIENCE {
                source.close();
                show();
            }
        })
    };
    source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    // Both live as long as the page.
    on_message.forget();
    on_error.forget();
    on_cleanup(move || leaving.remove());
}
