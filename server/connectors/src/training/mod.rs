//! Tools of the training layer.

use crate::Connector;

pub(super) const CONNECTORS: &[&Connector] = &[];
