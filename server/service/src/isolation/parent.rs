//! The parent's side: starts the child, listens, and ends it when it takes too long or nobody wants the answer any more.
//!
//! By the standard library, on a thread that waits: tokio's own processes are a feature that polars would be compiled anew
//! for.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::{Problem, ProblemKind};
use measure::progress::Progress;
use tempfile::TempDir;

use super::bounds::{Bounds, Killed};
use super::child::{Line, Request};
use super::task::Ask;
use crate::blocking::blocking;

/// How soon a cancelled job's child ends.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How soon a child's end is seen once it has said its last word.
const END_WITHIN: Duration = Duration::from_millis(2);
/// The answer is held in memory: a child that was led astray must not fill it. A diagnosis of 2,000 columns is 20 MB.
const MAX_ANSWER_BYTES: u64 = 1 << 30;

const SIGHUP: i32 = 1;
const SIGINT: i32 = 2;
const SIGTERM: i32 = 15;
const OTHERS_ARE_TOLD_WITHIN: Duration = Duration::from_secs(2);

pub(super) async fn ask<A: Ask>(
    program: &Path,
    scratch: &Path,
    task: A,
    progress: Arc<dyn Progress + Send>,
    bounds: &Bounds,
) -> Result<A::Answer, Problem> {
    let names: Vec<String> = task.files().into_iter().map(|(name, _path)| name.to_owned()).collect();
    let request = Request { memory_mb: bounds.memory_mb, task: task.into() };
    let (program, scratch, watched) = (program.to_owned(), scratch.to_owned(), Arc::clone(&progress));
    // When this future ends or is dropped, so does the child, and with that the thread that listens.
    let ended = blocking(move || Reader::start(&program, &scratch).map(Arc::new).map(EndWhenDropped)).await?;
    let reader = Arc::clone(&ended.0);
    let (told, bounds_told) = (names.clone(), *bounds);
    let listening = blocking(move || listen::<A>(&reader, &request, watched.as_ref(), &told, &bounds_told));
    tokio::select! {
        answer = listening => answer,
        () = cancelled(progress.as_ref()) => {
            Err(Problem::new(ProblemKind::Cancelled, "The work was cancelled before it was done."))
        }
        () = tokio::time::sleep(bounds.time) => Err(Killed::TimeOver.problem(&names, bounds)),
    }
}

/// A child and the folder for what it unpacks and converts, which a child that is killed can't remove.
struct Reader {
    child: Mutex<Child>,
    _scratch: TempDir,
}

impl Reader {
    fn start(program: &Path, scratch: &Path) -> Result<Reader, Problem> {
        let scratch = tempfile::tempdir_in(scratch).map_err(|error| not_started(&error))?;
        let child = Command::new(program)
            .arg("isolated")
            .env("TMPDIR", scratch.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Ctrl-C in the server's terminal is for the server, which tells its readers.
            .process_group(0)
            .spawn()
            .map_err(|error| not_started(&error))?;
        Ok(Reader { child: Mutex::new(child), _scratch: scratch })
    }

    /// For a moment only: whoever ends the child has to get in.
    fn with<T>(&self, act: impl FnOnce(&mut Child) -> T) -> T {
        act(&mut self.child.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn wait(&self) -> std::io::Result<ExitStatus> {
        loop {
            // Not `wait`, which would keep others out.
            if let Some(status) = self.with(Child::try_wait)? {
                return Ok(status);
            }
            std::thread::sleep(END_WITHIN);
        }
    }

    fn end(&self) {
        if let Err(error) = self.with(Child::kill).and_then(|()| self.wait()) {
            tracing::warn!(%error, "a reader can't be ended");
        }
    }
}

/// Ends the child, whatever it is doing.
struct EndWhenDropped(Arc<Reader>);

impl Drop for EndWhenDropped {
    fn drop(&mut self) {
        let reader = Arc::clone(&self.0);
        // The end of a process with much memory takes a while, and this may be a thread that answers others.
        std::thread::spawn(move || reader.end());
    }
}

/// Hands the request over and passes progress on until the line with the answer.
fn listen<A: Ask>(
    reader: &Reader,
    request: &Request,
    progress: &dyn Progress,
    names: &[String],
    bounds: &Bounds,
) -> Result<A::Answer, Problem> {
    let (Some(mut to), Some(from)) = reader.with(|child| (child.stdin.take(), child.stdout.take())) else {
        return Err(Problem::internal("A reader was started without a connection to it."));
    };
    let mut line = serde_json::to_vec(request).map_err(|error| not_understood(&error))?;
    line.push(b'\n');
    // A child that ended before it was asked has a status that says more than a broken pipe.
    if let Err(error) = to.write_all(&line) {
        tracing::info!(%error, "a reader did not take its request");
    }
    let mut from = BufReader::new(from.take(MAX_ANSWER_BYTES));
    loop {
        line.clear();
        from.read_until(b'\n', &mut line).map_err(|error| not_understood(&error))?;
        if line.last() != Some(&b'\n') {
            drop(to);
            let status = reader.wait().map_err(|error| not_understood(&error))?;
            return Err(ended(status, names, bounds));
        }
        match serde_json::from_slice(&line).map_err(|error| not_understood(&error))? {
            Line::<A::Answer>::Progress(fraction, stage) => progress.report(fraction, &stage),
            Line::Done(answer) => return answer,
        }
    }
}

fn ended(status: ExitStatus, names: &[String], bounds: &Bounds) -> Problem {
    if !matches!(status.signal(), Some(SIGHUP | SIGINT | SIGTERM)) {
        return Killed::Ended(status).problem(names, bounds);
    }
    // Whoever stops a service stops all of its processes: the server, told so too, puts its jobs back now.
    std::thread::sleep(OTHERS_ARE_TOLD_WITHIN);
    Problem::internal("The process that reads files was stopped from outside; try again.")
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
