//! What is measured of the evaluation layer.

pub mod run;
pub mod runs;
mod slices;
