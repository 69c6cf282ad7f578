//! Tools of the deployment layer.

use crate::Connector;

pub(super) const CONNECTORS: &[&Connector] = &[];
