//! Tools of the data layer.

mod great_expectations;

use crate::Connector;

pub(super) const CONNECTORS: &[&Connector] = &[&great_expectations::VALIDATION, &great_expectations::SUITE];
