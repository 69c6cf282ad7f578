//! Inference tables of Databricks model serving, exported as JSON: one request a row, with its body and that of the answer:
//! <https://docs.databricks.com/aws/en/machine-learning/model-serving/inference-tables>.

use domain::Problem;
use domain::number::counted;
use domain::snapshot::{ColumnRole, SnapshotRole};
use serde_json::Value;

use crate::given::Given;
use crate::payload::{self, Row};
use crate::requests::{self, Requests, iso};
use crate::seen::Seen;
use crate::table::{BroughtTable, Cell};
use crate::{Brought, Connector, json, numbers};

pub(super) static INFERENCE_TABLE: Connector = Connector {
    id: "databricks_inference_table",
    tool: "Databricks",
    words: "Databricks inference table, JSON or JSON Lines",
    proven_on: "the described schemas, of endpoints and of the AI gateway",
    takes: "each request as a row with its answer (of language models lengths, tokens, settings); the serving log: time, status, duration and version",
    leaves: "the texts of language models, traces, who asked",
    recognise,
    read,
};

fn recognise(seen: &Seen<'_>) -> bool {
    let prefix = if seen.json.is_list() { "[]." } else { "" };
    ["databricks_request_id", "request", "response", "status_code"]
        .iter()
        .all(|key| seen.json.has(&format!("{prefix}{key}")))
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let is_list = given.text()?.trim_start().starts_with('[');
    let (records, broken) = match is_list {
        true => (json::list(&given.json()?, &[]).cloned().collect(), 0),
        false => given.json_lines()?,
    };
    let records: Vec<Value> = records;
    let mut brought = Brought::default();
    if broken > 0 {
        brought.warnings.push(format!("{} could not be read.", counted(broken as u64, "line")));
    }
    const ABOUT: [(ColumnRole, &str); 4] = [
        (ColumnRole::Id, "client_request_id"),
        (ColumnRole::Id, "request_id"),
        (ColumnRole::Time, "time"),
        (ColumnRole::Version, "model_version"),
    ];
    let mut requests = Requests::new("requests of the inference table", &ABOUT);
    let log = BroughtTable::new("serving log of the inference table", Some(SnapshotRole::ServingLog));
    let mut log = ABOUT.iter().fold(log, |log, (part, column)| log.with_part(*part, column));
    for record in &records {
        let about = about(record);
        let status = json::number(record, &["status_code"]);
        // What is answered to a request that failed is not a prediction.
        let failed = status.is_some_and(|status| status >= 400.0);
        let answer = if failed { Vec::new() } else { body(record, "response") };
        requests.add(&about, body(record, "request"), answer);
        let duration =
            ["execution_time_ms", "execution_duration_ms"].iter().find_map(|key| json::number(record, &[key]));
        let figures =
            [status.map(|one| Cell::of("status_code", one as i64)), duration.map(|one| Cell::of("latency_ms", one))];
        log.push(about.into_iter().chain(figures.into_iter().flatten()));
    }
    let (table, uneven) = requests.table();
    brought.left.extend(uneven);
    brought.warnings.extend(requests::note_of_places(&table));
    brought.tables.extend([table, log].into_iter().filter(|table| table.rows() > 0));
    Ok(brought)
}

fn about(record: &Value) -> Vec<Cell> {
    let text = |key: &str, name: &str| {
        let value = record.get(key).filter(|value| value.is_string() || value.is_number())?;
        Some(Cell::of(name, json::words(value)))
    };
    let moment = |value: &Value| value.as_str().and_then(numbers::moment).or_else(|| numbers::time(value));
    let time = ["timestamp_ms", "request_time"].iter().find_map(|key| record.get(key)).and_then(moment);
    // A map, or its text.
    let metadata = record.get("request_metadata").and_then(|metadata| match metadata {
        Value::String(text) => serde_json::from_str(text).ok(),
        other => Some(other.clone()),
    });
    let version = metadata.as_ref().and_then(|metadata: &Value| metadata.get("model_version")).map(json::words);
    let cells = [
        text("databricks_request_id", "request_id"),
        text("client_request_id", "client_request_id"),
        time.and_then(iso).map(|time| Cell::of("time", time)),
        version
            .or_else(|| record.get("served_entity_id").and_then(Value::as_str).map(str::to_owned))
            .map(|version| Cell::of("model_version", version)),
    ];
    cells.into_iter().flatten().collect()
}

/// A body, as JSON or as its text.
fn body(record: &Value, key: &str) -> Vec<Row> {
    match record.get(key) {
        Some(Value::String(text)) => payload::of_text(text),
        Some(body) => payload::of_json(body),
        None => Vec::new(),
    }
}
