//! The files that people try first: well-known public tables in their usual layouts. Roles and label have to be right on the
//! start page, and no table that is as it should be may get a headline.

use std::path::Path;

use serde_json::Value;

use crate::harness::Server;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/known");

/// One table, and what has to come of it.
struct Known {
    folder: &'static str,
    /// In the order in which they are dropped, each with its role.
    files: &'static [(&'static str, &'static str)],
    label: Option<&'static str>,
    task: Option<&'static str>,
    /// What really differs in it.
    differs: &'static [&'static str],
}

const fn known(
    folder: &'static str,
    files: &'static [(&'static str, &'static str)],
    label: &'static str,
    task: Option<&'static str>,
) -> Known {
    Known { folder, files, label: Some(label), task, differs: &[] }
}

/// Stores the files of a table as the start page does. Their ids, in order.
async fn stored(server: &Server, table: &Known) -> Vec<String> {
    let mut ids = Vec::new();
    for (name, _) in table.files {
        let path = Path::new(FOLDER).join(table.folder).join(format!("{name}.gz"));
        let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        ids.push(server.upload(name, &bytes).await["id"].as_str().unwrap().to_owned());
    }
    ids
}

/// Starts an investigation with the stored files as the start page proposes it, and waits for its diagnosis.
async fn diagnosis(server: &Server, ids: &[String], more: &[(&str, &str)]) -> (Value, Value) {
    let snapshots = ids.iter().map(|id| ("snapshot", id.as_str()));
    let fields: Vec<(&str, &str)> = snapshots.chain(more.iter().copied()).collect();
    let made = server.multipart("/investigations", &fields, &[]).await;
    server.settled().await;
    let address = format!("/api/v1{}", made.location());
    let investigation = server.get(&address).await.json();
    (investigation, server.get(&format!("{address}/diagnosis")).await.json())
}

/// Headlines: what is called a mismatch and was not there before.
fn headlines(diagnosis: &Value) -> Vec<String> {
    let findings = diagnosis["findings"].as_array().unwrap();
    let is_mismatch =
        |id: &Value| findings.iter().any(|finding| finding["id"] == *id && finding["verdict"] == "mismatch");
    let is_called = |suspect: &&Value| suspect["findings"].as_array().unwrap().iter().any(is_mismatch);
    let suspects = diagnosis["suspects"].as_array().unwrap().iter();
    let called = suspects.filter(|suspect| suspect["standing"] != true).filter(is_called);
    called.map(|suspect| format!("{} {}", suspect["cause"], suspect["statement"])).collect()
}

async fn is_right(table: &Known) {
    let server = Server::start().await;
    let ids = stored(&server, table).await;
    let body = serde_json::json!({ "snapshots": ids });
    let arranged = server.json(axum::http::Method::POST, "/api/v1/arrangements", body).await.json();
    let roles: Vec<&str> =
        arranged["files"].as_array().unwrap().iter().map(|file| file["role"].as_str().unwrap_or("")).collect();
    let expected: Vec<&str> = table.files.iter().map(|(_, role)| *role).collect();
    assert_eq!(roles, expected, "{}", table.folder);
    assert_eq!(arranged["label"]["column"].as_str(), table.label, "{}: {arranged}", table.folder);
    let (_, diagnosis) = diagnosis(&server, &ids, &[]).await;
    assert_eq!(diagnosis["roles"]["label"].as_str(), table.label, "{}", table.folder);
    let runs = diagnosis["evaluations"].as_array().unwrap();
    assert_eq!(runs.first().and_then(|run| run["task"].as_str()), table.task, "{}", table.folder);
    let unexpected: Vec<String> = headlines(&diagnosis)
        .into_iter()
        .filter(|headline| !table.differs.iter().any(|known| headline.contains(known)))
        .collect();
    assert!(unexpected.is_empty(), "{}: {unexpected:?}", table.folder);
}

macro_rules! known {
    ($($test:ident: $table:expr;)+) => {
        $(#[tokio::test]
        async fn $test() {
            is_right(&$table).await;
        })+
    };
}

const APART: &[(&str, &str)] = &[("train.csv", "train"), ("test.csv", "serve")];
const LABELLED: &[(&str, &str)] = &[("train.csv", "train"), ("test.csv", "test")];

known! {
    titanic_with_a_submission: known(
        "titanic",
        &[("gender_submission.csv", "predictions"), ("test.csv", "serve"), ("train.csv", "train")],
        "Survived",
        None,
    );
    house_prices_with_a_submission: known(
        "house_prices",
        &[("sample_submission.csv", "predictions"), ("test.csv", "serve"), ("train.csv", "train")],
        "SalePrice",
        None,
    );
    churn_with_predictions_and_labels_by_id: known(
        "churn",
        &[
            ("churn_train.csv", "train"),
            ("churn_scoring.csv", "serve"),
            ("predictions.csv", "predictions"),
            ("labels_june.csv", "labels"),
        ],
        "churn",
        Some("binary"),
    );
    penguins_without_their_species: known("penguins", APART, "species", None);
    iris_with_labels_in_serving: known(
        "iris",
        &[("training.csv", "train"), ("serving.csv", "serve")],
        "Species",
        None,
    );
    wine_with_a_labelled_test: known("wine", LABELLED, "quality", None);
    breast_cancer_without_its_diagnosis: known("breast_cancer", APART, "diagnosis", None);
    diabetes_with_a_labelled_test: known("diabetes", LABELLED, "target", None);
    mpg_without_the_consumption: known("mpg", APART, "hwy", None);
    attrition_of_employees: known("attrition", APART, "Attrition", None);
    flights_of_two_months: Known {
        folder: "flights",
        files: &[("flights_april.csv", "serve"), ("flights_march.csv", "train")],
        label: None,
        task: None,
        differs: &[],
    };
    tips_alone: Known { folder: "tips", files: &[("tips.csv", "train")], label: None, task: None, differs: &[] };
}

#[tokio::test]
async fn one_file_with_a_split_is_cut_as_the_start_page_says() {
    let server = Server::start().await;
    let telco = known("telco", &[("telco_customers.csv", "train")], "churn", None);
    let ids = stored(&server, &telco).await;
    let page = server.get(&format!("/investigations/new/files?snapshot={}", ids[0])).await;
    let html = page.body;
    assert!(html.contains("cut by split: Train, Test"), "{html}");
    let cut = format!("split:{}", ids[0]);
    let placed = format!("train:{}", ids[0]);
    let more = [("cut", cut.as_str()), ("placed", placed.as_str()), ("label", "churn"), ("label_guess", "churn")];
    let (investigation, diagnosis) = diagnosis(&server, &ids, &more).await;
    let inputs: Vec<(&str, &str, u64)> = investigation["inputs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|input| {
            let snapshot = &input["snapshot"];
            (input["role"].as_str().unwrap(), snapshot["name"].as_str().unwrap(), snapshot["rows"].as_u64().unwrap())
        })
        .collect();
    assert_eq!(
        inputs,
        [("train", "telco_customers split train.csv", 900), ("test", "telco_customers split test.csv", 600)]
    );
    assert_eq!(diagnosis["roles"]["label"], "churn");
    assert!(headlines(&diagnosis).is_empty(), "{:?}", headlines(&diagnosis));
}

#[tokio::test]
async fn one_file_over_time_is_cut_at_a_day() {
    let server = Server::start().await;
    let april =
        Known { folder: "flights", files: &[("flights_april.csv", "train")], label: None, task: None, differs: &[] };
    let ids = stored(&server, &april).await;
    let (cut, at) = (format!("time:{}", ids[0]), format!("cut_at:{}", ids[0]));
    let (investigation, _) = diagnosis(&server, &ids, &[("cut", &cut), (&at, "2013-04-21")]).await;
    let inputs = investigation["inputs"].as_array().unwrap();
    let names: Vec<&str> = inputs.iter().map(|input| input["snapshot"]["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["flights_april before 2013-04-21.csv", "flights_april from 2013-04-21.csv"]);
    let rows: u64 = inputs.iter().map(|input| input["snapshot"]["rows"].as_u64().unwrap()).sum();
    assert_eq!(rows, 900);
    let refused =
        server.multipart("/investigations", &[("snapshot", &ids[0]), ("cut", &cut), (&at, "soon")], &[]).await;
    assert_eq!(refused.status, axum::http::StatusCode::BAD_REQUEST);
}
