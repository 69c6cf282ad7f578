//! Measures the diagnosis: false alarms on healthy pairs, and which strength of which fault is named.
//!
//! `false-alarms [--seeds N]`: random halves of every clean table in the folder MISMATCH_FIXTURES.
//! `generate --from TABLE --out FOLDER [--seed N] [--draws N] [--rows N] [--label COL] [--id COL] [--time COL]
//! [--group COL] [--only CAUSE]`: seeded known faults, each in steps, as a corpus that `tests/faults.rs` runs too.
//! `judge [FOLDER]`: tables of what is named in a corpus; without a folder, in the one of the repository and the one of
//! MISMATCH_FIXTURES.
//! `workshop --tables FOLDER --out FOLDER [--draws N] [--pairs N] [--clean N] [--cases FILE]`: corpora from every table of
//! a folder (made once), with shuffled names, judged table by table, and the likelihood of suspects with its reliability.
//! `--cases` leaves a line of JSON for each case: never for held-out tables.
//! `fall --tables FOLDER [--draws N] [--untouched N] [--rows N] [--seed N] [--verbose yes] [--keep
//! FOLDER]`: what a fall is made of, on
//! seeded mixtures over every large table of a folder, next to DISDE.
#![expect(clippy::print_stdout, reason = "a small program for benchmarks: its output is its result")]

#[path = "../../tests/faults/corpus.rs"]
mod corpus;
mod fall;
mod false_alarms;
mod faults;
mod generate;
mod judge;
#[path = "../../tests/faults/outcome.rs"]
mod outcome;
mod scene;
mod side_by_side;
mod table;
mod workshop;

use std::process::ExitCode;

/// What went wrong, as a sentence.
pub type Outcome<T = ()> = Result<T, String>;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let done = match words.split_first() {
        Some((verb, rest)) => Arguments::read(rest).and_then(|arguments| match verb.as_str() {
            "false-alarms" => false_alarms::run(&arguments),
            "generate" => generate::run(&arguments),
            "judge" => judge::run(&arguments),
            "workshop" => workshop::run(&arguments),
            "fall" => fall::run(&arguments),
            other => Err(format!("there is no verb `{other}`: say false-alarms, generate, judge, workshop or fall.")),
        }),
        None => Err("say what to do: false-alarms, generate, judge, workshop or fall.".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("diagnosis: {sentence}");
            ExitCode::FAILURE
        }
    }
}

/// `--name value` in any order, and what has no name.
pub struct Arguments {
    named: Vec<(String, String)>,
    pub others: Vec<String>,
}

impl Arguments {
    fn read(words: &[String]) -> Outcome<Arguments> {
        let (mut named, mut others) = (Vec::new(), Vec::new());
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.strip_prefix("--") {
                Some(name) => {
                    let value = words.next().ok_or_else(|| format!("--{name} needs a value."))?;
                    named.push((name.to_owned(), value.clone()));
                }
                None => others.push(word.clone()),
            }
        }
        Ok(Arguments { named, others })
    }

    /// Arguments that another verb would be given.
    pub fn of(named: &[(String, String)]) -> Arguments {
        Arguments { named: named.to_vec(), others: Vec::new() }
    }

    /// Every value given under this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.named.iter().filter(move |(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    pub fn get<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).last()
    }

    pub fn needed<'a>(&'a self, name: &'a str) -> Outcome<&'a str> {
        self.get(name).ok_or_else(|| format!("--{name} is missing."))
    }

    /// A whole number, or `usual` where it is not given.
    pub fn number(&self, name: &str, usual: u64) -> Outcome<u64> {
        match self.get(name) {
            None => Ok(usual),
            Some(text) => {
                text.parse().map_err(|error| format!("--{name} has to be a whole number, not `{text}`: {error}."))
            }
        }
    }

    /// Fails on a name that the verb does not know.
    pub fn only(&self, known: &[&str]) -> Outcome {
        match self.named.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            Some((name, _)) => Err(format!("there is no --{name} here; there are --{}.", known.join(", --"))),
            None => Ok(()),
        }
    }
}
