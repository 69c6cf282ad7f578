//! What is measured of the evaluation layer.

mod groups;
pub mod run;
pub mod runs;
mod segments;
pub(crate) mod slices;
