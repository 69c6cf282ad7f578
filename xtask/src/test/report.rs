//! What a run of all tests says at its end: the seconds of each phase, and one tally.

use std::time::{Duration, Instant};

use crate::Outcome;

/// Counts over all runners.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
}

impl Tally {
    /// Reads a closing line of cargo's runner: `test result: ok. 3 passed; 0 failed; 1 ignored; …`
    pub fn count_rust(&mut self, line: &str) {
        let Some(rest) = line.strip_prefix("test result: ") else { return };
        for part in rest.split(['.', ';']) {
            self.count_playwright(part);
        }
    }

    /// Reads a closing line of Playwright: `  12 passed (1.2m)`, `  3 did not run`
    pub fn count_playwright(&mut self, line: &str) {
        let mut words = line.split_whitespace();
        if let (Some(Ok(number)), Some(word)) = (words.next().map(str::parse::<u64>), words.next()) {
            self.add(number, word);
        }
    }

    pub fn add(&mut self, number: u64, word: &str) {
        match word {
            "passed" => self.passed += number,
            "failed" | "interrupted" => self.failed += number,
            "ignored" | "skipped" | "did" => self.skipped += number,
            _ => {}
        }
    }
}

#[derive(Default)]
pub struct Report {
    tally: Tally,
    phases: Vec<(&'static str, Duration)>,
    failures: Vec<String>,
}

impl Report {
    /// Runs one phase; whether it went well. The next phase may run after a failed one.
    pub fn phase(&mut self, name: &'static str, work: impl FnOnce(&mut Tally) -> Outcome) -> bool {
        let begun = Instant::now();
        let outcome = work(&mut self.tally);
        self.phases.push((name, begun.elapsed()));
        let went_well = outcome.is_ok();
        self.failures.extend(outcome.err().map(|sentence| format!("{name}: {sentence}")));
        went_well
    }

    /// Prints it all; the tally is the last line.
    pub fn end(self) -> Outcome {
        println!("\n Seconds");
        for (name, time) in &self.phases {
            println!("{:>8}  {name}", time.as_secs());
        }
        println!("\n{} passed, {} failed, {} skipped", self.tally.passed, self.tally.failed, self.tally.skipped);
        if self.failures.is_empty() { Ok(()) } else { Err(self.failures.join("\n")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_runners_closing_lines_are_counted() {
        let mut tally = Tally::default();
        tally
            .count_rust("test result: ok. 3 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.1s");
        for line in ["  12 passed (1.2m)", "  1 failed", "  4 did not run", "  1 interrupted", "    [1] > a test"] {
            tally.count_playwright(line);
        }
        assert_eq!(tally, Tally { passed: 15, failed: 3, skipped: 6 });
    }

    #[test]
    fn a_phase_that_fails_fails_the_run_and_the_next_ones_still_run() {
        let mut report = Report::default();
        assert!(!report.phase("one", |_| Err("it broke.".into())));
        assert!(report.phase("two", |tally| {
            tally.add(2, "passed");
            Ok(())
        }));
        assert_eq!(report.tally.passed, 2);
        assert_eq!(report.end(), Err("one: it broke.".into()));
    }
}
