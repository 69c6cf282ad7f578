//! Which part a whole snapshot plays.

use domain::{ColumnKind, Roles, SnapshotRole};

use super::columns::ColumnFacts;
use super::names::{has_word, snake, words};

const NAMES: [(SnapshotRole, &[&str]); 5] = [
    (SnapshotRole::Offline, &["offline"]),
    (SnapshotRole::Validation, &["validation", "valid", "val", "dev"]),
    (SnapshotRole::Train, &["train", "training", "reference", "ref", "baseline", "fit"]),
    (SnapshotRole::Test, &["test", "testing", "holdout"]),
    (
        SnapshotRole::Serve,
        &[
            "serve",
            "serving",
            "served",
            "current",
            "analysis",
            "production",
            "prod",
            "live",
            "online",
            "inference",
            "scoring",
            "recent",
            "new",
        ],
    ),
];
const EVALUATION: [&str; 8] = ["prediction", "predictions", "preds", "pred", "evaluation", "eval", "evals", "scored"];
const PROGRESS: [&str; 6] = ["epoch", "epochs", "step", "iteration", "round", "iter"];

/// Guesses from the file's name and the columns; columns that only one part can have go before the name.
pub fn guess_snapshot_role(file_name: &str, columns: &[ColumnFacts], roles: &Roles) -> SnapshotRole {
    if is_learning_curve(columns) {
        return SnapshotRole::LearningCurve;
    }
    if is_serving_log(columns) {
        return SnapshotRole::ServingLog;
    }
    let answered = roles.prediction().is_some() || roles.score().is_some();
    let judged = answered && roles.label().is_some();
    let spelled = |name: Option<&str>, start: &str| {
        name.is_some_and(|name| words(name).first().is_some_and(|word| word == start))
    };
    let beside_each_other =
        judged && spelled(roles.label(), "y") && (spelled(roles.prediction(), "y") || spelled(roles.score(), "y"));
    let file = words(file_name);
    let file_says = |wanted: &[&str]| file.iter().any(|word| wanted.contains(&word.as_str()));
    // A column of splits beside answers is an evaluation run even where answers that are all alike hide the label.
    if (answered && roles.split().is_some()) || (judged && file_says(&EVALUATION)) {
        return SnapshotRole::Predictions;
    }
    if let Some(role) = named_role(file_name) {
        return role;
    }
    if beside_each_other {
        SnapshotRole::Predictions
    } else if roles.label().is_some() {
        SnapshotRole::Train
    } else {
        SnapshotRole::Serve
    }
}

/// The role that the name of a file says.
pub(super) fn named_role(file_name: &str) -> Option<SnapshotRole> {
    let file = words(file_name);
    let says = |wanted: &[&str]| file.iter().any(|word| wanted.contains(&word.as_str()));
    NAMES.iter().find(|(_, words)| says(words)).map(|(role, _)| *role)
}

/// One row per request: two of how long it took, how it ended, what it asked as one value, and which request it was.
fn is_serving_log(columns: &[ColumnFacts]) -> bool {
    let named = |wanted: &[&str]| columns.iter().any(|column| has_word(&column.name, wanted));
    let is_one_of = |wanted: &[&str]| columns.iter().any(|column| wanted.contains(&snake(&column.name).as_str()));
    let latency = named(&["latency", "duration", "elapsed"])
        || columns.iter().any(|column| words(&column.name).starts_with(&["response".into(), "time".into()]));
    let outcome = named(&["status", "code", "error", "errors"]);
    let whole_inputs = columns.iter().any(|column| {
        matches!(column.kind, ColumnKind::Text | ColumnKind::Categorical | ColumnKind::Nested)
            && ["input", "inputs", "features", "payload", "instance", "request"].contains(&snake(&column.name).as_str())
    });
    let request = is_one_of(&["request_id", "req_id", "trace_id", "correlation_id", "inference_id"]);
    (latency && outcome) || (whole_inputs && (latency || outcome || request))
}

/// A count that goes up beside losses, or beside one figure for training and one for validation.
fn is_learning_curve(columns: &[ColumnFacts]) -> bool {
    let counts = |column: &ColumnFacts| {
        words(&column.name).last().is_some_and(|word| PROGRESS.contains(&word.as_str()))
            && column.kind == ColumnKind::Numeric
            && column.integers
    };
    let figure = |column: &ColumnFacts| matches!(column.kind, ColumnKind::Numeric | ColumnKind::Empty);
    let loss =
        columns.iter().any(|column| figure(column) && words(&column.name).iter().any(|word| word.ends_with("loss")));
    let side = |of: &[&str]| {
        columns
            .iter()
            .any(|column| figure(column) && words(&column.name).first().is_some_and(|word| of.contains(&word.as_str())))
    };
    columns.iter().any(counts)
        && (loss || (side(&["train", "training"]) && side(&["val", "valid", "validation", "test", "eval"])))
}
