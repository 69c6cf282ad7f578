//! Which column of a serving log says what.

use domain::Roles;
use domain::measurements::serving_log::LogColumns;
use polars::prelude::{DataFrame, DataType, Series};

use super::names::{has_word, snake};

const LATENCY_WORDS: [&str; 5] = ["latency", "duration", "elapsed", "took", "runtime"];
const LATENCIES: [&str; 5] =
    ["response_time", "processing_time", "inference_time", "response_time_ms", "inference_time_ms"];
const STATUSES: [&str; 16] = [
    "status",
    "status_code",
    "http_status",
    "http_status_code",
    "response_status",
    "response_code",
    "code",
    "outcome",
    "success",
    "succeeded",
    "ok",
    "failed",
    "is_error",
    "has_error",
    "error",
    "result_status",
];
const INPUT_WORDS: [&str; 8] =
    ["inputs", "input", "features", "request", "payload", "instance", "instances", "arguments"];
const OUTPUTS: [&str; 12] = [
    "output",
    "outputs",
    "prediction",
    "predictions",
    "predicted",
    "predicted_label",
    "predicted_class",
    "y_pred",
    "answer",
    "response",
    "result",
    "pred",
];
const CONFIDENCE_WORDS: [&str; 6] = ["confidence", "certainty", "probability", "proba", "prob", "score"];
const REQUEST_IDS: [&str; 8] =
    ["request_id", "req_id", "trace_id", "correlation_id", "call_id", "prediction_id", "inference_id", "event_id"];
const VERSION_WORDS: [&str; 7] = ["version", "revision", "release", "tag", "digest", "sha", "build"];

/// From names and types, after what people said or what any table's columns are guessed by.
pub fn guess_log_columns(frame: &DataFrame, roles: &Roles) -> LogColumns {
    let columns: Vec<&Series> = frame.columns().iter().map(|column| column.as_materialized_series()).collect();
    let by_name = |names: &[&str]| {
        names.iter().find_map(|name| columns.iter().find(|column| snake(column.name()) == *name)).map(named)
    };
    let by_word = |words: &[&str], fits: fn(&Series) -> bool| {
        words
            .iter()
            .find_map(|word| columns.iter().find(|column| fits(column) && has_word(column.name(), &[word])))
            .map(named)
    };
    let numeric_name = |names: &[&str]| {
        let column = names
            .iter()
            .find_map(|name| columns.iter().find(|column| may_be_number(column) && snake(column.name()) == *name));
        column.map(named)
    };
    LogColumns {
        time: roles.time().map(str::to_owned),
        id: by_name(&REQUEST_IDS).or_else(|| roles.id().map(str::to_owned)),
        version: roles
            .version()
            .filter(|name| has_word(name, &VERSION_WORDS))
            .map(str::to_owned)
            .or_else(|| by_word(&VERSION_WORDS, |_| true)),
        latency: by_word(&LATENCY_WORDS, may_be_number).or_else(|| numeric_name(&LATENCIES)),
        status: by_name(&STATUSES),
        inputs: by_word(&INPUT_WORDS, holds_objects),
        output: by_name(&OUTPUTS).or_else(|| roles.prediction().map(str::to_owned)),
        confidence: by_word(&CONFIDENCE_WORDS, may_be_number).or_else(|| roles.score().map(str::to_owned)),
    }
}

fn named(column: &&Series) -> String {
    column.name().to_string()
}

/// Numbers, or nothing at all.
fn may_be_number(column: &Series) -> bool {
    matches!(column.dtype(), DataType::Float64 | DataType::Int64 | DataType::Null)
}

/// JSON objects, as the reader keeps them: as text.
fn holds_objects(column: &Series) -> bool {
    let Ok(text) = column.str() else { return false };
    text.iter().flatten().next().is_some_and(|value| value.trim_start().starts_with('{'))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use polars::prelude::{Column, NamedFrom};

    use super::*;

    #[test]
    fn columns_are_known_by_name_and_type_in_any_spelling() {
        let text = |name: &str, value: &str| Column::from(Series::new(name.into(), [value]));
        let number = |name: &str| Column::from(Series::new(name.into(), [0.5]));
        let frame = DataFrame::new(
            1,
            vec![
                text("requestId", "a"),
                text("modelVersion", "7"),
                text("inputFormat", "json"),
                text("features", "{\"x\": 1}"),
                text("prediction", "yes"),
                number("responseTime"),
                text("Status Code", "200"),
                number("probability"),
            ],
        )
        .unwrap();
        let known = guess_log_columns(&frame, &Roles::default());
        let expected = LogColumns {
            time: None,
            id: Some("requestId".into()),
            version: Some("modelVersion".into()),
            latency: Some("responseTime".into()),
            status: Some("Status Code".into()),
            inputs: Some("features".into()),
            output: Some("prediction".into()),
            confidence: Some("probability".into()),
        };
        assert_eq!(known, expected);
    }
}
