//! What an open page listens to: whether the investigation was changed, and who else has it open.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use serde::Serialize;
use service::{Follower, Service};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;

use super::connections::Ending;
use super::problem::ApiProblem;
use super::visitors::Who;

/// After so long the browser connects again, and whether it still may is asked again: a session can have ended.
const LONGEST: Duration = Duration::from_secs(30);

#[derive(Serialize)]
struct Now {
    /// How many times it was changed.
    changes: i64,
    /// The names of the others with an account.
    here: Vec<String>,
}

/// Server-sent events, the first at once.
pub async fn now(
    State(service): State<Service>,
    Who(visitor): Who,
    Path(id): Path<String>,
    ending: Ending,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiProblem> {
    let follower = service.follow(&id, visitor.signs_as()).await?;
    let (events, stream) = mpsc::channel(4);
    tokio::spawn(forward(follower, events, ending));
    Ok(Sse::new(ReceiverStream::new(stream)).keep_alive(KeepAlive::default()))
}

/// A slow page is told how it is, not how it was; one that was closed ends the task.
async fn forward(mut follower: Follower, events: mpsc::Sender<Result<Event, Infallible>>, mut ending: Ending) {
    let end = Instant::now() + LONGEST;
    loop {
        let next = tokio::select! {
            next = timeout_at(end, follower.next()) => next,
            () = events.closed() => return,
            () = ending.begins() => return,
        };
        let Ok(Some(now)) = next else { return };
        let Ok(event) = Event::default().json_data(Now { changes: now.changes, here: now.others }) else { return };
        if events.send(Ok(event)).await.is_err() {
            return;
        }
    }
}
