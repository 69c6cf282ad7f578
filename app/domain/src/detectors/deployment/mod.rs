//! Detectors of the deployment layer: `mod` lines and the list, nothing else.

use super::Detector;

mod error_rate;
mod latency;
mod mixed_versions;
mod paired_predictions;

pub const DETECTORS: &[&Detector] =
    &[&paired_predictions::DETECTOR, &mixed_versions::DETECTOR, &latency::DETECTOR, &error_rate::DETECTOR];
