//! Detectors of the training layer: `mod` lines and the list, nothing else.

mod class_imbalance;
mod conflicting_labels;
mod entity_overlap;
pub mod label_definition;
mod label_noise;
mod learning_curve;
mod near_duplicates;
pub(crate) mod representation;
mod retraining_variance;
mod row_overlap;
mod time_overlap;
mod touched_test_set;
mod train_test_gap;

use super::Detector;

pub const DETECTORS: &[&Detector] = &[
    &class_imbalance::DETECTOR,
    &representation::DETECTOR,
    &label_noise::DETECTOR,
    &conflicting_labels::DETECTOR,
    &label_definition::DETECTOR,
    &row_overlap::DETECTOR,
    &near_duplicates::DETECTOR,
    &entity_overlap::DETECTOR,
    &time_overlap::DETECTOR,
    &touched_test_set::DETECTOR,
    &train_test_gap::DETECTOR,
    &learning_curve::DETECTOR,
    &retraining_variance::DETECTOR,
];
