//! Artifacts of other tools, from the bytes to the finding.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::harness::{File, Server, table};

const FAULTY: &[u8] = include_bytes!("../../engine/fixtures/artifacts/faulty/observations.json");
const CLEAN: &[u8] = include_bytes!("../../engine/fixtures/artifacts/clean/observations.json");
const TRAINING: &[u8] = include_bytes!("../../engine/fixtures/artifacts/faulty/training-requirements.txt");
const SERVING: &[u8] = include_bytes!("../../engine/fixtures/artifacts/faulty/serving-requirements.txt");

/// The diagnosis of an investigation with these inputs.
async fn diagnosis(server: &Server, inputs: &[(&str, &Value)]) -> Value {
    let inputs: Vec<Value> = inputs.iter().map(|(role, snapshot)| json!([role, snapshot["id"]])).collect();
    let new = json!({"title": "Churn answers late", "inputs": inputs});
    let made = server.json(Method::POST, "/api/v1/investigations", new).await.expect(StatusCode::CREATED).json();
    let id = made["id"].as_str().unwrap();
    let job = server.get(&format!("/api/v1/investigations/{id}/job")).await.expect(StatusCode::OK).json();
    let over = server.until_over(job["id"].as_str().unwrap()).await;
    assert_eq!(over["state"], "done", "{over}");
    server.get(&format!("/api/v1/investigations/{id}/diagnosis")).await.expect(StatusCode::OK).json()
}

/// What a detector concluded, by its id.
fn verdict_of<'a>(diagnosis: &'a Value, detector: &str) -> &'a Value {
    let layers = diagnosis["layers"].as_array().unwrap().iter();
    let items = layers.flat_map(|layer| layer["items"].as_array().unwrap());
    let mut detectors = items.flat_map(|item| item["detectors"].as_array().unwrap());
    &detectors.find(|one| one["detector"] == detector).unwrap()["verdict"]
}

const DETECTORS: [&str; 4] = ["S3.environment", "P1.artifact_digest", "P2.releases", "P3.resources"];

#[tokio::test]
async fn two_package_lists_become_a_finding() {
    let server = Server::start().await;
    let training = server.upload("training-requirements.txt", TRAINING).await;
    let serving = server.upload("serving-requirements.txt", SERVING).await;
    for (snapshot, kind) in [(&training, "training"), (&serving, "serving")] {
        assert_eq!(snapshot["guessed_role"], "artifact");
        assert_eq!((&snapshot["rows"], &snapshot["columns"]), (&json!(1), &json!([])));
        assert_eq!(snapshot["format"], "pip freeze or requirements");
        let path = format!("/api/v1/snapshots/{}/preview?rows=5", snapshot["id"].as_str().unwrap());
        let preview = server.get(&path).await.expect(StatusCode::OK).json();
        assert_eq!(preview["rows"].as_array().map(Vec::len), Some(5));
        assert_eq!(preview["rows"][0][1], kind);
    }
    let diagnosis = diagnosis(&server, &[("artifact", &training), ("artifact", &serving)]).await;
    assert_eq!(verdict_of(&diagnosis, "S3.environment"), "mismatch");
    let finding = &diagnosis["findings"][0];
    assert_eq!((&finding["detector"], &finding["verdict"]), (&json!("S3.environment"), &json!("mismatch")));
    assert!(
        finding["statement"].as_str().unwrap().contains("scikit-learn (1.4.2 in training, 1.5.1 in serving)"),
        "{finding}"
    );
    assert_eq!(diagnosis["suspects"][0]["cause"], "environment_difference");
    assert_eq!(diagnosis["inputs"][0]["role"], "artifact");
    // An artifact has nothing to profile: the one job was the diagnosis.
    let jobs = server.service.job_counts().await.unwrap();
    assert_eq!(jobs, [("done".to_owned(), 1)]);
    server.settled().await;
}

#[tokio::test]
async fn observations_of_a_service_in_trouble_and_of_a_sound_one() {
    let server = Server::start().await;
    let faulty = server.upload("observations.json", FAULTY).await;
    assert_eq!(faulty["format"], "Mismatch observations, JSON");
    let faulty = diagnosis(&server, &[("artifact", &faulty)]).await;
    for detector in DETECTORS {
        assert_eq!(verdict_of(&faulty, detector), "mismatch", "{detector}");
    }
    let clean = server.upload("observations.json", CLEAN).await;
    let clean = diagnosis(&server, &[("artifact", &clean)]).await;
    for detector in DETECTORS {
        assert_eq!(verdict_of(&clean, detector), "clear", "{detector}");
    }
    server.settled().await;
}

#[tokio::test]
async fn an_artifact_takes_no_table_s_part_and_a_table_not_an_artifact_s() {
    let server = Server::start().await;
    let list = server.upload("training-requirements.txt", TRAINING).await;
    let rows = server.upload("train.csv", &table(50, 10.0)).await;
    for (role, snapshot, says) in [("train", &list, "is an artifact"), ("artifact", &rows, "was read as a table")] {
        let new = json!({"title": "x", "inputs": [[role, snapshot["id"]]]});
        let answer =
            server.json(Method::POST, "/api/v1/investigations", new).await.expect(StatusCode::BAD_REQUEST).json();
        assert!(answer["detail"].as_str().unwrap().contains(says), "{answer}");
    }
    let broken = b"{\"mismatch_observations\": 1, \"serie\": []}".to_vec();
    let request = Request::post("/api/v1/snapshots?name=o.json").body(Body::from(broken)).unwrap();
    let answer = server.send(request).await.expect(StatusCode::BAD_REQUEST).json();
    assert!(answer["detail"].as_str().unwrap().contains("`serie`"), "{answer}");
    server.settled().await;
}

#[tokio::test]
async fn files_of_both_kinds_come_in_one_form_and_are_shown() {
    let server = Server::start().await;
    let train = table(50, 10.0);
    let files = [
        File { name: "train.csv", bytes: &train },
        File { name: "training-requirements.txt", bytes: TRAINING },
        File { name: "serving-requirements.txt", bytes: SERVING },
    ];
    let made = server.multipart("/investigations", &[("title", "Both")], &files).await;
    let id = made.location().strip_prefix("/investigations/").unwrap().to_owned();
    let investigation = server.service.investigation(&id).await.unwrap();
    let roles: Vec<&str> = investigation.inputs.iter().map(|input| input.role.id()).collect();
    assert_eq!(roles, ["train", "artifact", "artifact"]);
    let page = server.get(&format!("/investigations/{id}/inputs")).await.expect(StatusCode::OK).body;
    assert!(page.contains("Artifact of another tool") && page.contains("scikit-learn"), "{page}");
    // Somebody who says how it is to be read says that it is a table; then it is one.
    let list = &investigation.inputs[1].snapshot.id;
    server.form(&format!("/investigations/{id}/inputs/{list}/reading"), "header=no").await.location();
    let again = server.service.investigation(&id).await.unwrap();
    assert!(again.inputs[1].role.is_table() && !again.inputs[1].snapshot.columns.is_empty());
    server.settled().await;
}

#[tokio::test]
async fn a_zip_is_the_files_in_it_and_what_is_none_is_said() {
    let server = Server::start().await;
    let bytes = include_bytes!("../fixtures/archives/incident.zip").to_vec();
    let path = "/api/v1/snapshots?name=incident.zip";
    let request = Request::post(path).header("content-type", "application/octet-stream");
    let stored = server.send(request.body(Body::from(bytes)).unwrap()).await.expect(StatusCode::CREATED).json();
    let stored = stored.as_array().unwrap();
    let names: Vec<_> =
        stored.iter().map(|one| (one["name"].as_str().unwrap(), one["origin"].as_str().unwrap())).collect();
    let from = "incident.zip";
    assert_eq!(names, [("train.csv", from), ("serve.csv", from), ("requirements.txt", from)]);
    let notes = stored[0]["notes"].to_string();
    assert!(notes.contains("`notes.md`, also in `incident.zip`, was left out"), "{notes}");
    // Kept, not only told.
    let id = stored[0]["id"].as_str().unwrap();
    let kept = server.get(&format!("/api/v1/snapshots/{id}")).await.expect(StatusCode::OK).json();
    assert_eq!(kept["notes"], stored[0]["notes"]);
    server.settled().await;
}

#[tokio::test]
async fn a_program_is_not_a_table_of_its_lines() {
    let server = Server::start().await;
    let program =
        "from feast import Entity, FeatureView\n\ndriver = Entity(name=\"driver\", join_keys=[\"driver_id\"])\n";
    let request = Request::post("/api/v1/snapshots?name=features.py").body(Body::from(program)).unwrap();
    let refused = server.send(request).await.expect(StatusCode::BAD_REQUEST);
    assert!(refused.body.contains("features.py: by its name it is a program"), "{}", refused.body);
    assert!(server.files_in("blobs").is_empty());
    server.settled().await;
}

#[tokio::test]
async fn a_linked_zip_is_the_files_in_it_too() {
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join("incident.zip"), include_bytes!("../fixtures/archives/incident.zip")).unwrap();
    let roots = vec![root.path().to_owned()];
    let server = Server::start_with(|config| service::ServiceConfig { link_roots: roots, ..config }).await;
    let target = json!({"target": "incident.zip"});
    let linked = server.json(Method::POST, "/api/v1/snapshots/link", target).await.expect(StatusCode::CREATED).json();
    let others = linked["others"].as_array().unwrap();
    let names: Vec<_> = [&linked].into_iter().chain(others).map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["train.csv", "serve.csv", "requirements.txt"]);
    server.settled().await;
}

#[tokio::test]
async fn a_form_with_a_zip_starts_an_investigation_of_its_files() {
    let server = Server::start().await;
    let bytes = include_bytes!("../fixtures/archives/incident.zip");
    let file = File { name: "incident.zip", bytes };
    let made = server.multipart("/investigations", &[("title", "All of it")], &[file]).await;
    server.settled().await;
    let inputs = server.get(&format!("/api/v1{}", made.location())).await.json();
    let roles: Vec<&str> =
        inputs["inputs"].as_array().unwrap().iter().map(|input| input["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["train", "serve", "artifact"]);
}

const VALIDATION: &[u8] = include_bytes!("../../connectors/fixtures/great_expectations_validation/of_1.json");

#[tokio::test]
async fn a_file_of_another_tool_says_what_it_became_and_joins_an_investigation() {
    let server = Server::start().await;
    let made = server.json(Method::POST, "/api/v1/investigations", json!({"title": "Plans"})).await.json();
    let id = made["id"].as_str().unwrap();
    let send = |path: String, bytes: &'static [u8]| {
        let request =
            Request::builder().method(Method::POST).uri(path).header("content-type", "application/octet-stream");
        server.send(request.body(Body::from(bytes)).unwrap())
    };
    let path = format!("/api/v1/observations?name=validation.json&investigation={id}");
    let sent = send(path, VALIDATION).await.expect(StatusCode::CREATED).json();
    let says = &sent[0]["says"];
    assert_eq!((&says["tool"], &says["tool_version"]), (&json!("Great Expectations"), &json!("1.24.1")));
    assert_eq!(says["became"], json!({"checks": 5}));
    let statements: Vec<&str> =
        says["statements"].as_array().unwrap().iter().map(|said| said.as_str().unwrap()).collect();
    let ranged = "Great Expectations reports values outside the expected range in tenure: expected 0 to 30 in 99 % of rows, found 312 of 1,200 rows, such as 144, 96, 60.";
    assert!(statements.contains(&ranged), "{statements:?}");
    let job = server.get(&format!("/api/v1/investigations/{id}/job")).await.expect(StatusCode::OK).json();
    server.until_over(job["id"].as_str().unwrap()).await;
    let diagnosis = server.get(&format!("/api/v1/investigations/{id}/diagnosis")).await.expect(StatusCode::OK).json();
    assert_eq!(verdict_of(&diagnosis, "D3.other_tools"), "mismatch");
    let refused = send("/api/v1/observations?name=t.csv".to_owned(), b"a,b\n1,2\n3,4\n").await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.body);
    assert!(refused.body.contains("not a known file of another tool"), "{}", refused.body);
    send("/api/v1/observations?investigation=none".to_owned(), VALIDATION).await.expect(StatusCode::NOT_FOUND);
    server.settled().await;
}
