//! The formats: `mod` lines and the list, nothing else.

mod dbt;
mod great_expectations;
mod odcs;
mod pandera;
mod prometheus;
mod tfdv;

use crate::GuardFormat;

pub(crate) const FORMATS: &[&GuardFormat] =
    &[&great_expectations::SUITE, &pandera::SCHEMA, &tfdv::SCHEMA, &dbt::TEST, &odcs::CONTRACT, &prometheus::RULES];
