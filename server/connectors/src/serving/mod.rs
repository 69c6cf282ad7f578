//! Tools of the serving layer.

mod prometheus_alerts;
mod prometheus_exposition;
mod prometheus_labels;
mod prometheus_query;
mod prometheus_rules;
mod prometheus_snapshot;
pub(crate) mod promql;
pub(crate) mod signal;

use crate::Connector;

pub(super) const CONNECTORS: &[&Connector] = &[
    &prometheus_query::QUERY,
    &prometheus_rules::ANSWER,
    &prometheus_rules::FILE,
    &prometheus_alerts::ALERTS,
    &prometheus_alerts::TARGETS,
    &prometheus_exposition::EXPOSITION,
];
