//! SageMaker data capture: one request a line, with what was sent and what was answered:
//! <https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html>.

use domain::Problem;
use domain::number::{count, counted, percent};
use domain::snapshot::ColumnRole;
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck, Worse};
use serde_json::Value;

use super::sagemaker::TOOL;
use crate::given::Given;
use crate::payload::{self, Row};
use crate::requests::{self, Requests, iso};
use crate::table::Cell;
use crate::{Brought, Connector, json, numbers};

pub(super) static CAPTURE: Connector = Connector {
    id: "sagemaker_capture",
    tool: TOOL,
    words: "SageMaker data capture, JSON Lines",
    proven_on: "event version 0",
    takes: "each request as a row: its ids, its time, inputs and outputs; how many requests lack the prediction",
    leaves: "content that is neither CSV nor JSON; the texts of language models; names of inputs, which CSV does not have",
    recognise: |seen| seen.json.has("captureData") && seen.json.has_all(&["eventMetadata.eventId", "eventVersion"]),
    read,
};

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let (lines, broken) = given.json_lines()?;
    let mut brought = Brought::default();
    if broken > 0 {
        brought.warnings.push(format!("{} could not be read.", counted(broken as u64, "line")));
    }
    if lines.is_empty() {
        return Err(given.bad("it holds no captured request; take another file of the capture"));
    }
    brought.facts.checks = checks(&lines);
    rows(&lines, &mut brought);
    Ok(brought)
}

/// The parts of a request, and whether its labels can be joined.
fn checks(lines: &[Value]) -> Vec<ToolCheck> {
    let all = lines.len() as u64;
    let lacks = |keys: &[&str]| lines.iter().filter(|line| json::at(line, keys).is_none()).count() as u64;
    let last = lines.iter().filter_map(time).max();
    let check = |path: &str, name: &str, about, outcome| {
        ToolCheck::new(Source::of(TOOL, None, path), name, about, Vec::new(), outcome).with_time(last)
    };
    let part = |(key, word): (&str, &str)| {
        let missing = lacks(&["captureData", key]);
        let outcome = if missing > 0 { CheckOutcome::Failed } else { CheckOutcome::Passed };
        let said = format!("{} of {} have no {word}", count(missing), counted(all, "captured request"));
        let measured = format!("share of requests without {word}");
        check(&format!("captureData.{key}"), key, CheckSubject::Logging, outcome)
            .with_measured(&measured, missing as f64 / all as f64, Some(0.0))
            .worse_when(Worse::Higher)
            .with_observed(said)
    };
    let without_id = lacks(&["eventMetadata", "inferenceId"]);
    let outcome = if without_id == all { CheckOutcome::Warned } else { CheckOutcome::Passed };
    let said = format!(
        "{} of the requests have an id, with which labels can be joined",
        percent(1.0 - without_id as f64 / all as f64)
    );
    let joined = check("eventMetadata.inferenceId", "inferenceId", CheckSubject::Telemetry, outcome);
    let parts = [("endpointInput", "input"), ("endpointOutput", "prediction")];
    parts.into_iter().map(part).chain([joined.with_observed(said)]).collect()
}

fn time(line: &Value) -> Option<i64> {
    numbers::time(json::at(line, &["eventMetadata", "inferenceTime"])?)
}

fn rows(lines: &[Value], brought: &mut Brought) {
    // Labels are joined by the inference's id, where the client gives one.
    const ABOUT: [(ColumnRole, &str); 3] =
        [(ColumnRole::Id, "inference_id"), (ColumnRole::Id, "event_id"), (ColumnRole::Time, "time")];
    let mut requests = Requests::new("captured requests", &ABOUT);
    let mut unread = 0;
    for line in lines {
        let text = |key: &str, name: &str| json::text(line, &["eventMetadata", key]).map(|text| Cell::of(name, text));
        let time = time(line).and_then(iso).map(|time| Cell::of("time", time));
        let about: Vec<Cell> =
            [text("eventId", "event_id"), text("inferenceId", "inference_id"), time].into_iter().flatten().collect();
        let mut part = |key: &str| match json::at(line, &["captureData", key]) {
            None => Vec::new(),
            Some(part) => content(part).unwrap_or_else(|| {
                unread += 1;
                Vec::new()
            }),
        };
        let (sent, answer) = (part("endpointInput"), part("endpointOutput"));
        requests.add(&about, sent, answer);
    }
    let (table, uneven) = requests.table();
    if unread > 0 {
        brought.left.push(counted(unread, "request or answer that is neither CSV nor JSON"));
    }
    brought.left.extend(uneven);
    brought.warnings.extend(requests::note_of_places(&table));
    brought.tables.push(table);
}

/// What was captured of a request or an answer; `None` where it is not a text of rows.
fn content(part: &Value) -> Option<Vec<Row>> {
    let data = json::text(part, &["data"])?;
    let kind = json::text(part, &["observedContentType"]).unwrap_or_default().to_lowercase();
    let decoded = match json::text(part, &["encoding"]) {
        Some("BASE64") => String::from_utf8(numbers::base64(data)?).ok()?,
        _ => data.to_owned(),
    };
    let lines = || decoded.lines().filter(|line| !line.trim().is_empty());
    match () {
        () if kind.contains("csv") => Some(payload::of_csv(&decoded)),
        () if kind.contains("jsonlines") => Some(lines().flat_map(payload::of_text).collect()),
        () if kind.contains("json") || kind.is_empty() || kind.starts_with("text/plain") => {
            Some(payload::of_text(&decoded))
        }
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_read_by_its_encoding_and_type() {
        let part = |kind: &str, encoding: &str, data: &str| {
            content(&serde_json::json!({"observedContentType": kind, "encoding": encoding, "data": data}))
                .map(|rows| rows.iter().map(Vec::len).collect::<Vec<_>>())
        };
        assert_eq!(part("text/csv; charset=utf-8", "BASE64", "MSxhLDM="), Some(vec![3]));
        assert_eq!(part("application/json", "JSON", "{\"instances\": [[1, 2], [3, 4]]}"), Some(vec![2, 2]));
        assert_eq!(part("application/jsonlines", "JSON", "{\"a\": 1}\n{\"a\": 2}\n"), Some(vec![1, 1]));
        assert_eq!(part("image/png", "BASE64", "MSxhLDM="), None);
        assert_eq!(part("text/csv", "BASE64", "no base 64!"), None);
    }
}
