//! The child's side: one request from stdin, progress and one answer to stdout.

use std::io::{BufRead, Read, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use domain::Problem;
use measure::progress::Progress;
use serde::{Deserialize, Serialize};

use super::bounds::limit_this_process;
use super::task::{Ask, Task};

/// More steps than this are nobody's to see.
const REPORT_EVERY: Duration = Duration::from_millis(100);

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Request {
    pub memory_mb: u64,
    pub task: Task,
}

/// A line of the child's.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Line<T> {
    Progress(f64, String),
    Done(Result<T, Problem>),
}

/// Answers the request on stdin: what the hidden verb of the program does.
///
/// # Errors
/// When it does not talk to a parent of its own version.
pub fn answer() -> Result<(), Problem> {
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    let request: Request =
        read.map_err(|error| error.to_string()).and_then(|_bytes| understood(&line)).map_err(|error| {
            Problem::bad_input(format!("This verb is for Mismatch itself, which asks it to read files ({error})."))
        })?;
    drop(line);
    leave_with_parent();
    match &request.task {
        Task::Inspect(task) => run(task, request.memory_mb),
        Task::Show(task) => run(task, request.memory_mb),
        Task::ProfileOne(task) => run(task, request.memory_mb),
        Task::DiagnoseAll(task) => run(task.as_ref(), request.memory_mb),
        Task::Explain(task) => run(task, request.memory_mb),
        Task::ListRows(task) => run(task, request.memory_mb),
        Task::Pair(task) => run(task, request.memory_mb),
        Task::CompareRuns(task) => run(task.as_ref(), request.memory_mb),
        Task::Unpack(task) => run(task, request.memory_mb),
        Task::WriteTables(task) => run(task, request.memory_mb),
        Task::ShowRepaired(task) => run(task, request.memory_mb),
        Task::RepairedCsv(task) => run(task, request.memory_mb),
        Task::Tell(task) => run(task, request.memory_mb),
    }
}

fn understood(line: &str) -> Result<Request, String> {
    serde_json::from_str(line).map_err(|error| error.to_string())
}

fn run<A: Ask>(task: &A, memory_mb: u64) -> Result<(), Problem> {
    limit_this_process(memory_mb, task.files().into_iter().map(|(_name, path)| path));
    let answer = task.run(&Teller::default());
    say(&Line::Done(answer)).map_err(|error| Problem::internal(format!("The answer can't be handed back: {error}.")))
}

/// Ends this process when its stdin does, that is, when the parent is gone or has had enough.
pub fn leave_with_parent() {
    #[expect(clippy::disallowed_methods, reason = "nobody is left who would read a tidy end")]
    std::thread::spawn(|| {
        let mut nothing = [0; 64];
        while std::io::stdin().read(&mut nothing).is_ok_and(|read| read > 0) {}
        std::process::exit(1);
    });
}

fn say<T: Serialize>(line: &Line<T>) -> std::io::Result<()> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    let mut out = std::io::stdout().lock();
    out.write_all(&text)?;
    out.flush()
}

/// Progress, to the parent; who cancels is the parent, by ending this process.
#[derive(Default)]
struct Teller {
    told: Mutex<Option<(Instant, String)>>,
}

impl Progress for Teller {
    fn report(&self, fraction: f64, stage: &str) {
        let Ok(mut told) = self.told.lock() else { return };
        if told.as_ref().is_some_and(|(when, what)| what == stage && when.elapsed() < REPORT_EVERY) {
            return;
        }
        *told = Some((Instant::now(), stage.to_owned()));
        // Nobody is left to tell when the parent is gone.
        let _ = say(&Line::<()>::Progress(fraction, stage.to_owned()));
    }

    fn cancelled(&self) -> bool {
        false
    }
}
