//! Watches on a folder, on PyPI's moto as an S3 and on Debian's Prometheus, by a server that is killed again and again: nothing that
//! was there is lost, and nothing arrives twice.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};

use crate::running::{Running, mismatch, of_tools};

/// Files of the folder, and objects of the bucket.
const FILES: usize = 30;
/// How often the server is killed, each time a little later than before.
const KILLS: u64 = 8;
const PATIENCE: Duration = Duration::from_secs(180);

fn rows(seed: usize) -> String {
    let lines = (0..200).map(|row| format!("{seed}-{row},{}\n", 100 + (row * 37 + seed * 11) % 400));
    std::iter::once("id,amount\n".to_owned()).chain(lines).collect()
}

fn name(place: usize) -> String {
    format!("2026-05-{:02}.csv", place + 1)
}

/// As a file that was finished a while ago.
fn settled(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    let before = SystemTime::now() - Duration::from_secs(60);
    File::options().write(true).open(path).unwrap().set_modified(before).unwrap();
}

/// The server under test, on one data folder.
fn serve(data: &Path, root: &Path, store: &Running) -> Running {
    Running::start(|port| {
        let mut command = mismatch(&["serve", "--allow-private-addresses", "--link-bucket", "s3://models/churn"]);
        command
            .args(["--address", &format!("127.0.0.1:{port}")])
            .arg("--data")
            .arg(data)
            .arg("--link-root")
            .arg(root)
            .env("AWS_ENDPOINT_URL", store.address())
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_REGION", "us-east-1");
        command
    })
}

fn asked(server: &Running, path: &str) -> Value {
    let mut answer = ureq::get(format!("{}/api/v1{path}", server.address())).call().unwrap();
    serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap()
}

fn watched(server: &Running, model: &str, target: &str) {
    let body = json!({"target": target, "schedule": "* * * * *"}).to_string();
    let url = format!("{}/api/v1/models/{model}/watches", server.address());
    ureq::post(url).content_type("application/json").send(body).unwrap();
}

fn look(server: &Running, model: &str) {
    for watch in asked(server, &format!("/models/{model}/watches")).as_array().unwrap() {
        let id = watch["id"].as_str().unwrap();
        let url = format!("{}/api/v1/models/{model}/watches/{id}/look", server.address());
        ureq::post(url).send_empty().unwrap();
    }
}

fn arrived(server: &Running, model: &str) -> Vec<Value> {
    asked(server, &format!("/models/{model}/arrivals?limit=500")).as_array().unwrap().clone()
}

/// How often each file is there.
fn by_name(arrivals: &[Value]) -> BTreeMap<String, usize> {
    let mut names = BTreeMap::new();
    for arrival in arrivals {
        *names.entry(arrival["snapshot"]["name"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    names
}

#[test]
#[ignore = "needs PyPI's moto and Debian's prometheus; cargo xtask test installs them"]
fn real_watches_lose_and_double_nothing_through_kills() {
    let store = Running::start(|port| {
        let mut command = Command::new(of_tools("moto_server"));
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
        command
    });
    store.ready("/moto-api/");
    ureq::put(format!("{}/models", store.address())).send("").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (root, data, series) = (folder.path().join("root"), folder.path().join("data"), folder.path().join("series"));
    for made in [&root.join("served"), &series] {
        fs::create_dir_all(made).unwrap();
    }
    fs::write(series.join("prometheus.yml"), "global: {scrape_interval: 1s}\n").unwrap();
    let prometheus = Running::start(|port| {
        let mut command = Command::new("prometheus");
        command
            .arg(format!("--config.file={}", series.join("prometheus.yml").display()))
            .arg(format!("--storage.tsdb.path={}", series.join("tsdb").display()))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"));
        command
    });
    prometheus.ready("/-/ready");
    // Half of it is there at first; the rest comes while the server is killed.
    let come = |places: std::ops::Range<usize>| {
        for place in places {
            settled(&root.join("served").join(name(place)), &rows(place));
            let url = format!("{}/models/churn/served/{}", store.address(), name(place));
            ureq::put(url).send(rows(place + 1_000).as_str()).unwrap();
        }
    };
    come(0..FILES / 2);
    let server = serve(&data, &root, &store);
    watched(&server, "in-folder", "served");
    watched(&server, "in-bucket", "s3://models/churn/served/");
    watched(&server, "running", &format!("{}/graph", prometheus.address()));
    drop(server);
    for kill in 0..KILLS {
        if kill == KILLS / 2 {
            come(FILES / 2..FILES);
        }
        let server = serve(&data, &root, &store);
        for model in ["in-folder", "in-bucket", "running"] {
            look(&server, model);
        }
        std::thread::sleep(Duration::from_millis(60 * kill * kill));
        drop(server);
    }
    let server = serve(&data, &root, &store);
    let begun = Instant::now();
    for model in ["in-folder", "in-bucket"] {
        while by_name(&arrived(&server, model)).len() < FILES {
            assert!(begun.elapsed() < PATIENCE, "{model}: {:?}", by_name(&arrived(&server, model)));
            look(&server, model);
            std::thread::sleep(Duration::from_millis(500));
        }
    }
    while arrived(&server, "running").is_empty() {
        assert!(begun.elapsed() < PATIENCE, "{}", asked(&server, "/models/running/watches"));
        std::thread::sleep(Duration::from_millis(500));
    }
    for model in ["in-folder", "in-bucket"] {
        let expected: BTreeMap<String, usize> = (0..FILES).map(|place| (name(place), 1)).collect();
        assert_eq!(by_name(&arrived(&server, model)), expected, "{model}: each of them once");
        let watch = &asked(&server, &format!("/models/{model}/watches"))[0];
        assert_eq!(watch["last"]["unread"], 0, "{watch}");
    }
    // What a tool said is of times that do not overlap.
    let answers = arrived(&server, "running");
    let mut times: Vec<i64> = answers.iter().map(|one| one["at_ms"].as_i64().unwrap()).collect();
    assert!(answers.iter().all(|one| one["role"] == "artifact"), "{answers:?}");
    times.sort_unstable();
    times.dedup();
    assert_eq!(times.len(), answers.len(), "each time is asked about once");
    // Looked at again, nothing is new; a file that changed arrives again.
    look(&server, "in-folder");
    settled(&root.join("served").join(name(0)), &rows(7_777));
    look(&server, "in-folder");
    while arrived(&server, "in-folder").len() < FILES + 1 {
        assert!(begun.elapsed() < PATIENCE, "the changed file does not arrive");
        look(&server, "in-folder");
        std::thread::sleep(Duration::from_millis(300));
    }
    assert_eq!(arrived(&server, "in-folder").len(), FILES + 1);
}
