//! What must hold of the statistics whatever the numbers are: symmetry, ranges, invariance to order, scale and names, and
//! what nothing, constants and ties give. One file per family; `coverage.rs` fails when a public function is in none.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod calibration;
mod confusion;
mod contingency;
mod coverage;
mod distributions;
mod falls;
mod given;
mod intervals;
mod label_models;
mod labels;
mod linear;
mod ranking;
mod regression;
mod series;
mod summaries;
mod thresholds;
mod trees;
mod trends;
mod two_sample;
