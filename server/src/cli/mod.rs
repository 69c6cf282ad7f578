//! The command line: one file per verb.

mod access;
mod brought_rows;
mod demo;
mod diagnose;
mod digest;
mod elsewhere;
mod explain;
mod fetched;
mod folders;
mod given;
mod guard_file;
mod ingest;
mod isolated;
mod keeping;
mod mail;
mod migrate;
mod push;
mod serve;
mod undo;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};
use domain::{Problem, ProblemKind};

/// Finds which two things that should agree no longer do: training and serving, data and assumption, metric and
/// business.
#[derive(Debug, Parser)]
#[command(name = "mismatch", version, about)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Serve(serve::Serve),
    Demo(demo::Demo),
    Diagnose(Box<diagnose::Diagnose>),
    Undo(Box<undo::Undo>),
    Ingest(ingest::Ingest),
    Explain(explain::Explain),
    Push(push::Push),
    Migrate(migrate::Migrate),
    /// Reads a stranger's file for the server that started it.
    #[command(hide = true)]
    Isolated,
}

/// Exit code of bad input and of failures.
const FAILED: u8 = 2;

/// Runs the verb that was asked for.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    let done = match arguments.verb {
        Verb::Serve(serve) => serve.run(),
        Verb::Demo(demo) => demo.run(),
        Verb::Diagnose(diagnose) => diagnose.run(),
        Verb::Undo(undo) => undo.run(),
        Verb::Ingest(ingest) => ingest.run(),
        Verb::Explain(explain) => explain.run(),
        Verb::Push(push) => push.run(),
        Verb::Migrate(migrate) => migrate.run(),
        Verb::Isolated => isolated::run(),
    };
    done.unwrap_or_else(|problem| complain(&problem.message))
}

/// Help and version go to stdout as clap writes them; a mistake is told in one sentence.
fn usage(error: &clap::Error) -> ExitCode {
    let asked_for = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    );
    if asked_for {
        // Nobody is left to tell when the terminal is gone.
        let _ = error.print();
        return ExitCode::from(if error.use_stderr() { FAILED } else { 0 });
    }
    let text = error.render().to_string();
    // clap sets what is missing on lines of its own, before the usage.
    let said: Vec<&str> = text
        .lines()
        .map(str::trim)
        .take_while(|line| !line.starts_with("Usage:"))
        .filter(|line| !line.is_empty())
        .collect();
    let said = said.join(" ");
    complain(&format!(
        "{}; `mismatch --help` shows the options.",
        said.trim_start_matches("error: ").trim_end_matches('.')
    ))
}

fn complain(message: &str) -> ExitCode {
    say(message);
    ExitCode::from(FAILED)
}

/// Tells a person something that is not the output.
fn say(message: &str) {
    // Nobody is left to tell when stderr is closed.
    let _ = writeln!(std::io::stderr(), "mismatch: {}", one_line(message));
}

/// What a file or a column is called stays in its line, so that nobody's name looks like a line of ours.
fn one_line(message: &str) -> String {
    message.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// What messages call a file that was given by its path.
fn name_of(path: &std::path::Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Writes to stdout; a reader that has seen enough (`| head`) is no failure.
fn print(text: &str) -> Result<(), Problem> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Problem::new(ProblemKind::Internal, format!("The output can't be written: {error}.")))
        }
        _ => Ok(()),
    }
}

/// Writes the log to stderr, in colour only on a terminal; `RUST_LOG` says how much of it.
fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_unset| tracing_subscriber::EnvFilter::new("warn,service=info,server=info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
}

/// Runs the asynchronous part of a verb.
fn run_async(work: impl Future<Output = Result<(), Problem>>) -> Result<ExitCode, Problem> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime =
        runtime.map_err(|error| Problem::internal(format!("The program could not start its threads: {error}.")))?;
    let done = runtime.block_on(work);
    // Blocking work that did not notice that it should end must not hold the process up.
    runtime.shutdown_timeout(Duration::from_secs(2));
    done.map(|()| ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_argument_has_a_help_text() {
        for verb in Arguments::command().get_subcommands() {
            for argument in verb.get_arguments().filter(|argument| !argument.is_hide_set()) {
                assert!(argument.get_help().is_some(), "{} {}", verb.get_name(), argument.get_id());
            }
        }
    }
}
