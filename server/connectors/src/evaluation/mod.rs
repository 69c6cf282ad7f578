//! Tools of the evaluation layer.

mod deepchecks;
mod mlflow;
mod wandb;

use crate::Connector;

pub(super) const CONNECTORS: &[&Connector] = &[
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
];
