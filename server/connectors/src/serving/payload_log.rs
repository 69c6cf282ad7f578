//! Logs of requests and answers that KServe and Seldon Core write: CloudEvents, one for a request and one for its answer, and
//! the documents that Seldon's request logger makes of them:
//! <https://kserve.github.io/website/latest/modelserving/logger/logger/>,
//! <https://github.com/SeldonIO/seldon-core/tree/master/components/seldon-request-logger>.

use std::collections::HashMap;

use domain::Problem;
use domain::number::{count, counted};
use domain::snapshot::ColumnRole;
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck, Worse};
use serde_json::Value;

use crate::given::Given;
use crate::payload::{self, Row};
use crate::requests::{self, Requests, iso};
use crate::seen::Seen;
use crate::table::Cell;
use crate::{Brought, Connector, json, numbers};

pub(super) static LOG: Connector = Connector {
    id: "payload_log",
    tool: "KServe",
    words: "log of inference requests as CloudEvents, or Seldon's request log, JSON or JSON Lines",
    proven_on: "the described events, CloudEvents 1.0; documents of Seldon's request logger 1.x",
    takes: "each request as a row with its answer, joined by id; how many have no answer",
    leaves: "images and embeddings, the texts of language models, events of explainers and of outlier detectors",
    recognise,
    read,
};

/// What the type of an event begins with.
const TYPES: [&str; 2] = ["org.kubeflow.serving.inference.", "io.seldon.serving.inference."];
/// The same attribute in an event, and where the headers of a message were kept.
const TYPE: [&str; 4] = ["type", "ce-type", "Ce-Type", "ce_type"];
const ID: [&str; 5] = ["id", "ce-id", "Ce-Id", "ce_id", "RequestId"];
const TIME: [&str; 5] = ["time", "ce-time", "Ce-Time", "ce_time", "@timestamp"];
const DATA: [&str; 3] = ["data", "body", "payload"];

fn recognise(seen: &Seen<'_>) -> bool {
    let prefixes = if seen.json.is_list() { ["[].", "[]._source."] } else { ["", "_source."] };
    let is_event = |prefix: &str| {
        let kind = TYPE.iter().find_map(|key| seen.json.word(&format!("{prefix}{key}"))).unwrap_or_default();
        TYPES.iter().any(|known| kind.starts_with(known))
    };
    let is_document = |prefix: &str| {
        let has = |key: &str| seen.json.has(&format!("{prefix}{key}"));
        let part = |part: &str| has(&format!("{part}.instance")) || has(&format!("{part}.elements"));
        has("RequestId") && (part("request") || part("response"))
    };
    prefixes.iter().any(|prefix| is_event(prefix) || is_document(prefix))
        || seen.json.has_all(&["hits.hits[]._source.RequestId", "hits.hits[]._source.ServingEngine"])
}

/// A request with what became of it.
#[derive(Default)]
struct Request {
    id: String,
    at_ms: Option<i64>,
    sent: Option<Vec<Row>>,
    answer: Option<Vec<Row>>,
}

#[derive(Default)]
struct Log {
    requests: Vec<Request>,
    places: HashMap<String, usize>,
    others: u64,
}

impl Log {
    fn request(&mut self, id: String) -> &mut Request {
        let place = *self.places.entry(id.clone()).or_insert_with(|| {
            self.requests.push(Request { id, ..Request::default() });
            self.requests.len() - 1
        });
        &mut self.requests[place]
    }

    /// One document: an event, or what the request logger made of one or of both.
    fn add(&mut self, document: &Value) {
        let document = document.get("_source").unwrap_or(document);
        let first = |keys: &[&str]| keys.iter().find_map(|key| document.get(*key)).filter(|value| !value.is_null());
        let Some(id) = first(&ID).map(id_of) else {
            self.others += 1;
            return;
        };
        let at_ms = first(&TIME).and_then(Value::as_str).and_then(numbers::moment);
        let kind = first(&TYPE).and_then(Value::as_str).unwrap_or_default();
        let data = || body(first(&DATA), document);
        let (sent, answer) = match kind.rsplit('.').next() {
            Some("request") => (Some(data()), None),
            Some("response") => (None, Some(data())),
            _ => (document.get("request").map(logged), document.get("response").map(logged)),
        };
        if sent.is_none() && answer.is_none() {
            self.others += 1;
            return;
        }
        let request = self.request(id);
        // The time of a request is when it was sent.
        request.at_ms = if sent.is_some() { at_ms.or(request.at_ms) } else { request.at_ms.or(at_ms) };
        request.sent = sent.or(request.sent.take());
        request.answer = answer.or(request.answer.take());
    }
}

fn id_of(id: &Value) -> String {
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}

/// The body of an event: JSON, a text of JSON, or Base64 of that.
fn body(data: Option<&Value>, event: &Value) -> Vec<Row> {
    let decoded = || String::from_utf8(numbers::base64(json::text(event, &["data_base64"])?)?).ok();
    match data {
        Some(Value::String(text)) => payload::of_text(text),
        Some(body) => payload::of_json(body),
        None => decoded().map(|text| payload::of_text(&text)).unwrap_or_default(),
    }
}

/// A part of a document of Seldon's request logger: the names with their values, or the values alone.
fn logged(part: &Value) -> Vec<Row> {
    let names = json::at(part, &["elements"]).filter(|elements| elements.is_object());
    let instance = || part.get("instance").map(|one| Value::from(vec![one.clone()])).unwrap_or_default();
    match names {
        Some(elements) => payload::of_json(&Value::from(vec![elements.clone()])),
        None => payload::of_json(&serde_json::json!({ "instances": instance() })),
    }
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let (documents, broken) = documents(given)?;
    let mut log = Log::default();
    for document in &documents {
        log.add(document);
    }
    let mut brought = Brought::default();
    if broken > 0 {
        brought.warnings.push(format!("{} could not be read.", counted(broken as u64, "line")));
    }
    if log.others > 0 {
        brought.left.push(counted(log.others, "event of another kind"));
    }
    if log.requests.is_empty() {
        brought.warnings.push("It holds no request and no answer.".to_owned());
        return Ok(brought);
    }
    brought.facts.checks = checks(&log.requests);
    let mut requests = Requests::new("logged requests", &[(ColumnRole::Id, "request_id"), (ColumnRole::Time, "time")]);
    for request in log.requests {
        let time = request.at_ms.and_then(iso).map(|time| Cell::of("time", time));
        let about: Vec<Cell> = [Some(Cell::of("request_id", request.id)), time].into_iter().flatten().collect();
        requests.add(&about, request.sent.unwrap_or_default(), request.answer.unwrap_or_default());
    }
    let (table, uneven) = requests.table();
    brought.left.extend(uneven);
    brought.warnings.extend(requests::note_of_places(&table));
    brought.tables.push(table);
    Ok(brought)
}

/// Lines, a list, or the answer of a search.
fn documents(given: &Given<'_>) -> Result<(Vec<Value>, usize), Problem> {
    let text = given.text()?;
    // A document over several lines has a first line that is not a whole one, and the answer of a search is one document.
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let first = serde_json::from_str::<Value>(&numbers::quoted(first)).ok().filter(Value::is_object);
    if first.is_some_and(|first| json::at(&first, &["hits", "hits"]).is_none()) {
        return given.json_lines();
    }
    let whole = given.json()?;
    let list = whole.as_array().or_else(|| json::at(&whole, &["hits", "hits"])?.as_array()).cloned();
    Ok((list.unwrap_or_else(|| vec![whole]), 0))
}

fn checks(requests: &[Request]) -> Vec<ToolCheck> {
    let all = requests.len() as u64;
    let last = requests.iter().filter_map(|request| request.at_ms).max();
    let part = |lacks: fn(&Request) -> bool, name: &str, word: &str| {
        let missing = requests.iter().filter(|request| lacks(request)).count() as u64;
        let outcome = if missing > 0 { CheckOutcome::Failed } else { CheckOutcome::Passed };
        let said = format!("{} of {} have no {word}", count(missing), counted(all, "logged request"));
        let measured = format!("share of requests without {word}");
        ToolCheck::new(Source::of("KServe", None, ""), name, CheckSubject::Logging, Vec::new(), outcome)
            .with_measured(&measured, missing as f64 / all as f64, Some(0.0))
            .worse_when(Worse::Higher)
            .with_observed(said)
            .with_time(last)
    };
    vec![
        part(|request| request.answer.is_none(), "inference.response", "prediction"),
        part(|request| request.sent.is_none(), "inference.request", "input"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        assert!(recognise(&Seen::of(text.as_bytes())), "{text}");
        let brought = read(&Given::of(text.as_bytes(), "log")).unwrap_or_default();
        brought
            .tables
            .iter()
            .flat_map(|table| table.json_lines().lines().map(str::to_owned).collect::<Vec<_>>())
            .collect()
    }

    #[test]
    fn a_request_and_its_answer_are_one_row_in_either_order() {
        let text = r#"{"id": "a", "type": "org.kubeflow.serving.inference.response", "time": "2026-01-01T00:00:01Z", "data": {"predictions": [1]}}
{"id": "a", "type": "org.kubeflow.serving.inference.request", "time": "2026-01-01T00:00:00Z", "data": "{\"instances\": [[5, 6]]}"}"#;
        assert_eq!(
            lines(text),
            [r#"{"request_id":"a","time":"2026-01-01T00:00:00Z","input_0":5,"input_1":6,"prediction":1}"#]
        );
    }

    #[test]
    fn documents_of_a_search_are_read() {
        let text = r#"{"hits": {"hits": [{"_id": "x", "_source": {"RequestId": "x", "ServingEngine": "seldon", "@timestamp": "2026-01-01T00:00:00Z",
            "request": {"elements": {"a": [1.5], "b": [2]}}, "response": {"instance": [0.25]}}}]}}"#;
        assert_eq!(lines(text), [r#"{"request_id":"x","time":"2026-01-01T00:00:00Z","a":1.5,"b":2,"score":0.25}"#]);
    }

    #[test]
    fn other_events_and_logs_are_not_taken() {
        for text in [
            r#"{"id": "a", "type": "com.github.push", "data": {"instances": [1]}}"#,
            r#"{"RequestId": "a", "request": {"path": "/"}, "response": {"status": 200}}"#,
            r#"{"request_id": "a", "request": {"instance": 1}}"#,
        ] {
            assert!(!recognise(&Seen::of(text.as_bytes())), "{text}");
        }
    }
}
