//! `cargo xtask test`: every test, browser included, one summary.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::build::{self, Profile};
use crate::postgres::Postgres;
use crate::process::{PRODUCT, announce, cargo};
use crate::{assets, browser, fuzz};

/// What is run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Everything,
    WithoutBrowser,
}

/// Counts over all runners.
#[derive(Default)]
struct Tally {
    passed: u64,
    failed: u64,
    skipped: u64,
}

/// Runs the tests and prints `N passed, N failed, N skipped` last.
pub fn everything(scope: Scope) -> Outcome {
    let mut tally = Tally::default();
    announce("Tests in Rust (the first time everything is compiled: about 15 minutes on two cores)");
    let rust = rust(&mut tally);
    let fuzz = fuzz::every_target(FUZZ_SECONDS, |passed| add(&mut tally, 1, if passed { "passed" } else { "failed" }));
    let browser = match scope {
        Scope::Everything => browser_tests(&mut tally),
        Scope::WithoutBrowser => Ok(()),
    };
    println!("\n{} passed, {} failed, {} skipped", tally.passed, tally.failed, tally.skipped);
    rust.and(fuzz).and(browser)
}

/// A short run of the fuzzer, all targets together: enough to meet what is easy to find in new code.
const FUZZ_SECONDS: u64 = 60;

/// Tests whose names begin with this want a PostgreSQL and are run by themselves.
const ON_POSTGRES: &str = "postgres_";

fn rust(tally: &mut Tally) -> Outcome {
    let mut product = cargo();
    product.args(["test", "--no-fail-fast", "--package", "fuzz"]).args(PRODUCT).args(["--", "--skip", ON_POSTGRES]);
    if std::env::var_os("MISMATCH_FIXTURES").is_some() {
        // Tests over the corpora outside the repository are ignored (and counted as skipped) without it.
        product.arg("--include-ignored");
    }
    let mut xtask = cargo();
    xtask.args(["test", "--package", "xtask"]);
    let product = tee(&mut product, |line| count_rust(line, tally));
    product.and(on_postgres(tally)).and(tee(&mut xtask, |line| count_rust(line, tally)))
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
    tee(&mut command, |line| count_rust(line, tally))?;
    if tally.passed + tally.failed == before { Err("no test ran on PostgreSQL.".into()) } else { Ok(()) }
}

fn browser_tests(tally: &mut Tally) -> Outcome {
    let chromium = browser::ready()?;
    let binary = build::everything(Profile::Dev)?;
    announce("Tests in a real browser");
    let mut command = Command::new("npx");
    command
        .args(["playwright", "test"])
        .current_dir(browser::folder())
        .env("CHROMIUM", chromium)
        .env("MISMATCH_BINARY", binary)
        .env("LEPTOS_SITE_ROOT", assets::site());
    tee(&mut command, |line| count_playwright(line, tally))
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

/// `test result: ok. 3 passed; 0 failed; 1 ignored; …`
fn count_rust(line: &str, tally: &mut Tally) {
    let Some(rest) = line.strip_prefix("test result: ") else { return };
    for part in rest.split(['.', ';']) {
        let mut words = part.split_whitespace();
        let (Some(Ok(number)), Some(word)) = (words.next().map(str::parse::<u64>), words.next()) else { continue };
        add(tally, number, word);
    }
}

/// `  12 passed (1.2m)`
fn count_playwright(line: &str, tally: &mut Tally) {
    let mut words = line.split_whitespace();
    if let (Some(Ok(number)), Some(word)) = (words.next().map(str::parse::<u64>), words.next()) {
        add(tally, number, word);
    }
}

fn add(tally: &mut Tally, number: u64, word: &str) {
    match word {
        "passed" => tally.passed += number,
        "failed" => tally.failed += number,
        "ignored" | "skipped" => tally.skipped += number,
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_runners_closing_lines_are_counted() {
        let mut tally = Tally::default();
        count_rust(
            "test result: ok. 3 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.1s",
            &mut tally,
        );
        count_playwright("  12 passed (1.2m)", &mut tally);
        count_playwright("  1 failed", &mut tally);
        assert_eq!((tally.passed, tally.failed, tally.skipped), (15, 2, 2));
    }
}
