//! Tools of the serving layer.

use crate::Connector;

pub(super) const CONNECTORS: &[&Connector] = &[];
