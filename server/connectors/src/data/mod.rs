//! Tools of the data layer.

mod dvc;
mod great_expectations;
mod tfdv;

use crate::Connector;

pub(super) const CONNECTORS: &[&Connector] = &[
    &great_expectations::VALIDATION,
    &great_expectations::SUITE,
    &tfdv::ANOMALIES,
    &tfdv::SCHEMA,
    &tfdv::STATISTICS,
    &dvc::FILES,
    &dvc::CHANGES,
];
