//! Tools of the training layer.

mod feature_names;
mod histories;
mod hugging_face;
mod lime;
mod shap;
mod tensorboard;

use crate::Connector;

pub use shap::{is_shap_name, shap_table};

/// A list of names comes last: it has nothing but texts.
pub(super) const CONNECTORS: &[&Connector] = &[
    &shap::CONNECTOR,
    &shap::ARRAY,
    &lime::CONNECTOR,
    &tensorboard::CONNECTOR,
    &hugging_face::CONNECTOR,
    &histories::BOOSTING,
    &histories::KERAS,
    &feature_names::CONNECTOR,
];
