//! Tools of the serving layer.

mod grafana;
mod grafana_rules;
mod prometheus_alerts;
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
mod sagemaker_monitor;
pub(crate) mod signal;

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
    &grafana::DASHBOARD,
    &grafana::ANNOTATIONS,
    &sagemaker::DESCRIBED,
    &sagemaker_monitor::MONITOR,
    &sagemaker_monitor::CAPTURE,
];
