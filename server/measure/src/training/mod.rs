//! What is measured of the training layer.

pub mod fingerprints;
mod label_change;
pub(crate) mod label_sample;
pub mod labels;
pub mod learning_curve;
pub mod near_duplicates;
pub mod overlap;
pub mod representation;
