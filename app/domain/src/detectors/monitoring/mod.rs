//! Detectors of the monitoring layer: `mod` lines and the list, nothing else.

use super::Detector;

pub const DETECTORS: &[&Detector] = &[];
