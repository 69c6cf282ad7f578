//! Detectors of the deployment layer: `mod` lines and the list, nothing else.

use super::Detector;

mod artifact_digest;
pub(in crate::detectors) mod error_rate;
pub(in crate::detectors) mod latency;
mod mixed_versions;
mod models;
pub(crate) mod paired_predictions;
mod releases;
mod resources;

pub const DETECTORS: &[&Detector] = &[
    &artifact_digest::DETECTOR,
    &paired_predictions::DETECTOR,
    &mixed_versions::DETECTOR,
    &releases::DETECTOR,
    &latency::DETECTOR,
    &error_rate::DETECTOR,
    &resources::DETECTOR,
];
