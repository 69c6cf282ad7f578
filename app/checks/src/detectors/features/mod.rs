//! Detectors of the features layer: `mod` lines and the list, nothing else.

use super::Detector;

mod calendar;
mod imputation;
mod normalisation;
mod offset_shift;
mod out_of_range;
mod partial_maps;
mod precision;
mod recode;
mod row_mismatch;
pub(crate) mod unit_scale;
mod unseen_category;

#[cfg(test)]
pub(crate) use row_mismatch::tests as row_mismatch_tests;

pub const DETECTORS: &[&Detector] = &[
    &row_mismatch::DETECTOR,
    &calendar::DETECTOR,
    &precision::DETECTOR,
    &imputation::DETECTOR,
    &unit_scale::DETECTOR,
    &partial_maps::DETECTOR,
    &normalisation::DETECTOR,
    &offset_shift::DETECTOR,
    &recode::DETECTOR,
    &out_of_range::DETECTOR,
    &unseen_category::DETECTOR,
];
