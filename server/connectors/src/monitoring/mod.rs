//! Tools of the monitoring layer.

mod cloudwatch;
mod datadog;
mod evidently;
mod health;
mod health_text;
mod nannyml;
mod whylabs;
mod whylogs;

use crate::Connector;

pub(super) const CONNECTORS: &[&Connector] = &[
    &evidently::REPORT,
    &evidently::LEGACY,
    &nannyml::RESULT,
    &whylogs::PROFILE,
    &whylogs::SUMMARY,
    &whylogs::DRIFT,
    &whylogs::CONSTRAINTS,
    &whylabs::RESULTS,
    &datadog::SERIES,
    &datadog::MONITORS,
    &cloudwatch::SERIES,
    &cloudwatch::ALARMS,
    &health::HEALTH,
    &health::MODEL_SERVER,
    &health_text::PLAIN,
    &health_text::ERROR_PAGE,
];
