//! `cargo xtask test`: every test, browser included, one summary.

mod report;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::build::{self, Profile};
use crate::postgres::Postgres;
use crate::process::{PRODUCT, announce, cargo, run};
use crate::{assets, browser, fuzz, other_tools};
use report::{Report, Tally};

/// What is run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Everything,
    WithoutBrowser,
}

/// Runs the tests and prints `N passed, N failed, N skipped` last. What can't be built ends the run.
pub fn everything(scope: Scope) -> Outcome {
    let mut report = Report::default();
    if !report.phase("build the tests in Rust", |_| build_rust())
        || !report.phase("build the fuzz targets", |_| fuzz::build())
    {
        return report.end();
    }
    report.phase("tests in Rust", rust);
    report.phase("tests on PostgreSQL", on_postgres);
    report.phase("tests with other tools", with_other_tools);
    report.phase("tests of xtask", of_xtask);
    match scope {
        Scope::WithoutBrowser => {
            announce(&format!("Fuzzing for {FUZZ_SECONDS} s"));
            report.phase("fuzz targets", |tally| counted(fuzz::quietly(FUZZ_SECONDS), tally));
        }
        Scope::Everything => {
            report.phase("tests with a sign-in provider", with_a_provider);
            let mut binary = PathBuf::new();
            if report.phase("build for the browser", |_| build::everything(Profile::Dev).map(|built| binary = built)) {
                report.phase("tests in a browser, fuzz targets", |tally| browser_and_fuzz(&binary, tally));
            }
        }
    }
    report.end()
}

/// A short run of the fuzzer, all targets together: enough to meet what is easy to find in new code. Shorter than the
/// browser's tests, beside which it runs.
const FUZZ_SECONDS: u64 = 90;

/// Tests whose names begin with this want a PostgreSQL and are run by themselves.
const ON_POSTGRES: &str = "postgres_";

/// No example and no documentation test: clippy compiles the examples, and the house rules allow no such test.
const TARGETS: [&str; 3] = ["--lib", "--bins", "--tests"];

/// Tests whose names begin with this start other tools, and are run by themselves.
const WITH_OTHER_TOOLS: &str = "real_";

/// Of these, the tests whose tool can't be installed together with the others: they are for an environment made by hand.
const ELSEWHERE: [&str; 2] = ["tfdv_", "odcs_"];

fn test_product() -> Command {
    let mut command = cargo();
    command.args(["test", "--no-fail-fast", "--package", "fuzz"]).args(PRODUCT).args(TARGETS);
    command
}

fn build_rust() -> Outcome {
    announce("Building the tests in Rust (the first time everything is compiled: about 15 minutes on two cores)");
    run(test_product().arg("--no-run"))
}

fn rust(tally: &mut Tally) -> Outcome {
    announce("Tests in Rust");
    let mut command = test_product();
    command.args(["--", "--skip", ON_POSTGRES, "--skip", WITH_OTHER_TOOLS]);
    if std::env::var_os("MISMATCH_FIXTURES").is_some() {
        // Tests over the corpora outside the repository are ignored (and counted as skipped) without it.
        command.arg("--include-ignored");
    }
    tee(&mut command, |line| tally.count_rust(line))
}

fn on_postgres(tally: &mut Tally) -> Outcome {
    announce("Tests on PostgreSQL");
    let server = Postgres::start()?;
    let mut command = cargo();
    command
        .args(["test", "--no-fail-fast"])
        .args(PRODUCT)
        .args(["--test", "store_story", "--", "--ignored", ON_POSTGRES])
        .env("TEST_DATABASE_URL", server.url());
    let before = tally.passed + tally.failed;
    tee(&mut command, |line| tally.count_rust(line))?;
    if tally.passed + tally.failed == before { Err("no test ran on PostgreSQL.".into()) } else { Ok(()) }
}

fn with_other_tools(tally: &mut Tally) -> Outcome {
    let python = other_tools::ready()?;
    announce("Tests with other tools");
    let mut command = cargo();
    command
        .args(["test", "--no-fail-fast"])
        .args(PRODUCT)
        .args(["--test", "real_tools", "--test", "tools", "--", "--ignored", WITH_OTHER_TOOLS])
        .args(ELSEWHERE.into_iter().flat_map(|name| ["--skip", name]))
        .env("MISMATCH_TOOLS_PYTHON", python);
    let before = tally.passed + tally.failed;
    tee(&mut command, |line| tally.count_rust(line))?;
    if tally.passed + tally.failed == before { Err("no test ran with other tools.".into()) } else { Ok(()) }
}

/// A provider of others, on Node, that people sign in with.
fn with_a_provider(tally: &mut Tally) -> Outcome {
    browser::packages()?;
    announce("Tests with a sign-in provider");
    let mut command = cargo();
    command
        .args(["test", "--no-fail-fast"])
        .args(PRODUCT)
        .args(["--test", "provider", "--", "--ignored", WITH_OTHER_TOOLS])
        .env("MISMATCH_OPENID_PROVIDER", browser::folder().join("openid_provider.mjs"));
    let before = tally.passed + tally.failed;
    tee(&mut command, |line| tally.count_rust(line))?;
    if tally.passed + tally.failed == before { Err("no test ran with a sign-in provider.".into()) } else { Ok(()) }
}

fn of_xtask(tally: &mut Tally) -> Outcome {
    announce("Tests of xtask");
    tee(cargo().args(["test", "--package", "xtask"]), |line| tally.count_rust(line))
}

/// The browser's tests wait for a page half of the time; the fuzzer takes what they leave, and its output comes after theirs.
fn browser_and_fuzz(binary: &Path, tally: &mut Tally) -> Outcome {
    std::thread::scope(|threads| {
        let fuzz = threads.spawn(|| fuzz::quietly(FUZZ_SECONDS));
        let browser = browser_tests(binary, tally);
        let fuzz = fuzz.join().map_err(|_panic| "the fuzzer's thread ended early.".to_owned());
        browser.and(fuzz.and_then(|runs| counted(runs, tally)))
    })
}

fn browser_tests(binary: &Path, tally: &mut Tally) -> Outcome {
    let chromium = browser::ready()?;
    announce("Tests in a real browser");
    let mut command = Command::new("npx");
    command
        .args(["playwright", "test"])
        .current_dir(browser::folder())
        .env("CHROMIUM", chromium)
        .env("MISMATCH_BINARY", binary)
        .env("LEPTOS_SITE_ROOT", assets::site());
    tee(&mut command, |line| tally.count_playwright(line))
}

/// Prints what each fuzz target said, and counts it as a test.
fn counted(runs: Vec<fuzz::Quiet>, tally: &mut Tally) -> Outcome {
    let mut outcome = Ok(());
    for fuzz::Quiet { target, outcome: found, said } in runs {
        announce(&format!("Fuzzed {target}"));
        println!("{said}");
        tally.add(1, if found.is_ok() { "passed" } else { "failed" });
        outcome = outcome.and(found);
    }
    outcome
}

/// Runs a command, shows its output as it comes, and hands every line to `read`.
fn tee(command: &mut Command, mut read: impl FnMut(&str)) -> Outcome {
    let program = command.get_program().to_string_lossy().into_owned();
    let failed = |error: std::io::Error| format!("could not run {program}: {error}.");
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(failed)?;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines() {
            let line = line.map_err(failed)?;
            println!("{line}");
            read(&line);
        }
    }
    let status = child.wait().map_err(failed)?;
    if status.success() { Ok(()) } else { Err("some tests failed; they are named above.".into()) }
}
