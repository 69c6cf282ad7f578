//! What is measured of the evaluation layer.

pub(crate) mod fall_rows;
pub mod flips;
mod groups;
pub mod run;
pub mod runs;
mod segments;
pub(crate) mod slices;
