//! Tools of the features layer.

mod feast;
mod junit;

use crate::Connector;

pub(super) const CONNECTORS: &[&Connector] = &[&junit::CONNECTOR, &feast::REGISTRY, &feast::ONLINE, &feast::STORE];
