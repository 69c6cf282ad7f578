//! PyPI's MLflow: a run with a learning curve, and a registered model whose version serves.

use std::process::Command;

use serde_json::{Value, json};

use crate::running::{Running, ingested, of_tools, statements};

fn post(server: &Running, path: &str, body: &Value) -> Value {
    let url = format!("{}/api/2.0/mlflow/{path}", server.address());
    let request = ureq::post(&url).config().http_status_as_error(false).build();
    let answer = request.content_type("application/json").send(body.to_string()).unwrap();
    let status = answer.status();
    let said = answer.into_body().read_to_string().unwrap();
    assert!(status.is_success(), "{path}: {said}");
    serde_json::from_str(&said).unwrap()
}

#[test]
#[ignore = "needs PyPI's mlflow; cargo xtask test installs it"]
fn real_mlflow_is_asked_for_runs_curves_and_models() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(|port| {
        let mut command = Command::new(of_tools("mlflow"));
        command
            .args(["server", "--host", "127.0.0.1", "--port", &port.to_string(), "--workers", "1"])
            .args(["--backend-store-uri", &format!("sqlite:///{}", folder.path().join("mlflow.db").display())])
            .args(["--default-artifact-root", &folder.path().join("artifacts").display().to_string()])
            .current_dir(folder.path());
        command
    });
    server.ready("/health");
    let experiment = post(&server, "experiments/create", &json!({ "name": "car-loan" }));
    let run = post(&server, "runs/create", &json!({ "experiment_id": experiment["experiment_id"], "run_name": "v3" }));
    let id = run["run"]["info"]["run_id"].as_str().unwrap().to_owned();
    // Training goes on getting better, validation gets worse from the fifth epoch on.
    let loss = |epoch: i64| [1.0 / (1.0 + epoch as f64), 0.3 + 0.05 * (epoch - 5).unsigned_abs() as f64];
    let metrics: Vec<Value> = (0..20)
        .flat_map(|epoch| {
            let [train, validation] = loss(epoch);
            let metric =
                move |key: &str, value: f64| json!({ "key": key, "value": value, "timestamp": 1_778_889_600_000_i64, "step": epoch });
            [metric("train_loss", train), metric("val_loss", validation)]
        })
        .collect();
    let params = json!([{ "key": "threshold", "value": "0.5" }]);
    post(&server, "runs/log-batch", &json!({ "run_id": id, "metrics": metrics, "params": params }));
    post(&server, "registered-models/create", &json!({ "name": "car-loan" }));
    // Where the run keeps its files: MLflow takes a model from nowhere else.
    let source = format!("{}/model", run["run"]["info"]["artifact_uri"].as_str().unwrap());
    post(&server, "model-versions/create", &json!({ "name": "car-loan", "source": source, "run_id": id }));
    post(&server, "registered-models/alias", &json!({ "name": "car-loan", "alias": "champion", "version": "1" }));

    let said = ingested(&server.address(), &[]);
    assert_eq!(said["connector"], "capture", "{said}");
    assert!(said["tool_version"].as_str().is_some_and(|version| version.starts_with('3')), "{said}");
    assert_eq!(said["became"]["learning curves"], 1, "{said}");
    assert!(said["became"]["settings"].as_u64().is_some_and(|count| count > 0), "{said}");
    let statements = statements(&said);
    assert!(statements.contains("val_loss is lowest at epoch 5"), "{statements}");
    assert!(statements.contains("train_loss, val_loss, 20 epochs"), "{statements}");
    assert!(statements.contains("car-loan"), "{statements}");
    // One run, by the link that its page has.
    let said = ingested(&format!("{}/#/experiments/1/runs/{id}", server.address()), &[]);
    assert_eq!(said["became"]["learning curves"], 1, "{said}");
}
