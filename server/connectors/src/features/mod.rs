//! Tools of the features layer.

use crate::Connector;

pub(super) const CONNECTORS: &[&Connector] = &[];
