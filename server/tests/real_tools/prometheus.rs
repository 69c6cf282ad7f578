//! Debian's Prometheus, with a day of series in which the model's confidence falls and its latency rises at the same hour.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use crate::running::{Running, ingested, statements};

/// 2026-05-16 00:00 UTC.
const DAY_S: i64 = 1_778_889_600;
const STEP_S: i64 = 60;

/// One gauge: `before` until noon, `after` from then on, with a little that wavers.
fn gauge(text: &mut String, name: &str, before: f64, after: f64) {
    let _ = writeln!(text, "# TYPE {name} gauge");
    for step in 0..24 * 60 {
        let level = if step < 12 * 60 { before } else { after };
        let value = level * (1.0 + 0.02 * ((step * 7 % 13) as f64 / 6.5 - 1.0));
        let _ = writeln!(text, "{name}{{job=\"car-loan\"}} {value} {}", DAY_S + step * STEP_S);
    }
}

fn filled(folder: &std::path::Path) {
    let mut text = String::new();
    gauge(&mut text, "model_prediction_confidence_mean", 0.9, 0.6);
    gauge(&mut text, "model_latency_p95_seconds", 0.1, 0.5);
    gauge(&mut text, "node_load1", 1.0, 1.0);
    text.push_str("# EOF\n");
    fs::write(folder.join("series.txt"), text).unwrap();
    let made = Command::new("promtool")
        .args(["tsdb", "create-blocks-from", "openmetrics"])
        .args([folder.join("series.txt"), folder.join("data")])
        .output()
        .expect("promtool is not installed; run cargo xtask test");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let rules =
        "groups: [{name: model, rules: [{alert: SlowModel, expr: model_latency_p95_seconds > 0.3, for: 5m}]}]\n";
    fs::write(folder.join("rules.yml"), rules).unwrap();
    fs::write(folder.join("prometheus.yml"), "rule_files: [rules.yml]\n").unwrap();
}

#[test]
#[ignore = "needs Debian's prometheus; cargo xtask test installs it"]
fn real_prometheus_is_asked_for_what_its_graphs_show() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path());
    let server = Running::start(|port| {
        let mut command = Command::new("prometheus");
        command
            .arg(format!("--config.file={}", folder.path().join("prometheus.yml").display()))
            .arg(format!("--storage.tsdb.path={}", folder.path().join("data").display()))
            .args(["--storage.tsdb.retention.time=100y", &format!("--web.listen-address=127.0.0.1:{port}")]);
        command
    });
    server.ready("/-/ready");

    // The page that a browser shows.
    let said = ingested(&format!("{}/graph", server.address()), &["--window", "2026-05-16/2026-05-16"]);
    assert_eq!((said["connector"].as_str(), said["became"]["alert rules"].as_u64()), (Some("capture"), Some(1)));
    assert!(said["tool_version"].as_str().is_some_and(|version| version.starts_with("2.")), "{said}");
    let statements = statements(&said);
    // The step before noon: a point stands for the time until the next one.
    assert!(
        statements.contains("model_prediction_confidence_mean fell from 0.8987 to 0.6003 on 2026-05-16 11:5"),
        "{statements}"
    );
    assert!(statements.contains("model_latency_p95_seconds rose from"), "{statements}");
    assert!(!statements.contains("node_load1"), "{statements}");

    // One graph that somebody sends.
    let graph =
        format!("{}/graph?g0.expr=model_latency_p95_seconds%7Bjob%3D%22car-loan%22%7D&g0.tab=0", server.address());
    let said = ingested(&graph, &["--window", "2026-05-16/2026-05-16"]);
    assert_eq!(said["became"]["series"], 1, "{said}");
    // A time without anything says so.
    let said = ingested(&server.address(), &["--window", "2020-01-01/2020-01-02"]);
    assert!(said["became"]["series"].is_null(), "{said}");
}
