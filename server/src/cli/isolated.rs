//! Reading strangers' files in a process of its own: the hidden verb for the server, and `diagnose` started again by itself.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use clap::Args;
use domain::Problem;
use service::isolation::{Bounds, Killed, Reading};

use super::fetched::Fetched;

/// How often the parent looks whether its child is done: short against what reading takes.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// What one reading may cost.
#[derive(Debug, Args)]
pub struct BoundsArguments {
    /// Memory for reading files, in MB; a reading that needs more is ended.
    #[arg(long = "memory", value_name = "MB", env = "MISMATCH_MEMORY", default_value_t = Bounds::DEFAULT_MEMORY_MB)]
    memory_mb: u64,
    /// Time for reading files, in seconds; a reading that takes longer is ended.
    #[arg(
        long = "time-limit",
        value_name = "SECONDS",
        env = "MISMATCH_TIME_LIMIT",
        default_value_t = Bounds::DEFAULT_TIME_S
    )]
    time_s: u64,
}

impl BoundsArguments {
    pub fn get(&self) -> Bounds {
        Bounds { memory_mb: self.memory_mb, time: Duration::from_secs(self.time_s) }
    }
}

/// `mismatch isolated`: answers one request on stdin.
pub fn run() -> Result<ExitCode, Problem> {
    super::start_log();
    service::isolation::answer().map(|()| ExitCode::SUCCESS)
}

/// Runs this command line again in a child with `flag` behind it, each address in it replaced by the file that was fetched from
/// it. What the child says on stderr is held back until it is
/// known to have ended by itself: a child that dies says things that help nobody.
///
/// # Errors
/// One sentence when the child died or took too long.
pub fn again_in_a_child(flag: &str, files: &[&Path], fetched: &Fetched, bounds: &Bounds) -> Result<ExitCode, Problem> {
    let Reading::ChildOf(program) = Reading::child_of_this_program()? else {
        return Err(Problem::internal("The program does not know its own file."));
    };
    let scratch = tempfile::tempdir().map_err(|error| not_started(&error))?;
    let mut child = Command::new(program)
        .args(std::env::args_os().skip(1).map(|argument| fetched.instead_of(argument)))
        .arg(flag)
        .env("TMPDIR", scratch.path())
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| not_started(&error))?;
    let stderr = child.stderr.take();
    let listening = std::thread::spawn(move || {
        let mut said = Vec::new();
        // What can't be read was not said.
        let _ = stderr.map(|mut stderr| stderr.read_to_end(&mut said));
        said
    });
    let names: Vec<String> = files.iter().map(|path| super::name_of(path)).collect();
    let ended = wait(&mut child, bounds);
    // 0, 1 and 2 are the verb's own; any other end, by a signal or a panic, is none that it chose.
    let code = match ended {
        Ok(status) => match status.code().and_then(|code| u8::try_from(code).ok()) {
            Some(code @ 0..=2) => code,
            _ => return Err(Killed::Ended(status).problem(&names, bounds)),
        },
        Err(Ok(killed)) => return Err(killed.problem(&names, bounds)),
        Err(Err(error)) => return Err(not_started(&error)),
    };
    let said = listening.join().unwrap_or_default();
    // Nobody is left to tell when stderr is closed.
    let _ = std::io::stderr().write_all(&said);
    Ok(ExitCode::from(code))
}

/// The child's end; it ends with its stdin when this process is killed.
fn wait(child: &mut Child, bounds: &Bounds) -> Result<std::process::ExitStatus, Result<Killed, std::io::Error>> {
    let begun = Instant::now();
    loop {
        // Not `wait`, which closes the child's stdin and so ends it.
        if let Some(status) = child.try_wait().map_err(Err)? {
            return Ok(status);
        }
        if begun.elapsed() > bounds.time {
            child.kill().and_then(|()| child.wait()).map_err(Err)?;
            return Err(Ok(Killed::TimeOver));
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

fn not_started(error: &std::io::Error) -> Problem {
    Problem::internal(format!("The process that reads the files can't be started ({error}); trying again is safe."))
}
