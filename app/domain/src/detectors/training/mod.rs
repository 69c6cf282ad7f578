//! Detectors of the training layer: `mod` lines and the list, nothing else.

mod learning_curve;
mod train_test_gap;

use super::Detector;

pub const DETECTORS: &[&Detector] = &[&train_test_gap::DETECTOR, &learning_curve::DETECTOR];
