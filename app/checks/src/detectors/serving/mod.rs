//! Detectors of the serving layer: `mod` lines and the list, nothing else.

use super::Detector;

pub(in crate::detectors) mod coverage;
mod environment;
pub(crate) mod paired_predictions;
pub(crate) mod predictions;

pub const DETECTORS: &[&Detector] =
    &[&predictions::DETECTOR, &coverage::DETECTOR, &paired_predictions::DETECTOR, &environment::DETECTOR];
