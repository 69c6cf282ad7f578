//! Detectors of the serving layer: `mod` lines and the list, nothing else.

use super::Detector;

mod coverage;
mod environment;
mod paired_predictions;
mod predictions;

pub const DETECTORS: &[&Detector] =
    &[&predictions::DETECTOR, &coverage::DETECTOR, &paired_predictions::DETECTOR, &environment::DETECTOR];
