//! Tools of the serving layer, and of those at which Prometheus, Grafana and SageMaker show how what is served does.

mod bentoml;
mod databricks;
mod grafana;
mod grafana_rules;
mod payload_log;
mod prometheus_alerts;
mod prometheus_config;
mod prometheus_exposition;
mod prometheus_joined;
mod prometheus_labels;
mod prometheus_query;
mod prometheus_resources;
mod prometheus_rules;
mod prometheus_snapshot;
pub(crate) mod promql;
mod promql_tokens;
mod sagemaker;
mod sagemaker_capture;
mod sagemaker_monitor;
pub(crate) mod signal;
mod signal_list;

use crate::Connector;

/// Inference logs.
pub(super) const CONNECTORS: &[&Connector] =
    &[&sagemaker_capture::CAPTURE, &payload_log::LOG, &databricks::INFERENCE_TABLE, &bentoml::MONITOR];

/// How what is deployed does.
pub(super) const OF_DEPLOYMENT: &[&Connector] = &[
    &prometheus_query::QUERY,
    &prometheus_alerts::TARGETS,
    &prometheus_exposition::EXPOSITION,
    &prometheus_config::CONFIG,
    &signal_list::PROMETHEUS,
    &grafana::DASHBOARD,
    &grafana::ANNOTATIONS,
    &sagemaker::DESCRIBED,
    &sagemaker_monitor::MONITOR,
];

/// What somebody is told of.
pub(super) const OF_MONITORING: &[&Connector] = &[
    &prometheus_rules::ANSWER,
    // Their files look alike: the steps of a rule are looked for first.
    &grafana_rules::RULES,
    &prometheus_rules::FILE,
    &prometheus_alerts::ALERTS,
    &signal_list::CLOUDWATCH,
];
