//! `cargo xtask fuzz`: strangers' bytes against everything that parses them, steered by coverage.
//!
//! libFuzzer comes as a crate and its instrumentation as plain compiler flags, so that stable Rust does. Only this
//! workspace's own crates get the flags, by a wrapper around rustc (this program again): with them in RUSTFLAGS polars
//! would be built once more.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::Outcome;
use crate::process::{PRODUCT, announce, cargo, root, run, target};

/// The targets, each with the folders of its first inputs beside its own kept ones.
pub const TARGETS: [(&str, &[&str]); 3] = [
    ("text", &["server/engine/fixtures/nasty"]),
    ("streamed", &["server/engine/fixtures/nasty"]),
    ("artifact", &["server/engine/fixtures/artifacts", "server/engine/fixtures/items", "server/connectors/fixtures"]),
];

/// Findings are kept in here, one folder a target, and replayed by `cargo test --package fuzz`.
const KEPT: &str = "server/measure/fuzz/kept";

/// What one input may take: memory of the whole process in megabytes, seconds, bytes.
const BOUNDS: [&str; 3] = ["-rss_limit_mb=2048", "-timeout=60", "-max_len=16384"];

/// Set for cargo, so that this program knows that it is asked to be rustc.
const IS_WRAPPER: &str = "XTASK_INSTRUMENTS";
const INSTRUMENTED: [&str; 5] = ["stats", "domain", "connectors", "measure", "fuzz"];
const FLAGS: [&str; 7] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
    "--cfg=fuzzing",
];

/// As the wrapper: runs the compiler that cargo names, with the flags where the crate is to be instrumented. `None` when
/// this program was called for something else.
pub fn compile() -> Option<ExitCode> {
    std::env::var_os(IS_WRAPPER)?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (rustc, rest) = arguments.split_first()?;
    let mut command = Command::new(rustc);
    command.args(rest);
    let crate_name = rest.iter().skip_while(|argument| *argument != "--crate-name").nth(1);
    if crate_name.is_some_and(|name| INSTRUMENTED.contains(&name.as_str())) {
        command.args(FLAGS);
    }
    let code = command.status().ok().and_then(|status| status.code()).unwrap_or(1);
    Some(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}

/// Builds the targets and runs each for its share of `seconds`.
pub fn every_target(seconds: u64) -> Outcome {
    build()?;
    let share = (seconds / TARGETS.len() as u64).max(1);
    let mut failed = Vec::new();
    for (name, seeds) in TARGETS {
        announce(&format!("Fuzzing {name} for {share} s"));
        if fuzzer(name, seeds, share).and_then(|mut fuzzer| run(&mut fuzzer)).is_err() {
            failed.push(name);
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(found_in(&failed)) }
}

/// One target's run that nobody watched.
pub struct Quiet {
    pub target: &'static str,
    pub outcome: Outcome,
    /// What it printed.
    pub said: String,
}

/// Runs each built target for its share of `seconds`, at the lowest priority and without printing, while something else
/// runs and prints.
pub fn quietly(seconds: u64) -> Vec<Quiet> {
    let share = (seconds / TARGETS.len() as u64).max(1);
    let quiet = |(target, seeds)| match fuzzer(target, seeds, share).and_then(|fuzzer| heard(&fuzzer)) {
        Ok((true, said)) => Quiet { target, outcome: Ok(()), said },
        Ok((false, said)) => Quiet { target, outcome: Err(found_in(&[target])), said },
        Err(reason) => Quiet { target, outcome: Err(reason), said: String::new() },
    };
    TARGETS.into_iter().map(quiet).collect()
}

/// Runs a command at the lowest priority; whether it ended well, and what it printed.
fn heard(command: &Command) -> Outcome<(bool, String)> {
    let mut nice = Command::new("nice");
    nice.args(["-n", "19"]).arg(command.get_program()).args(command.get_args());
    nice.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = nice.output().map_err(|error| format!("could not start the fuzzer: {error}."))?;
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    Ok((output.status.success(), said.concat()))
}

fn found_in(targets: &[&str]) -> String {
    let places = targets.iter().map(|name| format!("{KEPT}/{name}")).collect::<Vec<_>>().join(", ");
    format!("the fuzzer found something; the input is in {places}. Mend it and keep the file: a test replays it.")
}

/// Builds all targets.
pub fn build() -> Outcome {
    announce("Building the fuzz targets");
    let wrapper = std::env::current_exe().map_err(|error| format!("where is xtask? {error}."))?;
    let mut command = cargo();
    // All packages are named, so that their dependencies have the features of every other build.
    command.arg("build").args(PRODUCT).args(["--package", "fuzz", "--features", "fuzz/libfuzzer"]);
    for (name, _) in TARGETS {
        command.args(["--bin", &format!("fuzz-{name}")]);
    }
    run(command.env("RUSTC_WORKSPACE_WRAPPER", wrapper).env(IS_WRAPPER, "1"))
}

/// The fuzzer of a target, ready to run for some seconds.
fn fuzzer(name: &str, seeds: &[&str], seconds: u64) -> Outcome<Command> {
    // What led to new code in earlier runs; it stays with the build, which CI keeps.
    let corpus = target().join("fuzz").join(name);
    let kept = root().join(KEPT).join(name);
    for folder in [&corpus, &kept] {
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}.", folder.display()))?;
    }
    let artifacts = format!("-artifact_prefix={}/", kept.display());
    let first: Vec<PathBuf> = seeds.iter().map(|folder| root().join(folder)).collect();
    let mut fuzzer = Command::new(target().join("debug").join(format!("fuzz-{name}")));
    fuzzer
        .args(BOUNDS)
        .args([&format!("-max_total_time={seconds}"), &artifacts, "-print_final_stats=1", "-verbosity=0"])
        .args([corpus.as_path(), kept.as_path()])
        .args(first.iter().map(|folder| -> &Path { folder }))
        // The fuzzer runs one input at a time; more threads make what they find hard to repeat.
        .env("POLARS_MAX_THREADS", "1")
        .env("RAYON_NUM_THREADS", "1");
    Ok(fuzzer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_has_a_binary_a_kept_folder_and_a_replay() {
        let package = root().join("server/measure/fuzz");
        let manifest = std::fs::read_to_string(package.join("Cargo.toml")).unwrap_or_default();
        let replay = std::fs::read_to_string(package.join("tests/replay.rs")).unwrap_or_default();
        assert_eq!(manifest.matches("[[bin]]").count(), TARGETS.len());
        for (name, seeds) in TARGETS {
            assert!(manifest.contains(&format!("\"fuzz-{name}\"")) && replay.contains(&format!("replay(\"{name}\")")));
            assert!(package.join("kept").join(name).is_dir(), "{name}");
            assert!(seeds.iter().all(|folder| root().join(folder).is_dir()), "{name}");
        }
    }
}
