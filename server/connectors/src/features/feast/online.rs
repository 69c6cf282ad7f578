//! Answers of the online store: which values are absent or too old, and how old they are.

use domain::Problem;
use domain::number::{count, counted};
use domain::plot::format;
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck, Worse};
use serde_json::Value;

use super::{TOOL, online_rows};
use crate::given::Given;
use crate::seen::Seen;
use crate::{Brought, Connector, json, numbers};

pub(in crate::features) static ONLINE: Connector = Connector {
    id: "feast_online",
    tool: TOOL,
    words: "Feast online features, JSON of the answer or of to_dict",
    proven_on: "0.67; the row layout of 0.18",
    takes: "the values by entity; per feature: entities not found, values past their time to live, nulls, event times",
    leaves: "lists, such as embeddings",
    recognise,
    read,
};

fn recognise(seen: &Seen<'_>) -> bool {
    let names = seen.json.has("metadata.feature_names") || seen.json.has("metadata.featureNames");
    // The values of the first feature may be longer than what is seen; the statuses come behind them.
    let columns = names && seen.json.has("results[].values");
    let rows = ["field_values", "fieldValues"]
        .iter()
        .any(|key| seen.json.has(&format!("{key}[].fields")) && seen.json.has(&format!("{key}[].statuses")));
    // With their event times, as to_dict has them: `name` and `name__ts`, both lists.
    let has_times = || {
        seen.json.paths().any(|path| {
            path.strip_suffix("__ts")
                .is_some_and(|name| seen.json.has(&format!("{name}[]")) && seen.json.has(&format!("{path}[]")))
        })
    };
    columns || rows || !seen.json.is_list() && has_times()
}

/// The status of one value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Status {
    Present,
    Null,
    NotFound,
    TooOld,
}

impl Status {
    fn of(status: &Value) -> Self {
        match (status.as_str().unwrap_or_default(), status.as_u64()) {
            ("NULL_VALUE", _) | (_, Some(2)) => Status::Null,
            ("NOT_FOUND", _) | (_, Some(3)) => Status::NotFound,
            ("OUTSIDE_MAX_AGE", _) | (_, Some(4)) => Status::TooOld,
            _ => Status::Present,
        }
    }
}

/// One feature with what is said of each entity.
struct Feature {
    place: String,
    name: String,
    statuses: Vec<Status>,
    /// Milliseconds since 1970; those at its beginning are none.
    times: Vec<i64>,
    has_times: bool,
}

impl Feature {
    /// The keys of the entities come along with the features, and have no event time.
    fn is_key(&self) -> bool {
        self.has_times && self.times.is_empty() && self.statuses.iter().all(|status| *status == Status::Present)
    }
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let features = if document.get("results").is_some() {
        of_columns(&document)
    } else if let Some(rows) = document.get("field_values").or_else(|| document.get("fieldValues")) {
        of_rows(rows)
    } else {
        of_dictionary(&document)
    };
    let keys: Vec<&str> =
        features.iter().filter(|feature| feature.is_key()).map(|feature| feature.name.as_str()).collect();
    let checks = features.iter().filter(|feature| !feature.is_key()).flat_map(checks);
    let mut brought = Brought::from(joined(checks));
    let table = online_rows::table(&document, &keys);
    brought.tables.extend((table.rows() > 0).then_some(table));
    Ok(brought)
}

fn of_columns(document: &Value) -> Vec<Feature> {
    let column = |(place, (name, result)): (usize, (&str, &Value))| {
        let times =
            ["event_timestamps", "eventTimestamps"].iter().find_map(|key| result.get(key)).and_then(Value::as_array);
        Feature {
            place: format!("results[{place}]"),
            name: name.to_owned(),
            statuses: json::list(result, &["statuses"]).map(Status::of).collect(),
            times: times.into_iter().flatten().filter_map(numbers::time).filter(|time| *time > 0).collect(),
            has_times: times.is_some(),
        }
    };
    online_rows::names(document).zip(json::list(document, &["results"])).enumerate().map(column).collect()
}

fn of_rows(rows: &Value) -> Vec<Feature> {
    let mut features: Vec<Feature> = Vec::new();
    for row in rows.as_array().into_iter().flatten() {
        for (name, status) in json::entries(row, &["statuses"]) {
            let status = Status::of(status);
            match features.iter_mut().find(|feature| feature.name == *name) {
                Some(feature) => feature.statuses.push(status),
                None => features.push(Feature {
                    place: format!("field_values[].statuses.{name}"),
                    name: name.clone(),
                    statuses: vec![status],
                    times: Vec::new(),
                    has_times: false,
                }),
            }
        }
    }
    features
}

/// Without statuses: a null without an event time was not found.
fn of_dictionary(document: &Value) -> Vec<Feature> {
    let column = |(name, values): (&String, &Value)| {
        let seconds = document.get(format!("{name}__ts"))?.as_array()?;
        let times: Vec<i64> = seconds
            .iter()
            .map(|time| json::finite(time).unwrap_or_default())
            .map(|seconds| (seconds * 1_000.0) as i64)
            .collect();
        let status = |(value, time): (&Value, &i64)| match (value.is_null(), *time > 0) {
            (false, _) => Status::Present,
            (true, true) => Status::Null,
            (true, false) => Status::NotFound,
        };
        let statuses = values.as_array()?.iter().zip(&times).map(status).collect();
        let times = times.into_iter().filter(|time| *time > 0).collect();
        Some(Feature { place: name.clone(), name: name.clone(), statuses, times, has_times: true })
    };
    json::entries(document, &[]).filter_map(column).collect()
}

/// The checks of one feature; those that say the same of several features are put together by [`joined`].
fn checks(feature: &Feature) -> Vec<ToolCheck> {
    const KINDS: [(Status, &str, CheckSubject, CheckOutcome, &str, &str); 3] = [
        (
            Status::NotFound,
            "NOT_FOUND",
            CheckSubject::OnlineStore,
            CheckOutcome::Failed,
            "share of entities not found",
            "not found",
        ),
        (
            Status::TooOld,
            "OUTSIDE_MAX_AGE",
            CheckSubject::Freshness,
            CheckOutcome::Failed,
            "share of values past their time to live",
            "past their time to live",
        ),
        (Status::Null, "NULL_VALUE", CheckSubject::MissingValues, CheckOutcome::Warned, "share of nulls", "null"),
    ];
    let all = feature.statuses.len() as u64;
    let new = |name: &str, field: &str, about, outcome| {
        let source = Source::of(TOOL, None, format!("{}{field}", feature.place));
        ToolCheck::new(source, name, about, vec![feature.name.clone()], outcome)
    };
    let mut checks = Vec::new();
    for (status, name, about, outcome, figure, words) in KINDS {
        let found = feature.statuses.iter().filter(|one| **one == status).count() as u64;
        if found > 0 {
            let check = new(name, ".statuses", about, outcome)
                .with_measured(figure, found as f64 / all as f64, Some(0.0))
                .worse_when(Worse::Higher);
            checks.push(check.with_observed(format!("{} of {} {words}", count(found), counted(all, "entity"))));
        }
    }
    if checks.is_empty() && all > 0 {
        let check = new("PRESENT", ".statuses", CheckSubject::OnlineStore, CheckOutcome::Passed);
        checks.push(check.with_observed(format!("a value for each of {}", counted(all, "entity"))));
    }
    // Nothing here says what time it is now: the times stand for themselves.
    if let Some((from, to)) = feature.times.iter().min().zip(feature.times.iter().max()) {
        let check = new("event_timestamps", ".event_timestamps", CheckSubject::Freshness, CheckOutcome::Passed);
        checks.push(check.with_observed(format!("event times {} to {}", format::time(*from), format::time(*to))));
    }
    checks
}

/// The features of a view come and go together: what is said of several in the same words is said once.
fn joined(checks: impl Iterator<Item = ToolCheck>) -> Vec<ToolCheck> {
    let mut joined: Vec<ToolCheck> = Vec::new();
    for check in checks {
        let same = |known: &&mut ToolCheck| known.name == check.name && known.observed == check.observed;
        match joined.iter_mut().find(same) {
            Some(known) => known.columns.extend(check.columns),
            None => joined.push(check),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcomes(text: &str) -> Vec<(String, CheckOutcome)> {
        assert!(recognise(&Seen::of(text.as_bytes())));
        let brought = read(&Given::of(text.as_bytes(), "a.json")).unwrap_or_default();
        brought.facts.checks.into_iter().map(|check| (check.name, check.outcome)).collect()
    }

    #[test]
    fn both_newer_layouts_and_the_one_of_rows() {
        let answer = r#"{"metadata": {"feature_names": ["a"]}, "results": [{"values": [1, null], "statuses": ["PRESENT", "OUTSIDE_MAX_AGE"]}]}"#;
        assert_eq!(outcomes(answer), [("OUTSIDE_MAX_AGE".to_owned(), CheckOutcome::Failed)]);
        let dictionary = r#"{"a": [1.5, null], "a__ts": [1519787059, 0], "k": ["x", "y"], "k__ts": [0, 0]}"#;
        let read = outcomes(dictionary);
        assert_eq!(
            read,
            [("NOT_FOUND".to_owned(), CheckOutcome::Failed), ("event_timestamps".to_owned(), CheckOutcome::Passed)]
        );
        let rows = r#"{"fieldValues": [{"fields": {"a": {"int64Val": "1"}}, "statuses": {"a": "NULL_VALUE"}}]}"#;
        assert_eq!(outcomes(rows), [("NULL_VALUE".to_owned(), CheckOutcome::Warned)]);
    }
}
