//! Tools of the features layer.

mod feast;
mod feature_names;
mod junit;
mod lime;
mod shap;

use crate::Connector;

pub use shap::{is_shap_name, shap_table};

/// A list of names comes last: it has nothing but texts.
pub(super) const CONNECTORS: &[&Connector] = &[
    &junit::CONNECTOR,
    &feast::REGISTRY,
    &feast::ONLINE,
    &feast::STORE,
    &shap::CONNECTOR,
    &shap::ARRAY,
    &lime::CONNECTOR,
    &feature_names::CONNECTOR,
];
