//! `mismatch push` as a pipeline uses it, against a server that runs.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// Far beyond what the checks of a few hundred rows take.
const PATIENCE: Duration = Duration::from_secs(120);

/// A server on a port that the system chose; it ends with the test.
struct Running {
    process: Child,
    address: String,
    _data: TempDir,
}

impl Running {
    fn start() -> Running {
        let data = tempfile::tempdir().unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_mismatch"))
            .args(["serve", "--address", "127.0.0.1:0", "--data"])
            .arg(data.path())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines().map_while(Result::ok);
        let address = lines.find_map(|line| Some(line.split_once("Mismatch is at ")?.1.trim().to_owned())).unwrap();
        // What it says later is read too: a full pipe would stop it.
        std::thread::spawn(move || lines.for_each(drop));
        Running { process, address, _data: data }
    }

    fn push(&self, arguments: &[&str]) -> Output {
        let mut all = vec!["push", "churn", "--server", &self.address];
        all.extend(arguments);
        run(&all)
    }

    fn get(&self, path: &str) -> Value {
        let mut answer = ureq::get(format!("{}/api/v1{path}", self.address)).call().unwrap();
        serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap()
    }

    /// The windows, the newest first, once all of them are judged.
    fn judged(&self) -> Vec<Value> {
        let begun = Instant::now();
        loop {
            let found = self.get("/models/churn/arrivals?role=serve").as_array().unwrap().clone();
            if found.iter().all(|one| one["state"] == "judged") {
                return found;
            }
            assert!(begun.elapsed() < PATIENCE, "{found:?}");
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mismatch")).args(arguments).env_remove("MISMATCH_TOKEN").output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Rows around an amount.
fn write(folder: &Path, name: &str, rows: usize, amount: f64) -> String {
    let mut text = String::from("row_id,amount,region\n");
    for row in 0..rows {
        let place = (row as f64 * 0.618_033_988_75).fract();
        text.push_str(&format!("{row},{:.3},{}\n", amount * (0.5 + place), ["north", "south"][row % 2]));
    }
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn training_data_and_the_rows_of_days_arrive_once_and_are_judged() {
    let (server, folder) = (Running::start(), tempfile::tempdir().unwrap());
    let train = write(folder.path(), "train.csv", 500, 100.0);
    let first = server.push(&[&train, "--role", "train", "--version", "14"]);
    assert_eq!(first.status.code(), Some(0), "{}", text(&first.stderr));
    let said = text(&first.stdout);
    assert!(said.starts_with("train.csv arrived as train of ") && said.contains("the reference now"), "{said}");
    let days = [write(folder.path(), "one.csv", 300, 100.0), write(folder.path(), "two.csv", 310, 10_000.0)];
    for (day, at) in days.iter().zip(["2026-05-01", "2026-05-02T00:00:00+00:00"]) {
        let sent = server.push(&[day, "--at", at, "--version", "14"]);
        assert_eq!(sent.status.code(), Some(0), "{}", text(&sent.stderr));
        let again = text(&server.push(&[day, "--at", at, "--version", "14"]).stdout);
        assert!(again.contains("was there already"), "{again}");
    }
    let windows = server.judged();
    assert_eq!(windows.len(), 2);
    assert_eq!(
        (&windows[0]["snapshot"]["name"], &windows[0]["version"]),
        (&Value::from("two.csv"), &Value::from("14"))
    );
    assert!(windows[0]["window"]["suspect"].as_str().unwrap().contains("amount"), "{}", windows[0]);
    assert!(windows[1]["window"]["suspect"].is_null(), "{}", windows[1]);
    let json = server.push(&[&days[0], "--at", "2026-05-01", "--format", "json"]);
    assert_eq!(serde_json::from_slice::<Value>(&json.stdout).unwrap()["id"], windows[1]["id"]);
}

#[test]
fn what_can_not_be_sent_is_said_in_one_sentence_and_the_rest_arrives() {
    let (server, folder) = (Running::start(), tempfile::tempdir().unwrap());
    let (fine, empty) = (write(folder.path(), "fine.csv", 60, 1.0), folder.path().join("empty.csv"));
    fs::write(&empty, "").unwrap();
    let mixed = server.push(&["absent.csv", empty.to_str().unwrap(), folder.path().to_str().unwrap(), &fine]);
    assert_eq!(mixed.status.code(), Some(2));
    let said = text(&mixed.stderr);
    assert_eq!(said.lines().count(), 3, "{said}");
    assert!(said.contains("absent.csv: It can't be read") && said.contains("empty.csv: "), "{said}");
    let sent = text(&mixed.stdout);
    assert!(sent.contains("fine.csv arrived as serve") && sent.contains("No reference yet"), "{sent}");
    for (arguments, words) in [
        (&["--server", "http://127.0.0.1:1"][..], "can't be reached"),
        (&["--role", "served"], "is not a role"),
        (&["--at", "tomorrow"], "is not a time"),
        (&["--at", "2999-01-01"], "at most a day from now"),
        (&["--server", "nowhere"], "is not the address of a server"),
        (&["--token-file", "absent"], "can't be read"),
    ] {
        let mut all = vec!["push", "churn", fine.as_str()];
        if !arguments.contains(&"--server") {
            all.extend(["--server", &server.address]);
        }
        all.extend(arguments);
        let refused = run(&all);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
        let said = text(&refused.stderr);
        assert!(said.lines().count() == 1 && said.contains(words), "{arguments:?}: {said}");
    }
    let token = folder.path().join("token");
    fs::write(&token, "mismatch_secret\n").unwrap();
    let plain =
        ["push", "churn", &fine, "--server", "http://mismatch.example.org", "--token-file", token.to_str().unwrap()];
    let said = text(&run(&plain).stderr);
    assert!(said.contains("is not encrypted") && !said.contains("mismatch_secret"), "{said}");
}
