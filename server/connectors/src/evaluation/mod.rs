//! Tools of the evaluation layer.

use crate::Connector;

pub(super) const CONNECTORS: &[&Connector] = &[];
