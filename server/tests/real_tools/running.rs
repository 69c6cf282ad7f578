//! A server of another tool, as long as a test needs it.

use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// A cold start of a Python server reads thousands of files.
const PATIENCE: Duration = Duration::from_secs(120);

pub struct Running {
    child: Child,
    pub port: u16,
}

impl Running {
    /// Starts the command that `of` makes for a free port, and waits until it listens.
    pub fn start(of: impl FnOnce(u16) -> Command) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = of(port);
        // Its own group: what it starts itself ends with it.
        let command = command.process_group(0);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut running = Self { child, port };
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(running.child.try_wait().unwrap().is_none(), "{command:?} ended early");
            assert!(begun.elapsed() < PATIENCE, "{command:?} does not listen");
            std::thread::sleep(Duration::from_millis(100));
        }
        running
    }

    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Waits until a path answers with success.
    pub fn ready(&self, path: &str) {
        let begun = Instant::now();
        let url = format!("{}{path}", self.address());
        while ureq::get(&url).call().is_err() {
            assert!(begun.elapsed() < PATIENCE, "{url} does not answer");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A server that ended by itself can't be ended again.
        let _ = Command::new("kill").args(["-KILL", "--", &format!("-{}", self.child.id())]).status();
        let _ = self.child.wait();
    }
}

/// A program next to the Python that the tools are installed for.
pub fn of_tools(program: &str) -> PathBuf {
    let python =
        std::env::var_os("MISMATCH_TOOLS_PYTHON").expect("MISMATCH_TOOLS_PYTHON names no Python; run cargo xtask test");
    Path::new(&python).with_file_name(program)
}

pub fn mismatch(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mismatch"));
    command.args(arguments);
    command
}

/// What `ingest --format json` says of one address.
pub fn ingested(address: &str, more: &[&str]) -> Value {
    let output = mismatch(&[&["ingest", address, "--format", "json"], more].concat()).output().unwrap();
    assert!(output.status.success(), "{}", words(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

pub fn words(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The sentences of an answer, one a line.
pub fn statements(said: &Value) -> String {
    said["statements"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect::<Vec<_>>().join("\n")
}
