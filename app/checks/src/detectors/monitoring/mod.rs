//! Detectors of the monitoring layer: `mod` lines and the list, nothing else.

use super::Detector;

mod alert_rules;
pub(crate) mod confidence_shift;
pub(crate) mod estimated_performance;
mod gradual_drift;
mod incidents;
mod outage_window;
pub(crate) mod performance_over_time;
pub(crate) mod replay;
mod signals;
mod unmonitored;

pub const DETECTORS: &[&Detector] = &[
    &outage_window::DETECTOR,
    &gradual_drift::DETECTOR,
    &performance_over_time::DETECTOR,
    &estimated_performance::DETECTOR,
    &unmonitored::DETECTOR,
    &signals::DETECTOR,
    &confidence_shift::DETECTOR,
    &alert_rules::DETECTOR,
];
