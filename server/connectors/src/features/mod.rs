//! Tools of the features layer.

mod feast;
mod junit;
mod lime;
mod shap;

use crate::Connector;

pub(super) const CONNECTORS: &[&Connector] =
    &[&junit::CONNECTOR, &feast::REGISTRY, &feast::ONLINE, &feast::STORE, &shap::CONNECTOR, &lime::CONNECTOR];
