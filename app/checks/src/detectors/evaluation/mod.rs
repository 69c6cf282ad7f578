//! Detectors of the evaluation layer: `mod` lines and the list, nothing else.

mod accuracy_under_imbalance;
mod calibration;
mod expected_value;
mod kpi_series;
mod metrics_disagree;
mod naive_baseline;
pub(crate) mod performance_drop;
pub(crate) mod runs;
mod score_direction;
mod threshold;
mod weak_slice;

use super::Detector;

pub const DETECTORS: &[&Detector] = &[
    &accuracy_under_imbalance::DETECTOR,
    &naive_baseline::DETECTOR,
    &score_direction::DETECTOR,
    &metrics_disagree::DETECTOR,
    &calibration::DETECTOR,
    &weak_slice::DETECTOR,
    &performance_drop::DETECTOR,
    &threshold::DETECTOR,
    &expected_value::DETECTOR,
    &kpi_series::DETECTOR,
];
