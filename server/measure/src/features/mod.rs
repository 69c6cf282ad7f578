//! What is measured of the features layer.

pub mod companions;
pub mod differing;
pub mod edge_rows;
pub mod exchanged_rows;
pub mod group_shifts;
pub mod row_join;
mod scaled;
mod together;
