//! Detectors of the monitoring layer: `mod` lines and the list, nothing else.

use super::Detector;

mod gradual_drift;
mod outage_window;
mod signals;

pub const DETECTORS: &[&Detector] = &[&outage_window::DETECTOR, &gradual_drift::DETECTOR, &signals::DETECTOR];
