//! What BentoML's monitor logs: the rows of inferences, and the schema of their columns:
//! <https://docs.bentoml.com/en/latest/build-with-bentoml/observability/monitoring-and-data-collection.html>.

use domain::Problem;
use domain::number::counted;
use domain::snapshot::{ColumnRole, SnapshotRole};
use domain::tool_check::Source;
use domain::tool_facts::Signature;
use serde_json::Value;

use crate::given::Given;
use crate::seen::Seen;
use crate::table::{BroughtTable, Cell};
use crate::{Brought, Connector, json};

pub(super) static MONITOR: Connector = Connector {
    id: "bentoml_monitor",
    tool: "BentoML",
    words: "data or schema log of BentoML's monitor, JSON Lines",
    proven_on: "the log of the default monitor of 1.1 to 1.4, from its source",
    takes: "the logged rows; of the schema the inputs with their types and the version",
    leaves: "records sent to other targets, such as OTLP",
    recognise: |seen| is_data(seen) || is_schema(seen),
    read,
};

/// What the monitor adds to each row, in this order, behind the columns of the service.
const ADDED: [&str; 3] = ["timestamp", "request_id", "trace_id"];

/// Other logs have such columns too; these have them last, with ids of digits only and a time of Python without a zone.
fn is_data(seen: &Seen<'_>) -> bool {
    let Some(line) = seen.text.lines().find(|line| !line.trim().is_empty()) else { return false };
    let places: Option<Vec<usize>> = ADDED.iter().map(|key| line.find(&format!("\"{key}\": \""))).collect();
    let in_order = places.is_some_and(|places| places[0] > 1 && places.is_sorted());
    let is_number = |key: &str| {
        let id = seen.json.word(key).unwrap_or_default();
        id.len() > 9 && id.bytes().all(|byte| byte.is_ascii_digit())
    };
    let time = seen.json.word("timestamp").unwrap_or_default();
    in_order && is_number("request_id") && is_number("trace_id") && time.len() > 18 && time.as_bytes()[10] == b'T'
}

fn is_schema(seen: &Seen<'_>) -> bool {
    seen.json.has_all(&["meta_data.bento_name", "meta_data.bento_version", "columns[].name", "columns[].role"])
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let (lines, broken) = given.json_lines()?;
    let mut brought = Brought::default();
    if broken > 0 {
        brought.warnings.push(format!("{} could not be read.", counted(broken as u64, "line")));
    }
    let (schemas, rows): (Vec<Value>, Vec<Value>) = lines.into_iter().partition(|line| line.get("meta_data").is_some());
    brought.facts.signatures = schemas.iter().map(signature).collect();
    let mut table = BroughtTable::new("monitored inferences", Some(SnapshotRole::Serve))
        .with_part(ColumnRole::Id, "request_id")
        .with_part(ColumnRole::Time, "timestamp")
        .with_part(ColumnRole::Ignore, "trace_id");
    for row in &rows {
        table.push(json::entries(row, &[]).map(|(name, value)| Cell::of(name.as_str(), value.clone())));
    }
    brought.tables.extend((table.rows() > 0).then_some(table));
    Ok(brought)
}

/// Each process writes the schema once it starts.
fn signature(schema: &Value) -> Signature {
    let text = |key: &str| json::text(schema, &["meta_data", key]).filter(|text| !text.is_empty()).map(str::to_owned);
    let features = json::list(schema, &["columns"]).filter(|column| json::text(column, &["role"]) == Some("feature"));
    let input = |column: &Value| {
        Some((json::text(column, &["name"])?.to_owned(), json::text(column, &["type"]).map(str::to_owned)))
    };
    Signature {
        source: Source::of("BentoML", None, "columns"),
        model: text("bento_name"),
        version: text("bento_version"),
        is_deployed: Some(true),
        inputs: features.filter_map(input).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_log_with_such_columns_is_not_taken() {
        let is = |text: &str| is_data(&Seen::of(text.as_bytes()));
        assert!(is(
            r#"{"age": 3, "timestamp": "2026-01-01T00:00:00.123456", "request_id": "13735871421547463", "trace_id": "98637452342353453"}"#
        ));
        assert!(!is(
            r#"{"timestamp": "2026-01-01T00:00:00.123456", "request_id": "13735871421547463", "trace_id": "98637452342353453"}"#
        ));
        assert!(!is(r#"{"age": 3, "timestamp": "2026-01-01T00:00:00Z", "request_id": "a1", "trace_id": "b2"}"#));
        assert!(!is(
            r#"{"age": 3, "request_id": "13735871421547463", "timestamp": "2026-01-01T00:00:00.123456", "trace_id": "98637452342353453"}"#
        ));
    }
}
