//! Tools of the monitoring layer.

use crate::Connector;

pub(super) const CONNECTORS: &[&Connector] = &[];
