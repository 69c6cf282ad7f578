//! The parent's side: starts the child, listens, and ends it when it takes too long or nobody wants the answer any more.

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use domain::{Problem, ProblemKind};
use measure::progress::Progress;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};

use super::bounds::{Bounds, Killed};
use super::child::{Line, Request};
use super::task::Ask;
use crate::work::blocking;

/// How soon a cancelled job's child ends.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// The answer is held in memory: a child that was led astray must not fill it. A diagnosis of 2,000 columns is 20 MB.
const MAX_ANSWER_BYTES: u64 = 1 << 30;

const SIGHUP: i32 = 1;
const SIGINT: i32 = 2;
const SIGTERM: i32 = 15;
const OTHERS_ARE_TOLD_WITHIN: Duration = Duration::from_secs(2);

pub(super) async fn ask<A: Ask>(
    program: &Path,
    task: A,
    progress: &dyn Progress,
    bounds: &Bounds,
) -> Result<A::Answer, Problem> {
    let names: Vec<String> = task.files().into_iter().map(|(name, _path)| name.to_owned()).collect();
    // Unpacked copies go here: a child that is killed can't remove them.
    let scratch = tempfile::tempdir().map_err(|error| not_started(&error))?;
    let request = Request { memory_mb: bounds.memory_mb, task: task.into() };
    let request = blocking(move || {
        let mut line = serde_json::to_vec(&request).map_err(|error| not_understood(&error))?;
        line.push(b'\n');
        Ok(line)
    })
    .await?;
    let mut child = start(program, scratch.path())?;
    let answer = tokio::select! {
        answer = listen(&mut child, &request, progress, &names, bounds) => answer,
        () = cancelled(progress) => {
            Err(Problem::new(ProblemKind::Cancelled, "The work was cancelled before it was done."))
        }
        () = tokio::time::sleep(bounds.time) => Err(Killed::TimeOver.problem(&names, bounds)),
    };
    // It is over either way; waiting for its end keeps the scratch folder's removal after its last write.
    if let Err(error) = child.kill().await {
        tracing::debug!(%error, "a reader had ended before it was told to");
    }
    let answer = answer?;
    blocking(move || {
        match serde_json::from_slice::<Line<A::Answer>>(&answer).map_err(|error| not_understood(&error))? {
            Line::Done(answer) => answer,
            Line::Progress(..) => Err(Problem::internal("A reader went on after its answer.")),
        }
    })
    .await
}

fn start(program: &Path, scratch: &Path) -> Result<Child, Problem> {
    Command::new(program)
        .arg("isolated")
        .env("TMPDIR", scratch)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        // Ctrl-C in the server's terminal is for the server, which tells its readers.
        .process_group(0)
        .spawn()
        .map_err(|error| not_started(&error))
}

/// Hands the request over and passes progress on until the line with the answer.
async fn listen(
    child: &mut Child,
    request: &[u8],
    progress: &dyn Progress,
    names: &[String],
    bounds: &Bounds,
) -> Result<Vec<u8>, Problem> {
    let (Some(mut to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(Problem::internal("A reader was started without a connection to it."));
    };
    // A child that ended before it was asked has a status that says more than a broken pipe.
    if let Err(error) = to.write_all(request).await {
        tracing::info!(%error, "a reader did not take its request");
    }
    let mut from = BufReader::new(from.take(MAX_ANSWER_BYTES));
    loop {
        let mut line = Vec::new();
        let read = from.read_until(b'\n', &mut line).await.map_err(|error| not_understood(&error))?;
        if read == 0 || line.last() != Some(&b'\n') {
            drop(to);
            let status = child.wait().await.map_err(|error| not_understood(&error))?;
            if matches!(status.signal(), Some(SIGHUP | SIGINT | SIGTERM)) {
                // Whoever stops a service stops all of its processes: the server, told so too, puts its jobs back now.
                tokio::time::sleep(OTHERS_ARE_TOLD_WITHIN).await;
                return Err(Problem::internal("The process that reads files was stopped from outside; try again."));
            }
            return Err(Killed::Ended(status).problem(names, bounds));
        }
        if !line.starts_with(br#"{"Progress""#) {
            return Ok(line);
        }
        match serde_json::from_slice(&line).map_err(|error| not_understood(&error))? {
            Line::<()>::Progress(fraction, stage) => progress.report(fraction, &stage),
            Line::Done(_) => return Ok(line),
        }
    }
}

async fn cancelled(progress: &dyn Progress) {
    while !progress.cancelled() {
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn not_started(error: &std::io::Error) -> Problem {
    tracing::error!(%error, "a reader can't be started");
    Problem::internal("The process that reads files can't be started; the log says why. Trying again is safe.")
}

fn not_understood(error: &(dyn std::error::Error + 'static)) -> Problem {
    tracing::error!(error, "a reader can't be talked to");
    Problem::internal("The process that reads files can't be talked to; the log says why. Trying again is safe.")
}
