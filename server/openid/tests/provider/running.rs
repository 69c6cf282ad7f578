//! The provider, as long as a test needs it.

use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

pub struct Running {
    child: Child,
    input: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    pub issuer: String,
}

impl Running {
    pub fn start() -> Self {
        let script = std::env::var_os("MISMATCH_OPENID_PROVIDER")
            .expect("MISMATCH_OPENID_PROVIDER names no script of a provider; run cargo xtask test");
        let mut command = Command::new("node");
        command.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("node is not installed; run cargo xtask test");
        let input = child.stdin.take().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut running = Self { child, input, lines, issuer: String::new() };
        running.issuer = running.line(|line| line.starts_with("http://"));
        running
    }

    /// Gives it new keys; the old ones are gone.
    pub fn rotate(&mut self) {
        self.input.write_all(b"rotate\n").unwrap();
        self.line(|line| line == "rotated");
    }

    /// The next line of this kind; others are what it says to its developers.
    fn line(&mut self, is_it: impl Fn(&str) -> bool) -> String {
        let found = self.lines.by_ref().map(Result::unwrap).find(|line| is_it(line));
        found.expect("the provider ended early; start its script by hand to see why")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A provider that ended by itself can't be ended again.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
