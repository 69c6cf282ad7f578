//! PyPI's moto as an S3: tables and an artifact by their keys, from the command line, with the variables of the AWS tools.

use std::fmt::Write as _;
use std::process::Command;

use crate::running::{Running, mismatch, of_tools, words};

fn put(server: &Running, path: &str, body: &str) {
    ureq::put(format!("{}/{path}", server.address())).send(body).unwrap();
}

fn with_credentials(mut command: Command, server: &Running) -> Command {
    command
        .env("AWS_ENDPOINT_URL", server.address())
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_REGION", "us-east-1");
    command
}

/// Incomes in euros, or in thousands of them.
fn rows(unit: f64) -> String {
    let mut text = "id,income,age\n".to_owned();
    for row in 0..600 {
        let _ = writeln!(text, "{row},{},{}", (20_000.0 + f64::from(row * 37 % 400) * 100.0) / unit, 20 + row * 7 % 50);
    }
    text
}

#[test]
#[ignore = "needs PyPI's moto; cargo xtask test installs it"]
fn real_s3_gives_tables_and_artifacts_by_their_keys() {
    let server = Running::start(|port| {
        let mut command = Command::new(of_tools("moto_server"));
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
        command
    });
    server.ready("/moto-api/");
    put(&server, "models", "");
    put(&server, "models/churn/train.csv", &rows(1.0));
    put(&server, "models/churn/may/serve.csv", &rows(1_000.0));
    put(&server, "models/churn/freeze.txt", "numpy==1.26.4\npandas==2.2.0\n");

    let diagnosed = mismatch(&["diagnose", "--train", "s3://models/churn/train.csv"]);
    let mut diagnosed = with_credentials(diagnosed, &server);
    let output = diagnosed.args(["--serve=s3://models/churn/may/serve.csv"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", words(&output));
    assert!(words(&output).contains("income") && words(&output).contains("serve.csv"), "{}", words(&output));

    let mut ingested = with_credentials(mismatch(&["ingest", "s3://models/churn/freeze.txt"]), &server);
    let output = ingested.output().unwrap();
    assert!(output.status.success() && words(&output).contains("2 packages"), "{}", words(&output));

    let refused = |address: &str| {
        let output = with_credentials(mismatch(&["ingest", address]), &server).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", words(&output));
        words(&output)
    };
    assert!(refused("s3://models/churn/none.csv").contains("There is no object s3://models/churn/none.csv"));
    assert!(refused("s3://nobody/a.csv").contains("There is no object"), "{}", refused("s3://nobody/a.csv"));
    assert!(refused("s3://models/churn/").contains("names no object"));
}
