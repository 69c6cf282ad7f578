//! Tools of the serving layer.

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

pub(super) const CONNECTORS: &[&Connector] = &[
    &prometheus_query::QUERY,
    &prometheus_rules::ANSWER,
    // Their files look alike: the steps of a rule are looked for first.
    &grafana_rules::RULES,
    &prometheus_rules::FILE,
    &prometheus_alerts::ALERTS,
    &prometheus_alerts::TARGETS,
    &prometheus_exposition::EXPOSITION,
    &prometheus_config::CONFIG,
    &signal_list::PROMETHEUS,
    &signal_list::CLOUDWATCH,
    &grafana::DASHBOARD,
    &grafana::ANNOTATIONS,
    &sagemaker::DESCRIBED,
    &sagemaker_monitor::MONITOR,
    &sagemaker_capture::CAPTURE,
    &payload_log::LOG,
    &databricks::INFERENCE_TABLE,
    &bentoml::MONITOR,
];
