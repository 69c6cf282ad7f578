//! Tools of the evaluation layer.

mod ab_test;
mod classification_report;
mod deepchecks;
mod metrics_file;
pub(crate) mod mlflow;
mod model_card;
mod shadow;
mod split_table;
mod wandb;

use crate::Connector;

pub(super) const CONNECTORS: &[&Connector] = &[
    &mlflow::FOLDER,
    &mlflow::RUNS,
    &mlflow::HISTORY,
    &mlflow::REGISTRY,
    &mlflow::MODEL,
    &mlflow::META,
    &mlflow::METRIC_FILE,
    &mlflow::ERROR,
    &wandb::LOG,
    &wandb::HISTORY,
    &wandb::CONFIG,
    &wandb::SUMMARY,
    &wandb::METADATA,
    &deepchecks::RESULT,
    &model_card::TOOLKIT,
    &model_card::HUB,
    &classification_report::REPORT,
    &ab_test::RESULT,
    &shadow::LOG,
    &mlflow::EXAMPLE,
    &mlflow::CONFUSION,
    &split_table::TABLE,
    // Any name of a number is one of theirs: whoever knows the file better is asked first.
    &metrics_file::METRICS,
];
