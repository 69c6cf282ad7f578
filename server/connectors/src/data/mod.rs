//! Tools of the data layer.

mod dbt;
mod dbt_schema;
mod dvc;
mod great_expectations;
mod json_schema;
mod odcs;
mod pandera;
mod rules;
mod tfdv;

use crate::Connector;

/// JSON Schema comes last: the others say their name.
pub(super) const CONNECTORS: &[&Connector] = &[
    &great_expectations::VALIDATION,
    &great_expectations::SUITE,
    &tfdv::ANOMALIES,
    &tfdv::SCHEMA,
    &tfdv::STATISTICS,
    &dbt::RESULTS,
    &dbt::SOURCES,
    &dbt_schema::SCHEMA,
    &dvc::FILES,
    &dvc::CHANGES,
    &dvc::PARAMS,
    &dvc::GRAPH,
    &dvc::CONFIG,
    &pandera::SCHEMA,
    &odcs::CONTRACT,
    &json_schema::SCHEMA,
];
