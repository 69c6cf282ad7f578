//! Detectors of the deployment layer: `mod` lines and the list, nothing else.

use super::Detector;

mod paired_predictions;

pub const DETECTORS: &[&Detector] = &[&paired_predictions::DETECTOR];
