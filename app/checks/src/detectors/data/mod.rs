//! Detectors of the data layer: `mod` lines and the list, nothing else.

use super::Detector;

mod category_spelling;
pub(in crate::detectors) mod column_drift;
mod column_swap;
mod constant_column;
mod duplicate_rows;
mod identifier_leak;
mod impossible_values;
pub(crate) mod joint_shift;
mod label_leakage;
mod label_leakage_later;
mod label_leakage_missing;
mod mixed_types;
mod null_spellings;
mod null_surge;
pub(crate) mod prediction_shift;
mod prior_shift;
mod repeated_ids;
mod schema;
mod sentinels;
mod type_change;

#[cfg(test)]
mod tests;

pub const DETECTORS: &[&Detector] = &[
    &column_drift::DETECTOR,
    &joint_shift::DETECTOR,
    &prior_shift::DETECTOR,
    &prediction_shift::DETECTOR,
    &schema::DETECTOR,
    &type_change::DETECTOR,
    &column_swap::DETECTOR,
    &null_surge::DETECTOR,
    &null_spellings::DETECTOR,
    &sentinels::DETECTOR,
    &category_spelling::DETECTOR,
    &mixed_types::DETECTOR,
    &duplicate_rows::DETECTOR,
    &repeated_ids::DETECTOR,
    &constant_column::DETECTOR,
    &impossible_values::DETECTOR,
    &label_leakage::DETECTOR,
    &label_leakage_later::DETECTOR,
    &label_leakage_missing::DETECTOR,
    &identifier_leak::DETECTOR,
];
