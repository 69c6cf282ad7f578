//! The job under way, or how the last one failed.

use domain::account::Role;
use domain::job::{Job, JobState};
use leptos::prelude::*;

use crate::islands::JobProgress;
use crate::visitor::Reader;

/// Nothing when the last job is done. Without a script the page loads itself again until it is.
#[component]
pub fn Progress(job: Option<Job>, investigation: String) -> impl IntoView {
    job.and_then(|job| match job.state {
        JobState::Done => None,
        JobState::Failed | JobState::Cancelled => Some(view! { <Stopped job investigation/> }.into_any()),
        JobState::Queued | JobState::Running => Some(view! { <Running job/> }.into_any()),
    })
}

#[component]
fn Running(job: Job) -> impl IntoView {
    let cancel = Reader::may(Role::Editor).then(|| format!("/jobs/{}/cancel", job.id));
    view! {
        <section class="card pad stack progress" aria-labelledby="progress">
            <noscript><meta http-equiv="refresh" content="2"/></noscript>
            <h2 id="progress">"The checks are running"</h2>
            <JobProgress id=job.id.clone() job=job.into() cancel/>
        </section>
    }
}

#[component]
fn Stopped(job: Job, investigation: String) -> impl IntoView {
    let words = match job.state {
        JobState::Cancelled => "The checks were cancelled.".to_owned(),
        _ => job.error.unwrap_or_else(|| "The checks failed. The server's log shows why.".to_owned()),
    };
    view! {
        <div class="notice bad row spread" role="alert">
            <p>{words}</p>
            {Reader::may(Role::Editor).then(|| view! {
                <form method="post" action=format!("/investigations/{investigation}/diagnosis")><button>"Run the checks again"</button></form>
            })}
        </div>
    }
}
