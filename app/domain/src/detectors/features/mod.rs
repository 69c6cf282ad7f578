//! Detectors of the features layer: `mod` lines and the list, nothing else.

use super::Detector;

mod imputation;
mod normalisation;
mod offset_shift;
mod out_of_range;
mod recode;
mod unit_scale;
mod unseen_category;

pub const DETECTORS: &[&Detector] = &[
    &imputation::DETECTOR,
    &unit_scale::DETECTOR,
    &normalisation::DETECTOR,
    &offset_shift::DETECTOR,
    &recode::DETECTOR,
    &out_of_range::DETECTOR,
    &unseen_category::DETECTOR,
];
