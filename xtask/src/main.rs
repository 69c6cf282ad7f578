//! `cargo xtask`: builds, runs, tests, lints and measures Mismatch. Each verb does its own set-up.
#![expect(clippy::print_stdout, reason = "a command line tool talks on standard output")]

mod assets;
mod bench;
mod browser;
mod build;
mod dev;
mod fuzz;
mod lint;
mod other_tools;
mod postgres;
mod process;
mod site;
mod test;
mod wasm_toolchain;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What went wrong, as a sentence for the person at the terminal.
type Outcome<T = ()> = Result<T, String>;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Builds, runs, tests, lints and measures Mismatch.")]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Builds everything and serves the demo at http://127.0.0.1:3000.
    Run {
        /// Passed on to `mismatch demo`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Builds the server and the browser's half.
    Build {
        /// One optimised binary with its assets inside.
        #[arg(long)]
        release: bool,
    },
    /// Rebuilds and restarts whenever a source file changes.
    Dev,
    /// Runs every test, browser included, and prints one summary.
    Test {
        /// Leaves out what needs Node.js: the browser tests, and those with a sign-in provider.
        #[arg(long)]
        no_browser: bool,
    },
    /// Feeds changed files to everything that parses them, and keeps what breaks it.
    Fuzz {
        /// For all targets together.
        #[arg(long, default_value_t = 240)]
        seconds: u64,
    },
    /// Formatting, clippy for both halves, and documentation, with warnings denied.
    Lint,
    /// Measures: `speed` beside polars, Evidently and Deepchecks, `diagnosis` on known faults, `false-alarms` on clean data.
    Bench {
        #[arg(value_enum, default_value = "speed")]
        subject: bench::Subject,
    },
    /// Writes seeded known faults made from a clean table: `--from TABLE --out FOLDER [--seed N] [--draws N] [--rows N]
    /// [--label COL] [--id COL] [--time COL] [--group COL] [--only CAUSE]`.
    Faults {
        /// Passed on to the generator.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

fn main() -> ExitCode {
    if let Some(code) = fuzz::compile() {
        return code;
    }
    let outcome = match Cli::parse().verb {
        Verb::Run { arguments } => build::run_demo(&arguments),
        Verb::Build { release } => build::everything(build::Profile::from_release_flag(release))
            .map(|binary| println!("Built {}", binary.display())),
        Verb::Dev => dev::watch(),
        Verb::Test { no_browser } => {
            test::everything(if no_browser { test::Scope::WithoutBrowser } else { test::Scope::Everything })
        }
        Verb::Fuzz { seconds } => fuzz::every_target(seconds),
        Verb::Lint => lint::everything(),
        Verb::Bench { subject } => bench::run_subject(subject),
        Verb::Faults { arguments } => bench::generate(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("xtask: {sentence}");
            ExitCode::FAILURE
        }
    }
}
