//! `/api/v1/jobs`: long work, watched and cancelled.

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use domain::job::Job;
use domain::visitor::Visitor;
use service::Service;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, interval_at};
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;

use super::connections::Ending;
use super::problem::ApiProblem;
use super::refusals::NotFound;
use super::visitors::Who;

/// One job
///
/// Its state, stage and progress.
#[utoipa::path(
    get, path = "/jobs/{id}", operation_id = "findJob", tag = "jobs",
    params(("id" = String, Path, description = "Id of the job.")),
    responses((status = 200, description = "The job.", body = Job, example = json!({
        "id": "0198f1c2-9d10-7c44-a1b2-3c4d5e6f7a8b", "kind": "diagnose", "subject": "0198f1c2-8b62-7e90-b3c4-5d6e7f8a9b0c",
        "state": "running", "stage": "comparing columns", "progress": 0.4, "error": null, "attempts": 1,
        "created_at_ms": 1777636800000_i64, "updated_at_ms": 1777636803000_i64
    })), NotFound)
)]
pub async fn find(State(service): State<Service>, Path(id): Path<String>) -> Result<Json<Job>, ApiProblem> {
    Ok(Json(service.job(&id).await?))
}

/// Cancel a job
///
/// Cancelling twice is not an error. A job that is over stays as it is. The request has no body.
#[utoipa::path(
    post, path = "/jobs/{id}/cancel", operation_id = "cancelJob", tag = "jobs",
    params(("id" = String, Path, description = "Id of the job.")),
    responses((status = 200, description = "The job as it is now.", body = Job), NotFound)
)]
pub async fn cancel(State(service): State<Service>, Path(id): Path<String>) -> Result<Json<Job>, ApiProblem> {
    Ok(Json(service.cancel_job(&id).await?))
}

/// The job now and at every step
///
/// Server-sent events whose data is the job as JSON. The stream ends with the job.
#[utoipa::path(
    get, path = "/jobs/{id}/events", operation_id = "watchJob", tag = "jobs",
    params(("id" = String, Path, description = "Id of the job.")),
    responses((status = 200, description = "Events; the data of each is a Job as JSON.", body = String, content_type = "text/event-stream"), NotFound)
)]
pub async fn events(
    State(service): State<Service>,
    Who(visitor): Who,
    Path(id): Path<String>,
    ending: Ending,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiProblem> {
    let watched = service.watch_job(&id).await?;
    let (events, stream) = mpsc::channel(8);
    tokio::spawn(forward(watched, events, Admitted { service, visitor }, ending));
    Ok(Sse::new(ReceiverStream::new(stream)).keep_alive(KeepAlive::default()))
}

/// Whether who watches may go on is asked again after so long: an account can be disabled meanwhile.
const ASK_AGAIN: Duration = Duration::from_secs(30);

/// Whoever watches.
struct Admitted {
    service: Service,
    visitor: Visitor,
}

/// A slow client sees fewer steps, never a queue of old ones; one that left ends the task.
async fn forward(
    mut watched: watch::Receiver<Job>,
    events: mpsc::Sender<Result<Event, Infallible>>,
    watcher: Admitted,
    mut ending: Ending,
) {
    let mut again = interval_at(Instant::now() + ASK_AGAIN, ASK_AGAIN);
    loop {
        let job = watched.borrow_and_update().clone();
        let Ok(event) = Event::default().json_data(&job) else { return };
        if events.send(Ok(event)).await.is_err() || job.state.is_over() {
            return;
        }
        loop {
            tokio::select! {
                changed = watched.changed() => match changed {
                    Ok(()) => break,
                    Err(_nobody_left) => return,
                },
                _ = again.tick() => match watcher.service.is_still_in(&watcher.visitor).await {
                    Ok(true) => {}
                    // Who is no longer in, or can't be known to be, connects again and is asked.
                    Ok(false) | Err(_) => return,
                },
                () = ending.begins() => return,
            }
        }
    }
}
