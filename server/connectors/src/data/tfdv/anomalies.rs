//! The anomalies that validating statistics found, and how far each feature is from the data it was compared with.

use std::collections::BTreeSet;

use domain::Problem;
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck, Worse};
use serde_json::Value;

use super::{TOOL, document, feature_name, field, figure, many, one, path_of, word};
use crate::given::Given;
use crate::seen::Seen;
use crate::{Brought, Connector};

pub(in crate::data) static ANOMALIES: Connector = Connector {
    id: "tfdv_anomalies",
    tool: TOOL,
    words: "TensorFlow Data Validation anomalies, protobuf text or JSON",
    proven_on: "1.16",
    takes: "each reason of each anomaly, distances of skew and drift, features without an anomaly",
    leaves: "the schema, which is a file of its own, and its differences",
    recognise,
    read,
};

/// The schema comes first and may be long, so it alone tells it too, where it stands under `baseline`.
fn recognise(seen: &Seen<'_>) -> bool {
    let json = &seen.json;
    let is_anomalies = json.has("baseline.feature") || json.has("anomalyNameFormat") || json.has("dataMissing");
    let of_json = is_anomalies && (json.has("anomalyInfo") || json.has("driftSkewInfo"));
    let with_schema = ["INT", "FLOAT", "BYTES", "STRUCT"].iter().any(|kind| json.says("baseline.feature[].type", kind));
    let of_text =
        ["anomaly_info {", "drift_skew_info {", "anomaly_name_format:"].iter().any(|line| seen.has_line(line));
    of_json || with_schema || of_text || seen.has_line("baseline {") && seen.has_line("  feature {")
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let (document, warning) = document(given)?;
    let mut checks = Vec::new();
    let mut odd = BTreeSet::new();
    distances(&document, &mut checks, &mut odd);
    for (key, place, anomaly) in anomalies(&document) {
        let name = path_of(anomaly).or(key);
        odd.extend(name.clone());
        reasons(&place, name, anomaly, &mut checks);
    }
    if one(&document, "data_missing").and_then(Value::as_bool).unwrap_or_default() {
        let source = Source::of(TOOL, None, "data_missing");
        let check = ToolCheck::new(source, "data_missing", CheckSubject::RowCount, Vec::new(), CheckOutcome::Failed);
        checks.push(check.with_measured("num_examples", 0.0, None).with_observed("the data has no rows"));
    }
    checks.extend(one(&document, "baseline").into_iter().flat_map(|schema| without_anomaly(schema, &odd)));
    Ok(Brought { warnings: warning.into_iter().collect(), ..checks.into() })
}

/// Each anomaly with its key and its place: JSON has a map, text has entries of a key and a value.
fn anomalies(document: &Value) -> Vec<(Option<String>, String, &Value)> {
    let of_dataset = one(document, "dataset_anomaly_info");
    let mut found: Vec<_> =
        of_dataset.map(|anomaly| (None, "dataset_anomaly_info".to_owned(), anomaly)).into_iter().collect();
    match field(document, "anomaly_info") {
        Some(Value::Object(map)) => {
            found.extend(map.iter().map(|(key, anomaly)| (Some(key.clone()), format!("anomalyInfo.{key}"), anomaly)));
        }
        Some(Value::Array(entries)) => found.extend(entries.iter().enumerate().filter_map(|(place, entry)| {
            let key = word(entry, "key").map(str::to_owned);
            Some((key, format!("anomaly_info[{place}].value"), one(entry, "value")?))
        })),
        _ => {}
    }
    found
}

fn reasons(place: &str, name: Option<String>, anomaly: &Value, checks: &mut Vec<ToolCheck>) {
    let outcome = match word(anomaly, "severity") {
        Some("ERROR") => CheckOutcome::Failed,
        _ => CheckOutcome::Warned,
    };
    for (number, reason) in many(anomaly, "reason").enumerate() {
        let kind = word(reason, "type").unwrap_or("UNKNOWN_TYPE");
        // The distance itself is a check already, with its figures.
        let is_distance = kind.starts_with("COMPARATOR_") && kind.ends_with("_HIGH");
        if is_distance
            && checks.iter().any(|check| {
                check.columns.first() == name.as_ref()
                    && check.about == CheckSubject::Drift
                    && check.outcome == CheckOutcome::Failed
            })
        {
            continue;
        }
        let source = Source::of(TOOL, None, format!("{place}.reason[{number}]"));
        let columns: Vec<String> = name.iter().cloned().collect();
        let mut check = ToolCheck::new(source, kind, about(kind), columns, outcome);
        let described = word(reason, "description")
            .or_else(|| word(reason, "short_description"))
            .or_else(|| word(anomaly, "description"));
        if let Some(description) = described {
            check = with_figures(check, description).with_observed(shortened(description));
        }
        checks.push(check);
    }
}

/// The figures that a description holds: `minimum fraction = 1.0, actual = 0.9`.
fn with_figures(check: ToolCheck, description: &str) -> ToolCheck {
    let behind = |words: &str| {
        let rest = description.split_once(words)?.1;
        let end = rest
            .find(|letter: char| !letter.is_ascii_digit() && !matches!(letter, '.' | '-' | 'e'))
            .unwrap_or(rest.len());
        rest[..end].trim_end_matches('.').parse::<f64>().ok().filter(|number| number.is_finite())
    };
    let Some(actual) = behind("actual = ") else { return check };
    if let Some(least) = behind("minimum fraction = ") {
        return check.with_measured("share of rows with a value", actual, Some(least)).worse_when(Worse::Lower);
    }
    let least = behind("minimum = ").map(|least| (least, Worse::Lower));
    let (limit, worse) = least.or_else(|| Some((behind("maximum = ")?, Worse::Higher))).unzip();
    check.with_measured("actual", actual, limit).worse_when(worse)
}

/// The description on one line, without the figures, which are shown on their own.
fn shortened(description: &str) -> String {
    /// Longer ones are cut.
    const LONGEST: usize = 240;
    let line = description.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line.split(": minimum fraction = ").next().unwrap_or_default();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// By the words of the anomaly's type.
fn about(kind: &str) -> CheckSubject {
    let has = |word: &str| kind.contains(word);
    match () {
        () if has("NUM_EXAMPLES") || has("NO_DATA") || has("DATA_MISSING") => CheckSubject::RowCount,
        () if has("TRAINING_SERVING_SKEW") || kind.starts_with("COMPARATOR_") => CheckSubject::Drift,
        () if has("_COLUMN") || has("NOT_PRESENT") || has("NAME_COLLISION") || has("MISSING_NAME") => {
            CheckSubject::Columns
        }
        () if has("PRESENT")
            || has("SHAPE")
            || has("HAS_NAN")
            || has("NO_VALUES")
            || has("MISSING_VALUE")
            || has("MISSING_INDEX")
            || has("MISSING_WEIGHT") =>
        {
            CheckSubject::MissingValues
        }
        () if has("UNEXPECTED_STRING") || has("INVALID_UTF8") || has("UNEXPECTED_FLOAT") => CheckSubject::NewValues,
        () if has("BIG_") || has("SMALL_") || has("HAS_INF") => CheckSubject::Range,
        () if has("UNIQUE") => CheckSubject::Duplicates,
        () if has("_NOT_")
            || has("EXPECTED")
            || has("_NOW_")
            || has("TYPE_NUMBER")
            || has("DATA_TYPE")
            || has("NON_STRING")
            || has("FOR_TYPE")
            || has("SEMANTIC") =>
        {
            CheckSubject::Types
        }
        () => CheckSubject::Consistency,
    }
}

/// The distance of each feature from the data it was compared with, whether or not it is too large.
fn distances(document: &Value, checks: &mut Vec<ToolCheck>, odd: &mut BTreeSet<String>) {
    const KINDS: [(&str, &str); 2] = [
        ("skew_measurements", "training against serving"),
        ("drift_measurements", "the previous span against this one"),
    ];
    for (place, info) in many(document, "drift_skew_info").enumerate() {
        for (key, compared) in KINDS {
            for measurement in many(info, key) {
                let (Some(name), Some(value)) = (path_of(info), figure(measurement, "value")) else { continue };
                let limit = figure(measurement, "threshold");
                let is_high = limit.is_some_and(|limit| value > limit);
                let outcome = if is_high { CheckOutcome::Failed } else { CheckOutcome::Passed };
                let statistic = match word(measurement, "type") {
                    Some("L_INFTY") => "L-infinity distance",
                    Some("JENSEN_SHANNON_DIVERGENCE") => "Jensen-Shannon divergence",
                    Some("NORMALIZED_ABSOLUTE_DIFFERENCE") => "normalised absolute difference",
                    other => other.unwrap_or("distance"),
                };
                odd.extend(is_high.then(|| name.clone()));
                let source = Source::of(TOOL, None, format!("drift_skew_info[{place}].{key}"));
                let check = ToolCheck::new(
                    source,
                    key.trim_end_matches("_measurements"),
                    CheckSubject::Drift,
                    vec![name],
                    outcome,
                );
                checks.push(
                    check.with_measured(statistic, value, limit).worse_when(Worse::Higher).with_observed(compared),
                );
            }
        }
    }
}

/// The features of the schema in which nothing was found. Those that only some environments have may not have been looked at.
fn without_anomaly(schema: &Value, odd: &BTreeSet<String>) -> Vec<ToolCheck> {
    let is_everywhere =
        |feature: &&Value| ["in_environment", "not_in_environment"].iter().all(|key| field(feature, key).is_none());
    let names =
        many(schema, "feature").filter(is_everywhere).filter_map(feature_name).filter(|name| !odd.contains(name));
    let check = |name: String| {
        let source = Source::of(TOOL, None, "baseline");
        ToolCheck::new(source, "validate_statistics", CheckSubject::Types, vec![name], CheckOutcome::Passed)
            .with_observed("no anomaly")
    };
    names.map(check).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_anomalies_have_their_subjects() {
        assert_eq!(about("FEATURE_TYPE_LOW_FRACTION_PRESENT"), CheckSubject::MissingValues);
        assert_eq!(about("SCHEMA_NEW_COLUMN"), CheckSubject::Columns);
        assert_eq!(about("ENUM_TYPE_UNEXPECTED_STRING_VALUES"), CheckSubject::NewValues);
        assert_eq!(about("BOOL_TYPE_BIG_INT"), CheckSubject::Range);
        assert_eq!(about("FLOAT_TYPE_NOT_FLOAT"), CheckSubject::Types);
        assert_eq!(about("DATASET_LOW_NUM_EXAMPLES"), CheckSubject::RowCount);
        assert_eq!(about("COMPARATOR_L_INFTY_HIGH"), CheckSubject::Drift);
    }
}
