//! What is measured of the evaluation layer.

pub mod run;
pub mod runs;
pub(crate) mod slices;
